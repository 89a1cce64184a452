package org.ntk4j.moment;

import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.ntk4j.base.Failure;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.positions.Aggregation;
import org.ntk4j.positions.PositionMap;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Stencil;

/**
 * What layers transform at infinite width: for one tile of pairs (x_i, x'_j) the covariance (NNGP) and the tangent kernel,
 * and the same for each example of both sides with itself; the means over the channels where they are not 0; which positions
 * are real; and whether what is there is Gaussian. Immutable: each layer gives a new one. Shapes, and what may follow what, are known
 * here; the values are {@link Moments}.
 */
public final class Covariance {

    private final Shape shape;
    private final Moments moments;
    private final Origin origin;
    private final String where;

    /**
     * Where the values come from.
     *
     * @param gaussian    jointly Gaussian with mean 0 in the limit: an activation may follow
     * @param fresh       zero-mean and independent of what was there before the branch: a sum is exact
     * @param independent depends on weights drawn within the branch
     * @param aggregated  whether the last thing done to the branch's input, before any weights of its own, was an aggregation
     * @param meanless    a map of kernels without values has come, so that there are no means over the channels to subtract
     */
    public record Origin(boolean gaussian, boolean fresh, boolean independent, boolean aggregated, boolean meanless) {

        public static final Origin INPUT = new Origin(false, false, false);
        static final Origin LINEAR = new Origin(true, true, true);

        Origin(boolean gaussian, boolean fresh, boolean independent) {
            this(gaussian, fresh, independent, false, false);
        }

        /** This origin where values are no longer Gaussian. */
        Origin bent() {
            return new Origin(false, fresh, independent, aggregated, meanless);
        }

        Origin throughGraph() {
            return new Origin(gaussian, fresh, independent, !fresh, meanless);
        }

        Origin meanless(boolean any) {
            return new Origin(gaussian, fresh, independent, aggregated, any);
        }
    }

    Covariance(Shape shape, Moments moments, Origin origin, String where) {
        this.shape = shape;
        this.moments = moments;
        this.origin = origin;
        this.where = where;
    }

    /** The inputs themselves. */
    public static Covariance ofInputs(Shape shape, Moments moments) {
        return of(shape, moments, Origin.INPUT, "network");
    }

    /** What some layers have left. */
    public static Covariance of(Shape shape, Moments moments, Origin origin, String where) {
        return new Covariance(shape, moments, origin, where);
    }

    /** The inputs themselves; the same block for both sides says that they are the same examples. */
    public static Covariance ofInputs(Shape shape, Block cross, Block self1, Block self2, Side side1, Side side2) {
        return ofInputs(shape, new ArrayMoments(cross, self1, self2, side1, side2));
    }

    /** Moments that are arrays already. */
    public static Covariance merged(Shape shape, Block cross, Block self1, Block self2, Side side1, Side side2, Origin origin,
            String where) {
        return new Covariance(shape, new ArrayMoments(cross, self1, self2, side1, side2), origin, where);
    }

    /**
     * How a linear layer makes the new tangent kernel: {@code Θ' = covariance · K + tangent · Θ + bias}, K and Θ being those
     * before the layer.
     */
    public record Tangent(double covariance, double tangent, double bias) {
    }

    /** The shape of one example at this layer. */
    public Shape shape() {
        return shape;
    }

    /** The name of the layer at work, for messages. */
    public String where() {
        return where;
    }

    /** What is known of the values here. */
    public Origin origin() {
        return origin;
    }

    public Moments moments() {
        return moments;
    }

    /** This covariance, with another name of the layer at work. */
    public Covariance at(String layer) {
        return new Covariance(shape, moments, origin, layer);
    }

    /** This covariance at the pairs of positions that are still needed. */
    public Covariance only(Span span) {
        return span == Span.ALL ? this : with(shape, moments.equalPositions(), origin);
    }

    private Covariance with(Shape after, Moments values, Origin next) {
        return new Covariance(after, values, next, where);
    }

    /** A fresh linear map of the channels at every position: {@code K' = scale · K + bias}, and Θ' by its rule. Gaussian from here on. */
    public Covariance linear(int channels, double scale, double bias, Tangent rule) {
        return with(shape.withChannels(channels), moments.linear(scale, bias, rule, where), Origin.LINEAR);
    }

