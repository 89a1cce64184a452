package org.ntk4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ntk4j.base.Failure;
import org.ntk4j.inference.LearningRates.Loss;
import org.ntk4j.inference.LearningRates.Rule;
import org.ntk4j.kernel.Kernel;

class FunctionStepsTest {

    private static final int N = 9;
    private static final int K = 2;

    private final Kernel all = Kernel.of(RegressionTest.kernel(N + 3, 15, 1));
    private final Kernel train = all.block(0, N, 0, N);
    private final Kernel test = all.block(N, N + 3, 0, N);
    private final double[][] y = BruteForceTest.random(N, K, 2);
    private final double[][] f0 = BruteForceTest.random(N, K, 3);
    private final double[][] f0Test = BruteForceTest.random(3, K, 4);

    @ParameterizedTest
    @EnumSource(Rule.class)
    void on_the_squared_error_and_the_full_batch_it_is_the_closed_form(Rule rule) {
        double rate = 0.6 * LearningRates.largestStable(rule, 0.9, Loss.MSE, train.spectrum().maxEigenvalue(), N, K);
        FunctionSpace.Path path = FunctionSteps.of(train, LossGradient.mse(), rate).rule(rule, 0.9).run(f0, y, 200, 0, 7);
        UnaryOperator<Moment> by = m -> rule == Rule.MOMENTUM ? m.momentum(0.9) : rule == Rule.NESTEROV ? m.nesterov(0.9) : m;
        Moment[] moments = {by.apply(Moment.steps(200).learningRate(rate)), by.apply(Moment.steps(0).learningRate(rate)),
                by.apply(Moment.steps(7).learningRate(rate))};
        Curves curves = Dynamics.of(train).from(f0).fit(y);
        same(path.train(), curves.train(moments));
        same(path.test(test, f0Test), curves.test(test, f0Test, moments));
    }

    /** f(x) = x·θ with one column of θ for each output, trained on the examples of each step. */
    @Test
    void batches_are_those_of_a_linear_model_that_sees_them() {
        double[][] x = BruteForceTest.random(N, 4, 5);
        double[][] theta = BruteForceTest.random(4, K, 6);
        int[][] batches = {{3, 1, 8}, {0, 2}, {4, 5, 6, 7}};
        double[][] start = outputs(x, theta);
        Kernel kernel = gram(x);
        FunctionSpace.Path path = FunctionSteps.of(kernel, LossGradient.crossEntropy(), 0.3).rule(Rule.MOMENTUM, 0.5)
                .batches(step -> batches[step % 3]).run(start, classes(), 11);
        double[][] velocity = new double[4][K];
        for (int step = 0; step < 11; step++) {
            int[] batch = batches[step % 3];
            double[][] f = outputs(x, theta);
            double[][] own = new double[batch.length][];
            double[][] targets = new double[batch.length][];
            for (int i = 0; i < batch.length; i++) {
                own[i] = f[batch[i]];
                targets[i] = classes()[batch[i]];
            }
            double[][] gradient = LossGradient.crossEntropy().at(own, targets);
            for (int p = 0; p < 4; p++) {
                for (int c = 0; c < K; c++) {
                    double g = 0;
                    for (int i = 0; i < batch.length; i++) {
                        g += x[batch[i]][p] * gradient[i][c];
                    }
                    velocity[p][c] = 0.5 * velocity[p][c] + g;
                    theta[p][c] -= 0.3 * velocity[p][c];
                }
            }
        }
        same(path.train(), new double[][][] {outputs(x, theta)});
    }

    @Test
    void all_outputs_with_all_outputs_without_blocks_between_them_is_the_shared_kernel() {
        double[][] full = new double[N * K][N * K];
        for (int i = 0; i < N * K; i++) {
            for (int j = 0; j < N * K; j++) {
                full[i][j] = i % K == j % K ? train.get(i / K, j / K) : 0;
            }
        }
        same(FunctionSteps.of(Kernel.of(full), LossGradient.crossEntropy(), 0.1).run(f0, classes(), 3, 40).train(),
                FunctionSteps.of(train, LossGradient.crossEntropy(), 0.1).run(f0, classes(), 3, 40).train());
        same(FunctionSpace.of(Kernel.of(full), LossGradient.crossEntropy()).solve(f0, classes(), 2.5).train(),
                FunctionSpace.of(train, LossGradient.crossEntropy()).solve(f0, classes(), 2.5).train());
    }

    @Test
    void small_steps_come_to_the_ordinary_differential_equation() {
        double[][][] flow = FunctionSpace.of(train, LossGradient.crossEntropy()).withLearningRate(1e-4).solve(f0, classes(), 20000).train();
        double[][][] steps = FunctionSteps.of(train, LossGradient.crossEntropy(), 1e-4).run(f0, classes(), 20000).train();
        for (int i = 0; i < N; i++) {
            assertThat(steps[0][i]).containsExactly(flow[0][i], within(1e-3));
        }
    }

    @Test
    void divergence_and_shapes_are_named() {
        assertThatThrownBy(() -> FunctionSteps.of(train, LossGradient.mse(), 1e6).run(f0, y, 400)).isInstanceOf(Failure.class)
                .hasMessageContaining("diverged");
        assertThatThrownBy(() -> FunctionSteps.of(train, LossGradient.mse(), 1).run(f0, BruteForceTest.random(4, K, 1), 1))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("4 rows");
        assertThatThrownBy(() -> FunctionSteps.of(train, LossGradient.mse(), 0)).isInstanceOf(Failure.class);
    }

    private static double[][] classes() {
        double[][] rows = new double[N][K];
        for (int i = 0; i < N; i++) {
            rows[i][i % K] = 1;
        }
        return rows;
    }

    private static double[][] outputs(double[][] x, double[][] theta) {
        double[][] f = new double[x.length][K];
        for (int i = 0; i < x.length; i++) {
            for (int p = 0; p < theta.length; p++) {
                for (int c = 0; c < K; c++) {
                    f[i][c] += x[i][p] * theta[p][c];
                }
            }
        }
        return f;
    }

    private static Kernel gram(double[][] x) {
        double[][] k = new double[x.length][x.length];
        for (int i = 0; i < x.length; i++) {
            for (int j = 0; j < x.length; j++) {
                for (int p = 0; p < x[i].length; p++) {
                    k[i][j] += x[i][p] * x[j][p];
                }
            }
        }
        return Kernel.of(k);
    }

    private static void same(double[][][] actual, double[][][] expected) {
        for (int t = 0; t < expected.length; t++) {
            for (int i = 0; i < expected[t].length; i++) {
                assertThat(actual[t][i]).containsExactly(expected[t][i], within(1e-9));
            }
        }
    }
}
