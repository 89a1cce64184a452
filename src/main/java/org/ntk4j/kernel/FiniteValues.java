package org.ntk4j.kernel;

import org.ntk4j.base.Failure;

/** Sees to it that a NaN or an infinite value never leaves silently. */
final class FiniteValues {

    private FiniteValues() {
    }

    /**
     * Does nothing if all values are finite.
     *
     * @param name   of the kernel
     * @param values row by row
     * @throws Failure with the place of the first that is not
     */
    static void require(String name, int columns, double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw notFinite(name, i / columns, i % columns, values[i]);
            }
        }
    }

    /** Shows a visitor tiles whose values are finite, and fails at the first that is not. */
    static TileVisitor only(String name, TileVisitor visitor) {
        return (worker, row, column, height, width, tile) -> {
            boolean finite = true;
            for (int i = 0; i < height * width; i++) {
                finite &= Math.abs(tile[i]) <= Double.MAX_VALUE;
            }
            for (int i = 0; i < height * width && !finite; i++) {
                if (!Double.isFinite(tile[i])) {
                    throw notFinite(name, row + i / width, column + i % width, tile[i]);
                }
            }
            visitor.visit(worker, row, column, height, width, tile);
        };
    }

    static Failure notFinite(String name, int row, int column, double value) {
        return Failure.run(name + ": the value at row " + row + ", column " + column + " is " + value);
    }
}
