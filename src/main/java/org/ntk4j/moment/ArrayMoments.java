package org.ntk4j.moment;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.ntk4j.base.Failure;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.positions.Aggregation;
import org.ntk4j.positions.Graphs;
import org.ntk4j.positions.PositionMap;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Stencil;

/**
 * Moments as arrays.
 *
 * @param cross each row of the tile with each column
 * @param self1 each row with itself
 * @param self2 each column with itself; the same object as {@code self1} where both sides are the same examples
 * @param side1 what else is known of the rows
 * @param side2 the same of the columns
 */
public record ArrayMoments(Block cross, Block self1, Block self2, Side side1, Side side2) implements Moments {

    /** What to do with a block, given the sides of its pairs. */
    private interface BlockMap {
        Block apply(Block block, Side left, Side right);
    }

    /** Applies a map to all blocks; blocks that both sides share stay shared. */
    private ArrayMoments map(BlockMap map, Side after1, Side after2) {
        Block s1 = map.apply(self1, side1, side1);
        Block s2 = self2 == self1 ? s1 : map.apply(self2, side2, side2);
        return new ArrayMoments(map.apply(cross, side1, side2), s1, s2, after1, after2);
    }

    /** The block of the pairs, of the rows, of the columns. */
    public Block part(int which) {
        return which == 0 ? cross : which == 1 ? self1 : self2;
    }

    boolean sharesSides() {
        return self1 == self2;
    }

    Side side(int which) {
        return which == 1 ? side1 : side2;
    }

    /** K and Θ of row i and column j, after space is gone; an example with itself where both sides are the same. */
    double[] at(int i, int j, boolean sameExample) {
        Block block = sameExample ? self1 : cross;
        int at = sameExample ? i : i * cross.columns() + j;
        return new double[] {block.k()[at], block.t()[at]};
    }

    @Override
    public boolean padded() {
        return side1.real() != null || side2.real() != null;
    }

    @Override
    public ArrayMoments equalPositions() {
        return cross.span() == Span.EQUAL ? this : map((b, l, r) -> b.equalPositions(), side1, side2);
    }

    @Override
    public ArrayMoments linear(double scale, double bias, Covariance.Tangent rule, String where) {
        BlockMap step = (block, left, right) -> {
            double[] k = new double[block.k().length];
            double[] t = new double[k.length];
            double[] oldK = block.k();
            double[] oldT = block.t();
            for (int i = 0; i < k.length; i++) {
                k[i] = scale * oldK[i] + bias;
                t[i] = rule.covariance() * oldK[i] + rule.tangent() * oldT[i] + rule.bias();
            }
            return Masks.zero(block.with(k, t), left, right);
        };
        ArrayMoments after = map(step, side1.centred(), side2.centred());
        checkVanished(self1, after.self1, where);
        if (self2 != self1) {
            checkVanished(self2, after.self2, where);
        }
        return after;
    }

    @Override
    public ArrayMoments withoutTangent() {
        return map((block, left, right) -> block.with(block.k(), new double[block.t().length]), side1, side2);
    }

    @Override
    public ArrayMoments lessTangent(Moments others) {
        ArrayMoments other = (ArrayMoments) others;
        Block s1 = less(self1, other.self1);
        return new ArrayMoments(less(cross, other.cross), s1, self2 == self1 ? s1 : less(self2, other.self2), side1, side2);
    }

    private static Block less(Block block, Block other) {
        double[] t = block.t().clone();
        for (int i = 0; i < t.length; i++) {
            t[i] -= other.t()[i];
        }
        return block.with(block.k(), t);
    }

    /** A positive variance times a positive scale is not 0. */
    private static void checkVanished(Block before, Block after, String where) {
        double[] were = Float64.largest(before.variances(), before.pairs());
        double[] are = Float64.largest(after.variances(), after.pairs());
        for (int i = 0; i < are.length; i++) {
            if (Float64.vanished(were[i], are[i])) {
                throw outside(were[i], are[i], where);
            }
        }
    }

