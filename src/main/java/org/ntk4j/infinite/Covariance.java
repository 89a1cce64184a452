package org.ntk4j.infinite;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.ntk4j.Failure;
import org.ntk4j.network.Activation;
import org.ntk4j.network.Shape;

/**
 * What layers transform at infinite width: for one tile of pairs (x_i, x'_j) the covariance (NNGP) and the tangent kernel,
 * and the same for each example of both sides with itself; the means over the channels where they are not 0; which positions
 * are real; and whether what is there is Gaussian. Immutable: each layer gives a new one.
 */
public final class Covariance {

    private final Shape shape;
    private final Block cross;
    private final Block self1;
    private final Block self2;
    private final Side side1;
    private final Side side2;
    private final Origin origin;
    private final String where;

    /**
     * Where the values come from.
     *
     * @param gaussian    jointly Gaussian with mean 0 in the limit: an activation may follow
     * @param fresh       zero-mean and independent of what was there before the branch: a sum is exact
     * @param independent depends on weights drawn within the branch
     */
    record Origin(boolean gaussian, boolean fresh, boolean independent) {

        static final Origin INPUT = new Origin(false, false, false);
        static final Origin LINEAR = new Origin(true, true, true);
    }

    /** What to do with a block, given the sides of its pairs. */
    interface BlockMap {
        Block apply(Block block, Side left, Side right);
    }

    private Covariance(Shape shape, Block cross, Block self1, Block self2, Side side1, Side side2, Origin origin, String where) {
        this.shape = shape;
        this.cross = cross;
        this.self1 = self1;
        this.self2 = self2;
        this.side1 = side1;
        this.side2 = side2;
        this.origin = origin;
        this.where = where;
    }

