package org.ntk4j.kernel;

import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.tiles.TileStore;
import org.ntk4j.rows.Rows;

/** The product of a kernel with vectors, tile by tile; a tile off the diagonal of a symmetric kernel serves twice. */
final class TiledProduct implements KernelProduct {

    /** How many vectors go through at once: each thread has sums of its own. */
    private static final int MOST_COLUMNS = 128;
    /** From so many values on, Java's compiler is done with vector instructions long before the product is. */
    private static final long LARGE = 1L << 22;

    private final Kernel kernel;
    private final int threads;
    private final Monitor monitor;
    /** Where BLAS multiplies, from the products before. */
    private final Queue<BlasRoom> spare = new ConcurrentLinkedQueue<>();

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
        return times(b, k, false);
    }

    @Override
    public Optional<double[]> roughly(double[] b, int k) {
        return tiles().filter(TileStore::isSingle).map(store -> times(b, k, true));
    }

    private double[] times(double[] b, int k, boolean roughly) {
        if (k <= MOST_COLUMNS) {
            return product(b, k, roughly);
        }
        double[] product = new double[Math.multiplyExact(rows(), k)];
        for (int from = 0; from < k; from += MOST_COLUMNS) {
            int some = Math.min(MOST_COLUMNS, k - from);
            double[] sum = product(columns(b, k, from, some), some, roughly);
            for (int i = 0; i < rows(); i++) {
                System.arraycopy(sum, i * some, product, i * k + from, some);
            }
        }
        return product;
    }

    private double[] product(double[] b, int k, boolean roughly) {
        Optional<TileStore> tiles = tiles();
        if (tiles.isEmpty()) {
            return product(b, k, null);
        }
        double[] product = TileVectors.times(tiles.get(), b, k, roughly, threads, monitor);
        requireFinite(product);
        return product;
    }

    /** The tiles, where they are multiplied as they stand. */
    private Optional<TileStore> tiles() {
        return kernel.tileStore().filter(store -> isLarge());
    }

    private boolean isLarge() {
        return Rows.vectors() && (long) rows() * columns() >= LARGE;
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
        Room[] rooms = new Room[workers];
        int places = (k + Rows.float64().lanes() - 1) / Rows.float64().lanes();
        double[] right = spread(b, k, places * Rows.float64().lanes());
        Blas.alone(() -> kernel.uncheckedTiles(threads, (worker, row, column, height, width, values) -> {
            if (rooms[worker] == null) {
                rooms[worker] = new Room(rows(), right, places, isLarge() ? null : blas());
            }
            boolean twice = kernel.isSymmetric() && row != column;
            if (squares != null) {
                squares[worker] += (twice ? 2 : 1) * squares(values, height * width);
            }
            rooms[worker].add(values, row, column, height, width, twice);
        }, monitor));
        double[] all = new double[rows() * k];
        for (Room room : rooms) {
            if (room != null) {
                room.addTo(all, k);
                room.giveBack(spare);
            }
        }
        requireFinite(all);
        return all;
    }

    private BlasRoom blas() {
        BlasRoom before = spare.poll();
        return before == null ? new BlasRoom() : before;
    }

    /** A value that is not finite leaves its row of a product so: only then each value is looked at. */
    private void requireFinite(double[] product) {
        if (!isFinite(product)) {
            kernel.tiles(threads, (worker, row, column, height, width, values) -> { }, monitor);
        }
    }

    private static boolean isFinite(double[] values) {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /** Vectors with zeros behind them, as many as fill vector instructions. */
    private static double[] spread(double[] b, int k, int line) {
        double[] spread = new double[Math.multiplyExact(b.length / k, line)];
        for (int i = 0; i < b.length / k; i++) {
            System.arraycopy(b, i * k, spread, i * line, k);
        }
        return spread;
    }

    private static double squares(double[] values, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += values[i] * values[i];
        }
        return sum;
    }

    /** What a thread multiplies in: each value of a tile is read once, and once more for its mirror image, for all vectors together. */
    private static final class Room {

        private final Rows<double[]> rows = Rows.float64();
        private final double[] right;
        private final int places;
        /** Where BLAS multiplies; null where vector instructions do. */
        private final @Nullable BlasRoom blas;
        private final int line;
        private final double[] sums;
        private double[] result = new double[0];

        Room(int size, double[] right, int places, @Nullable BlasRoom blas) {
            this.right = right;
            this.places = places;
            this.blas = blas;
            this.line = places * rows.lanes();
            this.sums = new double[Math.multiplyExact(size, line)];
        }

        void add(double[] values, int row, int column, int height, int width, boolean twice) {
            int most = Math.max(height, width) * line;
            result = result.length < most ? new double[most] : result;
            multiply(false, values, width, column, height, width);
            add(row, height);
            if (twice) {
                multiply(true, values, width, row, width, height);
                add(column, width);
            }
        }

        /** Of a tile with {@code width} columns, or of its transpose, {@code m × depth}, with the vectors from a place on. */
        private void multiply(boolean transposed, double[] values, int width, int from, int m, int depth) {
            if (blas == null) {
                rows.multiply(values, 0, transposed ? 1 : width, transposed ? width : 1, right, from * line, line, depth, result, 0, line,
                        m, places);
            } else {
                blas.multiply(transposed, values, right, from, m, depth, line, result);
            }
        }

        private void add(int to, int count) {
            for (int i = 0; i < count * line; i++) {
                sums[to * line + i] += result[i];
            }
        }

        void giveBack(Queue<BlasRoom> spare) {
            if (blas != null) {
                spare.add(blas);
            }
        }

        void addTo(double[] all, int k) {
            for (int i = 0; i < all.length / k; i++) {
                for (int c = 0; c < k; c++) {
                    all[i * k + c] += sums[i * line + c];
                }
            }
        }
    }

    @Override
    public void close() {
        spare.forEach(BlasRoom::close);
        spare.clear();
    }
}
