package org.ntk4j.gaussian;

import java.util.Arrays;

/**
 * A run of pairs (u, v) of Gaussian preactivations with zero mean, for an activation to take expectations over. An
 * activation reads {@link #q11}, {@link #q22} and {@link #q12} (or the correlation) of the first {@link #n} pairs and
 * writes {@link #value} and {@link #slope}. Belongs to one thread; the arrays are used again for the next run.
 */
public final class Pairs {

    /** The number of pairs in this run. */
    public int n;
    /** Variance of u, of v, and their covariance. */
    public final double[] q11;
    public final double[] q22;
    public final double[] q12;
    /** To be written: E[φ(u)φ(v)] and E[φ'(u)φ'(v)]. */
    public final double[] value;
    public final double[] slope;
    /** Correlation in [−1, 1] and √(q11 q22); filled by {@link #correlate()}. */
    public final double[] rho;
    public final double[] amplitude;
    /** Room for intermediate values. */
    public final double[] work;
    /** Room for the arc tangent: twice as long as the rest. */
    public final double[] scratch;

    public final double[] scale1;
    public final double[] scale2;

    /** Room for runs of up to this many pairs. */
    public Pairs(int most) {
        q11 = new double[most];
        q22 = new double[most];
        q12 = new double[most];
        value = new double[most];
        slope = new double[most];
        rho = new double[most];
        amplitude = new double[most];
        work = new double[most];
        scratch = new double[2 * most];
        scale1 = new double[most];
        scale2 = new double[most];
        Arrays.fill(scale1, 1);
        Arrays.fill(scale2, 1);
    }

    /** Pairs with these variances and covariances. */
    public static Pairs of(double[] q11, double[] q22, double[] q12) {
        Pairs pairs = new Pairs(q11.length);
        pairs.n = q11.length;
        for (int i = 0; i < pairs.n; i++) {
            pairs.q11[i] = q11[i];
            pairs.q22[i] = q22[i];
            pairs.q12[i] = q12[i];
            pairs.scale1[i] = scale(q11[i]);
            pairs.scale2[i] = scale(q22[i]);
        }
        return pairs;
    }

    /**
     * Fills {@link #rho} and {@link #amplitude}. The variances are first scaled by powers of two to between 1 and 4, which
     * is exact: nothing overflows or underflows for inputs between 1e-150 and 1e150, and equal rows have a correlation of
     * exactly 1, because √(q·q) is exactly q. A variance of 0 has correlation 0.
     */
    public void correlate() {
        for (int i = 0; i < n; i++) {
            work[i] = scale1[i] * scale2[i];
        }
        for (int i = 0; i < n; i++) {
            amplitude[i] = Math.sqrt((q11[i] * scale1[i] * scale1[i]) * (q22[i] * scale2[i] * scale2[i]));
        }
        for (int i = 0; i < n; i++) {
            rho[i] = q12[i] * scale1[i] * scale2[i] / Math.max(amplitude[i], Double.MIN_NORMAL);
        }
        for (int i = 0; i < n; i++) {
            rho[i] = Math.max(-1, Math.min(1, rho[i]));
        }
        for (int i = 0; i < n; i++) {
            amplitude[i] /= work[i];
        }
    }

    /** The power of two g such that q·g² lies between 1 and 4; 1 for q = 0. */
    public static double scale(double q) {
        if (q == 0) {
            return 1;
        }
        return Math.scalb(1.0, -Math.floorDiv(Math.getExponent(q), 2));
    }
}
