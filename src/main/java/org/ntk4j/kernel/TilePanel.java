package org.ntk4j.kernel;

import java.util.Arrays;
import org.ntk4j.kernel.tiles.TileStore;
import org.ntk4j.rows.BothWays32;
import org.ntk4j.rows.BothWays64;

/**
 * Some rows of a tile and what one thread multiplies them with: vectors of float64, or the same vectors in float32. Of a product of several
 * rows and columns the sums stand here until they are asked for.
 */
sealed interface TilePanel {

    /** How many rows are read together: what they are made of, and what follows, stays near the processor. */
    int HEIGHT = 24;
    /** How many go through vectors together. */
    int ROWS = BothWays64.ROWS;
    /** How many vectors go together. */
    int VECTORS = BothWays64.VECTORS;
    /** Where two rows lie a multiple of so many bytes apart they would push each other out of the cache. */
    int PAGE = 4096;
    /** Two lines lie half of that and so many bytes beside a multiple of it. */
    int APART = 64;

    /** Columns that stay next to the processor while all rows go through them. */
    int columns();

    /** How far a row begins behind the one before. */
    int line();

    /** Reads rows of a tile; where there are fewer than a multiple of {@link #ROWS}, rows of zeros follow. */
    void read(int i, int j, int row, int count);

    /** A value: its place counts through the rows that were read. */
    double value(int place);

    /**
     * Multiplies {@link #ROWS} rows with part of {@link #VECTORS} vectors, and their transpose with another part of them.
     *
     * @param c     which vector is the first
     * @param row   the first of the rows among those that were read
     * @param place of the first value
     * @param width how many columns
     * @param x     where what the columns are multiplied with begins in the vectors
     * @param w     the same for the rows
     * @param down  where the sums of the columns stand in the tile
     */
    void multiply(int c, int row, int place, int width, int x, int w, int down);

    /** The sum of a row, which is forgotten. */
    double across(int c, int row);

    /** Adds the sums of the columns of a vector to numbers, and forgets them. */
    void down(int c, int width, double[] part, int at);

    /** How far apart lines of so many numbers, of so many bytes each, are kept. */
    private static int line(int width, int bytes) {
        int page = PAGE / bytes;
        return (width + page - 1) / page * page + page / 2 + APART / bytes;
    }

    /** In float64. */
    final class InFloat64 implements TilePanel {

        private static final int COLUMNS = 512;

        private final TileStore store;
        private final int line;
        private final int n;
        private final double[] vectors;
        private final float[] singles;
        private final double[] values;
        private final double[] across;
        private final double[] down;

        InFloat64(TileStore store, double[] vectors, int k) {
            this.store = store;
            this.n = store.layout().rows();
            this.vectors = vectors;
            this.line = TilePanel.line(store.layout().side(), Double.BYTES);
            this.singles = new float[store.isSingle() ? HEIGHT * line : 0];
            this.values = new double[HEIGHT * line];
            this.across = new double[(k + VECTORS - 1) * HEIGHT * BothWays64.LANES];
            this.down = new double[(k + VECTORS - 1) * line];
        }

        @Override
        public int columns() {
            return COLUMNS;
        }

        @Override
        public int line() {
            return line;
        }

        @Override
        public void read(int i, int j, int row, int count) {
            Arrays.fill(values, count * line, values.length, 0);
            if (store.isSingle()) {
                store.copy(i, j, row, count, singles, line);
                for (int v = 0; v < count * line; v++) {
                    values[v] = singles[v];
                }
            } else {
                store.copy(i, j, row, count, values, line);
            }
        }

        @Override
        public double value(int place) {
            return values[place];
        }

        @Override
        public void multiply(int c, int row, int place, int width, int x, int w, int downAt) {
            int apart = HEIGHT * BothWays64.LANES;
            BothWays64.multiply(values, place, line, width, vectors, x, w, n, across, c * apart + row * BothWays64.LANES, apart, down,
                    c * line + downAt, line);
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

        private static final int COLUMNS = 1024;

        private final TileStore store;
        private final int line;
        private final int n;
        private final float[] vectors;
        private final float[] values;
        private final float[] across;
        private final float[] down;

        InFloat32(TileStore store, float[] vectors, int k) {
            this.store = store;
            this.n = store.layout().rows();
            this.vectors = vectors;
            this.line = TilePanel.line(store.layout().side(), Float.BYTES);
            this.values = new float[HEIGHT * line];
            this.across = new float[(k + VECTORS - 1) * HEIGHT * BothWays32.LANES];
            this.down = new float[(k + VECTORS - 1) * line];
        }

        @Override
        public int columns() {
            return COLUMNS;
        }

        @Override
        public int line() {
            return line;
        }

        @Override
        public void read(int i, int j, int row, int count) {
            Arrays.fill(values, count * line, values.length, 0);
            store.copy(i, j, row, count, values, line);
        }

        @Override
        public double value(int place) {
            return values[place];
        }

        @Override
        public void multiply(int c, int row, int place, int width, int x, int w, int downAt) {
            int apart = HEIGHT * BothWays32.LANES;
            BothWays32.multiply(values, place, line, width, vectors, x, w, n, across, c * apart + row * BothWays32.LANES, apart, down,
                    c * line + downAt, line);
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
