package org.ntk4j.kernel;

import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;
import org.ntk4j.base.Failure;

/**
 * The factor L of a symmetric positive definite matrix {@code A = L Lᵀ}, in float64 (LAPACK), and the matrix itself for products. Both
 * lie in native memory, {@code n(n + 1)} values: row i holds row i of L, to its diagonal, and behind it row i of the matrix, from its
 * diagonal on. To be closed.
 */
public final class Cholesky implements AutoCloseable {

    /** Rows that are solved for at once; what is known then leaves all others by products, which use all threads. */
    private static final int BLOCK = 256;

    private final int n;
    private final int line;
    private final DoublePointer lower;

    private Cholesky(int n, DoublePointer lower) {
        this.n = n;
        this.line = n + 1;
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

    /** About how many seconds {@link #of} takes on this machine; an inverse takes twice as long. */
    public static double seconds(int n) {
        return (double) n * n * n / 3 / Blas.expectedRate();
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
        DoublePointer a = new DoublePointer(n * (n + 1L));
        for (int i = 0; i < n; i++) {
            long at = i * (n + 1L);
            a.position(at).put(matrix, i * n, i + 1);
            a.put(i, matrix[i * n + i] + shift);
            a.position(at + i + 1).put(matrix, i * n + i, n - i);
        }
        return a.position(0);
    }

    private static int factor(DoublePointer a, int n) {
        // The upper triangle by columns is the lower triangle by rows.
        return n == 0 ? 0 : openblas.LAPACKE_dpotrf(openblas.LAPACK_COL_MAJOR, (byte) 'U', n, a, n + 1);
    }

    /**
     * {@code A·B}, from the matrix, not from its factor, and without the shift.
     *
     * @param b {@code n × k}, by rows
     */
    public double[] times(double[] b, int k) {
        double[] product = new double[b.length];
        if (product.length == 0) {
            return product;
        }
        try (DoublePointer right = new DoublePointer(b); DoublePointer result = new DoublePointer((long) b.length)) {
            // Of a product with one vector the matrix is read once, by all threads.
            if (k == 1) {
                openblas.cblas_dsymv(openblas.CblasColMajor, openblas.CblasLower, n, 1, at(1), line, right, 1, 0, result, 1);
            } else {
                openblas.cblas_dsymm(openblas.CblasColMajor, openblas.CblasRight, openblas.CblasLower, k, n, 1, at(1), line, right, k, 0,
                        result, k);
            }
            result.get(product);
        }
        return product;
    }

    /** The diagonal of the inverse. The factor is lost: nothing can be solved with it any more. */
    public double[] inverseDiagonal() {
        invert();
        double[] diagonal = new double[n];
        for (int i = 0; i < n; i++) {
            diagonal[i] = lower.get((long) i * line + i);
        }
        return diagonal;
    }

    /** The logarithm of the determinant. */
    public double logDeterminant() {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += Math.log(lower.get((long) i * line + i));
        }
        return 2 * sum;
    }

    /** The inverse, {@code n × n}. The factor is lost: nothing can be solved with it any more. */
    public double[] inverse() {
        invert();
        double[] all = new double[n * n];
        for (int i = 0; i < n; i++) {
            at((long) i * line).get(all, i * n, i + 1);
            for (int j = 0; j < i; j++) {
                all[j * n + i] = all[i * n + j];
            }
        }
        return all;
    }

    private void invert() {
        if (n > 0) {
            openblas.LAPACKE_dpotri(openblas.LAPACK_COL_MAJOR, (byte) 'U', n, lower, line);
        }
    }

    /** Solves {@code (A + shift·I) X = B} for a B of {@code n × k}, by rows. */
    public double[] solve(double[] b, int k) {
        double[] x = new double[b.length];
        if (x.length == 0) {
            return x;
        }
        try (DoublePointer right = new DoublePointer(b)) {
            for (int from = 0; from < n; from += BLOCK) {
                int some = Math.min(BLOCK, n - from);
                triangle(true, from, some, right, k);
                // The rows of L behind these, at their columns.
                subtract(true, from + some, n - from - some, from, some, right, k);
            }
            for (int from = (n - 1) / BLOCK * BLOCK; from >= 0; from -= BLOCK) {
                int some = Math.min(BLOCK, n - from);
                triangle(false, from, some, right, k);
                subtract(false, 0, from, from, some, right, k);
            }
            right.get(x);
        }
        return x;
    }

    /** Solves with a block on the diagonal of L, or of its transpose. */
    private void triangle(boolean forward, int from, int some, DoublePointer right, int k) {
        openblas.cblas_dtrsm(openblas.CblasRowMajor, openblas.CblasLeft, openblas.CblasLower,
                forward ? openblas.CblasNoTrans : openblas.CblasTrans, openblas.CblasNonUnit, some, k, 1, at((long) from * line + from),
                line, right.getPointer((long) from * k), k);
    }

    /**
     * Takes from {@code height} rows, from {@code to} on, what {@code some} that are solved for, from {@code from} on, contribute to them.
     */
    private void subtract(boolean forward, int to, int height, int from, int some, DoublePointer right, int k) {
        if (height == 0) {
            return;
        }
        DoublePointer known = right.getPointer((long) from * k);
        DoublePointer target = right.getPointer((long) to * k);
        DoublePointer values = at(forward ? (long) to * line + from : (long) from * line + to);
        if (k == 1) {
            openblas.cblas_dgemv(openblas.CblasRowMajor, forward ? openblas.CblasNoTrans : openblas.CblasTrans, forward ? height : some,
                    forward ? some : height, -1, values, line, known, 1, 1, target, 1);
        } else {
            openblas.cblas_dgemm(openblas.CblasRowMajor, forward ? openblas.CblasNoTrans : openblas.CblasTrans, openblas.CblasNoTrans,
                    height, k, some, -1, values, line, known, k, 1, target, k);
        }
    }

    /** Solves {@code (A + shift·I) x = b} for one vector. */
    public double[] solve(double[] b) {
        return solve(b, 1);
    }

    private DoublePointer at(long value) {
        return lower.getPointer(value);
    }

    @Override
    public void close() {
        lower.close();
    }
}
