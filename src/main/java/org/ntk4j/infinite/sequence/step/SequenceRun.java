package org.ntk4j.infinite.sequence.step;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Halt;
import org.ntk4j.infinite.sequence.path.SequencePath;
import org.ntk4j.infinite.sequence.path.SequencePath.Step;
import org.ntk4j.moment.Block;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Side;
import org.ntk4j.moment.Span;
import org.ntk4j.rows.Rows;
import org.ntk4j.rows.SpareArrays;

/**
 * Takes K and Θ of pairs of positions through the steps, in place. A line is a position of a left sentence; on it stand all positions of
 * some right sentences, or, where each sentence meets itself, its own. Belongs to one thread.
 *
 * @param <A> the arrays of its numbers
 */
public final class SequenceRun<A> {

    /** K, Θ and what they are multiplied into stay in the second-level cache. */
    public static final int CACHE = 384 << 10;
    public static final int ARRAYS = 3;
    private static final int SAME_PLACES = 1024;

    private final SequencePath path;
    private final Rows<A> rows;
    private final boolean tangents;
    /** What is still to come at the beginning, where Θ is 0 then; null: it is there. */
    private final Rows.@Nullable Affine first;
    private final BatchRows<A> batches;
    private final OwnVariances<A> variances;
    private final SequenceActivation<A> activations;
    private final SequenceNormalization<A> normalizations;
    private final SequenceAttention<A> attentions;
    private final SequenceWindow<A> windows;
    private final SequenceEnd<A> ending;

    /**
     * @param tangents whether Θ is asked for; where it is not, no step touches it
     * @param first    a linear map without a bias that is still to come at the beginning, where Θ is 0; then Θ is a multiple of K for some
     *                 steps, and none of these touches it either. Null: Θ is there at the beginning, and nothing is to come
     * @param least    variances below this, or above {@code most}, leave room for no further layers
     */
    public SequenceRun(SequencePath path, Rows<A> rows, boolean tangents, Rows.@Nullable Affine first, double least, double most) {
        this.path = path;
        this.rows = rows;
        this.tangents = tangents;
        this.first = first;
        this.batches = new BatchRows<>(rows, tangents, together(path, rows) * pair(path, rows));
        this.variances = new OwnVariances<>(rows, least, most);
        this.activations = new SequenceActivation<>(batches, variances);
        this.normalizations = new SequenceNormalization<>(batches, variances);
        this.attentions = new SequenceAttention<>(batches, variances);
        this.windows = new SequenceWindow<>(batches);
        this.ending = new SequenceEnd<>(rows, path.ending(), tangents);
    }

    /** Arrays that batches have left. */
    public SpareArrays<A> spare() {
        return batches.spare();
    }

    /** How many sentences are at work at once: as many as the cache holds with one of the other side. */
    public int together() {
        return together(path, rows);
    }

    /** How many sentences are at work at once on a path. */
    public static int together(SequencePath path, Rows<?> rows) {
        int bytes = rows.isSingle() ? Float.BYTES : Double.BYTES;
        int most = Math.max(1, CACHE / (ARRAYS * bytes * pair(path, rows)));
        // Lines that lie a multiple of this apart fall on the same places of the first-level cache.
        return most > 1 && most * path.levels().get(0).width(rows.lanes()) * bytes % SAME_PLACES == 0 ? most - 1 : most;
    }

    /** Values of a pair of sentences, at most. */
    private static int pair(SequencePath path, Rows<?> rows) {
        return path.levels().stream().mapToInt(l -> l.positions() * l.width(rows.lanes())).max().orElseThrow();
    }

    /** Takes back the matrices of sentences that no pair needs any more. */
    public void release(SideFeatures<A> side) {
        side.turned().values().forEach(made -> batches.release(made.values(), made.size()));
        side.turned().clear();
    }

    /**
     * Takes each sentence with itself through all steps and keeps what pairs need; false if a variance on the way is not held.
     *
     * @param start their beginning
     */
    public boolean own(SideFeatures<A> side, Start<A> start) {
        variances.begin();
        SequenceBatch<A> end = through(path.steps(), begin(start, side, 0, side, 0, side.count(), true));
        SequenceEnd.Left left = ending.of(end);
        for (int e = 0; e < side.count(); e++) {
            side.k()[e] = left.k()[e];
            side.t()[e] = left.t()[e];
            variances.hold(Double.isFinite(left.k()[e]) && Double.isFinite(left.t()[e]));
        }
        batches.release(end);
        return variances.held();
    }

