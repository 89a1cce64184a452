package org.ntk4j.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ntk4j.Ntk.gradientDescent;
import static org.ntk4j.Ntk.maxSteps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Cases;
import org.ntk4j.Ntk;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.finite.CentralDifferences;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.TrainedNetwork;
import org.ntk4j.network.Network;
import org.ntk4j.result.Subject;
import org.ntk4j.shape.Shape;
import org.ntk4j.study.Definition;

/** Max pooling: values by hand, tangent kernels by central differences, and a word where no closed form is. */
class MaxPoolTest {

    @Test
    void should_take_the_largest_of_each_window() {
        Inputs x = Inputs.of(new double[][] {{-5, -2, -3, -4, -1, -6}}, 6, 1);
        assertThat(outputs("[{maxPool: {window: [2]}}]", x)).containsExactly(-2, -3, -1);
        assertThat(outputs("[{maxPool: {window: [3], strides: [1], padding: same}}]", x)).containsExactly(-2, -2, -2, -1, -1, -1);
        Inputs padded = Inputs.of(new double[][] {{-5, -2, -3, Double.NaN, Double.NaN, Double.NaN}}, 6, 1);
        assertThat(outputs("[{maxPool: {window: [3], strides: [1], padding: same}}, globalAvgPool]", padded)).containsExactly(-2);
        assertThat(outputs("[{maxPool: {window: [2]}}, globalSumPool]", padded)).containsExactly(-2);
        Inputs image = Inputs.of(new double[][] {{1, 10, 2, 20, 3, 30, 4, 5}}, 2, 2, 2);
        assertThat(Network.of(Ntk.maxPool(2, 2)).init(0).outputs(image)[0]).containsExactly(4, 30);
    }

    private static double[] outputs(String network, Inputs x) {
        return Network.parse(network).init(0).outputs(x)[0];
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{conv: {channels: 3, bStd: 0.2}}, relu, {maxPool: {window: [2, 2], strides: [1, 1]}}, flatten, {dense: "
            + "{units: 2}}]",
        "[{conv: {channels: 3, padding: same}}, "
            + "{maxPool: {window: [2, 2], padding: same}}, erf, globalAvgPool, {dense: {units: 2}}, gelu]"})
    void its_tangent_kernel_should_be_that_of_central_differences(String definition) {
        Inputs x = Cases.inputs(3, 3, 5, 4, 2);
        CentralDifferences.check(Network.parse(definition).init(2).precision(Precision.FLOAT64).on(Cases.settings()), x);
    }

    @Test
    void a_trained_one_should_have_the_tangent_kernel_of_central_differences() {
        Inputs x = Cases.inputs(3, 6, 5, 4, 2);
        double[][] y = {{1, 0}, {0, 1}, {1, 1}, {-1, 0}, {0, -1}, {1, -1}};
        FiniteNetwork start = Network.parse("[{conv: {channels: 4, bStd: 0.2, wStd: 1.4}}, relu, {maxPool: {window: [2, 2], strides: "
                + "[1, 1]}}, flatten, {dense: {units: 2}}]").init(2).on(Cases.settings());
        TrainedNetwork trained = start.train(x, y, gradientDescent().precision("float64").until(maxSteps(200)));
        assertThat(trained.loss()).isLessThan(0.2 * trained.history().points().get(0).loss());
        FiniteNetwork end = trained.network().precision(Precision.FLOAT64);
        CentralDifferences.check(end, x);
        assertThat(Cases.relative(end.ntk(x), start.ntk(x))).as("it has moved").isGreaterThan(0.02);
        assertThat(Cases.relative(trained.ntk(x), end.ntk(x))).isLessThan(1e-6);
    }

    @Test
    void should_say_that_there_is_no_closed_form(@TempDir Path folder) throws IOException {
        Network network = Network.parse("[{dense: {units: 4}}, {maxPool: {window: [2]}}, globalAvgPool, {dense: {units: 1}}]");
        Inputs x = Cases.inputs(1, 2, 4, 3);
        assertThatThrownBy(() -> network.ntk(x)).isInstanceOf(Failure.class)
                .hasMessageContaining("network.1.maxPool: max pooling has no closed form at infinite width")
                        .hasMessageContaining("monteCarlo");
        assertThat(network.monteCarlo(20, 32).nngp(x).get(0, 0)).isPositive();
        Path file = Files.writeString(folder.resolve("a.yaml"), "data: phrases\nnetwork: [{maxPool: {window: [2]}}, globalAvgPool]\n");
        assertThatThrownBy(() -> Definition.read(file, List.of())).hasMessageContaining("a.yaml:2:10")
                .hasMessageContaining("kernels: [ntk.init");
        Files.writeString(file, "data: phrases\nnetwork: [{maxPool: {window: [2]}}, globalAvgPool]\nkernels: [ntk.init]\n");
        assertThat(Definition.read(file, List.of()).kernels()).containsExactly(Subject.NTK_INIT);
        assertThatThrownBy(() -> Network.parse("[{maxPool: {}}]")).hasMessageContaining("'window' is missing");
        assertThat(Network.parse("[{maxPool: {window: [2]}}]").layers(Shape.of(4, 1)).outputShape(Shape.of(4, 1)))
                .isEqualTo(Shape.of(2, 1));
        assertThat(outputs("[{maxPool: {window: [4]}}]", Inputs.of(new double[][] {{1, 2, 3, 4}}, 4, 1))[0]).isCloseTo(4, within(0.0));
    }
}
