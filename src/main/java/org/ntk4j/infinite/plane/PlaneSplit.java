package org.ntk4j.infinite.plane;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Exactness;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.shape.Shape;

/**
 * Cuts the first layers of a network into stages. A stage begins at a node and ends at another: the inputs are one, what a pooling leaves
 * is one, and the sum of ways of which some pool is one, to which each of those ways goes in a stage of its own, and all others together.
 * What lies between a node and such a sum is gone through once for each of them: that costs less than to keep all pairs of positions.
 */
final class PlaneSplit {

    /** What a stage consists of; it goes to no node where the planes end in a sum over positions. */
    private record Cut(int from, List<PlaneStep> steps, PlaneStep.@Nullable Pool pool, int to) {

        /** The activation that it ends with, if it does. */
        @Nullable Nonlinearity activation() {
            PlaneStep last = steps.stream().filter(s -> !(s instanceof PlaneStep.Pass || s instanceof PlaneStep.Drop)).reduce((a, b) -> b)
                    .orElse(null);
            return last instanceof PlaneStep.Activate a ? a.phi() : null;
        }

        /** Whether something comes around the other side. */
        boolean wraps() {
            return steps.stream().anyMatch(s -> s.has(step -> step instanceof PlaneStep.Linear l && l.border() == PlaneStep.Border.WRAP));
        }

        /** Whether unequal positions lose what they have in common: where equal ones are all that is needed, that changes nothing. */
        boolean unshares() {
            return steps.stream().anyMatch(s -> s.has(PlaneStep.Unshare.class::isInstance));
        }

        boolean looks() {
            return steps.stream().anyMatch(s -> s.has(step -> step instanceof PlaneStep.Activate || step instanceof PlaneStep.Normalize
                    || !step.ways().isEmpty()));
        }
    }

    /** Where the planes may end. */
    private record End(List<Cut> cuts, List<PlanePath.Size> nodes, PlaneStages.Sink sink, int layers, Exactness values) {

        Cut last() {
            return cuts.get(cuts.size() - 1);
        }
    }

    /** Steps taken since a node, and the size behind them. */
    private record Place(int node, List<PlaneStep> steps, PlanePath.Size size) {

        Place then(PlaneStep step) {
            List<PlaneStep> longer = new ArrayList<>(steps);
            longer.add(step);
            return new Place(node, longer, size.through(List.of(step)));
        }
    }

    private final List<PlanePath.Size> nodes = new ArrayList<>();
    private final List<Cut> cuts = new ArrayList<>();

    /** The planes of a network, if it begins with layers that keep to them and ends these with a pooling or {@code flatten}. */
    static Optional<PlaneStages> of(Serial whole, Shape in) {
        if (in.isVector() || in.space().size() > 2) {
            return Optional.empty();
        }
        Serial network = whole.flat();
        List<End> ends = new PlaneSplit().ends(network, in);
        return IntStream.iterate(ends.size() - 1, i -> i >= 0, i -> i - 1).mapToObj(i -> stages(network, in, ends.get(i)))
                .flatMap(Optional::stream).findFirst();
    }

    private List<End> ends(Serial network, Shape in) {
        List<End> ends = new ArrayList<>();
        Place at = new Place(node(new PlanePath.Size(in.space().size() == 1 ? 1 : in.space().get(0),
                in.space().get(in.space().size() - 1))), List.of(), nodes.get(0));
        Shape shape = in;
        Exactness values = Exactness.INPUT;
        for (int i = 0; i < network.layers().size(); i++) {
            Layer layer = network.layers().get(i);
            Optional<PlaneStages.Sink> sink = PlaneStages.Sink.of(layer, shape);
            if (sink.isPresent()) {
                cuts.add(new Cut(at.node, at.steps, null, -1));
                ends.add(new End(List.copyOf(cuts), List.copyOf(nodes), sink.get(), i + 1, values));
                break;
            }
            Optional<PlaneStep> step = layer.plane(shape).filter(s -> !s.has(PlaneSplit::isLeft));
            Optional<Exactness> after = step.isEmpty() ? Optional.empty() : values.through(List.of(step.get()));
            if (after.isEmpty()) {
                break;
            }
            at = through(at, List.of(step.get()));
            shape = layer.outputShape(shape);
            values = after.get();
            if (at.node > 0 && at.steps.isEmpty()) {
                ends.add(new End(List.copyOf(cuts), List.copyOf(nodes), new PlaneStages.Sink(PlaneStages.Kind.WINDOWS, shape, 1), i + 1,
                        values));
            }
        }
        return ends;
    }

