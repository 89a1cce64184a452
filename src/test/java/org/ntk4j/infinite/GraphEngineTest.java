package org.ntk4j.infinite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Cases;
import org.ntk4j.Golden;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.graph.GraphEngine;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.network.RandomNetworks;
import org.ntk4j.shape.Shape;

/** The graph on a CPU: the same graph computes on a GPU. */
class GraphEngineTest {

    private static final Settings CPU = Settings.ofProcess().withDevice("cpu").withThreads(2);
    private static final Settings GPU = Settings.ofProcess().withDevice("gpu").withThreads(2);

    static List<Golden> files() {
        return Golden.all("kernels");
    }

    private static Optional<String> missing(Golden golden) {
        Inputs x1 = golden.inputs("x1");
        return GraphEngine.missing(golden.network().layers(x1.shape()), x1.shape(), x1.hasPadding());
    }

    private static Engine graph(Serial network, Inputs x1, Optional<Inputs> x2, Precision arithmetic) {
        boolean padded = x1.hasPadding() || x2.map(Inputs::hasPadding).orElse(false);
        return EngineChoice.graph(network, x1.shape(), padded, CPU).open(network, x1, x2, arithmetic);
    }

    @ParameterizedTest
    @MethodSource("files")
    void should_agree_with_golden_values(Golden golden) {
        if (golden.name().matches("quad-.*|act-step|mask-pool|aggregate-.*|slice-(attention|first-token)")) {
            assertThat(missing(golden)).isPresent();
            return;
        }
        double worst = error(golden, Precision.FLOAT64);
        System.out.printf("graph: %-28s %.1e%n", golden, worst);
        assertThat(worst).isLessThanOrEqualTo(Math.min(1e-10, golden.tolerance()));
    }

    @Test
    void should_agree_with_golden_values_in_float32() {
        Set<String> names = Set.of("cnn-same-gap", "conv-stride2", "mlp-erf-3", "act-gelu", "residual-nested", "transformer-deep",
                "layernorm-all", "mask-transformer");
        List<Golden> some = Golden.all("kernels").stream().filter(g -> names.contains(g.name())).toList();
        assertThat(some).hasSameSizeAs(names);
        some.forEach(g -> assertThat(error(g, Precision.FLOAT32)).as(g.name()).isLessThan(1e-5));
    }

    private static double error(Golden golden, Precision arithmetic) {
        Inputs x1 = golden.inputs("x1");
        Optional<Inputs> x2 = golden.has("x2") ? Optional.of(golden.inputs("x2")) : Optional.empty();
        try (Engine engine = graph(golden.network().layers(x1.shape()), x1, x2, arithmetic)) {
            TileValues values = engine.tile(new Tile(0, x1.count(), 0, x2.orElse(x1).count()));
            return Math.max(Golden.error(square(values.nngp(), x1.count()), golden.matrix("nngp")),
                    Golden.error(square(values.ntk(), x1.count()), golden.matrix("ntk")));
        }
    }

    private static double[][] square(double[] values, int rows) {
        int columns = values.length / rows;
        double[][] square = new double[rows][];
        for (int i = 0; i < rows; i++) {
            square[i] = Arrays.copyOfRange(values, i * columns, (i + 1) * columns);
        }
        return square;
    }

    @Test
    void should_say_what_has_no_graph_form() {
        Shape sentence = Shape.of(6, 2);
        Serial tanh = Network.parse("[{dense: {units: 2}}, {residual: {layers: [{dense: {units: 2}}, tanh, {dense: {units: 2}}]}}, "
                + "globalAvgPool]").layers(sentence);
        Serial pooled = Network.parse("[{conv: {channels: 2, filter: [3]}}, relu, globalAvgPool, {dense: {units: 1}}]").layers(sentence);
        assertThat(GraphEngine.missing(tanh, sentence, false)).contains("tanh has no graph form");
        assertThat(GraphEngine.missing(pooled, sentence, false)).isEmpty();
        assertThat(GraphEngine.missing(pooled, sentence, true)).contains("windows that move the padding of sentences have no graph form");
    }