    /** K and Θ at the beginning. */
    public interface Start<A> {

        /**
         * Writes them where a batch begins.
         *
         * @param t not to be touched where there is no Θ at the beginning, or it is not asked for
         */
        void put(A k, A t);
    }

    /** K and Θ at the beginning, of a left example with right ones. */
    public interface StartOfPairs<A> {

        /**
         * Writes them, one line for each left position.
         *
         * @param i     the left example
         * @param j     the first right one
         * @param count how many right ones
         * @param t     as in {@link Start}
         */
        void put(int i, int j, int count, A k, A t);
    }

    private SequenceBatch<A> begin(Start<A> start, SideFeatures<A> left, int example, SideFeatures<A> right, int from, int count,
            boolean own) {
        boolean there = tangents && first == null;
        int size = count * path.in().positions() * path.levels().get(0).width(rows.lanes());
        A k = batches.array(size);
        A t = there ? batches.array(size) : k;
        start.put(k, t);
        return new SequenceBatch<>(k, t, there, first == null ? Rows.Affine.SAME : first, 0, left, example, right, from, count, own, false);
    }

    /**
     * Some sentences of those that were taken through together.
     *
     * @param from the first of them
     */
    public record Part<A>(SideFeatures<A> features, int from, int count) {
    }

    /**
     * What is left of all pairs of a tile where the positions end.
     *
     * @param right the same object as {@code left} where the tile lies along the diagonal
     */
    public Covariance tile(List<Part<A>> left, List<Part<A>> right, StartOfPairs<A> start) {
        Block self1 = own(left);
        Block self2 = left == right ? self1 : own(right);
        int columns = self2.pairs();
        double[] nngp = new double[Math.multiplyExact(self1.pairs(), columns)];
        double[] ntk = new double[nngp.length];
        int i = 0;
        for (Part<A> one : left) {
            for (int e = 0; e < one.count; e++) {
                Halt.check();
                int j = 0;
                for (Part<A> others : right) {
                    int skipped = left == right ? Math.max(0, i + 1 - j) : 0;
                    int count = others.count - skipped;
                    if (count > 0) {
                        int row = i;
                        int column = j + skipped;
                        SequenceEnd.Left both = cross(begin((k, t) -> start.put(row, column, count, k, t), one.features, one.from + e,
                                others.features, others.from + skipped, count, false));
                        System.arraycopy(both.k(), 0, nngp, i * columns + column, count);
                        System.arraycopy(both.t(), 0, ntk, i * columns + column, count);
                    }
                    j += others.count;
                }
                if (left == right) {
                    nngp[i * (columns + 1)] = self1.k()[i];
                    ntk[i * (columns + 1)] = self1.t()[i];
                }
                i++;
            }
        }
        Side of1 = new Side(self1.pairs(), 1, null, null, null);
        return Covariance.merged(path.after(), new Block(nngp.length, columns, 1, Span.EQUAL, nngp, ntk), self1, self2, of1,
                left == right ? of1 : new Side(columns, 1, null, null, null), path.origin(), "network");
    }

    private Block own(List<Part<A>> side) {
        double[] k = side.stream().flatMapToDouble(p -> Arrays.stream(p.features.k(), p.from, p.from + p.count)).toArray();
        double[] t = side.stream().flatMapToDouble(p -> Arrays.stream(p.features.t(), p.from, p.from + p.count)).toArray();
        return new Block(k.length, 0, 1, Span.EQUAL, k, tangents ? t : new double[k.length]);
    }

    /** A left sentence with right ones. */
    private SequenceEnd.Left cross(SequenceBatch<A> start) {
        SequenceBatch<A> end = through(path.steps(), start);
        SequenceEnd.Left left = ending.of(end);
        batches.release(end);
        return left;
    }

    private SequenceBatch<A> through(List<Step> steps, SequenceBatch<A> start) {
        SequenceBatch<A> b = start;
        for (Step step : steps) {
            b = through(step, b);
        }
        return b;
    }

