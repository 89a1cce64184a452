package org.ntk4j.kernel;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Monitor;

/** The product of a kernel with vectors, tile by tile; a tile off the diagonal of a symmetric kernel serves twice. */
final class TiledProduct implements KernelProduct {

    /** How many vectors go through at once: each thread has sums of its own. */
    private static final int MOST_COLUMNS = 64;

    private final Kernel kernel;
    private final int threads;
    private final Monitor monitor;

    TiledProduct(Kernel kernel, int threads, Monitor monitor) {
        this.kernel = kernel;
        this.threads = threads;
        this.monitor = monitor;
    }

    @Override
    public int rows() {
        return kernel.rows();
    }

    @Override
    public int columns() {
        return kernel.columns();
    }

    @Override
    public double[] times(double[] b, int k) {
        double[] product = new double[Math.multiplyExact(rows(), k)];
        for (int from = 0; from < k; from += MOST_COLUMNS) {
            int some = Math.min(MOST_COLUMNS, k - from);
            double[] part = some == k ? b : columns(b, k, from, some);
            double[] sum = product(part, some, null);
            for (int i = 0; i < rows(); i++) {
                System.arraycopy(sum, i * some, product, i * k + from, some);
            }
        }
        return product;
    }

    private static double[] columns(double[] b, int k, int from, int some) {
        double[] part = new double[b.length / k * some];
        for (int i = 0; i < b.length / k; i++) {
            System.arraycopy(b, i * k + from, part, i * some, some);
        }
        return part;
    }

    /** The product; in {@code squares}, one for each thread, the sum of the squares of all values goes along. */
    double[] product(double[] b, int k, double @Nullable [] squares) {
        int workers = kernel.workers(threads);
        double[][] sums = new double[workers][];
        Room[] rooms = new Room[workers];
        try {
            Blas.alone(() -> kernel.tiles(threads, (worker, row, column, height, width, values) -> {
                if (sums[worker] == null) {
                    sums[worker] = new double[rows() * k];
                    rooms[worker] = new Room();
                }
                boolean twice = kernel.isSymmetric() && row != column;
                if (squares != null) {
                    squares[worker] += (twice ? 2 : 1) * squares(values, height * width);
                }
                rooms[worker].add(values, height, width, b, column, row, k, sums[worker], twice);
            }, monitor));
        } finally {
            for (Room room : rooms) {
                if (room != null) {
                    room.close();
                }
            }
        }
        double[] all = sums[0] == null ? new double[rows() * k] : sums[0];
        for (int w = 1; w < workers; w++) {
            for (int i = 0; sums[w] != null && i < all.length; i++) {
                all[i] += sums[w][i];
            }
        }
        return all;
    }

    private static double squares(double[] values, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values[i] * values[i];
        }
        return sum;
    }

    /** What a thread multiplies in: outside the heap, where the library reads it without a copy of its own. */
    private static final class Room implements AutoCloseable {

        private DoublePointer tile = new DoublePointer();
        private DoublePointer right = new DoublePointer();
        private DoublePointer result = new DoublePointer();
        private double[] back = new double[0];

        void add(double[] values, int height, int width, double[] b, int column, int row, int k, double[] sum, boolean twice) {
            tile = grown(tile, (long) height * width);
            tile.put(values, 0, height * width);
            add(openblas.CblasNoTrans, height, width, width, b, column, k, sum, row);
            if (twice) {
                add(openblas.CblasTrans, width, height, width, b, row, k, sum, column);
            }
        }

        /** {@code sum[to …] += op(tile)·b[from …]}. */
        private void add(int transpose, int m, int n, int lead, double[] b, int from, int k, double[] sum, int to) {
            right = grown(right, (long) n * k);
            result = grown(result, (long) m * k);
            right.put(b, from * k, n * k);
            openblas.cblas_dgemm(openblas.CblasRowMajor, transpose, openblas.CblasNoTrans, m, k, n, 1, tile, lead, right, k, 0, result, k);
            back = back.length < m * k ? new double[m * k] : back;
            result.get(back, 0, m * k);
            int at = to * k;
            for (int i = 0; i < m * k; i++) {
                sum[at + i] += back[i];
            }
        }

        private static DoublePointer grown(DoublePointer old, long values) {
            if (old.capacity() >= values) {
                return old;
            }
            old.close();
            return new DoublePointer(values);
        }

        @Override
        public void close() {
            tile.close();
            right.close();
            result.close();
        }
    }

    @Override
    public void close() {
    }
}
