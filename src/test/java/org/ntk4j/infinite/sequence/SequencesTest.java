package org.ntk4j.infinite.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Span;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

class SequencesTest {

    private static final int COUNT = 6;

    /** A shape and a network. */
    record Sample(Shape shape, boolean padded, String definition) {

        double tolerance() {
            return definition.contains("tanh") || definition.contains("sigmoid") ? 1e-9 : 1e-12;
        }

        Inputs inputs() {
            double[] values = new Random(1).doubles((long) COUNT * shape.size(), -1, 1).toArray();
            if (definition.contains("embedding")) {
                Random random = new Random(2);
                java.util.Arrays.setAll(values, i -> random.nextInt(4));
            }
            // The same sentence twice, and words that are missing at the end.
            System.arraycopy(values, 0, values, (COUNT - 1) * shape.size(), shape.size());
            for (int e = 1; e < COUNT - 1 && padded; e++) {
                java.util.Arrays.fill(values, (e + 1) * shape.size() - e * shape.channels(), (e + 1) * shape.size(), Double.NaN);
            }
            return Inputs.of(values, COUNT, shape);
        }

        Serial network() {
            return Network.parse(definition).layers(shape);
        }
    }

    static List<Sample> samples() {
        String block = "{residual: {layers: [layerNorm, {selfAttention: {heads: 2, positions: sum, bStd: 0.2}}]}}, "
                + "{residual: {layers: [layerNorm, {dense: {units: 4, bStd: 0.3}}, ACTIVATION, {dense: {units: 3}}]}}";
        String plain = "layerNorm, {selfAttention: {}}, layerNorm, {dense: {units: 4, wStd: 1.4}}, relu, {dense: {units: 3}}";
        return List.of(
                new Sample(Shape.of(8, 3), false, "[{dense: {units: 3}}, " + plain + ", " + plain
                        + ", globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(7, 3), false, "[{dense: {units: 3, bStd: 0.1}}, " + block.replace("ACTIVATION", "relu") + ", "
                        + block.replace("ACTIVATION", "gelu") + ", layerNorm, globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(7, 3), true, "[{dense: {units: 3, bStd: 0.1}}, " + block.replace("ACTIVATION", "sigmoid") + ", "
                        + block.replace("ACTIVATION", "erf") + ", globalAvgPool, {dense: {units: 4}}, relu, {dense: {units: 1}}]"),
                new Sample(Shape.of(9, 2), true, "[{dense: {units: 3, bStd: 0.4}}, relu, {selfAttention: {mechanism: abs, positions: "
                        + "concat, posDecay: 0.3}}, tanh, {selfAttention: {mechanism: relu, valuePositions: false, positions: sum}}, "
                        + "globalSumPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(5, 3), false, "[{selfAttention: {positions: sum}}, relu, flatten, {dense: {units: 1}}]"),
                new Sample(Shape.of(3, 3, 2), false, "[{repeat: {times: 2, layers: [{dense: {units: 3}}, {parallel: {merge: sum, branches: "
                        + "[[relu, {dense: {units: 3}}], [{selfAttention: {}}], [identity]]}}]}}, erf, globalAvgPool, "
                        + "{dense: {units: 1}}]"),
                new Sample(Shape.of(9, 1), true, "[{embedding: {vocabulary: 4, channels: 3}}, " + block.replace("ACTIVATION", "relu")
                        + ", globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(7, 3), true, "[{dense: {units: 3}}, {dropout: {keep: 0.5, mode: test}}, "
                        + block.replace("ACTIVATION", "relu") + ", firstPosition, relu, {dense: {units: 1}}]"),
                new Sample(Shape.of(1, 3), false, "[{selfAttention: {}}, relu, globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(9, 3), false, "[{conv: {channels: 4, filter: [3], padding: same, bStd: 0.1}}, relu, {selfAttention: "
                        + "{heads: 2, positions: sum}}, {residual: {layers: [layerNorm, {conv: {channels: 4, filter: [4], padding: "
                        + "circular}}, gelu, {conv: {channels: 4, filter: [1], padding: same, bStd: 0.2}}]}}, globalAvgPool]"),
                new Sample(Shape.of(13, 3), true, "[{conv: {channels: 4, filter: [4], padding: same, bStd: 0.1}}, relu, {avgPool: {window: "
                        + "[2]}}, {conv: {channels: 4, filter: [3], bStd: 0.2}}, erf, globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(24, 2), true, "[{conv: {channels: 4, filter: [5], strides: [2], padding: same}}, relu, {residual: "
                        + "{layers: [{conv: {channels: 4, filter: [2], strides: [2], bStd: 0.1}}, tanh, {selfAttention: {}}], shortcut: "
                        + "[{conv: {channels: 4, filter: [4], strides: [2], padding: same}}, {avgPool: {window: [3], strides: [1], "
                        + "padding: same}}]}}, relu, {sumPool: {window: [3], strides: [2], padding: same}}, {dense: {units: 4, bStd: "
                        + "0.3}}, relu, globalAvgPool]"),
                new Sample(Shape.of(24, 2), true, "[{conv: {channels: 4, filter: [4], strides: [3], padding: same}}, relu, {parallel: "
                        + "{merge: concat, branches: [[{conv: {channels: 3, filter: [2], strides: [2]}}, relu], [{conv: {channels: 4, "
                        + "filter: [3], strides: [2], padding: same, bStd: 0.5}}]]}}, {conv: {channels: 4, filter: [2], padding: "
                        + "same}}, relu, globalSumPool]"),
                new Sample(Shape.of(5, 6, 2), false, "[{conv: {channels: 4, filter: [3, 2], padding: same, bStd: 0.1}}, relu, "
                        + "{selfAttention: {}}, {conv: {channels: 4, filter: [2, 4], strides: [2, 1], padding: circular}}, relu, {avgPool: "
                        + "{window: [2, 3], strides: [1, 2]}}, {conv: {channels: 4, filter: [2, 2]}}, erf, flatten, {dense: {units: 1}}]"),
                new Sample(Shape.of(6, 5, 2), false, "[{conv: {channels: 4}}, {parallel: {merge: product, branches: [[relu, {avgPool: "
                        + "{window: [2, 2]}}], [{conv: {channels: 4, filter: [2, 2], strides: [2, 2]}}]]}}, {dense: {units: 4}}, relu, "
                        + "{slice: {from: [1, 0]}}, globalAvgPool]"),
                new Sample(Shape.of(7, 3), false, "[{conv: {channels: 4, filter: [3]}}, relu, {selfAttention: {}}, {conv: "
                        + "{channels: 4, filter: [2]}}, relu, firstPosition, {dense: {units: 4}}, relu]"),
                new Sample(Shape.of(7, 3), true, "[{dense: {units: 3, bStd: 0.2}}, relu, {selfAttention: {scaling: sqrt, mechanism: "
                        + "identity, positions: sum, posDecay: 0.4, valuePositions: false, bStd: 0.3}}, erf, {selfAttention: {scaling: "
                        + "sqrt, mechanism: identity}}, globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(9, 2), false, "[{dense: {units: 3}}, {residual: {layers: [{selfAttention: {scaling: sqrt, "
                        + "mechanism: identity, wKeyStd: 0.3, positions: concat}}]}}, layerNorm, relu, globalAvgPool]"),
                new Sample(Shape.of(7, 3), true, "[{dense: {units: 3, bStd: 0.2}}, relu, layerNorm, {selfAttention: {}}, gelu, "
                        + "{dropout: {keep: 0.7}}, {layerNorm: {over: all, epsilon: 0.1}}, {dense: {units: 4}}, {layerNorm: {over: all}}, "
                        + "relu, {layerNorm: {over: all}}, {dense: {units: 1}}, globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(5, 2), false, "[{dense: {units: 3}}, relu, {residual: {layers: [layerNorm, {dropout: {keep: 0.5}}, "
                        + "{selfAttention: {positions: sum}}, {dense: {units: 3, bStd: 0.3}}]}}, {dense: {units: 3}}, relu, "
                        + "globalAvgPool]"),
                new Sample(Shape.of(7, 3), true, "[{residual: {layers: [layerNorm, {selfAttention: {}}]}}, {residual: {layers: [layerNorm, "
                        + "{dense: {units: 3}}, relu, {dense: {units: 3}}]}}, {layerNorm: {over: all}}, globalAvgPool, {dense: {units: "
                        + "1}}]"),
                new Sample(Shape.of(5, 4, 2), false, "[{convLocal: {channels: 3, filter: [2, 2], bStd: 0.4}}, relu, {selfAttention: {}}, "
                        + "{convLocal: {channels: 3, filter: [2, 2]}}, erf, globalAvgPool]"),
                new Sample(Shape.of(6, 3), false, "[{dense: {units: 3, wStd: 0.7, bStd: 0.6}}, {selfAttention: {positions: sum, bStd: "
                        + "0.2}}, {dense: {units: 3, wStd: 1.3}}, {avgPool: {window: [2]}}, {dense: {units: 3}}, globalSumPool]"),
                new Sample(Shape.of(7, 3), true, "[{dense: {units: 3, wStd: 1.3}}, {parallel: {merge: sum, branches: [[{dense: {units: 3, "
                        + "wStd: 0.8}}], [identity], [{dense: {units: 3, wStd: 0.4}}]]}}, {dropout: {keep: 0.8}}, {parallel: {merge: "
                        + "product, branches: [[{dense: {units: 3}}], [{dense: {units: 3, wStd: 0.5}}]]}}, {dense: {units: 3}}, "
                        + "globalAvgPool]"),
                new Sample(Shape.of(7, 3), true, "[{dense: {units: 3, bStd: 0.3}}, {parallel: {merge: sum, branches: [[identity], "
                        + "[layerNorm, {selfAttention: {}}], [{dense: {units: 3, wStd: 0.8}}], [{dense: {units: 3}}, relu, {parallel: "
                        + "{merge: sum, branches: [[identity], [layerNorm, {dense: {units: 3, bStd: 0.2}}]]}}, {dense: {units: 3}}]]}}, "
                        + "{dense: {units: 3}}, gelu, globalAvgPool, {dense: {units: 1}}]"),
                new Sample(Shape.of(4, 3, 2), false, "[{conv: {channels: 4, padding: same}}, relu, {resize: {size: [6, 5], method: "
                        + "linear}}, {selfAttention: {}}, {conv: {channels: 4}}, relu, globalAvgPool]"));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void should_give_what_goes_layer_by_layer(Sample sample) {
        check(sample, Precision.FLOAT64, sample.tolerance());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void should_keep_five_digits_in_float32(Sample sample) {
        check(sample, Precision.FLOAT32, 1e-5);
    }

    private static void check(Sample sample, Precision precision, double tolerance) {
        Serial network = sample.network();
        try (InputGram gram = InputGram.of(network, sample.inputs())) {
            Engine engine = Sequences.offer(network, sample.shape(), sample.padded).orElseThrow().open(gram, gram, precision).orElseThrow();
            Covariance whole = network.kernel(InputGram.covariance(gram, 0, COUNT, gram, 0, COUNT), Span.EQUAL).flattened();
            TileValues tile = engine.tile(new Tile(0, COUNT, 0, COUNT));
            TileValues part = engine.tile(new Tile(0, 2, 3, COUNT));
            double[] scale = whole.at(0, 0, true);
            for (int i = 0; i < COUNT; i++) {
                for (int j = i; j < COUNT; j++) {
                    double[] expected = whole.at(i, j, i == j);
                    assertThat(tile.nngp()[i * COUNT + j]).isCloseTo(expected[0], within(tolerance * scale[0]));
                    assertThat(tile.ntk()[i * COUNT + j]).isCloseTo(expected[1], within(tolerance * scale[1]));
                    if (i < 2 && j >= 3) {
                        assertThat(part.nngp()[i * 3 + j - 3]).as("of a smaller tile").isEqualTo(tile.nngp()[i * COUNT + j]);
                        assertThat(part.ntk()[i * 3 + j - 3]).as("of a smaller tile").isEqualTo(tile.ntk()[i * COUNT + j]);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void should_give_the_same_covariances_where_they_alone_are_asked_for(Sample sample) {
        Serial network = sample.network();
        try (InputGram gram = InputGram.of(network, sample.inputs())) {
            Tile all = new Tile(0, COUNT, 0, COUNT);
            var offer = Sequences.offer(network, sample.shape(), sample.padded).orElseThrow();
            Engine both = offer.open(gram, gram, Precision.FLOAT64).orElseThrow();
            Engine alone = offer.ofCovariances().open(gram, gram, Precision.FLOAT64).orElseThrow();
            assertThat(alone.tile(all).nngp()).isEqualTo(both.tile(all).nngp());
        }
    }

    /** A factor that waits for long must not leave what it is a factor of too small for float32. */
    @Test
    void should_keep_its_digits_where_normalisation_divides_again_and_again() {
        Shape in = Shape.of(5, 3);
        String again = "{dense: {units: 3, wStd: 30}}, layerNorm, ";
        Serial network = Network.parse("[{dense: {units: 3}}, relu, " + again.repeat(60) + "{selfAttention: {}}, globalAvgPool, {dense: "
                + "{units: 1}}]").layers(in);
        try (InputGram gram = InputGram.of(network, Inputs.of(new Random(1).doubles(60, -1, 1).toArray(), 4, in))) {
            Tile all = new Tile(0, 4, 0, 4);
            var offer = Sequences.offer(network, in, false).orElseThrow();
            double[] exact = offer.open(gram, gram, Precision.FLOAT64).orElseThrow().tile(all).ntk();
            double[] small = offer.open(gram, gram, Precision.FLOAT32).orElseThrow().tile(all).ntk();
            for (int i = 0; i < exact.length; i++) {
                assertThat(small[i]).isCloseTo(exact[i], within(1e-4 * exact[0]));
            }
            Covariance whole = network.kernel(InputGram.covariance(gram, 0, 4, gram, 0, 4), Span.EQUAL).flattened();
            assertThat(exact[1]).isCloseTo(whole.at(0, 1, false)[1], within(1e-10 * exact[0]));
        }
    }

    /** Of few sentences what they have with themselves is made once and kept, of many anew for each tile. */
    @Test
    void should_not_depend_on_how_many_sentences_there_are() {
        Shape in = Shape.of(64, 2);
        int many = 400;
        int few = 40;
        Serial network = Network.parse("[{dense: {units: 3, bStd: 0.1}}, layerNorm, {selfAttention: {}}, relu, {selfAttention: {}}, "
                + "globalAvgPool]").layers(in);
        double[] values = new Random(3).doubles((long) many * in.size(), -1, 1).toArray();
        Tile[] tiles = {new Tile(0, 9, 0, 9), new Tile(1, 10, 20, few)};
        try (InputGram gram = InputGram.of(network, Inputs.of(values, many, in), 2);
                InputGram part = InputGram.of(network, Inputs.of(java.util.Arrays.copyOf(values, few * in.size()), few, in))) {
            var offer = Sequences.offer(network, in, false).orElseThrow();
            assertThat(offer.bytesKept(few)).isGreaterThan(offer.bytesKept(many));
            Engine large = offer.open(gram, gram, Precision.FLOAT64).orElseThrow();
            Engine small = offer.open(part, part, Precision.FLOAT64).orElseThrow();
            for (Tile tile : tiles) {
                assertThat(large.tile(tile).nngp()).isEqualTo(small.tile(tile).nngp());
                assertThat(large.tile(tile).ntk()).isEqualTo(small.tile(tile).ntk());
            }
        }
    }

    @Test
    void should_leave_other_networks_alone() {
        Shape in = Shape.of(6, 2);
        for (String definition : List.of("[relu, {selfAttention: {}}, globalAvgPool]", "[{dense: {units: 2}}, relu, firstPosition]",
                "[{convTranspose: {channels: 2, filter: [3], padding: same}}, {selfAttention: {}}, globalAvgPool]",
                "[{selfAttention: {}}, relu, globalAvgPool, layerNorm]",
                "[{selfAttention: {}}, relu, {layerNorm: {over: all}}, layerNorm, globalAvgPool]",
                "[{selfAttention: {}}, {residual: {layers: [{dense: {units: 2}}, relu]}}, globalAvgPool]")) {
            assertThat(Sequences.offer(Network.parse(definition).layers(in), in, false))
                    .as(definition).isEmpty();
        }
    }

    @Test
    void should_leave_to_the_layers_what_float64_does_not_hold() {
        Shape in = Shape.of(4, 2);
        Serial network = Network.parse("[{dense: {units: 2, wStd: 1e-80}}, relu, {selfAttention: {}}, relu, globalAvgPool]").layers(in);
        try (InputGram gram = InputGram.of(network, Inputs.of(new Random(1).doubles(24).toArray(), 3, in))) {
            assertThat(Sequences.offer(network, in, false)).isPresent();
            assertThat(Sequences.offer(network, in, false).orElseThrow().open(gram, gram, Precision.FLOAT64)).isEmpty();
        }
    }
}
