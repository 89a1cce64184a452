package org.ntk4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.ntk4j.base.Failure;
import org.ntk4j.kernel.Kernel;

class FunctionSpaceTest {

    @Test
    void on_the_squared_error_it_is_gradient_flow_at_times_in_any_order() {
        Kernel kernel = Kernel.of(RegressionTest.kernel(9, 12, 1));
        double[][] y = BruteForceTest.random(9, 2, 2);
        double[][] f0 = BruteForceTest.random(9, 2, 3);
        double[] steps = {100, 0, 7.5, 7.5};
        double[][][] solved = FunctionSpace.of(kernel, LossGradient.mse()).withLearningRate(0.2).solve(f0, y, steps).train();
        double[][][] closed = Dynamics.of(kernel).from(f0).fit(y).train(Moment.flows(20, 0, 1.5, 1.5));
        for (int t = 0; t < steps.length; t++) {
            for (int i = 0; i < 9; i++) {
                assertThat(solved[t][i]).containsExactly(closed[t][i], within(1e-8));
            }
        }
    }

    @Test
    void a_zero_kernel_stays_where_it_is() {
        double[][] f0 = {{1, 2}};
        double[][][] f = FunctionSpace.of(Kernel.of(new double[1][1]), LossGradient.crossEntropy()).withMomentum(0.9)
                .solve(f0, new double[][] {{1, 0}}, 10).train();
        assertThat(f[0][0]).containsExactly(1, 2);
    }

    @Test
    void mistakes_are_named() {
        FunctionSpace flow = FunctionSpace.of(Kernel.of(new double[][] {{1}}), LossGradient.mse());
        double[][] one = {{1}};
        assertThatThrownBy(() -> flow.solve(one, one, Double.POSITIVE_INFINITY)).isInstanceOf(Failure.class).hasMessageContaining("finite");
        assertThatThrownBy(() -> flow.solve(one, one, -1)).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> flow.withLearningRate(0)).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> flow.withMomentum(1)).isInstanceOf(Failure.class);
    }
}
