package org.ntk4j.infinite.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.activation.AbRelu;
import org.ntk4j.activation.Activation;
import org.ntk4j.activation.Erf;
import org.ntk4j.activation.LeakyRelu;
import org.ntk4j.activation.Relu;
import org.ntk4j.gaussian.Pairs;

/** The closed forms against plain integration of φ(u)φ(v) over the plane, and against each other. */
class PlaneIntegralTest {

    private static final int NODES = 16;
    private static final double[][] RULE = gaussLegendre(NODES);
    private static final double[] EDGES = {-9, -6, -4, -2.5, -1.6, -0.8, -0.3, -0.1, -0.03, -0.01, 0, 0.01, 0.03, 0.1, 0.3, 0.8, 1.6, 2.5,
            4, 6, 9};

    static List<Activation> activations() {
        return List.of(new Relu(), new LeakyRelu(0.01), new LeakyRelu(-0.5), new AbRelu(-1, 1), new AbRelu(0.3, -2), new AbRelu(1, 1),
                new Erf(1, 1, 0), new Erf(0.7, 1.4, 0.3), new Erf(-2, 0.2, -1));
    }

    @ParameterizedTest
    @MethodSource("activations")
    void should_agree_with_integration(Activation phi) {
        for (double[] q : new double[][] {{1, 1, 0.5}, {1, 1, -0.7}, {2.3, 0.4, 0.6}, {0.1, 5, 0}, {1, 1, 0.999}, {0.3, 0.3, -0.995},
                {30, 0.02, 0.5}}) {
            double expected = integral(phi, q[0], q[1], q[2]);
            double scale = Math.sqrt(integral(phi, q[0], q[0], 1) * integral(phi, q[1], q[1], 1));
            assertThat(value(phi, q[0], q[1], q[2])).as("%s at %s", phi, List.of(q[0], q[1], q[2]))
                    .isCloseTo(expected, within(2e-11 * scale));
        }
    }

    @ParameterizedTest
    @MethodSource("activations")
    void should_agree_with_integration_on_the_diagonal(Activation phi) {
        for (double q : new double[] {1e-3, 0.4, 1, 7}) {
            double expected = integral(phi, q, q, 1);
            assertThat(value(phi, q, q, 1)).isCloseTo(expected, within(2e-11 * expected));
        }
    }

    /** The derivative of E[φ(u)φ(v)] by the covariance of u and v is E[φ'(u)φ'(v)] (Price 1958). */
    @ParameterizedTest
    @MethodSource("activations")
    void the_slope_should_be_the_derivative_of_the_value(Activation phi) {
        for (double[] q : new double[][] {{1, 1, 0.5}, {1, 1, -0.7}, {2.3, 0.4, 0.6}, {0.1, 5, 0}, {1.7, 1.7, 0.9}, {12, 0.2, 0.5}}) {
            double h = 1e-3;
            double[] d = new double[4];
            for (int i = 1; i <= 3; i++) {
                d[i] = (value(phi, q[0], q[1], q[2] + i * h) - value(phi, q[0], q[1], q[2] - i * h)) / (2 * i * h * Math.sqrt(q[0] * q[1]));
            }
            double derivative = (15 * d[1] - 6 * d[2] + d[3]) / 10;
            double slope = pairs(phi, q[0], q[1], q[2]).slope[0];
            assertThat(slope).as("%s at %s", phi, List.of(q[0], q[1], q[2])).isCloseTo(derivative, within(1e-9 * (1 + Math.abs(slope))));
        }
    }

    /** Depends on each pair alone: not on its place in the run, nor on how long the run is. */
    @ParameterizedTest
    @MethodSource("activations")
    void should_not_depend_on_the_place_in_a_run(Activation phi) {
        Pairs run = new Pairs(257);
        run.n = 257;
        for (int i = 0; i < run.n; i++) {
            put(run, i, 1 + i % 5, 2 + i % 3, Math.cos(i));
        }
        phi.expectations(run);
        for (int i = 0; i < run.n; i++) {
            Pairs alone = pairs(phi, 1 + i % 5, 2 + i % 3, Math.cos(i));
            assertThat(run.value[i]).isEqualTo(alone.value[0]);
            assertThat(run.slope[i]).isEqualTo(alone.slope[0]);
        }
    }

    private static double value(Activation phi, double q11, double q22, double rho) {
        return pairs(phi, q11, q22, rho).value[0];
    }

    private static Pairs pairs(Activation phi, double q11, double q22, double rho) {
        Pairs p = new Pairs(1);
        p.n = 1;
        put(p, 0, q11, q22, rho);
        phi.expectations(p);
        return p;
    }

    private static void put(Pairs p, int i, double q11, double q22, double rho) {
        p.q11[i] = q11;
        p.q22[i] = q22;
        p.q12[i] = rho == 1 ? q11 : rho * Math.sqrt(q11 * q22);
        p.scale1[i] = Pairs.scale(q11);
        p.scale2[i] = Pairs.scale(q22);
    }

    /** Piecewise Gauss–Legendre in both variables, split where a kink may be: at 0. */
    private static double integral(Activation phi, double q11, double q22, double rho) {
        double s1 = Math.sqrt(q11);
        double s2 = Math.sqrt(q22);
        double rest = Math.sqrt(1 - rho * rho);
        double sum = 0;
        for (int i = 0; i + 1 < EDGES.length; i++) {
            for (int a = 0; a < NODES; a++) {
                double u = (EDGES[i] + EDGES[i + 1] + (EDGES[i + 1] - EDGES[i]) * RULE[0][a]) / 2;
                double weight = RULE[1][a] * (EDGES[i + 1] - EDGES[i]) / 2 * density(u);
                sum += weight * phi.value(s1 * u) * (rest == 0 ? phi.value(s2 * u) : inner(phi, s2 * rho * u, s2 * rest));
            }
        }
        return sum;
    }

    private static double inner(Activation phi, double mean, double deviation) {
        double kink = Math.max(-9, Math.min(9, -mean / deviation));
        double sum = 0;
        for (double[] side : new double[][] {{-9, kink}, {kink, 9}}) {
            int panels = (int) Math.ceil((side[1] - side[0]) / 1.5);
            for (int p = 0; p < panels; p++) {
                double from = side[0] + (side[1] - side[0]) * p / panels;
                double half = (side[1] - side[0]) / panels / 2;
                for (int a = 0; a < NODES; a++) {
                    double w = from + half * (1 + RULE[0][a]);
                    sum += RULE[1][a] * half * density(w) * phi.value(mean + deviation * w);
                }
            }
        }
        return sum;
    }

    private static double density(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    /** Nodes and weights on [−1, 1], the nodes by Newton's method on the Legendre polynomial. */
    private static double[][] gaussLegendre(int n) {
        double[][] rule = new double[2][n];
        for (int i = 0; i < n; i++) {
            double x = Math.cos(Math.PI * (i + 0.75) / (n + 0.5));
            double slope = 1;
            for (int it = 0; it < 50; it++) {
                double p0 = 1;
                double p1 = x;
                for (int k = 2; k <= n; k++) {
                    double p2 = ((2 * k - 1) * x * p1 - (k - 1) * p0) / k;
                    p0 = p1;
                    p1 = p2;
                }
                slope = n * (x * p1 - p0) / (x * x - 1);
                x -= p1 / slope;
            }
            rule[0][i] = x;
            rule[1][i] = 2 / ((1 - x * x) * slope * slope);
        }
        return rule;
    }
}
