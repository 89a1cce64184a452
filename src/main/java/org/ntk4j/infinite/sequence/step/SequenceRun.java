package org.ntk4j.infinite.sequence.step;

import java.util.Arrays;
import java.util.List;
import org.ntk4j.base.Halt;
import org.ntk4j.infinite.sequence.path.SequencePath;
import org.ntk4j.infinite.sequence.path.SequencePath.Step;
import org.ntk4j.moment.Block;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Side;
import org.ntk4j.moment.Span;
import org.ntk4j.rows.KernelRows;
import org.ntk4j.rows.Rows;

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

    private final SequencePath path;
    private final Rows<A> rows;
    private final BatchRows<A> batches;
    private final OwnVariances<A> variances;
    private final SequenceActivation<A> activations;
    private final SequenceNormalization<A> normalizations;
    private final SequenceAttention<A> attentions;
    private final SequenceWindow<A> windows;
    private final SequenceEnd<A> ending;

    /**
     * @param tangents whether Θ is asked for; where it is not, it stays 0 and no step touches it
     * @param least    variances below this, or above {@code most}, leave room for no further layers
     */
    public SequenceRun(SequencePath path, Rows<A> rows, boolean tangents, double least, double most) {
        this.path = path;
        this.rows = rows;
        this.batches = new BatchRows<>(new KernelRows<>(rows, tangents));
        this.variances = new OwnVariances<>(rows, tangents, least, most);
        this.activations = new SequenceActivation<>(batches, variances);
        this.normalizations = new SequenceNormalization<>(batches, variances);
        this.attentions = new SequenceAttention<>(batches, variances);
        this.windows = new SequenceWindow<>(batches.rows());
        this.ending = new SequenceEnd<>(rows, path.ending(), tangents);
    }

    /** An array that another batch has left, or a new one. */
    public A array(int size) {
        return batches.array(size);
    }

    /** Takes back an array that {@link #array} has given. */
    public void release(A array, int size) {
        batches.release(array, size);
    }

    /** How many sentences are at work at once: as many as the cache holds with one of the other side. */
    public int together() {
        int line = path.levels().stream().mapToInt(l -> l.positions() * l.width(rows.lanes())).max().orElseThrow();
        return Math.max(1, CACHE / (ARRAYS * (rows.isSingle() ? Float.BYTES : Double.BYTES) * line));
    }

    /** Takes back the matrices of sentences that no pair needs any more. */
    public void release(SideFeatures<A> side) {
        side.turned().values().forEach(made -> release(made.values(), made.size()));
        side.turned().clear();
    }

    /**
     * Takes each sentence with itself through all steps and keeps what pairs need; false if a variance on the way is not held.
     *
     * @param k as {@link #array} gives it; not to be used any more
     * @param t the same
     */
    public boolean own(SideFeatures<A> side, A k, A t) {
        variances.begin();
        SequenceBatch<A> start = new SequenceBatch<>(k, t, 0, side, 0, side, 0, side.count(), true);
        SequenceBatch<A> end = through(path.steps(), start);
        for (int e = 0; e < side.count(); e++) {
            double[] both = ending.of(end, e, e, e * end.positions() * end.width(), 0);
            side.k()[e] = both[0];
            side.t()[e] = both[1];
            variances.hold(Double.isFinite(both[0]) && Double.isFinite(both[1]));
        }
        ended(end, start);
        return variances.held();
    }

    /** K and Θ at the beginning, of a left example with right ones. */
    public interface Start<A> {

        /**
         * Writes them, one line for each left position.
         *
         * @param i     the left example
         * @param j     the first right one
         * @param count how many right ones
         */
        void put(int i, int j, int count, A k, A t);
    }

    /**
     * What is left of all pairs of a tile where the positions end; its sides, {@link #together} sentences and {@link #together} sentences,
     * are not to be used any more.
     *
     * @param right the same object as {@code left} where the tile lies along the diagonal
     */
    public Covariance tile(List<SideFeatures<A>> left, List<SideFeatures<A>> right, Start<A> start) {
        Block self1 = own(left);
        Block self2 = left == right ? self1 : own(right);
        int columns = self2.pairs();
        double[] nngp = new double[Math.multiplyExact(self1.pairs(), columns)];
        double[] ntk = new double[nngp.length];
        int i = 0;
        for (SideFeatures<A> one : left) {
            for (int e = 0; e < one.count(); e++) {
                Halt.check();
                int j = 0;
                for (SideFeatures<A> others : right) {
                    int from = left == right ? Math.max(0, i - j) : 0;
                    int count = others.count() - from;
                    if (count > 0) {
                        int size = path.in().positions() * count * path.levels().get(0).width(rows.lanes());
                        A k = array(size);
                        A theta = array(size);
                        start.put(i, j + from, count, k, theta);
                        cross(new SequenceBatch<>(k, theta, 0, one, e, others, from, count, false), nngp, ntk, i * columns + j + from);
                    }
                    j += others.count();
                }
                i++;
            }
        }
        left.forEach(this::release);
        if (left != right) {
            right.forEach(this::release);
        }
        Side of1 = new Side(self1.pairs(), 1, null, null, null);
        return Covariance.merged(path.after(), new Block(nngp.length, columns, 1, Span.EQUAL, nngp, ntk), self1, self2, of1,
                left == right ? of1 : new Side(columns, 1, null, null, null), path.origin(), "network");
    }

    private static <A> Block own(List<SideFeatures<A>> side) {
        double[] k = side.stream().flatMapToDouble(some -> Arrays.stream(some.k())).toArray();
        return new Block(k.length, 0, 1, Span.EQUAL, k, side.stream().flatMapToDouble(some -> Arrays.stream(some.t())).toArray());
    }

    /** A left sentence with right ones: K into {@code toK} and Θ into {@code toT}, one number for each right sentence. */
    private void cross(SequenceBatch<A> start, double[] toK, double[] toT, int to) {
        SequenceBatch<A> end = through(path.steps(), start);
        for (int j = 0; j < start.count(); j++) {
            double[] both = ending.of(end, start.first(), start.from() + j, 0, j * end.width());
            toK[to + j] = both[0];
            toT[to + j] = both[1];
        }
        ended(end, start);
    }

    /** Takes back what is there at the end; where Θ is not asked for, its array is still that of the beginning. */
    private void ended(SequenceBatch<A> end, SequenceBatch<A> start) {
        batches.release(end);
        if (!batches.tangents()) {
            release(start.t(), start.size());
        }
    }

    private SequenceBatch<A> through(List<Step> steps, SequenceBatch<A> start) {
        SequenceBatch<A> b = start;
        for (Step step : steps) {
            if (step instanceof Step.Linear l) {
                batches.linear(l.map(), b);
                if (l.map().bias() != 0 || l.map().biasT() != 0) {
                    batches.mask(b);
                }
            } else if (step instanceof Step.Activate a) {
                activations.take(a, b);
            } else if (step instanceof Step.Normalize n) {
                normalizations.take(n, b);
            } else if (step instanceof Step.Attend a) {
                attentions.take(a, b);
            } else if (step instanceof Step.Drop drop) {
                variances.divide(drop.keep(), b);
            } else if (step instanceof Step.Unshare) {
                batches.unshare(b);
            } else if (step instanceof Step.Slide slide) {
                SequenceBatch<A> after = batches.apart(b, slide.to());
                windows.slide(slide, b, after);
                b = moved(b, after);
            } else if (step instanceof Step.Pool pool) {
                SequenceBatch<A> after = batches.apart(b, pool.to());
                windows.pool(pool, b, after);
                b = moved(b, after);
            } else if (step instanceof Step.Map map) {
                b = map(map, b);
            } else if (!step.ways().isEmpty()) {
                b = ways(step, b);
            }
        }
        return b;
    }

    /** Into arrays of their own where the number of positions changes. */
    private SequenceBatch<A> map(Step.Map step, SequenceBatch<A> b) {
        if (b.own()) {
            int size = b.positions() * b.side1().ground(step.to()).width();
            SideFeatures.Matrices<A> made = new SideFeatures.Matrices<>(array(b.count() * size), b.count() * size);
            b.side1().turn(step.matrix(), step.from(), step.to(), made.values(), batches.square(size));
            b.side1().turned().put(step.number(), made);
        }
        SequenceBatch<A> after = step.to() == b.level() ? b : batches.apart(b, step.to());
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

    /** Added, or multiplied. */
    private SequenceBatch<A> ways(Step step, SequenceBatch<A> b) {
        double[] weights = step instanceof Step.Sum sum ? sum.weights() : new double[0];
        int to = step instanceof Step.Sum sum ? sum.to() : ((Step.Product) step).to();
        SequenceBatch<A> start = batches.copy(b);
        SequenceBatch<A> sum = b;
        double[] first = variances.seen();
        for (int w = 0; w < step.ways().size(); w++) {
            variances.back(first);
            SequenceBatch<A> way = through(step.ways().get(w), w == 0 ? b : w == step.ways().size() - 1 ? start : batches.copy(start));
            if (weights.length > 0 && weights[w] != 1) {
                batches.linear(new Rows.Affine(weights[w], 0, 0, weights[w], 0), way);
            }
            if (w == 0) {
                sum = way;
                continue;
            }
            if (weights.length == 0) {
                batches.multiply(way, sum);
            } else {
                batches.add(way, sum);
            }
            batches.release(way);
        }
        sum = sum.with(sum.k(), sum.t(), to);
        variances.seen(sum);
        return sum;
    }
}
