package org.ntk4j.infinite.sequence.path;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.AttentionKernel;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Ending;
import org.ntk4j.moment.Span;
import org.ntk4j.positions.PositionMap;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Window;

/**
 * A network's first layers up to the one that ends its positions, as steps on all pairs of positions of two examples.
 *
 * @param in     the shape of the inputs
 * @param levels the positions on the way: those of the inputs, and behind each step that changes them
 * @param steps  what the layers do
 * @param ending what ends the positions
 * @param last   the level that it ends
 * @param after  the shape behind it
 * @param layers how many layers of the network, all of them in one list, the ending included
 * @param origin what is known of the values there
 */
public record SequencePath(Shape in, List<Level> levels, List<Step> steps, Ending ending, int last, Shape after, int layers,
        Covariance.Origin origin) {

    /**
     * The positions of an example.
     *
     * @param positions how many they are
     * @param from      the levels before it: several where ways meet that have left out different padding
     * @param window    what has made them of those before; null where it was no window
     */
    public record Level(int positions, List<Integer> from, @Nullable Window window) {

        /** Values that an example takes on a line: its positions, in whole places. */
        public int width(int lanes) {
            return (positions + lanes - 1) / lanes * lanes;
        }
    }

    /** What is done to the pairs of positions. */
    public sealed interface Step {

        /** A linear map of the channels. */
        record Linear(Rows.Affine map) implements Step {

            /** This map with weights that are not trained: they add nothing to Θ. */
            Linear frozen() {
                return new Linear(new Rows.Affine(map.scale(), map.bias(), 0, map.fromT(), 0));
            }
        }

        /** An activation; its number among those that look at variances. */
        record Activate(Nonlinearity phi, @Nullable Arc form, int look) implements Step {
        }

        /**
         * Layer normalization.
         *
         * @param overAll over the channels and all positions, or over the channels alone
         * @param means   the means over the channels that it subtracts
         */
        record Normalize(boolean overAll, double epsilon, int look, Means means) implements Step {

            /** Whether it does to Θ what it does to K, whatever K is: then linear maps of both may wait until behind it. */
            public boolean alike() {
                return means instanceof Means.Zero;
            }
        }

        /** Attention; its number among the matrices that are known of each example. */
        record Attend(AttentionKernel kernel, int number) implements Step {
        }

        /** Dropout in training: what equal positions of an example have with themselves is divided by a probability. */
        record Drop(double keep) implements Step {
        }

        /** Nothing but equal positions stays correlated. */
        record Unshare() implements Step {
        }

        /** The mean over the offsets of a window, both positions moving alike. */
        record Slide(Window window, Shape before, Shape after, int from, int to) implements Step {
        }

        /** The mean or the sum over a window, each position on its own. */
        record Pool(Window window, Shape before, Shape after, boolean mean, int from, int to) implements Step {
        }

        /** {@code K' = T₁ K T₂ᵀ} with a matrix for each example; its number among these. */
        record Map(Matrix matrix, int number, int from, int to) implements Step {
        }

        /** The weighted sum of several ways. */
        record Sum(List<List<Step>> ways, double[] weights, int to) implements Step {
        }

        /** Their product. */
        record Product(List<List<Step>> ways, int to) implements Step {
        }

        /** The end of the positions. */
        record End(Ending ending) implements Step {
        }

        /** The ways side by side that it consists of; none for most. */
        default List<List<Step>> ways() {
            return List.of();
        }
    }

    /** What the means over the channels are at each position. */
    public sealed interface Means {

        /** 0: behind a linear map with weights of its own. */
        record Zero() implements Means {
        }

        /** Those that the path begins with. */
        record AtStart() implements Means {
        }

        /** Those that an activation leaves. */
        record Behind(Step.Activate activation) implements Means {
        }

        /** Something else, which is not known. */
        record Unknown() implements Means {
        }

        /** Those behind a step that mixes positions. */
        default Means moved() {
            return this instanceof Zero ? this : new Unknown();
        }
    }

    /** A matrix on the positions of each example. */
    public sealed interface Matrix {

        /** Pooling with a window: the mean over the positions that lie inside. */
        record Pool(Window window, Shape before) implements Matrix {
        }

        /** The same for all examples. */
        record Fixed(PositionMap map) implements Matrix {
        }
    }

    /**
     * The steps at the beginning that multiply the inputs of each example by a matrix on its positions.
     *
     * @param steps how many they are; the last of them is an attention
     * @param map   what is still to come behind them, where Θ is 0 before
     */
    public record Beginning(int steps, Rows.Affine map) {
    }

    /** Pairs may begin behind these steps, with inner products of what they make of the inputs. */
    public Beginning beginning() {
        Beginning found = new Beginning(0, Rows.Affine.SAME);
        Rows.Affine map = Rows.Affine.SAME;
        for (int i = 0; i < steps.size() && map.scale() != 0; i++) {
            Step step = steps.get(i);
            if (step instanceof Step.Linear l && l.map().bias() == 0 && l.map().biasT() == 0) {
                map = map.then(l.map());
            } else if (step instanceof Step.Normalize n && n.alike()) {
                map = map.afterScale();
            } else if (step instanceof Step.Attend a && a.kernel().isMatrix()) {
                map = map.afterScale().then(a.kernel().outer());
                found = new Beginning(i + 1, map);
            } else {
                break;
            }
        }
        return found;
    }

    /** Its steps {@code from … to} alone. */
    public SequencePath part(int from, int to) {
        return new SequencePath(in, levels, steps.subList(from, to), ending, last, after, layers, origin);
    }

    /** The most positions on the way. */
    public int most() {
        return levels.stream().mapToInt(Level::positions).max().orElseThrow();
    }

    /**
     * The path of a network; empty if its layers do not keep to it, or need equal positions alone.
     *
     * @param padded whether positions of some inputs are padding
     */
    public static Optional<SequencePath> of(Serial network, Shape in, boolean padded) {
        return of(network, 0, in, padded, Covariance.Origin.INPUT);
    }

    /**
     * The path of a network behind its first layers.
     *
     * @param from   how many layers, all of them in one list, come before
     * @param in     the shape behind them
     * @param origin what is known of the values there
     */
    public static Optional<SequencePath> of(Serial whole, int from, Shape in, boolean padded, Covariance.Origin origin) {
        Serial network = whole.flat();
        if (in.isVector() || in.space().size() > 2
                || new Serial(network.layers().subList(from, network.layers().size())).needs(in, Span.EQUAL) == Span.EQUAL) {
            return Optional.empty();
        }
        SequenceMoments start = SequenceMoments.start(in, padded, origin.gaussian());
        Covariance state = Covariance.of(in, start, origin, "network");
        try {
            for (int i = from; i < network.layers().size(); i++) {
                Layer layer = network.layers().get(i);
                SequenceMoments before = (SequenceMoments) state.moments();
                state = layer.kernel(state);
                if (layer.ending().isPresent()) {
                    // Means over the channels are not known.
                    return before.centred() || network.isCentredBehind(i + 1)
                            ? Optional.of(before.path(start, in, layer.ending().get(), state, i + 1)) : Optional.empty();
                }
            }
        } catch (Failure e) {
            // The layers say so again.
        }
        return Optional.empty();
    }
}
