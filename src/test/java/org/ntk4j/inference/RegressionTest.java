package org.ntk4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ntk4j.base.Auto.auto;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.kernel.Vectors;

class RegressionTest {

    private static final double[][] Y = {{1}, {-1}};

    @Test
    void one_input_is_enough() {
        Fit fit = Regression.of(Kernel.of(new double[][] {{4}})).fit(new double[][] {{2, -6}});
        assertThat(fit.predict(Kernel.of("test", 2, 1, new double[] {2, 0}))).isDeepEqualTo(new double[][] {{1, -3}, {0, 0}});
        assertThat(fit.at(Moment.flow(0)).train()).isDeepEqualTo(new double[][] {{0, 0}});
        assertThat(Regression.of(Kernel.of(new double[][] {{4}})).ridge(auto()).fit(new double[][] {{2}}).train()[0][0])
                .isCloseTo(2, within(1e-8));
    }

    @Test
    void no_test_input_gives_no_prediction() {
        assertThat(Regression.of(Kernel.of(new double[][] {{4}})).fit(new double[][] {{2}}).predict(Kernel.of("test", 0, 1, new double[0])))
                .hasNumberOfRows(0);
    }

    @Test
    void an_empty_kernel_is_refused() {
        assertThatThrownBy(() -> Regression.of(Kernel.of(new double[0][]))).isInstanceOf(Failure.class)
                .hasMessageContaining("at least one");
    }

    @Test
    void a_zero_kernel_predicts_zero_at_every_moment() {
        Regression regression = Regression.of(Kernel.of(new double[2][2]));
        for (Regression r : new Regression[] {regression, regression.ridge(0.1), regression.ridge(auto())}) {
            for (Moment moment : new Moment[] {Moment.infinity(), Moment.flow(3), Moment.steps(5), Moment.steps(5).momentum(0.9)}) {
                assertThat(r.fit(Y).at(moment).train()).isDeepEqualTo(new double[2][1]);
            }
        }
        assertThat(regression.fit(Y).diagnosis().dropped()).isEqualTo(2);
        assertThat(regression.fit(Y).looError()).isCloseTo(1, within(1e-12));
        assertThat(regression.fit(Y).kare()).isCloseTo(1, within(1e-12));
    }

    @Test
    void repeated_inputs_with_different_targets_are_averaged_and_named() {
        Fit fit = Regression.of(Kernel.of(new double[][] {{2, 2, 1}, {2, 2, 1}, {1, 1, 3}})).fit(new double[][] {{1}, {3}, {5}});
        assertThat(fit.train()[0][0]).isCloseTo(2, within(1e-12));
        assertThat(fit.train()[1][0]).isCloseTo(2, within(1e-12));
        assertThat(fit.train()[2][0]).isCloseTo(5, within(1e-12));
        assertThat(fit.diagnosis().duplicates()).containsExactly(new Diagnosis.Duplicate(0, 1));
        assertThat(fit.diagnosis().dropped()).isEqualTo(1);
        assertThat(fit.diagnosis().advice()).contains("1 repeats 0");
    }

    @Test
    void an_indefinite_kernel_is_used_without_its_negative_part_and_said_to_be_so() {
        Kernel indefinite = Kernel.of(new double[][] {{1, 0, 0}, {0, 0, 0.1}, {0, 0.1, 0}});
        Fit fit = Regression.of(indefinite).fit(new double[][] {{1}, {1}, {-1}});
        assertThat(fit.diagnosis().positiveSemidefinite()).isFalse();
        assertThat(fit.diagnosis().advice()).contains("not positive semidefinite");
        assertThat(fit.train()[0][0]).isCloseTo(1, within(1e-12));
        assertThat(fit.train()[1][0]).isCloseTo(0, within(1e-12));
        assertThat(fit.at(Moment.steps(1e9)).train()[1][0]).isCloseTo(0, within(1e-12));
    }

