package org.ntk4j.data;

/** All that a data set has, from which a sample is drawn. */
record Pool(Examples train, Examples test) {

    /** One of the two parts. */
    Examples part(Part part) {
        return part == Part.TRAIN ? train : test;
    }
}
