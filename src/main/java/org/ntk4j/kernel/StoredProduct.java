package org.ntk4j.kernel;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/** Products with a symmetric kernel kept in native memory; such a product is bound by memory, and only one triangle is read. */
public final class StoredProduct implements SymmetricProduct, AutoCloseable {

    private final int size;
    private final DoublePointer doubles;
    private final FloatPointer floats;

    private StoredProduct(int size, DoublePointer doubles, FloatPointer floats) {
        this.size = size;
        this.doubles = doubles;
        this.floats = floats;
    }

    /** In float64. */
    public static StoredProduct of(Kernel kernel) {
        kernel.requireSymmetric("a product");
        return new StoredProduct(kernel.rows(), new DoublePointer(kernel.values()), null);
    }

    /** In float32: for a kernel whose values were computed in it, twice as fast. */
    public static StoredProduct single(Kernel kernel) {
        kernel.requireSymmetric("a product");
        int n = kernel.rows();
        FloatPointer values = new FloatPointer((long) n * n);
        float[] row = new float[n];
        double[] all = kernel.values();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                row[j] = (float) all[i * n + j];
            }
            values.position((long) i * n).put(row, 0, n);
        }
        return new StoredProduct(n, null, values.position(0));
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public double[] times(double[] x) {
        double[] product = new double[size];
        if (size == 0) {
            return product;
        }
        if (doubles != null) {
            try (DoublePointer right = new DoublePointer(x); DoublePointer result = new DoublePointer((long) size)) {
                openblas.cblas_dsymv(openblas.CblasColMajor, openblas.CblasUpper, size, 1, doubles, size, right, 1, 0, result, 1);
                result.get(product);
            }
            return product;
        }
        float[] single = new float[size];
        for (int i = 0; i < size; i++) {
            single[i] = (float) x[i];
        }
        try (FloatPointer right = new FloatPointer(single); FloatPointer result = new FloatPointer((long) size)) {
            openblas.cblas_ssymv(openblas.CblasColMajor, openblas.CblasUpper, size, 1, floats, size, right, 1, 0, result, 1);
            result.get(single);
        }
        for (int i = 0; i < size; i++) {
            product[i] = single[i];
        }
        return product;
    }

    @Override
    public void close() {
        if (doubles != null) {
            doubles.close();
        }
        if (floats != null) {
            floats.close();
        }
    }
}
