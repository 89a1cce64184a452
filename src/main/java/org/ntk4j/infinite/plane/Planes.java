package org.ntk4j.infinite.plane;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.infinite.tile.Arithmetic;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.OwnValues;
import org.ntk4j.layer.AvgPool;
import org.ntk4j.layer.Dense;
import org.ntk4j.layer.Flatten;
import org.ntk4j.layer.GlobalAvgPool;
import org.ntk4j.layer.GlobalSumPool;
import org.ntk4j.layer.Identity;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Serial;
import org.ntk4j.layer.SumPool;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Window;

/**
 * The engine for convolutions on a CPU: a network's first layers, up to its first pooling or {@code flatten}, plane by plane. A plane holds the
 * covariances of positions p and p + δ for some offsets δ; it is made from the images, goes through all layers while it stays in the cache, and
 * is added up by the pooling: the (HW)² covariances of a pair are never all there. For an image with itself half of the planes are enough,
 * before a {@code flatten} only equal positions are needed.
 *
 * @param in     the shape of the inputs
 * @param path   the steps
 * @param sink   what ends the planes
 * @param layers how many layers of the network they cover, the sink included
 * @param phi    the last activation, if means over the channels are needed behind it; else null
 */
public record Planes(Shape in, PlanePath path, Sink sink, int layers, Nonlinearity phi) {

    private static final int MOST_LANES = 16;

    /** How the planes end. */
    enum Kind { OVER_ALL, WINDOWS, EQUAL_POSITIONS }

    /**
     * The end of the planes.
     *
     * @param after  the shape behind it
     * @param target the pooled position of each position; −1: none
     * @param weight what the sum is multiplied by
     */
    record Sink(Kind kind, Shape after, int[] target, double weight) {

        int pooled() {
            return after.positions();
        }
    }

    /** The planes of a network, if it begins with layers that keep to them and ends these with a pooling or {@code flatten}. */
    public static Optional<Planes> of(Serial network, Shape in) {
        if (in.isVector() || in.space().size() > 2) {
            return Optional.empty();
        }
        List<PlaneStep> steps = new ArrayList<>();
        Shape shape = in;
        for (int i = 0; i < network.layers().size(); i++) {
            Layer layer = network.layers().get(i);
            Optional<Sink> sink = sink(layer, shape);
            if (sink.isPresent()) {
                return looks(steps) ? finished(network, in, steps, sink.get(), i + 1) : Optional.empty();
            }
            Optional<PlaneStep> step = layer.plane(shape);
            if (step.isEmpty()) {
                return Optional.empty();
            }
            steps.add(step.get());
            shape = layer.outputShape(shape);
        }
        return Optional.empty();
    }

    private static boolean looks(List<PlaneStep> steps) {
        return steps.stream().anyMatch(s -> s instanceof PlaneStep.Activate || s instanceof PlaneStep.Normalize || s instanceof PlaneStep.Sum);
    }

    private static Optional<Planes> finished(Serial network, Shape in, List<PlaneStep> steps, Sink sink, int layers) {
        PlaneStep last = steps.stream().filter(s -> !(s instanceof PlaneStep.Pass)).reduce((a, b) -> b).orElseThrow();
        boolean centred = network.layers().stream().skip(layers).filter(l -> !(l instanceof Identity || l instanceof Flatten)).findFirst().map(l -> l instanceof Dense).orElse(true);
        Nonlinearity phi = last instanceof PlaneStep.Activate a && !centred ? a.phi() : null;
        return PlanePath.of(in, steps).map(path -> new Planes(in, path, sink, layers, phi));
    }

