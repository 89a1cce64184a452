package org.ntk4j.moment;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.base.Failure;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.rows.ArcPairs;
import org.ntk4j.rows.Rows;

/** Takes the expectations of an activation over the blocks of a tile, in runs that stay in the first-level cache. */
final class Activating {

    private static final int RUN = 512;

    private final Nonlinearity phi;
    private final String where;
    private final @Nullable Arc form;
    private final Rows<double[]> rows = Rows.float64();

    Activating(Nonlinearity phi, String where) {
        this.phi = phi;
        this.where = where;
        this.form = phi.arc().orElse(null);
    }

    /**
     * @param q1 variances of the left examples, {@code [example][position]}
     * @param q2 variances of the right examples
     */
    Block of(Block in, double[] q1, double[] q2, Side left, Side right) {
        int positions = in.positions();
        double[] scales1 = scales(q1);
        double[] scales2 = q2 == q1 ? scales1 : scales(q2);
        Block out = in.with(new double[in.k().length], new double[in.k().length]);
        // A line is a run of pairs whose left variance is one number, or whose variances run side by side.
        boolean rows = in.columns() > 0 && positions == 1;
        int line = rows ? in.columns() : positions;
        int lines = in.k().length / Math.max(1, line);
        boolean all = in.span() == Span.ALL && !rows;
        int perRun = Math.max(1, RUN / line);
        Pairs pairs = new Pairs(perRun * line);
        ArcPairs arcs = form == null ? null : new ArcPairs(form, phi, pairs, this.rows, ArcPairs.holds(q1) && ArcPairs.holds(q2));
        for (int first = 0; first < lines; first += perRun) {
            int last = Math.min(lines, first + perRun);
            for (int l = first; l < last; l++) {
                int at = (l - first) * line;
                if (rows) {
                    constant(pairs, at, line, q1[l], scales1[l]);
                    right(pairs, at, line, q2, scales2, 0);
                } else if (all) {
                    int pair = l / positions;
                    int left1 = in.left(pair) * positions + l % positions;
                    constant(pairs, at, line, q1[left1], scales1[left1]);
                    right(pairs, at, line, q2, scales2, in.right(pair) * positions);
                } else {
                    System.arraycopy(q1, in.left(l) * positions, pairs.q11, at, line);
                    System.arraycopy(scales1, in.left(l) * positions, pairs.scale1, at, line);
                    right(pairs, at, line, q2, scales2, in.right(l) * positions);
                }
            }
            int from = first * line;
            pairs.n = (last - first) * line;
            System.arraycopy(in.k(), from, pairs.q12, 0, pairs.n);
            expectations(pairs, arcs);
            System.arraycopy(pairs.value, 0, out.k(), from, pairs.n);
            double[] t = out.t();
            double[] old = in.t();
            double[] slope = pairs.slope;
            for (int i = 0; i < pairs.n; i++) {
                t[from + i] = old[from + i] * slope[i];
            }
        }
        return Masks.zero(out, left, right);
    }

    private void expectations(Pairs pairs, @Nullable ArcPairs arcs) {
        try {
            if (arcs != null) {
                arcs.take();
            } else {
                phi.expectations(pairs);
            }
        } catch (Failure e) {
            throw Failure.run(where + ": " + e.getMessage());
        }
    }

    private static void constant(Pairs pairs, int at, int length, double q, double scale) {
        Arrays.fill(pairs.q11, at, at + length, q);
        Arrays.fill(pairs.scale1, at, at + length, scale);
    }

    private static void right(Pairs pairs, int at, int length, double[] q, double[] scales, int from) {
        System.arraycopy(q, from, pairs.q22, at, length);
        System.arraycopy(scales, from, pairs.scale2, at, length);
    }

    private static double[] scales(double[] q) {
        double[] scales = new double[q.length];
        for (int i = 0; i < q.length; i++) {
            scales[i] = Pairs.scale(q[i]);
        }
        return scales;
    }

    /** E φ(u) at every position; null if it is 0 everywhere. */
    double @Nullable [] means(double[] q, Side side) {
        double[] means = new double[q.length];
        boolean any = false;
        for (int i = 0; i < q.length; i++) {
            boolean real = side.isReal(i / side.positions(), i % side.positions());
            means[i] = real ? phi.mean(q[i]) : 0;
            any |= means[i] != 0;
        }
        return any ? means : null;
    }
}
