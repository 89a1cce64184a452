package org.ntk4j.base;

/** A value that the program is to choose itself: {@code ridge(auto())}, {@code learningRate(auto())}. */
public enum Auto {
    /** The only one. */
    AUTO;

    /** For chains: {@code ridge(auto())}. */
    public static Auto auto() {
        return AUTO;
    }
}
