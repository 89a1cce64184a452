package org.ntk4j.kernel;

import java.nio.file.Path;
import org.ntk4j.files.NpyMatrix;

/**
 * A kernel that is being filled tile by tile, by several threads at once. Of a symmetric kernel a tile that is not along the diagonal is
 * written with its mirror image. Close it in any case.
 */
public abstract sealed class KernelWriter implements AutoCloseable {

    private static final int ACROSS = 8;

    private final String name;
    private final int rows;
    private final int columns;
    private final boolean symmetric;

    private KernelWriter(String name, int rows, int columns, boolean symmetric) {
        this.name = name;
        this.rows = rows;
        this.columns = columns;
        this.symmetric = symmetric;
    }

    /** A kernel in an array. */
    public static KernelWriter inMemory(String name, int rows, int columns, boolean symmetric) {
        return new Memory(name, rows, columns, symmetric);
    }

    /**
     * A kernel in a {@code .npy} file, which is there under its name once it is finished.
     *
     * @throws org.ntk4j.base.Failure if the file cannot be written
     */
    public static KernelWriter inFile(String name, int rows, int columns, boolean symmetric, Path file) {
        return new File(name, rows, columns, symmetric, file);
    }

    /**
     * Writes a tile.
     *
     * @param row    the first row
     * @param column the first column
     * @param width  the number of columns
     * @param values the tile's values, row by row
     * @throws org.ntk4j.base.Failure if a value is NaN or infinite, with its place
     */
    public final void put(int row, int column, int width, double[] values) {
        check(row, column, width, values);
        int height = values.length / width;
        rows(row, column, values, width, height);
        if (symmetric && row != column) {
            mirrored(row, column, width, values, height);
        }
    }

    private void rows(int row, int column, double[] values, int width, int count) {
        for (int i = 0; i < count; i++) {
            write(row + i, column, values, i * width, width);
        }
    }

    /**
     * Along the rows of the mirror image: writing down its columns would touch a new page for every value. Several at once, as a line of a
     * cache holds several values.
     */
    private void mirrored(int row, int column, int width, double[] values, int height) {
        double[] turned = new double[ACROSS * height];
        for (int j = 0; j < width; j += ACROSS) {
            int some = Math.min(ACROSS, width - j);
            if (some == ACROSS) {
                turnEight(values, j, width, turned, height);
            } else {
                turn(values, j, some, width, turned, height);
            }
            rows(column + j, row, turned, height, some);
        }
    }

    private static void turn(double[] values, int column, int count, int width, double[] to, int height) {
        for (int i = 0; i < height; i++) {
            for (int a = 0; a < count; a++) {
                to[a * height + i] = values[i * width + column + a];
            }
        }
    }

    /** Eight columns, each value by itself: a loop over them would take half as long again. */
    private static void turnEight(double[] values, int column, int width, double[] to, int height) {
        for (int i = 0; i < height; i++) {
            int at = i * width + column;
            to[i] = values[at];
            to[height + i] = values[at + 1];
            to[2 * height + i] = values[at + 2];
            to[3 * height + i] = values[at + 3];
            to[4 * height + i] = values[at + 4];
            to[5 * height + i] = values[at + 5];
            to[6 * height + i] = values[at + 6];
            to[7 * height + i] = values[at + 7];
        }
    }

    private void check(int row, int column, int width, double[] values) {
        boolean finite = true;
        for (double v : values) {
            finite &= Math.abs(v) <= Double.MAX_VALUE;
        }
        for (int i = 0; i < values.length && !finite; i++) {
            if (!Double.isFinite(values[i])) {
                throw FiniteValues.notFinite(name, row + i / width, column + i % width, values[i]);
            }
        }
    }

    /** The kernel, of which every tile has been written. */
    public abstract Kernel finish();

    abstract void write(int row, int column, double[] values, int from, int count);

    @Override
    public abstract void close();

    private static final class Memory extends KernelWriter {

        private final double[] values;

        Memory(String name, int rows, int columns, boolean symmetric) {
            super(name, rows, columns, symmetric);
            values = new double[Math.multiplyExact(rows, columns)];
        }

        @Override
        void write(int row, int column, double[] from, int at, int count) {
            System.arraycopy(from, at, values, row * super.columns + column, count);
        }

        @Override
        public Kernel finish() {
            return Kernel.inMemory(super.name, super.rows, super.columns, values, super.symmetric);
        }

        @Override
        public void close() {
        }
    }

    private static final class File extends KernelWriter {

        private final NpyMatrix.Writer file;

        File(String name, int rows, int columns, boolean symmetric, Path file) {
            super(name, rows, columns, symmetric);
            this.file = new NpyMatrix.Writer(file, rows, columns);
        }

        @Override
        void write(int row, int column, double[] values, int from, int count) {
            file.put(row, column, values, from, count);
        }

        @Override
        public Kernel finish() {
            return Kernel.inFile(super.name, file.finish(), super.symmetric);
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
