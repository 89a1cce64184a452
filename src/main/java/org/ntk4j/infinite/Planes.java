package org.ntk4j.infinite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ntk4j.network.AvgPool;
import org.ntk4j.network.GlobalAvgPool;
import org.ntk4j.network.GlobalSumPool;
import org.ntk4j.network.Layer;
import org.ntk4j.network.Serial;
import org.ntk4j.network.Shape;
import org.ntk4j.network.SumPool;
import org.ntk4j.network.Window;

/**
 * The engine for convolutions with pooling on a CPU: a network's first layers, up to its first pooling, offset plane by
 * offset plane. For a pair of images and an offset δ the plane holds the covariances of positions p and p + δ; it is made from
 * the images, goes through all layers while it stays in the cache, and is added up by the pooling: the (HW)² covariances of a
 * pair are never all there. For an image with itself half of the offsets are enough.
 */
final class Planes {

    private final Shape in;
    private final List<PlaneStep> steps;
    private final Sink sink;
    private final int layers;

    /** The pooling that ends the planes: over everything, or over windows that do not overlap. */
    private record Sink(Shape before, Shape after, int window, int[] target, double weight) {
    }

    private Planes(Shape in, List<PlaneStep> steps, Sink sink, int layers) {
        this.in = in;
        this.steps = steps;
        this.sink = sink;
        this.layers = layers;
    }

    /** The planes of a network, if it begins with layers that keep to them and ends these with a pooling. */
    static Optional<Planes> of(Serial network, Shape in) {
        if (in.isVector() || in.space().size() > 2) {
            return Optional.empty();
        }
        List<PlaneStep> steps = new ArrayList<>();
        Shape shape = in;
        for (int i = 0; i < network.layers().size(); i++) {
            Layer layer = network.layers().get(i);
            Optional<Sink> sink = sink(layer, shape);
            if (sink.isPresent()) {
                boolean any = steps.stream().anyMatch(s -> s instanceof PlaneStep.Activate);
                return any ? Optional.of(new Planes(in, steps, sink.get(), i + 1)) : Optional.empty();
            }
            Optional<PlaneStep> step = layer.plane(shape);
            boolean gaussian = steps.stream().filter(s -> !(s instanceof PlaneStep.Pass)).reduce((a, b) -> b).filter(s -> s instanceof PlaneStep.Linear).isPresent();
            if (step.isEmpty() || step.get() instanceof PlaneStep.Activate && !gaussian) {
                return Optional.empty();
            }
            steps.add(step.get());
            shape = layer.outputShape(shape);
        }
        return Optional.empty();
    }

    private static Optional<Sink> sink(Layer layer, Shape shape) {
        int positions = shape.positions();
        if (layer instanceof GlobalAvgPool || layer instanceof GlobalSumPool) {
            double weight = layer instanceof GlobalAvgPool ? 1.0 / positions / positions : 1;
            return Optional.of(new Sink(shape, layer.outputShape(shape), positions, new int[positions], weight));
        }
        Window window = layer instanceof AvgPool a && !a.normalizeEdges() ? a.window() : layer instanceof SumPool s ? s.window() : null;
        if (window == null || !window.size().equals(window.strides()) || !window.padding().equals("valid") || window.size().size() != shape.space().size()) {
            return Optional.empty();
        }
        int[] target = new int[positions];
        Arrays.fill(target, -1);
        int[][] sources = window.whole(shape);
        for (int[] offset : sources) {
            for (int p = 0; p < offset.length; p++) {
                target[offset[p]] = p;
            }
        }
        double weight = layer instanceof AvgPool ? 1.0 / window.area() / window.area() : 1;
        return Optional.of(new Sink(shape, layer.outputShape(shape), window.area(), target, weight));
    }

    /** How many layers of the network the planes cover, the pooling included. */
    int layers() {
        return layers;
    }

    /** Values of K and Θ that a pair has after the pooling. */
    int valuesAfter() {
        return Math.multiplyExact(sink.after.positions(), sink.after.positions());
    }