    @Test
    void a_ridge_is_relative_to_the_mean_diagonal() {
        Kernel k = Kernel.of(new double[][] {{1, 0}, {0, 3}});
        assertThat(Regression.of(k).ridge(0.5).fit(Y).ridge()).isEqualTo(1);
        assertThat(Regression.of(k).ridge(0.5).fit(Y).train()).isDeepEqualTo(new double[][] {{0.5}, {-0.75}});
        assertThat(Regression.of(k).absoluteRidge(1).fit(Y).train()).isDeepEqualTo(new double[][] {{0.5}, {-0.75}});
        assertThat(Regression.of(k).ridge(0.5).fit(Y).diagnosis().effectiveDegreesOfFreedom()).isCloseTo(1.25, within(1e-12));
    }

    @Test
    void the_closed_form_of_leave_one_out_is_that_of_leaving_each_out() {
        double[][] k = kernel(12, 4, 5);
        double[][] y = BruteForceTest.random(12, 2, 6);
        double sum = 0;
        for (int left = 0; left < 12; left++) {
            double[][] rest = new double[11][11];
            double[][] test = new double[1][11];
            double[][] targets = new double[11][];
            for (int i = 0; i < 11; i++) {
                for (int j = 0; j < 11; j++) {
                    rest[i][j] = k[i + (i < left ? 0 : 1)][j + (j < left ? 0 : 1)];
                }
                test[0][i] = k[left][i + (i < left ? 0 : 1)];
                targets[i] = y[i + (i < left ? 0 : 1)];
            }
            double[] f = Regression.of(Kernel.of(rest)).absoluteRidge(0.2).fit(targets).predict(Kernel.of("test", 1, 11, test[0]))[0];
            sum += Math.pow(f[0] - y[left][0], 2) + Math.pow(f[1] - y[left][1], 2);
        }
        assertThat(Regression.of(Kernel.of(k)).absoluteRidge(0.2).fit(y).looError()).isCloseTo(sum / 24, within(1e-10));
    }

    @Test
    void an_automatic_ridge_is_the_best_of_the_path() {
        double[][] k = kernel(40, 8, 7);
        double[][] y = BruteForceTest.random(40, 1, 8);
        Regression regression = Regression.of(Kernel.of(k));
        Fit auto = regression.ridge(auto()).fit(y);
        assertThat(auto.ridgePath().points()).hasSize(49).allSatisfy(p -> {
            assertThat(p.looError()).isGreaterThanOrEqualTo(auto.looError() * (1 - 1e-8));
            assertThat(p.kare()).isPositive();
        });
        Fit likely = regression.ridge(Ridge.marginalLikelihood()).fit(y);
        double best = likely.ridgePath(likely.ridge() / Kernel.of(k).trace() * 40).points().get(0).logMarginalLikelihood();
        assertThat(likely.ridgePath().points()).allSatisfy(p -> assertThat(p.logMarginalLikelihood()).isLessThanOrEqualTo(best + 1e-6));
        assertThat(auto.diagnosis().choice()).isEqualTo(Ridge.leaveOneOut());
    }

    @Test
    void the_ridge_path_is_a_table_with_a_file(@TempDir Path folder) throws IOException {
        RidgePath path = Regression.of(Kernel.of(kernel(20, 30, 5))).fit(BruteForceTest.random(20, 2, 6)).ridgePath(1e-3, 1e-1)
                .save(folder.resolve("a/path.csv"));
        assertThat(Files.readAllLines(folder.resolve("a/path.csv"))).hasSize(3).first()
                .isEqualTo("relative,absolute,looError,logMarginalLikelihood,kare,effectiveDimension");
        assertThat(path.toString().lines()).hasSize(3);
    }

    @Test
    void kare_is_the_formula_of_the_paper() {
        double[][] k = {{2, 1}, {1, 2}};
        // λ = 3 and 1 along (1, 1)/√2 and (1, −1)/√2; y has its energy 2 in the second; r = 1.
        assertThat(Regression.of(Kernel.of(k)).absoluteRidge(1).fit(Y).kare())
                .isCloseTo(2 * (2 / 4.0) / Math.pow(1 / 4.0 + 1 / 2.0, 2), within(1e-12));
    }

