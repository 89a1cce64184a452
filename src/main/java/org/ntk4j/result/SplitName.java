package org.ntk4j.result;

import org.ntk4j.base.Failure;

/** On which examples something was measured; for kernels, K(train, train) or K(test, train). */
public enum SplitName {

    /** The training set. */
    TRAIN("train"),
    /** The test set. */
    TEST("test");

    private final String word;

    SplitName(String word) {
        this.word = word;
    }

    /**
     * The split with this word.
     *
     * @throws Failure if there is none
     */
    public static SplitName of(String word) {
        for (SplitName split : values()) {
            if (split.word.equals(word)) {
                return split;
            }
        }
        throw Failure.input("split '" + word + "' is not known; allowed: train, test");
    }

    /** The word in CSV. */
    @Override
    public String toString() {
        return word;
    }
}
