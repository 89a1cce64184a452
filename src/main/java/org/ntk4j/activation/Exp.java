package org.ntk4j.activation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Numbers;
import org.ntk4j.gaussian.GraphForm;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.grammar.Options;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * {@code exp}: φ(x) = a·exp(b x). {@code E[φφ] = a²·exp(b²·E[(u+v)²]/2)}, {@code E[φ'φ'] = b²·E[φφ]}.
 *
 * @param a the factor outside
 * @param b the factor inside
 */
public record Exp(double a, double b) implements Activation {

    public Exp {
        if (!Double.isFinite(a) || !Double.isFinite(b)) {
            throw Failure.input("exp: a and b must be numbers, not " + a + ", " + b);
        }
    }

    public static Exp read(Options o) {
        return new Exp(o.real("a", 1, -Double.MAX_VALUE, Double.MAX_VALUE),
                o.real("b", 1, -Double.MAX_VALUE, Double.MAX_VALUE));
    }

    @Override
    public String name() {
        return "exp";
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
        return a * Math.exp(b * x);
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return tf.math.mul(tf.math.exp(tf.math.mul(x, Numbers.like(tf, x, b))), Numbers.like(tf, x, a));
    }

    @Override
    public double mean(double variance) {
        return a * Math.exp(b * b * variance / 2);
    }

    @Override
    public void expectations(Pairs p) {
        p.correlate();
        double b2 = b * b;
        for (int i = 0; i < p.n; i++) {
            double difference = (p.q11[i] - p.q22[i]) / Math.max(Math.sqrt(p.q11[i]) + Math.sqrt(p.q22[i]), Double.MIN_NORMAL);
            p.work[i] = b2 / 2 * (difference * difference + 2 * p.amplitude[i] * (1 + p.rho[i]));
        }
        for (int i = 0; i < p.n; i++) {
            p.value[i] = a * a * Math.exp(p.work[i]);
            p.slope[i] = b2 * p.value[i];
            if (!Double.isFinite(p.slope[i] + p.value[i])) {
                throw Failure.run("exp: with a variance of " + Math.max(p.q11[i], p.q22[i]) + " the expectation of a²·exp(b(u+v)), a = "
                        + a + ", b = " + b
                        + ", leaves the range of float64; use a smaller b, a smaller wStd before it, or a layerNorm");
            }
        }
    }

    @Override
    public Optional<GraphForm> graph() {
        return Optional.of(p -> {
            GraphTerm value = p.q11().plus(p.q22()).plus(p.q12().times(2)).times(b * b / 2).exp().times(a * a);
            return new GraphForm.Expectations(value, value.times(b * b));
        });
    }
}
