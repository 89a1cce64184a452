package org.ntk4j.activation;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Numbers;
import org.ntk4j.gaussian.GraphForm;
import org.ntk4j.gaussian.GraphPairs;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.grammar.Options;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * {@code hermite}: the probabilists' Hermite polynomial over √(degree!). At variance 1 {@code E[φφ] = q12^n}; at any other, by
 * the multiplication theorem, {@code E[φφ] = Σ_m n!/(4^m m!² k!)·((q11−1)(q22−1))^m q12^k}, {@code k = n − 2m}.
 * {@code E[φ'φ']} is n times the same of n − 1.
 *
 * @param degree 0 to 100
 */
public record Hermite(int degree) implements Activation {

    public Hermite {
        if (degree < 0 || degree > Monomial.HIGHEST) {
            throw Failure.input("hermite: a degree of " + degree + " is not between 0 and " + Monomial.HIGHEST);
        }
    }

    public static Hermite read(Options o) {
        return new Hermite(o.requiredInteger("degree", 0, Monomial.HIGHEST));
    }

    @Override
    public String name() {
        return "hermite";
    }

    @Override
    public Map<String, Object> options() {
        return Map.of("degree", degree);
    }

    @Override
    public boolean isLinear() {
        return degree == 1;
    }

    @Override
    public double value(double x) {
        double before = 0;
        double h = 1;
        for (int k = 0; k < degree; k++) {
            double next = (x * h - Math.sqrt(k) * before) / Math.sqrt(k + 1);
            before = h;
            h = next;
        }
        return h;
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        Operand<TFloating> before = tf.math.mul(x, Numbers.like(tf, x, 0));
        Operand<TFloating> h = tf.math.add(before, Numbers.like(tf, x, 1));
        for (int k = 0; k < degree; k++) {
            Operand<TFloating> term = tf.math.sub(tf.math.mul(x, h), tf.math.mul(before, Numbers.like(tf, x, Math.sqrt(k))));
            before = h;
            h = tf.math.mul(term, Numbers.like(tf, x, 1 / Math.sqrt(k + 1)));
        }
        return h;
    }

    @Override
    public void expectations(Pairs p) {
        moments(degree, p, p.value, 1);
        if (degree == 0) {
            Arrays.fill(p.slope, 0, p.n, 0);
        } else {
            moments(degree - 1, p, p.slope, degree);
        }
    }

    @Override
    public Optional<GraphForm> graph() {
        return degree == 0
                ? Optional.empty() : Optional.of(p -> new GraphForm.Expectations(moments(degree, p, 1), moments(degree - 1, p, degree)));
    }

    private static GraphTerm moments(int n, GraphPairs p, double factor) {
        double[] coefficients = coefficients(n, factor);
        GraphTerm sum = p.q12().times(0).plus(coefficients[0]);
        for (int m = 1; m < coefficients.length; m++) {
            GraphTerm left = p.q11().plus(-1).power(m).times(coefficients[m]);
            sum = sum.times(p.q12().square()).plus(left.times(p.q22().plus(-1).power(m)));
        }
        return n % 2 == 0 ? sum : sum.times(p.q12());
    }

    /** {@code factor · n!/(4^m m!² k!)} for each m, as the formula above has them. */
    private static double[] coefficients(int n, double factor) {
        double[] coefficients = new double[n / 2 + 1];
        for (int m = 0; m <= n / 2; m++) {
            coefficients[m] = m == 0 ? factor : coefficients[m - 1] * (n - 2 * m + 2) * (n - 2 * m + 1) / (4.0 * m * m);
        }
        return coefficients;
    }

    private static void moments(int n, Pairs p, double[] result, double factor) {
        double[] coefficients = coefficients(n, factor);
        for (int i = 0; i < p.n; i++) {
            double c = p.q12[i];
            double t = (p.q11[i] - 1) * (p.q22[i] - 1);
            double power = 1;
            double sum = coefficients[0];
            for (int m = 1; m < coefficients.length; m++) {
                power *= t;
                sum = sum * (c * c) + coefficients[m] * power;
            }
            result[i] = n % 2 == 0 ? sum : sum * c;
        }
    }
}
