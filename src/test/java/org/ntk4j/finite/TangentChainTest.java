package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.layer.TrainedPart;
import org.ntk4j.network.Network;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;

/** What chains of rectified maps give without TensorFlow's way back is what they give with it. */
class TangentChainTest {

    private static final int COUNT = 70;

    /** Networks on images of 5×6×2 that are taken as a chain; weights of odd numbers of channels end within a vector. */
    static List<String> networks() {
        return List.of(
                "[flatten, {dense: {units: 40}}, relu, {dense: {units: 70, bStd: 0.2}}, relu, {dense: {units: 5}}]",
                "[flatten, {dense: {units: 33, bStd: 0.1}}, relu, {dense: {units: 64}}, relu, {dense: {units: 37, bStd: 1}}, relu, "
                        + "{dense: {units: 12, bStd: 0.3}}]",
                "[{conv: {channels: 32, padding: same}}, relu, {conv: {channels: 40, padding: same}}, relu, globalAvgPool, "
                        + "{dense: {units: 10}}]",
                "[{conv: {channels: 33, bStd: 0.3}}, relu, {conv: {channels: 20, padding: circular, strides: [2, 1], bStd: 0.2}}, relu, "
                        + "{avgPool: {window: [1, 2]}}, globalSumPool, {dense: {units: 9, bStd: 0.1}}]",
                "[{conv: {channels: 30, padding: same, strides: [2, 2]}}, relu, {conv: {channels: 60, filter: [1, 1], bStd: 0.5}}, relu, "
                        + "{conv: {channels: 31, filter: [2, 3], padding: same}}, relu, flatten, {dense: {units: 7}}]",
                "[{conv: {channels: 30, padding: circular}}, relu, flatten, {dense: {units: 64, bStd: 0.3}}, relu, {dense: {units: 5}}]",
                "[{conv: {channels: 30, parameterization: standard, bStd: 0.3}}, relu, {convTranspose: {channels: 32, strides: [2, 2]}}, "
                        + "relu, {dense: {units: 30}}, relu, globalAvgPool, {dense: {units: 5}}]",
                "[{conv: {channels: 30, bStd: 0.2}}, relu, {conv: {channels: 32, padding: same, bStd: 0.2}}, relu, "
                        + "{conv: {channels: 32, padding: same, bStd: 0.2}}, relu, globalAvgPool, {dense: {units: 10}}]");
    }

    private static FiniteNetwork network(String text, String precision) {
        return Network.parse(text).init(3).precision(precision).on(Settings.ofProcess().withThreads(2));
    }

    private static Inputs inputs(int count) {
        return Inputs.of(new Random(1).doubles(count * 60).map(u -> 2 * u - 1).toArray(), count, Shape.of(5, 6, 2));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void should_give_what_the_graph_gives(String text) {
        for (Precision precision : Precision.values()) {
            FiniteNetwork network = network(text, precision.toString());
            Inputs x = inputs(COUNT);
            EmpiricalKernel chained = new EmpiricalKernel(network).back(EmpiricalKernel.Back.CHAIN);
            EmpiricalKernel inGraph = new EmpiricalKernel(network).back(EmpiricalKernel.Back.GRAPH);
            assertThat(chained.plan(x.shape(), COUNT).chain() > 0).isEqualTo(Rows.vectors());
            assertThat(inGraph.plan(x.shape(), COUNT).chain()).isZero();
            Kernel graph = inGraph.mean(x, Monitor.silent());
            double most = precision == Precision.FLOAT32 ? 2e-6 : 1e-13;
            for (Contraction.Way way : Contraction.Way.values()) {
                assertClose(chained.way(way).mean(x, Monitor.silent()), graph, graph, graph, most);
            }
            assertClose(chained.tile(33).together(4).mean(x, Monitor.silent()), graph, graph, graph, most);
            Inputs other = inputs(COUNT + 20).slice(50, COUNT + 20);
            assertClose(chained.mean(x, other, Monitor.silent()), inGraph.mean(x, other, Monitor.silent()), graph,
                    inGraph.mean(other, Monitor.silent()), most);
        }
    }

    /** Relative to the roots of the values of both inputs with themselves. */
    private static void assertClose(Kernel one, Kernel other, Kernel rows, Kernel columns, double most) {
        for (int i = 0; i < one.rows(); i++) {
            for (int j = 0; j < one.columns(); j++) {
                double scale = Math.sqrt(rows.get(i, i) * columns.get(j, j));
                assertThat(Math.abs(one.get(i, j) - other.get(i, j)) / scale).as("at %d, %d", i, j).isLessThan(most);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void should_give_the_share_of_each_layer(String text) {
        FiniteNetwork network = network(text, "float64");
        Inputs x = inputs(COUNT);
        var shares = new EmpiricalKernel(network).back(EmpiricalKernel.Back.CHAIN).byLayer(x, null, Monitor.silent());
        var expected = new EmpiricalKernel(network).back(EmpiricalKernel.Back.GRAPH).byLayer(x, null, Monitor.silent());
        assertThat(shares).containsOnlyKeys(expected.keySet());
        Kernel all = new EmpiricalKernel(network).back(EmpiricalKernel.Back.GRAPH).mean(x, Monitor.silent());
        shares.forEach((layer, share) -> assertClose(share, expected.get(layer), all, all, 1e-13));
    }

    /** Where all hidden units are NaN none is on, and nothing goes back; what comes in has overflowed all the same. */
    @ParameterizedTest
    @EnumSource
    void should_name_the_layer_that_overflows_though_no_unit_is_on(Contraction.Way way) {
        FiniteNetwork network = network("[flatten, {dense: {units: 40, wStd: 1e30}}, relu, {dense: {units: 70}}, relu, "
                + "{dense: {units: 70}}, relu, {dense: {units: 5}}]", "float32").trained(new TrainedPart(List.of(), List.of("3.dense")));
        Inputs x = Inputs.of(new Random(1).doubles(COUNT * 60).map(u -> 1e10 * u).toArray(), COUNT, Shape.of(5, 6, 2));
        for (EmpiricalKernel.Back back : EmpiricalKernel.Back.values()) {
            EmpiricalKernel kernel = new EmpiricalKernel(network).way(way).back(back);
            assertThatThrownBy(() -> kernel.mean(x, Monitor.silent())).isInstanceOf(Failure.class)
                    .hasMessageStartingWith("network.1.dense: its values at input 0 are more than float32 holds");
        }
    }

    /** Other portions would be other sums. */
    @ParameterizedTest
    @ValueSource(ints = {80, 96, 112, 128})
    void should_cut_the_same_portions_for_any_number_of_threads(int mebibytes) {
        FiniteNetwork network = network("[flatten, {dense: {units: 1024}}, relu, {dense: {units: 1024}}, relu, {dense: {units: 10}}]",
                "float32");
        List<List<Object>> portions = IntStream.of(1, 2, 3, 8).mapToObj(threads -> {
            Settings settings = Settings.ofProcess().withMemory((long) mebibytes << 20).withThreads(threads);
            TangentPlan plan = new EmpiricalKernel(network.on(settings)).plan(Shape.of(16, 16, 1), 200);
            assertThat(plan.threads()).isBetween(1, threads);
            return List.<Object>of(plan.chain() > 0, plan.tile(), plan.together(), plan.block(), plan.edge(), plan.wide());
        }).toList();
        assertThat(portions).containsOnly(portions.get(0));
    }
}