    @Test
    void steps_of_a_fraction_have_a_value_while_the_factors_are_positive() {
        Fit fit = Regression.of(Kernel.of(new double[][] {{1, 0}, {0, 1}})).fit(Y);
        assertThat(fit.at(Moment.steps(0.5).learningRate(1)).train()[0][0]).isCloseTo(1 - Math.sqrt(0.5), within(1e-12));
        assertThat(fit.at(Moment.steps(0.5)).train()[0][0]).isCloseTo(1, within(1e-12));
        assertThatThrownBy(() -> fit.at(Moment.steps(0.5).learningRate(3)).train()).isInstanceOf(Failure.class)
                .hasMessageContaining("whole");
        assertThatThrownBy(() -> Moment.steps(0.5).momentum(0.9)).isInstanceOf(Failure.class).hasMessageContaining("whole");
    }

    @Test
    void divergence_names_the_largest_stable_rate() {
        Fit fit = Regression.of(Kernel.of(new double[][] {{1, 0}, {0, 1}})).fit(Y);
        assertThat(fit.at(Moment.steps(2).learningRate(5)).train()[0][0]).isCloseTo(1 - 2.25, within(1e-12));
        assertThatThrownBy(() -> fit.at(Moment.steps(1e6).learningRate(5)).train()).isInstanceOf(Failure.class)
                .hasMessageContaining("rate is 4.0");
        assertThatThrownBy(() -> fit.at(Moment.steps(1e6).learningRate(9).momentum(0.9)).train()).isInstanceOf(Failure.class)
                .hasMessageContaining("7.6");
    }

