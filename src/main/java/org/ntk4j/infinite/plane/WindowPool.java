package org.ntk4j.infinite.plane;

import java.util.Arrays;

/**
 * Pools the positions of a pair of images over windows that do not overlap. Planes arrive offset by offset; what they hold is laid out by left position and right column first, so that
 * additions run along right columns side by side, always in the same order, however many lanes there are. Belongs to one thread.
 */
final class WindowPool {

    private final int height;
    private final int width;
    private final int[] target;
    private final int columns;
    private final int bands;
    private final double[] planeK;
    private final double[] planeT;
    private final double[] sumK;
    private final double[] sumT;

    /**
     * @param target the pooled position of each position, −1 for none; windows stand side by side from the first position on
     * @param pooled the number of pooled positions
     */
    WindowPool(int height, int width, int[] target, int pooled) {
        this.height = height;
        this.width = width;
        this.target = target;
        this.columns = Arrays.stream(target, 0, width).max().orElse(0) + 1;
        this.bands = pooled / columns;
        this.planeK = new double[height * width * width];
        this.planeT = new double[height * width * width];
        this.sumK = new double[pooled * bands * width];
        this.sumT = new double[pooled * bands * width];
    }

    /** Begins a pair. */
    void clear() {
        Arrays.fill(sumK, 0);
        Arrays.fill(sumT, 0);
    }

    /** Takes over K and Θ of left row y, left column x, for right columns from {@code column} on. */
    void take(int y, int x, int column, double[] k, double[] t, int from, int count) {
        int to = (y * width + x) * width + column;
        System.arraycopy(k, from, planeK, to, count);
        System.arraycopy(t, from, planeT, to, count);
    }

    /** Adds what was taken for a left row, which met this right one. */
    void add(int y, int other) {
        int band = target[other * width] < 0 ? -1 : target[other * width] / columns;
        for (int x = 0; x < width && band >= 0; x++) {
            int p = target[y * width + x];
            if (p >= 0) {
                add(planeK, (y * width + x) * width, sumK, (p * bands + band) * width);
                add(planeT, (y * width + x) * width, sumT, (p * bands + band) * width);
            }
        }
    }

    private void add(double[] from, int at, double[] to, int toAt) {
        for (int c = 0; c < width; c++) {
            to[toAt + c] += from[at + c];
        }
    }

    /** Writes the pair's sums, {@code [left pooled position][right pooled position]}. */
    void put(double[] k, double[] t, int at) {
        int pooled = bands * columns;
        for (int p = 0; p < pooled; p++) {
            for (int band = 0; band < bands; band++) {
                for (int c = 0; c < width; c++) {
                    if (target[c] >= 0) {
                        int to = at + p * pooled + band * columns + target[c];
                        k[to] += sumK[(p * bands + band) * width + c];
                        t[to] += sumT[(p * bands + band) * width + c];
                    }
                }
            }
        }
    }
}
