package org.ntk4j.kernel;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;

/**
 * The eigendecomposition {@code A = Σ_j λ_j q_j q_jᵀ} of a symmetric matrix in float64 (LAPACK's divide and conquer).
 * Only one triangle of the matrix is read.
 */
public final class SymmetricEigen {

    /** Over the cube of its rows. */
    private static final double OPERATIONS = 12;

    private final double[] values;
    private final double[] vectors;

    private SymmetricEigen(double[] values, double[] vectors) {
        this.values = values;
        this.vectors = vectors;
    }

    /**
     * Eigenvalues and eigenvectors; beside the matrix about three times n² values of memory while it works.
     *
     * @param matrix {@code n × n}; not changed
     */
    public static SymmetricEigen of(double[] matrix, int n) {
        double[] vectors = new double[matrix.length];
        return new SymmetricEigen(decompose('V', matrix, n, vectors), vectors);
    }

    /** About how many seconds {@link #of} takes on this machine. */
    public static double seconds(int n) {
        return OPERATIONS * n * n * n / Blas.expectedRate();
    }

    /** The eigenvalues alone, ascending: several times faster. */
    public static double[] valuesOf(double[] matrix, int n) {
        return decompose('N', matrix, n, null);
    }

    /**
     * A symmetric tridiagonal matrix, {@code m × m}.
     *
     * @param diagonal m values
     * @param beside   the values beside it, at least {@code m − 1}; what is more is not looked at
     */
    public static double[] tridiagonal(double[] diagonal, double[] beside) {
        int m = diagonal.length;
        double[] t = new double[m * m];
        for (int i = 0; i < m; i++) {
            t[i * m + i] = diagonal[i];
            if (i + 1 < m) {
                t[i * m + i + 1] = beside[i];
                t[(i + 1) * m + i] = beside[i];
            }
        }
        return t;
    }

    private static double[] decompose(char job, double[] matrix, int n, double @Nullable [] vectors) {
        if ((long) n * n != matrix.length) {
            throw Failure.run(matrix.length + " values are not a matrix of " + n + " × " + n);
        }
        double[] values = new double[n];
        if (n == 0) {
            return values;
        }
        // Column-major, so that LAPACKE does not transpose: the matrix is its own transpose, and vector j lies in row j.
        try (DoublePointer a = new DoublePointer(matrix); DoublePointer lambda = new DoublePointer((long) n)) {
            int info = openblas.LAPACKE_dsyevd(openblas.LAPACK_COL_MAJOR, (byte) job, (byte) 'U', n, a, n, lambda);
            if (info != 0) {
                throw Failure.run("the eigendecomposition of a " + n + " × " + n + " matrix failed: LAPACK dsyevd returned " + info);
            }
            lambda.get(values);
            if (vectors != null) {
                a.get(vectors);
            }
        }
        return values;
    }

    /** The number of rows. */
    public int size() {
        return values.length;
    }

    /** The eigenvalues, ascending. Not a copy: not to be changed. */
    public double[] values() {
        return values;
    }

    /** The eigenvectors, of length 1: row j belongs to value j. Not a copy: not to be changed. */
    public double[] vectors() {
        return vectors;
    }

    /** The smallest eigenvalue; 0 for an empty matrix. */
    public double smallest() {
        return values.length == 0 ? 0 : values[0];
    }

    /** The largest eigenvalue; 0 for an empty matrix. */
    public double largest() {
        return values.length == 0 ? 0 : values[values.length - 1];
    }

    /**
     * Below this size an eigenvalue is taken for rounding: {@code n·epsilon·|λ|_max}, or the most negative eigenvalue's size
     * where that is more (a tangent kernel is positive semidefinite, so a negative eigenvalue measures the error).
     *
     * @param epsilon relative error of the matrix's entries: 2⁻⁵² in float64, 2⁻²³ in float32
     */
    public double cutoff(double epsilon) {
        return Math.max(size() * epsilon * Math.max(Math.abs(smallest()), Math.abs(largest())), -smallest());
    }

    /** Coordinates in the eigenbasis, {@code Qᵀ b}: {@code n × k} for a b of {@code n × k}. */
    public double[] project(double[] b, int k) {
        return Blas.product(false, false, size(), k, size(), vectors, b);
    }

    /** Back from the eigenbasis, {@code Q c}: {@code n × k} for a c of {@code n × k}. */
    public double[] combine(double[] c, int k) {
        return Blas.product(true, false, size(), k, size(), vectors, c);
    }
}
