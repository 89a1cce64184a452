package org.ntk4j.layer;

/** Whether a layer is a linear map, and of which kind. */
public enum Linearity {
    /** Weights of its own, or a bias, mix the channels: what it gives has mean 0, whatever came in. */
    WEIGHTED,
    /** One fixed map for all channels: poolings, {@code flatten}, {@code identity}. */
    FIXED,
    /** Not a linear map, or neither of these. */
    NONE
}
