package org.ntk4j.infinite.plane.step;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.ntk4j.infinite.plane.path.PlanePath;

/** Puts 0 where no position stands: in padding, and in the gaps between the images of a panel. Belongs to one thread. */
final class PlaneMasks<A> {

    private final KernelPlanes<A> planes;
    private final PlanePath path;
    private final Map<LaneColumns, A> inside = new HashMap<>();

    PlaneMasks(KernelPlanes<A> planes, PlanePath path) {
        this.planes = planes;
        this.path = path;
    }

    /** Zeros where one of the positions is padding, and where a lane's right column lies in no image. */
    void cut(int plane, Meeting<A> images, RowPairs pairs, int y, int other) {
        PlaneImage<A> right = images.right();
        A mask = right.real();
        PlaneImage.Layout lies = right.input();
        if (mask == null) {
            cut(plane, images, pairs, y);
        } else if (images.left() == null) {
            planes.mask(plane, y, pairs.w(), mask, lies.at(other), lies.step());
        } else {
            planes.weigh(plane, y, pairs.w(), Objects.requireNonNull(images.left().real()), images.left().input().at(y), mask,
                    lies.at(other), lies.step());
        }
    }

    /** Zeros where a lane's right column lies in no image. */
    void cut(int plane, Meeting<A> images, RowPairs pairs, int y) {
        int across = pairs.across();
        int period = path.period() / across;
        if (!images.offsets() || pairs.w() == period) {
            return;
        }
        boolean isLast = across == path.across();
        A mask = inside.computeIfAbsent(LaneColumns.of(path, across, pairs.w(), images.lane()),
                columns -> columns.mask(planes.rows().rows(), path, c -> c % period < columns.width()));
        planes.mask(plane, y, pairs.w(), mask, isLast ? images.lane() : 0, isLast ? 1 : planes.lanes());
    }
}