    @Test
    void should_be_chosen_where_it_is_asked_for() {
        Shape image = Shape.of(8, 8, 1);
        Serial relu = Network.parse("[{conv: {channels: 2}}, relu, globalAvgPool, {dense: {units: 1}}]").layers(image);
        Serial tanh = Network.parse("[{conv: {channels: 2, strides: [2, 2], padding: circular}}, tanh, globalAvgPool, {dense: {units: 1}}]")
                .layers(image);
        assertThat(EngineChoice.of(relu, image, false, GPU.withEngine("graph"))).hasToString("graph on gpu");
        assertThat(EngineChoice.of(relu, image, false, CPU.withEngine("graph"))).hasToString("graph on cpu");
        assertThat(EngineChoice.of(tanh, image, false, GPU.withEngine("graph"))).asString().endsWith(", because tanh has no graph form");
        Offer graph = EngineChoice.of(relu, image, false, GPU.withEngine("graph")).best();
        assertThat(graph.nanosPerPair(Precision.FLOAT32)).isLessThan(graph.nanosPerPair(Precision.FLOAT64));
    }

    /** A GPU that is asked for trains networks; planes, strips and sequences are many times faster than the graph there. */
    @Test
    void should_be_chosen_on_a_gpu_only_where_java_takes_longer() {
        Shape image = Shape.of(8, 8, 1);
        Serial relu = Network.parse("[{conv: {channels: 2}}, relu, globalAvgPool, {dense: {units: 1}}]").layers(image);
        assertThat(EngineChoice.of(relu, image, false, CPU)).hasToString("planes up to layer 2 (globalAvgPool), then strips");
        assertThat(EngineChoice.of(relu, image, false, GPU)).asString()
                .startsWith("planes up to layer 2 (globalAvgPool), then strips, because the graph on gpu would take about ")
                .endsWith(" times as long");
        assertThat(EngineChoice.of(relu, image, false, GPU.withEngine("java")))
                .hasToString(EngineChoice.java(relu, image, false).toString());
        // No fast engine knows the means over the channels of a concat.
        Serial normalized = Network.parse("[{parallel: {merge: concat, branches: [[{conv: {channels: 2}}, relu], [{conv: {channels: 2}}, "
                + "relu]]}}, layerNorm, {dense: {units: 2}}, relu, globalAvgPool]").layers(image);
        assertThat(EngineChoice.of(normalized, image, false, GPU)).hasToString("graph on gpu");
    }

