package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.network.Network;
import org.ntk4j.base.Precision;

/** Sentences of different lengths: no value depends on how much padding stands behind them. */
class PaddingTest {

    private static final int CHANNELS = 3;
    private static final int[] LENGTHS = {5, 3, 4, 5};

    static List<String> networks() {
        String end = "{dense: {units: 4, bStd: 0.2}}, relu, globalAvgPool, {dense: {units: 2}}]";
        return List.of(
                "[" + end,
                "[{conv: {channels: 4, filter: [3], padding: same, bStd: 0.3}}, relu, " + end,
                "[{conv: {channels: 4, filter: [2], bStd: 0.3}}, relu, {conv: {channels: 4, filter: [2], strides: [2], padding: same}}, "
                        + end,
                "[{conv: {channels: 4, filter: [3], padding: same, bStd: 0.3}}, relu, {avgPool: {window: [3], strides: [1], padding: "
                        + "same}}, " + end,
                "[{avgPool: {window: [3], strides: [1], padding: same}}, globalAvgPool, {dense: {units: 2}}]",
                "[{conv: {channels: 4, filter: [3], strides: [2], padding: same}}, relu, {avgPool: {window: [2], padding: same}}, "
                        + "globalAvgPool, {dense: {units: 2}}]",
                "[{sumPool: {window: [2], strides: [1]}}, {conv: {channels: 4, filter: [2]}}, erf, globalSumPool, {dense: {units: 2}}]",
                "[{convLocal: {channels: 4, filter: [3], padding: same, bStd: 0.3}}, relu, " + end,
                "[{convLocal: {channels: 4, filter: [2], bStd: 0.3}}, relu, " + end,
                "[{layerNorm: {over: all}}, {dense: {units: 4}}, relu, {layerNorm: {over: channels}}, " + end,
                "[{dense: {units: 4}}, relu, {layerNorm: {over: all}}, {avgPool: {window: [2], strides: [1]}}, " + end,
                "[{selfAttention: {heads: 2, bStd: 0.1, positions: sum, posDecay: 0.7}}, " + end,
                "[{selfAttention: {heads: 2, mechanism: abs, positions: concat, posChannels: 2}}, " + end,
                "[{selfAttention: {heads: 2, mechanism: identity, scaling: sqrt}}, " + end,
                "[{residual: {layers: [{conv: {channels: 3, filter: [3], padding: same}}]}}, " + end,
                "[{parallel: {branches: [[{dense: {units: 2}}], [{conv: {channels: 3, filter: [1]}}, erf]], merge: concat}}, " + end,
                "[{dropout: {keep: 0.8, mode: test}}, {repeat: {times: 2, layers: [{dense: {units: 4}}, relu]}}, globalAvgPool, {dense: "
                        + "{units: 2}}]",
                "transformer: {width: 4, heads: 2, outputs: 2}",
                "transformer: {width: 4, heads: 2, layerNorm: post, readout: first, positions: concat, outputs: 2}");
    }

    /** The same sentences with more padding behind them. */
    private static Inputs sentences(int positions) {
        double[] normal = Cases.normal(11, LENGTHS.length * 5 * CHANNELS);
        double[] values = new double[LENGTHS.length * positions * CHANNELS];
        Arrays.fill(values, Double.NaN);
        for (int i = 0; i < LENGTHS.length; i++) {
            System.arraycopy(normal, i * 5 * CHANNELS, values, i * positions * CHANNELS, LENGTHS[i] * CHANNELS);
        }
        return Inputs.of(values, LENGTHS.length, org.ntk4j.shape.Shape.of(positions, CHANNELS));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void the_amount_of_padding_should_change_nothing_at_infinite_width(String definition) {
        InfiniteKernels a = Network.parse(definition).infinite(sentences(5));
        InfiniteKernels b = Network.parse(definition).infinite(sentences(8));
        assertThat(Cases.relative(b.nngp(), a.nngp())).isLessThan(1e-14);
        assertThat(Cases.relative(b.ntk(), a.ntk())).isLessThan(1e-14);
        // A sentence alone, without any padding, is the same again.
        Inputs alone = sentences(5).slice(0, 1);
        assertThat(Network.parse(definition).ntk(alone).get(0, 0))
                .isCloseTo(a.ntk().get(0, 0), org.assertj.core.data.Offset.offset(1e-13 * a.ntk().get(0, 0)));
        Inputs cut = Inputs.of(Arrays.copyOfRange(sentences(5).values(), 5 * CHANNELS, 8 * CHANNELS), 1,
                org.ntk4j.shape.Shape.of(3, CHANNELS));
        assertThat(Network.parse(definition).nngp(cut).get(0, 0))
                .isCloseTo(a.nngp().get(1, 1), org.assertj.core.data.Offset.offset(1e-13 * a.nngp().get(1, 1)));
        assertThat(Network.parse(definition).ntk(cut).get(0, 0))
                .isCloseTo(a.ntk().get(1, 1), org.assertj.core.data.Offset.offset(1e-13 * a.ntk().get(1, 1)));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void the_amount_of_padding_should_change_nothing_at_finite_width(String definition) {
        FiniteNetwork network = Network.parse(definition).init(2).precision(Precision.FLOAT64).on(Cases.settings());
        Inputs short5 = sentences(5);
        Inputs long8 = sentences(8);
        double[][] f = network.outputs(short5);
        assertThat(Cases.difference(network.outputs(long8), f)).isLessThan(1e-12 * Cases.largest(Cases.flat(f)));
        double[] theta = network.ntk(short5).values();
        assertThat(Cases.difference(network.ntk(long8).values(), theta)).isLessThan(1e-12 * Cases.largest(theta));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{dense: {units: 2}}, flatten, {dense: {units: 1}}]",
            "[{conv: {channels: 2, filter: [3], padding: circular}}, globalAvgPool]",
        "[{dense: {units: 2}}, {avgPool: {window: [2], padding: same, normalizeEdges: true}}, globalAvgPool]",
                "[{convTranspose: {channels: 2, filter: [2]}}, globalAvgPool]",
        "[{conv: {channels: 2, filter: [4]}}, globalAvgPool]"})
    void what_would_depend_on_the_padding_should_be_an_error_with_a_way_out(String definition) {
        Inputs x = sentences(6);
        assertThatThrownBy(() -> Network.parse(definition).ntk(x)).isInstanceOf(Failure.class)
                .hasMessageMatching("(?s).*(use|leave it out).*");
        assertThatThrownBy(() -> Network.parse(definition).init(0).ntk(x)).isInstanceOf(Failure.class)
                .hasMessageMatching("(?s).*(use|leave it out).*");
        assertThatThrownBy(() -> Network.parse(definition).init(0).outputs(x)).isInstanceOf(Failure.class)
                .hasMessageMatching("(?s).*(use|leave it out).*");
    }
}
