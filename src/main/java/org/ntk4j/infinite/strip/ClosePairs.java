package org.ntk4j.infinite.strip;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.layer.Serial;
import org.ntk4j.rows.Rows;

/**
 * Pairs of nearly parallel inputs in a dense network with activations of two slopes (relu and its like). A covariance alone keeps half of
 * the digits of the angle θ there: what is lost in {@code q11 q22 − q12²} cannot be found again. So the distance
 * {@code d = (q11 + q22)/2 − q12} and the determinant {@code A = q11 q22 − q12²} are carried beside it, from the inputs on, where both come
 * from sums of twice as many digits:
 *
 * <ul>
 *   <li>after a linear map {@code q' = s q + b}: {@code d' = s d} and {@code A' = s² A + 2 s b d};
 *   <li>after the activation, with {@code θ = atan2(√A, q12)}, c and β its mean squared slope and its bend,
 *       {@code w = β √(q11 q22) (sin θ − θ cos θ)}: {@code q12' = c q12 + w}, {@code d' = c d − w}, {@code A' = c² A − 2 c q12 w − w²}; and
 *       {@code Θ12' = (c − βθ) Θ12}, so half of its distance becomes {@code c e + βθ Θ12}.
 * </ul>
 *
 * Nothing cancels where θ is small.
 */
public final class ClosePairs {

    /** Below this angle the first terms of a series are right to the last digit. */
    private static final double SMALL = 0.05;

    private final InputGram side1;
    private final InputGram side2;
    private final List<Strips.Step> steps;

    /** What is known of a pair at the end: both covariances and half of both squared distances. */
    record Pair(double nngp, double ntk, double halfNngp, double halfNtk) {
    }

    private ClosePairs(InputGram side1, InputGram side2, List<Strips.Step> steps) {
        this.side1 = side1;
        this.side2 = side2;
        this.steps = steps;
    }

    /** For a network of these steps, if all its activations bend once. */
    static Optional<ClosePairs> of(InputGram side1, InputGram side2, List<Strips.Step> steps) {
        boolean bends = steps.stream().allMatch(s -> s.map() != null || s.form() instanceof Arc.Bend);
        return bends ? Optional.of(new ClosePairs(side1, side2, steps)) : Optional.empty();
    }

    /** For the pairs of some inputs among themselves, if the network is one of these. */
    public static Optional<ClosePairs> of(Serial network, InputGram inputs) {
        return inputs.shape().isVector() ? Strips.steps(network.flat(), inputs.shape()).flatMap(steps -> of(inputs, inputs, steps))
                : Optional.empty();
    }

    /** The squared distance {@code K11 + K22 − 2 K12} of two inputs in K_∞. */
    public double nngpDistance(int i, int j) {
        return 2 * pair(i, j).halfNngp;
    }

    /** The squared distance of two inputs in Θ_∞. */
    public double ntkDistance(int i, int j) {
        return 2 * pair(i, j).halfNtk;
    }

    Pair pair(int i, int j) {
        double[] x = side1.example(i);
        double[] y = side2.example(j);
        LongSum xx = LongSum.product(x, x);
        LongSum yy = LongSum.product(y, y);
        LongSum xy = LongSum.product(x, y);
        double n = x.length;
        double q11 = xx.value() / n;
        double q22 = yy.value() / n;
        double q12 = xy.value() / n;
        double d = xx.plus(yy).times(0.5).minus(xy).value() / n;
        double a = Math.max(0, xx.times(yy).minus(xy.times(xy)).value() / n / n);
        double t11 = 0;
        double t22 = 0;
        double t12 = 0;
        double e = 0;
        for (Strips.Step step : steps) {
            if (step.map() != null) {
                Rows.Affine map = step.map();
                t11 = map.fromK() * q11 + map.fromT() * t11 + map.biasT();
                t22 = map.fromK() * q22 + map.fromT() * t22 + map.biasT();
                t12 = map.fromK() * q12 + map.fromT() * t12 + map.biasT();
                e = map.fromK() * d + map.fromT() * e;
                a = map.scale() * map.scale() * a + 2 * map.scale() * map.bias() * d;
                d = map.scale() * d;
                q11 = map.scale() * q11 + map.bias();
                q22 = map.scale() * q22 + map.bias();
                q12 = map.scale() * q12 + map.bias();
                continue;
            }
            Arc.Bend form = (Arc.Bend) Objects.requireNonNull(step.form());
            double c = form.most();
            double angle = Math.atan2(Math.sqrt(a), q12);
            double w = form.bend() * Math.sqrt(a + q12 * q12) * bow(angle);
            e = c * e + form.bend() * angle * t12;
            t11 *= c;
            t22 *= c;
            t12 *= c - form.bend() * angle;
            a = Math.max(0, c * c * a - 2 * c * q12 * w - w * w);
            d = c * d - w;
            q11 *= c;
            q22 *= c;
            q12 = c * q12 + w;
        }
        return new Pair(q12, t12, d, e);
    }

    /** sin θ − θ cos θ. */
    private static double bow(double angle) {
        if (angle > SMALL) {
            return Math.sin(angle) - angle * Math.cos(angle);
        }
        double square = angle * angle;
        return angle * square / 3 * (1 - square / 10 * (1 - square / 28 * (1 - square / 54 * (1 - square / 88))));
    }
}
