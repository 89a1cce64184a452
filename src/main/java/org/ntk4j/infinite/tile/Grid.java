package org.ntk4j.infinite.tile;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * How a kernel is cut into tiles, ragged at the edges: all of it, or of a symmetric one the diagonal and what lies above.
 *
 * @param side rows and columns of a whole tile
 */
public record Grid(int rows, int columns, int side, boolean symmetric) implements Iterable<Tile> {

    /** The tiles along the columns. */
    private long across() {
        return ((long) columns + side - 1) / side;
    }

    /** How many tiles. */
    public long count() {
        long down = ((long) rows + side - 1) / side;
        return symmetric ? down * (down + 1) / 2 : down * across();
    }

    /** The number of a tile, counted along the rows; −1 if it is not one of this grid. */
    long index(Tile t) {
        long i = t.i0() / side;
        long j = t.j0() / side;
        boolean whole = t.i0() % side == 0 && t.j0() % side == 0 && t.i1() == end(t.i0(), rows) && t.j1() == end(t.j0(), columns);
        if (!whole || t.i1() > rows || t.j1() > columns || symmetric && j < i) {
            return -1;
        }
        return symmetric ? i * across() - i * (i - 1) / 2 + j - i : i * across() + j;
    }

    private int end(int from, int limit) {
        return (int) Math.min(limit, (long) from + side);
    }

    @Override
    public Iterator<Tile> iterator() {
        return new Iterator<>() {

            private int i;
            private int j;

            @Override
            public boolean hasNext() {
                return i < rows && columns > 0;
            }

            @Override
            public Tile next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Tile tile = new Tile(i, end(i, rows), j, end(j, columns));
                if (tile.j1() < columns) {
                    j = tile.j1();
                } else {
                    i = tile.i1();
                    j = symmetric ? i : 0;
                }
                return tile;
            }
        };
    }
}
