package org.ntk4j.infinite.plane.step;

import java.util.List;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.rows.Rows;

/** Adds up what a plane holds at the end. Belongs to one thread. */
final class PlaneSums<A> {

    private final KernelPlanes<A> planes;
    private final Rows<A> rows;
    private final int plane;
    /** Whether a column lies in an image, or the gap behind it, of even number; and of odd. */
    private final List<A> parity;
    private final A sums;
    private final double[] row;

    /** @param plane the one that holds the result */
    PlaneSums(KernelPlanes<A> planes, PlanePath path, int plane) {
        this.planes = planes;
        this.rows = planes.rows().rows();
        this.plane = plane;
        this.parity = List.of(parity(path, 0), parity(path, 1));
        this.sums = rows.room(4 * rows.lanes());
        this.row = new double[4 * rows.lanes()];
    }

    private A parity(PlanePath path, int odd) {
        return new LaneColumns(path.across(), path.last().width(), 0).mask(rows, path, c -> c / path.lastPeriod() % 2 == odd);
    }

    /**
     * Adds the positions of each offset of the plane to the sums of the panel's images: in the same order for an offset and for its
     * opposite.
     */
    void add(PlanePath path, Meeting<A> images, RowPairs pairs, ImagePanel<A> panel) {
        int lanes = rows.lanes();
        for (int around = 0; around < 2; around++) {
            double[] total = new double[row.length];
            int apart = images.turn() - around * path.turns();
            for (int y = 0; y < pairs.h(); y++) {
                if (pairs.partner(y) >= 0 && pairs.partner(y) - y == apart) {
                    rows.sums(planes.k(plane), planes.t(plane), planes.at(y), parity.get(0), parity.get(1), images.lane(), pairs.w(),
                            sums);
                    rows.get(sums, 0, row, 0, row.length);
                    for (int i = 0; i < row.length; i++) {
                        total[i] += row[i];
                    }
                }
            }
            panel.add(apart, images.lane(), lanes, total);
        }
    }

    /** Sums K and Θ over equal positions, lane by lane. */
    void equal(RowPairs pairs, double[] sumK, double[] sumT) {
        add(pairs, planes.k(plane), sumK);
        if (planes.rows().tangents()) {
            add(pairs, planes.t(plane), sumT);
        }
    }

    private void add(RowPairs pairs, A from, double[] to) {
        for (int y = 0; y < pairs.h(); y++) {
            rows.sum(from, planes.at(y), pairs.w(), sums);
            rows.get(sums, 0, row, 0, rows.lanes());
            for (int j = 0; j < rows.lanes(); j++) {
                to[j] += row[j];
            }
        }
    }
}
