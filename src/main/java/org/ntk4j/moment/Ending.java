package org.ntk4j.moment;

/** How a layer makes one position of all of them. */
public enum Ending {
    /** The mean over equal positions: {@code flatten}. */
    EQUAL_POSITIONS,
    /** The mean over all pairs of positions. */
    MEAN,
    /** The sum over all pairs of positions. */
    SUM,
    /** The first position with the first. */
    FIRST
}
