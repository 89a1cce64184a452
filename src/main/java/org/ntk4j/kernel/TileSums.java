package org.ntk4j.kernel;

import org.ntk4j.base.Monitor;

/**
 * What one way through a symmetric kernel gives.
 *
 * @param largest   the largest size of a value
 * @param frobenius the Frobenius norm over that
 * @param product   the kernel times vectors, {@code n × k} by rows
 */
record TileSums(double largest, double frobenius, double[] product) {

    static TileSums of(Kernel kernel, double[] y, int k) {
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
        // The largest value of a positive semidefinite kernel stands on its diagonal; for scaling a near one does.
        double scale = 0;
        for (double value : kernel.diagonal()) {
            scale = Math.max(scale, Math.abs(value));
        }
        double unit = scale == 0 ? 1 : scale;
        int threads = Runtime.getRuntime().availableProcessors();
        double[] squares = new double[kernel.workers(threads)];
        double[][] products = new double[squares.length][n * k];
        kernel.tiles(threads, (worker, row, column, height, width, values) -> {
            boolean twice = row != column;
            double[] product = products[worker];
            double sum = 0;
            for (int i = 0; i < height; i++) {
                for (int j = 0; j < width; j++) {
                    double value = values[i * width + j];
                    sum += value / unit * (value / unit);
                    for (int c = 0; c < k; c++) {
                        product[(row + i) * k + c] += value * y[(column + j) * k + c];
                    }
                    for (int c = 0; c < k && twice; c++) {
                        product[(column + j) * k + c] += value * y[(row + i) * k + c];
                    }
                }
            }
            squares[worker] += twice ? 2 * sum : sum;
        }, Monitor.silent());
        double all = 0;
        for (int w = 0; w < squares.length; w++) {
            all += squares[w];
            for (int i = 0; w > 0 && i < n * k; i++) {
                products[0][i] += products[w][i];
            }
        }
        return new TileSums(scale, Math.sqrt(all), products[0]);
    }
}
