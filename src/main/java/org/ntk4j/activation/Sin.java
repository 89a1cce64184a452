package org.ntk4j.activation;

import org.ntk4j.forward.Numbers;
import org.ntk4j.grammar.Options;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * {@code sin}: φ(x) = a·sin(b x + c); the expectations are in {@link Wave}.
 *
 * @param a the factor outside
 * @param b the factor inside
 * @param c the phase
 */
public record Sin(double a, double b, double c) implements Wave {

    public Sin {
        Wave.check("sin", a, b, c);
    }

    public static Sin read(Options o) {
        return new Sin(Wave.read(o, "a", 1), Wave.read(o, "b", 1), Wave.read(o, "c", 0));
    }

    @Override
    public String name() {
        return "sin";
    }

    @Override
    public double atPhase() {
        return Math.sin(c);
    }

    @Override
    public double slopeAtPhase() {
        return Math.cos(c);
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
}
