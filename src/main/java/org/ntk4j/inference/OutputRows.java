package org.ntk4j.inference;

import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelProduct;

/** Between rows of values, as the user has them, and flat row-major arrays, as the linear algebra has them; with checks. */
final class OutputRows {

    private OutputRows() {
    }

    /** The number of outputs: the length that all rows share, at least 1. */
    static int width(String what, double[][] rows) {
        int width = rows.length == 0 ? 0 : rows[0].length;
        if (width == 0) {
            throw Failure.input(what + ": there is no value; one row for each input and one column for each output are needed");
        }
        return width;
    }

    /** The rows in one array, checked: their number, their length, and that every value is finite. */
    static double[] flat(String what, double[][] rows, int count, int width) {
        if (rows.length != count) {
            throw Failure.input(what + ": " + rows.length + " rows for " + count + " inputs");
        }
        double[] flat = new double[Math.multiplyExact(count, width)];
        for (int i = 0; i < count; i++) {
            if (rows[i].length != width) {
                throw Failure.input(what + ": row " + i + " has " + rows[i].length + " values instead of " + width);
            }
            for (int c = 0; c < width; c++) {
                if (!Double.isFinite(rows[i][c])) {
                    throw Failure.input(what + ": the value at row " + i + ", column " + c + " is " + rows[i][c]);
                }
                flat[i * width + c] = rows[i][c];
            }
        }
        return flat;
    }

    /** Rows of a flat array; a value that is not finite is an error, so that none gets out unnoticed. */
    static double[][] unflat(String what, double[] flat, int count, int width) {
        double[][] rows = new double[count][width];
        for (int i = 0; i < count; i++) {
            for (int c = 0; c < width; c++) {
                double value = flat[i * width + c];
                if (!Double.isFinite(value)) {
                    throw Failure.run(what + ": the value for input " + i + ", output " + c + " is " + value
                            + ": the numbers left the range of float64");
                }
                rows[i][c] = value;
            }
        }
        return rows;
    }

    /** {@code offset + K·weights}, the offset absent or of the same shape. */
    static double[] predict(Kernel kernel, double[] weights, int width, double @Nullable [] offset, Resources resources) {
        double[] f = offset == null ? new double[kernel.rows() * width] : offset.clone();
        if (!kernel.isInHeap()) {
            try (KernelProduct product = kernel.product(resources.threads(), resources.monitor())) {
                double[] values = product.times(weights, width);
                for (int i = 0; i < f.length; i++) {
                    f[i] += values[i];
                }
            }
            return f;
        }
        Blas.gemm(false, false, kernel.rows(), width, kernel.columns(), 1, kernel.values(), weights, 1, f);
        return f;
    }

    /** Checks that a kernel has a column for each training input. */
    static void requireColumns(Kernel kTest, int n) {
        if (kTest.columns() != n) {
            throw Failure.input("K(test, train) needs one row for each test input and one column for each of the " + n
                    + " training inputs; " + kTest.name() + " is " + kTest.rows() + " × " + kTest.columns());
        }
    }

    static double[][] copy(double[][] rows) {
        double[][] copy = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            copy[i] = rows[i].clone();
        }
        return copy;
    }

    static double[] minus(double[] a, double[] b) {
        double[] c = a.clone();
        for (int i = 0; i < c.length; i++) {
            c[i] -= b[i];
        }
        return c;
    }
}
