package org.ntk4j.infinite.plane;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Exactness;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;

/**
 * How a network's first layers, up to its global pooling or {@code flatten}, go plane by plane. A plane holds the covariances of positions
 * p and p + δ for some offsets δ; it is made from the images, or from what a pooling before has left, goes through all layers up to the
 * next pooling while it stays in the cache, and is added up by that: the (HW)² covariances of a pair are never all there before the first
 * pooling. For an image with itself half of the planes are enough where there is no pooling on the way, before a {@code flatten} only equal
 * positions are needed.
 *
 * @param in     the shape of the inputs
 * @param stages from one pooling to the next
 * @param sink   what ends the planes
 * @param layers how many layers of the network, all of them in one list, they cover, the sink included
 * @param phi    the last activation, if means over the channels are needed behind it; else null
 */
record PlaneStages(Shape in, List<Stage> stages, Sink sink, int layers, @Nullable Nonlinearity phi) {

    private static final int MOST_LANES = 16;
    /** Entries of a tile at most: they take half a minute. More, and a tile would be a loss when its process is killed. */
    private static final double MOST_OF_TILE = 3e10;
    /** The most bytes of sums before a pooling for a panel, if it has more than one image. */
    private static final long MOST_SUMS = 8L << 20;
    private static final int BESIDE_POOLED = 4;
    /** How many images meet a group at once where equal positions are enough: their planes stay in the second-level cache. */
    private static final int TOGETHER = 4;

    /** How the planes end. */
    enum Kind { OVER_ALL, WINDOWS, EQUAL_POSITIONS }

    /**
     * Layers up to a pooling, or to the end.
     *
     * @param pool    the pooling behind them; null where there is none
     * @param rows    how far rows of the pairs that are needed lie apart at its end
     * @param columns the same of columns
     */
    record Stage(PlanePath path, PlaneStep.@Nullable Pool pool, int rows, int columns) {
    }

    /**
     * The end of the planes.
     *
     * @param after  the shape behind it
     * @param weight what the sum is multiplied by
     */
    record Sink(Kind kind, Shape after, double weight) {

        int pooled() {
            return after.positions();
        }
    }

    /** Steps up to a pooling or the end, while the stages are found; the layers are −1 where a layer goes on behind the pooling. */
    private record Part(List<PlaneStep> steps, PlaneStep.@Nullable Pool pool, Shape after, int layers) {
    }

    /** The planes of a network, if it begins with layers that keep to them and ends these with a pooling or {@code flatten}. */
    static Optional<PlaneStages> of(Serial whole, Shape in) {
        if (in.isVector() || in.space().size() > 2) {
            return Optional.empty();
        }
        Serial network = whole.flat();
        List<Part> parts = new ArrayList<>();
        List<PlaneStep> steps = new ArrayList<>();
        Shape shape = in;
        for (int i = 0; i < network.layers().size(); i++) {
            Layer layer = network.layers().get(i);
            Optional<Sink> sink = sink(layer, shape);
            if (sink.isPresent()) {
                parts.add(new Part(steps, null, shape, i + 1));
                return finished(network, in, parts, sink.get());
            }
            Optional<PlaneStep> step = layer.plane(shape).filter(s -> !s.attends());
            if (step.isEmpty()) {
                break;
            }
            shape = layer.outputShape(shape);
            List<PlaneStep> single = step.get() instanceof PlaneStep.Chain chain ? chain.steps() : List.of(step.get());
            for (int s = 0; s < single.size(); s++) {
                if (single.get(s) instanceof PlaneStep.Pool pool) {
                    parts.add(new Part(steps, pool, shape, s == single.size() - 1 ? i + 1 : -1));
                    steps = new ArrayList<>();
                } else {
                    steps.add(single.get(s));
                }
            }
        }
        return pooled(network, in, parts);
    }

