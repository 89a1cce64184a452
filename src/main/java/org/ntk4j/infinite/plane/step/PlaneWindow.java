package org.ntk4j.infinite.plane.step;

import org.ntk4j.infinite.plane.path.PlanePasses;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.Rows;

/** Windows, which look at several rows: what a pass begins with. Belongs to one thread. */
final class PlaneWindow<A> {

    private final KernelPlanes<A> planes;
    private final PlanePath path;
    private final PlaneMasks<A> masks;
    private final CutOffWindow<A> cutOff;

    PlaneWindow(KernelPlanes<A> planes, PlanePath path, PlaneMasks<A> masks) {
        this.planes = planes;
        this.path = path;
        this.masks = masks;
        this.cutOff = new CutOffWindow<>(planes, path, masks);
    }

    /**
     * A window, made ready.
     *
     * @param cuts  whether 0 is to be put where no position is
     * @param first whether Θ is 0 before it, and is not looked at if it {@link #ignoresTangents}
     * @param ahead whether a row may be written before its turn, because all rows that it looks at are there
     */
    OfRow of(PlanePasses.Window window, Meeting<A> images, RowPairs pairs, boolean cuts, boolean first, boolean ahead) {
        PlaneStep.Linear l = window.map();
        boolean wraps = l.border() == PlaneStep.Border.WRAP;
        if (wraps) {
            around(window, path.width() / (pairs.across() / l.across()));
        } else if (path.wraps()) {
            clearAround(window);
        }
        if (!wraps && cutOff.is(window, images, pairs)) {
            return cutOff.of(window, images, pairs, first);
        }
        OfRow sums = ahead && planes.rows().tangents() && PlanePath.isTouching(l) ? twoByTwo(window, wraps, pairs)
                : rowByRow(window, wraps, pairs);
        int w = pairs.w();
        return (y, other) -> {
            sums.take(y, other);
            if (cuts) {
                masks.cut(window.to(), images, pairs, y, other);
            }
            planes.clearBehind(window.to(), y, w);
        };
    }

    private OfRow rowByRow(PlanePasses.Window window, boolean wraps, RowPairs pairs) {
        Rows.Affine map = window.map().affine();
        int[] sources = new int[window.map().rows()];
        int w = pairs.w();
        return (y, other) -> {
            planes.sources(window, wraps, y, other, sources);
            planes.window(window, sources, y, w, map);
        };
    }

    /** A row together with the one below it, where their partners lie so too: at its turn that is there already. */
    private OfRow twoByTwo(PlanePasses.Window window, boolean wraps, RowPairs pairs) {
        Rows.Affine map = window.map().affine();
        OfRow alone = rowByRow(window, wraps, pairs);
        int[] sources = new int[window.map().rows() + 1];
        int[] there = {-1};
        int w = pairs.w();
        return (y, other) -> {
            if (y == there[0]) {
                return;
            }
            if (y + 1 < pairs.h() && pairs.partner(y + 1) == other + 1) {
                planes.sources(window, wraps, y, other, sources);
                planes.twoWindows(window, sources, y, w, map);
                there[0] = y + 1;
            } else {
                alone.take(y, other);
            }
        };
    }

    /** Whether a window that is the first one does not look at Θ. */
    boolean ignoresTangents(PlanePasses.Window window, Meeting<A> images, RowPairs pairs) {
        return cutOff.isTouching(window, images, pairs);
    }

    /** Zeros on both sides of each row, where another window may have put the other end. */
    private void clearAround(PlanePasses.Window window) {
        PlaneStep.Linear l = window.map();
        int behind = l.columns() - 1 - l.left();
        int lanes = planes.lanes();
        for (A a : planes.both(window.from())) {
            for (int y = 0; y < window.before(); y++) {
                planes.rows().rows().clear(a, planes.at(y) - l.left() * lanes, l.left());
                planes.rows().rows().clear(a, planes.at(y) + window.wide() * lanes, Math.max(0, behind));
            }
        }
    }

    /** Puts the other end of each row on both sides of it. */
    private void around(PlanePasses.Window window, int width) {
        PlaneStep.Linear l = window.map();
        int lanes = planes.lanes();
        for (A a : planes.both(window.from())) {
            for (int y = 0; y < window.before(); y++) {
                int at = planes.at(y);
                for (int b = 1; b <= l.left(); b++) {
                    System.arraycopy(a, at + Math.floorMod(-b, width) * lanes, a, at - b * lanes, lanes);
                }
                for (int b = 0; b < l.columns() - 1 - l.left(); b++) {
                    System.arraycopy(a, at + b % width * lanes, a, at + (width + b) * lanes, lanes);
                }
            }
        }
    }
}