    private SequenceBatch<A> through(Step step, SequenceBatch<A> b) {
        if (step instanceof Step.Linear l) {
            return batches.linear(l.map(), b);
        } else if (step instanceof Step.Attend a) {
            return attentions.take(a, b);
        } else if (step instanceof Step.Normalize n) {
            return normalizations.take(n, b);
        } else if (step instanceof Step.Activate a) {
            return activations.take(a, b);
        } else if (step instanceof Step.Drop drop) {
            SequenceBatch<A> there = b.own() ? batches.owned(b) : b;
            variances.divide(drop.keep(), there);
            return there;
        } else if (step instanceof Step.Unshare) {
            SequenceBatch<A> there = batches.owned(b);
            batches.unshare(there);
            return there;
        } else if (step instanceof Step.Slide slide) {
            SequenceBatch<A> after = batches.apart(b, slide.to());
            windows.slide(slide, b, after);
            return moved(b, after);
        } else if (step instanceof Step.Pool pool) {
            SequenceBatch<A> after = batches.apart(b, pool.to());
            windows.pool(pool, b, after);
            return moved(b, after);
        } else if (step instanceof Step.Map map) {
            return map(map, b);
        } else if (!step.ways().isEmpty()) {
            return step instanceof Step.Sum sum ? sum(sum, b) : product((Step.Product) step, batches.settled(b));
        }
        return b;
    }

    /** Into arrays of their own where the number of positions changes. */
    private SequenceBatch<A> map(Step.Map step, SequenceBatch<A> b) {
        if (b.own()) {
            int size = b.positions() * b.side1().ground(step.to()).width();
            SideFeatures.Matrices<A> made = new SideFeatures.Matrices<>(batches.array(b.count() * size), b.count() * size);
            b.side1().turn(step.matrix(), step.from(), step.to(), made.values(), batches.square(size));
            b.side1().turned().put(step.number(), made);
        }
        SequenceBatch<A> after = step.to() == b.level() && !b.shared() ? b : batches.apart(b, step.to());
        batches.matrices(b.side1().matrices(step.number()), b.side2().matrices(step.number()), b, after);
        return moved(b, after);
    }

    /** What is in other arrays, or at another level. */
    private SequenceBatch<A> moved(SequenceBatch<A> before, SequenceBatch<A> after) {
        batches.mask(after);
        variances.seen(after);
        if (before.k() != after.k()) {
            batches.release(before);
        }
        return after;
    }

    private SequenceBatch<A> sum(Step.Sum step, SequenceBatch<A> b) {
        // A way that touches nothing comes last: the others are added to what is there.
        List<Integer> order = IntStream.range(0, step.ways().size()).boxed()
                .sorted(Comparator.comparing(w -> step.ways().get(w).stream().allMatch(Step.Linear.class::isInstance))).toList();
        double[] before = variances.seen();
        SequenceBatch<A> sum = null;
        for (int i = 0; i < order.size(); i++) {
            variances.back(before);
            SequenceBatch<A> way = through(step.ways().get(order.get(i)), i < order.size() - 1 ? b.shared(true) : b);
            double weight = step.weights()[order.get(i)];
            SequenceBatch<A> weighed = batches.owned(batches.linear(new Rows.Affine(weight, 0, 0, weight, 0), way));
            if (sum == null) {
                sum = weighed;
            } else {
                SequenceBatch<A> others = sum;
                sum = batches.add(others, weighed);
                batches.release(others);
            }
        }
        return met(Objects.requireNonNull(sum), step.to());
    }

    private SequenceBatch<A> product(Step.Product step, SequenceBatch<A> b) {
        int last = step.ways().size() - 1;
        double[] before = variances.seen();
        SequenceBatch<A> product = null;
        for (int i = 0; i <= last; i++) {
            variances.back(before);
            SequenceBatch<A> way = batches.settled(through(step.ways().get(i), i < last ? b.shared(true) : b));
            if (product != null) {
                batches.multiply(product, way);
                batches.release(product);
            }
            product = way;
        }
        return met(Objects.requireNonNull(product), step.to());
    }

    /** Behind several ways. */
    private SequenceBatch<A> met(SequenceBatch<A> b, int level) {
        SequenceBatch<A> behind = b.with(b.k(), b.t(), level);
        variances.seen(behind);
        return behind;
    }
}
