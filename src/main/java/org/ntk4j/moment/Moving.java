package org.ntk4j.moment;

import java.util.function.IntFunction;
import org.ntk4j.positions.PositionMap;

/** Maps of positions on blocks: {@code K' = T₁ K T₂ᵀ}, Θ alike. */
final class Moving {

    private Moving() {
    }

    /**
     * A block whose left and right examples each have a map, all of the same size.
     *
     * @param picks whether all maps pick positions: then equal positions are enough
     */
    static Block apply(Block in, int positions, boolean picks, IntFunction<PositionMap> left, IntFunction<PositionMap> right) {
        if (in.span() == Span.EQUAL && !picks) {
            throw new IllegalStateException("a map of positions needs all pairs of them");
        }
        Block out = in.empty(positions, in.span());
        double[] half = new double[positions * in.positions()];
        for (int pair = 0; pair < in.pairs(); pair++) {
            PositionMap t1 = left.apply(in.left(pair));
            PositionMap t2 = right.apply(in.right(pair));
            int from = pair * in.size();
            int to = pair * out.size();
            if (in.span() == Span.EQUAL) {
                t1.apply(in.k(), from, out.k(), to);
                t1.apply(in.t(), from, out.t(), to);
            } else {
                bothSides(t1, t2, in.k(), from, half, out.k(), to);
                bothSides(t1, t2, in.t(), from, half, out.t(), to);
            }
        }
        return out;
    }

    private static void bothSides(PositionMap t1, PositionMap t2, double[] values, int from, double[] half, double[] to, int at) {
        int n = t1.before();
        int m = t1.after();
        for (int p = 0; p < m; p++) {
            int[] sources = t1.sources(p);
            double[] weights = t1.weights(p);
            java.util.Arrays.fill(half, p * n, (p + 1) * n, 0);
            for (int s = 0; s < sources.length; s++) {
                for (int q = 0; q < n; q++) {
                    half[p * n + q] += weights[s] * values[from + sources[s] * n + q];
                }
            }
        }
        for (int p = 0; p < m; p++) {
            t2.apply(half, p * n, to, at + p * m);
        }
    }

    /** The side after the same map for every example; positions that were padding stay padding. */
    static Side side(Side side, PositionMap map, String where) {
        int n = side.positions();
        int m = map.after();
        double[] mean = side.mean() == null ? null : new double[side.count() * m];
        double[] real = side.real() == null ? null : new double[side.count() * m];
        boolean padding = false;
        for (int i = 0; i < side.count(); i++) {
            double[] own = side.mean();
            if (mean != null && own != null) {
                map.apply(own, i * n, mean, i * m);
            }
            double[] ownReal = side.real();
            if (real != null && ownReal != null) {
                map.apply(ownReal, i * n, real, i * m);
                boolean any = false;
                for (int p = i * m; p < (i + 1) * m; p++) {
                    any |= real[p] != 0;
                    padding |= real[p] == 0;
                }
                if (!any) {
                    throw org.ntk4j.base.Failure.input(where
                            + ": slice leaves an example nothing but padding; leave at least one of its real positions, or leave the "
                            + "example out");
                }
            }
        }
        return new Side(side.count(), m, mean, padding ? real : null, null);
    }
}
