package org.ntk4j.kernel;

import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;
import org.ntk4j.base.Failure;

/**
 * The factor L of a symmetric positive definite matrix {@code A = L Lᵀ}, in float64 (LAPACK). It lies in native memory, n²
 * values, and is factored in place there; to be closed.
 */
public final class Cholesky implements AutoCloseable {

    private final int n;
    private final DoublePointer lower;

    private Cholesky(int n, DoublePointer lower) {
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
        DoublePointer a = shifted(matrix, n, shift);
        if (factor(a, n) != 0) {
            a.close();
            return Optional.empty();
        }
        return Optional.of(new Cholesky(n, a));
    }

    /** The first pivot of {@code A + shift·I} that is not positive; empty if all are. */
    public static OptionalInt pivot(double[] matrix, int n, double shift) {
        try (DoublePointer a = shifted(matrix, n, shift)) {
            int info = factor(a, n);
            return info == 0 ? OptionalInt.empty() : OptionalInt.of(info - 1);
        }
    }

    private static DoublePointer shifted(double[] matrix, int n, double shift) {
        if ((long) n * n != matrix.length) {
            throw Failure.run(matrix.length + " values are not a matrix of " + n + " × " + n);
        }
        DoublePointer a = new DoublePointer((long) n * n);
        a.put(matrix);
        for (long i = 0; i < n; i++) {
            a.put(i * n + i, matrix[(int) (i * n + i)] + shift);
        }
        return a;
    }

    private static int factor(DoublePointer a, int n) {
        // The upper triangle by columns is the lower triangle by rows.
        return n == 0 ? 0 : openblas.LAPACKE_dpotrf(openblas.LAPACK_COL_MAJOR, (byte) 'U', n, a, n);
    }

    /** The diagonal of the inverse. The factor is lost: nothing can be solved with it any more. */
    public double[] inverseDiagonal() {
        double[] diagonal = new double[n];
        if (n > 0) {
            openblas.LAPACKE_dpotri(openblas.LAPACK_COL_MAJOR, (byte) 'U', n, lower, n);
        }
        for (long i = 0; i < n; i++) {
            diagonal[(int) i] = lower.get(i * n + i);
        }
        return diagonal;
    }

    /** The logarithm of the determinant. */
    public double logDeterminant() {
        double sum = 0;
        for (long i = 0; i < n; i++) {
            sum += Math.log(lower.get(i * n + i));
        }
        return 2 * sum;
    }

    /** The inverse, {@code n × n}. The factor is lost: nothing can be solved with it any more. */
    public double[] inverse() {
        double[] all = new double[n * n];
        if (n > 0) {
            openblas.LAPACKE_dpotri(openblas.LAPACK_COL_MAJOR, (byte) 'U', n, lower, n);
            lower.get(all);
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                all[j * n + i] = all[i * n + j];
            }
        }
        return all;
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
            try (DoublePointer right = new DoublePointer(columns)) {
                openblas.LAPACKE_dpotrs(openblas.LAPACK_COL_MAJOR, (byte) 'U', n, k, lower, n, right, n);
                right.get(columns);
            }
        }
        double[] x = new double[b.length];
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < k; c++) {
                x[i * k + c] = columns[c * n + i];
            }
        }
        return x;
    }

    /** Solves {@code A x = b} for one vector. */
    public double[] solve(double[] b) {
        return solve(b, 1);
    }

    @Override
    public void close() {
        lower.close();
    }
}
