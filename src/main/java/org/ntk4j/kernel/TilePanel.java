package org.ntk4j.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.ntk4j.kernel.tiles.TileStore;
import org.ntk4j.rows.BothWays32;
import org.ntk4j.rows.BothWays64;
import org.ntk4j.rows.WaySums32;
import org.ntk4j.rows.WaySums64;

/**
 * Some rows of a tile and what one thread multiplies them with: vectors of float64, or the same vectors in float32. Of a product of several
 * rows and columns the sums stand here until they are asked for.
 */
sealed interface TilePanel {

    /** How many go through vectors together. */
    int ROWS = BothWays64.ROWS;
    /** How many vectors go together. */
    int VECTORS = BothWays64.VECTORS;
    /** How many rows are read together: so many that their sums fill vectors of any length. */
    int HEIGHT = 16 * ROWS;
    /** Behind what stands around the diagonal rows begin at a multiple of so many columns, at the beginning of a line of the cache. */
    int GRAIN = 16;
    /** The most columns of what stands around the diagonal beside {@link #ROWS} rows. */
    int CORNER = 2 * GRAIN;

    /** Reads rows of a tile. */
    void read(int i, int j, int top, int count);

    /** Turns to {@link #ROWS} of the rows that were read; where there are fewer, rows of zeros follow. */
    void turnTo(int row);

    /**
     * Turns to what stands around the diagonal beside these rows: below it zeros, and on it half of each value, which counts once for its
     * row and once for its column then.
     *
     * @param from the first column
     * @param to   the column behind the last one, at most {@link #CORNER} further
     */
    void turnToCorner(int row, int from, int to);

    /**
     * Multiplies the rows with part of {@link #VECTORS} vectors, and their transpose with another part of them.
     *
     * @param c      which vector is the first
     * @param row    the first of the rows among those that were read
     * @param column the first column of the tile
     * @param width  how many columns
     * @param x      where what the columns are multiplied with begins in the vectors
     * @param w      the same for the rows
     */
    void multiply(int c, int row, int column, int width, int x, int w);

    /** {@link #multiply} of what stands around the diagonal; {@code column} is where that begins. */
    void multiplyCorner(int c, int row, int column, int width, int x, int w);

    /** Gives the sums of rows of a vector, and forgets them. */
    void across(int c, int count, double[] part, int at);

    /** Gives the sums of the columns of a vector, or adds them to what there is, and forgets them. */
    void down(int c, int width, boolean adds, double[] part, int at);

    /** In float64. */
    final class InFloat64 implements TilePanel {

        private final TileStore store;
        private final int n;
        private final double[] vectors;
        private final BothWays64 group;
        private final BothWays64 corner;
        private final DoubleBuffer around;
        private final double[] aRow = new double[CORNER];
        private final WaySums64 sums;
        private DoubleBuffer rows = DoubleBuffer.allocate(0);
        private FloatBuffer singles = FloatBuffer.allocate(0);
        private int tile;
        private int top;
        private int count;
        private int width;

        InFloat64(TileStore store, double[] vectors, int k) {
            int wide = store.layout().wide();
            this.store = store;
            this.n = store.layout().size();
            this.vectors = vectors;
            this.group = new BothWays64(wide);
            this.corner = new BothWays64(CORNER);
            this.around = ByteBuffer.allocateDirect(ROWS * CORNER * Double.BYTES).order(ByteOrder.nativeOrder()).asDoubleBuffer();
            this.sums = new WaySums64(k, HEIGHT, wide);
        }

        @Override
        public void read(int i, int j, int top, int count) {
            this.top = top;
            this.count = count;
            width = store.layout().width(i, j);
            tile = store.layout().top(i);
            if (store.isSingle()) {
                singles = store.singles(i, j, top, count);
            } else {
                rows = store.doubles(i, j, top, count);
            }
        }

        @Override
        public void turnTo(int row) {
            if (store.isSingle()) {
                group.turnToSingles(singles, row, count, width);
            } else {
                group.turnTo(rows, row, count, width);
            }
        }

        @Override
        public void turnToCorner(int row, int from, int to) {
            int some = Math.min(ROWS, count - row);
            int wide = to - from;
            for (int r = 0; r < some; r++) {
                int diagonal = top + row + r - from;
                store.read(tile + top + row + r, tile + from, tile + to, aRow, 0);
                Arrays.fill(aRow, 0, diagonal, 0);
                aRow[diagonal] /= 2;
                around.put(r * wide, aRow, 0, wide);
            }
            corner.turnTo(around, 0, some, wide);
        }

        @Override
        public void multiply(int c, int row, int column, int width, int x, int w) {
            group.multiply(column, width, vectors, x, w, n, sums, c, row, column);
        }

        @Override
        public void multiplyCorner(int c, int row, int column, int width, int x, int w) {
            corner.multiply(0, width, vectors, x, w, n, sums, c, row, column);
        }

        @Override
        public void across(int c, int count, double[] part, int at) {
            sums.takeRows(c, count, part, at);
        }

        @Override
        public void down(int c, int width, boolean adds, double[] part, int at) {
            sums.takeColumns(c, width, adds, part, at);
        }
    }

    /** In float32, of values in float32. */
    final class InFloat32 implements TilePanel {

        private final TileStore store;
        private final int n;
        private final float[] vectors;
        private final BothWays32 group;
        private final BothWays32 corner;
        private final FloatBuffer around;
        private final float[] aRow = new float[CORNER];
        private final WaySums32 sums;
        private FloatBuffer rows = FloatBuffer.allocate(0);
        private int top;
        private int count;
        private int width;

        InFloat32(TileStore store, float[] vectors, int k) {
            int wide = store.layout().wide();
            this.store = store;
            this.n = store.layout().size();
            this.vectors = vectors;
            this.group = new BothWays32(wide);
            this.corner = new BothWays32(CORNER);
            this.around = ByteBuffer.allocateDirect(ROWS * CORNER * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
            this.sums = new WaySums32(k, HEIGHT, wide);
        }

        @Override
        public void read(int i, int j, int top, int count) {
            this.top = top;
            this.count = count;
            width = store.layout().width(i, j);
            rows = store.singles(i, j, top, count);
        }

        @Override
        public void turnTo(int row) {
            group.turnTo(rows, row, count, width);
        }

        @Override
        public void turnToCorner(int row, int from, int to) {
            int some = Math.min(ROWS, count - row);
            int wide = to - from;
            for (int r = 0; r < some; r++) {
                int diagonal = top + row + r - from;
                rows.get((row + r) * width + from, aRow, 0, wide);
                Arrays.fill(aRow, 0, diagonal, 0);
                aRow[diagonal] /= 2;
                around.put(r * wide, aRow, 0, wide);
            }
            corner.turnTo(around, 0, some, wide);
        }

        @Override
        public void multiply(int c, int row, int column, int width, int x, int w) {
            group.multiply(column, width, vectors, x, w, n, sums, c, row, column);
        }

        @Override
        public void multiplyCorner(int c, int row, int column, int width, int x, int w) {
            corner.multiply(0, width, vectors, x, w, n, sums, c, row, column);
        }

        @Override
        public void across(int c, int count, double[] part, int at) {
            sums.takeRows(c, count, part, at);
        }

        @Override
        public void down(int c, int width, boolean adds, double[] part, int at) {
            sums.takeColumns(c, width, adds, part, at);
        }
    }
}
