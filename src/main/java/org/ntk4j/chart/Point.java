package org.ntk4j.chart;

/**
 * A point of a curve.
 *
 * @param x     its place along the x axis; on an axis of words the index of the word
 * @param y     its place along the y axis; NaN is a gap
 * @param label what it is, shown where the pointer stands; may be empty
 */
public record Point(double x, double y, String label) {

    /** A point without words. */
    public static Point of(double x, double y) {
        return new Point(x, y, "");
    }
}
