package org.ntk4j.infinite;

import org.ntk4j.network.Activation;

/**
 * What a layer does to the pairs of positions of one offset: stride-1 convolutions and everything that acts on each pair
 * alone never mix offsets, so a plane of them can go through such layers without leaving the cache.
 */
public sealed interface PlaneStep {

    /**
     * The mean over a window of {@code rows × columns} that begins {@code top} rows above and {@code left} columns before its position and sees zeros outside,
     * then {@code K' = scale · K + bias} and Θ' by its rule.
     *
     * @param shrinks whether only positions are kept at which the window lies inside ({@code valid})
     */
    record Linear(int rows, int columns, int top, int left, boolean shrinks, double scale, double bias, Covariance.Tangent rule) implements PlaneStep {
    }

    /** A linear map at each position alone. */
    static PlaneStep pointwise(double scale, double bias, Covariance.Tangent rule) {
        return new Linear(1, 1, 0, 0, false, scale, bias, rule);
    }

    /** An activation. */
    record Activate(Activation phi) implements PlaneStep {
    }

    /** Nothing. */
    record Pass() implements PlaneStep {
    }
}
