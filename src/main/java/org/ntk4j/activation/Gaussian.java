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
 * {@code gaussian}: φ(x) = a·exp(b x²). With {@code D = 1 − 2b(q11+q22) + 4b²(q11 q22 − q12²)}: {@code E[φφ] = a²/√D},
 * {@code E[φ'φ'] = 4a²b² q12/√D³}. For b above 0 they are infinite from a variance of 1/(4b) on.
 *
 * @param a the factor outside
 * @param b the factor of x²
 */
public record Gaussian(double a, double b) implements Activation {

    public Gaussian {
        if (!Double.isFinite(a) || !Double.isFinite(b)) {
            throw Failure.input("gaussian: a and b must be numbers, not " + a + ", " + b);
        }
    }

    public static Gaussian read(Options o) {
        return new Gaussian(o.real("a", 1, -Double.MAX_VALUE, Double.MAX_VALUE),
                o.real("b", -1, -Double.MAX_VALUE, Double.MAX_VALUE));
    }

    @Override
    public String name() {
        return "gaussian";
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
        return a * Math.exp(b * x * x);
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return tf.math.mul(tf.math.exp(tf.math.mul(tf.math.mul(x, x), Numbers.like(tf, x, b))), Numbers.like(tf, x, a));
    }

    @Override
    public void expectations(Pairs p) {
        if (b > 0) {
            checkVariances(p);
        }
        p.correlate();
        double[] root = p.work;
        for (int i = 0; i < p.n; i++) {
            double base = Math.sqrt(1 - 2 * b * (p.q11[i] + p.q22[i]));
            double cross = 2 * Math.abs(b) * p.amplitude[i] * Math.sqrt((1 - p.rho[i]) * (1 + p.rho[i]));
            double largest = Math.max(base, cross);
            root[i] = largest * Math.sqrt((base / largest) * (base / largest) + (cross / largest) * (cross / largest));
        }
        for (int i = 0; i < p.n; i++) {
            p.value[i] = a * a / root[i];
            p.slope[i] = 4 * a * a * b * (b * p.q12[i] / root[i] / root[i] / root[i]);
        }
    }

    private void checkVariances(Pairs p) {
        for (int i = 0; i < p.n; i++) {
            double q = Math.max(p.q11[i], p.q22[i]);
            if (!(4 * b * q < 1)) {
                throw Failure.run("gaussian: with b = " + b + " the expectation of exp(2b u²) is infinite from a variance of " + 1 / (4 * b)
                        + " on, and the variance here is " + q
                                + "; use a negative b, a smaller one, a smaller wStd before it, or a layerNorm");
            }
        }
    }

    @Override
    public Optional<GraphForm> graph() {
        return Optional.of(p -> {
            GraphTerm root = p.q11().times(-2 * b).plus(p.q22().times(-2 * b).plus(1)).plus(p.minor().times(4 * b * b)).sqrt();
            return new GraphForm.Expectations(root.under(a * a), p.q12().times(4 * a * a * b * b).over(root.power(3)));
        });
    }
}
