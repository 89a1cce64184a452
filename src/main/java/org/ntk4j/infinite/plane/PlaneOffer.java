package org.ntk4j.infinite.plane;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ntk4j.base.Precision;
import org.ntk4j.gaussian.Series;
import org.ntk4j.infinite.layers.TailOffer;
import org.ntk4j.infinite.plane.path.PlanePasses;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.infinite.plane.step.ImagePanel;
import org.ntk4j.infinite.plane.step.PlaneRun;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.Rows;

/**
 * What planes take: what is known of each input, buffers for each thread, and what the layers behind the planes take.
 *
 * @param tail     the layers behind the planes
 * @param tangents whether Θ is asked for, or K alone
 */
record PlaneOffer(PlaneStages stages, TailOffer tail, boolean tangents) implements Offer {

    /** Measured, of a covariance through a convolution and an activation. */
    private static final double NANOS32 = 1.4;
    private static final double NANOS64 = 2.6;
    /** What of it K alone takes. */
    private static final double OF_K = 0.8;
    /** What is left of a panel lies beside the next one until Java cleans up. */
    private static final int PANELS = 2;
    /** Variances beyond which inputs, and what the first activation leaves, hardly go: larger ones have longer series. */
    private static final double FIRST = 2;
    private static final double LATER = 1;
    private static final int MOST_COEFFICIENTS = 1 << 11;

    @Override
    public String name() {
        return tail.name(Planes.NAME);
    }

    @Override
    public String description() {
        return tail.description(Planes.NAME);
    }

    @Override
    public boolean endsPositions() {
        return tail.endsPositions();
    }

    @Override
    public double nanosPerPair(Precision precision) {
        double nanos = (precision == Precision.FLOAT32 ? NANOS32 : NANOS64) * (tangents ? 1 : OF_K);
        return stages.entriesOfPair() * nanos + tail.nanosPerPair(tangents);
    }

    @Override
    public Offer ofCovariances() {
        return new PlaneOffer(stages, tail, false);
    }

    @Override
    public long bytesPerPair() {
        return tail.bytesPerPair();
    }

    /** What is known of an image of a tile on its own. */
    @Override
    public long bytesPerImage() {
        return Double.BYTES * (2L * stages.ownValues() + stages.stages().stream().mapToLong(s -> stages.values(s) + coefficients(s)).sum())
                + tail.bytesPerImage();
    }

    @Override
    public long bytesPerThread() {
        return bytesPerThread(ImagePanel.MOST);
    }

    /**
     * The buffers of a thread: planes of K and Θ, what windows are pooled in, images in lanes, some of which may be left empty, and
     * those of a panel with the sums of its offsets.
     */
    @Override
    public long bytesPerThread(int side) {
        int lanes = lanes();
        int images = Math.max(1, Math.min(stages.beside(), side));
        long inLanes = (side + lanes - 1L) / lanes * lanes;
        long values = stages.pooling(images, lanes) / (tangents ? 1 : 2);
        for (PlaneStages.Stage s : stages.stages()) {
            PlanePath path = s.path();
            int count = PlanePasses.of(path, true).planes() + Pooling.planes(s, images, lanes) + (path.wraps() ? PlaneRun.SIDES : 0);
            values += 2L * (path.height() + 1) * count * (path.before() + path.width() + path.after()) * lanes;
            values += 2 * inLanes * (stages.values(s) + (meets(s) ? coefficients(s) : 0)) + lanes * coefficients(s);
            values += meets(s) ? 0 : PANELS * panel(s, images);
        }
        return Double.BYTES * values + tail.bytesPerThread();
    }

    @Override
    public int ownValues() {
        return stages.ownValues();
    }

    @Override
    public long bytesKept(int inputs) {
        return Offer.super.bytesKept(inputs) + SharedImages.bytes(stages, inputs) + tail.bytesKept(inputs);
    }

    @Override
    public int side(int rows, int columns, int threads) {
        return stages.tile(rows, columns, threads);
    }

    /** In the precision that is asked for, or in float64 where float32 does not hold the variances. */
    @Override
    public Optional<Engine> open(InputGram rows, InputGram columns, Precision precision) {
        return stages.holding(precision, rows, columns).map(tiles -> new Planes(stages, tail, rows, columns, tiles, tangents));
    }

    /** Values in the lanes of a place on this machine, those of float32 counted as half of one. */
    private static int lanes() {
        return Math.max(Rows.float64().lanes(), Rows.float32().lanes() * Float.BYTES / Double.BYTES);
    }

    /** Whether its images meet in lanes. */
    private boolean meets(PlaneStages.Stage s) {
        return stages.equalPositions() && s == stages.last();
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
        long values = (stages.values(s) + coefficients(s)) / path.width() * ImagePanel.line(path, images, lanes());
        if (path.across() > 1) {
            long before = path.channels() + path.looks().stream().filter(look -> look.across() < path.across())
                    .mapToLong(look -> 3L + coefficients(look, s.ofInputs())).sum();
            values += before * size * ((long) images * path.lastPeriod() + lanes());
        }
        return values + (s.pool() == null ? 2L * images * (2L * path.turns() - 1) * (2L * path.lastWidth() - 1) : 0);
    }
}
