package org.ntk4j.infinite.sequence.path;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.infinite.sequence.path.SequencePath.Level;
import org.ntk4j.infinite.sequence.path.SequencePath.Matrix;
import org.ntk4j.infinite.sequence.path.SequencePath.Means;
import org.ntk4j.infinite.sequence.path.SequencePath.Step;
import org.ntk4j.moment.AttentionKernel;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Ending;
import org.ntk4j.moment.Moments;
import org.ntk4j.positions.Aggregation;
import org.ntk4j.positions.PositionMap;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Stencil;
import org.ntk4j.shape.Window;

/**
 * Moments of pairs of positions that are not computed but written down: what the layers do to them, step by step. So the layers themselves
 * say what sequences do, and what of it is exact.
 */
final class SequenceMoments implements Moments {

    private final Written written;
    private final @Nullable SequenceMoments before;
    private final @Nullable Step last;
    private final int level;
    private final Means means;

    /** What all moments of a network have in common. */
    private static final class Written {
        private final boolean padded;
        private final List<Level> levels = new ArrayList<>();
        private int looks;
        private int matrices;

        Written(boolean padded) {
            this.padded = padded;
        }

        int level(Level made) {
            levels.add(made);
            return levels.size() - 1;
        }
    }

    private SequenceMoments(Written written, @Nullable SequenceMoments before, @Nullable Step last, int level, Means means) {
        this.written = written;
        this.before = before;
        this.last = last;
        this.level = level;
        this.means = means;
    }

    /**
     * The beginning.
     *
     * @param padded  whether positions of some inputs are padding
     * @param centred whether the means over the channels are 0
     */
    static SequenceMoments start(Shape in, boolean padded, boolean centred) {
        Written written = new Written(padded);
        return new SequenceMoments(written, null, null, written.level(new Level(in.positions(), List.of(), null)),
                centred ? new Means.Zero() : new Means.AtStart());
    }

    /** Whether the means over the channels are 0. */
    boolean centred() {
        return means instanceof Means.Zero;
    }

    /** What was written down since the start, where the positions end. */
    SequencePath path(SequenceMoments start, Shape in, Ending ending, Covariance behind, int layers) {
        return new SequencePath(in, List.copyOf(written.levels), goingOn(since(start)), ending, level, behind.shape(), layers,
                behind.origin());
    }

    /** Only at their end positions may end: in a branch there is nothing that they could meet. */
    private static List<Step> goingOn(List<Step> steps) {
        if (steps.stream().anyMatch(Step.End.class::isInstance)) {
            throw refusal();
        }
        return steps;
    }

    private List<Step> since(SequenceMoments start) {
        Deque<Step> steps = new ArrayDeque<>();
        for (SequenceMoments m = this; m != start; m = Objects.requireNonNull(m.before)) {
            steps.addFirst(Objects.requireNonNull(m.last));
        }
        return List.copyOf(steps);
    }

    private SequenceMoments then(Step step, int to, Means left) {
        return new SequenceMoments(written, this, step, to, left);
    }

    @Override
    public Moments equalPositions() {
        return this;
    }

    @Override
    public Moments linear(double scale, double bias, Covariance.Tangent rule, String where) {
        return then(new Step.Linear(new Rows.Affine(scale, bias, rule.covariance(), rule.tangent(), rule.bias())), level, new Means.Zero());
    }

    /** Asked for by a frozen layer alone, which takes off the result's Θ. */
    @Override
    public Moments withoutTangent() {
        return this;
    }

    /** After a frozen layer, less what it adds by itself. */
    @Override
    public Moments lessTangent(Moments others) {
        if (before == null || !(last instanceof Step.Linear l)) {
            throw refusal();
        }
        return before.then(l.frozen(), level, new Means.Zero());
    }

    @Override
    public Moments patches(Shape from, Shape to, Stencil stencil, String where) {
        Window window = window(stencil);
        int next = after(to, window);
        return then(new Step.Slide(window, from, to, level, next), next, means.moved());
    }

    @Override
    public Moments pool(Shape from, Shape to, Stencil stencil, boolean mean, boolean realPixels, String where) {
        Window window = window(stencil);
        int next = after(to, window);
        return then(mean && realPixels ? new Step.Map(new Matrix.Pool(window, from), written.matrices++, level, next)
                : new Step.Pool(window, from, to, mean, level, next), next, means.moved());
    }

