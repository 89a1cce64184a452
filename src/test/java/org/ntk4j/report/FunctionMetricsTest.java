package org.ntk4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.ntk4j.base.Failure;

class FunctionMetricsTest {

    private static final double[][] F = {{1, 0}, {0, 1}, {0.5, 0.5}, {-2, -3}};
    private static final double[][] G = {{0, 1}, {0, 1}, {1, 0}, {0, 5}};
    private static final int[] LABELS = {0, 1, 0, 1};

    @Test
    void accuracy_and_its_interval() {
        assertThat(FunctionMetrics.accuracy(F, LABELS)).isEqualTo(0.75);
        double[][] right = new double[100][];
        int[] labels = new int[100];
        for (int i = 0; i < 100; i++) {
            right[i] = new double[] {1, 0};
            labels[i] = i < 93 ? 0 : 1;
        }
        assertThat(FunctionMetrics.accuracyLow(right, labels)).isCloseTo(0.8625, within(1e-4));
        assertThat(FunctionMetrics.accuracyHigh(right, labels)).isCloseTo(0.9657, within(1e-4));
        assertThat(FunctionMetrics.accuracyHigh(right, new int[100])).isEqualTo(1);
        assertThat(FunctionMetrics.accuracy(new double[][] {{0.2}, {-0.2}}, new int[] {1, 0})).isEqualTo(1);
    }

    @Test
    void errors_are_means_over_inputs_and_outputs() {
        assertThat(FunctionMetrics.mse(F, G)).isCloseTo((1 + 1 + 0.25 + 0.25 + 4 + 64) / 8, within(1e-15));
        assertThat(FunctionMetrics.rmse(F, G)).isCloseTo(Math.sqrt(70.5 / 8), within(1e-15));
        assertThat(FunctionMetrics.agreement(F, G)).isEqualTo(0.5);
    }

    @Test
    void correlation_is_empty_for_a_constant_function() {
        assertThat(FunctionMetrics.correlation(F, F).getAsDouble()).isCloseTo(1, within(1e-15));
        assertThat(FunctionMetrics.correlation(new double[][] {{1, 2}, {3, 5}}, new double[][] {{-1, -2}, {-3, -5}}).getAsDouble())
                .isCloseTo(-1, within(1e-15));
        assertThat(FunctionMetrics.correlation(new double[][] {{0.1}, {0.1}, {0.1}}, new double[][] {{1}, {2}, {3}})).isEmpty();
    }

    @Test
    void mcnemar_is_the_exact_binomial() {
        double[][] a = new double[12][];
        double[][] b = new double[12][];
        for (int i = 0; i < 12; i++) {
            a[i] = i < 9 ? new double[] {1, 0} : new double[] {0, 1};
            b[i] = i < 9 ? new double[] {0, 1} : new double[] {1, 0};
        }
        // 9 against 3 of 12: 2·(1 + 12 + 66 + 220)/4096.
        assertThat(FunctionMetrics.mcnemar(a, b, new int[12])).isCloseTo(598 / 4096.0, within(1e-12));
        assertThat(FunctionMetrics.mcnemar(a, a, new int[12])).isEqualTo(1);
    }

    @Test
    void mistakes_are_named() {
        assertThatThrownBy(() -> FunctionMetrics.accuracy(F, new int[3])).isInstanceOf(Failure.class).hasMessageContaining("3 labels");
        assertThatThrownBy(() -> FunctionMetrics.mse(F, new double[][] {{1}})).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> FunctionMetrics.mse(new double[0][], new double[0][])).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> FunctionMetrics.rmse(new double[][] {{Double.NaN}}, new double[][] {{1}})).isInstanceOf(Failure.class)
                .hasMessageContaining("NaN");
    }
}
