package org.ntk4j.infinite.plane.step;

import java.util.Arrays;
import java.util.function.IntPredicate;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.rows.Rows;

/**
 * Where the right columns of the lanes lie in images of a width: with strides to come the lanes of each place begin elsewhere.
 *
 * @param across columns at the beginning that strides have taken for one
 * @param width  the width of an image
 * @param lane   where the first lane of the first place lies; 0 where masks for all of them are one
 */
record LaneColumns(int across, int width, int lane) {

    static LaneColumns of(PlanePath path, int across, int width, int lane) {
        return new LaneColumns(across, width, across == path.across() ? 0 : lane);
    }

    /** 1 at those columns of a panel, else 0. */
    <A> A mask(Rows<A> rows, PlanePath path, IntPredicate is) {
        int lanes = rows.lanes();
        int strides = path.across() / across;
        double[] columns = new double[strides == 1 ? ImagePanel.MOST * (path.period() / across) + width + lanes : width * lanes];
        Arrays.setAll(columns, i -> is.test(strides == 1 ? i : i / lanes + strides * (lane + i % lanes)) ? 1 : 0);
        return rounded(rows, columns);
    }

    static <A> A rounded(Rows<A> rows, double[] values) {
        A made = rows.room(values.length);
        rows.put(values, 0, made, 0, values.length);
        return made;
    }
}