    private static Optional<Sink> sink(Layer layer, Shape shape) {
        int positions = shape.positions();
        if (layer instanceof Flatten) {
            return Optional.of(new Sink(Kind.EQUAL_POSITIONS, layer.outputShape(shape), new int[positions], 1.0 / positions));
        }
        if (layer instanceof GlobalAvgPool || layer instanceof GlobalSumPool) {
            double weight = layer instanceof GlobalAvgPool ? 1.0 / positions / positions : 1;
            return Optional.of(new Sink(Kind.OVER_ALL, layer.outputShape(shape), new int[positions], weight));
        }
        Window window = layer instanceof AvgPool a && !a.normalizeEdges() ? a.window() : layer instanceof SumPool s ? s.window() : null;
        if (window == null || !window.size().equals(window.strides()) || !window.padding().equals("valid") || window.size().size() != shape.space().size()) {
            return Optional.empty();
        }
        int[] target = new int[positions];
        Arrays.fill(target, -1);
        for (int[] offset : window.whole(shape)) {
            for (int p = 0; p < offset.length; p++) {
                target[offset[p]] = p;
            }
        }
        double weight = layer instanceof AvgPool ? 1.0 / window.area() / window.area() : 1;
        return Optional.of(new Sink(Kind.WINDOWS, layer.outputShape(shape), target, weight));
    }

    /** Values of K and Θ that a pair has behind the sink. */
    public int valuesAfter() {
        return Math.multiplyExact(sink.pooled(), sink.pooled());
    }

    /** What is known of an image of a tile, in lanes and once more on its own. */
    public long bytesPerImage() {
        return 3L * Double.BYTES * (path.channels() + 3L * path.looks()) * path.height() * path.width();
    }

    /** The buffers of a thread: six planes with as many lanes as there may be, the sums of a panel's offsets, and what windows are pooled in. */
    public long bytesPerThread() {
        long plane = (long) path.height() * (path.before() + path.width() + path.after()) * MOST_LANES;
        long sums = sink.kind == Kind.OVER_ALL ? 2L * Panel.MOST * (2L * path.height() - 1) * (2L * path.width() - 1) : 0;
        long pooled = sink.kind == Kind.WINDOWS ? 2L * path.height() * path.width() * path.width() + 2L * sink.pooled() * path.height() * path.width() : 0;
        return Double.BYTES * (6 * plane + sums + pooled);
    }

    /** Whether equal positions are all that is needed. */
    public boolean equalPositions() {
        return sink.kind == Kind.EQUAL_POSITIONS;
    }

    /** The side of a tile of so many inputs with so many others: enough images for a {@link Panel}, or fewer where these would leave threads without work. */
    int tile(int rows, int columns, int threads) {
        if (equalPositions()) {
            int fewest = (int) Math.sqrt((double) rows * columns / 16);
            return Math.max(16, Math.min(128, fewest / 16 * 16));
        }
        int shares = Math.max(2, threads);
        int share = (Math.max(rows, columns) + shares - 1) / shares;
        return Math.max(1, Math.min(sink.kind == Kind.WINDOWS ? 4 : Panel.MOST, share));
    }

    /** In which numbers these inputs can be computed: as asked, or float64 where float32 does not hold the variances; empty if neither does. */
    Optional<Arithmetic> holds(Arithmetic wanted, InputGram side1, InputGram side2) {
        for (Arithmetic a : wanted == Arithmetic.FLOAT32 ? List.of(wanted, Arithmetic.FLOAT64) : List.of(wanted)) {
            boolean held = a == Arithmetic.FLOAT32 ? new PlaneTile<>(this, Rows.float32(), 1e-15, 1e15).holds(side1, side2)
                    : new PlaneTile<>(this, Rows.float64(), 1e-140, 1e140).holds(side1, side2);
            if (held) {
                return Optional.of(a);
            }
        }
        return Optional.empty();
    }

    /** What stands behind the sink, for inputs {@code i0 … i1} of one side with {@code j0 … j1} of the other. */
    Covariance covariance(Arithmetic arithmetic, InputGram a, OwnValues own1, int i0, int i1, InputGram b, OwnValues own2, int j0, int j1) {
        return arithmetic == Arithmetic.FLOAT32 ? new PlaneTile<>(this, Rows.float32(), 1e-15, 1e15).covariance(a, own1, i0, i1, b, own2, j0, j1)
                : new PlaneTile<>(this, Rows.float64(), 1e-140, 1e140).covariance(a, own1, i0, i1, b, own2, j0, j1);
    }
}
