package org.ntk4j.infinite.plane.step;

/** What is done with a row and the one that it meets. */
public interface OfRow {

    /**
     * Does it.
     *
     * @param y     the row of the left image
     * @param other that of the right one
     */
    void take(int y, int other);
}
