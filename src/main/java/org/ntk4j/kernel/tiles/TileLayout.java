package org.ntk4j.kernel.tiles;

import org.ntk4j.base.Failure;

/**
 * How a matrix is cut into tiles, ragged at the edges, and where each one stands: row of tiles after row of tiles, of a symmetric matrix
 * the diagonal and what lies to its right.
 *
 * @param side rows and columns of a whole tile
 */
public record TileLayout(int rows, int columns, int side, boolean symmetric) {

    public TileLayout {
        if (rows < 1 || columns < 1 || side < 1 || symmetric && rows != columns) {
            throw Failure.run(rows + " × " + columns + (symmetric ? ", symmetric," : "") + " cannot be cut into tiles of " + side);
        }
    }

    /** The upper half of a symmetric matrix. */
    public static TileLayout symmetric(int size, int side) {
        return new TileLayout(size, size, Math.min(side, size), true);
    }

    /** How many tiles stand below each other. */
    public int down() {
        return (rows - 1) / side + 1;
    }

    /** How many tiles stand beside each other. */
    public int across() {
        return (columns - 1) / side + 1;
    }

    /** The first tile of a row of tiles. */
    public int first(int i) {
        return symmetric ? i : 0;
    }

    /** The rows of tile row i. */
    public int height(int i) {
        return Math.min(side, rows - i * side);
    }

    /** The columns of tile column j. */
    public int width(int j) {
        return Math.min(side, columns - j * side);
    }

    /** The values of a tile row. */
    public long valuesOfRow(int i) {
        return (long) height(i) * (columns - (long) first(i) * side);
    }

    /** How many values there are. */
    public long values() {
        return offset(down() - 1) + valuesOfRow(down() - 1);
    }

    /** Where tile row i begins, in values. */
    public long offset(int i) {
        long all = (long) i * side * columns;
        return symmetric ? all - (long) side * side * ((long) i * (i - 1) / 2) : all;
    }

    /** Where a tile begins within its tile row, in values. */
    public long offsetInRow(int i, int j) {
        return (long) height(i) * side * (j - first(i));
    }
}
