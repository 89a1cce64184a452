package org.ntk4j.activation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.gaussian.GraphForm;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.grammar.Options;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * {@code expNormalized}: the normalised Gaussian kernel of Shankar et al. 2020, {@code K' = √(q11 q22)·exp(γ(ρ + shift))} and
 * {@code Θ' = γ·exp(γ(ρ + shift))·Θ} with {@code ρ = q12/√(q11 q22)}, 0 where a variance is 0. A map of kernels, not of values: no finite
 * network has it.
 *
 * @param gamma γ
 * @param shift what is added to ρ; with −1 variances stay
 */
public record ExpNormalized(double gamma, double shift) implements Activation {

    private static final double MOST = 1e100;
    private static final String WHY = "expNormalized maps kernels and is no function of values, so that no finite network has it; use "
            + "kernels: [ntk.infinite, nngp.infinite] without train, "
            + "or another activation";

    public ExpNormalized {
        if (!(gamma > 0 && gamma <= MOST) || !(Math.abs(shift) <= MOST)) {
            throw Failure.input("expNormalized: gamma of " + gamma + " and shift of " + shift
                    + "; gamma is a number above 0, shift any number");
        }
    }

    public static ExpNormalized read(Options o) {
        return new ExpNormalized(o.real("gamma", 1, Double.MIN_VALUE, MOST), o.real("shift", -1, -MOST, MOST));
    }

    @Override
    public String name() {
        return "expNormalized";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("gamma", gamma);
        options.put("shift", shift);
        return options;
    }

    @Override
    public boolean isFunction() {
        return false;
    }

    @Override
    public Optional<String> infiniteOnly() {
        return Optional.of(WHY);
    }

    @Override
    public double value(double x) {
        throw Failure.input(WHY);
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        throw Failure.input(WHY);
    }

    @Override
    public Signal forward(Forward f, Signal x) {
        throw Failure.input("network." + f.path() + ": " + WHY);
    }

    /** There is none: what would subtract it refuses this activation. */
    @Override
    public double mean(double variance) {
        return 0;
    }

    @Override
    public GraphTerm mean(GraphTerm variance) {
        return variance.times(0);
    }

    @Override
    public void expectations(Pairs p) {
        p.correlate();
        for (int i = 0; i < p.n; i++) {
            double e = Math.exp(gamma * (p.rho[i] + shift));
            p.value[i] = p.amplitude[i] * e;
            p.slope[i] = gamma * e;
        }
    }

    @Override
    public Optional<GraphForm> graph() {
        return Optional.of(p -> {
            GraphTerm e = p.q12().over(p.divisor()).within(-1, 1).plus(shift).times(gamma).exp();
            return new GraphForm.Expectations(p.amplitude().times(e), e.times(gamma));
        });
    }
}
