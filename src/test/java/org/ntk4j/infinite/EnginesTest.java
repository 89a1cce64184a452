package org.ntk4j.infinite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.layers.LayerByLayer;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/** Networks of several kinds at once: the engine of a plan gives what they give layer by layer, in tiles of any size. */
class EnginesTest {

    private static final int COUNT = 5;

    /**
     * A network on inputs.
     *
     * @param plan   how its plan says the engine
     * @param padded whether positions at the end of some inputs are padding
     */
    record Sample(String plan, Shape shape, boolean padded, String definition) {

        Inputs inputs() {
            double[] values = new Random(3).doubles((long) COUNT * shape.size(), -1, 1).toArray();
            for (int i = 1; i < COUNT - 1 && padded; i++) {
                Arrays.fill(values, (i + 1) * shape.size() - i * shape.channels(), (i + 1) * shape.size(), Double.NaN);
            }
            // The same input twice.
            System.arraycopy(values, 0, values, (COUNT - 1) * shape.size(), shape.size());
            return Inputs.of(values, COUNT, shape);
        }

        /** What a quadrature leaves. */
        double tolerance() {
            return definition.contains("tanh") || definition.contains("silu") ? 1e-9 : 1e-12;
        }
    }

    static List<Sample> samples() {
        return List.of(
                new Sample("planes up to layer 2 (globalAvgPool), then strips", Shape.of(5, 4, 2), false, "[{conv: {channels: 4, padding: "
                        + "same, bStd: 0.1}}, relu, globalAvgPool, {dense: {units: 4, bStd: 0.2}}, relu, {dense: {units: 4}}, erf, "
                        + "{dense: {units: 1}}]"),
                new Sample("planes up to layer 2 (globalAvgPool), then strips", Shape.of(5, 4, 2), false, "[{conv: {channels: 4, padding: "
                        + "same}}, relu, globalAvgPool, layerNorm, {dense: {units: 4}}, {residual: {layers: [tanh, {dense: {units: 4, "
                        + "bStd: 0.1}}]}}, relu, layerNorm, {dense: {units: 1}}]"),
                new Sample("planes up to layer 3 (globalAvgPool), then strips", Shape.of(5, 4, 2), false, "[{conv: {channels: 4}}, "
                        + "relu, {dense: {units: 4}}, globalAvgPool, silu, {dense: {units: 4}}, {dropout: {keep: 0.5}}, "
                        + "{dense: {units: 1}}]"),
                new Sample("planes up to layer 2 (flatten), then strips", Shape.of(5, 4, 2), false, "[{conv: {channels: 4, padding: same, "
                        + "bStd: 0.1}}, relu, flatten, {dense: {units: 4}}, tanh, {dense: {units: 4}}, relu, {dense: {units: 1}}]"),
                new Sample("planes up to layer 3 (flatten), then strips", Shape.of(6, 4, 2), false, "[{conv: {channels: 4, "
                        + "padding: same}}, {avgPool: {window: [2, 2]}}, relu, flatten, layerNorm, {dense: {units: 4}}, {parallel: {merge: "
                        + "product, branches: [[relu, {dense: {units: 4}}], [{dense: {units: 4}}]]}}, {dense: {units: 1}}]"),
                new Sample("sequences, then strips", Shape.of(5, 3), true, "[{dense: {units: 4}}, {parallel: {merge: product, "
                        + "branches: [[relu, {selfAttention: {heads: 2}}], [{dense: {units: 4, bStd: 0.3}}, erf]]}}, {dense: {units: 4}}, "
                        + "relu, globalAvgPool, {dense: {units: 1}}]"),
                new Sample("planes up to layer 2 (avgPool), then sequences, then strips", Shape.of(6, 4, 2), false, "[{conv: {channels: "
                        + "4, padding: same}}, relu, {avgPool: {window: [2, 2]}}, {selfAttention: {heads: 2, positions: sum}}, layerNorm, "
                        + "{conv: {channels: 4, filter: [2, 2], bStd: 0.1}}, tanh, globalAvgPool, {dense: {units: 4}}, relu, {dense: "
                        + "{units: 1}}]"),
                new Sample("planes up to layer 2 (sumPool), then sequences", Shape.of(9, 2), false, "[{conv: {channels: 4, filter: [3], "
                        + "padding: circular}}, relu, {sumPool: {window: [3], strides: [2]}}, {dense: {units: 4, bStd: 0.2}}, {residual: "
                        + "{layers: [relu, {selfAttention: {}}]}}, erf, globalAvgPool]"),
                new Sample("sequences, then strips", Shape.of(9, 3), true, "[{conv: {channels: 4, filter: [3], padding: same, bStd: "
                        + "0.1}}, relu, {avgPool: {window: [2]}}, {conv: {channels: 4, filter: [2]}}, tanh, globalAvgPool, {dense: "
                        + "{units: 1}}]"),
                new Sample("planes up to layer 2 (globalAvgPool), then strips", Shape.of(7, 3), true, "[{conv: {channels: 4, filter: "
                        + "[3], padding: same}}, relu, globalAvgPool, {dense: {units: 4, bStd: 0.1}}, gelu, {dense: {units: 1}}]"),
                new Sample("sequences, then strips", Shape.of(5, 3), true, "[{selfAttention: {heads: 2}}, "
                        + "globalAvgPool, layerNorm, {dense: {units: 4}}, tanh, {dense: {units: 1}}]"),
                new Sample("sequences, then strips", Shape.of(4, 3), false, "[{selfAttention: {heads: 2}}, {resize: {size: [9], method: "
                        + "linear}}, layerNorm, {dense: {units: 4, bStd: 0.1}}, relu, globalAvgPool, {dense: {units: 1}}]"),
                new Sample("planes up to layer 2 (firstPosition), then strips", Shape.of(7, 3), true, "[{conv: {channels: 4, filter: "
                        + "[3], padding: same, bStd: 0.2}}, relu, firstPosition, {dense: {units: 4}}, erf, {dense: {units: 1}}]"),
                new Sample("planes up to layer 3 (firstPosition), then strips", Shape.of(6, 4, 2), false, "[{conv: {channels: 4, "
                        + "padding: same}}, {sumPool: {window: [2, 2]}}, relu, firstPosition, layerNorm, {dense: {units: 4}}, gelu, "
                        + "{dense: {units: 1}}]"),
                new Sample("planes up to layer 5 (globalAvgPool), then strips", Shape.of(5, 4, 2), false, "[{conv: {channels: 4, padding: "
                        + "same}}, relu, {dropout: {keep: 0.6}}, {conv: {channels: 4, padding: same, bStd: 0.3}}, relu, globalAvgPool, "
                        + "{dense: {units: 1}}]"),
                new Sample("planes up to layer 2 (globalAvgPool), then strips", Shape.of(9, 3), true, "[{conv: {channels: 4, filter: [3], "
                        + "padding: same, bStd: 0.3}}, {residual: {layers: [gelu, {dropout: {keep: 0.5}}, {conv: {channels: 4, filter: "
                        + "[5], padding: same}}]}}, globalAvgPool, {dense: {units: 4}}, relu]"),
                new Sample("planes up to layer 7 (flatten), then strips", Shape.of(8, 6, 2), false, "[{conv: {channels: 4, padding: "
                        + "circular, strides: [2, 2]}}, relu, {dropout: {keep: 0.6}}, {conv: {channels: 4, padding: same}}, {avgPool: "
                        + "{window: [2, 2], strides: [1, 1], padding: same}}, {dense: {units: 4, bStd: 0.4}}, relu, flatten, {dense: "
                        + "{units: 1}}]"),
                new Sample("planes up to layer 3 (globalAvgPool), then strips", Shape.of(6, 5, 2), false, "[{conv: {channels: 4, bStd: "
                        + "0.2}}, {residual: {layers: [{layerNorm: {over: all, epsilon: 0.1}}, relu, {conv: {channels: 4, padding: "
                        + "same}}]}}, {layerNorm: {over: all}}, globalAvgPool, {dense: {units: 4}}, relu, {dense: {units: 1}}]"),
                new Sample("planes up to layer 3 (globalAvgPool), then strips", Shape.of(7, 3), true, "[{conv: {channels: 4, filter: [3], "
                        + "padding: same, bStd: 0.2}}, {layerNorm: {over: all}}, relu, globalAvgPool, {dense: {units: 1}}]"),
                new Sample("planes up to layer 6 (flatten), then strips", Shape.of(8, 6, 2), false, "[{conv: {channels: 4, padding: "
                        + "same, strides: [2, 1]}}, {layerNorm: {over: all}}, relu, {avgPool: {window: [2, 2]}}, {conv: {channels: 4, "
                        + "padding: same}}, {layerNorm: {over: all}}, flatten, {dense: {units: 4}}, relu, {dense: {units: 1}}]"),
                new Sample("planes up to layer 3 (globalAvgPool), then strips", Shape.of(6, 5, 2), false, "[{conv: {channels: 4}}, relu, "
                        + "{dropout: {keep: 0.8}}, globalAvgPool, layerNorm, {dense: {units: 4}}, relu, {dense: {units: 1}}]"),
                new Sample("planes up to layer 6 (flatten), then strips", Shape.of(7, 6, 2), false, "[{conv: {channels: 4}}, relu, "
                        + "{convLocal: {channels: 4, filter: [2, 2], bStd: 0.3}}, erf, {convLocal: {channels: 4, filter: [3, 3], padding: "
                        + "same}}, relu, flatten, {dense: {units: 1}}]"),
                new Sample("planes up to layer 4 (flatten), then strips", Shape.of(7, 6, 2), false, "[{conv: {channels: 4}}, {avgPool: "
                        + "{window: [2, 2]}}, {convLocal: {channels: 4, filter: [2, 2], bStd: 0.3}}, relu, flatten, {dense: {units: "
                        + "1}}]"),
                new Sample("sequences, then strips", Shape.of(5, 4, 2), false, "[{convLocal: {channels: 4, bStd: 0.3}}, relu, "
                        + "globalAvgPool, {dense: {units: 1}}]"),
                new Sample("planes up to layer 3 (flatten), then strips", Shape.of(3, 2), false, "[{conv: {channels: 4, filter: [2]}}, "
                        + "relu, {conv: {channels: 4, filter: [2]}}, flatten, layerNorm, erf, {dense: {units: 1}}]"));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void should_give_what_all_layers_give(Sample sample) {
        Inputs x = sample.inputs();
        Serial network = Network.parse(sample.definition).layers(sample.shape);
        EngineChoice engines = EngineChoice.java(network, x, Optional.empty());
        assertThat(engines).hasToString(sample.plan);
        TileValues layers = values(LayerByLayer.offer(network, sample.shape), network, x, Precision.FLOAT64, new Tile(0, COUNT, 0, COUNT));
        double largest = Arrays.stream(layers.ntk()).max().orElseThrow();
        for (Precision precision : Precision.values()) {
            double tolerance = precision == Precision.FLOAT32 ? 1e-5 : sample.tolerance();
            TileValues whole = values(engines.best(), network, x, precision, new Tile(0, COUNT, 0, COUNT));
            assertThat(whole.nngp()).containsExactly(layers.nngp(), within(tolerance * largest));
            assertThat(whole.ntk()).containsExactly(layers.ntk(), within(tolerance * largest));
            TileValues part = values(engines.best(), network, x, precision, new Tile(1, 3, 3, COUNT));
            TileValues alone = values(engines.best().ofCovariances(), network, x, precision, new Tile(0, COUNT, 0, COUNT));
            assertThat(alone.nngp()).isEqualTo(whole.nngp());
            assertThat(alone.ntk()).containsOnly(0);
            for (int i = 0; i < part.nngp().length; i++) {
                int inWhole = (1 + i / 2) * COUNT + 3 + i % 2;
                assertThat(part.nngp()[i]).isEqualTo(whole.nngp()[inWhole]);
                assertThat(part.ntk()[i]).isEqualTo(whole.ntk()[inWhole]);
            }
        }
    }

    private static TileValues values(Offer offer, Serial network, Inputs x, Precision precision, Tile tile) {
        InputGram inputs = InputGram.of(network, x);
        try (Engine engine = offer.open(inputs, inputs, precision).orElseThrow()) {
            assertThat(engine.name()).startsWith(offer.name().split(",")[0]);
            return engine.tile(tile);
        }
    }
}
