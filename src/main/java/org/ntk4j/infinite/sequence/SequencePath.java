package org.ntk4j.infinite.sequence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.AttentionKernel;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Ending;
import org.ntk4j.moment.Exactness;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;

/**
 * A network's first layers up to the one that ends its positions, where each acts on every pair of positions alone, or is attention.
 *
 * @param in      the shape of the inputs
 * @param steps   what they do
 * @param looks   how many activations and normalizations look at variances
 * @param attends how many of them are attention
 * @param ending  what ends the positions
 * @param after   the shape behind it
 * @param layers  how many layers of the network, all of them in one list, the ending included
 * @param end     what is known of what is left
 */
record SequencePath(Shape in, List<Step> steps, int looks, int attends, Ending ending, Shape after, int layers,
        Exactness end) {

    /** What is known of the values behind the ending. */
    Covariance.Origin origin() {
        return new Covariance.Origin(end.gaussian(), end.fresh(), true, false, false);
    }

    /** What is done to the pairs of positions. */
    sealed interface Step {

        /** A linear map of the channels. */
        record Linear(Rows.Affine map) implements Step {
        }

        /** An activation; its number among those that look at variances. */
        record Activate(Nonlinearity phi, @Nullable Arc form, int look) implements Step {
        }

        /** Layer normalization over the channels. */
        record Normalize(double epsilon, int look) implements Step {
        }

        /** Attention; its number among its like. */
        record Attend(AttentionKernel kernel, int number) implements Step {
        }

        /** The sum of several ways. */
        record Sum(List<List<Step>> ways) implements Step {
        }

        /** Their product. */
        record Product(List<List<Step>> ways) implements Step {
        }

        /** The ways side by side that it consists of; none for most. */
        default List<List<Step>> ways() {
            return List.of();
        }
    }

    /** The path of a network; empty if its layers do not keep to it, or if there is no attention, for which other engines serve better. */
    static Optional<SequencePath> of(Serial whole, Shape in) {
        if (in.isVector()) {
            return Optional.empty();
        }
        Serial network = whole.flat();
        Builder builder = new Builder();
        List<Step> steps = new ArrayList<>();
        Exactness state = Exactness.INPUT;
        Shape shape = in;
        for (int i = 0; i < network.layers().size(); i++) {
            Layer layer = network.layers().get(i);
            Optional<Ending> ending = layer.ending();
            if (ending.isPresent()) {
                boolean served = builder.attends > 0 && (state.gaussian() || network.isCentredBehind(i + 1));
                Exactness end = new Exactness(state.gaussian() && ending.get() != Ending.EQUAL_POSITIONS, state.fresh(), true);
                return served ? Optional.of(new SequencePath(in, List.copyOf(steps), builder.looks, builder.attends, ending.get(),
                        layer.outputShape(shape), i + 1, end)) : Optional.empty();
            }
            Optional<PlaneStep> step = layer.plane(shape);
            state = step.isPresent() ? builder.step(step.get(), state, steps) : null;
            if (state == null) {
                return Optional.empty();
            }
            shape = layer.outputShape(shape);
        }
        return Optional.empty();
    }

    private static final class Builder {
        private int looks;
        private int attends;

        /** Null where the step would be inexact, or takes positions elsewhere. */
        @Nullable Exactness step(PlaneStep step, Exactness state, List<Step> made) {
            if (step instanceof PlaneStep.Linear l && l.isPointwise()) {
                made.add(new Step.Linear(l.affine()));
                return Exactness.LINEAR;
            }
            if (step instanceof PlaneStep.Attend a && !a.kernel().sqrt()) {
                made.add(new Step.Attend(a.kernel(), attends++));
                return Exactness.LINEAR;
            }
            if (step instanceof PlaneStep.Activate a && state.gaussian()) {
                made.add(new Step.Activate(a.phi(), a.phi().arc().orElse(null), looks++));
                return state.activated(a.phi()).orElse(null);
            }
            if (step instanceof PlaneStep.Normalize n && state.gaussian()) {
                made.add(new Step.Normalize(n.epsilon(), looks++));
                return state;
            }
            if (step instanceof PlaneStep.Sum || step instanceof PlaneStep.Product) {
                return ways(step, state, made);
            }
            if (step instanceof PlaneStep.Chain c) {
                return through(c.steps(), state, made);
            }
            return step instanceof PlaneStep.Pass ? state : null;
        }

        private @Nullable Exactness through(List<PlaneStep> steps, Exactness start, List<Step> made) {
            Exactness state = start;
            for (PlaneStep step : steps) {
                state = step(step, state, made);
                if (state == null) {
                    return null;
                }
            }
            return state;
        }

        private @Nullable Exactness ways(PlaneStep s, Exactness state, List<Step> made) {
            List<List<Step>> ways = new ArrayList<>();
            List<Exactness> ends = new ArrayList<>();
            for (List<PlaneStep> way : s.ways()) {
                List<Step> steps = new ArrayList<>();
                Exactness end = through(way, state.branch(), steps);
                if (end == null) {
                    return null;
                }
                ends.add(end);
                ways.add(steps);
            }
            boolean isSum = s instanceof PlaneStep.Sum;
            made.add(isSum ? new Step.Sum(ways) : new Step.Product(ways));
            return (isSum ? state.sum(ends) : state.product(ends)).orElse(null);
        }
    }
}
