package org.ntk4j.infinite.strip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.infinite.layers.LayerByLayer;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/** Strips give what the layers give one after the other. */
class StripsTest {

    private static final InfiniteKernels.Plan PLAN = new InfiniteKernels.Plan(2, 1L << 30, 64);
    private static final int COUNT = 21;
    private static final Tile WHOLE = new Tile(0, COUNT, 0, COUNT);

    private static Inputs images(int n, long seed) {
        Random random = new Random(seed);
        double[] values = random.doubles(n * 12).map(u -> 4 * u - 2).toArray();
        // The same image twice, and one that is zero.
        System.arraycopy(values, 0, values, 12 * (n - 1), 12);
        Arrays.fill(values, 12, 24, 0);
        return Inputs.of(values, n, Shape.of(2, 3, 2));
    }

    private static TileValues layerByLayer(Serial network, InputGram rows, InputGram columns) {
        try (Engine engine = new LayerByLayer(network, rows, columns)) {
            return engine.tile(new Tile(0, rows.count(), 0, columns.count()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{mlp: {depth: 3, wStd: 1.4, bStd: 0.1}}",
        "{mlp: {depth: 2, activation: {erf: {a: 1, b: 2, c: 0.5}}}}",
        "[flatten, {dense: {units: 7, parameterization: standard, bStd: 0.3}}, identity, {leakyRelu: {alpha: 0.2}}, {dense: {units: 1}}, "
                + "{dense: {units: 2}}]",
        "[flatten, {dense: {units: 7}}, relu]",
        "[flatten, {dense: {units: 7, bStd: 0.2}}, layerNorm, relu, {dropout: {keep: 0.8}}, {dense: {units: 3}}, {layerNorm: {over: all}}]",
        "[flatten, {dense: {units: 7}}, {residual: {layers: [layerNorm, {dense: {units: 9, bStd: 0.2}}, relu, {dense: {units: 7}}]}}, "
                + "{parallel: {merge: sum, branches: [[relu, {dense: {units: 7}}], [abs, {dense: {units: 7, wStd: 0.3}}], [identity]]}}]",
        "[flatten, {parallel: {merge: product, branches: [[{dense: {units: 7}}, relu], [{dense: {units: 7}}]]}}, {dense: {units: 1}}]",
        "[flatten, {parallel: {merge: concat, branches: [[{dense: {units: 6}}, relu], [{dense: {units: 2}}], [identity]]}}, "
                + "{dense: {units: 1}}]"})
    void should_give_the_same_bytes_as_layer_by_layer(String text) {
        Inputs x = images(150, 0);
        Inputs other = images(70, 1);
        Serial network = Network.parse(text).layers(x.shape());
        assertThat(Strips.offer(network, x.shape())).isPresent();
        InfiniteKernels fast = InfiniteKernels.of(network, x, PLAN, Monitor.silent());
        InputGram gram = InputGram.of(network, x);
        TileValues slow = layerByLayer(network, gram, gram);
        assertThat(fast.nngp().values()).isEqualTo(slow.nngp());
        assertThat(fast.ntk().values()).isEqualTo(slow.ntk());
        InfiniteKernels fastCross = InfiniteKernels.of(network, x, other, PLAN.withTile(37), Monitor.silent());
        TileValues slowCross = layerByLayer(network, gram, InputGram.of(network, other));
        assertThat(fastCross.nngp().values()).isEqualTo(slowCross.nngp());
        assertThat(fastCross.ntk().values()).isEqualTo(slowCross.ntk());
    }

    static LongStream seeds() {
        return LongStream.range(0, 30);
    }

    /** Networks of everything that vectors can go through, in one another. */
    @ParameterizedTest
    @MethodSource("seeds")
    void should_take_every_network_without_positions(long seed) {
        Shape in = Shape.of(5);
        String definition = new VectorNetworks(seed).network();
        Serial network = Network.parse(definition).layers(in);
        double[] values = Cases.normal(seed, COUNT * in.size());
        System.arraycopy(values, 0, values, in.size() * (COUNT - 1), in.size());
        InputGram gram = InputGram.of(network, Inputs.of(values, COUNT, in));
        TileValues slow = layerByLayer(network, gram, gram);
        Offer offer = Strips.offer(network, in).orElseThrow();
        // Each series has an error of its own.
        int series = definition.split("tanh", -1).length - 1;
        for (Precision precision : Precision.values()) {
            double tolerance = precision == Precision.FLOAT32 ? 2e-5 : 1e-12 + series * 1e-9;
            TileValues fast = tile(offer, gram, precision, WHOLE);
            check(definition, fast.nngp(), slow.nngp(), tolerance);
            check(definition, fast.ntk(), slow.ntk(), tolerance);
            TileValues alone = tile(offer.ofCovariances(), gram, precision, WHOLE);
            assertThat(alone.nngp()).as("K alone of " + definition).isEqualTo(fast.nngp());
            assertThat(alone.ntk()).containsOnly(0);
            assertThat(tile(offer.ofTangents(), gram, precision, WHOLE).ntk()).as("Θ alone of " + definition).isEqualTo(fast.ntk());
            TileValues part = tile(offer, gram, precision, new Tile(3, 9, 10, COUNT));
            for (int i = 3; i < 9; i++) {
                for (int j = 10; j < COUNT; j++) {
                    int at = (i - 3) * (COUNT - 10) + j - 10;
                    assertThat(part.nngp()[at]).as("of a smaller tile of " + definition).isEqualTo(fast.nngp()[i * COUNT + j]);
                    assertThat(part.ntk()[at]).as("of a smaller tile of " + definition).isEqualTo(fast.ntk()[i * COUNT + j]);
                }
            }
        }
    }

    private static TileValues tile(Offer offer, InputGram gram, Precision precision, Tile tile) {
        try (Engine engine = offer.open(gram, gram, precision).orElseThrow()) {
            return engine.tile(tile);
        }
    }

    /** To this share of the variances. */
    private static void check(String definition, double[] found, double[] expected, double tolerance) {
        for (int i = 0; i < COUNT; i++) {
            for (int j = 0; j < COUNT; j++) {
                double scale = Math.sqrt(expected[i * (COUNT + 1)] * expected[j * (COUNT + 1)]);
                assertThat(found[i * COUNT + j]).as("(%d, %d) of %s", i, j, definition)
                        .isCloseTo(expected[i * COUNT + j], within(tolerance * scale));
            }
        }
    }

    /** Random networks without positions. */
    private static final class VectorNetworks {

        private static final List<String> ACTIVATIONS = List.of("relu", "{leakyRelu: {alpha: 0.2}}", "abs", "erf", "gelu",
                "{sin: {b: 0.7}}", "tanh");
        private static final String NORM = "{layerNorm: {epsilon: 0.01}}";
        private final Random random;

        VectorNetworks(long seed) {
            this.random = new Random(seed * 104729 + 7);
        }

        String network() {
            return "[" + dense() + ", " + blocks(3) + ", " + blocks(2) + "]";
        }

        private String dense() {
            return "{dense: {units: 5, wStd: " + (0.8 + random.nextInt(6) / 10.0) + (random.nextBoolean() ? ", bStd: 0.3" : "")
                    + (random.nextInt(5) == 0 ? ", parameterization: standard" : "") + "}}";
        }

        private String bent() {
            return ACTIVATIONS.get(random.nextInt(ACTIVATIONS.size()));
        }

        /** Begins with what is Gaussian and ends in weights. */
        private String blocks(int depth) {
            if (depth == 0) {
                return bent() + ", " + dense();
            }
            return switch (random.nextInt(9)) {
                case 0 -> NORM + ", " + blocks(depth - 1);
                case 1 -> "{residual: {layers: [" + blocks(depth - 1) + "]}}, " + blocks(depth - 1);
                case 2 -> "{residual: {layers: [" + NORM + ", " + blocks(depth - 1) + "], shortcut: [" + bent() + "]}}, " + dense();
                case 3 -> "{parallel: {merge: sum, branches: [[" + blocks(depth - 1) + "], [" + blocks(depth - 1) + "], [" + dense()
                        + "]]}}, " + blocks(depth - 1);
                case 4 -> "{parallel: {merge: concat, branches: [[" + blocks(depth - 1) + "], [" + bent() + "], [" + dense() + "]]}}, "
                        + "layerNorm, " + dense();
                case 5 -> "{parallel: {merge: product, branches: [[" + blocks(depth - 1) + "], [" + dense() + ", " + bent() + "], [" + NORM
                        + "]]}}, " + dense();
                case 6 -> "{repeat: {times: 2, layers: [" + blocks(depth - 1) + "]}}";
                case 7 -> bent() + ", " + NORM + ", {dropout: {keep: 0.7}}, " + dense();
                default -> "{serial: [" + blocks(depth - 1) + "]}, " + bent() + ", {dropout: {keep: 0.9, mode: test}}, " + dense();
            };
        }
    }

    /** Squares of such inputs are 0 in float32. */
    @Test
    void should_not_lose_inputs_that_float32_does_not_hold() {
        Inputs x = Cases.inputs(1, 4, 6);
        Serial network = Network.parse("[{dense: {units: 3, wStd: 1.0e20}}, relu, {dense: {units: 1}}]").layers(x.shape());
        InfiniteKernels exact = InfiniteKernels.of(network, x, PLAN, Monitor.silent());
        InfiniteKernels small = InfiniteKernels.of(network, Cases.times(x, 1e-25), PLAN.withPrecision(Precision.FLOAT32),
                Monitor.silent());
        assertThat(small.ntk().get(0, 1)).isCloseTo(1e-50 * exact.ntk().get(0, 1), withPercentage(1e-4));
    }

    @Test
    void should_leave_to_the_layers_what_they_refuse() {
        Shape in = Shape.of(4);
        for (String definition : List.of("[relu, {dense: {units: 1}}]", "[{dense: {units: 1}}, relu, tanh]",
                "[{dense: {units: 4}}, {residual: {layers: [relu]}}, {dense: {units: 1}}]",
                "[{dense: {units: 4}}, {parallel: {merge: product, branches: [[relu], [identity]]}}]",
                "[{dense: {units: 4}}, batchNorm]")) {
            assertThat(Strips.offer(Network.parse(definition).layers(in), in)).as(definition).isEmpty();
        }
    }

    @Test
    void should_leave_it_to_the_layers_to_name_the_one_that_fails() {
        Serial layers = Network.parse("{mlp: {depth: 40, wStd: 1.0e30}}").layers(Shape.of(12));
        assertThatThrownBy(() -> InfiniteKernels.of(layers, images(3, 0).flat(), PLAN, Monitor.silent()))
                .isInstanceOf(Failure.class).hasMessageContaining("network.").hasMessageContaining("wStd");
        Serial nested = Network.parse("[{dense: {units: 2}}, {residual: {layers: [layerNorm, {repeat: {times: 9, layers: "
                + "[{dense: {units: 2, wStd: 1.0e30}}]}}]}}]").layers(Shape.of(12));
        assertThatThrownBy(() -> InfiniteKernels.of(nested, images(3, 0).flat(), PLAN, Monitor.silent()))
                .isInstanceOf(Failure.class).hasMessageContaining("network.1.residual.layers.1.repeat").hasMessageContaining("wStd");
    }
}
