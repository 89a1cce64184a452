package org.ntk4j.gaussian.quadrature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.hipparchus.special.Erf;
import org.junit.jupiter.api.Test;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.gaussian.Series;

/** A pair leaves out the sections of a series that its correlation does not need. */
class SeriesSectionsTest {

    private static final double TOLERANCE = 1e-7;
    private static final List<Double> VARIANCES = List.of(1e-8, 0.02, 0.3, 1.0, 2.3, 7.0, 40.0);
    private static final Map<String, DoubleUnaryOperator> FUNCTIONS = Map.of("odd", Math::tanh, "even", x -> Math.exp(-x * x / 3) - 0.2,
            "neither", x -> x / (1 + Math.exp(-x)));

    private static final Quadrature NONE = new Quadrature() {
        @Override
        public void expectations(Pairs pairs) {
        }

        @Override
        public double error() {
            return 0;
        }
    };

    @Test
    void heads_stand_apart_by_what_a_section_holds() {
        int[] lengths = {4, 4, 4, 4, 8, 8, 16, 16, 32, 32, 64, 64};
        for (int s = 0; s < lengths.length; s++) {
            assertThat(Series.head(s + 1) - Series.head(s)).isEqualTo(lengths[s] + 1);
        }
    }

    @Test
    void what_is_left_out_does_not_count() {
        FUNCTIONS.forEach((name, phi) -> {
            HermiteSeries series = HermiteSeries.of(phi, TOLERANCE, NONE).orElseThrow();
            double[] one = new double[Series.head(16)];
            double[] two = new double[Series.head(16)];
            int skipped = 0;
            for (double q1 : VARIANCES) {
                for (double q2 : VARIANCES) {
                    int count = Math.min(series.write(q1, one), series.write(q2, two));
                    for (double rho : new double[] {0, 0.01, 0.1, 0.3, 0.6, 0.9, 0.96, 0.999, 1}) {
                        if (rho <= Math.min(series.limit(q1), series.limit(q2))) {
                            skipped += check(name + " at " + q1 + ", " + q2 + ", " + rho, series.powers(), one, two, count, rho);
                        }
                    }
                }
            }
            assertThat(skipped).as(name).isPositive();
        });
    }

    /** Against the closed form of an error function, which at such deviations is nearly a step. */
    @Test
    void should_keep_ten_digits_at_large_variances() {
        HermiteSeries series = HermiteSeries.of(Erf::erf, TOLERANCE, NONE).orElseThrow();
        for (double q : new double[] {100, 200, 500, 900}) {
            for (double rho : new double[] {0.1, 0.5, 0.9, 0.96}) {
                assertThat(series.limit(q)).isGreaterThan(rho);
                Pairs p = new Pairs(1);
                p.n = 1;
                p.q11[0] = q;
                p.q22[0] = q;
                p.q12[0] = rho * q;
                p.rho[0] = rho;
                series.expectations(p);
                double root = Math.sqrt((1 + 2 * q) * (1 + 2 * q) - 4 * rho * rho * q * q);
                assertThat(p.value[0]).as("%s, %s", q, rho).isCloseTo(2 / Math.PI * Math.asin(2 * rho * q / (1 + 2 * q)), within(1e-10));
                assertThat(p.slope[0]).as("%s, %s", q, rho).isCloseTo(4 / Math.PI / root, within(1e-10));
            }
        }
    }

    /** How many values are left out. */
    private static int check(String what, Series.Powers powers, double[] one, double[] two, int count, double rho) {
        int begun = 0;
        while (Series.head(begun + 1) < count && rho * Math.max(one[Series.head(begun + 1)], two[Series.head(begun + 1)]) > 1) {
            begun++;
        }
        double whole1 = 0;
        double whole2 = 0;
        double left = 0;
        int n = powers.first();
        for (int s = 0; Series.head(s) < count; s++) {
            for (int m = Series.head(s) + 1; m < Math.min(count, Series.head(s + 1)); m++) {
                whole1 += (n + 1) * one[m] * one[m];
                whole2 += (n + 1) * two[m] * two[m];
                left += s > begun ? (n + 1) * Math.abs(one[m] * two[m]) * Math.pow(rho, n) : 0;
                n += powers.step();
            }
        }
        assertThat(left).as(what).isCloseTo(0, within(2 * TOLERANCE * TOLERANCE * Math.sqrt(whole1 * whole2)));
        return Math.max(0, count - Series.head(begun + 1));
    }
}
