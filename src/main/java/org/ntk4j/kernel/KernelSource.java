package org.ntk4j.kernel;

import org.ntk4j.base.Monitor;

/** Values of a kernel that are computed anew whenever they are needed. Many threads may ask at once. */
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
}
