package org.ntk4j.kernel;

import java.nio.file.Path;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.files.NpyMatrix;

/** Where the values of a kernel are: in an array, or in a file for those that are too many. */
sealed interface KernelValues {

    /** One value. */
    double get(int row, int column);

    /** Columns {@code from} to before {@code to} of a row, written to {@code target} from {@code at} on. */
    void read(int row, int from, int to, double[] target, int at);

    /** All values, row by row. */
    double[] all();

    /** The file, if there is one. */
    Optional<Path> file();

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

        @Override
        public double[] all() {
            return values;
        }

        @Override
        public Optional<Path> file() {
            return Optional.empty();
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
        public double[] all() {
            int columns = matrix.columns();
            long size = (long) matrix.rows() * columns;
            if (size > Integer.MAX_VALUE - 8) {
                throw Failure.input(matrix.file() + ": " + matrix.rows() + " × " + columns + " values are too many for an array; take a block of them");
            }
            double[] values;
            try {
                values = new double[(int) size];
            } catch (OutOfMemoryError e) {
                throw Failure.run(matrix.file() + ": " + matrix.rows() + " × " + columns + " values do not fit into Java's memory; take a block of them", e);
            }
            for (int i = 0; i < matrix.rows(); i++) {
                matrix.read(i, 0, columns, values, i * columns);
            }
            return values;
        }

        @Override
        public Optional<Path> file() {
            return Optional.of(matrix.file());
        }
    }

    /** The values of a row. */
    default double[] row(int row, int columns) {
        double[] values = new double[columns];
        read(row, 0, columns, values, 0);
        return values;
    }
}
