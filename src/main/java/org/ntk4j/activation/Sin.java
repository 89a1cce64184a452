package org.ntk4j.activation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Numbers;
import org.ntk4j.gaussian.GraphForm;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.grammar.Options;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * {@code sin}: φ(x) = a·sin(b x + c); the expectations are in {@link Waves}.
 *
 * @param a the factor outside
 * @param b the factor inside
 * @param c the phase
 */
public record Sin(double a, double b, double c) implements Activation {

    public Sin {
        if (!Double.isFinite(a) || !Double.isFinite(b) || !Double.isFinite(c)) {
            throw Failure.input("sin: a, b and c must be numbers, not " + a + ", " + b + ", " + c);
        }
    }

    public static Sin read(Options o) {
        return new Sin(o.real("a", 1, -Double.MAX_VALUE, Double.MAX_VALUE),
                o.real("b", 1, -Double.MAX_VALUE, Double.MAX_VALUE),
                o.real("c", 0, -Double.MAX_VALUE, Double.MAX_VALUE));
    }

    @Override
    public String name() {
        return "sin";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("a", a);
        options.put("b", b);
        options.put("c", c);
        return options;
    }

    @Override
    public double value(double x) {
        return a * Math.sin(b * x + c);
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        Operand<TFloating> inside = tf.math.add(tf.math.mul(x, Numbers.like(tf, x, b)), Numbers.like(tf, x, c));
        return tf.math.mul(tf.math.sin(inside), Numbers.like(tf, x, a));
    }

    @Override
    public double mean(double variance) {
        return a * Math.sin(c) * Math.exp(-b * b * variance / 2);
    }

    @Override
    public void expectations(Pairs p) {
        Waves.expectations(a, b, Math.sin(c), Math.cos(c), p);
    }

    @Override
    public Optional<GraphForm> graph() {
        return Optional.of(p -> Waves.expectations(a, b, Math.sin(c), Math.cos(c), p));
    }
}
