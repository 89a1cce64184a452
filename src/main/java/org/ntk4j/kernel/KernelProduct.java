package org.ntk4j.kernel;

import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * A kernel applied to vectors, many at once: all that conjugate gradients, Lanczos' recursion and predictions ask of it, wherever its
 * values are. Close it when done.
 */
public interface KernelProduct extends AutoCloseable {

    /** The rows of the kernel. */
    int rows();

    /** The columns of the kernel. */
    int columns();

    /**
     * {@code K·B}, accumulated in float64.
     *
     * @param b {@code columns × k}, by rows
     * @return {@code rows × k}, by rows
     * @throws org.ntk4j.base.Failure after Ctrl-C
     */
    double[] times(double[] b, int k);

    /** {@code K·B} to about 1e-7 of {@code |K| |B|} where that takes less time, as it does for tiles of float32; else empty. */
    default Optional<double[]> roughly(double[] b, int k) {
        return Optional.empty();
    }

    /**
     * {@code K·B}, a vector at a time.
     *
     * @param b   {@code columns × k}, by rows
     * @param one the product with a vector, which is another one for each call but stands in the same array
     */
    default double[] byColumns(double[] b, int k, UnaryOperator<double[]> one) {
        double[] all = new double[Math.multiplyExact(rows(), k)];
        double[] v = new double[columns()];
        for (int c = 0; c < k; c++) {
            for (int i = 0; i < v.length; i++) {
                v[i] = b[i * k + c];
            }
            double[] product = one.apply(v);
            for (int i = 0; i < product.length; i++) {
                all[i * k + c] = product[i];
            }
        }
        return all;
    }

    @Override
    void close();
}
