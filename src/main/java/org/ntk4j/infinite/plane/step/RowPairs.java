package org.ntk4j.infinite.plane.step;

import org.ntk4j.infinite.plane.path.PlanePath;

/**
 * The rows of a plane with those that they meet.
 *
 * @param h      how many rows there are
 * @param w      how many columns
 * @param across columns at the beginning that strides have taken for one
 * @param shift  how far below a row the one lies that it meets
 * @param around after how many rows they come around
 */
record RowPairs(int h, int w, int across, int shift, int around) {

    /**
     * Those of a size.
     *
     * @param down   rows that strides have taken for one
     * @param across columns that they have taken for one
     * @param turn   how far apart the rows are behind all strides
     */
    static RowPairs of(PlanePath path, PlanePath.Size size, int down, int across, int turn) {
        return new RowPairs(size.height(), size.width(), across, turn * path.down() / down, path.turns() * path.down() / down);
    }

    /** The row of the right image that meets this one; −1 if it is outside. */
    int partner(int y) {
        int other = y + shift;
        other = other < h ? other : other - around;
        return other >= 0 && other < h ? other : -1;
    }

    /** Every row that meets another. */
    void each(OfRow does) {
        for (int y = 0; y < h; y++) {
            int other = partner(y);
            if (other >= 0) {
                does.take(y, other);
            }
        }
    }
}
