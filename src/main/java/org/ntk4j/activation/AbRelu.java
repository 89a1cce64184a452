package org.ntk4j.activation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Numbers;
import org.ntk4j.forward.TwiceDifferentiable;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.grammar.Options;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * {@code abRelu}: φ(x) = a·min(x, 0) + b·max(x, 0).
 *
 * @param a the slope on the left
 * @param b the slope on the right
 */
public record AbRelu(double a, double b) implements Activation {

    public AbRelu {
        if (!Double.isFinite(a) || !Double.isFinite(b)) {
            throw Failure.input("abRelu: a of " + a + " and b of " + b + " must be numbers");
        }
    }

    public static AbRelu read(Options o) {
        for (String key : new String[] {"a", "b"}) {
            if (o.entry(key).isEmpty()) {
                o.mistakes().add(o.place(), o.path() + ": '" + key + "' is missing: the slope on the "
                        + (key.equals("a") ? "left" : "right"));
            }
        }
        return new AbRelu(o.real("a", 0, -Double.MAX_VALUE, Double.MAX_VALUE), o.real("b", 1, -Double.MAX_VALUE, Double.MAX_VALUE));
    }

    @Override
    public String name() {
        return "abRelu";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("a", a);
        options.put("b", b);
        return options;
    }

    @Override
    public double value(double x) {
        return a * Math.min(x, 0) + b * Math.max(x, 0);
    }

    /** As {@code a·x + (b − a)·relu(x)}: one kink, one op with a gradient. */
    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return tf.math.add(tf.math.mul(Numbers.like(tf, x, a), x), tf.math.mul(Numbers.like(tf, x, b - a), tf.nn.relu(x)));
    }

    @Override
    public Operand<TFloating> applyTwice(Ops tf, Operand<TFloating> x) {
        return tf.math.add(tf.math.mul(Numbers.like(tf, x, a), x),
                tf.math.mul(Numbers.like(tf, x, b - a), TwiceDifferentiable.relu(tf, x)));
    }

    @Override
    public Optional<Arc> arc() {
        return Optional.of(ReluFamily.arc(a, b));
    }

    @Override
    public void expectations(Pairs pairs) {
        ReluFamily.expectations(a, b, pairs);
    }
}
