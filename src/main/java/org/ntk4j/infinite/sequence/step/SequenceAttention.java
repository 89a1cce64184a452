package org.ntk4j.infinite.sequence.step;

import java.util.HashMap;
import java.util.Map;
import org.ntk4j.infinite.sequence.path.SequencePath.Step;
import org.ntk4j.moment.AttentionKernel;
import org.ntk4j.rows.Rows;

/**
 * Attention: with {@code linear} scaling a matrix on the positions of each example, made of its own covariances; with {@code sqrt} scaling
 * a linear map for each pair of examples, made of what they have in common. Belongs to one thread.
 */
final class SequenceAttention<A> {

    private final BatchRows<A> batches;
    private final Rows<A> rows;
    private final OwnVariances<A> variances;
    /** By the number of the attention: the same for all sentences of a tile. */
    private final Map<Integer, A> ofPositions = new HashMap<>();

    SequenceAttention(BatchRows<A> batches, OwnVariances<A> variances) {
        this.batches = batches;
        this.variances = variances;
        this.rows = batches.rows();
    }

    SequenceBatch<A> take(Step.Attend step, SequenceBatch<A> b) {
        return step.kernel().sqrt() ? sqrt(step, batches.settled(b)) : linear(step, b);
    }

    private SequenceBatch<A> linear(Step.Attend step, SequenceBatch<A> start) {
        AttentionKernel kernel = step.kernel();
        SequenceBatch<A> b = batches.covariances(start);
        if (b.own()) {
            b.side1().turned().put(step.number(), turned(kernel, b));
        }
        if (kernel.valuePositions()) {
            b = see(step, b);
        }
        SequenceBatch<A> after = b.shared() ? batches.apart(b, b.level()) : b;
        batches.matrices(b.side1().matrices(step.number()), b.side2().matrices(step.number()), b, after);
        if (kernel.bias() == 0) {
            batches.mask(after);
        }
        return batches.linear(kernel.outer(), after);
    }

    private SequenceBatch<A> sqrt(Step.Attend step, SequenceBatch<A> b) {
        boolean seen = step.kernel().valuePositions() || step.kernel().ofPositions() == 0;
        SequenceBatch<A> values = seen ? b : batches.copy(b);
        see(step, b);
        int n = b.width() / rows.lanes();
        for (int e = 0; e < b.lefts(); e++) {
            for (int j = 0; j < b.rights(); j++) {
                int at = e * b.positions() * b.line() + j * b.width();
                Rows.Affine map = common(step.kernel(), b, values, at);
                for (int p = 0; p < b.positions(); p++) {
                    batches.rows(b).linear(b.k(), b.t(), at + p * b.line(), n, map);
                }
            }
        }
        if (values != b) {
            batches.release(values);
        }
        batches.mask(b);
        if (b.own()) {
            // Third powers of variances: what lies behind need not look at them.
            variances.check(variances.of(b).k(), b);
        }
        return b;
    }

    /** {@link AttentionKernel#sqrt} of two examples: sums over all pairs of their positions, in an order that no lanes change. */
    private Rows.Affine common(AttentionKernel kernel, SequenceBatch<A> b, SequenceBatch<A> values, int from) {
        int n = b.positions();
        double[] k = new double[n];
        double[] t = new double[n];
        double[] kValue = values == b ? k : new double[n];
        double[] tValue = values == b ? t : new double[n];
        double kk = 0;
        double kt = 0;
        for (int at = from; at < from + n * b.line(); at += b.line()) {
            rows.get(b.k(), at, k, 0, n);
            rows.get(values.k(), at, kValue, 0, values == b ? 0 : n);
            if (b.tangents()) {
                rows.get(b.t(), at, t, 0, n);
                rows.get(values.t(), at, tValue, 0, values == b ? 0 : n);
            }
            for (int q = 0; q < n; q++) {
                kk += k[q] * kValue[q];
                kt += t[q] * kValue[q] + k[q] * tValue[q];
            }
        }
        return kernel.sqrt(kk, kt);
    }

    /** The input beside the positions, which have a Θ that is their covariance. */
    private SequenceBatch<A> see(Step.Attend step, SequenceBatch<A> start) {
        AttentionKernel kernel = step.kernel();
        if (kernel.ofPositions() == 0) {
            return start;
        }
        SequenceBatch<A> b = batches.isEqual(start) ? batches.owned(start) : batches.settled(start);
        batches.scale(b, kernel.ofInput());
        A r = ofPositions.computeIfAbsent(step.number(), number -> ofPositions(kernel, b.positions(), b.width()));
        int width = b.width();
        for (int line = 0; line < b.lines(); line++) {
            for (int at = line * b.line(); at < (line + 1) * b.line(); at += width) {
                batches.rows(b).accumulate(r, r, line % b.positions() * width, b.k(), b.t(), at, width / rows.lanes());
            }
        }
        batches.mask(b);
        return b;
    }

    /** The covariance of the positions, with its weight, one row for each. */
    private A ofPositions(AttentionKernel kernel, int positions, int width) {
        A r = rows.room(positions * width);
        for (int p = 0; p < positions; p++) {
            double[] row = new double[positions];
            for (int q = 0; q < positions; q++) {
                row[q] = kernel.ofPositions() * kernel.r()[p * positions + q];
            }
            rows.put(row, 0, r, p * width, positions);
        }
        return r;
    }

    /** Gᵀ of each example. */
    private SideFeatures.Matrices<A> turned(AttentionKernel kernel, SequenceBatch<A> b) {
        int positions = b.positions();
        int width = b.width();
        int size = b.lines() * width;
        A made = batches.array(size);
        if (width > positions) {
            rows.clear(made, 0, size / rows.lanes());
        }
        double[] own = batches.square(positions * positions);
        double[] real = new double[positions];
        for (int e = 0; e < b.count(); e++) {
            for (int p = 0; p < positions; p++) {
                rows.get(b.k(), (e * positions + p) * width, own, p * positions, positions);
                real[p] = b.ground1().isReal(e * width + p) ? 1 : 0;
            }
            kernel.toTurned(own, real);
            for (int p = 0; p < positions; p++) {
                rows.put(own, p * positions, made, (e * positions + p) * width, positions);
            }
        }
        return new SideFeatures.Matrices<>(made, size);
    }
}
