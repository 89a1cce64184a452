package org.ntk4j.moment.graph;

import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.GraphForm;
import org.ntk4j.gaussian.GraphPairs;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.moment.ArrayMoments;
import org.ntk4j.moment.AttentionKernel;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Gather;
import org.ntk4j.moment.Moments;
import org.ntk4j.moment.Normalizing;
import org.ntk4j.moment.Span;
import org.ntk4j.positions.Aggregation;
import org.ntk4j.positions.PositionMap;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Stencil;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TInt32;

/**
 * Moments as ops of a TensorFlow graph, for any number of pairs. Values cannot be looked at here:
 * a tile whose variances leave the range is computed with {@link ArrayMoments}, which say where they do.
 *
 * @param cross each row of the tile with each column
 * @param self1 each row with itself
 * @param self2 each column with itself; the same object as {@code self1} where both sides are the same examples
 * @param side1 what else is known of the rows
 * @param side2 the same of the columns
 * @param watch what looks at variances when the graph is run
 */
public record GraphMoments(GraphBlock cross, GraphOwn self1, GraphOwn self2, GraphSide side1, GraphSide side2, GraphWatch watch)
        implements Moments {

    /** Something has no form as ops of a graph: says what. */
    public static final class Missing extends RuntimeException {
        private static final long serialVersionUID = 1;

        Missing(String what) {
            super(what + " no graph form", null, false, false);
        }
    }

    /** What to do with a block, given the sides of its pairs. */
    private interface BlockMap {
        GraphBlock apply(GraphBlock block, GraphSide left, GraphSide right);
    }

    /** What to do with a side. */
    private interface SideMap {
        GraphSide apply(GraphSide side);
    }

    /** Applies a map that takes equal positions to equal positions. */
    private GraphMoments map(BlockMap map, SideMap sides) {
        return map(map, sides, GraphOwn::alike);
    }

    /** How a map is applied to examples with themselves. */
    private interface ToOwn {
        GraphOwn apply(GraphOwn own, UnaryOperator<GraphBlock> change);
    }

    private GraphMoments map(BlockMap map, SideMap sides, ToOwn own) {
        boolean shared = self2 == self1;
        GraphSide after1 = sides.apply(side1);
        GraphOwn s1 = own.apply(self1, b -> map.apply(b, side1, side1));
        return new GraphMoments(map.apply(cross, side1, side2), s1, shared ? s1 : own.apply(self2, b -> map.apply(b, side2, side2)),
                after1, shared ? after1 : sides.apply(side2), watch);
    }

    /** What a side's examples with themselves say. */
    private interface OfSide<T> {
        T of(GraphOwn self, GraphSide side);
    }

    private interface OfPairs<T> {
        GraphBlock of(GraphBlock block, T left, T right);
    }

    /** Changes blocks by what both sides' examples with themselves say. */
    private <T> GraphMoments blocks(OfSide<T> known, OfPairs<T> change, OfPairsSide<T> sideAfter, ToOwn own) {
        boolean shared = self2 == self1;
        T v1 = known.of(self1, side1);
        T v2 = shared ? v1 : known.of(self2, side2);
        GraphOwn s1 = own.apply(self1, b -> change.of(b, v1, v1));
        GraphSide after1 = sideAfter.of(side1, v1);
        return new GraphMoments(change.of(cross, v1, v2), s1, shared ? s1 : own.apply(self2, b -> change.of(b, v2, v2)),
                after1, shared ? after1 : sideAfter.of(side2, v2), watch);
    }

    private interface OfPairsSide<T> {
        GraphSide of(GraphSide side, T known);
    }

    private int positions() {
        return side1.positions();
    }

    @Override
    public boolean padded() {
        return side1.real() != null;
    }

    private static GraphBlock masked(GraphBlock block, GraphSide left, GraphSide right) {
        if (left.real() == null || right.real() == null) {
            return block;
        }
        GraphTerm mask = block.pairing() == null && block.span() == Span.EQUAL
                ? left.real() : block.left(left.real()).times(block.right(right.real()));
        return block.with(block.k().times(mask), block.t() == null ? null : block.t().times(mask));
    }

    @Override
    public GraphMoments equalPositions() {
        return cross.span() == Span.EQUAL ? this : map((b, l, r) -> b.equalPositions(l.positions()), s -> s,
                (own, change) -> own.equalPositions());
    }

    @Override
    public GraphMoments linear(double scale, double bias, Covariance.Tangent rule, String where) {
        GraphMoments after = map((b, left, right) -> {
            GraphTerm k = b.sumK().times(scale * b.weight()).plus(bias);
            GraphTerm old = b.sumT() == null ? null : b.sumT().times(rule.tangent() * b.weight());
            GraphTerm fresh = rule.covariance() == scale && rule.bias() == bias
                    ? k : b.sumK().times(rule.covariance() * b.weight()).plus(rule.bias());
            return masked(b.with(k, old == null ? fresh : fresh.plus(old)), left, right);
        }, GraphSide::centred);
        watch.vanishing(self1.variances(), after.self1.variances());
        if (self2 != self1) {
            watch.vanishing(self2.variances(), after.self2.variances());
        }
        return after;
    }

    @Override
    public GraphMoments withoutTangent() {
        return map((b, l, r) -> b.with(b.k(), null), s -> s);
    }

    @Override
    public GraphMoments lessTangent(Moments others) {
        GraphMoments other = (GraphMoments) others;
        GraphOwn s1 = less(self1, other.self1);
        return new GraphMoments(less(cross, other.cross), s1, self2 == self1 ? s1 : less(self2, other.self2), side1, side2, watch);
    }

    private static GraphOwn less(GraphOwn own, GraphOwn other) {
        GraphBlock all = less(own.all(), other.all());
        return new GraphOwn(all, own.equal() == own.all() ? all : less(own.equal(), other.equal()));
    }

    private static GraphBlock less(GraphBlock block, GraphBlock other) {
        return other.t() == null ? block : block.with(block.k(), block.tOrZero().minus(other.t()));
    }

    @Override
    public GraphMoments unshared() {
        if (cross.span() == Span.EQUAL) {
            return this;
        }
        int p = positions();
        double[] identity = new double[p * p];
        IntStream.range(0, p).forEach(i -> identity[i * (p + 1)] = 1);
        GraphTerm only = cross.sumK().numbers(identity, p, p);
        return map((b, l, r) -> b.span() == Span.EQUAL ? b : b.each(Span.ALL, x -> x.times(only)), s -> s);
    }

    @Override
    public GraphMoments patches(Shape before, Shape after, Stencil stencil, String where) {
        GraphWindow window = window(stencil, before);
        return map((b, l, r) -> b.each(b.span(), x -> window.alike(x, b.span())).weighted(1.0 / stencil.area()),
                s -> s.moved(after.positions(), null));
    }

    private GraphWindow window(Stencil stencil, Shape before) {
        if (padded() && !stencil.keepsPositions()) {
            throw new Missing("windows that move the padding of sentences have");
        }
        return new GraphWindow(stencil, before);
    }

    @Override
    public GraphMoments pool(Shape before, Shape after, Stencil stencil, boolean mean, boolean realPixels, String where) {
        GraphWindow window = window(stencil, before);
        int p = after.positions();
        GraphTerm weights = cross.sumK().numbers(Gather.weights(stencil.whole(before), p, stencil.area(), mean, realPixels), p);
        double alike = realPixels || !mean ? 1 : 1.0 / stencil.area();
        BlockMap step = (b, left, right) -> {
            GraphBlock pooled = b.each(Span.ALL, x -> window.apart(x, b.span()));
            return masked(realPixels ? pooled.each(Span.ALL, x -> x.times(weights.shaped(p, 1)).times(weights))
                    : pooled.weighted(alike * alike), left, right);
        };
        return map(step, s -> s.moved(p, s.mean() == null ? null : window.apart(s.mean(), Span.EQUAL).times(weights)),
                (own, change) -> own.apart(change, p));
    }

    @Override
    public GraphMoments move(PositionMap map, String where) {
        if (padded()) {
            throw new Missing("slices of padded inputs have");
        }
        int n = map.before();
        int m = map.after();
        GraphTerm matrix = map.picks() ? null : cross.sumK().numbers(map.matrix(), m, n);
        BlockMap step = (b, l, r) -> b.each(b.span(), x -> b.span() == Span.EQUAL
                ? moved(x, map, matrix, 1) : moved(moved(x, map, matrix, 1), map, matrix, 2));
        return map(step, s -> s.moved(m, s.mean() == null ? null : moved(s.mean(), map, matrix, 1)),
                map.picks() ? GraphOwn::alike : (own, change) -> own.apart(change, m));
    }

    /** One axis of positions moved: looked up, or multiplied with T. */
    private static GraphTerm moved(GraphTerm x, PositionMap map, @Nullable GraphTerm matrix, int axis) {
        Ops tf = x.tf();
        if (map.picks()) {
            Operand<TInt32> from = tf.constant(map.picked());
            return new GraphTerm(tf, tf.gather(x.op(), from, tf.constant(axis)));
        }
        boolean pairs = x.op().shape().numDimensions() == 3;
        int[] swap = {0, 2, 1};
        GraphTerm last = pairs && axis == 1 ? new GraphTerm(tf, tf.linalg.transpose(x.op(), tf.constant(swap))) : x;
        GraphTerm product = new GraphTerm(tf, tf.linalg.matMul(last.shaped(-1, map.before()).op(), Objects.requireNonNull(matrix).op(),
                MatMul.transposeB(true)));
        long rows = pairs ? last.op().shape().asArray()[1] : 0;
        GraphTerm back = pairs ? product.shaped(-1, (int) rows, map.after()) : product;
        return pairs && axis == 1 ? new GraphTerm(tf, tf.linalg.transpose(back.op(), tf.constant(swap))) : back;
    }

    @Override
    public GraphMoments aggregate(Aggregation rule, String where) {
        throw new Missing("aggregate has");
    }

    @Override
    public GraphMoments firstPosition() {
        GraphMoments vectors = equalPositions();
        return vectors.map((b, l, r) -> b.each(Span.EQUAL, GraphMoments::first), s -> s.vector(s.mean() == null ? null : first(s.mean())));
    }

    private static GraphTerm first(GraphTerm x) {
        return new GraphTerm(x.tf(), x.tf().gather(x.op(), x.tf().constant(new int[] {0}), x.tf().constant(1)));
    }

    @Override
    public GraphMoments globalPool(boolean mean) {
        BlockMap step = (b, left, right) -> {
            GraphBlock sums = b.span() == Span.EQUAL ? b : b.each(Span.EQUAL, x -> x.sum(1, 2).shaped(-1, 1));
            if (!mean || left.real() == null) {
                return sums.weighted(mean ? 1.0 / left.positions() / left.positions() : 1);
            }
            GraphTerm count = sums.ofLeft(left.length(b.sumK())).times(sums.ofRight(right.length(b.sumK())));
            return sums.each(Span.EQUAL, x -> x.over(count));
        };
        return map(step, s -> s.vector(s.mean() == null ? null : mean ? s.meanOver(s.mean()) : s.masked(s.mean()).sum(1).shaped(-1, 1)),
                (own, change) -> own.apart(change, 1));
    }

    @Override
    public GraphMoments flatten() {
        BlockMap step = (b, l, r) -> b.equalPositions(l.positions()).each(Span.EQUAL, x -> x.sum(1).shaped(-1, 1))
                .weighted(1.0 / l.positions());
        return map(step, s -> s.vector(s.mean() == null ? null : s.meanOver(s.mean())));
    }

    @Override
    public GraphMoments activate(Nonlinearity phi, String where) {
        GraphForm form = phi.graph().orElseThrow(() -> new Missing(phi.name() + " has"));
        OfSide<GraphTerm> variances = (self, side) -> {
            GraphTerm q = self.variances();
            watch.range(q);
            return q;
        };
        OfPairs<GraphTerm> step = (b, q1, q2) -> {
            GraphForm.Expectations e = form.of(new GraphPairs(b.left(q1), b.right(q2), b.k()));
            GraphTerm t = b.t() == null || e.slope() == null ? null : b.t().times(e.slope());
            return b.with(e.value(), t);
        };
        GraphMoments after = blocks(variances, step, (side, q) -> side.withMean(side.masked(phi.mean(q))), GraphOwn::alike);
        return after.map(GraphMoments::masked, s -> s);
    }

    /** What layer normalization takes of a side; see {@link Normalizing}. */
    private record Norm(GraphTerm factor, @Nullable GraphTerm mean, @Nullable GraphTerm shift) {
    }

    @Override
    public GraphMoments normalize(boolean overAll, double epsilon) {
        OfSide<Norm> norm = (self, side) -> {
            GraphTerm q = self.variances();
            GraphTerm m = side.mean();
            GraphTerm shift = m == null ? null : overAll ? side.meanOver(m).plus(m.times(0)) : m;
            GraphTerm square = overAll ? side.meanOver(q).plus(q.times(0)) : q;
            GraphTerm v = shift == null ? square : square.minus(shift.square());
            return new Norm(side.masked(v.atLeast(0).plus(epsilon).sqrt().under(1)), m, shift);
        };
        OfPairs<Norm> step = (b, left, right) -> {
            GraphTerm factor = b.left(left.factor).times(b.right(right.factor));
            GraphTerm k = b.k();
            if (left.mean != null && left.shift != null && right.mean != null && right.shift != null && overAll) {
                k = k.minus(b.left(left.mean.minus(left.shift)).times(b.right(right.shift)))
                        .minus(b.left(left.shift).times(b.right(right.mean)));
            } else if (left.mean != null && right.mean != null) {
                k = k.minus(b.left(left.mean).times(b.right(right.mean)));
            }
            return b.with(k.times(factor), b.t() == null ? null : b.t().times(factor));
        };
        return blocks(norm, step, (side, n) -> side.withMean(n.mean == null || n.shift == null || !overAll
                ? null : n.mean.minus(n.shift).times(n.factor)), GraphOwn::alike);
    }

    @Override
    public GraphMoments dropout(double keep) {
        int p = positions();
        double[] keeps = new double[p * p];
        IntStream.range(0, keeps.length).forEach(i -> keeps[i] = i % (p + 1) == 0 ? keep : 1);
        GraphTerm divisor = cross.sumK().numbers(keeps, p, p);
        return map((b, l, r) -> b.pairing() != null ? b : b.each(b.span(), x -> x.over(b.span() == Span.EQUAL ? x.number(keep) : divisor)),
                s -> s);
    }

    @Override
    public GraphMoments attend(AttentionKernel attention) {
        GraphAttention graph = new GraphAttention(attention, positions());
        GraphMoments after = blocks(graph::weights, graph::pairs, (side, g) -> side.centred(),
                (own, change) -> own.apart(change, positions()));
        return after.map(GraphMoments::masked, s -> s);
    }

    @Override
    public GraphMoments sum(List<Moments> branches, double[] weights) {
        return GraphMerging.sum(graphs(branches), weights);
    }

    @Override
    public GraphMoments product(List<Moments> branches) {
        return GraphMerging.product(graphs(branches));
    }

    private static List<GraphMoments> graphs(List<Moments> branches) {
        return branches.stream().map(GraphMoments.class::cast).toList();
    }

    /** Values are not known here. */
    @Override
    public void check(Moments before, String where) {
    }
}
