package org.ntk4j.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.ntk4j.kernel.tiles.TileStore;
import org.ntk4j.rows.BothWays32;
import org.ntk4j.rows.BothWays64;
import org.ntk4j.rows.LaneSums32;
import org.ntk4j.rows.LaneSums64;

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
    /** Behind what stands around the diagonal rows begin at a multiple of so many columns, at the beginning of a line of the cache. */
    int GRAIN = 16;
    /** The most columns of what stands around the diagonal. */
    int CORNER = HEIGHT + 2 * GRAIN;

    /** Reads rows of a tile; where there are fewer than a multiple of {@link #ROWS}, rows of zeros follow. */
    void read(int i, int j, int row, int count);

    /**
     * Reads what stands around the diagonal: below it zeros, and on it half of each value, which counts once for its row and once for its
     * column then.
     *
     * @param i     the tile's row, and column, of tiles
     * @param row   the first row
     * @param from  the first column
     * @param to    the column behind the last one, at most {@link #CORNER} further
     */
    void readCorner(int i, int row, int count, int from, int to);

    /** {@link #multiply} of what stands around the diagonal; {@code column} is where that begins. */
    void multiplyCorner(int c, int row, int column, int width, int x, int w);

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

    /** Adds the sums of rows to numbers, and forgets them. */
    void across(int c, int count, double[] part, int at);

    /** Adds the sums of the columns of a vector to numbers, and forgets them. */
    void down(int c, int width, double[] part, int at);

    /** In float64. */
    final class InFloat64 implements TilePanel {

        private final TileStore store;
        private final int n;
        private final int line;
        private final double[] vectors;
        private final BothWays64 rows;
        private final BothWays64 corner;
        private final DoubleBuffer around;
        private final double[] aRow = new double[CORNER];
        private final double[] across;
        private final double[] ofRows = new double[HEIGHT];
        private final double[] down;

        InFloat64(TileStore store, double[] vectors, int k) {
            int side = store.layout().side();
            this.store = store;
            this.n = store.layout().rows();
            this.line = side + APART;
            this.vectors = vectors;
            this.rows = new BothWays64(HEIGHT, side);
            this.corner = new BothWays64(HEIGHT, CORNER);
            this.around = ByteBuffer.allocateDirect(HEIGHT * CORNER * Double.BYTES).order(ByteOrder.nativeOrder()).asDoubleBuffer();
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
        public void readCorner(int i, int row, int count, int from, int to) {
            int side = store.layout().side();
            int wide = to - from;
            for (int r = 0; r < count; r++) {
                int diagonal = row + r - from;
                store.read(i * side + row + r, i * side + from, i * side + to, aRow, 0);
                Arrays.fill(aRow, 0, diagonal, 0);
                aRow[diagonal] /= 2;
                around.put(r * wide, aRow, 0, wide);
            }
            corner.read(around, count, wide);
        }

        @Override
        public void multiply(int c, int row, int column, int width, int x, int w) {
            multiply(rows, c, row, column, column, width, x, w);
        }

        @Override
        public void multiplyCorner(int c, int row, int column, int width, int x, int w) {
            multiply(corner, c, row, 0, column, width, x, w);
        }

        private void multiply(BothWays64 values, int c, int row, int column, int downAt, int width, int x, int w) {
            int apart = HEIGHT * BothWays64.LANES;
            values.multiply(row, column, width, vectors, x, w, n, across, c * apart + row * BothWays64.LANES, apart, down,
                    c * line + downAt, line);
        }

        @Override
        public void across(int c, int count, double[] part, int at) {
            LaneSums64.take(across, c * HEIGHT * BothWays64.LANES, count, ofRows);
            for (int r = 0; r < count; r++) {
                part[at + r] += ofRows[r];
            }
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
        private final BothWays32 corner;
        private final FloatBuffer around;
        private final float[] aRow = new float[CORNER];
        private final float[] across;
        private final float[] ofRows = new float[HEIGHT];
        private final float[] down;

        InFloat32(TileStore store, float[] vectors, int k) {
            int side = store.layout().side();
            this.store = store;
            this.n = store.layout().rows();
            this.line = side + APART;
            this.vectors = vectors;
            this.rows = new BothWays32(HEIGHT, side);
            this.corner = new BothWays32(HEIGHT, CORNER);
            this.around = ByteBuffer.allocateDirect(HEIGHT * CORNER * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
            this.across = new float[(k + VECTORS - 1) * HEIGHT * BothWays32.LANES];
            this.down = new float[(k + VECTORS - 1) * line];
        }

        @Override
        public void read(int i, int j, int row, int count) {
            int width = store.layout().width(j);
            rows.read(store.singles(i, j, row, count), count, width);
        }

        @Override
        public void readCorner(int i, int row, int count, int from, int to) {
            FloatBuffer values = store.singles(i, i, row, count);
            int width = store.layout().width(i);
            int wide = to - from;
            for (int r = 0; r < count; r++) {
                int diagonal = row + r - from;
                values.get(r * width + from, aRow, 0, wide);
                Arrays.fill(aRow, 0, diagonal, 0);
                aRow[diagonal] /= 2;
                around.put(r * wide, aRow, 0, wide);
            }
            corner.read(around, count, wide);
        }

        @Override
        public void multiply(int c, int row, int column, int width, int x, int w) {
            multiply(rows, c, row, column, column, width, x, w);
        }

        @Override
        public void multiplyCorner(int c, int row, int column, int width, int x, int w) {
            multiply(corner, c, row, 0, column, width, x, w);
        }

        private void multiply(BothWays32 values, int c, int row, int column, int downAt, int width, int x, int w) {
            int apart = HEIGHT * BothWays32.LANES;
            values.multiply(row, column, width, vectors, x, w, n, across, c * apart + row * BothWays32.LANES, apart, down,
                    c * line + downAt, line);
        }

        @Override
        public void across(int c, int count, double[] part, int at) {
            LaneSums32.take(across, c * HEIGHT * BothWays32.LANES, count, ofRows);
            for (int r = 0; r < count; r++) {
                part[at + r] += ofRows[r];
            }
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
