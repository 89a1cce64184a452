package org.ntk4j.infinite.plane.step;

import java.util.List;
import org.ntk4j.infinite.plane.path.PlanePasses;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.KernelRows;
import org.ntk4j.rows.Rows;

/**
 * K and Θ of some planes, row by row. Before and behind each row there are places that windows see beyond the border, and behind the last
 * row one more, of zeros: what stands above and below an image. Belongs to one thread.
 *
 * @param <A> the arrays of its numbers
 */
final class KernelPlanes<A> {

    private final KernelRows<A> rows;
    private final PlanePath path;
    private final int lanes;
    private final int first;
    private final int stride;
    private final A[] k;
    private final A[] t;

    KernelPlanes(KernelRows<A> rows, PlanePath path, int planes) {
        this.rows = rows;
        this.path = path;
        this.lanes = rows.lanes();
        this.first = path.before() * lanes;
        this.stride = (path.before() + path.width() + path.after()) * lanes;
        this.k = rows.rows().arrays(planes);
        this.t = rows.rows().arrays(planes);
        A none = rows.rows().room(rows.tangents() ? 0 : size());
        for (int i = 0; i < planes; i++) {
            k[i] = room();
            t[i] = rows.tangents() ? room() : none;
        }
    }

    private int size() {
        return (path.height() + 1) * stride;
    }

    /** Room for one plane more, all 0. */
    A room() {
        return rows.rows().room(size());
    }

    KernelRows<A> rows() {
        return rows;
    }

    int lanes() {
        return lanes;
    }

    A k(int plane) {
        return k[plane];
    }

    A t(int plane) {
        return t[plane];
    }

    /** K and Θ, or K alone. */
    List<A> both(int plane) {
        return rows.tangents() ? List.of(k[plane], t[plane]) : List.of(k[plane]);
    }

    /** Where a row stands in its plane. */
    int at(int y) {
        return y * stride + first;
    }

    /** Hands a plane over, for one of others, or for none yet. */
    void exchange(int plane, A[] otherK, A[] otherT, int which) {
        A ofK = k[plane];
        k[plane] = otherK[which] == null ? room() : otherK[which];
        otherK[which] = ofK;
        if (rows.tangents()) {
            A ofT = t[plane];
            t[plane] = otherT[which] == null ? room() : otherT[which];
            otherT[which] = ofT;
        }
    }

    /** Where the rows begin that a window looks at, or the row of zeros. */
    void sources(PlanePasses.Window window, boolean wraps, int y, int other, int[] to) {
        PlaneStep.Linear l = window.map();
        int before = window.before();
        for (int o = 0; o < to.length; o++) {
            int source = y * l.down() + o - l.top();
            int partner = other * l.down() + o - l.top();
            source = wraps ? Math.floorMod(source, before) : source;
            boolean there = wraps || source >= 0 && source < before && partner >= 0 && partner < before;
            to[o] = at(there ? source : path.height()) - l.left() * lanes;
        }
    }

    void window(PlanePasses.Window window, int[] sources, int y, int w, Rows.Affine map) {
        PlaneStep.Linear l = window.map();
        rows.window(k[window.from()], t[window.from()], sources, l.columns(), l.across(), k[window.to()], t[window.to()], at(y), w, map);
    }

    /** A window of 3 × 3 in a row and in the one below it, of K and Θ. */
    void twoWindows(PlanePasses.Window window, int[] sources, int y, int w, Rows.Affine map) {
        rows.rows().twoWindows(k[window.from()], t[window.from()], sources, k[window.to()], t[window.to()], at(y), at(y + 1), w, map);
    }

    /** A window of 3 × 3 over images that lie without a gap; whether it is the first one, with no Θ before it. */
    void touching(PlanePasses.Window window, Rows.Affine map, int[] sources, int y, int w, A masks, int lane, boolean first) {
        rows.touching(k[window.from()], t[window.from()], sources, k[window.to()], t[window.to()], at(y), w, map, masks, lane, first);
    }

    /** Zeros behind a row that has become shorter. */
    void clearBehind(int plane, int y, int w) {
        if (w < path.width()) {
            rows.clear(k[plane], t[plane], at(y) + w * lanes, path.width() + path.after() - w);
        }
    }

    void copy(int from, int to, int y, int w) {
        rows.copy(k[from], t[from], at(y), k[to], t[to], at(y), w * lanes);
        clearBehind(to, y, w);
    }

    void add(int from, int to, int y, int w) {
        rows.add(k[from], t[from], k[to], t[to], at(y), w);
    }

    /** The product, in the second plane; Θ of the first one is gone then. */
    void multiply(int from, int to, int y, int w) {
        rows.multiply(k[from], t[from], k[to], t[to], at(y), w);
    }

    void linear(int plane, int y, int w, Rows.Affine map) {
        rows.linear(k[plane], t[plane], at(y), w, map);
    }

    void mask(int plane, int y, int w, A mask, int from, int step) {
        rows.mask(k[plane], t[plane], at(y), mask, from, step, w);
    }

    /** Multiplied by a number for each left position, and one for each right one. */
    void weigh(int plane, int y, int w, A ofLeft, int from1, A ofRight, int from2, int step) {
        rows.weigh(k[plane], t[plane], at(y), w, ofLeft, from1, 1, ofRight, from2, step);
    }
}
