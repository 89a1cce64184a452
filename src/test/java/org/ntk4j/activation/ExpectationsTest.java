package org.ntk4j.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Ntk;
import org.ntk4j.base.Failure;
import org.ntk4j.gaussian.Pairs;

/** Every activation against brute-force quadrature, over variances and correlations. */
class ExpectationsTest {

    private static final double[] RHOS = {0, 0.5, -0.5, 0.97, 0.999999, -0.999999, 1 - 1e-12, -1 + 1e-12, 1, -1};

    /**
     * @param derivative φ', which the program does not give
     * @param largest    the largest variance that is tried
     * @param tolerance  relative to √(E[φ(u)²] E[φ(v)²])
     */
    record Case(Activation activation, DoubleUnaryOperator derivative, double largest, double tolerance) {

        @Override
        public String toString() {
            return String.valueOf(activation);
        }
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    private static double normal(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    static List<Case> cases() {
        List<Case> c = new ArrayList<>();
        double big = 1e6;
        c.add(new Case(Ntk.relu(), x -> x > 0 ? 1 : 0, big, 1e-11));
        c.add(new Case(Ntk.leakyRelu(0.1), x -> x > 0 ? 1 : 0.1, big, 1e-11));
        c.add(new Case(Ntk.abRelu(0.5, 2), x -> x > 0 ? 2 : 0.5, big, 1e-11));
        c.add(new Case(Ntk.abs(), Math::signum, big, 1e-11));
        c.add(new Case(Ntk.erf(0.7, 1.5, 0.2), x -> 0.7 * 1.5 * 2 / Math.sqrt(Math.PI) * Math.exp(-2.25 * x * x), big, 1e-11));
        c.add(new Case(Ntk.sigmoidLike(), x -> Math.exp(-x * x / (2.4020563531719796 * 2.4020563531719796)) / 2.4020563531719796
                / Math.sqrt(Math.PI),
                big, 1e-11));
        c.add(new Case(Ntk.gelu(), x -> Ntk.gelu().value(x) / x + x * normal(x), big, 1e-11));
        c.add(new Case(Ntk.sin(1.3, 0.8, 0.4), x -> 1.3 * 0.8 * Math.cos(0.8 * x + 0.4), 6, 1e-11));
        c.add(new Case(Ntk.sin(), Math::cos, 6, 1e-11));
        c.add(new Case(Ntk.cos(0.9, 1.2, 0.3), x -> -0.9 * 1.2 * Math.sin(1.2 * x + 0.3), 6, 1e-11));
        c.add(new Case(Ntk.rbf(0.6), x -> Math.sqrt(2.4) * Math.cos(Math.sqrt(1.2) * x + Math.PI / 4), 6, 1e-11));
        c.add(new Case(Ntk.exp(0.5, 0.6), x -> 0.3 * Math.exp(0.6 * x), 5, 1e-11));
        c.add(new Case(Ntk.gaussian(1.5, -0.7), x -> -2.1 * x * Math.exp(-0.7 * x * x), big, 1e-11));
        c.add(new Case(Ntk.gaussian(0.4, 0.05), x -> 0.04 * x * Math.exp(0.05 * x * x), 1.5, 1e-11));
        c.add(new Case(Ntk.sign(), x -> 0, big, 1e-11));
        for (int degree : new int[] {0, 1, 2, 5}) {
            int n = degree;
            c.add(new Case(Ntk.monomial(n), x -> n == 0 ? 0 : n * Math.pow(x, n - 1), big, 1e-11));
            c.add(new Case(Ntk.rectifiedMonomial(n), x -> n == 0 || x < 0 ? 0 : n * Math.pow(x, n - 1), big, 1e-11));
            c.add(new Case(Ntk.hermite(n), x -> n == 0 ? 0 : Math.sqrt(n) * Ntk.hermite(n - 1).value(x), big, 1e-11));
        }
        c.add(new Case(Ntk.polynomial(0.3, 0.8, -0.2, 0.1), x -> 0.8 - 0.4 * x + 0.3 * x * x, big, 1e-11));
        c.add(new Case(Ntk.tanh(), x -> 1 / Math.cosh(x) / Math.cosh(x), big, 1e-9));
        c.add(new Case(Ntk.sigmoid(), x -> logistic(x) * logistic(-x), big, 1e-9));
        c.add(new Case(Ntk.softplus(), ExpectationsTest::logistic, big, 1e-9));
        c.add(new Case(Ntk.silu(), x -> logistic(x) * (1 + x * logistic(-x)), big, 1e-9));
        c.add(new Case(Ntk.elu(), x -> x > 0 ? 1 : Math.exp(x), big, 1e-9));
        c.add(new Case(Ntk.selu(), x -> 1.0507009873554805 * (x > 0 ? 1 : 1.6732632423543772 * Math.exp(x)), big, 1e-9));
        c.add(new Case(Ntk.mish(), x -> Math.tanh(Ntk.softplus().value(x))
                + x * logistic(x) / Math.pow(Math.cosh(Ntk.softplus().value(x)), 2),
                big, 1e-9));
        c.add(new Case(Ntk.function(Math::tanh), x -> 1 / Math.cosh(x) / Math.cosh(x), big, 1e-9));
        c.add(new Case(Ntk.function(Math::atan), x -> 1 / (1 + x * x), big, 1e-9));
        c.add(new Case(Ntk.function(x -> x > 0 ? x : 0.3 * Math.expm1(x)), x -> x > 0 ? 1 : 0.3 * Math.exp(x), big, 1e-9));
        return c;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void should_agree_with_brute_force(Case c) {
        double[][] variances = {{1e-12, 1e-12}, {1e-5, 0.3}, {1, 1}, {0.4, 5}, {28, 3}, {1e6, 1e6}};
        double worstValue = 0;
        double worstSlope = 0;
        for (double[] q : variances) {
            if (Math.max(q[0], q[1]) > c.largest) {
                continue;
            }
            Pairs p = pairs(q[0], q[1]);
            c.activation.expectations(p);
            double value = scale(c.activation::value, q);
            double slope = scale(c.derivative, q);
            for (int i = 0; i < p.n; i++) {
                assertThat(p.value[i]).as("q %s, ρ %s", q, RHOS[i]).isFinite();
                assertThat(p.slope[i]).as("slope at q %s, ρ %s", q, RHOS[i]).isFinite();
                double[] exact = Planar.expectations(q[0], q[1], p.rho[i], c.activation::value, c.derivative);
                worstValue = Math.max(worstValue, Math.abs(p.value[i] - exact[0]) / value);
                worstSlope = Math.max(worstSlope, Math.abs(p.slope[i] - exact[1]) / slope);
            }
        }
        System.out.printf("%-48s value %.1e  slope %.1e%n", c, worstValue, worstSlope);
        assertThat(worstValue).isLessThan(c.tolerance);
        assertThat(worstSlope).isLessThan(c.tolerance);
    }

    private static double scale(DoubleUnaryOperator f, double[] q) {
        double product = Math.sqrt(Planar.expectation(f, q[0], q[0], 1)) * Math.sqrt(Planar.expectation(f, q[1], q[1], 1));
        return product == 0 ? 1 : product;
    }

    private static Pairs pairs(double q1, double q2) {
        int n = RHOS.length;
        double[] q11 = new double[n];
        double[] q22 = new double[n];
        double[] q12 = new double[n];
        for (int i = 0; i < n; i++) {
            q11[i] = q1;
            q22[i] = q2;
            q12[i] = RHOS[i] * Math.sqrt(q1) * Math.sqrt(q2);
        }
        Pairs p = Pairs.of(q11, q22, q12);
        p.correlate();
        return p;
    }

    /** What is linear near 0 stays so for the tiniest variances, with the correlation's own digits. */
    @ParameterizedTest
    @MethodSource("cases")
    void should_stay_finite_and_scale_for_tiny_and_zero_variances(Case c) {
        double slopeAtZero = c.derivative.applyAsDouble(1e-9);
        boolean linear = c.activation.value(0) == 0 && Math.abs(slopeAtZero - c.derivative.applyAsDouble(-1e-9)) < 1e-8 && slopeAtZero != 0;
        for (double q : new double[] {0, 1e-300, 1e-150, 1e-16}) {
            Pairs p = pairs(q, q);
            c.activation.expectations(p);
            double zero = c.activation.value(0);
            for (int i = 0; i < p.n; i++) {
                assertThat(p.value[i]).isFinite();
                assertThat(p.slope[i]).isFinite();
                if (q == 0) {
                    assertThat(p.value[i]).isBetween(zero * zero - 1e-12, zero * zero + 1e-12);
                } else if (linear) {
                    assertThat(p.value[i] / q).isBetween(slopeAtZero * slopeAtZero * RHOS[i] - 3e-8,
                            slopeAtZero * slopeAtZero * RHOS[i] + 3e-8);
                }
            }
            Pairs mixed = pairs(0, 1);
            c.activation.expectations(mixed);
            double mean = zero == 0 ? 0 : zero * average(c.activation::value);
            for (int i = 0; i < mixed.n; i++) {
                assertThat(mixed.value[i]).isBetween(mean - 1e-9, mean + 1e-9);
            }
        }
    }

    /** E[f(u)] at variance 1, as an expectation of a product with a constant. */
    private static double average(DoubleUnaryOperator f) {
        DoubleUnaryOperator shifted = x -> f.applyAsDouble(x) + 1;
        return (Planar.expectation(shifted, 1, 1, 1) - Planar.expectation(f, 1, 1, 1) - 1) / 2;
    }

    @Test
    void should_say_where_an_expectation_is_infinite() {
        assertThatThrownBy(() -> Ntk.gaussian(1, 0.3).expectations(pairs(1, 1))).isInstanceOf(Failure.class)
                .hasMessageContaining("gaussian").hasMessageContaining("variance").hasMessageContaining("smaller");
        assertThatThrownBy(() -> Ntk.exp().expectations(pairs(1000, 1000))).isInstanceOf(Failure.class)
                .hasMessageContaining("exp").hasMessageContaining("1000").hasMessageContaining("smaller");
    }

    /** clip(x) = (x+1)₊ − (x−1)₊ − 1: given u, expectations over v have a closed form; the outer integral is brute force. */
    @Test
    void should_find_the_kinks_of_a_function_that_nothing_is_known_of() {
        Activation clip = Ntk.function(x -> Math.max(-1, Math.min(1, x)));
        for (double[] q : new double[][] {{1e-150, 1e-150}, {1e-6, 1e-6}, {1e-3, 0.2}, {0.7, 1.6}, {2, 2}, {1000, 30}}) {
            Pairs p = pairs(q[0], q[1]);
            clip.expectations(p);
            double[] one = clip(q[0], q[0], 1);
            double[] two = clip(q[1], q[1], 1);
            for (int i = 0; i < p.n; i++) {
                double[] expected = clip(q[0], q[1], p.rho[i]);
                assertThat(Math.abs(p.value[i] - expected[0]) / Math.sqrt(one[0]) / Math.sqrt(two[0])).as("value at %s, ρ %s", q, RHOS[i])
                        .isLessThan(1e-7);
                assertThat(Math.abs(p.slope[i] - expected[1]) / Math.sqrt(one[1]) / Math.sqrt(two[1])).as("slope at %s, ρ %s", q, RHOS[i])
                        .isLessThan(1e-7);
            }
        }
        assertThat(clip.notes()).singleElement().asString().contains("function: by quadrature");
    }

    private static double[] clip(double q11, double q22, double rho) {
        double s1 = Math.sqrt(q11);
        double tau = Math.sqrt(q22) * Math.sqrt((1 - rho) * (1 + rho));
        double[] sums = new double[2];
        // Panels between the kinks of u, and around where the mean of v crosses one.
        java.util.TreeSet<Double> borders = new java.util.TreeSet<>();
        for (int k = 0; k <= 400; k++) {
            borders.add(-9 + 18 * k / 400.0);
        }
        for (double kink : new double[] {-1, 1}) {
            borders.add(kink / s1);
            for (int k = -40; k <= 40; k++) {
                borders.add((kink + k / 4.0 * tau) / (rho * Math.sqrt(q22) + 1e-300));
            }
        }
        double from = -9;
        for (double to : borders.subSet(-9.0, false, 9.0, true)) {
            double middle = (from + to) / 2;
            double half = (to - from) / 2;
            for (double node : new double[] {-0.9061798459386640, -0.5384693101056831, 0, 0.5384693101056831, 0.9061798459386640}) {
                double weight = half * (node == 0 ? 0.5688888888888889 : Math.abs(node) < 0.6 ? 0.4786286704993665 : 0.2369268850561891);
                double x = middle + half * node;
                double mean = rho * Math.sqrt(q22) * x;
                sums[0] += weight * normal(x) * Math.max(-1, Math.min(1, s1 * x)) * clipped(mean, tau);
                sums[1] += weight * normal(x) * (Math.abs(s1 * x) < 1 ? 1 : 0) * inside(mean, tau);
            }
            from = to;
        }
        return sums;
    }

    private static double clipped(double mean, double tau) {
        // Where no kink is near, the formula below would cancel.
        return 1 - Math.abs(mean) > 9 * tau ? mean : ramp(mean + 1, tau) - ramp(mean - 1, tau) - 1;
    }

    private static double ramp(double mean, double tau) {
        return tau == 0 ? Math.max(0, mean) : mean * distribution(mean / tau) + tau * normal(mean / tau);
    }

    private static double inside(double mean, double tau) {
        return tau == 0 ? Math.abs(mean) < 1 ? 1 : 0 : distribution((1 - mean) / tau) - distribution((-1 - mean) / tau);
    }

    private static double distribution(double x) {
        return 0.5 * org.hipparchus.special.Erf.erfc(-x * Math.sqrt(0.5));
    }

    @Test
    void should_estimate_its_error() {
        assertThat(Ntk.tanh().notes()).singleElement().asString().contains("tanh: by quadrature").containsPattern("e-1[0-9]");
        assertThat(Ntk.relu().notes()).isEmpty();
    }
}