    private Window window(Stencil stencil) {
        if (!(stencil instanceof Window w) || written.padded && !w.keepsPositions() && (w.size().size() > 1
                || w.padding().equals(Window.CIRCULAR))) {
            throw refusal();
        }
        return w;
    }

    private int after(Shape to, Window window) {
        return window.keepsPositions() ? level : written.level(new Level(to.positions(), List.of(level), window));
    }

    @Override
    public Moments move(PositionMap map, String where) {
        if (written.padded) {
            throw refusal();
        }
        int next = written.level(new Level(map.after(), List.of(level), null));
        return then(new Step.Map(new Matrix.Fixed(map), written.matrices++, level, next), next, means.moved());
    }

    @Override
    public Moments aggregate(Aggregation rule, String where) {
        // Sums over edges in their own order keep what equal nodes of differently numbered graphs have in common, to the last bit.
        throw refusal();
    }

    @Override
    public Moments activate(Nonlinearity phi, String where) {
        Step.Activate step = new Step.Activate(phi, phi.arc().orElse(null), written.looks++);
        return then(step, level, !phi.isLinear() ? new Means.Behind(step) : centred() ? new Means.Zero() : new Means.Unknown());
    }

    @Override
    public Moments normalize(boolean overAll, double epsilon) {
        if (means instanceof Means.Unknown) {
            throw refusal();
        }
        return then(new Step.Normalize(overAll, epsilon, written.looks++, means), level,
                centred() || !overAll ? new Means.Zero() : new Means.Unknown());
    }

    @Override
    public Moments attend(AttentionKernel attention) {
        return then(new Step.Attend(attention, written.matrices++), level, new Means.Zero());
    }

    @Override
    public Moments sum(List<Moments> branches, double[] weights) {
        int to = meet(branches);
        return branches.size() == 1 && weights[0] == 1 ? branches.get(0) : then(new Step.Sum(ways(branches), weights, to), to,
                ofSum(branches, weights));
    }

    /** Those of the only branch that has any. */
    private static Means ofSum(List<Moments> branches, double[] weights) {
        List<Means> left = IntStream.range(0, weights.length).mapToObj(i -> {
            Means own = ((SequenceMoments) branches.get(i)).means;
            return weights[i] == 1 ? own : own.moved();
        }).filter(m -> !(m instanceof Means.Zero)).toList();
        return left.isEmpty() ? new Means.Zero() : left.size() == 1 ? left.get(0) : new Means.Unknown();
    }

    @Override
    public Moments product(List<Moments> branches) {
        int to = meet(branches);
        return branches.size() == 1 ? branches.get(0) : then(new Step.Product(ways(branches), to), to, new Means.Unknown());
    }

    private List<List<Step>> ways(List<Moments> branches) {
        return branches.stream().map(b -> goingOn(((SequenceMoments) b).since(this))).toList();
    }

    /** The level where ways meet. */
    private int meet(List<Moments> branches) {
        List<Integer> ends = branches.stream().map(b -> ((SequenceMoments) b).level).distinct().toList();
        return ends.size() == 1 ? ends.get(0) : written.level(new Level(written.levels.get(ends.get(0)).positions(), ends, null));
    }

    @Override
    public Moments firstPosition() {
        return end(Ending.FIRST);
    }

    @Override
    public Moments globalPool(boolean mean) {
        return end(mean ? Ending.MEAN : Ending.SUM);
    }

    @Override
    public Moments flatten() {
        return end(Ending.EQUAL_POSITIONS);
    }

    private Moments end(Ending ending) {
        return then(new Step.End(ending), level, means);
    }

    @Override
    public boolean padded() {
        return written.padded;
    }

    @Override
    public void check(Moments state, String where) {
        // Values are checked where they are computed.
    }

    @Override
    public Moments unshared() {
        return then(new Step.Unshare(), level, means);
    }

    @Override
    public Moments dropout(double keep) {
        return then(new Step.Drop(keep), level, means);
    }

    private static Failure refusal() {
        return Failure.input("these steps are left to the layers");
    }
}