    @Override
    public ArrayMoments unshared() {
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
        return map(step, side1, side2);
    }

    @Override
    public ArrayMoments patches(Shape before, Shape after, Stencil stencil, String where) {
        StencilTables checked = StencilTables.of(stencil, where, before, side1, side2);
        BlockMap step = (block, left, right) -> Gather.alike(block, after.positions(), checked.of(left), checked.of(right),
                1.0 / checked.area());
        return map(step, checked.after(side1, after.positions()), checked.after(side2, after.positions()));
    }

    @Override
    public ArrayMoments pool(Shape before, Shape after, Stencil stencil, boolean mean, boolean realPixels, String where) {
        StencilTables checked = StencilTables.of(stencil, where, before, side1, side2);
        Side after1 = checked.pooledMean(side1, after.positions(), mean, realPixels);
        Side after2 = checked.pooledMean(side2, after.positions(), mean, realPixels);
        BlockMap step = (block, left, right) -> Masks.zero(Gather.apart(block, after.positions(), checked.of(left), checked.of(right),
                checked.area(), mean, realPixels),
                left == side1 ? after1 : after2, right == side1 ? after1 : after2);
        return map(step, after1, after2);
    }

    @Override
    public ArrayMoments move(PositionMap map, String where) {
        return map((block, left, right) -> Moving.apply(block, map.after(), map.picks(), i -> map, j -> map),
                Moving.side(side1, map, where), Moving.side(side2, map, where));
    }

    @Override
    public ArrayMoments aggregate(Aggregation rule, String where) {
        List<PositionMap> maps1 = maps(rule, side1, where);
        List<PositionMap> maps2 = side2 == side1 ? maps1 : maps(rule, side2, where);
        BlockMap step = (block, left, right) -> Moving.apply(block, block.positions(), false, (left == side1 ? maps1 : maps2)::get,
                (right == side1 ? maps1 : maps2)::get);
        return map(step, aggregated(side1, maps1), aggregated(side2, maps2));
    }

    private static List<PositionMap> maps(Aggregation rule, Side side, String where) {
        Graphs graphs = side.graphs();
        if (graphs == null) {
            throw Failure.input(where + ": " + Aggregation.NO_GRAPH);
        }
        graphs.checked(rule, where);
        return IntStream.range(0, side.count()).mapToObj(i -> rule.map(graphs.of(i), side.positions(), p -> side.isReal(i, p))).toList();
    }

    private static Side aggregated(Side side, List<PositionMap> maps) {
        double[] own = side.mean();
        if (own == null) {
            return side;
        }
        double[] mean = new double[own.length];
        for (int i = 0; i < side.count(); i++) {
            maps.get(i).apply(own, i * side.positions(), mean, i * side.positions());
        }
        return side.withMean(mean);
    }

    @Override
    public ArrayMoments firstPosition() {
        return map((block, left, right) -> Gather.first(block), Gather.meanOfFirst(side1), Gather.meanOfFirst(side2));
    }

    @Override
    public ArrayMoments globalPool(boolean mean) {
        return map((block, left, right) -> Gather.overAll(block, left, right, mean), Gather.meanOverAll(side1, mean),
                Gather.meanOverAll(side2, mean));
    }

    @Override
    public ArrayMoments flatten() {
        return map((block, left, right) -> Gather.overEqual(block), Gather.meanOverAll(side1, true), Gather.meanOverAll(side2, true));
    }

    @Override
    public ArrayMoments activate(Nonlinearity phi, String where) {
        double[] q1 = self1.variances();
        double[] q2 = self2 == self1 ? q1 : self2.variances();
        Activating work = new Activating(phi, where);
        Block s1 = work.of(self1, q1, q1, side1, side1);
        Block s2 = self2 == self1 ? s1 : work.of(self2, q2, q2, side2, side2);
        Side m1 = side1.withMean(work.means(q1, side1));
        Side m2 = self2 == self1 ? m1 : side2.withMean(work.means(q2, side2));
        return new ArrayMoments(work.of(cross, q1, q2, side1, side2), s1, s2, m1, m2);
    }

