package org.ntk4j.table;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.files.Npy;

/** The rows of a matrix in an {@code .npy} file, as a table of texts; a whole number is written without a fraction. */
final class NpyRows implements TextRows {

    private static final double MOST_WHOLE = 1e15;

    private final Npy array;
    private int row;

    NpyRows(Path file) {
        this.array = Npy.read(file);
        if (array.shape().length != 2 || array.values().length == 0) {
            throw Failure.input(file + ": an array of " + Arrays.toString(array.shape())
                    + " is no table; a matrix with a row for each input is needed, its columns values, and "
                    + "label or targets");
        }
    }

    @Override
    public int number() {
        return row;
    }

    @Override
    public @Nullable List<String> next() {
        if (row == array.shape()[0]) {
            return null;
        }
        int width = array.shape()[1];
        List<String> fields = new ArrayList<>(width);
        for (int i = row * width; i < (row + 1) * width; i++) {
            double value = array.values()[i];
            fields.add(value == Math.rint(value) && Math.abs(value) < MOST_WHOLE ? String.valueOf((long) value) : String.valueOf(value));
        }
        row++;
        return fields;
    }

    @Override
    public void close() {
        // Everything was read at once.
    }
}
