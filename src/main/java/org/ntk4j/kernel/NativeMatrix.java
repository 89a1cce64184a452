package org.ntk4j.kernel;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;

/** A matrix kept in native memory, for many products with thin ones: {@link Blas} would copy it each time. */
public final class NativeMatrix implements KernelProduct {

    private final int rows;
    private final int columns;
    private final DoublePointer values;

    private NativeMatrix(int rows, int columns, DoublePointer values) {
        this.rows = rows;
        this.columns = columns;
        this.values = values;
    }

    /** A copy of a kernel's values. */
    public static NativeMatrix of(Kernel kernel) {
        return new NativeMatrix(kernel.rows(), kernel.columns(), new DoublePointer(kernel.values()));
    }

    @Override
    public int rows() {
        return rows;
    }

    @Override
    public int columns() {
        return columns;
    }

    @Override
    public double[] times(double[] b, int k) {
        double[] product = new double[Math.multiplyExact(rows, k)];
        if (product.length == 0 || columns == 0) {
            return product;
        }
        try (DoublePointer right = new DoublePointer(b); DoublePointer result = new DoublePointer((long) rows * k)) {
            // Of a product with one vector the matrix is read once, by all threads.
            if (k == 1) {
                openblas.cblas_dgemv(openblas.CblasRowMajor, openblas.CblasNoTrans, rows, columns, 1, values, columns, right, 1, 0,
                        result, 1);
                result.get(product);
                return product;
            }
            openblas.cblas_dgemm(openblas.CblasRowMajor, openblas.CblasNoTrans, openblas.CblasNoTrans, rows, k, columns, 1,
                    values, columns, right, k, 0, result, k);
            result.get(product);
        }
        return product;
    }

    @Override
    public void close() {
        values.close();
    }
}
