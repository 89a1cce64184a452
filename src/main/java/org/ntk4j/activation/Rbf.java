package org.ntk4j.activation;

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
 * {@code rbf}: φ(x) = √2·sin(√(2γ) x + π/4), whose {@code E[φφ] = exp(−γ·E[(u−v)²])} is a radial basis function
 * (Rahimi and Recht 2007).
 *
 * @param gamma γ, above 0
 */
public record Rbf(double gamma) implements Activation {

    public Rbf {
        if (!(gamma > 0 && gamma < Double.MAX_VALUE)) {
            throw Failure.input("rbf: gamma of " + gamma + " is not a number above 0");
        }
    }

    public static Rbf read(Options o) {
        return new Rbf(o.real("gamma", 1, Double.MIN_VALUE, Double.MAX_VALUE));
    }

    @Override
    public String name() {
        return "rbf";
    }

    @Override
    public Map<String, Object> options() {
        return Map.of("gamma", gamma);
    }

    @Override
    public double value(double x) {
        return Math.sqrt(2) * Math.sin(Math.sqrt(2 * gamma) * x + Math.PI / 4);
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        Operand<TFloating> inside = tf.math.add(tf.math.mul(x, Numbers.like(tf, x, Math.sqrt(2 * gamma))),
                Numbers.like(tf, x, Math.PI / 4));
        return tf.math.mul(tf.math.sin(inside), Numbers.like(tf, x, Math.sqrt(2)));
    }

    @Override
    public double mean(double variance) {
        return Math.exp(-gamma * variance);
    }

    @Override
    public void expectations(Pairs p) {
        Wave.expectations(Math.sqrt(2), Math.sqrt(2 * gamma), Math.sqrt(0.5), Math.sqrt(0.5), p);
    }

    @Override
    public Optional<GraphForm> graph() {
        return Optional.of(p -> Wave.expectations(Math.sqrt(2), Math.sqrt(2 * gamma), Math.sqrt(0.5), Math.sqrt(0.5), p));
    }
}
