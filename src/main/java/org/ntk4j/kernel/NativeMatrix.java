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
     * The product with another on its left.
     *
     * @param left {@code height × rows}, by rows
     */
    public NativeMatrix multipliedBy(double[] left, int height) {
        DoublePointer product = new DoublePointer((long) height * columns);
        if (height > 0 && columns > 0) {
            try (DoublePointer factor = new DoublePointer(left)) {
                openblas.cblas_dgemm(openblas.CblasRowMajor, openblas.CblasNoTrans, openblas.CblasNoTrans, height, columns, rows, 1, factor,
                        rows, values, columns, 0, product, columns);
            }
        }
        return new NativeMatrix(height, columns, product);
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
        return times(false, b, k);
    }

    /**
     * {@code Mᵀ·B}.
     *
     * @param b {@code rows × k}, by rows
     */
    public double[] transposedTimes(double[] b, int k) {
        return times(true, b, k);
    }

    private double[] times(boolean transposed, double[] b, int k) {
        int height = transposed ? columns : rows;
        double[] product = new double[Math.multiplyExact(height, k)];
        if (product.length == 0 || b.length == 0) {
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
