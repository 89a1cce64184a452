package org.ntk4j.kernel;

import java.nio.file.Path;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.files.NpyMatrix;
import org.ntk4j.kernel.tiles.TileStore;

/**
 * Where the values of a kernel are: in an array, in a file, in tiles outside the heap or in files, or nowhere, because they are computed
 * whenever they are needed.
 */
sealed interface KernelValues {

    /** The diagonal is read in squares of as many rows: where values are computed, single ones take as long as a few. */
    int DIAGONAL_BLOCK = 32;

    /** One value. */
    double get(int row, int column);

    /** Columns {@code from} to before {@code to} of a row, written to {@code target} from {@code at} on. */
    void read(int row, int from, int to, double[] target, int at);

    /** A rectangle, by rows. */
    default void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
        for (int i = fromRow; i < toRow; i++) {
            read(i, fromColumn, toColumn, target, (i - fromRow) * (toColumn - fromColumn));
        }
    }

    /** This many values on the diagonal. */
    default double[] diagonal(int count) {
        double[] diagonal = new double[count];
        double[] block = new double[DIAGONAL_BLOCK * DIAGONAL_BLOCK];
        for (int from = 0; from < count; from += DIAGONAL_BLOCK) {
            int to = Math.min(count, from + DIAGONAL_BLOCK);
            read(from, to, from, to, block);
            for (int i = from; i < to; i++) {
                diagonal[i] = block[(i - from) * (to - from + 1)];
            }
        }
        return diagonal;
    }

    /** Rows as one array. */
    static double[] flat(double[][] rows, int columns) {
        double[] values = new double[Math.multiplyExact(rows.length, columns)];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != columns) {
                throw Failure.input("row " + i + " of the kernel has " + rows[i].length + " values, row 0 has " + columns);
            }
            System.arraycopy(rows[i], 0, values, i * columns, columns);
        }
        return values;
    }

    /** Whether rows of one length are square and their own mirror image. */
    static boolean isSymmetric(double[][] rows) {
        boolean symmetric = rows.length == 0 || rows.length == rows[0].length;
        for (int i = 0; i < rows.length && symmetric; i++) {
            for (int j = 0; j < i && symmetric; j++) {
                symmetric = rows[i][j] == rows[j][i];
            }
        }
        return symmetric;
    }

    /** The file, if there is one. */
    default Optional<Path> file() {
        return Optional.empty();
    }

    /** In an array, row by row. */
    record InMemory(int columns, double[] values) implements KernelValues {

        @Override
        public double get(int row, int column) {
            return values[row * columns + column];
        }

        @Override
        public void read(int row, int from, int to, double[] target, int at) {
            System.arraycopy(values, row * columns + from, target, at, to - from);
        }
    }

    /** In a file. */
    record InFile(NpyMatrix matrix) implements KernelValues {

        @Override
        public double get(int row, int column) {
            return matrix.get(row, column);
        }

        @Override
        public void read(int row, int from, int to, double[] target, int at) {
            matrix.read(row, from, to, target, at);
        }

        @Override
        public Optional<Path> file() {
            return Optional.of(matrix.file());
        }
    }

    /** In tiles: the upper half of a symmetric kernel. */
    record InTiles(TileStore store) implements KernelValues {

        @Override
        public double get(int row, int column) {
            double[] one = new double[1];
            read(row, column, column + 1, one, 0);
            return one[0];
        }

        @Override
        public void read(int row, int from, int to, double[] target, int at) {
            // Below the diagonal nothing is kept, not even within a tile.
            for (int column = from; column < Math.min(to, row); column++) {
                store.read(column, row, row + 1, target, at + column - from);
            }
            if (to > row) {
                int first = Math.max(from, row);
                store.read(row, first, to, target, at + first - from);
            }
        }

        @Override
        public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
            if (fromColumn < toRow || !store.readTile(fromRow, toRow, fromColumn, toColumn, target)) {
                KernelValues.super.read(fromRow, toRow, fromColumn, toColumn, target);
            }
        }
    }

    /** Nowhere. */
    record Computed(KernelSource source) implements KernelValues {

        @Override
        public double get(int row, int column) {
            double[] one = new double[1];
            source.read(row, row + 1, column, column + 1, one);
            return one[0];
        }

        @Override
        public void read(int row, int from, int to, double[] target, int at) {
            double[] values = new double[to - from];
            source.read(row, row + 1, from, to, values);
            System.arraycopy(values, 0, target, at, to - from);
        }

        @Override
        public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
            source.read(fromRow, toRow, fromColumn, toColumn, target);
        }
    }

    /** The values of a row. */
    default double[] row(int row, int columns) {
        double[] values = new double[columns];
        read(row, 0, columns, values, 0);
        return values;
    }

    /**
     * All values, row by row.
     *
     * @throws Failure if they are too many for an array
     */
    default double[] all(String name, int rows, int columns) {
        if (this instanceof InMemory memory) {
            return memory.values;
        }
        String what = file().map(Path::toString).orElse(name) + ": " + rows + " × " + columns + " values ";
        if ((long) rows * columns > Integer.MAX_VALUE - 8) {
            throw Failure.input(what + "are too many for an array; take a block of them");
        }
        try {
            double[] values = new double[rows * columns];
            read(0, rows, 0, columns, values);
            return values;
        } catch (OutOfMemoryError e) {
            throw Failure.run(what + "do not fit into Java's memory; take a block of them", e);
        }
    }
}
