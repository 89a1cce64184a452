package org.ntk4j.data;

import java.util.List;

/**
 * What was drawn from a data set.
 *
 * @param train      to learn from
 * @param test       to be judged on
 * @param classNames the names of the classes, in the order of the columns of the targets
 */
public record Sample(Split train, Split test, List<String> classNames) {

    public Sample {
        classNames = List.copyOf(classNames);
    }

    /** One of the two parts. */
    public Split part(Part part) {
        return part == Part.TRAIN ? train : test;
    }

    /** {@code training: 1000 examples of 28×28×1 in 10 classes; test: 100 …}. */
    @Override
    public String toString() {
        return "training: " + train + "; test: " + test;
    }
}
