package org.ntk4j.base;

/** The floating type of numbers: of kernels and regressions, of networks and their empirical kernels. */
public enum Precision {
    /** 24 bits, about seven digits: the default of networks. Kernels are rounded to it, with sums over positions in float64. */
    FLOAT32("float32", Float.BYTES),
    /** 53 bits, about sixteen digits: the default of kernels and regressions. */
    FLOAT64("float64", Double.BYTES);

    private final String word;
    private final int bytes;

    Precision(String word, int bytes) {
        this.word = word;
        this.bytes = bytes;
    }

    /**
     * The one with this name in the grammar.
     *
     * @throws Failure for any other name
     */
    public static Precision of(String word) {
        for (Precision p : values()) {
            if (p.word.equals(word)) {
                return p;
            }
        }
        throw Failure.input("precision '" + word + "' is not known; allowed: float32, float64");
    }

    /** Bytes of a value. */
    public int bytes() {
        return bytes;
    }

    /** Its name in the grammar. */
    @Override
    public String toString() {
        return word;
    }
}
