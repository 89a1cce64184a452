package org.ntk4j.kernel;

/** Arithmetic of vectors of one length. */
public final class Vectors {

    private Vectors() {
    }

    /** The inner product. */
    public static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    /** The Euclidean length, without overflow of the squares. */
    public static double norm(double[] x) {
        double largest = 0;
        for (double value : x) {
            largest = Math.max(largest, Math.abs(value));
        }
        if (largest == 0) {
            return 0;
        }
        double sum = 0;
        for (double value : x) {
            sum += value / largest * (value / largest);
        }
        return largest * Math.sqrt(sum);
    }

    /** A vector multiplied by a factor. */
    public static double[] scaled(double[] a, double factor) {
        double[] b = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            b[i] = factor * a[i];
        }
        return b;
    }

    /** {@code from ← from − times·what}. */
    public static void subtract(double[] from, double[] what, double times) {
        for (int i = 0; i < from.length; i++) {
            from[i] -= times * what[i];
        }
    }
}
