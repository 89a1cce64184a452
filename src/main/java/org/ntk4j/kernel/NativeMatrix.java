package org.ntk4j.kernel;

import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;

/** A matrix kept in native memory, for many products with thin ones: {@link Blas} would copy it each time. */
public final class NativeMatrix implements KernelProduct {

    /** Columns of a product that stand beside the matrix whose place it takes. */
    public static final int COLUMNS = 4096;

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
        return of(kernel.values(), kernel.rows(), kernel.columns());
    }

    /** A copy of {@code rows × columns} values, by rows. */
    public static NativeMatrix of(double[] values, int rows, int columns) {
        return new NativeMatrix(rows, columns, new DoublePointer(values));
    }

    /** With arbitrary values until rows are put there. */
    public static NativeMatrix empty(int rows, int columns) {
        return new NativeMatrix(rows, columns, new DoublePointer((long) rows * columns));
    }

    /** Writes {@code count} rows, from {@code row} on, which begin at a place of an array. */
    public void put(int row, int count, double[] from, int at) {
        values.getPointer((long) row * columns).put(from, at, count * columns);
    }

    /** Reads part of a row. */
    public void get(int row, int from, int count, double[] to, int at) {
        values.getPointer((long) row * columns + from).get(to, at, count);
    }

    /** One value. */
    public double get(int row, int column) {
        return values.get((long) row * columns + column);
    }

    /** The first rows, in place: closing either closes both. */
    public NativeMatrix first(int count) {
        return new NativeMatrix(count, columns, values);
    }

    /**
     * Takes from a matrix the product of another with the first rows of this one.
     *
     * @param target {@code height × columns}, by rows
     * @param left   {@code height × depth}, by rows
     */
    public void subtract(double[] target, double[] left, int height, int depth) {
        if (height == 0 || depth == 0) {
            return;
        }
        try (DoublePointer factor = new DoublePointer(left); DoublePointer result = new DoublePointer(target)) {
            openblas.cblas_dgemm(openblas.CblasRowMajor, openblas.CblasNoTrans, openblas.CblasNoTrans, height, columns, depth, -1, factor,
                    depth, values, columns, 1, result, columns);
            result.get(target);
        }
    }

    /**
     * Puts the product with another on its left in the place of the first rows, some columns at a time.
     *
     * @param left {@code height × rows}, by rows, of no more height than rows
     * @return the product, in place: what else was here is not to be used any more, closing either closes both
     */
    public NativeMatrix replacedByProduct(double[] left, int height) {
        if (height == 0 || columns == 0) {
            return first(height);
        }
        int most = Math.min(COLUMNS, columns);
        try (DoublePointer factor = new DoublePointer(left); DoublePointer product = new DoublePointer((long) height * most)) {
            for (int from = 0; from < columns; from += most) {
                int some = Math.min(most, columns - from);
                openblas.cblas_dgemm(openblas.CblasRowMajor, openblas.CblasNoTrans, openblas.CblasNoTrans, height, some, rows, 1, factor,
                        rows, values.getPointer(from), columns, 0, product, some);
                for (int i = 0; i < height; i++) {
                    Pointer.memcpy(values.getPointer((long) i * columns + from), product.getPointer((long) i * some),
                            (long) some * Double.BYTES);
                }
            }
        }
        return first(height);
    }

    /** {@code M·Mᵀ}, {@code rows × rows}. */
    public double[] square() {
        double[] square = new double[Math.multiplyExact(rows, rows)];
        if (rows > 0 && columns > 0) {
            try (DoublePointer result = new DoublePointer((long) rows * rows)) {
                openblas.cblas_dgemm(openblas.CblasRowMajor, openblas.CblasNoTrans, openblas.CblasTrans, rows, rows, columns, 1, values,
                        columns, values, columns, 0, result, rows);
                result.get(square);
            }
        }
        return square;
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
        return times(false, b, k, new double[Math.multiplyExact(rows, k)]);
    }

    /**
     * {@code Mᵀ·B}.
     *
     * @param b {@code rows × k}, by rows
     */
    public double[] transposedTimes(double[] b, int k) {
        return transposedTimes(b, k, new double[Math.multiplyExact(columns, k)]);
    }

    /**
     * {@code Mᵀ·B}, written to an array, which is returned.
     *
     * @param b      {@code rows × k}, by rows
     * @param target {@code columns × k}
     */
    public double[] transposedTimes(double[] b, int k, double[] target) {
        return times(true, b, k, target);
    }

    private double[] times(boolean transposed, double[] b, int k, double[] product) {
        int height = transposed ? columns : rows;
        if (product.length == 0 || b.length == 0) {
            Arrays.fill(product, 0);
            return product;
        }
        int how = transposed ? openblas.CblasTrans : openblas.CblasNoTrans;
        try (DoublePointer right = new DoublePointer(b); DoublePointer result = new DoublePointer((long) height * k)) {
            // Of a product with one vector the matrix is read once, by all threads.
            if (k == 1) {
                openblas.cblas_dgemv(openblas.CblasRowMajor, how, rows, columns, 1, values, columns, right, 1, 0, result, 1);
            } else {
                openblas.cblas_dgemm(openblas.CblasRowMajor, how, openblas.CblasNoTrans, height, k, transposed ? rows : columns, 1, values,
                        columns, right, k, 0, result, k);
            }
            result.get(product);
        }
        return product;
    }

    @Override
    public void close() {
        values.close();
    }
}
