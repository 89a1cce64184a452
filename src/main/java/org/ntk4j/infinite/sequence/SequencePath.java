package org.ntk4j.infinite.sequence;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Linearity;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.AttentionKernel;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Ending;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;

/**
 * A network's first layers up to the one that ends its positions, where each acts on every pair of positions alone, or is attention.
 *
 * @param in       the shape of the inputs
 * @param steps    what they do
 * @param looks    how many activations and normalizations look at variances
 * @param attends  how many of them are attention
 * @param ending   what ends the positions
 * @param after    the shape behind it
 * @param layers   how many layers of the network, all of them in one list, the ending included
 * @param gaussian whether what is left is Gaussian
 * @param fresh    and independent of what was there before
 */
record SequencePath(Shape in, List<Step> steps, int looks, int attends, Ending ending, Shape after, int layers, boolean gaussian,
        boolean fresh) {

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
    }

    /** The path of a network; empty if its layers do not keep to it, or if there is no attention, for which other engines serve better. */
    static Optional<SequencePath> of(Serial whole, Shape in) {
        if (in.isVector()) {
            return Optional.empty();
        }
        Serial network = whole.flat();
        Builder builder = new Builder();
        List<Step> steps = new ArrayList<>();
        State state = State.INPUT;
        Shape shape = in;
        for (int i = 0; i < network.layers().size(); i++) {
            Layer layer = network.layers().get(i);
            Optional<Ending> ending = layer.ending();
            if (ending.isPresent()) {
                boolean served = builder.attends > 0 && (state.gaussian || isCentredBehind(network, i + 1));
                boolean left = state.gaussian && ending.get() != Ending.EQUAL_POSITIONS;
                return served ? Optional.of(new SequencePath(in, List.copyOf(steps), builder.looks, builder.attends, ending.get(),
                        layer.outputShape(shape), i + 1, left, state.fresh)) : Optional.empty();
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

    /** Whether a linear map comes before anything that looks at means over the channels. */
    private static boolean isCentredBehind(Serial network, int from) {
        return network.layers().stream().skip(from).map(Layer::linearity).filter(l -> l != Linearity.FIXED).findFirst()
                .map(l -> l == Linearity.WEIGHTED).orElse(true);
    }

    /** What is known of the values; see {@link Covariance.Origin}. */
    private record State(boolean gaussian, boolean fresh) {

        static final State INPUT = new State(false, false);
        static final State LINEAR = new State(true, true);
    }

    private static final class Builder {
        private int looks;
        private int attends;

        /** Null where the step would be inexact, or takes positions elsewhere. */
        @Nullable State step(PlaneStep step, State state, List<Step> made) {
            if (step instanceof PlaneStep.Linear l && l.isPointwise()) {
                made.add(new Step.Linear(l.affine()));
                return State.LINEAR;
            }
            if (step instanceof PlaneStep.Attend a && !a.kernel().sqrt()) {
                made.add(new Step.Attend(a.kernel(), attends++));
                return State.LINEAR;
            }
            if (step instanceof PlaneStep.Activate a && state.gaussian) {
                made.add(new Step.Activate(a.phi(), a.phi().arc().orElse(null), looks++));
                return new State(a.phi().isLinear(), false);
            }
            if (step instanceof PlaneStep.Normalize n && state.gaussian) {
                made.add(new Step.Normalize(n.epsilon(), looks++));
                return state;
            }
            if (step instanceof PlaneStep.Sum s) {
                return sum(s, state, made);
            }
            if (step instanceof PlaneStep.Chain c) {
                return through(c.steps(), state, made);
            }
            return step instanceof PlaneStep.Pass ? state : null;
        }

        private @Nullable State through(List<PlaneStep> steps, State start, List<Step> made) {
            State state = start;
            for (PlaneStep step : steps) {
                state = step(step, state, made);
                if (state == null) {
                    return null;
                }
            }
            return state;
        }

        private @Nullable State sum(PlaneStep.Sum s, State state, List<Step> made) {
            List<List<Step>> ways = new ArrayList<>();
            int stale = 0;
            for (List<PlaneStep> way : s.ways()) {
                List<Step> steps = new ArrayList<>();
                State end = through(way, new State(state.gaussian, false), steps);
                // Means over the channels would have to be kept where a way ends in an activation: that is left to the layers.
                if (end == null || !end.gaussian) {
                    return null;
                }
                stale += end.fresh ? 0 : 1;
                ways.add(steps);
            }
            made.add(new Step.Sum(ways));
            return stale > 1 ? null : new State(true, stale == 0 || state.fresh);
        }
    }
}
