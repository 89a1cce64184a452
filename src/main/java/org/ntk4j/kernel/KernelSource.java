package org.ntk4j.kernel;

import java.util.Optional;
import org.ntk4j.base.Monitor;

/** Values of a kernel that are computed anew whenever they are needed, or lie on other machines. Many threads may ask at once. */
public interface KernelSource {

    /** How many threads {@link #tiles} uses. */
    int threads();

    /** The values on a rectangle, by rows; of a symmetric kernel anywhere. */
    void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target);

    /**
     * Each tile once; of a symmetric kernel each square along the diagonal, and what lies to its right.
     *
     * @throws org.ntk4j.base.Failure after Ctrl-C, or naming the values that float64 does not hold
     */
    void tiles(TileVisitor visitor, Monitor monitor);

    /** Whole rows of this many columns, one after the other, wherever they stand. */
    default void rows(int[] rows, int columns, double[] target) {
        double[] row = new double[columns];
        for (int i = 0; i < rows.length; i++) {
            read(rows[i], rows[i] + 1, 0, columns, row);
            System.arraycopy(row, 0, target, i * columns, columns);
        }
    }

    /** The values on the diagonal, where there is a better way than by blocks along it. */
    default Optional<double[]> diagonal() {
        return Optional.empty();
    }

    /** Whether the values lie on other machines, so that vectors go there. */
    default boolean isElsewhere() {
        return false;
    }

    /** The kernel applied to vectors where its values lie; empty if they come here tile by tile. */
    default Optional<KernelProduct> product(Monitor monitor) {
        return Optional.empty();
    }

    /** The sum of the squares of all values, where they lie; empty if they come here tile by tile. */
    default Optional<Double> squares() {
        return Optional.empty();
    }
}