    @Override
    public ArrayMoments normalize(boolean overAll, double epsilon) {
        Normalizing n1 = Normalizing.of(self1.variances(), side1, overAll, epsilon);
        Normalizing n2 = self2 == self1 ? n1 : Normalizing.of(self2.variances(), side2, overAll, epsilon);
        Block s1 = n1.with(n1, self1);
        Block s2 = self2 == self1 ? s1 : n2.with(n2, self2);
        return new ArrayMoments(n1.with(n2, cross), s1, s2, side1.withMean(n1.meanAfter()), side2.withMean(n2.meanAfter()));
    }

    @Override
    public ArrayMoments dropout(double keep) {
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
        return map(step, side1, side2);
    }

    @Override
    public ArrayMoments attend(AttentionKernel attention) {
        List<AttentionKernel.Example> examples1 = examples(attention, self1, side1);
        List<AttentionKernel.Example> examples2 = self2 == self1 ? examples1 : examples(attention, self2, side2);
        BlockMap step = (block, left, right) -> {
            int p = block.positions();
            Block out = block.empty(p, Span.ALL);
            for (int pair = 0; pair < block.pairs(); pair++) {
                AttentionKernel.Example one = (left == side1 ? examples1 : examples2).get(block.left(pair));
                AttentionKernel.Example other = (right == side1 ? examples1 : examples2).get(block.right(pair));
                int base = pair * p * p;
                attention.pair(slice(block.k(), pair, p), slice(block.t(), pair, p), one, other, (at, k, t) -> {
                    out.k()[base + at] = k;
                    out.t()[base + at] = t;
                });
            }
            return Masks.zero(out, left, right);
        };
        return map(step, side1.centred(), side2.centred());
    }

    private static List<AttentionKernel.Example> examples(AttentionKernel attention, Block own, Side side) {
        return IntStream.range(0, own.pairs()).mapToObj(i -> attention.example(slice(own.k(), i, own.positions()), reality(side, i)))
                .toList();
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

    @Override
    public Moments sum(List<Moments> branches, double[] weights) {
        return Merging.sum(arrays(branches), weights);
    }

    @Override
    public Moments product(List<Moments> branches) {
        return Merging.product(arrays(branches));
    }

    private static List<ArrayMoments> arrays(List<Moments> branches) {
        return branches.stream().map(ArrayMoments.class::cast).toList();
    }

    @Override
    public void check(Moments state, String where) {
        ArrayMoments before = (ArrayMoments) state;
        check(before.self1, self1, where);
        if (self2 != self1) {
            check(before.self2, self2, where);
        }
    }

    private static void check(Block before, Block after, String where) {
        double[] were = Float64.largest(before.variances(), before.pairs());
        double[] are = Float64.largest(after.variances(), after.pairs());
        for (int i = 0; i < are.length; i++) {
            if (!Float64.holds(are[i])) {
                throw outside(were[i], are[i], where);
            }
        }
        for (double t : after.t()) {
            if (!Double.isFinite(t)) {
                throw Failure.run(String.format(Locale.ROOT,
                        "%s: a tangent kernel of %s leaves the range of float64 (the variance there is up to %.3g); use a wStd nearer to "
                        + "1, "
                        + "fewer layers or smaller inputs", where, t, Arrays.stream(are).max().orElse(0)));
            }
        }
    }

    private static Failure outside(double before, double after, String where) {
        boolean large = !(after < 1);
        return Failure.run(String.format(Locale.ROOT, "%s: a variance of %.3g becomes %s, %s than float64 holds; use a %s wStd or %s "
                + "inputs", where, before, after,
                large ? "more" : "less", large ? "smaller" : "larger", large ? "smaller" : "larger"));
    }
}
