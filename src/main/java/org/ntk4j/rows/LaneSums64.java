package org.ntk4j.rows;

import java.util.Arrays;

/** What {@link BothWays64} adds up lane by lane, for any Java. */
public final class LaneSums64 {

    private static final int LANES = BothWays64.LANES;

    private LaneSums64() {
    }

    /**
     * The sums of rows out of those of their lanes, which are forgotten; always in the same order.
     *
     * @param at where the lanes of the first row begin
     * @param to one sum for each row
     */
    public static void take(double[] lanes, int at, int rows, double[] to) {
        for (int r = 0; r < rows; r++) {
            int from = at + r * LANES;
            double even = 0;
            double odd = 0;
            for (int l = 0; l < LANES; l += 2) {
                even += lanes[from + l];
                odd += lanes[from + l + 1];
            }
            to[r] = even + odd;
        }
        Arrays.fill(lanes, at, at + rows * LANES, 0);
    }
}
