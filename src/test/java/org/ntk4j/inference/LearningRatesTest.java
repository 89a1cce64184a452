package org.ntk4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ntk4j.base.Failure;
import org.ntk4j.inference.LearningRates.Loss;
import org.ntk4j.inference.LearningRates.Rule;

class LearningRatesTest {

    @ParameterizedTest
    @EnumSource(Rule.class)
    void training_is_stable_just_below_the_bound_and_not_above(Rule rule) {
        for (double m : new double[] {0, 0.5, 0.9, 0.99}) {
            double rate = LearningRates.largestStable(rule, m, Loss.MSE, 7, 5, 3);
            assertThat(residual(rule, m, 0.999 * rate * 7 / 15)).isLessThan(1e-3);
            assertThat(residual(rule, m, 1.001 * rate * 7 / 15)).isGreaterThan(1e3);
        }
    }

    @Test
    void cross_entropy_takes_2_in_place_of_the_outputs_and_batches_look_at_the_diagonal() {
        assertThat(LearningRates.largestStable(Rule.GRADIENT_DESCENT, 0, Loss.CROSS_ENTROPY, 8, 5, 10))
                .isCloseTo(4 * 5 / 8.0, within(1e-12));
        assertThat(LearningRates.largestStable(Rule.GRADIENT_DESCENT, 0, Loss.MSE, 8, 5, 10, 4)).isCloseTo(2 * 10 / 4.0, within(1e-12));
        assertThatThrownBy(() -> LearningRates.largestStable(Rule.MOMENTUM, 1, Loss.MSE, 1, 1, 1)).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> LearningRates.largestStable(Rule.MOMENTUM, 0, Loss.MSE, Double.NaN, 1, 1)).isInstanceOf(Failure.class);
    }

    private static double residual(Rule rule, double m, double a) {
        double e = 1;
        double v = 0;
        for (int i = 0; i < 30_000; i++) {
            double g = a * e;
            v = m * v + g;
            e -= rule == Rule.GRADIENT_DESCENT ? g : rule == Rule.MOMENTUM ? v : g + m * v;
            if (Math.abs(e) > 1e6) {
                break;
            }
        }
        return Math.abs(e);
    }
}