    @Test
    void mistakes_are_named() {
        Regression regression = Regression.of(Kernel.of(new double[][] {{1, 0}, {0, 1}}));
        assertThatThrownBy(() -> Regression.of(Kernel.of("k", 1, 2, new double[2]))).isInstanceOf(Failure.class)
                .hasMessageContaining("1 × 2");
        assertThatThrownBy(() -> Regression.of(Kernel.of("k", 2, 2, new double[] {1, 0, 0.5, 1}))).hasMessageContaining("symmetric");
        assertThatThrownBy(() -> regression.fit(new double[][] {{1}})).hasMessageContaining("1 rows for 2 inputs");
        assertThatThrownBy(() -> regression.fit(new double[][] {{1}, {1, 2}})).hasMessageContaining("row 1");
        assertThatThrownBy(() -> regression.fit(new double[][] {{1}, {Double.NaN}})).hasMessageContaining("row 1, column 0 is NaN");
        assertThatThrownBy(() -> regression.fit(new double[2][0])).hasMessageContaining("no value");
        assertThatThrownBy(() -> regression.ridge(-1)).hasMessageContaining("-1");
        assertThatThrownBy(() -> regression.ridge(Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> regression.fit(Y).predict(Kernel.of("k", 1, 3, new double[3]))).hasMessageContaining("1 × 3");
        assertThatThrownBy(() -> regression.offset(Y).fit(Y).predict(Kernel.of("k", 1, 2, new double[2]))).hasMessageContaining("offset");
        assertThatThrownBy(() -> Moment.steps(-1)).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> Moment.steps(Double.NaN)).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> Moment.flow(1).learningRate(1)).isInstanceOf(Failure.class);
    }

    @Test
    void cholesky_and_eigendecomposition_agree() {
        double[][] k = kernel(60, 80, 9);
        double[][] y = BruteForceTest.random(60, 3, 10);
        TrainKernel kernel = TrainKernel.of(Kernel.of(k));
        for (double ridge : new double[] {0, 2}) {
            Problem problem = new Problem(kernel, 3, OutputRows.flat("y", y, 60, 3), null, Ridge.absolute(ridge), ridge, Math.ulp(1.0));
            RegressionWeights fast = RegressionWeights.factored(problem).orElseThrow();
            RegressionWeights full = RegressionWeights.spectral(problem, Moment.infinity());
            assertThat(fast.values()).containsExactly(full.values(), within(1e-11 * Vectors.norm(full.values())));
            assertThat(fast.smallest()).isCloseTo(full.smallest(), within(0.1 * full.largest()));
            assertThat(fast.degrees()).isCloseTo(full.degrees(), within(0.05 * full.degrees()));
            assertThat(fast.exact()).isFalse();
        }
        TrainKernel singular = TrainKernel.of(Kernel.of(kernel(60, 20, 11)));
        assertThat(RegressionWeights.factored(new Problem(singular, 3, OutputRows.flat("y", y, 60, 3), null, Ridge.absolute(0), 0,
                Math.ulp(1.0)))).isEmpty();
    }

    @Test
    void never_a_nan_whatever_the_condition_number() {
        Random random = new Random(12);
        for (int trial = 0; trial < 150; trial++) {
            int n = 1 + random.nextInt(20);
            double[] values = illConditioned(n, random.nextDouble() * 16, Math.pow(10, random.nextInt(200) - 100), random);
            if (n > 2 && trial % 3 == 0) {
                repeat(values, n, 0, n - 1);
            }
            Kernel kernel = Kernel.symmetric("random", n, values);
            double[][] y = BruteForceTest.random(n, 2, trial);
            Regression regression = Regression.of(kernel);
            for (Regression r : new Regression[] {regression, regression.ridge(1e-3), regression.ridge(auto()),
                    regression.ridge(Ridge.marginalLikelihood())}) {
                Fit fit = r.fit(y);
                for (Moment moment : new Moment[] {Moment.infinity(), Moment.steps(0), Moment.steps(17), Moment.steps(1e12),
                        Moment.steps(1000).momentum(0.9), Moment.steps(1e9).nesterov(0.9), Moment.flow(1e-3), Moment.flow(1e200)}) {
                    double[][] f = fit.at(moment).train();
                    assertThat(size(f)).as("%s %s %s", fit, moment, fit.diagnosis()).isLessThan(3 * size(y));
                }
                Diagnosis d = fit.diagnosis();
                assertThat(fit.looError()).isFinite();
                assertThat(fit.kare()).isFinite();
                assertThat(d.effectiveDegreesOfFreedom()).isBetween(0.0, n + 1e-6);
                assertThat(d.residual()).isBetween(0.0, d.dropped() > 0 ? 1 + 1e-6 : 1e-13 * n * d.conditionNumber() + 1e-12);
                assertThat(d.toString()).doesNotContain("NaN");
            }
            assertThat(kernel.toString()).doesNotContain("NaN");
        }
    }

    private static double[] illConditioned(int n, double decades, double scale, Random random) {
        double[] symmetric = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                symmetric[i * n + j] = random.nextGaussian();
                symmetric[j * n + i] = symmetric[i * n + j];
            }
        }
        double[] q = SymmetricEigen.of(symmetric, n).vectors();
        double[] k = new double[n * n];
        for (int m = 0; m < n; m++) {
            double value = scale * Math.pow(10, -decades * m / Math.max(1, n - 1));
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    k[i * n + j] += value * q[m * n + i] * q[m * n + j];
                    k[j * n + i] = k[i * n + j];
                }
            }
        }
        return k;
    }

    private static void repeat(double[] k, int n, int from, int to) {
        for (int j = 0; j < n; j++) {
            k[to * n + j] = k[from * n + j];
        }
        for (int i = 0; i < n; i++) {
            k[i * n + to] = k[i * n + from];
        }
        k[to * n + to] = k[from * n + from];
    }

    private static double size(double[][] f) {
        double sum = 0;
        for (double[] row : f) {
            for (double value : row) {
                sum += value * value;
            }
        }
        return Math.sqrt(sum);
    }

    static double[][] kernel(int n, int features, long seed) {
        double[][] x = BruteForceTest.random(n, features, seed);
        double[][] k = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int p = 0; p < features; p++) {
                    k[i][j] += x[i][p] * x[j][p];
                }
            }
        }
        return k;
    }

    /** (K + diag(noise))⁻¹ by Gaussian elimination; two columns of targets. */
    @Test
    void each_example_may_have_noise_of_its_own() {
        Random random = new Random(4);
        int n = 7;
        double[][] a = new double[n][n + 2];
        double[][] k = new double[n][n];
        for (double[] row : a) {
            java.util.Arrays.setAll(row, i -> random.nextGaussian());
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                for (int l = 0; l < n + 2; l++) {
                    k[i][j] += a[i][l] * a[j][l] / n;
                }
            }
        }
        double[] noise = {0, 0.1, 2, 0.5, 1e-3, 30, 0.2};
        double[][] y = new double[n][2];
        for (double[] row : y) {
            java.util.Arrays.setAll(row, i -> random.nextGaussian());
        }
        double[][] solved = solve(k, noise, y);
        double[][] kTest = {{0.3, -0.2, 0.5, 0.1, 0.9, -0.4, 0.2}, k[5]};
        Fit fit = Regression.of(Kernel.of(k)).ridge(noise).fit(y);
        double[][] predicted = fit.predict(Kernel.of(kTest));
        double[][] train = fit.train();
        for (int c = 0; c < 2; c++) {
            for (int t = 0; t < 2; t++) {
                double expected = 0;
                for (int i = 0; i < n; i++) {
                    expected += kTest[t][i] * solved[i][c];
                }
                assertThat(predicted[t][c]).isCloseTo(expected, within(1e-11));
            }
            assertThat(train[5][c]).as("K w, without the noise").isCloseTo(predicted[1][c], within(1e-11));
        }
        GaussianPrediction posterior = fit.posterior().predict(Kernel.of(kTest), Kernel.of(new double[][] {{2, 0.1}, {0.1, k[5][5]}}));
        double[][] columns = new double[n][2];
        for (int i = 0; i < n; i++) {
            columns[i] = new double[] {kTest[0][i], kTest[1][i]};
        }
        double[][] inverse = solve(k, noise, columns);
        double variance = 2;
        for (int i = 0; i < n; i++) {
            variance -= kTest[0][i] * inverse[i][0];
        }
        assertThat(posterior.covariance().get(0, 0)).isCloseTo(variance, within(1e-11));
        double[] equal = new double[n];
        java.util.Arrays.fill(equal, 0.3);
        assertThat(Regression.of(Kernel.of(k)).ridge(equal).fit(y).predict(Kernel.of(kTest))[0][0])
                .isCloseTo(Regression.of(Kernel.of(k)).absoluteRidge(0.3).fit(y).predict(Kernel.of(kTest))[0][0], within(1e-12));
        assertThatThrownBy(() -> Regression.of(Kernel.of(k)).ridge(new double[] {1, 2}))
                .hasMessageContaining("2 variances of noise for 7 training inputs");
        assertThatThrownBy(() -> Regression.of(Kernel.of(k)).ridge(new double[] {1, 2, 3, 4, 5, 6, -1}))
                .hasMessageContaining("training input 6 is -1.0");
    }

    private static double[][] solve(double[][] k, double[] noise, double[][] y) {
        int n = k.length;
        double[][] m = new double[n][n + y[0].length];
        for (int i = 0; i < n; i++) {
            System.arraycopy(k[i], 0, m[i], 0, n);
            System.arraycopy(y[i], 0, m[i], n, y[0].length);
            m[i][i] += noise[i];
        }
        for (int p = 0; p < n; p++) {
            for (int i = 0; i < n; i++) {
                double factor = i == p ? 0 : m[i][p] / m[p][p];
                for (int j = p; j < m[i].length && factor != 0; j++) {
                    m[i][j] -= factor * m[p][j];
                }
            }
        }
        double[][] x = new double[n][y[0].length];
        for (int i = 0; i < n; i++) {
            for (int c = 0; c < x[i].length; c++) {
                x[i][c] = m[i][n + c] / m[i][i];
            }
        }
        return x;
    }
}
