package org.ntk4j.infinite.tile;

/**
 * A rectangle of a kernel matrix: the rows {@code i0} to before {@code i1} and the columns {@code j0} to before {@code j1}.
 */
public record Tile(int i0, int i1, int j0, int j1) {

    public Tile {
        if (i0 < 0 || i0 >= i1 || j0 < 0 || j0 >= j1) {
            throw new IllegalArgumentException("rows " + i0 + " to " + i1 + " and columns " + j0 + " to " + j1 + " are not a tile");
        }
    }

    /** How many rows. */
    public int rows() {
        return i1 - i0;
    }

    /** How many columns. */
    public int columns() {
        return j1 - j0;
    }

    /** How many values. */
    public long size() {
        return (long) rows() * columns();
    }

    /** Whether it lies along the diagonal: rows and columns are the same. */
    public boolean isDiagonal() {
        return i0 == j0 && i1 == j1;
    }
}
