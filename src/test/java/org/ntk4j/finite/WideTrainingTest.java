package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.ntk4j.Cases;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Seed;
import org.ntk4j.data.Split;
import org.ntk4j.inference.Fit;
import org.ntk4j.inference.LearningRates;
import org.ntk4j.inference.Moment;
import org.ntk4j.inference.Regression;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;

/** Wide networks train as their kernel at initialisation says (Lee et al. 2019). */
class WideTrainingTest {

    private static final Split TRAIN = Cases.split(21, 40, 3, 10);
    private static final Split TEST = Cases.split(22, 40, 3, 10);
    private static final int STEPS = 80;

    /** The distance of NN_T to the regression with Θ_0 (or Θ_∞) at the same step on new inputs, relative to the regression's size. */
    private static double distance(int width, int depth, long seed, boolean infinite) {
        Network network = Network.parse(String.format(Locale.ROOT, "mlp: {width: %d, depth: %d, wStd: 1.4142135623730951, bStd: 0.1}",
                width,
                depth));
        FiniteNetwork start = FiniteNetwork.of(network, new Seed(seed)).outputs(3).on(Cases.settings());
        Kernel train = infinite ? network.ntk(TRAIN.inputs()) : start.ntk(TRAIN.inputs());
        Kernel test = infinite ? network.ntk(TEST.inputs(), TRAIN.inputs()) : start.ntk(TEST.inputs(), TRAIN.inputs());
        double rate = 0.5 * LearningRates.largestStable(LearningRates.Rule.GRADIENT_DESCENT, 0, LearningRates.Loss.MSE,
                train.spectrum().maxEigenvalue(), TRAIN.count(), 3);
        Training training = Training.with(new Optimizer.GradientDescent())
                .until(new Until(OptionalDouble.of(0), OptionalInt.of(STEPS), OptionalDouble.empty(), Optional.empty()));
        Trained trained = new Trainer(training, rate, 2 * rate, Monitor.silent()).train(start, TRAIN, TEST, List.of());
        Fit fit = Regression.of(train).fit(TRAIN.targets()).at(Moment.steps(STEPS).learningRate(rate));
        double[] f = Cases.flat(trained.test());
        double[] g = Cases.flat(fit.predict(test));
        double difference = 0;
        double size = 0;
        for (int i = 0; i < f.length; i++) {
            difference += (f[i] - g[i]) * (f[i] - g[i]);
            size += g[i] * g[i];
        }
        return Math.sqrt(difference / size);
    }

    private static double mean(int width, int depth, int seeds, boolean infinite) {
        double sum = 0;
        for (int seed = 0; seed < seeds; seed++) {
            sum += distance(width, depth, seed, infinite) / seeds;
        }
        return sum;
    }

    @Test
    void the_distance_to_the_prediction_should_fall_with_the_width() {
        double narrow = mean(64, 1, 3, false);
        double wide = mean(1024, 1, 2, false);
        assertThat(wide).isLessThan(0.1);
        assertThat(Math.log(wide / narrow) / Math.log(16)).as("the exponent").isCloseTo(-0.5, within(0.3));
    }

    @Test
    @Tag("slow")
    void a_very_wide_network_should_follow_both_kernels() {
        double[] own = {mean(64, 2, 8, false), mean(4096, 2, 1, false)};
        double[] limit = {mean(64, 2, 8, true), mean(4096, 2, 1, true)};
        assertThat(own[1]).isLessThan(0.05);
        assertThat(limit[1]).isLessThan(0.15);
        assertThat(Math.log(own[1] / own[0]) / Math.log(64)).isCloseTo(-0.5, within(0.2));
        assertThat(Math.log(limit[1] / limit[0]) / Math.log(64)).isCloseTo(-0.5, within(0.2));
    }
}
