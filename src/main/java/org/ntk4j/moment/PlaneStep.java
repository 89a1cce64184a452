package org.ntk4j.moment;

import java.util.List;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.rows.Rows;

/**
 * What a layer does to the pairs of positions of one offset: stride-1 convolutions and everything that acts on each pair
 * alone never mix offsets, so a plane of them can go through such layers without leaving the cache.
 */
public sealed interface PlaneStep {

    /** What stands beyond the border. */
    enum Border { ZERO, WRAP, NONE }

    /**
     * The mean over a window of {@code rows × columns} that begins {@code top} rows above and {@code left} columns before its position,
     * then {@code K' = scale · K + bias} and Θ' by its rule.
     *
     * @param border zeros outside, the other side of the image, or nothing: then only positions are kept at which the window lies inside
     */
    record Linear(int rows, int columns, int top, int left, Border border, double scale, double bias, Covariance.Tangent rule) implements PlaneStep {

        public int area() {
            return rows * columns;
        }

        /** What it does to a sum over its window. */
        public Rows.Affine affine() {
            return new Rows.Affine(scale / area(), bias, rule.covariance() / area(), rule.tangent() / area(), rule.bias());
        }
    }

    /** A linear map at each position alone. */
    static PlaneStep pointwise(double scale, double bias, Covariance.Tangent rule) {
        return new Linear(1, 1, 0, 0, Border.ZERO, scale, bias, rule);
    }

    /** An activation. */
    record Activate(Nonlinearity phi) implements PlaneStep {
    }

    /** Layer normalization over the channels, of what has mean 0 there. */
    record Normalize(double epsilon) implements PlaneStep {
    }

    /** The sum of two ways. */
    record Sum(List<PlaneStep> through, List<PlaneStep> around) implements PlaneStep {
    }

    /** Nothing. */
    record Pass() implements PlaneStep {
    }
}
