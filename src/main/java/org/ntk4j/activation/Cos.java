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
 * {@code cos}: φ(x) = a·cos(b x + c); the expectations are in {@link Waves}.
 *
 * @param a the factor outside
 * @param b the factor inside
 * @param c the phase
 */
public record Cos(double a, double b, double c) implements Activation {

    public Cos {
        if (!Double.isFinite(a) || !Double.isFinite(b) || !Double.isFinite(c)) {
            throw Failure.input("cos: a, b and c must be numbers, not " + a + ", " + b + ", " + c);
        }
    }

    public static Cos read(Options o) {
        return new Cos(o.real("a", 1, -Double.MAX_VALUE, Double.MAX_VALUE),
                o.real("b", 1, -Double.MAX_VALUE, Double.MAX_VALUE),
                o.real("c", 0, -Double.MAX_VALUE, Double.MAX_VALUE));
    }

    @Override
    public String name() {
        return "cos";
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
        return a * Math.cos(b * x + c);
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        Operand<TFloating> inside = tf.math.add(tf.math.mul(x, Numbers.like(tf, x, b)), Numbers.like(tf, x, c));
        return tf.math.mul(tf.math.cos(inside), Numbers.like(tf, x, a));
    }

    @Override
    public double mean(double variance) {
        return a * Math.cos(c) * Math.exp(-b * b * variance / 2);
    }

    @Override
    public void expectations(Pairs p) {
        Waves.expectations(a, b, Math.cos(c), -Math.sin(c), p);
    }

    @Override
    public Optional<GraphForm> graph() {
        return Optional.of(p -> Waves.expectations(a, b, Math.cos(c), -Math.sin(c), p));
    }
}
