package org.ntk4j.kernel;

import java.util.Arrays;
import java.util.Optional;
import org.ntk4j.base.Monitor;

/**
 * What one way through a symmetric kernel gives.
 *
 * @param largest   the largest size of a value; 1 where it is not in the heap
 * @param frobenius the Frobenius norm over that
 * @param product   the kernel times vectors, {@code n × k} by rows
 */
record TileSums(double largest, double frobenius, double[] product) {

    /**
     * One way through it.
     *
     * @param threads how many work at once
     */
    static TileSums of(Kernel kernel, double[] y, int k, int threads, Monitor monitor) {
        int n = kernel.rows();
        if (kernel.isInHeap()) {
            double largest = 0;
            for (double value : kernel.values()) {
                largest = Math.max(largest, Math.abs(value));
            }
            double squares = 0;
            for (double value : kernel.values()) {
                squares += largest == 0 ? 0 : value / largest * (value / largest);
            }
            return new TileSums(largest, Math.sqrt(squares), Blas.product(false, false, n, k, n, kernel.values(), y));
        }
        Optional<Double> known = kernel.source().flatMap(KernelSource::squares);
        if (known.isPresent()) {
            try (KernelProduct there = kernel.product(threads, monitor)) {
                return new TileSums(1, Math.sqrt(known.get()), there.times(y, k));
            }
        }
        double[] squares = new double[kernel.workers(threads)];
        try (TiledProduct tiles = new TiledProduct(kernel, threads, monitor)) {
            double[] product = tiles.product(y, k, squares);
            return new TileSums(1, Math.sqrt(Arrays.stream(squares).sum()), product);
        }
    }
}