    /** A fresh linear map with weights and biases of its own at every position: only equal positions stay correlated. */
    public Covariance unsharedLinear(int channels, double scale, double bias, Tangent rule) {
        return with(shape.withChannels(channels), moments.linear(scale, bias, rule, where).unshared(), Origin.LINEAR);
    }

    /** A layer whose weights are not trained: of the tangent kernel, what it makes of the one before it. */
    public Covariance frozen(UnaryOperator<Covariance> layer) {
        Covariance after = layer.apply(this);
        Covariance fresh = layer.apply(with(shape, moments.withoutTangent(), origin));
        return after.with(after.shape, after.moments.lessTangent(fresh.moments), after.origin);
    }

    /** The mean over the offsets of a window, both positions moving alike: what a convolution sees, before its weights. */
    public Covariance patches(Shape after, Stencil stencil) {
        return with(after, moments.patches(shape, after, stencil, where), origin);
    }

    /**
     * Pooling with a window: both positions move independently.
     *
     * @param mean       divide by the size of the window, or leave the sum
     * @param realPixels divide by the number of positions that are not padding of the border
     */
    public Covariance pool(Shape after, Stencil stencil, boolean mean, boolean realPixels) {
        if (realPixels && moments.padded()) {
            throw Failure.input(where + ": normalizeEdges makes the value depend on how much padding there is; leave it out");
        }
        return with(after, moments.pool(shape, after, stencil, mean, realPixels, where), origin);
    }

    /** A fixed map of the positions, the same for all examples: {@code K' = T K Tᵀ}, {@code Θ' = T Θ Tᵀ}. */
    public Covariance move(PositionMap map, Shape after) {
        return with(after, moments.move(map, where), origin);
    }

    /** A map of the positions for each example, from its graph. */
    public Covariance aggregate(Aggregation rule) {
        return with(shape, moments.aggregate(rule, where), origin.throughGraph());
    }

    /**
     * This, if no position is padding.
     *
     * @param layer which layer's value would depend on how much padding there is
     * @param way   what to do instead
     */
    public Covariance unpadded(String layer, String way) {
        if (moments.padded()) {
            throw Failure.input(where + ": " + layer + " makes the value depend on how much padding there is; " + way);
        }
        return this;
    }

    /** What stands at the first position. */
    public Covariance firstPosition() {
        return with(Shape.of(shape.channels()), moments.firstPosition(), origin);
    }

    /** The mean (or sum) over all positions, padding left out. */
    public Covariance globalPool(boolean mean) {
        return with(Shape.of(shape.channels()), moments.globalPool(mean), origin);
    }

    /** All positions become channels: means over equal positions. No longer Gaussian: positions have variances of their own. */
    public Covariance flatten() {
        if (shape.isVector()) {
            return this;
        }
        unpadded("flatten", "use globalAvgPool");
        return with(Shape.of(shape.size()), moments.flatten(), shape.positions() == 1 ? origin : origin.bent());
    }

    /**
     * An activation: {@code K' = E[φ(u)φ(v)]}, {@code Θ' = Θ · E[φ'(u)φ'(v)]}.
     *
     * @throws Failure if what comes before is not Gaussian, unless φ is linear
     */
    public Covariance activate(Nonlinearity phi) {
        if (!origin.gaussian && !phi.isLinear()) {
            throw Failure.input(where + ": an activation needs Gaussian input, and what comes before '" + phi.name()
                    + "' here is not (the raw input, another activation, flatten, concat, product or dropout); insert a dense layer or a "
                            + "convolution before it");
        }
        return with(shape, moments.activate(phi, where), new Origin(origin.gaussian && phi.isLinear(), false, origin.independent)
                .meanless(!phi.isFunction() || phi.isLinear() && origin.meanless));
    }

    /** Layer normalization without gain and bias, over the channels or over channels and space. */
    public Covariance normalize(boolean overAll, double epsilon) {
        if (origin.meanless) {
            throw Failure.input(where + ": layerNorm subtracts means over the channels, and behind expNormalized, which maps kernels and "
                    + "not values, there are none; "
                    + "put a dense layer or a convolution between them");
        }
        return with(shape, moments.normalize(overAll, epsilon), origin);
    }

    /** Dropout in training: variances and equal positions of the same example are divided by the probability that a unit stays. */
    public Covariance dropout(double keep) {
        return with(shape, moments.dropout(keep), origin.bent());
    }

