package org.ntk4j.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ntk4j.Ntk.gradientDescent;
import static org.ntk4j.Ntk.maxSteps;
import static org.ntk4j.Ntk.trainLoss;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.finite.CentralDifferences;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.TrainedNetwork;
import org.ntk4j.network.Network;
import org.ntk4j.study.Definition;

/** Batch normalization: batches in training, the statistics of the training set elsewhere, and a word where no closed form is. */
class BatchNormTest {

    private static final String NETWORK = "[{dense: {units: 6, bStd: 0.3}}, batchNorm, erf, {dense: {units: 2}}]";

    private static FiniteNetwork float64(String definition) {
        return Network.parse(definition).init(5).precision(Precision.FLOAT64).on(Cases.settings());
    }

    @Test
    void should_subtract_the_mean_and_divide_by_the_deviation_of_what_it_was_calibrated_on() {
        Inputs x = Inputs.of(new double[][] {{1, 10}, {2, 30}, {6, 20}});
        FiniteNetwork network = float64("[{batchNorm: {epsilon: 0}}]");
        assertThat(network.outputs(x)[1]).containsExactly(2, 30);
        FiniteNetwork calibrated = network.calibrated(x);
        assertThat(Objects.requireNonNull(calibrated.weights(x.shape()).get("0.batchNorm/mean"))).containsExactly(3, 20);
        assertThat(calibrated.outputs(x)[0]).containsExactly(new double[] {-2 / Math.sqrt(14.0 / 3), -10 / Math.sqrt(200.0 / 3)},
                within(1e-14));
        assertThat(calibrated.outputs(Inputs.of(new double[][] {{3, 20}}))[0]).as("an example by itself").containsExactly(0, 0);
    }

    @Test
    void padding_should_not_count() {
        double no = Double.NaN;
        Inputs padded = Inputs.of(new double[][] {{1, 2, no}, {6, no, no}}, 3, 1);
        FiniteNetwork network = float64("[{batchNorm: {epsilon: 0}}, globalSumPool]").calibrated(padded);
        assertThat(Objects.requireNonNull(network.weights(padded.shape()).get("0.batchNorm/mean"))[0]).isCloseTo(3, within(1e-14));
        assertThat(Objects.requireNonNull(network.weights(padded.shape()).get("0.batchNorm/variance"))[0])
                .isCloseTo(14.0 / 3, within(1e-14));
        assertThat(network.outputs(padded)[0][0]).isCloseTo(-3 / Math.sqrt(14.0 / 3), within(1e-14));
    }

    @ParameterizedTest
    @ValueSource(strings = {NETWORK, "[{dense: {units: 4, parameterization: standard, bStd: 0.2}}, {batchNorm: {epsilon: 0.1}}, gelu, "
            + "{residual: {layers: [{dense: {units: 4}}, batchNorm]}}, erf, {dense: {units: 3}}]"})
    void its_tangent_kernel_should_be_that_of_central_differences(String definition) {
        Inputs x = Cases.inputs(2, 5, 3);
        CentralDifferences.check(float64(definition).calibrated(x), x);
    }

    @Test
    void at_positions_too() {
        Inputs x = Cases.inputs(2, 3, 4, 4, 2);
        CentralDifferences.check(float64("[{conv: {channels: 2, bStd: 0.2}}, batchNorm, erf, globalAvgPool, {dense: {units: 2}}]")
                .calibrated(x), x);
    }

    /** A step by hand: the gradient of the loss goes through the statistics. */
    @Test
    void a_step_of_full_batches_should_follow_the_gradient_through_the_statistics() {
        Inputs x = Cases.inputs(2, 5, 3);
        double[][] y = {{1, 0}, {0, 1}, {1, 1}, {-1, 0}, {0.5, 2}};
        FiniteNetwork start = float64(NETWORK).outputs(2);
        double rate = 0.7;
        TrainedNetwork trained = start.train(x, y, gradientDescent().precision("float64").centred(false).learningRate(rate)
                .until(maxSteps(1)));
        String name = "0.dense/W";
        double[] before = Objects.requireNonNull(start.weights(x.shape()).get(name));
        double[] after = Objects.requireNonNull(trained.weights().get(name));
        for (int i = 0; i < before.length; i++) {
            double slope = (loss(start, x, y, name, i, 1e-5) - loss(start, x, y, name, i, -1e-5)) / 2e-5;
            assertThat(after[i]).isCloseTo(before[i] - rate * slope, within(1e-8));
        }
        FiniteNetwork now = trained.network();
        assertThat(now.calibrated(x).outputs(x)[0]).as("the statistics go with the weights")
                .containsExactly(now.outputs(x)[0], within(1e-12));
    }

