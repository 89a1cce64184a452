package org.ntk4j.kernel;

/**
 * Label alignment on the test set as Atanasov et al. 2022 define it, {@code Σ_c y_cᵀ K y_c/(‖y‖² tr K)}: beside the one of the training
 * set, whose norm is Frobenius'.
 */
public final class TestAlignment {

    private TestAlignment() {
    }

    /** Of K(test, test). */
    public static double of(Kernel kernel, double[][] y) {
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < y.length; i++) {
            double[] row = kernel.row(i);
            for (int c = 0; c < y[i].length; c++) {
                squares += y[i][c] * y[i][c];
                for (int j = 0; j < y.length; j++) {
                    sum += y[i][c] * row[j] * y[j][c];
                }
            }
        }
        return sum / squares / kernel.trace();
    }

    /** The kernel of training and test inputs together. */
    public static Kernel joined(Kernel train, Kernel test, Kernel among) {
        int n = train.rows();
        int all = n + among.rows();
        double[] values = new double[Math.multiplyExact(all, all)];
        for (int i = 0; i < all; i++) {
            for (int j = 0; j <= i; j++) {
                double value = i < n ? train.get(i, j) : j < n ? test.get(i - n, j) : among.get(i - n, j - n);
                values[i * all + j] = value;
                values[j * all + i] = value;
            }
        }
        return Kernel.symmetric(train.name(), all, values);
    }

    /** Rows of both, one after the other. */
    public static double[][] joined(double[][] a, double[][] b) {
        double[][] all = new double[a.length + b.length][];
        System.arraycopy(a, 0, all, 0, a.length);
        System.arraycopy(b, 0, all, a.length, b.length);
        return all;
    }
}
