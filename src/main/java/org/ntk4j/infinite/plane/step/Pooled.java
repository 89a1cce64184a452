package org.ntk4j.infinite.plane.step;

import org.ntk4j.rows.Rows;

/**
 * K and Θ of an image with each of a panel's behind a pooling: {@code [left row][right row][left column][column of the panel]}, and what
 * planes begin with there.
 *
 * @param k      the covariances
 * @param t      the tangent kernel; where it is not asked for, the covariances once more
 * @param height rows of an image
 * @param width  columns of an image
 * @param period columns from an image of the panel to the next
 * @param line   columns of the panel, the first ones once more behind the last
 */
public record Pooled<A>(A k, A t, int height, int width, int period, int line) {

    /** Where a row of the panel's columns stands. */
    public int at(int y, int other, int x) {
        return ((y * height + other) * width + x) * line;
    }

    private boolean tangents() {
        return t != k;
    }

    /** K, then Θ, of equal positions with one of the panel's images. */
    public double[][] diagonal(Rows<A> rows, int image) {
        double[][] both = new double[2][height * width];
        for (int p = 0; p < height * width; p++) {
            int from = at(p / width, p / width, p % width) + image * period + p % width;
            rows.get(k, from, both[0], p, 1);
            if (tangents()) {
                rows.get(t, from, both[1], p, 1);
            }
        }
        return both;
    }

    /** Writes K and Θ of all pairs of positions with one of the panel's images, {@code [left position][right position]}. */
    public void write(Rows<A> rows, int image, double[] toK, double[] toT, int to) {
        int positions = height * width;
        for (int p = 0; p < positions; p++) {
            for (int other = 0; other < height; other++) {
                int from = at(p / width, other, p % width) + image * period;
                rows.get(k, from, toK, to + p * positions + other * width, width);
                if (tangents()) {
                    rows.get(t, from, toT, to + p * positions + other * width, width);
                }
            }
        }
    }

    /** Of an image with itself, with left and right exchanged: where the values of two rows stand, gaps where there is one, too. */
    public int[] exchanged() {
        int[] from = new int[width * line];
        for (int i = 0; i < from.length; i++) {
            int other = i % line % period;
            from[i] = other < width ? other * line + i / line : other;
        }
        return from;
    }

    /** Of an image with itself: writes the rows of a pair with left and right exchanged. */
    public void mirror(Rows<A> rows, int y, int other, int[] exchanged, boolean tangents) {
        rows.pick(k, at(y, other, 0), exchanged, k, at(other, y, 0), exchanged.length);
        if (tangents) {
            rows.pick(t, at(y, other, 0), exchanged, t, at(other, y, 0), exchanged.length);
        }
    }
}