    private static double loss(FiniteNetwork network, Inputs x, double[][] y, String name, int index, double step) {
        Map<String, double[]> weights = new HashMap<>(network.weights(x.shape()));
        double[] moved = Objects.requireNonNull(weights.get(name)).clone();
        moved[index] += step;
        weights.put(name, moved);
        double[][] f = network.weights(weights).calibrated(x).outputs(x);
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            for (int c = 0; c < 2; c++) {
                sum += (f[i][c] - y[i][c]) * (f[i][c] - y[i][c]) / (2.0 * y.length * 2);
            }
        }
        return sum;
    }

    @Test
    void should_train_in_batches_and_keep_its_statistics_in_files(@TempDir Path folder) {
        Inputs x = Cases.inputs(2, 24, 3);
        double[][] y = new double[24][2];
        for (int i = 0; i < 24; i++) {
            y[i][i % 2] = 1;
        }
        TrainedNetwork trained = float64("[{dense: {units: 64}}, batchNorm, relu, {dense: {units: 64}}, batchNorm, relu, {dense: {units: "
                + "2}}]").outputs(2).train(x, y, gradientDescent().precision("float64").batch(8).learningRate(0.5)
                        .until(maxSteps(300).or(trainLoss(0.02))));
        assertThat(trained.loss()).isLessThan(0.05);
        trained.save(folder.resolve("weights"));
        assertThat(folder.resolve("weights/1.batchNorm.variance.npy")).exists();
        FiniteNetwork read = float64("[{dense: {units: 64}}, batchNorm, relu, {dense: {units: 64}}, batchNorm, relu, {dense: {units: 2}}]")
                .outputs(2).load(folder.resolve("weights"));
        assertThat(Cases.difference(read.outputs(x), trained.network().outputs(x))).isLessThan(1e-12);
        assertThat(Cases.relative(read.ntk(x), trained.ntk(x))).isLessThan(1e-10);
    }

    @Test
    void should_say_that_there_is_no_closed_form(@TempDir Path folder) throws IOException {
        Network network = Network.parse("[{dense: {units: 8}}, batchNorm, relu, {dense: {units: 1}}]");
        Inputs x = Cases.inputs(1, 6, 3);
        assertThatThrownBy(() -> network.ntk(x)).isInstanceOf(Failure.class)
                .hasMessageContaining("network.1.batchNorm: batch normalization has no closed form at infinite width")
                .hasMessageContaining("monteCarlo").hasMessageContaining("layerNorm");
        var estimate = network.monteCarlo(60, 128).nngp(x);
        // Whatever the width, E φ(u)² = ½ for u of variance 1 over the batch, averaged over the batch.
        double mean = 0;
        for (int i = 0; i < 6; i++) {
            mean += estimate.get(i, i) / 6;
        }
        assertThat(mean).isCloseTo(0.5, within(0.03));
        assertThat(estimate.notes()).anyMatch(note -> note.contains("standard error"));
        assertThat(network.monteCarlo(3, 16).ntk(x.slice(0, 2), x).rows()).isEqualTo(2);
        assertThatThrownBy(() -> Network.parse("[{repeat: {times: 2, shared: true, layers: [{dense: {units: 3}}, batchNorm]}}]").init(0)
                .outputs(x)).hasMessageContaining("use layerNorm");
        Path file = Files.writeString(folder.resolve("a.yaml"), "data: phrases\nnetwork: [{dense: {units: 3}}, batchNorm, globalAvgPool]"
                + "\n");
        assertThatThrownBy(() -> Definition.read(file, List.of())).hasMessageContaining("a.yaml:2:10")
                .hasMessageContaining("kernels: [ntk.init");
    }
}
