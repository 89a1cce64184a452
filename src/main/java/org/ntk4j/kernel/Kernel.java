package org.ntk4j.kernel;

import java.util.List;
import org.ntk4j.Failure;

/**
 * A kernel matrix K(x, x') in float64: one row for each x, one column for each x'. Immutable.
 */
public final class Kernel {

    private final String name;
    private final int rows;
    private final int columns;
    private final double[] values;
    private final boolean symmetric;
    private final List<String> notes;

    private Kernel(String name, int rows, int columns, double[] values, boolean symmetric, List<String> notes) {
        this.name = name;
        this.rows = rows;
        this.columns = columns;
        this.values = values;
        this.symmetric = symmetric;
        this.notes = List.copyOf(notes);
    }

    /**
     * A kernel between two sets of inputs.
     *
     * @param name   what it is, such as {@code ntk.infinite}
     * @param values {@code rows × columns} values, row by row; taken over, not copied
     * @throws Failure if a value is NaN or infinite, with its place
     */
    public static Kernel of(String name, int rows, int columns, double[] values) {
        return checked(new Kernel(name, rows, columns, values, false, List.of()));
    }

    /** A kernel of one set of inputs with itself: square and symmetric. */
    public static Kernel symmetric(String name, int size, double[] values) {
        return checked(new Kernel(name, size, size, values, true, List.of()));
    }

    /** A kernel from rows; square and symmetric ones are taken to be of one set of inputs with itself. */
    public static Kernel of(double[][] rows) {
        int columns = rows.length == 0 ? 0 : rows[0].length;
        double[] values = new double[Math.multiplyExact(rows.length, columns)];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != columns) {
                throw Failure.input("row " + i + " of the kernel has " + rows[i].length + " values, row 0 has " + columns);
            }
            System.arraycopy(rows[i], 0, values, i * columns, columns);
        }
        boolean symmetric = rows.length == columns;
        for (int i = 0; i < rows.length && symmetric; i++) {
            for (int j = 0; j < i && symmetric; j++) {
                symmetric = rows[i][j] == rows[j][i];
            }
        }
        return checked(new Kernel("kernel", rows.length, columns, values, symmetric, List.of()));
    }

    private static Kernel checked(Kernel k) {
        if ((long) k.rows * k.columns != k.values.length) {
            throw Failure.input(k.values.length + " values are not a kernel of " + k.rows + " × " + k.columns);
        }
        for (int i = 0; i < k.values.length; i++) {
            if (!Double.isFinite(k.values[i])) {
                throw Failure.run(k.name + ": the value at row " + i / k.columns + ", column " + i % k.columns + " is " + k.values[i]);
            }
        }
        return k;
    }

    /** What it is: {@code ntk.infinite}, {@code nngp.infinite}, {@code ntk.init}, {@code ntk.trained}, or a name of one's own. */
    public String name() {
        return name;
    }

    /** The same values under another name. */
    public Kernel named(String other) {
        return new Kernel(other, rows, columns, values, symmetric, notes);
    }

    /** The same values with a remark for whoever reads them. */
    public Kernel noted(List<String> remarks) {
        return new Kernel(name, rows, columns, values, symmetric, remarks);
    }

    /** Remarks: how it was estimated, and with which error, where that is not exact. */
    public List<String> notes() {
        return notes;
    }

    /** The number of rows. */
    public int rows() {
        return rows;
    }

    /** The number of columns. */
    public int columns() {
        return columns;
    }

    /** True if this is a kernel of one set of inputs with itself. */
    public boolean isSymmetric() {
        return symmetric;
    }

    /** One value. */
    public double get(int row, int column) {
        return values[row * columns + column];
    }

    /** All values, row by row. Not a copy: not to be changed. */
    public double[] values() {
        return values;
    }

    /** All values as rows, as a copy. */
    public double[][] toArray() {
        double[][] rowsOfValues = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(values, i * columns, rowsOfValues[i], 0, columns);
        }
        return rowsOfValues;
    }
}
