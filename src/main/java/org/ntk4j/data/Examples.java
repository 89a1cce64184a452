package org.ntk4j.data;

import org.jspecify.annotations.Nullable;
import org.ntk4j.positions.Edges;

/** All examples of one part of a data set, as its files have them. */
interface Examples {

    /** How many there are. */
    int count();

    /** The label of each, an index into the names of the classes. */
    int[] labels();

    /** The edges of an example's graph; null where there are none. */
    default @Nullable Edges edges(int index) {
        return null;
    }

    /** Writes the values of one example in C order to {@code to[at]} and after; bytes become numbers from 0 to 1. */
    void copy(int index, double[] to, int at);

    /** The real-valued targets of one example; none where targets are classes. */
    default double[] targets(int index) {
        return new double[0];
    }
}
