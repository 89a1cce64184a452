package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;
import org.ntk4j.base.Precision;

/** Both ways to contract a map, and any portions of examples and outputs, give the same kernel. */
class ContractionTest {

    private static final int OUTPUTS = 3;

    /** Networks on images of 5×6×2. */
    static List<String> images() {
        return List.of(
                "[{conv: {channels: 3, bStd: 0.3}}, relu, {conv: {channels: 4, bStd: 0.2}}, erf, globalAvgPool, {dense: {units: 3, bStd: "
                        + "0.1}}]",
                "[{conv: {channels: 3, padding: same, strides: [2, 2]}}, erf, {conv: {channels: 3, padding: circular, bStd: 0.4}}, relu, "
                        + "{avgPool: {window: [2, 2]}}, globalSumPool, {dense: {units: 3}}]",
                "[{conv: {channels: 3, padding: circular, strides: [1, 2], wStd: 1.4}}, erf, flatten, {dense: {units: 4, bStd: 1}}, relu, "
                        + "{dense: {units: 3}}]",
                "[{convLocal: {channels: 2, filter: [2, 3], bStd: 0.3}}, erf, {convLocal: {channels: 3, padding: same, strides: [2, 1]}}, "
                        + "relu, globalAvgPool, {dense: {units: 3}}]",
                "[{convTranspose: {channels: 2, strides: [2, 2], padding: same, bStd: 0.2}}, erf, {convTranspose: {channels: 3}}, relu, "
                        + "globalAvgPool, {dense: {units: 3, bStd: 0.5}}]",
                "[{conv: {channels: 4, padding: same}}, {residual: {layers: [relu, {conv: {channels: 4, padding: same, bStd: 0.1}}]}}, "
                        + "layerNorm, relu, globalAvgPool, {dense: {units: 3}}]",
                "[{conv: {channels: 3}}, relu, {conv: {channels: 3, filter: [3, 4]}}]",
                "[{conv: {channels: 3, parameterization: standard, bStd: 0.3}}, relu, {sumPool: {window: [3, 2], strides: [1, 1]}}, "
                        + "globalAvgPool, {dense: {units: 3, parameterization: standard, bStd: 0.1}}]");
    }

    /** Networks on sentences of five words of 3 numbers, some of them padding. */
    static List<String> sentences() {
        return List.of(
                "[{selfAttention: {heads: 2, keyChannels: 2, positions: sum, posDecay: 0.3, bStd: 0.2, outChannels: 4}}, erf, "
                        + "globalAvgPool, {dense: {units: 3}}]",
                "[{selfAttention: {scaling: sqrt, positions: concat, posChannels: 2}}, {selfAttention: {mechanism: relu, heads: 2}}, "
                        + "{dense: {units: 3, bStd: 0.3}}, relu, globalSumPool, {dense: {units: 3}}]",
                "[{conv: {channels: 4, filter: [3], padding: same, bStd: 0.2}}, relu, {conv: {channels: 3, filter: [2], strides: [1], "
                        + "padding: valid}}, erf, globalAvgPool, {dense: {units: 3, bStd: 0.1}}]",
                "[{dense: {units: 4, bStd: 0.5}}, erf, {dense: {units: 3}}, relu, globalAvgPool, {dense: {units: 3}}]");
    }

    private static Inputs sentences(long seed, int count) {
        double[] values = Cases.normal(seed, count * 15);
        for (int i = 0; i < count; i++) {
            int real = 2 + (i + (int) seed) % 4;
            Arrays.fill(values, i * 15 + 3 * real, (i + 1) * 15, Double.NaN);
        }
        return Inputs.of(values, count, Shape.of(5, 3));
    }

    @ParameterizedTest
    @MethodSource("images")
    void both_ways_should_give_the_same_kernel_of_images(String definition) {
        check(definition, Cases.inputs(1, 7, 5, 6, 2));
    }

    @ParameterizedTest
    @MethodSource("sentences")
    void both_ways_should_give_the_same_kernel_of_sentences(String definition) {
        check(definition, sentences(1, 7));
    }