    @Test
    void should_say_that_there_is_no_gpu() {
        Shape image = Shape.of(3, 3, 1);
        Serial network = Network.parse("[{conv: {channels: 2}}, relu, flatten]").layers(image);
        assertThatThrownBy(() -> InfiniteKernels.Plan.of(GPU.withEngine("graph"), network, Cases.inputs(1, 2, 3, 3, 1), Optional.empty()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("device gpu is not there");
    }

    static LongStream seeds() {
        return LongStream.range(0, 24);
    }

    /** The same values, or the same failure; symmetric, off the diagonal, and with other inputs. */
    @ParameterizedTest
    @MethodSource("seeds")
    void should_agree_with_the_engine_in_java(long seed) {
        RandomNetworks.Sample s = RandomNetworks.of(seed);
        Inputs x = s.inputs(seed, 5);
        Inputs x2 = s.inputs(seed + 1000, 3);
        Serial network;
        try {
            network = Network.parse(s.definition()).layers(x.shape());
            network.outputShape(x.shape());
        } catch (Failure e) {
            return;
        }
        if (s.definition().contains("aggregate")) {
            assertThat(GraphEngine.missing(network, x.shape(), false)).isPresent();
            return;
        }
        compare(s.definition(), network, x, Optional.empty(), new Tile(0, 5, 0, 5), new Tile(0, 2, 2, 5));
        compare(s.definition(), network, x, Optional.of(x2), new Tile(1, 5, 0, 2));
    }

    private static void compare(String name, Serial network, Inputs x, Optional<Inputs> x2, Tile... tiles) {
        try (Engine java = EngineChoice.java(network, x, x2).open(network, x, x2, Precision.FLOAT64);
                Engine graph = graph(network, x, x2, Precision.FLOAT64)) {
            for (Tile tile : tiles) {
                TileValues expected;
                try {
                    expected = java.tile(tile);
                } catch (Failure e) {
                    assertThatThrownBy(() -> graph.tile(tile)).as(name).isInstanceOf(Failure.class).hasMessage(e.getMessage());
                    continue;
                }
                TileValues values = graph.tile(tile);
                // Where a correlation is ±1 the last digit counts for half of all digits.
                double scale = 1e-7 * Cases.largest(expected.nngp());
                assertThat(values.nngp()).as(name).containsExactly(expected.nngp(), within(scale));
                assertThat(values.ntk()).as(name).containsExactly(expected.ntk(), within(scale + 1e-7 * Cases.largest(expected.ntk())));
            }
        }
    }

    /** Tiles with ragged edges, in pieces, on a few threads; symmetric and not. */
    @Test
    void should_fill_whole_kernels() {
        Inputs x = Cases.inputs(5, 7, 5, 4, 2);
        Inputs x2 = Cases.inputs(6, 3, 5, 4, 2);
        Serial network = Network.parse("[{conv: {channels: 2, strides: [2, 1], padding: same, bStd: 0.1}}, relu, {conv: {channels: 2, "
                + "padding: circular}}, gelu, globalAvgPool, {dense: {units: 1}}]")
                .layers(x.shape());
        InfiniteKernels.Plan java = new InfiniteKernels.Plan(2, 1L << 30, 4);
        InfiniteKernels.Plan graph = new InfiniteKernels.Plan(2, 1L << 30, 3, 1, 2, 0, false, Precision.FLOAT64,
                Optional.of(EngineChoice.graph(network, x.shape(), false, CPU)), List.of("nngp", "ntk"));
        for (Optional<Inputs> columns : List.of(Optional.<Inputs>empty(), Optional.of(x2))) {
            InfiniteKernels expected = InfiniteKernels.of(network, x, columns, java, Monitor.silent(), Optional.empty());
            InfiniteKernels kernels = InfiniteKernels.of(network, x, columns, graph, Monitor.silent(), Optional.empty());
            assertThat(Cases.difference(kernels.nngp().toArray(), expected.nngp().toArray()))
                    .isLessThan(1e-14 * Cases.largest(expected.nngp().values()));
            assertThat(Cases.difference(kernels.ntk().toArray(), expected.ntk().toArray()))
                    .isLessThan(1e-14 * Cases.largest(expected.ntk().values()));
            InfiniteKernels single = InfiniteKernels.of(network, x, columns, graph.withPrecision(Precision.FLOAT32), Monitor.silent(),
                    Optional.empty());
            assertThat(Cases.difference(single.ntk().toArray(), expected.ntk().toArray()))
                    .isLessThan(1e-6 * Cases.largest(expected.ntk().values()));
        }
    }

    private static Offer offer(Serial network, Shape in) {
        return EngineChoice.graph(network, in, false, CPU).best();
    }

    @Test
    void should_need_more_memory_for_lists_within_lists() {
        Shape image = Shape.of(8, 8, 1);
        Serial plain = Network.parse("[{conv: {channels: 2}}, relu, globalAvgPool]").layers(image);
        Serial nested = Network.parse("[{residual: {layers: [{conv: {channels: 1, padding: same}}]}}, {conv: {channels: 2}}, relu, "
                + "globalAvgPool]").layers(image);
        Serial flat = Network.parse("[{conv: {channels: 2}}, relu, flatten]").layers(image);
        assertThat(offer(plain, image).bytesPerPair()).isEqualTo(64L * 64 * 16 * 8);
        assertThat(offer(nested, image).bytesPerPair()).isEqualTo(64L * 64 * 20 * 8);
        assertThat(offer(flat, image).bytesPerPair()).isEqualTo(64L * 16 * 8);
        assertThat(offer(plain, image).side(1000, 1000, 2)).isBetween(100, 200);
        assertThat(offer(plain, image).usable(12345)).isEqualTo(12345);
    }

    @Test
    void should_leave_to_java_what_leaves_the_range() {
        Serial relu = Network.parse("[{dense: {units: 2}}, relu, {dense: {units: 2}}, relu, {dense: {units: 1}}]").layers(Shape.of(3));
        for (double scale : new double[] {1e-120, 1e-60, 1e60, 1e120}) {
            compare("relu at " + scale, relu, Cases.times(Cases.inputs(1, 4, 3), scale), Optional.empty(), new Tile(0, 4, 0, 4),
                    new Tile(0, 2, 2, 4));
        }
        compare("exp", Network.parse("[{dense: {units: 2}}, exp, {dense: {units: 2}}, exp, {dense: {units: 1}}]").layers(Shape.of(3)),
                Cases.times(Cases.inputs(1, 4, 3), 30),
                Optional.empty(), new Tile(0, 4, 0, 4));
        compare("vanished", Network.parse("[{dense: {units: 2, wStd: 1e-170, bStd: 1}}, relu, {dense: {units: 1}}]").layers(Shape.of(3)),
                Cases.inputs(1, 4, 3), Optional.empty(),
                new Tile(0, 4, 0, 4));
        double[] values = Cases.inputs(1, 4, 3).values().clone();
        Arrays.fill(values, 3, 6, 0);
        compare("an input of zeros", relu, Inputs.of(square(values, 4), 3), Optional.empty(), new Tile(0, 4, 0, 4));
    }
}
