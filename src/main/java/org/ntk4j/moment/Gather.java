package org.ntk4j.moment;

import org.ntk4j.base.Failure;

/** Convolution, pooling and readout on the positions of a block. */
public final class Gather {

    private Gather() {
    }

    /** {@code out[p][q] = weight · Σ_o in[source(o, p)][source(o, q)]}: both positions move alike. */
    static Block alike(Block in, int positions, int[][][] left, int[][][] right, double weight) {
        Block out = in.empty(positions, in.span());
        for (int pair = 0; pair < in.pairs(); pair++) {
            int[][] a = left[in.left(pair)];
            int[][] b = right[in.right(pair)];
            for (int o = 0; o < a.length; o++) {
                if (in.span() == Span.EQUAL) {
                    equal(in, out, pair, a[o], b[o], weight);
                } else {
                    all(in, out, pair, a[o], b[o], weight);
                }
            }
        }
        return out;
    }

    private static void equal(Block in, Block out, int pair, int[] a, int[] b, double weight) {
        int from = pair * in.positions();
        int to = pair * out.positions();
        for (int p = 0; p < out.positions(); p++) {
            if (a[p] != b[p]) {
                throw Failure.input("sentences of different lengths need pooling after a window that depends on the length; use "
                        + "globalAvgPool");
            }
            if (a[p] >= 0) {
                out.k()[to + p] += weight * in.k()[from + a[p]];
                out.t()[to + p] += weight * in.t()[from + a[p]];
            }
        }
    }

    private static void all(Block in, Block out, int pair, int[] a, int[] b, double weight) {
        int n = in.positions();
        int m = out.positions();
        for (int p = 0; p < m; p++) {
            if (a[p] < 0) {
                continue;
            }
            int from = (pair * n + a[p]) * n;
            int to = (pair * m + p) * m;
            for (int q = 0; q < m; q++) {
                int source = b[q];
                if (source >= 0) {
                    out.k()[to + q] += weight * in.k()[from + source];
                    out.t()[to + q] += weight * in.t()[from + source];
                }
            }
        }
    }

    /** Pooling: first the left positions, then the right ones. */
    static Block apart(Block in, int positions, int[][][] left, int[][][] right, int area, boolean mean, boolean realPixels) {
        Block out = in.empty(positions, Span.ALL);
        int n = in.positions();
        double[] halfK = new double[positions * n];
        double[] halfT = new double[positions * n];
        for (int pair = 0; pair < in.pairs(); pair++) {
            int[][] a = left[in.left(pair)];
            int[][] b = right[in.right(pair)];
            double[] weights1 = weights(a, positions, area, mean, realPixels);
            double[] weights2 = weights(b, positions, area, mean, realPixels);
            java.util.Arrays.fill(halfK, 0);
            java.util.Arrays.fill(halfT, 0);
            for (int[] sources : a) {
                for (int p = 0; p < positions; p++) {
                    for (int q = 0; sources[p] >= 0 && q < n; q++) {
                        halfK[p * n + q] += weights1[p] * in.k()[(pair * n + sources[p]) * n + q];
                        halfT[p * n + q] += weights1[p] * in.t()[(pair * n + sources[p]) * n + q];
                    }
                }
            }
            for (int[] sources : b) {
                for (int p = 0; p < positions; p++) {
                    for (int q = 0; q < positions; q++) {
                        if (sources[q] >= 0) {
                            int to = (pair * positions + p) * positions + q;
                            out.k()[to] += weights2[q] * halfK[p * n + sources[q]];
                            out.t()[to] += weights2[q] * halfT[p * n + sources[q]];
                        }
                    }
                }
            }
        }
        return out;
    }

    /** What each position after a pooling multiplies its sum with. */
    public static double[] weights(int[][] sources, int positions, int area, boolean mean, boolean realPixels) {
        double[] weights = new double[positions];
        for (int p = 0; p < positions; p++) {
            int inside = 0;
            for (int[] o : sources) {
                inside += o[p] >= 0 ? 1 : 0;
            }
            weights[p] = !mean ? 1 : realPixels ? 1.0 / Math.max(1, inside) : 1.0 / area;
        }
        return weights;
    }

    /** The sum over all pairs of positions, over the numbers of real ones for a mean. */
    static Block overAll(Block in, Side left, Side right, boolean mean) {
        Block out = in.empty(1, Span.EQUAL);
        int size = in.size();
        for (int pair = 0; pair < in.pairs(); pair++) {
            double k = 0;
            double t = 0;
            for (int i = pair * size; i < (pair + 1) * size; i++) {
                k += in.k()[i];
                t += in.t()[i];
            }
            double count = mean ? (double) left.length(in.left(pair)) * right.length(in.right(pair)) : 1;
            out.k()[pair] = k / count;
            out.t()[pair] = t / count;
        }
        return out;
    }

    /** The first position with the first. */
    static Block first(Block in) {
        Block out = in.empty(1, Span.EQUAL);
        for (int pair = 0; pair < in.pairs(); pair++) {
            out.k()[pair] = in.k()[pair * in.size()];
            out.t()[pair] = in.t()[pair * in.size()];
        }
        return out;
    }

    /** The side at its first position. */
    static Side meanOfFirst(Side side) {
        if (side.mean() == null) {
            return side.vector(null);
        }
        double[] means = new double[side.count()];
        for (int i = 0; i < means.length; i++) {
            means[i] = side.mean()[i * side.positions()];
        }
        return side.vector(means);
    }

    /** The mean over equal positions. */
    static Block overEqual(Block in) {
        Block equal = in.equalPositions();
        Block out = in.empty(1, Span.EQUAL);
        int n = in.positions();
        for (int pair = 0; pair < in.pairs(); pair++) {
            double k = 0;
            double t = 0;
            for (int i = pair * n; i < (pair + 1) * n; i++) {
                k += equal.k()[i];
                t += equal.t()[i];
            }
            out.k()[pair] = k / n;
            out.t()[pair] = t / n;
        }
        return out;
    }

    /** The side after space is gone. */
    static Side meanOverAll(Side side, boolean mean) {
        if (side.mean() == null) {
            return side.vector(null);
        }
        double[] means = new double[side.count()];
        for (int i = 0; i < side.count(); i++) {
            for (int p = 0; p < side.positions(); p++) {
                means[i] += side.isReal(i, p) ? side.mean()[i * side.positions() + p] / (mean ? side.length(i) : 1) : 0;
            }
        }
        return side.vector(means);
    }
}
