package org.ntk4j.spark;

import java.io.Serializable;

/**
 * Tiles of one kernel that stay where they were computed.
 *
 * @param bounds of each tile: rows from and to, columns from and to
 * @param values of each, by rows
 */
record HeldTiles(int[][] bounds, double[][] values) implements Serializable {

    /** A piece of a row of the kernel. */
    interface Piece {
        /** The values of a row from a column on; in {@code values} they stand {@code step} apart from {@code at} on. */
        void take(int row, int column, double[] values, int at, int step, int count);
    }

    /**
     * {@code sum += K·b} for what stands here; of a symmetric kernel a tile off the diagonal is its mirror image too.
     *
     * @param b {@code columns × k} by rows
     */
    void addProduct(double[] b, int k, boolean symmetric, double[] sum) {
        for (int t = 0; t < bounds.length; t++) {
            int[] place = bounds[t];
            int width = place[3] - place[2];
            boolean twice = symmetric && place[0] != place[2];
            for (int i = place[0]; i < place[1]; i++) {
                int at = (i - place[0]) * width;
                for (int j = place[2]; j < place[3]; j++) {
                    double value = values[t][at + j - place[2]];
                    for (int c = 0; c < k; c++) {
                        sum[i * k + c] += value * b[j * k + c];
                    }
                    for (int c = 0; twice && c < k; c++) {
                        sum[j * k + c] += value * b[i * k + c];
                    }
                }
            }
        }
    }

    /** The sum of the squares of all values. */
    double squares(boolean symmetric) {
        double sum = 0;
        for (int t = 0; t < bounds.length; t++) {
            double part = 0;
            for (double value : values[t]) {
                part += value * value;
            }
            sum += symmetric && bounds[t][0] != bounds[t][2] ? 2 * part : part;
        }
        return sum;
    }

    /** Shows what stands here of a row. */
    void row(int row, boolean symmetric, Piece piece) {
        for (int t = 0; t < bounds.length; t++) {
            int[] place = bounds[t];
            int width = place[3] - place[2];
            if (row >= place[0] && row < place[1]) {
                piece.take(row, place[2], values[t], (row - place[0]) * width, 1, width);
            }
            if (symmetric && place[0] != place[2] && row >= place[2] && row < place[3]) {
                piece.take(row, place[0], values[t], row - place[2], width, place[1] - place[0]);
            }
        }
    }
}
