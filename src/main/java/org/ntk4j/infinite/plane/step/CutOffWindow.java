package org.ntk4j.infinite.plane.step;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.infinite.plane.path.PlanePasses;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.KernelRows;
import org.ntk4j.rows.Rows;

/**
 * A window with zeros beyond the border of images that lie without a gap: one of 3 × 3 by a mask; any other where lanes are in one image,
 * and where they are in the next one, apart. Belongs to one thread.
 */
final class CutOffWindow<A> {

    /** Planes that it needs beside others: what lies in images of even and of odd number, and what comes of the latter. */
    static final int SIDES = 3;

    private final KernelPlanes<A> planes;
    private final KernelRows<A> rows;
    private final PlanePath path;
    private final PlaneMasks<A> masks;
    /** Of images of even, and of odd, number. */
    private final Map<LaneColumns, List<A>> parity = new HashMap<>();
    /** 0 where a right column is the first of its image, else 1; none until a window needs it. */
    private @Nullable A beginnings;
    /** None until a window needs them. */
    private @Nullable KernelPlanes<A> sides;

    CutOffWindow(KernelPlanes<A> planes, PlanePath path, PlaneMasks<A> masks) {
        this.planes = planes;
        this.rows = planes.rows();
        this.path = path;
        this.masks = masks;
    }

    /** Whether it is such a window. */
    boolean is(PlanePasses.Window window, Meeting<A> images, RowPairs pairs) {
        return images.offsets() && path.isCutOff(window.map(), pairs.across() / window.map().across(), window.wide());
    }

    /** Whether a mask is enough for it. */
    boolean isTouching(PlanePasses.Window window, Meeting<A> images, RowPairs pairs) {
        return path.across() == 1 && PlanePath.isTouching(window.map()) && is(window, images, pairs);
    }

    /**
     * The window, made ready.
     *
     * @param first whether Θ is 0 before it, and is not to be looked at where a mask is enough
     */
    OfRow of(PlanePasses.Window window, Meeting<A> images, RowPairs pairs, boolean first) {
        return isTouching(window, images, pairs) ? touching(window, images, pairs, first) : apart(window, images, pairs);
    }

    private OfRow touching(PlanePasses.Window window, Meeting<A> images, RowPairs pairs, boolean first) {
        int w = pairs.w();
        A mask = beginnings == null ? new LaneColumns(1, window.wide(), 0).mask(rows.rows(), path, c -> c % path.period() > 0) : beginnings;
        beginnings = mask;
        int[] sources = new int[window.map().rows()];
        Rows.Affine map = window.map().affine();
        return (y, other) -> {
            planes.sources(window, false, y, other, sources);
            planes.touching(window, map, sources, y, w, mask, images.lane(), first);
            masks.cut(window.to(), images, pairs, y, other);
            planes.clearBehind(window.to(), y, w);
        };
    }

    private OfRow apart(PlanePasses.Window window, Meeting<A> images, RowPairs pairs) {
        KernelPlanes<A> apart = sides == null ? new KernelPlanes<>(rows, path, SIDES) : sides;
        sides = apart;
        PlaneStep.Linear l = window.map();
        int before = pairs.across() / l.across();
        int w = pairs.w();
        int from = window.from();
        int to = window.to();
        for (int side = 0; side < 2; side++) {
            for (int y = 0; y < window.before(); y++) {
                int at = planes.at(y);
                rows.copy(planes.k(from), planes.t(from), at, apart.k(side), apart.t(side), at, window.wide() * planes.lanes());
                only(side, images, before, window.wide(), apart.k(side), apart.t(side), at);
            }
        }
        int[] sources = new int[l.rows()];
        return (y, other) -> {
            planes.sources(window, false, y, other, sources);
            int at = planes.at(y);
            A sumK = planes.k(to);
            A sumT = planes.t(to);
            A nextK = apart.k(2);
            A nextT = apart.t(2);
            rows.window(apart.k(0), apart.t(0), sources, l.columns(), l.across(), sumK, sumT, at, w, l.affine());
            only(0, images, pairs.across(), w, sumK, sumT, at);
            rows.window(apart.k(1), apart.t(1), sources, l.columns(), l.across(), nextK, nextT, at, w, l.affine());
            only(1, images, pairs.across(), w, nextK, nextT, at);
            rows.add(nextK, nextT, sumK, sumT, at, w);
            masks.cut(to, images, pairs, y, other);
            planes.clearBehind(to, y, w);
        };
    }

    /** Zeros where lanes of a row are not in images of even, or of odd, number, and behind it. */
    private void only(int side, Meeting<A> images, int across, int width, A k, A t, int at) {
        boolean isLast = across == path.across();
        int period = path.period() / across;
        A mask = parity.computeIfAbsent(LaneColumns.of(path, across, width, images.lane()), columns -> Stream.of(0, 1)
                .map(odd -> columns.mask(rows.rows(), path, c -> c / period % 2 == odd)).toList()).get(side);
        rows.clear(k, t, at + width * planes.lanes(), path.width() + path.after() - width);
        rows.mask(k, t, at, mask, isLast ? images.lane() : 0, isLast ? 1 : planes.lanes(), width);
    }
}
