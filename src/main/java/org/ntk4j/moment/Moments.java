package org.ntk4j.moment;

import java.util.List;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.positions.Aggregation;
import org.ntk4j.positions.PositionMap;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Stencil;

/**
 * The values behind a {@link Covariance}: K and Θ of a tile's pairs and of both sides' examples with themselves, and the means over the
 * channels. Each primitive gives new ones. They are arrays that are filled at once, or ops of a graph that is run for one tile after the
 * other.
 */
public interface Moments {

    /** What is left at equal positions. */
    Moments equalPositions();

    /** {@code K' = scale · K + bias} and Θ' by its rule; the means are 0 from here on. */
    Moments linear(double scale, double bias, Covariance.Tangent rule, String where);

    /** These moments with Θ = 0. */
    Moments withoutTangent();

    /** These moments less the Θ of others. */
    Moments lessTangent(Moments others);

    /** Nothing but equal positions stays correlated. */
    Moments unshared();

    /** The mean over the offsets of a window, both positions moving alike. */
    Moments patches(Shape before, Shape after, Stencil stencil, String where);

    /** Pooling with a window: both positions move independently. */
    Moments pool(Shape before, Shape after, Stencil stencil, boolean mean, boolean realPixels, String where);

    /** {@code K' = T K Tᵀ}, {@code Θ' = T Θ Tᵀ} with the same T for all examples. */
    Moments move(PositionMap map, String where);

    /** {@code K' = T₁ K T₂ᵀ}, Θ alike, with a T for each example, from its graph. */
    Moments aggregate(Aggregation rule, String where);

    /** What stands at the first position. */
    Moments firstPosition();

    /** The mean (or sum) over all pairs of real positions. */
    Moments globalPool(boolean mean);

    /** The mean over equal positions. */
    Moments flatten();

    /** {@code K' = E[φ(u)φ(v)]}, {@code Θ' = Θ · E[φ'(u)φ'(v)]}. */
    Moments activate(Nonlinearity phi, String where);

    /** Layer normalization, over the channels or over channels and space. */
    Moments normalize(boolean overAll, double epsilon);

    /** Variances, and equal positions of the same example, divided by the probability that a unit stays. */
    Moments dropout(double keep);

    /** Attention over the positions. */
    Moments attend(AttentionKernel attention);

    /** The weighted sum of these, itself not among them unless it is listed. */
    Moments sum(List<Moments> branches, double[] weights);

    /** {@code K = Π K_i}, {@code Θ = Σ_i Θ_i Π_{j≠i} K_j}. */
    Moments product(List<Moments> branches);

    /** Whether positions of some examples are padding. */
    boolean padded();

    /**
     * Checks, where the values are there already, that float64 holds them.
     *
     * @throws org.ntk4j.base.Failure naming the layer, the variance before it and the one after it
     */
    void check(Moments before, String where);
}
