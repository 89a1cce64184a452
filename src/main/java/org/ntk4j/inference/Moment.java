package org.ntk4j.inference;

import java.util.Locale;
import java.util.OptionalDouble;
import org.ntk4j.base.Required;
import org.ntk4j.base.Auto;
import org.ntk4j.base.Failure;
import org.ntk4j.inference.LearningRates.Rule;

/**
 * A moment of training on the mean squared error: after some number of steps of gradient descent, at a time of gradient flow, or
 * at infinity.
 *
 * @param kind   which of the three
 * @param amount steps, or the time (learning rate × steps) of gradient flow
 * @param rate   the learning rate of the steps; empty: half of the largest stable one (the ridge counted)
 * @param rule   the steps' rule
 * @param decay  its momentum m
 */
public record Moment(Kind kind, double amount, OptionalDouble rate, Rule rule, double decay) {

    /** What the amount counts. */
    public enum Kind {
        /** Steps of gradient descent. */
        STEPS,
        /** Time of gradient flow. */
        FLOW,
        /** The limit. */
        INFINITY
    }

    public Moment {
        if (!(amount >= 0)) {
            throw Failure.input((kind == Kind.STEPS ? "steps" : "time") + " must be at least 0, not " + amount);
        }
        if (rate.isPresent() && !(rate.getAsDouble() > 0 && Double.isFinite(rate.getAsDouble()))) {
            throw Failure.input("a learning rate must be a number above 0, not " + rate.getAsDouble());
        }
        LearningRates.requireMomentum(decay);
        if (rule != Rule.GRADIENT_DESCENT && amount != Math.rint(amount)) {
            throw Failure.input("with momentum the number of steps must be whole, not " + amount);
        }
    }

    /**
     * After n steps of full-batch gradient descent. A fraction of a step is a real power of the factor of each
     * eigendirection, so it needs a learning rate of at most half of the largest stable one.
     *
     * @param n infinite: the same as {@link #infinity()}
     */
    public static Moment steps(double n) {
        return n == Double.POSITIVE_INFINITY ? infinity()
                : new Moment(Kind.STEPS, n, OptionalDouble.empty(), Rule.GRADIENT_DESCENT, 0);
    }

    /**
     * At a time of gradient flow.
     *
     * @param time learning rate × steps; infinite: the same as {@link #infinity()}
     */
    public static Moment flow(double time) {
        return time == Double.POSITIVE_INFINITY ? infinity()
                : new Moment(Kind.FLOW, time, OptionalDouble.empty(), Rule.GRADIENT_DESCENT, 0);
    }

    /** At several times of gradient flow. */
    public static Moment[] flows(double... times) {
        Required.value(times, "times");
        Moment[] moments = new Moment[times.length];
        for (int i = 0; i < times.length; i++) {
            moments[i] = flow(times[i]);
        }
        return moments;
    }

    /** When training has ended. */
    public static Moment infinity() {
        return new Moment(Kind.INFINITY, Double.POSITIVE_INFINITY, OptionalDouble.empty(), Rule.GRADIENT_DESCENT, 0);
    }

    /** Steps with this learning rate; it changes nothing at infinity. */
    public Moment learningRate(double eta) {
        requireSteps("a learning rate");
        return new Moment(kind, amount, OptionalDouble.of(eta), rule, decay);
    }

    /** Steps with half of the largest stable learning rate, of the kernel with its ridge. */
    public Moment learningRate(Auto auto) {
        Required.value(auto, "auto");
        requireSteps("a learning rate");
        return new Moment(kind, amount, OptionalDouble.empty(), rule, decay);
    }

    /** Steps with momentum: {@code v ← m v + g, θ ← θ − η v}. */
    public Moment momentum(double m) {
        requireSteps("momentum");
        return new Moment(kind, amount, rate, Rule.MOMENTUM, m);
    }

    /** Steps with Nesterov momentum: {@code v ← m v + g, θ ← θ − η (g + m v)}. */
    public Moment nesterov(double m) {
        requireSteps("momentum");
        return new Moment(kind, amount, rate, Rule.NESTEROV, m);
    }

    /** True at infinity. */
    public boolean isInfinite() {
        return kind == Kind.INFINITY;
    }

    private void requireSteps(String what) {
        if (kind == Kind.FLOW) {
            throw Failure.input(what + " belongs to steps(n); the time of gradient flow is learning rate × steps already");
        }
    }

    @Override
    public String toString() {
        return switch (kind) {
            case INFINITY -> "at infinity";
            case FLOW -> String.format(Locale.ROOT, "gradient flow at time %.6g", amount);
            case STEPS -> String.format(Locale.ROOT, "after %.6g steps of %s, learning rate %s", amount,
                    rule == Rule.GRADIENT_DESCENT ? "gradient descent"
                            : String.format(Locale.ROOT, "%s %.4g", rule.name().toLowerCase(Locale.ROOT), decay),
                    rate.isPresent() ? String.format(Locale.ROOT, "%.6g", rate.getAsDouble()) : "auto");
        };
    }
}
