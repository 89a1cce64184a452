package org.ntk4j.infinite.plane;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.infinite.plane.step.ImagePanel;
import org.ntk4j.infinite.plane.step.PlaneRun;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Exactness;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.shape.Shape;

/**
 * How a network's first layers, up to its global pooling or {@code flatten}, go plane by plane. A plane holds the covariances of positions
 * p and p + δ for some offsets δ; it is made from the images, or from what a pooling before has left, goes through all layers up to the
 * next pooling while it stays in the cache, and is added up by that: the (HW)² covariances of a pair are never all there before the first
 * pooling. For an image with itself half of the planes are enough where there is no pooling on the way, before a {@code flatten} only equal
 * positions are needed. {@link PlaneSplit} finds them.
 *
 * @param in     the shape of the inputs
 * @param nodes  rows and columns of the inputs, behind each pooling, and of sums of which some ways pool
 * @param stages from one node to another, each behind all that end where it begins
 * @param sink   what ends the planes
 * @param layers how many layers of the network, all of them in one list, they cover, the sink included
 * @param end    what is known of the values at the end
 * @param phi    the last activation, if means over the channels are needed behind it; else null
 */
record PlaneStages(Shape in, List<PlanePath.Size> nodes, List<Stage> stages, Sink sink, int layers, Exactness end,
        @Nullable Nonlinearity phi) {

    static final int MOST_LANES = 16;
    /** Entries of a tile at most: they take half a minute. More, and a tile would be a loss when its process is killed. */
    private static final double MOST_OF_TILE = 3e10;
    /** The most bytes of sums before a pooling for a panel, if it has more than one image. */
    private static final long MOST_SUMS = 128L << 20;
    private static final int BESIDE_POOLED = 4;
    /** No more images stand side by side than fill the lanes as well, or nearly: what is kept of a panel stays near. */
    private static final double NEARLY = 1.02;

    /** How the planes end. */
    enum Kind { OVER_ALL, WINDOWS, EQUAL_POSITIONS, FIRST_POSITION }

    /**
     * Layers from a node to another, or to the end.
     *
     * @param from    the node that it begins at; 0 are the inputs
     * @param pool    the pooling behind them; null where there is none
     * @param to      the node whose values it is, or is added to; −1 where there is no pooling
     * @param rows    how far rows of the pairs that are needed lie apart at its end
     * @param columns the same of columns
     */
    record Stage(int from, PlanePath path, PlaneStep.@Nullable Pool pool, int to, int rows, int columns) {

        boolean ofInputs() {
            return from == 0;
        }

        /** How many planes a pair of images takes through it. */
        private double planes() {
            return (double) Math.min(path.turns(), 2L * rows + 1) * Math.min(path.lastWidth(), 2L * columns + 1);
        }
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

        /** Whether equal positions are all that is needed. */
        boolean ofEqual() {
            return kind == Kind.EQUAL_POSITIONS || kind == Kind.FIRST_POSITION;
        }

        /** What is left of equal positions, lane by lane. */
        void take(PlaneRun<?> run, double[] k, double[] t) {
            if (kind == Kind.FIRST_POSITION) {
                run.first(k, t);
            } else {
                run.equal(k, t);
            }
        }

        /** That of a layer, if it reduces all positions to one. */
        static Optional<Sink> of(Layer layer, Shape shape) {
            int positions = shape.positions();
            return layer.ending().flatMap(ending -> switch (ending) {
                case EQUAL_POSITIONS -> Optional.of(new Sink(Kind.EQUAL_POSITIONS, layer.outputShape(shape), 1.0 / positions));
                case MEAN -> Optional.of(new Sink(Kind.OVER_ALL, layer.outputShape(shape), 1.0 / positions / positions));
                case SUM -> Optional.of(new Sink(Kind.OVER_ALL, layer.outputShape(shape), 1));
                case FIRST -> Optional.of(new Sink(Kind.FIRST_POSITION, layer.outputShape(shape), 1));
            });
        }
    }

    /** The planes of a network, if it begins with layers that keep to them and ends these with a pooling or {@code flatten}. */
    static Optional<PlaneStages> of(Serial network, Shape in) {
        return PlaneSplit.of(network, in);
    }

    /** Whether padding stays where it is: positions are neither moved nor left out until the real ones are pooled. */
    boolean keepsPositions() {
        boolean leavesOut = sink.kind == Kind.OVER_ALL || sink.kind == Kind.FIRST_POSITION;
        return stages.size() == 1 && leavesOut && phi == null && last().path.keepsPositions();
    }

    /** What is known of the values behind the sink. */
    Covariance.Origin origin() {
        // Positions have variances of their own, unless there is one only.
        boolean isMixed = sink.kind == Kind.EQUAL_POSITIONS && last().path.last().positions() > 1;
        return new Covariance.Origin(end.gaussian() && !isMixed, end.fresh(), true, false,
                phi != null && !phi.isFunction());
    }

    /** What ends the stages. */
    Stage last() {
        return stages.get(stages.size() - 1);
    }

    /** Values of K and Θ that a pair has behind the sink. */
    int valuesAfter() {
        return Math.multiplyExact(sink.pooled(), sink.pooled());
    }

    /** Values of K and Θ that are kept of an input: its variances at each node, and what it has with itself behind the sink. */
    int ownValues() {
        return own(nodes.size()) + valuesAfter();
    }

    /** Where the variances of a node stand among the values that are kept of an input. */
    int own(int node) {
        return IntStream.range(1, node).filter(n -> n != last().to).map(n -> nodes.get(n).positions()).sum();
    }

    /** Columns from an image to the next one beside it at a node: as many as all need that begin there, or keep all positions for it. */
    int period(int node) {
        return stages.stream().mapToInt(s -> s.from == node ? s.path.period()
                : s.to == node && s.pool != null && s.pool.isNone() ? s.path.lastPeriod() : 0)
                .reduce(nodes.get(node).width(), Math::max);
    }

    /** Right columns that are kept of a node for this many images: the first ones once more behind the last, for lanes that go around. */
    int line(int node, int images, int lanes) {
        return images * period(node) + nodes.get(node).width() + across(node) * lanes;
    }

    /** The columns that the strides of a stage that begins at a node take for one at most. */
    private int across(int node) {
        return stages.stream().filter(s -> s.from == node).mapToInt(s -> s.path.across()).max().orElse(1);
    }

    private long kept(int node, int images, int lanes) {
        return 2L * nodes.get(node).height() * nodes.get(node).positions() * line(node, images, lanes);
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
        while (most > 1 && Double.BYTES * pooling(most, MOST_LANES) > MOST_SUMS) {
            most /= 2;
        }
        int all = most;
        return IntStream.rangeClosed(1, most).filter(n -> lanesOfImage(n) <= NEARLY * lanesOfImage(all)).findFirst().orElse(all);
    }

    /** How many lanes an image takes with others beside it, those that are left empty at the end included, at all its places. */
    private double lanesOfImage(int images) {
        return stages.stream().mapToDouble(s -> s.path.turns() * entries(s.path.steps()) / images
                * Math.ceil((double) images * s.path.lastPeriod() / MOST_LANES)).sum();
    }

    /** Values that poolings of this many images work in, one after the other, and what is kept of nodes. */
    long pooling(int images, int lanes) {
        List<Stage> pooled = stages.stream().filter(s -> s.pool != null).toList();
        List<Integer> rooms = rooms();
        long kept = IntStream.range(1, rooms.size()).filter(n -> rooms.get(n) == n).mapToLong(n -> kept(n, images, lanes)).sum();
        return kept + pooled.stream().mapToLong(s -> Pooling.work(Objects.requireNonNull(s.pool), s.path, images, lanes)).max()
                .orElse(0);
    }

    /** Where the values of each node are kept: with those of another that lie alike, if these are gone before they come. */
    List<Integer> rooms() {
        List<Integer> rooms = new ArrayList<>(List.of(0));
        for (int node = 1; node < nodes.size(); node++) {
            int now = node;
            rooms.add(IntStream.range(1, node).filter(other -> areAlike(other, now)).map(rooms::get).filter(room ->
                    IntStream.range(1, now).noneMatch(n -> rooms.get(n) == room && isBeside(n, now))).findFirst().orElse(node));
        }
        return rooms;
    }

    private boolean areAlike(int one, int other) {
        return nodes.get(one).equals(nodes.get(other)) && period(one) == period(other) && across(one) == across(other);
    }

    /** Whether values of two nodes are needed at the same time. */
    private boolean isBeside(int one, int other) {
        return first(one) <= last(other) && first(other) <= last(one);
    }

    private int first(int node) {
        return IntStream.range(0, stages.size()).filter(s -> stages.get(s).to == node).findFirst().orElse(0);
    }

    private int last(int node) {
        return IntStream.range(0, stages.size()).filter(s -> stages.get(s).from == node).reduce(stages.size(), (a, b) -> b);
    }

    /** Whether equal positions are all that is needed. */
    boolean equalPositions() {
        return sink.ofEqual();
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
        // Behind a pooling few images side by side fill the lanes: more tiles, and the threads end together.
        int shares = stages.size() > 1 ? 2 * Math.max(1, threads) : Math.max(2, threads);
        int share = (Math.max(rows, columns) + shares - 1) / shares;
        int affordable = (int) Math.sqrt(MOST_OF_TILE / entriesOfPair());
        return Math.max(1, Math.min(Math.min(sink.kind == Kind.WINDOWS ? 4 : ImagePanel.MOST, share), affordable));
    }

    /** How many entries of position pairs a pair of images takes through its layers, those of each stage's beginning and end included. */
    double entriesOfPair() {
        boolean equal = equalPositions();
        return stages.stream().mapToDouble(s -> (equal && s == last() ? 1 : s.planes())
                * (entries(s.path.steps()) + 2.0 * s.path.height() * s.path.width())).sum();
    }

    /** Those of a plane: half of a layer is a window, the other half an activation. */
    private static double entries(List<PlanePath.Step> steps) {
        double entries = 0;
        for (PlanePath.Step step : steps) {
            boolean isHalf = step.look() >= 0 || step.does() instanceof PlaneStep.Linear l && !l.isPointwise();
            entries += (isHalf ? 0.5 * step.size().positions() : 0) + step.ways().stream().mapToDouble(PlaneStages::entries).sum();
        }
        return entries;
    }

    /** Values of an image at a stage: its channels, and three features of each step that looks at it. */
    long values(Stage s) {
        return (s.path().channels() + 3L * s.path().looks().size()) * s.path().height() * s.path().width();
    }

    /**
     * The tiles of these inputs in numbers that hold their variances: as asked, or float64 where float32 does not; empty if neither does.
     */
    Optional<PlaneTiles<?>> holding(Precision wanted, InputGram side1, InputGram side2) {
        List<Precision> order = wanted == Precision.FLOAT32 ? List.of(wanted, Precision.FLOAT64) : List.of(wanted);
        return order.stream().<PlaneTiles<?>>map(a -> PlaneTiles.of(this, a, side1, side2)).filter(PlaneTiles::holds).findFirst();
    }
}
