package org.ntk4j.kernel;

import java.util.Arrays;
import org.ntk4j.kernel.tiles.TileStore;
import org.ntk4j.rows.BothWays;

/**
 * Some rows of a tile and what one thread multiplies them with: vectors of float64, or the same vectors in float32. Of a product of several
 * rows and columns the sums stand here until they are asked for.
 */
sealed interface TilePanel {

    /** How many rows are read together. */
    int HEIGHT = 32;
    /** How many go through a vector together. */
    int ROWS = BothWays.ROWS;

    /** Columns that stay near the processor while all vectors go through them. */
    int columns();

    /** How far a row begins behind the one before. */
    int line();

    /** Reads rows of a tile; where there are fewer than a multiple of {@link #ROWS}, rows of zeros follow. */
    void read(int i, int j, int row, int count);

    /** A value: its place counts through the rows that were read. */
    double value(int place);

    /**
     * Multiplies {@link #ROWS} rows with part of a vector, and their transpose with another part of it.
     *
     * @param c     which vector
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

    /** Rows that lie a multiple of 4 KiB apart would push each other out of the cache: every other one begins half of that later. */
    private static int line(int width, int columns) {
        return (width + 2 * columns - 1) / (2 * columns) * 2 * columns + columns;
    }

    /** In float64. */
    final class InFloat64 implements TilePanel {

        private static final int COLUMNS = 256;

        private final TileStore store;
        private final int line;
        private final double[] vectors;
        private final float[] singles;
        private final double[] values;
        private final double[] across;
        private final double[] down;

        InFloat64(TileStore store, double[] vectors, int k) {
            int side = store.layout().side();
            this.store = store;
            this.vectors = vectors;
            this.line = TilePanel.line(side, COLUMNS);
            this.singles = new float[store.isSingle() ? HEIGHT * line : 0];
            this.values = new double[HEIGHT * line];
            this.across = new double[k * HEIGHT * BothWays.LANES];
            this.down = new double[k * side];
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
            BothWays.multiply(values, place, line, width, vectors, x, vectors, w, across, (c * HEIGHT + row) * BothWays.LANES, down,
                    c * store.layout().side() + downAt);
        }

        @Override
        public double across(int c, int row) {
            double sum = 0;
            int from = (c * HEIGHT + row) * BothWays.LANES;
            for (int l = from; l < from + BothWays.LANES; l++) {
                sum += across[l];
                across[l] = 0;
            }
            return sum;
        }

        @Override
        public void down(int c, int width, double[] part, int at) {
            int from = c * store.layout().side();
            for (int j = 0; j < width; j++) {
                part[at + j] += down[from + j];
                down[from + j] = 0;
            }
        }
    }

    /** In float32, of values in float32. */
    final class InFloat32 implements TilePanel {

        private static final int COLUMNS = 512;

        private final TileStore store;
        private final int line;
        private final float[] vectors;
        private final float[] values;
        private final float[] across;
        private final float[] down;

        InFloat32(TileStore store, float[] vectors, int k) {
            int side = store.layout().side();
            this.store = store;
            this.vectors = vectors;
            this.line = TilePanel.line(side, COLUMNS);
            this.values = new float[HEIGHT * line];
            this.across = new float[k * HEIGHT * BothWays.LANES_32];
            this.down = new float[k * side];
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
            BothWays.multiply(values, place, line, width, vectors, x, vectors, w, across, (c * HEIGHT + row) * BothWays.LANES_32, down,
                    c * store.layout().side() + downAt);
        }

        @Override
        public double across(int c, int row) {
            double sum = 0;
            int from = (c * HEIGHT + row) * BothWays.LANES_32;
            for (int l = from; l < from + BothWays.LANES_32; l++) {
                sum += across[l];
                across[l] = 0;
            }
            return sum;
        }

        @Override
        public void down(int c, int width, double[] part, int at) {
            int from = c * store.layout().side();
            for (int j = 0; j < width; j++) {
                part[at + j] += down[from + j];
                down[from + j] = 0;
            }
        }
    }
}
