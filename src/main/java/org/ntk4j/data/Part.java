package org.ntk4j.data;

/** The two parts of a data set. */
public enum Part {
    /** What networks and kernels learn from. */
    TRAIN("training"),
    /** What they are judged on. */
    TEST("test");

    private final String word;

    Part(String word) {
        this.word = word;
    }

    /** {@code training} or {@code test}, for messages. */
    @Override
    public String toString() {
        return word;
    }
}
