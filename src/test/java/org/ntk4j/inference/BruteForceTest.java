package org.ntk4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ntk4j.inference.LearningRates.Loss;
import org.ntk4j.inference.LearningRates.Rule;
import org.ntk4j.kernel.Kernel;

/** A linear model trained step by step against the closed form. */
class BruteForceTest {

    private static final int N = 14;
    private static final int M = 5;
    private static final int K = 3;
    private static final double DECAY = 0.9;

    private final double[][] features = random(N + M, 20, 1);
    private final double[][] start = random(20, K, 2);
    private final double[][] y = random(N, K, 3);
    private final Kernel train = kernel(N);
    private final Kernel test = kernel(N + M).block(N, N + M, 0, N);

    @ParameterizedTest
    @EnumSource(Rule.class)
    void five_hundred_steps_of_gradient_descent_equal_the_closed_form(Rule rule) {
        double rate = 0.7 * LearningRates.largestStable(rule, DECAY, Loss.MSE, train.spectrum().maxEigenvalue(), N, K);
        for (double ridge : new double[] {0, 0.3}) {
            for (int steps : new int[] {0, 1, 2, 7, 500}) {
                double[][] f = trained(rule, rate, steps, ridge);
                double[][] f0 = outputs(start);
                Fit fit = Regression.of(train).absoluteRidge(ridge).offset(rows(f0, 0, N)).fit(y)
                        .at(moment(rule).apply(Moment.steps(steps).learningRate(rate)));
                same(fit.train(), rows(f, 0, N));
                same(fit.predict(test, rows(f0, N, N + M)), rows(f, N, N + M));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void curves_agree_with_regression_where_there_is_no_ridge(Rule rule) {
        Moment[] moments = {Moment.steps(0), Moment.steps(3), Moment.steps(100), Moment.infinity()};
        for (int t = 0; t < moments.length; t++) {
            moments[t] = moment(rule).apply(moments[t]);
        }
        Curves curves = Dynamics.of(train).fit(y);
        for (int t = 0; t < moments.length; t++) {
            Fit fit = Regression.of(train).fit(y).at(moments[t]);
            same(curves.train(moments)[t], fit.train());
            same(curves.test(test, null, moments)[t], fit.predict(test));
        }
    }

    private static UnaryOperator<Moment> moment(Rule rule) {
        return switch (rule) {
            case GRADIENT_DESCENT -> m -> m;
            case MOMENTUM -> m -> m.momentum(DECAY);
            case NESTEROV -> m -> m.nesterov(DECAY);
        };
    }

    /** The loss is 1/(2Nk)·(‖f − y‖² + ridge·‖θ − θ_0‖²). */
    private double[][] trained(Rule rule, double rate, int steps, double ridge) {
        double[][] theta = rows(start, 0, start.length);
        double[][] velocity = new double[theta.length][K];
        for (int step = 0; step < steps; step++) {
            double[][] f = outputs(theta);
            for (int p = 0; p < theta.length; p++) {
                for (int c = 0; c < K; c++) {
                    double g = ridge * (theta[p][c] - start[p][c]);
                    for (int i = 0; i < N; i++) {
                        g += features[i][p] * (f[i][c] - y[i][c]);
                    }
                    g /= N * K;
                    velocity[p][c] = DECAY * velocity[p][c] + g;
                    theta[p][c] -= rate * switch (rule) {
                        case GRADIENT_DESCENT -> g;
                        case MOMENTUM -> velocity[p][c];
                        case NESTEROV -> g + DECAY * velocity[p][c];
                    };
                }
            }
        }
        return outputs(theta);
    }

    private double[][] outputs(double[][] theta) {
        double[][] f = new double[N + M][K];
        for (int i = 0; i < N + M; i++) {
            for (int p = 0; p < theta.length; p++) {
                for (int c = 0; c < K; c++) {
                    f[i][c] += features[i][p] * theta[p][c];
                }
            }
        }
        return f;
    }

    private Kernel kernel(int n) {
        double[][] k = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int p = 0; p < features[i].length; p++) {
                    k[i][j] += features[i][p] * features[j][p];
                }
            }
        }
        return Kernel.of(k);
    }

    static double[][] random(int rows, int columns, long seed) {
        Random random = new Random(seed);
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            for (int c = 0; c < columns; c++) {
                row[c] = random.nextGaussian();
            }
        }
        return values;
    }

    private static double[][] rows(double[][] values, int from, int to) {
        double[][] part = new double[to - from][];
        for (int i = from; i < to; i++) {
            part[i - from] = values[i].clone();
        }
        return part;
    }

    private static void same(double[][] actual, double[][] expected) {
        assertThat(actual.length).isEqualTo(expected.length);
        for (int i = 0; i < expected.length; i++) {
            for (int c = 0; c < expected[i].length; c++) {
                assertThat(actual[i][c]).isCloseTo(expected[i][c], within(1e-8));
            }
        }
    }
}