    /** Attention, and a product of which some ways pool, are left to the layers. */
    private static boolean isLeft(PlaneStep step) {
        return step instanceof PlaneStep.Attend
                || step instanceof PlaneStep.Product && step.has(PlaneStep.Pool.class::isInstance);
    }

    private int node(PlanePath.Size size) {
        nodes.add(size);
        return nodes.size() - 1;
    }

    private Place through(Place start, List<PlaneStep> steps) {
        Place at = start;
        for (PlaneStep step : steps) {
            if (step instanceof PlaneStep.Chain c) {
                at = through(at, c.steps());
            } else if (!step.has(PlaneStep.Pool.class::isInstance)) {
                at = at.then(step);
            } else {
                PlanePath.Size after = at.size.through(List.of(step));
                int to = node(after);
                if (step instanceof PlaneStep.Pool pool) {
                    cuts.add(new Cut(at.node, at.steps, pool, to));
                } else {
                    ways(at, step instanceof PlaneStep.Concat c ? c.weighed() : step, to);
                }
                at = new Place(to, List.of(), after);
            }
        }
        return at;
    }

    /** The ways of a sum, to a node: those that pool one by one, all others at once. */
    private void ways(Place start, PlaneStep sum, int to) {
        List<List<PlaneStep>> others = new ArrayList<>();
        for (List<PlaneStep> way : sum.ways()) {
            List<PlaneStep> steps = new ArrayList<>(way);
            if (steps.stream().noneMatch(s -> s.has(PlaneStep.Pool.class::isInstance))) {
                others.add(way);
            } else if (steps.get(steps.size() - 1) instanceof PlaneStep.Pool pool) {
                Place at = through(start, steps.subList(0, steps.size() - 1));
                cuts.add(new Cut(at.node, at.steps, pool, to));
            } else {
                add(through(start, steps), to);
            }
        }
        if (!others.isEmpty()) {
            add(start.then(new PlaneStep.Sum(others)), to);
        }
    }

    private void add(Place at, int to) {
        cuts.add(new Cut(at.node, at.steps, PlaneStep.Pool.none(at.size.height(), at.size.width()), to));
    }

    private static Optional<PlaneStages> stages(Serial network, Shape in, End end) {
        if (end.cuts.stream().noneMatch(Cut::looks) || end.cuts.stream().anyMatch(cut -> cut.unshares()
                && !(cut == end.last() && end.sink.ofEqual()))) {
            return Optional.empty();
        }
        // Means over the channels would have to go through a sum or several poolings: that is left to the layers.
        boolean meanless = end.values.gaussian() || network.isCentredBehind(end.layers);
        boolean single = end.cuts.stream().filter(cut -> cut.to == end.last().to).count() == 1;
        Nonlinearity phi = meanless || !single ? null : end.last().activation();
        return meanless || phi != null
                ? paths(in, end).map(paths -> new PlaneStages(in, end.nodes, stages(end, paths), end.sink, end.layers, end.values, phi))
                : Optional.empty();
    }

