package org.ntk4j.infinite.tile;

/** In which numbers kernels are computed. */
public enum Arithmetic {
    /** 53 bits, the default. */
    FLOAT64,
    /** 24 bits on the way, sums over positions in float64: about six digits, at half the cost. */
    FLOAT32
}
