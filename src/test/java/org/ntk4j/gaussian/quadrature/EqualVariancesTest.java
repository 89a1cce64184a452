package org.ntk4j.gaussian.quadrature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.ntk4j.gaussian.Pairs;

/** Values read off the table next to the quadrature that it is made of. */
class EqualVariancesTest {

    @Test
    void should_agree_with_the_quadrature_at_every_correlation() {
        agree(Math::tanh, x -> 1 / Math.cosh(x) / Math.cosh(x), 1e-10);
        agree(x -> 1 / (1 + Math.exp(-x)), x -> Math.exp(-x) / (1 + Math.exp(-x)) / (1 + Math.exp(-x)), 1e-10);
        agree(x -> x > 0 ? x : Math.expm1(x), x -> x > 0 ? 1 : Math.exp(x), 1e-10);
        agree(x -> x > 0 ? x : 0.3 * x, x -> x > 0 ? 1 : 0.3, 1e-10);
    }

    private static void agree(DoubleUnaryOperator phi, DoubleUnaryOperator slope, double tolerance) {
        Quadrature exact = PolarQuadrature.of(phi, slope);
        Quadrature table = new EqualVariances(exact);
        Random random = new Random(1);
        for (double q : new double[] {0.01, 0.7, 1, 2.58, 40}) {
            int n = 400;
            double[] q11 = new double[n];
            double[] q22 = new double[n];
            double[] q12 = new double[n];
            for (int i = 0; i < n; i++) {
                q11[i] = q;
                q22[i] = i % 7 == 0 ? 1.3 * q : q * (1 + 1e-15);
                double rho = i == 0 ? 1 : i == 1 ? -1 : i < 100 ? 1 - Math.pow(10, -12 * random.nextDouble()) : i < 150
                        ? -1 + Math.pow(10, -12 * random.nextDouble()) : 2 * random.nextDouble() - 1;
                q12[i] = rho * Math.sqrt(q11[i] * q22[i]);
            }
            Pairs a = Pairs.of(q11, q22, q12);
            Pairs b = Pairs.of(q11, q22, q12);
            exact.expectations(a);
            table.expectations(b);
            double scale = a.value[0];
            for (int i = 0; i < n; i++) {
                assertThat(b.value[i]).as("q %g, rho %.12g", q, q12[i] / q)
                        .isCloseTo(a.value[i], within(tolerance * Math.max(scale, Math.abs(a.value[0]))));
                assertThat(b.slope[i]).as("q %g, rho %.12g", q, q12[i] / q).isCloseTo(a.slope[i], within(tolerance * a.slope[0]));
            }
        }
    }
}
