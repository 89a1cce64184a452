package org.ntk4j.kernel;

import org.ntk4j.kernel.tiles.TileStore;
import org.ntk4j.rows.BothWays32;
import org.ntk4j.rows.BothWays64;

/**
 * Some rows of a tile and what one thread multiplies them with: vectors of float64, or the same vectors in float32. Of a product of several
 * rows and columns the sums stand here until they are asked for.
 */
sealed interface TilePanel {

    /** How many go through vectors together. */
    int ROWS = BothWays64.ROWS;
    /** How many vectors go together. */
    int VECTORS = BothWays64.VECTORS;
    /** How many rows are read together: they, and what they are multiplied with, stay near the processor. */
    int HEIGHT = 5 * ROWS;
    /** Sums of two vectors lie so much further apart than there are columns: else they would push each other out of the cache. */
    int APART = 80;

    /** Reads rows of a tile; where there are fewer than a multiple of {@link #ROWS}, rows of zeros follow. */
    void read(int i, int j, int row, int count);

    /** A value of the rows that were read. */
    double value(int row, int column);

    /**
     * Multiplies {@link #ROWS} rows with part of {@link #VECTORS} vectors, and their transpose with another part of them.
     *
     * @param c      which vector is the first
     * @param row    the first of the rows among those that were read
     * @param column the first column of the tile
     * @param width  how many columns
     * @param x      where what the columns are multiplied with begins in the vectors
     * @param w      the same for the rows
     */
    void multiply(int c, int row, int column, int width, int x, int w);

    /** The sum of a row, which is forgotten. */
    double across(int c, int row);

    /** Adds the sums of the columns of a vector to numbers, and forgets them. */
    void down(int c, int width, double[] part, int at);

    /** In float64. */
    final class InFloat64 implements TilePanel {

        private final TileStore store;
        private final int n;
        private final int line;
        private final double[] vectors;
        private final BothWays64 rows;
        private final double[] across;
        private final double[] down;

        InFloat64(TileStore store, double[] vectors, int k) {
            int side = store.layout().side();
            this.store = store;
            this.n = store.layout().rows();
            this.line = side + APART;
            this.vectors = vectors;
            this.rows = new BothWays64(HEIGHT, side);
            this.across = new double[(k + VECTORS - 1) * HEIGHT * BothWays64.LANES];
            this.down = new double[(k + VECTORS - 1) * line];
        }

        @Override
        public void read(int i, int j, int row, int count) {
            int width = store.layout().width(j);
            if (store.isSingle()) {
                rows.readSingles(store.singles(i, j, row, count), count, width);
            } else {
                rows.read(store.doubles(i, j, row, count), count, width);
            }
        }

        @Override
        public double value(int row, int column) {
            return rows.value(row, column);
        }

        @Override
        public void multiply(int c, int row, int column, int width, int x, int w) {
            int apart = HEIGHT * BothWays64.LANES;
            rows.multiply(row, column, width, vectors, x, w, n, across, c * apart + row * BothWays64.LANES, apart, down, c * line + column,
                    line);
        }

        @Override
        public double across(int c, int row) {
            return BothWays64.sum(across, (c * HEIGHT + row) * BothWays64.LANES);
        }

        @Override
        public void down(int c, int width, double[] part, int at) {
            int from = c * line;
            for (int j = 0; j < width; j++) {
                part[at + j] += down[from + j];
                down[from + j] = 0;
            }
        }
    }

    /** In float32, of values in float32. */
    final class InFloat32 implements TilePanel {

        private final TileStore store;
        private final int n;
        private final int line;
        private final float[] vectors;
        private final BothWays32 rows;
        private final float[] across;
        private final float[] down;

        InFloat32(TileStore store, float[] vectors, int k) {
            int side = store.layout().side();
            this.store = store;
            this.n = store.layout().rows();
            this.line = side + APART;
            this.vectors = vectors;
            this.rows = new BothWays32(HEIGHT, side);
            this.across = new float[(k + VECTORS - 1) * HEIGHT * BothWays32.LANES];
            this.down = new float[(k + VECTORS - 1) * line];
        }

        @Override
        public void read(int i, int j, int row, int count) {
            int width = store.layout().width(j);
            rows.read(store.singles(i, j, row, count), count, width);
        }

        @Override
        public double value(int row, int column) {
            return rows.value(row, column);
        }

        @Override
        public void multiply(int c, int row, int column, int width, int x, int w) {
            int apart = HEIGHT * BothWays32.LANES;
            rows.multiply(row, column, width, vectors, x, w, n, across, c * apart + row * BothWays32.LANES, apart, down, c * line + column,
                    line);
        }

        @Override
        public double across(int c, int row) {
            return BothWays32.sum(across, (c * HEIGHT + row) * BothWays32.LANES);
        }

        @Override
        public void down(int c, int width, double[] part, int at) {
            int from = c * line;
            for (int j = 0; j < width; j++) {
                part[at + j] += down[from + j];
                down[from + j] = 0;
            }
        }
    }
}
