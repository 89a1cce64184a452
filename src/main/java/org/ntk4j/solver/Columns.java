package org.ntk4j.solver;

import java.util.Arrays;
import org.ntk4j.kernel.Vectors;

/** The columns of {@code n × k} values by rows: their sums, and some of them. */
public final class Columns {

    /** So many values make a loop that is worth its beginning. */
    private static final int LONG = 256;
    /** Squares below this, or above its inverse, have lost digits, or may have. */
    private static final double LEAST = 1e-280;

    private Columns() {
    }

    /** The inner product of each column of a with the same of b. */
    static double[] dots(double[] a, double[] b, int k) {
        double[] sums = new double[block(k)];
        for (int at = 0; at < a.length; at += sums.length) {
            int some = Math.min(sums.length, a.length - at);
            for (int i = 0; i < some; i++) {
                sums[i] += a[at + i] * b[at + i];
            }
        }
        double[] dots = new double[k];
        for (int i = 0; i < sums.length; i++) {
            dots[i % k] += sums[i];
        }
        return dots;
    }

    /** The length of each column. */
    static double[] norms(double[] a, int k) {
        double[] norms = dots(a, a, k);
        for (int c = 0; c < k; c++) {
            norms[c] = norms[c] > LEAST && norms[c] < 1 / LEAST ? Math.sqrt(norms[c]) : Vectors.norm(part(a, k, c, c + 1));
        }
        return norms;
    }

    /** {@code y ← y + s·x}, one s for each column. */
    static void add(double[] y, double[] s, double[] x, int k) {
        double[] factors = repeated(s, k);
        for (int at = 0; at < y.length; at += factors.length) {
            int some = Math.min(factors.length, y.length - at);
            for (int i = 0; i < some; i++) {
                y[at + i] += factors[i] * x[at + i];
            }
        }
    }

    /** The inner product of each column of a with one vector. */
    static double[] along(double[] a, double[] vector, int k) {
        double[] sums = new double[k];
        for (int i = 0, at = 0; i < vector.length; i++, at += k) {
            for (int c = 0; c < k; c++) {
                sums[c] += a[at + c] * vector[i];
            }
        }
        return sums;
    }

    /** {@code y ← y + sign·s·vector}, one s for each column. */
    static void addAlong(double[] y, double[] s, int sign, double[] vector, int k) {
        for (int i = 0, at = 0; i < vector.length; i++, at += k) {
            double value = sign * vector[i];
            for (int c = 0; c < k; c++) {
                y[at + c] += s[c] * value;
            }
        }
    }

    /** {@code y ← x + s·y}, one s for each column. */
    static void scaleAdd(double[] y, double[] s, double[] x, int k) {
        double[] factors = repeated(s, k);
        for (int at = 0; at < y.length; at += factors.length) {
            int some = Math.min(factors.length, y.length - at);
            for (int i = 0; i < some; i++) {
                y[at + i] = x[at + i] + factors[i] * y[at + i];
            }
        }
    }

    /** Whole rows that go together, so that what is done to them is done by vector instructions: how many values they have. */
    private static int block(int k) {
        return (LONG + k - 1) / k * k;
    }

    private static double[] repeated(double[] s, int k) {
        double[] all = new double[block(k)];
        Arrays.setAll(all, i -> s[i % k]);
        return all;
    }

    /** Columns a, {@code n × k} by rows, with columns b, {@code n × c}, behind them. */
    public static double[] beside(double[] a, int k, double[] b, int c) {
        int n = a.length / k;
        double[] both = new double[Math.multiplyExact(n, k + c)];
        for (int i = 0; i < n; i++) {
            System.arraycopy(a, i * k, both, i * (k + c), k);
            System.arraycopy(b, i * c, both, i * (k + c) + k, c);
        }
        return both;
    }

    /** The columns {@code from} to before {@code to} of {@code n × k} values. */
    public static double[] part(double[] a, int k, int from, int to) {
        int n = a.length / k;
        double[] part = new double[n * (to - from)];
        for (int i = 0; i < n; i++) {
            System.arraycopy(a, i * k + from, part, i * (to - from), to - from);
        }
        return part;
    }
}
