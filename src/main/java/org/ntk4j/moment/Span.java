package org.ntk4j.moment;

/** Which pairs of positions a covariance holds. */
public enum Span {
    /** Only equal positions: enough where a {@code flatten} follows. */
    EQUAL,
    /** All pairs of positions: pooling and attention need them. */
    ALL
}
