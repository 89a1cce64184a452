package org.ntk4j.infinite.plane.step;

import org.ntk4j.rows.Rows;

/** What the first plane begins with: inner products of the inputs, which words are the same, or given values. */
final class PlaneStart<A> {

    private final KernelPlanes<A> planes;
    private final Rows<A> rows;
    private final boolean words;

    PlaneStart(KernelPlanes<A> planes, boolean words) {
        this.planes = planes;
        this.rows = planes.rows().rows();
        this.words = words;
    }

    /**
     * Inner products, or which words are the same; then zeros where no position stands.
     *
     * @param clears whether Θ is to be 0: nobody may look at it
     */
    OfRow multiply(Meeting<A> images, RowPairs pairs, PlaneMasks<A> masks, boolean clears) {
        PlaneImage<A> left = images.left();
        PlaneImage<A> right = images.right();
        A[] ofLeft = left == null ? rows.arrays(0) : left.channels().toArray(rows.arrays(0));
        A[] ofRight = right.channels().toArray(rows.arrays(0));
        A k = planes.k(0);
        int w = pairs.w();
        return (y, other) -> {
            int at = planes.at(y);
            if (words) {
                equal(images, y, other, w);
            } else if (left == null) {
                for (int c = 0; c < ofRight.length; c++) {
                    rows.squares(ofRight[c], right.input().at(y), k, at, w, c == 0);
                }
                rows.scale(k, at, w, 1.0 / ofRight.length);
            } else if (left.input().step() > 1) {
                rows.laneInputs(ofLeft, left.input().at(y), left.input().step(), ofRight, right.input().at(other), right.input().step(), k,
                        at, w, 1.0 / ofRight.length);
            } else {
                rows.inputs(ofLeft, left.input().at(y), ofRight, right.input().at(other), right.input().step(), k, at, w,
                        1.0 / ofRight.length);
            }
            if (clears && planes.rows().tangents()) {
                rows.clear(planes.t(0), at, w);
            }
            if (words) {
                masks.cut(0, images, pairs, y, other);
            }
        };
    }

    /** 1 for the same word, else 0. */
    private void equal(Meeting<A> images, int y, int other, int w) {
        int lanes = planes.lanes();
        PlaneImage<A> left = images.left();
        PlaneImage<A> right = images.right();
        double[] line = new double[w * lanes];
        double[] one = new double[1];
        double[] many = new double[lanes];
        for (int x = 0; x < w; x++) {
            rows.get(right.channels().get(0), right.input().at(other) + x * right.input().step(), many, 0, lanes);
            if (left != null) {
                rows.get(left.channels().get(0), left.input().at(y) + x, one, 0, 1);
            }
            for (int j = 0; j < lanes; j++) {
                line[x * lanes + j] = left == null || one[0] == many[j] ? 1 : 0;
            }
        }
        rows.put(line, 0, planes.k(0), planes.at(y), w * lanes);
    }

    /** Given values, {@code [position][lane]}. */
    void put(RowPairs pairs, double[] startK, double[] startT) {
        int line = pairs.w() * planes.lanes();
        for (int y = 0; y < pairs.h(); y++) {
            rows.put(startK, y * line, planes.k(0), planes.at(y), line);
            if (planes.rows().tangents()) {
                rows.put(startT, y * line, planes.t(0), planes.at(y), line);
            }
        }
    }

    /** A row of given values: places that lie {@code step} apart. */
    void take(int y, int w, A fromK, A fromT, int from, int step, int between) {
        rows.take(fromK, from, step, between, planes.k(0), planes.at(y), w);
        if (planes.rows().tangents()) {
            rows.take(fromT, from, step, between, planes.t(0), planes.at(y), w);
        }
    }
}