    /** Attention: what happens to a pair of examples, given both examples with themselves. Gaussian and fresh afterwards. */
    public Covariance attend(int channels, AttentionKernel attention) {
        if (shape.isVector()) {
            throw Failure.input(where + ": attention needs positions, and this input of " + shape + " has none");
        }
        return with(shape.withChannels(channels), moments.attend(attention), Origin.LINEAR);
    }

    /** The state at the beginning of a branch: nothing of the branch's own weights is in it yet. */
    public Covariance branch() {
        return with(shape, moments, new Origin(origin.gaussian, false, false).meanless(origin.meanless));
    }

    /**
     * The sum of branches that began with this state: exact where all but one end in a fresh linear map of their own.
     *
     * @throws Failure naming the branches otherwise
     */
    public Covariance sum(List<Covariance> branches) {
        List<Integer> stale = IntStream.range(0, branches.size()).filter(i -> !branches.get(i).origin.fresh).boxed().toList();
        if (stale.size() > 1) {
            String looped = stale.stream().anyMatch(i -> branches.get(i).origin.aggregated)
                    ? "use selfLoops: true in place of a sum with what is aggregated, or " : "";
            throw Failure.input(where + ": a sum is exact only if all branches but one end in a linear map with its own weights; branches "
                    + stale
                    + " (counted from 0, the shortcut last) do not; " + looped + "insert a dense layer or a convolution at the end of "
                            + (stale.size() == 2 ? "one of them" : "all but one of them"));
        }
        boolean gaussian = branches.stream().allMatch(b -> b.origin.gaussian);
        // The remaining branch is fresh to the outside if it only carries on what was fresh before.
        boolean fresh = stale.isEmpty() || origin.fresh && branches.get(stale.get(0)).origin.gaussian;
        double[] ones = new double[branches.size()];
        Arrays.fill(ones, 1);
        return with(branches.get(0).shape, moments.sum(moments(branches), ones),
                new Origin(gaussian, fresh, branches.stream().anyMatch(b -> b.origin.independent) || origin.independent)
                        .meanless(branches.stream().anyMatch(b -> b.origin.meanless)));
    }

    /** The product of branches, each with weights of its own. */
    public Covariance product(List<Covariance> branches) {
        if (branches.stream().filter(b -> !b.origin.independent).count() > 1) {
            throw Failure.input(where + ": the branches of a product must be independent, each with weights of its own; insert a dense "
                    + "layer or a convolution in all but one");
        }
        return with(branches.get(0).shape, moments.product(moments(branches)),
                new Origin(false, branches.stream().allMatch(b -> b.origin.fresh), true)
                .meanless(branches.stream().anyMatch(b -> b.origin.meanless)));
    }

    /** The concatenation of branches, weighted with their channels. */
    public Covariance concat(List<Covariance> branches) {
        boolean fresh = branches.stream().allMatch(b -> b.origin.fresh);
        int channels = branches.stream().mapToInt(b -> b.shape.channels()).sum();
        double[] weights = branches.stream().mapToDouble(b -> (double) b.shape.channels() / channels).toArray();
        return with(branches.get(0).shape.withChannels(channels), moments.sum(moments(branches), weights),
                new Origin(false, fresh, branches.stream().anyMatch(b -> b.origin.independent))
                        .meanless(branches.stream().anyMatch(b -> b.origin.meanless)));
    }

    private static List<Moments> moments(List<Covariance> branches) {
        return branches.stream().map(b -> b.moments).toList();
    }

    /** Its values, where they are arrays. */
    public ArrayMoments arrays() {
        return (ArrayMoments) moments;
    }

    /** This covariance without space: what a kernel between examples is read off from. */
    public Covariance flattened() {
        return flatten();
    }

    /** K and Θ of row i and column j, after space is gone; an example with itself where both sides are the same. */
    public double[] at(int i, int j, boolean sameExample) {
        return arrays().at(i, j, sameExample);
    }

    /**
     * This, if float64 holds every variance and every Θ of an example with itself; no other value is larger than they are.
     *
     * @param before the state before the layer at work
     * @throws Failure naming the layer, the variance before it and the one after it
     */
    public Covariance checked(Covariance before) {
        moments.check(before.moments, where);
        return this;
    }
}
