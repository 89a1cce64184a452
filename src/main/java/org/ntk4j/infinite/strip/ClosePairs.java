package org.ntk4j.infinite.strip;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.layer.Serial;

/**
 * Pairs of nearly parallel inputs in a dense network with activations of two slopes (relu and its like) or smooth ones. A covariance alone
 * keeps half of the digits of the angle θ there: what is lost in {@code q11 q22 − q12²} cannot be found again. So the distance
 * {@code d = (q11 + q22)/2 − q12} and the determinant {@code A = q11 q22 − q12²} are carried beside it, from the inputs on, where both come
 * from sums of twice as many digits, and for smooth activations {@code (q11 − q22)/2}:
 *
 * <ul>
 *   <li>after a linear map {@code q' = s q + b}: {@code d' = s d} and {@code A' = s² A + 2 s b d};
 *   <li>after an activation of two slopes, with {@code θ = atan2(√A, q12)}, c and β its mean squared slope and its bend,
 *       {@code w = β √(q11 q22) (sin θ − θ cos θ)}: {@code q12' = c q12 + w}, {@code d' = c d − w}, {@code A' = c² A − 2 c q12 w − w²}; and
 *       {@code Θ12' = (c − βθ) Θ12}, so half of its distance becomes {@code c e + βθ Θ12};
 *   <li>after a smooth one, by its Hermite coefficients: see {@link PairState#smooth}.
 * </ul>
 *
 * Nothing cancels where θ is small.
 */
public final class ClosePairs {

    private final InputGram side1;
    private final InputGram side2;
    private final List<StripStep> steps;

    /** What is known of a pair at the end: both covariances and half of both squared distances. */
    record Pair(double nngp, double ntk, double halfNngp, double halfNtk) {
    }

    private ClosePairs(InputGram side1, InputGram side2, List<StripStep> steps) {
        this.side1 = side1;
        this.side2 = side2;
        this.steps = steps;
    }

    /**
     * For a network of these steps, if all its activations bend once: then entries lose digits, and a pair costs next to nothing. With a
     * smooth one among them it costs milliseconds, and in a deep network all pairs may be close.
     */
    static Optional<ClosePairs> ofBends(InputGram side1, InputGram side2, List<StripStep> steps) {
        boolean bends = steps.stream()
                .allMatch(s -> s instanceof StripStep.Linear || s instanceof StripStep.Activate a && a.form() instanceof Arc.Bend);
        return bends ? of(side1, side2, steps) : Optional.empty();
    }

    private static Optional<ClosePairs> of(InputGram side1, InputGram side2, List<StripStep> steps) {
        return steps.stream().allMatch(s -> s instanceof StripStep.Linear || s instanceof StripStep.Activate a && a.phi().isFunction())
                ? Optional.of(new ClosePairs(side1, side2, steps)) : Optional.empty();
    }

    /** For the pairs of some inputs among themselves, if the network is one of these. */
    public static Optional<ClosePairs> of(Serial network, InputGram inputs) {
        return StripStep.of(network, inputs.shape()).flatMap(steps -> of(inputs, inputs, steps));
    }

    /** The squared distance {@code K11 + K22 − 2 K12} of two inputs in K_∞; empty where it is not known better than by its terms. */
    public OptionalDouble nngpDistance(int i, int j) {
        return pair(i, j).stream().mapToDouble(p -> 2 * p.halfNngp).findFirst();
    }

    /** The squared distance of two inputs in Θ_∞. */
    public OptionalDouble ntkDistance(int i, int j) {
        return pair(i, j).stream().mapToDouble(p -> 2 * p.halfNtk).findFirst();
    }

    /** What is known of two inputs; empty where an activation is neither of two slopes nor smooth. */
    Optional<Pair> pair(int i, int j) {
        PairState state = new PairState(side1.example(i), side2.example(j));
        for (StripStep step : steps) {
            if (step instanceof StripStep.Linear l) {
                state.linear(l.map());
            } else if (step instanceof StripStep.Activate a && a.form() instanceof Arc.Bend bend) {
                state.bend(bend);
            } else if (!(step instanceof StripStep.Activate a && state.smooth(a.phi()::value))) {
                return Optional.empty();
            }
        }
        return Optional.of(state.pair());
    }
}