    /** The inputs themselves; the same block for both sides says that they are the same examples. */
    static Covariance ofInputs(Shape shape, Block cross, Block self1, Block self2, Side side1, Side side2) {
        return new Covariance(shape, cross, self1, self2, side1, side2, Origin.INPUT, "network");
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

    /** The same, with another name of the layer at work. */
    public Covariance at(String layer) {
        return new Covariance(shape, cross, self1, self2, side1, side2, origin, layer);
    }

    /** The same at the pairs of positions that are still needed. */
    public Covariance only(Span span) {
        if (span == Span.ALL || cross.span() == Span.EQUAL) {
            return this;
        }
        return map(shape, (b, l, r) -> b.equalPositions(), side1, side2, origin);
    }

    /** Applies a map to all blocks; blocks that both sides share stay shared. */
    Covariance map(Shape after, BlockMap map, Side after1, Side after2, Origin next) {
        Block s1 = map.apply(self1, side1, side1);
        Block s2 = self2 == self1 ? s1 : map.apply(self2, side2, side2);
        return new Covariance(after, map.apply(cross, side1, side2), s1, s2, after1, after2, next, where);
    }

    /** A fresh linear map of the channels at every position: {@code K' = scale · K + bias}, and Θ' by its rule. Gaussian from here on. */
    public Covariance linear(int channels, double scale, double bias, Tangent rule) {
        BlockMap step = (block, left, right) -> {
            double[] k = new double[block.k().length];
            double[] t = new double[k.length];
            double[] oldK = block.k();
            double[] oldT = block.t();
            for (int i = 0; i < k.length; i++) {
                k[i] = scale * oldK[i] + bias;
                t[i] = rule.covariance * oldK[i] + rule.tangent * oldT[i] + rule.bias;
            }
            return Masks.zero(block.with(k, t), left, right);
        };
        Covariance after = map(shape.withChannels(channels), step, side1.centred(), side2.centred(), Origin.LINEAR);
        checkVanished(self1, after.self1);
        if (self2 != self1) {
            checkVanished(self2, after.self2);
        }
        return after;
    }

    /** A positive variance times a positive scale is not 0. */
    private void checkVanished(Block before, Block after) {
        double[] were = Float64.largest(before.variances(), before.pairs());
        double[] are = Float64.largest(after.variances(), after.pairs());
        for (int i = 0; i < are.length; i++) {
            if (Float64.vanished(were[i], are[i])) {
                throw outside(were[i], are[i]);
            }
        }
    }

    /** The same with weights and biases of its own at every position: what is left are equal positions. */
    public Covariance unsharedLinear(int channels, double scale, double bias, Tangent rule) {
        Covariance shared = linear(channels, scale, bias, rule);
        BlockMap step = (block, left, right) -> {
            if (block.span() == Span.EQUAL) {
                return block;
            }
            Block equal = block.equalPositions();
            Block out = block.empty(block.positions(), Span.ALL);
            for (int pair = 0; pair < block.pairs(); pair++) {
                for (int p = 0; p < block.positions(); p++) {
                    int to = (pair * block.positions() + p) * block.positions() + p;
                    out.k()[to] = equal.k()[pair * block.positions() + p];
                    out.t()[to] = equal.t()[pair * block.positions() + p];
                }
            }
            return out;
        };
        return shared.map(shared.shape, step, shared.side1, shared.side2, shared.origin);
    }

    /** The mean over the offsets of a window, both positions moving alike: what a convolution sees, before its weights. */
    public Covariance patches(Shape after, Stencil stencil) {
        Stencil.ForSides checked = stencil.forSides(where, shape, side1, side2);
        BlockMap step = (block, left, right) -> Gather.alike(block, after.positions(), checked.of(left), checked.of(right), 1.0 / checked.area());
        return map(after, step, checked.after(side1, after.positions()), checked.after(side2, after.positions()), origin);
    }

    /**
     * Pooling with a window: both positions move independently.
     *
     * @param mean       divide by the size of the window, or leave the sum
     * @param realPixels divide by the number of positions that are not padding of the border
     */
    public Covariance pool(Shape after, Stencil stencil, boolean mean, boolean realPixels) {
        if (realPixels && side1.real() != null | side2.real() != null) {
            throw Failure.input(where + ": normalizeEdges makes the value depend on how much padding there is; leave it out");
        }
        Stencil.ForSides checked = stencil.forSides(where, shape, side1, side2);
        Side after1 = checked.pooledMean(side1, after.positions(), mean, realPixels);
        Side after2 = checked.pooledMean(side2, after.positions(), mean, realPixels);
        BlockMap step = (block, left, right) -> Masks.zero(Gather.apart(block, after.positions(), checked.of(left), checked.of(right), checked.area(), mean, realPixels),
                left == side1 ? after1 : after2, right == side1 ? after1 : after2);
        return map(after, step, after1, after2, origin);
    }

    /** What stands at the first position. */
    public Covariance firstPosition() {
        BlockMap step = (block, left, right) -> Gather.first(block);
        return map(Shape.of(shape.channels()), step, Gather.meanOfFirst(side1), Gather.meanOfFirst(side2), origin);
    }

    /** The mean (or sum) over all positions, padding left out. */
    public Covariance globalPool(boolean mean) {
        BlockMap step = (block, left, right) -> Gather.overAll(block, left, right, mean);
        return map(Shape.of(shape.channels()), step, Gather.meanOverAll(side1, mean), Gather.meanOverAll(side2, mean), origin);
    }

    /** All positions become channels: means over equal positions. No longer Gaussian: positions have variances of their own. */
    public Covariance flatten() {
        int p = shape.positions();
        if (shape.isVector()) {
            return this;
        }
        if (side1.real() != null || side2.real() != null) {
            throw Failure.input(where + ": flatten makes the value depend on how much padding there is; use globalAvgPool");
        }
        BlockMap step = (block, left, right) -> Gather.overEqual(block);
        Origin next = p == 1 ? origin : new Origin(false, origin.fresh, origin.independent);
        return map(Shape.of(shape.size()), step, Gather.meanOverAll(side1, true), Gather.meanOverAll(side2, true), next);
    }

    /**
     * An activation: {@code K' = E[φ(u)φ(v)]}, {@code Θ' = Θ · E[φ'(u)φ'(v)]}.
     *
     * @throws Failure if what comes before is not Gaussian, unless φ is linear
     */
    public Covariance activate(Activation phi) {
        if (!origin.gaussian && !phi.isLinear()) {
            throw Failure.input(where + ": an activation needs Gaussian input, and what comes before '" + phi.name()
                    + "' here is not (the raw input, another activation, flatten, concat, product or dropout); insert a dense layer or a convolution before it");
        }
        double[] q1 = self1.variances();
        double[] q2 = self2 == self1 ? q1 : self2.variances();
        Activating work = new Activating(phi, where);
        Block s1 = work.of(self1, q1, q1, side1, side1);
        Block s2 = self2 == self1 ? s1 : work.of(self2, q2, q2, side2, side2);
        Side m1 = side1.withMean(work.means(q1, side1));
        Side m2 = self2 == self1 ? m1 : side2.withMean(work.means(q2, side2));
        return new Covariance(shape, work.of(cross, q1, q2, side1, side2), s1, s2, m1, m2, new Origin(origin.gaussian && phi.isLinear(), false, origin.independent), where);
    }

    /** Layer normalization without gain and bias, over the channels or over channels and space. */
    public Covariance normalize(boolean overAll, double epsilon) {
        Normalizing n1 = Normalizing.of(self1.variances(), side1, overAll, epsilon);
        Normalizing n2 = self2 == self1 ? n1 : Normalizing.of(self2.variances(), side2, overAll, epsilon);
        Block s1 = n1.with(n1, self1);
        Block s2 = self2 == self1 ? s1 : n2.with(n2, self2);
        return new Covariance(shape, n1.with(n2, cross), s1, s2, side1.withMean(n1.meanAfter()), side2.withMean(n2.meanAfter()), origin, where);
    }

    /** Dropout in training: variances and equal positions of the same example are divided by the probability that a unit stays. */
    public Covariance dropout(double keep) {
        BlockMap step = (block, left, right) -> {
            if (block.columns() != 0) {
                return block;
            }
            double[] k = block.k().clone();
            double[] t = block.t().clone();
            int stride = block.span() == Span.EQUAL ? 1 : block.positions() + 1;
            for (int example = 0; example < block.pairs(); example++) {
                for (int p = 0; p < block.positions(); p++) {
                    int at = example * block.size() + p * stride;
                    k[at] /= keep;
                    t[at] /= keep;
                }
            }
            return block.with(k, t);
        };
        return map(shape, step, side1, side2, new Origin(false, origin.fresh, origin.independent));
    }

    /** Attention: what happens to a pair of examples, given both examples with themselves. Gaussian and fresh afterwards. */
    public Covariance attend(int channels, Attending attention) {
        if (shape.isVector()) {
            throw Failure.input(where + ": attention needs positions, and this input of " + shape + " has none");
        }
        int p = shape.positions();
        BlockMap step = (block, left, right) -> {
            Block out = block.empty(p, Span.ALL);
            for (int pair = 0; pair < block.pairs(); pair++) {
                int i = block.left(pair);
                int j = block.right(pair);
                Block own1 = left == side1 ? self1 : self2;
                Block own2 = right == side1 ? self1 : self2;
                int base = pair * p * p;
                attention.pair(slice(block.k(), pair, p), slice(block.t(), pair, p), slice(own1.k(), i, p), slice(own2.k(), j, p), reality(left, i), reality(right, j),
                        (at, k, t) -> {
                            out.k()[base + at] = k;
                            out.t()[base + at] = t;
                        });
            }
            return Masks.zero(out, left, right);
        };
        return map(shape.withChannels(channels), step, side1.centred(), side2.centred(), Origin.LINEAR);
    }

    /** What attention does to a pair of examples; all matrices are {@code positions × positions}, in C order. */
    public interface Attending {

        /**
         * @param k     covariance of the pair
         * @param t     tangent kernel of the pair
         * @param k1    covariance of the left example with itself
         * @param k2    covariance of the right example with itself
         * @param real1 1 at real positions of the left example, 0 at padding
         * @param real2 the same of the right example
         */
        void pair(double[] k, double[] t, double[] k1, double[] k2, double[] real1, double[] real2, Result result);
    }

    /** Where results go: index in the matrix, K', Θ'. */
    public interface Result {

        /** Takes one value of both. */
        void set(int at, double k, double t);
    }

    private static double[] slice(double[] values, int pair, int p) {
        return Arrays.copyOfRange(values, pair * p * p, (pair + 1) * p * p);
    }

    private static double[] reality(Side side, int example) {
        double[] real = new double[side.positions()];
        for (int p = 0; p < real.length; p++) {
            real[p] = side.isReal(example, p) ? 1 : 0;
        }
        return real;
    }

    /** The state at the beginning of a branch: nothing of the branch's own weights is in it yet. */
    public Covariance branch() {
        return new Covariance(shape, cross, self1, self2, side1, side2, new Origin(origin.gaussian, false, false), where);
    }

    /**
     * The sum of branches that began with this state: exact where all but one end in a fresh linear map of their own.
     *
     * @throws Failure naming the branches otherwise
     */
    public Covariance sum(List<Covariance> branches) {
        List<Integer> stale = IntStream.range(0, branches.size()).filter(i -> !branches.get(i).origin.fresh).boxed().toList();
        if (stale.size() > 1) {
            throw Failure.input(where + ": a sum is exact only if all branches but one end in a linear map with its own weights; branches " + stale
                    + " (counted from 0, the shortcut last) do not; insert a dense layer or a convolution at the end of " + (stale.size() == 2 ? "one of them" : "all but one of them"));
        }
        boolean gaussian = branches.stream().allMatch(b -> b.origin.gaussian);
        // The remaining branch is fresh to the outside if it only carries on what was fresh before.
        boolean fresh = stale.isEmpty() || origin.fresh && branches.get(stale.get(0)).origin.gaussian;
        return Merging.sum(branches, new Origin(gaussian, fresh, branches.stream().anyMatch(b -> b.origin.independent) || origin.independent), where);
    }

    /** The product of branches, each with weights of its own. */
    public Covariance product(List<Covariance> branches) {
        if (branches.stream().filter(b -> !b.origin.independent).count() > 1) {
            throw Failure.input(where + ": the branches of a product must be independent, each with weights of its own; insert a dense layer or a convolution in all but one");
        }
        return Merging.product(branches, new Origin(false, branches.stream().allMatch(b -> b.origin.fresh), true), where);
    }

    /** The concatenation of branches, weighted with their channels. */
    public Covariance concat(List<Covariance> branches) {
        boolean fresh = branches.stream().allMatch(b -> b.origin.fresh);
        return Merging.concat(branches, new Origin(false, fresh, branches.stream().anyMatch(b -> b.origin.independent)), where);
    }

    /** The parts that {@link Merging} puts together. */
    Block part(int which) {
        return which == 0 ? cross : which == 1 ? self1 : self2;
    }

    boolean sharesSides() {
        return self1 == self2;
    }

    Side side(int which) {
        return which == 1 ? side1 : side2;
    }

    static Covariance merged(Shape shape, Block cross, Block self1, Block self2, Side side1, Side side2, Origin origin, String where) {
        return new Covariance(shape, cross, self1, self2, side1, side2, origin, where);
    }

    /** The same as vectors: what a kernel between examples is read off from. */
    Covariance flattened() {
        return flatten();
    }

    /** K and Θ of row i and column j, after space is gone; an example with itself where both sides are the same. */
    double[] at(int i, int j, boolean sameExample) {
        Block block = sameExample ? self1 : cross;
        int at = sameExample ? i : i * cross.columns() + j;
        return new double[] {block.k()[at], block.t()[at]};
    }

    /**
     * This, if float64 holds every variance and every Θ of an example with itself; no other value is larger than they are.
     *
     * @param before the state before the layer at work
     * @throws Failure naming the layer, the variance before it and the one after it
     */
    public Covariance checked(Covariance before) {
        check(before.self1, self1);
        if (self2 != self1) {
            check(before.self2, self2);
        }
        return this;
    }

    private void check(Block before, Block after) {
        double[] were = Float64.largest(before.variances(), before.pairs());
        double[] are = Float64.largest(after.variances(), after.pairs());
        for (int i = 0; i < are.length; i++) {
            if (!Float64.holds(are[i])) {
                throw outside(were[i], are[i]);
            }
        }
        for (double t : after.t()) {
            if (!Double.isFinite(t)) {
                throw Failure.run(String.format(Locale.ROOT, "%s: a tangent kernel of %s leaves the range of float64 (the variance there is up to %.3g); use a wStd nearer to 1, "
                        + "fewer layers or smaller inputs", where, t, Arrays.stream(are).max().orElse(0)));
            }
        }
    }

    private Failure outside(double before, double after) {
        boolean large = !(after < 1);
        return Failure.run(String.format(Locale.ROOT, "%s: a variance of %.3g becomes %s, %s than float64 holds; use a %s wStd or %s inputs", where, before, after,
                large ? "more" : "less", large ? "smaller" : "larger", large ? "smaller" : "larger"));
    }
}
