package org.ntk4j.rows;

import java.util.Arrays;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Pairs;

/** Takes a closed form over runs of any pairs, as the engines for rows take it: to the same digits. */
public final class ArcPairs {

    private static final double LEAST = 1e-140;
    private static final double MOST = 1e140;

    private final Arc form;
    private final Nonlinearity phi;
    private final Pairs pairs;
    private final Rows<double[]> rows;
    private final boolean held;
    private final Pairs one = new Pairs(1);
    private final double[] unit = {1};
    private final double[] k;
    private final double[] t;
    private final double[] q;
    private final double[] g;
    private final double[] rest;

    /** @param held whether the products of all variances lie in the range of float64 */
    public ArcPairs(Arc form, Nonlinearity phi, Pairs pairs, Rows<double[]> rows, boolean held) {
        this.form = form;
        this.phi = phi;
        this.pairs = pairs;
        this.rows = rows;
        this.held = held;
        int size = pairs.q11.length + rows.lanes();
        this.k = new double[size];
        this.t = new double[size];
        this.q = new double[size];
        this.g = new double[size];
        this.rest = new double[size];
        Arrays.fill(rest, form.flat());
    }

    /** Whether the products of these variances lie in the range of float64, and far from its ends. */
    public static boolean holds(double[] variances) {
        return Arrays.stream(variances).allMatch(ArcPairs::holds);
    }

    /** Whether this variance is 0 or between 1e-140 and 1e140. */
    public static boolean holds(double q) {
        return q == 0 || q >= LEAST && q <= MOST;
    }

    /** Writes both expectations of the pairs. */
    public void take() {
        int n = pairs.n;
        double[] q11 = pairs.q11;
        double[] q22 = pairs.q22;
        for (int i = 0; i < n; i++) {
            g[i] = Arc.inverseRoot(q22[i]) * Arc.inverseRoot(q11[i]);
        }
        for (int i = 0; i < n; i++) {
            q[i] = q22[i] * q11[i];
        }
        System.arraycopy(pairs.q12, 0, k, 0, n);
        Arrays.fill(t, 0, n, 1);
        rows.activate(form, k, t, 0, (n + rows.lanes() - 1) / rows.lanes(), unit, unit, 0, 0, q, g, rest, 0, rows.lanes());
        System.arraycopy(k, 0, pairs.value, 0, n);
        System.arraycopy(t, 0, pairs.slope, 0, n);
        for (int i = 0; i < n && !held; i++) {
            if (!holds(q11[i]) || !holds(q22[i])) {
                alone(i);
            }
        }
    }

    /** A pair whose variances need scaling first. */
    private void alone(int i) {
        one.n = 1;
        one.q11[0] = pairs.q11[i];
        one.q22[0] = pairs.q22[i];
        one.q12[0] = pairs.q12[i];
        one.scale1[0] = pairs.scale1[i];
        one.scale2[0] = pairs.scale2[i];
        phi.expectations(one);
        pairs.value[i] = one.value[0];
        pairs.slope[i] = one.slope[0];
    }
}