    /**
     * What stands after the pooling, for inputs {@code i0 … i1} of one side with {@code j0 … j1} of the other; empty where float64 does not hold
     * what comes on the way: then layer by layer, which tells where.
     */
    Optional<Covariance> covariance(InputGram a, int i0, int i1, InputGram b, int j0, int j1) {
        boolean same = a == b && i0 == j0 && i1 == j1;
        Images left = new Images(a, i0, i1);
        Images right = same ? left : new Images(b, j0, j1);
        if (!left.isSound() || !right.isSound()) {
            return Optional.empty();
        }
        int positions = sink.after.positions();
        Span span = positions == 1 ? Span.EQUAL : Span.ALL;
        int columns = j1 - j0;
        Block cross = new Block((i1 - i0) * columns, columns, positions, span, new double[(i1 - i0) * columns * valuesAfter()], new double[(i1 - i0) * columns * valuesAfter()]);
        PlaneRun run = new PlaneRun(in, steps, sink.before, sink.target, positions);
        for (int pair = 0; pair < cross.pairs(); pair++) {
            run.pair(left.image(pair / columns), left.variances(pair / columns), right.image(pair % columns), right.variances(pair % columns), false,
                    cross.k(), cross.t(), pair * valuesAfter());
        }
        scale(cross);
        Block self1 = left.own(run);
        Block self2 = same ? self1 : right.own(run);
        if (!isSound(self1) || !isSound(self2)) {
            return Optional.empty();
        }
        boolean linear = steps.get(steps.size() - 1) instanceof PlaneStep.Linear;
        Side side1 = left.side(linear);
        return Optional.of(Covariance.merged(sink.after, cross, self1, self2, side1, same ? side1 : right.side(linear), new Covariance.Origin(linear, linear, true), "network"));
    }

    private static boolean isSound(Block self) {
        return Arrays.stream(self.t()).allMatch(Double::isFinite) && Arrays.stream(Float64.largest(self.variances(), self.pairs())).allMatch(Float64::holds);
    }

    private void scale(Block block) {
        for (int i = 0; i < block.k().length; i++) {
            block.k()[i] *= sink.weight;
            block.t()[i] *= sink.weight;
        }
    }

    /** The images of a side of the tile, and their variances before each activation. */
    private final class Images {
        private final double[][] images;
        private final double[][][] variances;
        private final double[][] means;

        Images(InputGram gram, int from, int to) {
            images = new double[to - from][];
            variances = new double[to - from][][];
            means = new double[to - from][];
            PlaneRun run = new PlaneRun(in, steps, sink.before, sink.target, sink.after.positions());
            for (int i = from; i < to; i++) {
                images[i - from] = gram.example(i);
                variances[i - from] = run.variances(images[i - from]);
                means[i - from] = mean(variances[i - from]);
            }
        }

        boolean isSound() {
            for (double[][] image : variances) {
                for (int step = 0; step < image.length; step++) {
                    double largest = Float64.largest(image[step], 1)[0];
                    if (!Float64.holds(largest) || step > 0 && Float64.vanished(Float64.largest(image[step - 1], 1)[0], largest)) {
                        return false;
                    }
                }
            }
            return true;
        }

        /** Means over the channels after the last activation, pooled; null after a linear map. */
        private double[] mean(double[][] q) {
            if (!(steps.get(steps.size() - 1) instanceof PlaneStep.Activate last)) {
                return null;
            }
            double[] variance = q[q.length - 1];
            double[] pooled = new double[sink.after.positions()];
            for (int p = 0; p < variance.length; p++) {
                if (sink.target[p] >= 0) {
                    pooled[sink.target[p]] += last.phi().mean(variance[p]) * Math.sqrt(sink.weight);
                }
            }
            return pooled;
        }

        double[] image(int i) {
            return images[i];
        }

        double[][] variances(int i) {
            return variances[i];
        }

        Block own(PlaneRun run) {
            int positions = sink.after.positions();
            Block block = new Block(images.length, 0, positions, positions == 1 ? Span.EQUAL : Span.ALL, new double[images.length * valuesAfter()],
                    new double[images.length * valuesAfter()]);
            for (int i = 0; i < images.length; i++) {
                run.pair(images[i], variances[i], images[i], variances[i], true, block.k(), block.t(), i * valuesAfter());
            }
            scale(block);
            return block;
        }

        Side side(boolean linear) {
            int positions = sink.after.positions();
            if (linear) {
                return new Side(images.length, positions, null, null);
            }
            double[] all = new double[images.length * positions];
            for (int i = 0; i < images.length; i++) {
                System.arraycopy(means[i], 0, all, i * positions, positions);
            }
            return new Side(images.length, positions, Arrays.stream(all).allMatch(m -> m == 0) ? null : all, null);
        }
    }
}
