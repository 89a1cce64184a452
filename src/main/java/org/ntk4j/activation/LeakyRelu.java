package org.ntk4j.activation;

import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.grammar.Options;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * {@code leakyRelu}: φ(x) = x for x > 0, alpha·x else.
 *
 * @param alpha the slope on the left
 */
public record LeakyRelu(double alpha) implements Activation {

    public LeakyRelu {
        if (!Double.isFinite(alpha)) {
            throw Failure.input("leakyRelu: alpha of " + alpha + " is not a number");
        }
    }

    public static LeakyRelu read(Options o) {
        return new LeakyRelu(o.real("alpha", 0.01, -Double.MAX_VALUE, Double.MAX_VALUE));
    }

    @Override
    public String name() {
        return "leakyRelu";
    }

    @Override
    public Map<String, Object> options() {
        return Map.of("alpha", alpha);
    }

    @Override
    public double value(double x) {
        return x > 0 ? x : alpha * x;
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return new AbRelu(alpha, 1).apply(tf, x);
    }

    @Override
    public Operand<TFloating> applyTwice(Ops tf, Operand<TFloating> x) {
        return new AbRelu(alpha, 1).applyTwice(tf, x);
    }

    @Override
    public Optional<Arc> arc() {
        return Optional.of(ReluFamily.arc(alpha, 1));
    }

    @Override
    public void expectations(Pairs pairs) {
        ReluFamily.expectations(alpha, 1, pairs);
    }
}
