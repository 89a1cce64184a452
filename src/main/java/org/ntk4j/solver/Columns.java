package org.ntk4j.solver;

/** The columns of {@code n × k} values by rows: their sums, and some of them. */
public final class Columns {

    private Columns() {
    }

    /** The inner product of each column of a with the same of b. */
    static double[] dots(double[] a, double[] b, int k) {
        double[] sums = new double[k];
        for (int i = 0; i < a.length; i += k) {
            for (int c = 0; c < k; c++) {
                sums[c] += a[i + c] * b[i + c];
            }
        }
        return sums;
    }

    /** The length of each column. */
    static double[] norms(double[] a, int k) {
        double[] largest = new double[k];
        for (int i = 0; i < a.length; i += k) {
            for (int c = 0; c < k; c++) {
                largest[c] = Math.max(largest[c], Math.abs(a[i + c]));
            }
        }
        double[] sums = new double[k];
        for (int i = 0; i < a.length; i += k) {
            for (int c = 0; c < k; c++) {
                double v = largest[c] == 0 ? 0 : a[i + c] / largest[c];
                sums[c] += v * v;
            }
        }
        for (int c = 0; c < k; c++) {
            sums[c] = largest[c] * Math.sqrt(sums[c]);
        }
        return sums;
    }

    /** {@code y ← y + s·x}, one s for each column. */
    static void add(double[] y, double[] s, double[] x, int k) {
        for (int i = 0; i < y.length; i += k) {
            for (int c = 0; c < k; c++) {
                y[i + c] += s[c] * x[i + c];
            }
        }
    }

    /** {@code y ← x + s·y}, one s for each column. */
    static void scaleAdd(double[] y, double[] s, double[] x, int k) {
        for (int i = 0; i < y.length; i += k) {
            for (int c = 0; c < k; c++) {
                y[i + c] = x[i + c] + s[c] * y[i + c];
            }
        }
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
