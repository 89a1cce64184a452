package org.ntk4j.inference;

import org.ntk4j.base.Failure;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.SymmetricEigen;

/** Products with functions of K(train, train), given by one factor for each eigendirection. */
final class SpectralFunctions {

    private SpectralFunctions() {
    }

    /** {@code B·Q}, M × n: the rows of a kernel against the training inputs in the eigenbasis. */
    static double[] inBasis(Kernel kTest, SymmetricEigen eigen) {
        OutputRows.requireColumns(kTest, eigen.size());
        return Blas.product(false, true, kTest.rows(), eigen.size(), eigen.size(), kTest.values(), eigen.vectors());
    }

    /** The columns multiplied by one factor each. */
    static double[] scaled(double[] matrix, int columns, double[] factors) {
        double[] scaled = matrix.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factors[i % columns];
        }
        return scaled;
    }

    /** {@code Q diag(factors) Qᵀ}. */
    static double[] function(SymmetricEigen eigen, double[] factors) {
        int n = eigen.size();
        double[] scaled = eigen.vectors().clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factors[i / n];
        }
        return Blas.product(true, false, n, n, n, eigen.vectors(), scaled);
    }

    /** What is left of the residual in each direction, {@code p = 1 − μ·gain}. */
    static double[] left(Problem problem, double[] gains) {
        double[] left = new double[gains.length];
        for (int j = 0; j < left.length; j++) {
            left[j] = 1 - eigenvalue(problem, j) * gains[j];
        }
        return left;
    }

    /** An eigenvalue with the ridge, negative ones as 0. */
    static double eigenvalue(Problem problem, int j) {
        return Math.max(problem.eigen().values()[j] + problem.ridge(), 0);
    }

    /** A covariance, made exactly symmetric. */
    static Kernel covariance(String name, double[] values, int n) {
        double[] symmetric = new double[values.length];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                symmetric[i * n + j] = values[i * n + j] / 2 + values[j * n + i] / 2;
            }
        }
        return Kernel.symmetric(name, n, symmetric);
    }

    /** What has n × n values of its own is made from an eigendecomposition or not at all. */
    static void requireDecomposed(Problem problem, String what) {
        if (!problem.decomposes()) {
            throw Failure.input(what + " on all " + problem.inputs() + " training inputs has " + problem.inputs() + " × " + problem.inputs()
                    + " covariances, from an eigendecomposition that the memory does not hold; ask for some inputs as test inputs: "
                    + "variances(kernel.block(0, 100, 0, n), variances)");
        }
    }

    static double[] requireOnePerRow(double[] variances, Kernel kernel) {
        if (variances.length != kernel.rows()) {
            throw Failure.input(variances.length + " variances for " + kernel.rows() + " test inputs");
        }
        return variances;
    }

    static void requireSquare(String what, Kernel kernel, int size) {
        if (kernel.rows() != size || kernel.columns() != size) {
            throw Failure.input(what + " must be " + size + " × " + size + "; " + kernel.name() + " is " + kernel.rows() + " × "
                    + kernel.columns());
        }
    }

    static void requireRows(String what, Kernel kernel, int rows) {
        if (kernel.rows() != rows) {
            throw Failure.input(what + " must have " + rows + " rows; " + kernel.name() + " has " + kernel.rows());
        }
    }

    /** Variances, of which a negative one is rounding; in place. */
    static double[] notNegative(double[] variances) {
        for (int i = 0; i < variances.length; i++) {
            variances[i] = Math.max(variances[i], 0);
        }
        return variances;
    }
}
