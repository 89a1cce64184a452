package org.ntk4j.kernel.tiles;

import org.ntk4j.base.Failure;

/**
 * How the upper half of a symmetric matrix is cut into tiles, ragged at the edges, and where each one stands: row of tiles after row of
 * tiles. A row of tiles begins at the diagonal with a square, and is cut at the multiples of the width.
 *
 * @param size rows and columns of the matrix
 * @param tall rows of a whole tile
 * @param wide columns of a whole tile, a multiple of its rows
 */
public record TileLayout(int size, int tall, int wide) {

    public TileLayout {
        if (size < 1 || tall < 1 || wide < tall || wide % tall > 0) {
            throw Failure.run(size + " × " + size + " cannot be cut into tiles of " + tall + " × " + wide);
        }
    }

    /** In squares: those along the diagonal stand by themselves. */
    public static TileLayout ofSquares(int size, int side) {
        return new TileLayout(size, Math.min(side, size), Math.min(side, size));
    }

    /** How many tiles stand below each other. */
    public int down() {
        return (size - 1) / tall + 1;
    }

    /** How many tiles stand beside each other. */
    public int across() {
        return (size - 1) / wide + 1;
    }

    /** The first row of tile row i, and the first column that it keeps. */
    public int top(int i) {
        return i * tall;
    }

    /** The first tile of tile row i. */
    public int first(int i) {
        return top(i) / wide;
    }

    /** The first column of a tile. */
    public int left(int i, int j) {
        return Math.max(top(i), j * wide);
    }

    /** The rows of tile row i. */
    public int height(int i) {
        return Math.min(tall, size - top(i));
    }

    /** The columns of a tile. */
    public int width(int i, int j) {
        return (int) Math.min(size, (j + 1L) * wide) - left(i, j);
    }

    /** The values of a tile row. */
    public long valuesOfRow(int i) {
        return (long) height(i) * (size - top(i));
    }

    /** How many values there are. */
    public long values() {
        return offset(down() - 1) + valuesOfRow(down() - 1);
    }

    /** Where tile row i begins, in values. */
    public long offset(int i) {
        return (long) top(i) * size - (long) tall * tall * ((long) i * (i - 1) / 2);
    }

    /** Where a tile begins within its tile row, in values. */
    public long offsetInRow(int i, int j) {
        return (long) height(i) * (left(i, j) - top(i));
    }
}
