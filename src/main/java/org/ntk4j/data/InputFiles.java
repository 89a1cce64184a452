package org.ntk4j.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.files.Npy;
import org.ntk4j.files.WholeFile;
import org.ntk4j.shape.Shape;

/** Inputs from a file: CSV (one input a row, flattened in C order, no head) or NumPy's {@code .npy} (one input per first index). */
public final class InputFiles {

    private InputFiles() {
    }

    /**
     * Reads a file by its ending.
     *
     * @param file  {@code .csv} or {@code .npy}
     * @param shape the shape of one input; without one, a row of a CSV is a vector, and the trailing axes of an npy are the shape
     * @throws Failure if the file is missing or is not what its ending says, or its values do not fit the shape: every mistake
     *                 with {@code file:line:column} (the column counts fields), the first ten and their number
     */
    public static Inputs read(Path file, int... shape) {
        Required.value(file, "file");
        Required.value(shape, "shape");
        if (Files.isDirectory(file)) {
            throw Failure.input(file + ": this is a folder, not a file");
        }
        WholeFile.checkRegular(file);
        String name = file.toString().toLowerCase(Locale.ROOT);
        Inputs inputs;
        if (name.endsWith(".csv")) {
            inputs = CsvInputs.read(file, shape);
        } else if (name.endsWith(".npy")) {
            inputs = npy(file, shape);
        } else {
            throw Failure.input(file + ": inputs are read from a .csv or .npy file");
        }
        return inputs;
    }

    private static Inputs npy(Path file, int[] shape) {
        Npy array = Npy.read(file);
        int[] axes = array.shape();
        if (axes.length < 2) {
            throw Failure.input(file + ": an array of " + Arrays.toString(axes)
                    + " has no axis of inputs and one of values; at least two axes are needed");
        }
        if (Arrays.stream(axes).anyMatch(size -> size == 0)) {
            throw Failure.input(file + ": an array of " + Arrays.toString(axes) + " has no values");
        }
        Shape each = Shape.of(Arrays.copyOfRange(axes, 1, axes.length));
        Shape asked = shape.length == 0 ? each : Shape.of(shape);
        if (asked.size() != each.size()) {
            throw Failure.input(file + ": an input has " + each.size() + " values (" + each + "); the shape " + asked + " needs "
                    + asked.size());
        }
        // Equal sizes are not enough: 3×4×5 and 4×5×3 hold the same values in another order. A flat array says nothing of its shape.
        if (each.sizes().length > 1 && !Arrays.equals(proper(each), proper(asked))) {
            throw Failure.input(file + ": an input of the array has the shape " + each + ", not " + asked
                    + "; transpose the array, or reshape it to one axis of values if its values stand in the order of " + asked);
        }
        return inputs(file, array.values(), axes[0], asked);
    }

    /** Axes of size 1 change nothing in the order of values. */
    private static int[] proper(Shape shape) {
        return Arrays.stream(shape.sizes()).filter(size -> size > 1).toArray();
    }

    /** Checks the values, with the file's name in front of what is wrong. */
    static Inputs inputs(Path file, double[] values, int count, Shape shape) {
        try {
            return Inputs.of(values, count, shape);
        } catch (Failure e) {
            List<String> lines = e.lines().stream().map(line -> file + ": " + line).toList();
            throw Failure.input(lines);
        }
    }
}
