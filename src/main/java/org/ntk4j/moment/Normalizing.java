package org.ntk4j.moment;

import org.jspecify.annotations.Nullable;

/**
 * Layer normalization of one side: {@code K → (K − m m') / √((ε + v)(ε + v'))}, Θ takes the same factor, with m the mean over
 * the channels and v the variance around it. Over channels and space: {@code K − m_p c' − c m'_q + c c'} with c the mean of m
 * over the real positions, and v averaged over them. The mean m is 0 after a linear map with weights of its own.
 *
 * @param side    the examples
 * @param factor  1/√(ε + v), {@code [example][position]}
 * @param shift   what is subtracted from each position's mean: m itself, or c
 * @param overAll whether space is averaged over as well
 */
public record Normalizing(Side side, double[] factor, double[] shift, boolean overAll) {

    static Normalizing of(double[] q, Side side, boolean overAll, double epsilon) {
        int n = side.positions();
        double[] m = side.meanOrZero();
        double[] shift = m;
        double[] v = new double[q.length];
        for (int i = 0; i < q.length; i++) {
            v[i] = q[i] - m[i] * m[i];
        }
        if (overAll) {
            shift = new double[q.length];
            for (int e = 0; e < side.count(); e++) {
                double mean = 0;
                double square = 0;
                for (int p = 0; p < n; p++) {
                    mean += m[e * n + p] / side.length(e);
                    square += q[e * n + p] / side.length(e);
                }
                java.util.Arrays.fill(shift, e * n, (e + 1) * n, mean);
                java.util.Arrays.fill(v, e * n, (e + 1) * n, square - mean * mean);
            }
        }
        double[] factor = new double[q.length];
        for (int i = 0; i < q.length; i++) {
            factor[i] = side.isReal(i / n, i % n) ? 1 / Math.sqrt(epsilon + Math.max(0, v[i])) : 0;
        }
        return new Normalizing(side, factor, shift, overAll);
    }

    /** A block whose left examples are of this side and whose right ones of another. */
    Block with(Normalizing right, Block block) {
        int n = block.positions();
        double[] k = new double[block.k().length];
        double[] t = new double[k.length];
        double[] m1 = side.meanOrZero();
        double[] m2 = right.side.meanOrZero();
        int at = 0;
        for (int pair = 0; pair < block.pairs(); pair++) {
            int i = block.left(pair) * n;
            int j = block.right(pair) * n;
            for (int p = 0; p < n; p++) {
                int from = block.span() == Span.EQUAL ? p : 0;
                int to = block.span() == Span.EQUAL ? p + 1 : n;
                for (int q = from; q < to; q++) {
                    double c1 = shift[i + p];
                    double c2 = right.shift[j + q];
                    double f = factor[i + p] * right.factor[j + q];
                    k[at] = (block.k()[at] - m1[i + p] * c2 - c1 * m2[j + q] + c1 * c2) * f;
                    t[at] = block.t()[at] * f;
                    at++;
                }
            }
        }
        return block.with(k, t);
    }

    /** The mean over the channels that is left: none, unless space was averaged over. */
    double @Nullable [] meanAfter() {
        if (!overAll || side.mean() == null) {
            return null;
        }
        double[] left = new double[shift.length];
        for (int i = 0; i < left.length; i++) {
            left[i] = (side.mean()[i] - shift[i]) * factor[i];
        }
        return left;
    }
}
