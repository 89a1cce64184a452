package org.ntk4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ntk4j.base.Failure;
import org.ntk4j.kernel.Kernel;

class EnsembleTest {

    /** Linear models w·x with w drawn from N(0, I) have Θ = K; each is trained, then mean and variance are taken. */
    @Test
    void mean_and_variance_are_those_of_trained_samples() {
        int n = 4;
        Kernel all = Kernel.of(RegressionTest.kernel(6, 6, 4));
        double[][] x = BruteForceTest.random(6, 6, 4);
        Kernel train = all.block(0, n, 0, n);
        Kernel test = all.block(n, 6, 0, n);
        double[][] y = BruteForceTest.random(n, 1, 5);
        Moment moment = Moment.flow(3);
        GaussianPrediction gaussian = Ensemble.of(train, train, Ridge.relative(0), y).at(moment).predict(test, test, all.block(n, 6, n, 6));
        Random random = new Random(6);
        int samples = 4000;
        double[] sum = new double[2];
        double[] squares = new double[2];
        for (int s = 0; s < samples; s++) {
            double[][] f0 = new double[6][1];
            for (int p = 0; p < 6; p++) {
                double w = random.nextGaussian();
                for (int i = 0; i < 6; i++) {
                    f0[i][0] += w * x[i][p];
                }
            }
            double[][] f = Dynamics.of(train).from(Arrays.copyOf(f0, n)).fit(y)
                    .test(test, Arrays.copyOfRange(f0, n, 6), moment)[0];
            for (int i = 0; i < 2; i++) {
                sum[i] += f[i][0] / samples;
                squares[i] += f[i][0] * f[i][0] / samples;
            }
        }
        for (int i = 0; i < 2; i++) {
            double deviation = gaussian.standardDeviation()[i];
            assertThat(sum[i]).isCloseTo(gaussian.mean()[i][0], within(4 * deviation / Math.sqrt(samples)));
            assertThat(Math.sqrt(squares[i] - sum[i] * sum[i])).isCloseTo(deviation, within(0.06 * deviation));
        }
    }

    @Test
    void without_noise_the_posterior_is_certain_on_the_training_inputs() {
        Kernel train = Kernel.of(RegressionTest.kernel(5, 9, 7));
        double[][] y = BruteForceTest.random(5, 2, 8);
        GaussianPrediction gaussian = Posterior.of(train, Ridge.absolute(0), y).predict(train, train);
        for (int i = 0; i < 5; i++) {
            assertThat(gaussian.mean()[i]).containsExactly(y[i], within(1e-10));
            assertThat(gaussian.standardDeviation()[i]).isLessThan(1e-5);
        }
    }

    @Test
    void variances_are_the_diagonals_of_the_covariances() {
        Kernel all = Kernel.of(RegressionTest.kernel(9, 9, 9));
        Kernel other = Kernel.of(RegressionTest.kernel(9, 9, 10));
        double[][] y = BruteForceTest.random(6, 2, 11);
        double[] variances = {all.get(6, 6), all.get(7, 7), all.get(8, 8)};
        Fit fit = Regression.of(other.block(0, 6, 0, 6)).ridge(0.1).fit(y);
        for (Moment moment : new Moment[] {Moment.infinity(), Moment.flow(2), Moment.steps(9)}) {
            Ensemble ensemble = fit.at(moment).ensemble(all.block(0, 6, 0, 6));
            GaussianPrediction gaussian = ensemble.predict(other.block(6, 9, 0, 6), all.block(6, 9, 0, 6), all.block(6, 9, 6, 9));
            double[] found = ensemble.variances(other.block(6, 9, 0, 6), all.block(6, 9, 0, 6), variances);
            Posterior posterior = Regression.of(all.block(0, 6, 0, 6)).ridge(0.1).fit(y).at(moment).posterior();
            GaussianPrediction nngp = posterior.predict(all.block(6, 9, 0, 6), all.block(6, 9, 6, 9));
            double[] foundNngp = posterior.variances(all.block(6, 9, 0, 6), variances);
            for (int i = 0; i < 3; i++) {
                assertThat(found[i]).isCloseTo(gaussian.covariance().get(i, i), within(1e-10));
                assertThat(foundNngp[i]).isCloseTo(nngp.covariance().get(i, i), within(1e-10));
                assertThat(gaussian.mean()[i]).containsExactly(fit.at(moment).predict(other.block(6, 9, 0, 6))[i], within(1e-10));
            }
        }
    }

    @Test
    void an_offset_and_a_mean_of_0_at_initialisation_exclude_each_other() {
        Kernel kernel = Kernel.of(RegressionTest.kernel(3, 4, 1));
        Fit fit = Regression.of(kernel).offset(new double[3][1]).fit(new double[3][1]);
        assertThatThrownBy(fit::posterior).isInstanceOf(Failure.class).hasMessageContaining("offset");
        assertThatThrownBy(() -> fit.ensemble(kernel)).isInstanceOf(Failure.class).hasMessageContaining("offset");
    }
}
