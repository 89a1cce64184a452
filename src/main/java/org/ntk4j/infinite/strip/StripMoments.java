package org.ntk4j.infinite.strip;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.AttentionKernel;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Moments;
import org.ntk4j.moment.Span;
import org.ntk4j.positions.Aggregation;
import org.ntk4j.positions.PositionMap;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Stencil;

/**
 * Moments of vectors that are not computed but written down: what the layers do to them, step by step. So the layers themselves say what
 * strips do, and what of it is exact.
 */
final class StripMoments implements Moments {

    private final @Nullable StripMoments before;
    private final @Nullable StripStep last;

    private StripMoments(@Nullable StripMoments before, @Nullable StripStep last) {
        this.before = before;
        this.last = last;
    }

    /** What a network does to vectors; empty if its layers refuse that. */
    static Optional<List<StripStep>> steps(Serial network, Shape in) {
        return steps(network, 0, in, Covariance.Origin.INPUT);
    }

    /**
     * What the layers of a network from one on do to vectors; empty if they refuse that.
     *
     * @param origin what is known of the values before it
     */
    static Optional<List<StripStep>> steps(Serial network, int from, Shape in, Covariance.Origin origin) {
        StripMoments start = new StripMoments(null, null);
        Covariance first = Covariance.of(in, start, origin, "network");
        try {
            return Optional.of(((StripMoments) network.kernel(first, Span.EQUAL, from).moments()).since(start));
        } catch (Failure e) {
            return Optional.empty();
        }
    }

    private List<StripStep> since(StripMoments start) {
        Deque<StripStep> steps = new ArrayDeque<>();
        for (StripMoments m = this; m != start; m = Objects.requireNonNull(m.before)) {
            steps.addFirst(Objects.requireNonNull(m.last));
        }
        return List.copyOf(steps);
    }

    private StripMoments then(StripStep step) {
        return new StripMoments(this, step);
    }

    @Override
    public Moments linear(double scale, double bias, Covariance.Tangent rule, String where) {
        return then(new StripStep.Linear(new Rows.Affine(scale, bias, rule.covariance(), rule.tangent(), rule.bias())));
    }

    /** Asked for by a frozen layer alone, which takes off the result's Θ. */
    @Override
    public Moments withoutTangent() {
        return this;
    }

    /** After a frozen layer, less what it adds by itself. */
    @Override
    public Moments lessTangent(Moments others) {
        if (before == null || !(last instanceof StripStep.Linear l)) {
            throw refusal();
        }
        return before.then(l.frozen());
    }

    @Override
    public Moments activate(Nonlinearity phi, String where) {
        return then(new StripStep.Activate(phi, phi.arc().orElse(null), where));
    }

    /** Where there is one position, over all of them is over the channels. */
    @Override
    public Moments normalize(boolean overAll, double epsilon) {
        return then(new StripStep.Normalize(epsilon));
    }

    @Override
    public Moments dropout(double keep) {
        return then(new StripStep.Drop(keep));
    }

    @Override
    public Moments sum(List<Moments> branches, double[] weights) {
        return branches.size() == 1 && weights[0] == 1 ? branches.get(0) : then(new StripStep.Sum(ways(branches), weights));
    }

    @Override
    public Moments product(List<Moments> branches) {
        return branches.size() == 1 ? branches.get(0) : then(new StripStep.Product(ways(branches)));
    }

    private List<List<StripStep>> ways(List<Moments> branches) {
        return branches.stream().map(b -> ((StripMoments) b).since(this)).toList();
    }

    @Override
    public Moments equalPositions() {
        return this;
    }

    @Override
    public Moments firstPosition() {
        return this;
    }

    @Override
    public Moments globalPool(boolean mean) {
        return this;
    }

    @Override
    public Moments flatten() {
        return this;
    }

    @Override
    public boolean padded() {
        return false;
    }

    @Override
    public void check(Moments state, String where) {
        // Values are checked where they are computed.
    }

    @Override
    public Moments unshared() {
        throw refusal();
    }

    @Override
    public Moments patches(Shape from, Shape to, Stencil stencil, String where) {
        throw refusal();
    }

    @Override
    public Moments pool(Shape from, Shape to, Stencil stencil, boolean mean, boolean realPixels, String where) {
        throw refusal();
    }

    @Override
    public Moments move(PositionMap map, String where) {
        throw refusal();
    }

    @Override
    public Moments aggregate(Aggregation rule, String where) {
        throw refusal();
    }

    @Override
    public Moments attend(AttentionKernel attention) {
        throw refusal();
    }

    private static Failure refusal() {
        return Failure.input("vectors have no positions");
    }
}
