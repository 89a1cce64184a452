package org.ntk4j.kernel;

/** Looks at the values of a kernel, tile by tile. */
@FunctionalInterface
public interface TileVisitor {

    /**
     * A tile. Several threads call this at once, each with a number of its own.
     *
     * @param worker the number of the thread, from 0
     * @param row    the first row
     * @param column the first column
     * @param values {@code height × width} by rows; changed again after the call
     */
    void visit(int worker, int row, int column, int height, int width, double[] values);
}
