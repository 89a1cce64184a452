package org.ntk4j.kernel;

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

    @Override
    void close();
}
