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
 * {@code monomial}: φ(x) = x^degree. By Isserlis' theorem {@code E[uⁿvⁿ] = Σ_m n!²/(k! m!² 4^m)·q12^k (q11 q22)^m},
 * {@code k = n − 2m}; {@code E[φ'φ']} is n² times the same of n − 1.
 *
 * @param degree 0 to 100
 */
public record Monomial(int degree) implements Activation {

    static final int HIGHEST = 100;

    public Monomial {
        if (degree < 0 || degree > HIGHEST) {
            throw Failure.input("monomial: a degree of " + degree + " is not between 0 and " + HIGHEST);
        }
    }

    public static Monomial read(Options o) {
        return new Monomial(o.requiredInteger("degree", 0, HIGHEST));
    }

    @Override
    public String name() {
        return "monomial";
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
        return Math.pow(x, degree);
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return power(tf, x, degree);
    }

    /** x to a whole power by multiplications: the op for powers has no gradient at 0 that could be trusted. */
    static Operand<TFloating> power(Ops tf, Operand<TFloating> x, int degree) {
        if (degree == 0) {
            return tf.math.add(tf.math.mul(x, Numbers.like(tf, x, 0)), Numbers.like(tf, x, 1));
        }
        Operand<TFloating> half = degree == 1 ? x : power(tf, x, degree / 2);
        Operand<TFloating> even = degree == 1 ? x : tf.math.mul(half, half);
        return degree == 1 || degree % 2 == 0 ? even : tf.math.mul(even, x);
    }

    @Override
    public void expectations(Pairs p) {
        p.correlate();
        moments(degree, p, p.value, 1);
        if (degree == 0) {
            Arrays.fill(p.slope, 0, p.n, 0);
        } else {
            moments(degree - 1, p, p.slope, (double) degree * degree);
        }
    }

    /** The coefficients of {@code factor · E[uⁿvⁿ]} as a polynomial of q12² (or ρ²), from the highest power on. */
    private static double[] coefficients(int n, double factor) {
        double highest = factor;
        for (int j = 2; j <= n; j++) {
            highest *= j;
        }
        double[] coefficients = new double[n / 2 + 1];
        for (int m = 0; m <= n / 2; m++) {
            coefficients[m] = m == 0 ? highest : coefficients[m - 1] * (n - 2 * m + 2) * (n - 2 * m + 1) / (4.0 * m * m);
        }
        return coefficients;
    }

    /** {@code factor · E[uⁿvⁿ]}, as {@code √(q11 q22)ⁿ} times a polynomial of ρ. */
    private static void moments(int n, Pairs p, double[] result, double factor) {
        double[] coefficients = coefficients(n, factor);
        for (int i = 0; i < p.n; i++) {
            double square = p.rho[i] * p.rho[i];
            double sum = coefficients[0];
            for (int m = 1; m < coefficients.length; m++) {
                sum = sum * square + coefficients[m];
            }
            result[i] = (n % 2 == 0 ? sum : sum * p.rho[i]) * Math.pow(p.amplitude[i], n);
        }
    }

    @Override
    public Optional<GraphForm> graph() {
        return degree == 0
                ? Optional.empty()
                : Optional.of(p -> new GraphForm.Expectations(moments(degree, p, 1), moments(degree - 1, p, (double) degree * degree)));
    }

    private static GraphTerm moments(int n, GraphPairs p, double factor) {
        double[] coefficients = coefficients(n, factor);
        GraphTerm sum = p.q12().times(0).plus(coefficients[0]);
        for (int m = 1; m < coefficients.length; m++) {
            sum = sum.times(p.q12().square()).plus(p.q11().times(p.q22()).power(m).times(coefficients[m]));
        }
        return n % 2 == 0 ? sum : sum.times(p.q12());
    }
}