    /** The planes up to the last pooling that they reach. */
    private static Optional<PlaneStages> pooled(Serial network, Shape in, List<Part> parts) {
        for (int count = parts.size(); count > 0; count--) {
            if (parts.get(count - 1).layers < 0) {
                continue;
            }
            Sink windows = new Sink(Kind.WINDOWS, parts.get(count - 1).after, 1);
            Optional<PlaneStages> found = finished(network, in, parts.subList(0, count), windows);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static boolean looks(PlaneStep step) {
        return step instanceof PlaneStep.Activate || step instanceof PlaneStep.Normalize || step instanceof PlaneStep.Sum
                || step instanceof PlaneStep.Chain c && c.steps().stream().anyMatch(PlaneStages::looks);
    }

    private static Optional<PlaneStages> finished(Serial network, Shape in, List<Part> parts, Sink sink) {
        if (parts.stream().noneMatch(p -> p.steps.stream().anyMatch(PlaneStages::looks))) {
            return Optional.empty();
        }
        int layers = parts.get(parts.size() - 1).layers;
        PlaneStep last = null;
        int lastPart = -1;
        for (int p = 0; p < parts.size(); p++) {
            for (PlaneStep step : parts.get(p).steps) {
                last = step instanceof PlaneStep.Pass ? last : step;
                lastPart = step instanceof PlaneStep.Pass ? lastPart : p;
            }
        }
        boolean centred = network.isCentredBehind(layers);
        Nonlinearity phi = last instanceof PlaneStep.Activate a && !centred ? a.phi() : null;
        if (phi != null && lastPart < parts.size() - 1) {
            // Means over the channels would have to go through several poolings: that is left to the layers.
            return sink.kind == Kind.WINDOWS ? Optional.empty() : pooled(network, in, parts.subList(0, lastPart + 1));
        }
        Optional<List<Stage>> stages = stages(in, parts, sink);
        return stages.isPresent() ? stages.map(s -> new PlaneStages(in, s, sink, layers, phi))
                : sink.kind == Kind.WINDOWS ? Optional.empty() : pooled(network, in, parts.subList(0, parts.size() - 1));
    }

    private static Optional<List<Stage>> stages(Shape in, List<Part> parts, Sink sink) {
        PlanePath.Size size = new PlanePath.Size(in.space().size() == 1 ? 1 : in.space().get(0), in.space().get(in.space().size() - 1));
        Exactness origin = Exactness.INPUT;
        List<Stage> stages = new ArrayList<>();
        for (Part part : parts) {
            Optional<PlanePath> path = PlanePath.of(size, stages.isEmpty() ? in.channels() : 0, origin, part.steps);
            if (path.isEmpty() || part.pool != null && Pooling.values(part.pool, path.get(), 1, MOST_LANES) > Integer.MAX_VALUE) {
                return Optional.empty();
            }
            stages.add(new Stage(path.get(), part.pool, 0, 0));
            origin = path.get().end();
            size = part.pool == null ? size : new PlanePath.Size(part.pool.rows().after(), part.pool.columns().after());
        }
        int rows = sink.kind == Kind.EQUAL_POSITIONS ? 0 : Integer.MAX_VALUE;
        int columns = rows;
        for (int s = stages.size() - 1; s >= 0; s--) {
            Stage stage = stages.get(s);
            if (stage.pool != null) {
                rows = apart(stage.pool.rows(), rows);
                columns = apart(stage.pool.columns(), columns);
            }
            stages.set(s, new Stage(stage.path, stage.pool, rows, columns));
            rows = rows == Integer.MAX_VALUE ? rows : rows * stage.path.down();
            columns = columns == Integer.MAX_VALUE ? columns : columns * stage.path.across();
        }
        return Optional.of(List.copyOf(stages));
    }

    /** How far positions lie apart at most that go into pooled ones not farther apart than this. */
    private static int apart(PlaneStep.Axis axis, int pooled) {
        int most = 0;
        for (int p = 0; p < axis.before() && pooled != Integer.MAX_VALUE; p++) {
            for (int q = p; q < axis.before(); q++) {
                for (int to : axis.targets()[p]) {
                    for (int other : axis.targets()[q]) {
                        most = Math.abs(to - other) <= pooled ? Math.max(most, q - p) : most;
                    }
                }
            }
        }
        return pooled == Integer.MAX_VALUE ? pooled : most;
    }

    private static Optional<Sink> sink(Layer layer, Shape shape) {
        int positions = shape.positions();
        return layer.ending().flatMap(ending -> switch (ending) {
            case EQUAL_POSITIONS -> Optional.of(new Sink(Kind.EQUAL_POSITIONS, layer.outputShape(shape), 1.0 / positions));
            case MEAN -> Optional.of(new Sink(Kind.OVER_ALL, layer.outputShape(shape), 1.0 / positions / positions));
            case SUM -> Optional.of(new Sink(Kind.OVER_ALL, layer.outputShape(shape), 1));
            case FIRST -> Optional.empty();
        });
    }

    /** Whether padding stays where it is: positions are neither moved nor left out until the real ones are pooled. */
    boolean keepsPositions() {
        return stages.size() == 1 && sink.kind == Kind.OVER_ALL && phi == null && last().path.keepsPositions();
    }

    /** What ends the stages. */
    Stage last() {
        return stages.get(stages.size() - 1);
    }

    /** Values of K and Θ that a pair has behind the sink. */
    int valuesAfter() {
        return Math.multiplyExact(sink.pooled(), sink.pooled());
    }

    /** Values of K and Θ that are kept of an input: its variances behind each pooling, and what it has with itself behind the sink. */
    int ownValues() {
        return valuesAfter() + stages.stream().skip(1).mapToInt(s -> s.path.height() * s.path.width()).sum();
    }

    /** What is known of an image of a tile, in lanes and once more on its own. */
    long bytesPerImage() {
        return stages.stream().mapToLong(s -> 3L * Double.BYTES * (s.path.channels() + 3L * s.path.looks().size()) * s.path.height()
                * s.path.width()).sum()
                + 2L * Double.BYTES * ownValues();
    }

    /**
     * The buffers of a thread: planes of K and Θ with as many lanes as there may be, the sums of a panel's offsets, and what windows are
     * pooled in.
     */
    long bytesPerThread() {
        long values = 0;
        for (Stage s : stages) {
            long planes = 2L * PlanePasses.of(s.path, true).planes() * together();
            values += planes * s.path.height() * (s.path.before() + s.path.width() + s.path.after()) * MOST_LANES;
            values += s.pool == null ? 0 : Pooling.values(s.pool, s.path, beside(), MOST_LANES);
        }
        long sums = sink.kind == Kind.OVER_ALL
                ? 2L * ImagePanel.MOST * (2L * last().path.turns() - 1) * (2L * last().path.lastWidth() - 1) : 0;
        return Double.BYTES * (values + sums);
    }

    /** How many images stand side by side. */
    int beside() {
        if (stages.stream().anyMatch(s -> s.path.wraps())) {
            return 1;
        }
        if (stages.stream().allMatch(s -> s.pool == null)) {
            return ImagePanel.MOST;
        }
        int most = BESIDE_POOLED;
        while (most > 1 && Double.BYTES * Pooling.values(Objects.requireNonNull(stages.get(0).pool), stages.get(0).path, most,
                MOST_LANES) > MOST_SUMS) {
            most /= 2;
        }
        return most;
    }

    /** How many left images meet others at once. */
    int together() {
        return equalPositions() && stages.size() == 1 ? TOGETHER : 1;
    }

    /** Whether equal positions are all that is needed. */
    boolean equalPositions() {
        return sink.kind == Kind.EQUAL_POSITIONS;
    }

    /**
     * The side of a tile of this many inputs with this many others: enough images for a {@link ImagePanel}, or fewer where these would
     * leave threads without work.
     */
    int tile(int rows, int columns, int threads) {
        if (equalPositions() && stages.size() == 1) {
            int fewest = (int) Math.sqrt((double) rows * columns / 16);
            return Math.max(16, Math.min(128, fewest / 16 * 16));
        }
        int shares = Math.max(2, threads);
        int share = (Math.max(rows, columns) + shares - 1) / shares;
        int affordable = (int) Math.sqrt(MOST_OF_TILE / entriesOfPair());
        return Math.max(1, Math.min(Math.min(sink.kind == Kind.WINDOWS ? 4 : ImagePanel.MOST, share), affordable));
    }

    /** How many entries of position pairs a pair of images takes through its layers. */
    private double entriesOfPair() {
        return stages.stream().mapToDouble(s -> Math.max(1, s.path.looks().size()) * Math.pow((double) s.path.height() * s.path.width(), 2))
                .sum();
    }

    /**
     * In which numbers these inputs can be computed: as asked, or float64 where float32 does not hold the variances; empty if neither does.
     */
    Optional<Precision> holds(Precision wanted, InputGram side1, InputGram side2) {
        List<Precision> order = wanted == Precision.FLOAT32 ? List.of(wanted, Precision.FLOAT64) : List.of(wanted);
        return order.stream().filter(a -> tile(a, side1, side2, true).holds(side1, side2)).findFirst();
    }

    /**
     * What computes tiles.
     *
     * @param tangents whether Θ is asked for, or K alone
     */
    PlaneTile<?> tile(Precision arithmetic, InputGram side1, InputGram side2, boolean tangents) {
        return arithmetic == Precision.FLOAT32 ? new PlaneTile<>(this, Rows.float32(), side1, side2, tangents, 1e-15, 1e15)
                : new PlaneTile<>(this, Rows.float64(), side1, side2, tangents, 1e-140, 1e140);
    }
}
