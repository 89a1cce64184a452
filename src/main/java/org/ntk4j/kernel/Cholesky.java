package org.ntk4j.kernel;

import java.util.Optional;
import org.bytedeco.openblas.global.openblas;
import org.ntk4j.Failure;

/** The factor L of a symmetric positive definite matrix {@code A = L Lᵀ}, in float64 (LAPACK). */
public final class Cholesky {

    private final int n;
    private final double[] lower;

    private Cholesky(int n, double[] lower) {
        this.n = n;
        this.lower = lower;
    }

    /**
     * Factors {@code A + shift·I}.
     *
     * @param matrix {@code n × n}, symmetric; not changed
     * @return empty if the matrix is not positive definite to rounding
     */
    public static Optional<Cholesky> of(double[] matrix, int n, double shift) {
        if ((long) n * n != matrix.length) {
            throw Failure.run(matrix.length + " values are not a matrix of " + n + " × " + n);
        }
        double[] a = matrix.clone();
        for (int i = 0; i < n; i++) {
            a[i * n + i] += shift;
        }
        if (n == 0) {
            return Optional.of(new Cholesky(0, a));
        }
        // The upper triangle by columns is the lower triangle by rows.
        int info = openblas.LAPACKE_dpotrf(openblas.LAPACK_COL_MAJOR, (byte) 'U', n, a, n);
        return info == 0 ? Optional.of(new Cholesky(n, a)) : Optional.empty();
    }

    /** Solves {@code A X = B} for a B of {@code n × k}, by rows. */
    public double[] solve(double[] b, int k) {
        double[] columns = new double[b.length];
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < k; c++) {
                columns[c * n + i] = b[i * k + c];
            }
        }
        if (n > 0 && k > 0) {
            openblas.LAPACKE_dpotrs(openblas.LAPACK_COL_MAJOR, (byte) 'U', n, k, lower, n, columns, n);
        }
        double[] x = new double[b.length];
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < k; c++) {
                x[i * k + c] = columns[c * n + i];
            }
        }
        return x;
    }

    /** Solves {@code A x = b} for one vector, in Java: without the copy of the factor to native memory. */
    public double[] solve(double[] b) {
        double[] x = b.clone();
        for (int i = 0; i < n; i++) {
            double sum = x[i];
            for (int j = 0, at = i * n; j < i; j++) {
                sum -= lower[at + j] * x[j];
            }
            x[i] = sum / lower[i * n + i];
        }
        for (int i = n - 1; i >= 0; i--) {
            double value = x[i] / lower[i * n + i];
            x[i] = value;
            for (int j = 0, at = i * n; j < i; j++) {
                x[j] -= lower[at + j] * value;
            }
        }
        return x;
    }
}
