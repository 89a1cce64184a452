package org.ntk4j.moment;

/** Which variances float64 holds to all of its digits: 0, and everything from 2.2e-308 to 1.8e308. */
public final class Float64 {

    private Float64() {
    }

    /** Whether it holds this variance. */
    public static boolean holds(double variance) {
        return variance == 0 || variance >= Double.MIN_NORMAL && variance < Double.POSITIVE_INFINITY;
    }

    /** Whether something has become less than it holds. */
    public static boolean vanished(double before, double after) {
        return before > 0 && after < Double.MIN_NORMAL;
    }

    /** The largest variance of each example, {@code [example][position]} before. */
    static double[] largest(double[] variances, int examples) {
        int n = variances.length / Math.max(1, examples);
        double[] largest = new double[examples];
        for (int i = 0; i < variances.length; i++) {
            // A NaN stays.
            largest[i / n] = variances[i] > largest[i / n] || Double.isNaN(variances[i]) ? variances[i] : largest[i / n];
        }
        return largest;
    }
}