    private static void check(String definition, Inputs x) {
        EmpiricalKernel kernel = new EmpiricalKernel(Network.parse(definition).init(5).precision("float64").on(Cases.settings()));
        EmpiricalKernel gram = kernel.way(Contraction.Way.GRAM);
        EmpiricalKernel gradients = kernel.way(Contraction.Way.GRADIENTS);
        Kernel own = gram.mean(x, Monitor.silent());
        // The same inputs as if they were others: both sides, and no halves.
        assertThat(Cases.relative(gradients.mean(x, x.slice(0, x.count()), Monitor.silent()), own)).isLessThan(1e-12);
        assertThat(Cases.relative(kernel.together(2).tile(3).mean(x, Monitor.silent()), own)).isLessThan(1e-12);
        // Outputs one by one take no short cut at the end of the network.
        Inputs some = x.slice(1, 4);
        Kernel between = own.block(0, x.count(), 1, 4);
        Kernel full = gram.full(x, some, Monitor.silent());
        assertThat(Cases.relative(trace(full, full.rows() / x.count()), between)).isLessThan(1e-12);
        assertThat(Cases.relative(gradients.together(2).tile(2).full(x, some, Monitor.silent()), full)).isLessThan(1e-12);
    }

    static List<String> layered() {
        return List.of(images().get(0), sentences().get(0));
    }

    @ParameterizedTest
    @MethodSource("layered")
    void the_shares_of_layers_should_add_up_either_way(String definition) {
        Inputs x = definition.contains("selfAttention") ? sentences(1, 5) : Cases.inputs(1, 5, 5, 6, 2);
        EmpiricalKernel kernel = new EmpiricalKernel(Network.parse(definition).init(5).precision("float64").on(Cases.settings()));
        Map<String, Kernel> one = kernel.way(Contraction.Way.GRAM).byLayer(x, null, Monitor.silent());
        Map<String, Kernel> other = kernel.way(Contraction.Way.GRADIENTS).byLayer(x, null, Monitor.silent());
        Kernel whole = kernel.mean(x, Monitor.silent());
        double[] sum = new double[whole.values().length];
        one.forEach((layer, share) -> {
            assertThat(Cases.relative(other.get(layer), share)).as(layer).isLessThan(1e-12);
            Arrays.setAll(sum, i -> sum[i] + share.values()[i]);
        });
        assertThat(Cases.difference(sum, whole.values())).isLessThan(1e-12 * Cases.largest(whole.values()));
        // In tiles, output by output, and with some of the inputs as the other side.
        Map<String, Kernel> pieces = kernel.tile(2).together(1).byLayer(x, x.slice(1, 4), Monitor.silent());
        assertThat(pieces.keySet()).isEqualTo(one.keySet());
        pieces.forEach((layer, share) -> assertThat(Cases.relative(share, one.get(layer).block(0, 5, 1, 4))).as(layer).isLessThan(1e-12));
    }

