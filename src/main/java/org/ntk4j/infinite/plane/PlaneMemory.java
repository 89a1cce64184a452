package org.ntk4j.infinite.plane;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ntk4j.gaussian.Series;
import org.ntk4j.infinite.plane.path.PlanePasses;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.Rows;

/**
 * The bytes that planes take.
 *
 * @param tangents whether Θ is asked for, or K alone
 */
record PlaneMemory(PlaneStages planes, boolean tangents) {

    /** What is left of a panel lies beside the next one until Java cleans up. */
    private static final int PANELS = 2;
    /** Variances beyond which inputs, and what the first activation leaves, hardly go: larger ones have longer series. */
    private static final double FIRST = 2;
    private static final double LATER = 1;
    private static final int MOST_COEFFICIENTS = 1 << 11;

    /** Values in the lanes of a place on this machine, those of float32 counted as half of one. */
    private static int lanes() {
        return Math.max(Rows.float64().lanes(), Rows.float32().lanes() * Float.BYTES / Double.BYTES);
    }

    /** What is known of an image of a tile on its own. */
    long bytesPerImage() {
        return Double.BYTES * (2L * planes.ownValues() + planes.stages().stream().mapToLong(s -> values(s) + coefficients(s)).sum());
    }

    /**
     * The buffers of a thread: planes of K and Θ, what windows are pooled in, images in lanes, some of which may be left empty, and those of
     * a panel with the sums of its offsets.
     *
     * @param side how many images a side of a tile has
     */
    long bytesPerThread(int side) {
        int lanes = lanes();
        int images = Math.max(1, Math.min(planes.beside(), side));
        long inLanes = (side + lanes - 1L) / lanes * lanes;
        long values = planes.pooling(images, lanes) / (tangents ? 1 : 2);
        for (PlaneStages.Stage s : planes.stages()) {
            PlanePath path = s.path();
            int count = PlanePasses.of(path, true).planes() + Pooling.planes(s) + (path.wraps() ? PlaneRun.SIDES : 0);
            values += 2L * (path.height() + 1) * count * (path.before() + path.width() + path.after()) * lanes;
            values += 2 * inLanes * (values(s) + (meets(s) ? coefficients(s) : 0)) + lanes * coefficients(s);
            values += meets(s) ? 0 : PANELS * panel(s, images);
        }
        return Double.BYTES * values;
    }

    /** Whether its images meet in lanes. */
    private boolean meets(PlaneStages.Stage s) {
        return planes.equalPositions() && s == planes.last();
    }

    /** Values of an image: its channels, and three features of each step that looks at it. */
    private static long values(PlaneStages.Stage s) {
        return (s.path().channels() + 3L * s.path().looks().size()) * s.path().height() * s.path().width();
    }

    private static long coefficients(PlaneStages.Stage s) {
        List<PlanePath.Step> looks = s.path().looks();
        return IntStream.range(0, looks.size()).mapToLong(i -> coefficients(looks.get(i), s.ofInputs() && i == 0)).sum()
                * s.path().height() * s.path().width();
    }

    /** Of a variance at a step. */
    private static int coefficients(PlanePath.Step look, boolean isFirst) {
        Optional<Series> series = look.does() instanceof PlaneStep.Activate a && a.phi().arc().isEmpty() ? a.phi().series(false)
                : Optional.empty();
        return series.map(s -> s.write(isFirst ? FIRST : LATER, new double[MOST_COEFFICIENTS])).orElse(0);
    }

    /** Images side by side, once more for each of the columns that lanes may begin at where strides are to come, and their sums. */
    private long panel(PlaneStages.Stage s, int images) {
        PlanePath path = s.path();
        long size = (long) path.height() * path.width();
        long values = (values(s) + coefficients(s)) / path.width() * ImagePanel.line(path, images, lanes());
        if (path.across() > 1) {
            long before = path.channels() + path.looks().stream().filter(look -> look.across() < path.across())
                    .mapToLong(look -> 3L + coefficients(look, s.ofInputs())).sum();
            values += before * size * ((long) images * path.lastPeriod() + lanes());
        }
        return values + (s.pool() == null ? 2L * images * (2L * path.turns() - 1) * (2L * path.lastWidth() - 1) : 0);
    }
}
