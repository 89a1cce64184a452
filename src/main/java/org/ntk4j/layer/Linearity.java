package org.ntk4j.layer;

/** Whether a layer is a linear map, and of which kind. */
public enum Linearity {
    /** Weights of its own, or a bias, mix the channels: what it gives has mean 0, whatever came in. */
    WEIGHTED,
    /** The same fixed map for each channel: poolings, {@code flatten}, {@code identity}. */
    FIXED,
    /** No linear map, or none of these. */
    NONE
}