    private static Kernel trace(Kernel full, int k) {
        int rows = full.rows() / k;
        int columns = full.columns() / k;
        double[] mean = new double[rows * columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                for (int c = 0; c < k; c++) {
                    mean[i * columns + j] += full.get(i * k + c, j * k + c) / k;
                }
            }
        }
        return Kernel.of("mean", rows, columns, mean);
    }

    private static List<Contraction> ways(String definition, int count, int... shape) {
        return new EmpiricalKernel(Network.parse(definition).init(0).outputs(OUTPUTS).on(Cases.settings())).plan(Shape.of(shape), count)
                .ways();
    }

    @Test
    void should_take_the_way_with_fewer_operations() {
        assertThat(ways("mlp: {width: 64, depth: 2}", 100, 20)).extracting(Contraction::way).containsOnly(Contraction.Way.GRAM);
        assertThat(ways("cnn: {channels: 8, depth: 2, readout: gap}", 100, 12, 12, 1)).extracting(Contraction::way)
                .containsExactly(Contraction.Way.GRADIENTS, Contraction.Way.GRADIENTS, Contraction.Way.GRAM);
        // Six words and a thousand units: a gradient of a million values for each example is more than 36 products.
        assertThat(ways("[{dense: {units: 1000}}, relu, {dense: {units: 1000}}, relu, globalAvgPool, {dense: {units: 3}}]", 50, 6, 2))
                .extracting(Contraction::way)
                .containsExactly(Contraction.Way.GRADIENTS, Contraction.Way.GRAM, Contraction.Way.GRAM);
        Contraction hidden = ways("cnn: {channels: 8, depth: 2, readout: gap}", 100, 12, 12, 1).get(1);
        assertThat(hidden.outputs()).as("the last convolution does it once for all outputs").isEqualTo(1);
        // A hundred examples, 144 positions, 72 inputs, 8 channels; half of the pairs.
        assertThat(hidden.gradients()).isEqualTo(2.0 * 72 * 8 * (100 * 144 + 100 * 100 / 2));
        assertThat(hidden.gram()).isEqualTo(5000.0 * 144 * 144 * (2 * 72 + 2 * 8 + 80));
    }

    @Test
    void the_plan_should_say_which_way_and_why() {
        TangentPlan plan = new EmpiricalKernel(Network.parse("cnn: {channels: 64, depth: 3, readout: gap}").init(0).outputs(10)
                .on(Cases.settings())).plan(Shape.of(28, 28, 1), 110);
        assertThat(plan.toString().lines()).containsSequence(
                "0.conv: 9 → 64 at 784 positions: per-example gradients for each output, 1.1 GFLOP (Gram products: 5,124)",
                "2.conv: 576 → 64 at 784 positions: per-example gradients for each output, 68 GFLOP (Gram products: 9,341)")
                .anyMatch(line -> line.startsWith("7.dense: 64 → 10: Gram products"));
        // 127 for backward passes of ten outputs, half of it without units that are off; 13 forward, 76 for gradients and their products.
        assertThat(plan.operations() / 1e9).isBetween(Rows.vectors() ? 140.0 : 200.0, Rows.vectors() ? 165.0 : 230.0);
        assertThat(plan.toString().contains("without the units that are off")).isEqualTo(Rows.vectors());
        assertThat(plan.bytes()).isLessThan(1L << 30);
    }

    @Test
    void the_portions_should_fit_into_the_memory() {
        FiniteNetwork network = Network.parse("cnn: {channels: 64, depth: 3, readout: gap}").init(0).outputs(10).on(Cases.settings());
        for (long mib : new long[] {128, 512, 1024, 4096}) {
            TangentPlan plan = new EmpiricalKernel(network.on(Cases.settings().withMemory(mib << 20))).plan(Shape.of(28, 28, 1), 1100);
            assertThat(plan.bytes()).isLessThanOrEqualTo(mib << 20);
            assertThat(plan.tile() * plan.together()).isPositive();
        }
        TangentPlan roomy = new EmpiricalKernel(network.on(Cases.settings().withMemory(4L << 30))).plan(Shape.of(28, 28, 1), 1100);
        assertThat(roomy.together()).isEqualTo(10);
        assertThat(roomy.tile()).isEqualTo(1100);
    }

    /** What is claimed of float32, on networks with long sums: the largest error relative to the root of the two diagonal values. */
    @Test
    void float32_should_be_as_close_to_float64_as_is_said() {
        check32("mlp: {width: 1024, depth: 2, outputs: 10, wStd: 1.4142135623730951, bStd: 0.1}", Cases.inputs(1, 40, 784));
        check32("cnn: {channels: 32, depth: 3, readout: gap, outputs: 4, wStd: 1.4142135623730951}", Cases.inputs(2, 8, 20, 20, 1));
    }

    private static void check32(String definition, Inputs x) {
        FiniteNetwork network = Network.parse(definition).init(1).on(Cases.settings());
        Kernel exact = network.precision(Precision.FLOAT64).ntk(x);
        Kernel rounded = network.ntk(x);
        double worst = 0;
        for (int i = 0; i < x.count(); i++) {
            for (int j = 0; j < x.count(); j++) {
                worst = Math.max(worst, Math.abs(rounded.get(i, j) - exact.get(i, j)) / Math.sqrt(exact.get(i, i) * exact.get(j, j)));
            }
        }
        assertThat(worst).as(definition).isLessThan(2e-6).as("so the test can fail").isGreaterThan(1e-9);
    }
}