    /**
     * The path of each stage. Images lie equally far apart in all that begin at the same node, and as far in what keeps all positions for
     * it.
     */
    private static Optional<List<PlanePath>> paths(Shape in, End end) {
        boolean[] wraps = wrapping(end);
        int[] least = new int[end.nodes.size()];
        int[] wanted = new int[end.cuts.size()];
        List<int[]> before;
        List<PlanePath> paths;
        do {
            before = List.of(least.clone(), wanted.clone());
            paths = new ArrayList<>();
            for (int c = 0; c < wanted.length; c++) {
                Cut cut = end.cuts.get(c);
                Optional<PlanePath> path = PlanePath.of(end.nodes.get(cut.from), cut.from == 0 ? in.channels() : 0, cut.steps,
                        Math.max(wanted[c], least[cut.from]), wraps[c]);
                if (path.isEmpty() || isTooLarge(cut, path.get())) {
                    return Optional.empty();
                }
                paths.add(path.get());
                // What begins with the inputs has panels of its own.
                least[cut.from] = cut.from == 0 ? 0 : Math.max(least[cut.from], path.get().period());
                if (cut.pool != null && cut.pool.isNone()) {
                    least[cut.to] = Math.max(least[cut.to], path.get().lastPeriod());
                    wanted[c] = least[cut.to] * path.get().across();
                } else if (cut.pool != null && path.get().lastPeriod() % 2 > 0 && !wraps[c] && PoolingByTwo.isByTwo(cut.pool)) {
                    wanted[c] = path.get().period() + path.get().across();
                }
            }
        } while (!Arrays.equals(before.get(0), least) || !Arrays.equals(before.get(1), wanted));
        return Optional.of(paths);
    }

    /** Which stages need images that lie without a gap: those that come around the other side, and all that share a node with them. */
    private static boolean[] wrapping(End end) {
        boolean[] wraps = new boolean[end.cuts.size()];
        boolean[] nodes = new boolean[end.nodes.size()];
        for (int round = 0; round <= nodes.length; round++) {
            for (int c = 0; c < wraps.length; c++) {
                Cut cut = end.cuts.get(c);
                boolean keeps = cut.pool != null && cut.pool.isNone();
                wraps[c] |= cut.wraps() || nodes[cut.from] || keeps && nodes[cut.to];
                // What begins with the inputs has panels of its own.
                nodes[cut.from] |= wraps[c] && cut.from > 0;
                if (keeps) {
                    nodes[cut.to] |= wraps[c];
                }
            }
        }
        return wraps;
    }

    /** Whether an array does not hold the pairs of positions of two images before a pooling, or at a node with gaps as wide as an image. */
    private static boolean isTooLarge(Cut cut, PlanePath path) {
        long rows = (long) path.height() * path.height() * path.width();
        return cut.pool != null && (Pooling.work(cut.pool, path, 1, PlaneStages.MOST_LANES) > Integer.MAX_VALUE
                || 2 * pooled(cut.pool) > Integer.MAX_VALUE)
                || cut.from > 0 && 2 * rows * (path.period() + path.width() + (long) path.across() * PlaneStages.MOST_LANES)
                        > Integer.MAX_VALUE;
    }

    /** Pairs of positions of two images behind a pooling, and what lies between images and behind them. */
    private static long pooled(PlaneStep.Pool pool) {
        long columns = pool.columns().after();
        return (long) pool.rows().after() * pool.rows().after() * columns * (2 * columns + PlaneStages.MOST_LANES);
    }

    /** The stages, with how far apart the positions of the pairs are that are needed behind each. */
    private static List<PlaneStages.Stage> stages(End end, List<PlanePath> paths) {
        int sink = end.sink.ofEqual() ? 0 : Integer.MAX_VALUE;
        int[] rows = new int[end.nodes.size()];
        int[] columns = new int[end.nodes.size()];
        PlaneStages.Stage[] stages = new PlaneStages.Stage[paths.size()];
        for (int s = stages.length - 1; s >= 0; s--) {
            Cut cut = end.cuts.get(s);
            PlanePath path = paths.get(s);
            boolean ends = cut.to == end.last().to;
            int down = cut.pool == null ? sink : apart(cut.pool.rows(), ends ? sink : rows[cut.to]);
            int across = cut.pool == null ? sink : apart(cut.pool.columns(), ends ? sink : columns[cut.to]);
            stages[s] = new PlaneStages.Stage(cut.from, path, cut.pool, cut.to, down, across);
            rows[cut.from] = Math.max(rows[cut.from], times(down, path.down()));
            columns[cut.from] = Math.max(columns[cut.from], times(across, path.across()));
        }
        return List.of(stages);
    }

    private static int times(int apart, int stride) {
        return apart == Integer.MAX_VALUE ? apart : apart * stride;
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
}
