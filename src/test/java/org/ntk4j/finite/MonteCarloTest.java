package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Cases;
import org.ntk4j.Failure;
import org.ntk4j.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.network.Network;

/** Finite networks against the closed form, for every layer and shortcut of the grammar. */
class MonteCarloTest {

    /** A network and the shape of its inputs; {@code real}: lengths of sentences that are padded. */
    record Case(String family, String network, int[] shape, int... real) {
        @Override
        public String toString() {
            return family;
        }

        Inputs inputs() {
            Inputs x = Cases.inputs(7, 3, shape);
            double[] values = x.values().clone();
            for (int i = 0; i < real.length; i++) {
                java.util.Arrays.fill(values, i * x.shape().size() + real[i] * x.shape().channels(), (i + 1) * x.shape().size(), Double.NaN);
            }
            return Inputs.of(values, 3, x.shape());
        }
    }

    private static final int[] VECTOR = {5};
    private static final int[] SENTENCE = {4, 6};
    private static final int[] IMAGE = {4, 4, 3};
    private static final String LAST = ", {dense: {units: 1}}]";

    static List<Case> cases() {
        return List.of(
                new Case("dense", "[{dense: {units: 8, wStd: 1.4, bStd: 0.3}}, relu, {dense: {units: 8}}, erf, {dense: {units: 1, bStd: 0.2}}]", VECTOR),
                new Case("dense standard", "[{dense: {units: 256, wStd: 1.4, bStd: 0.3, parameterization: standard}}, relu, {dense: {units: 1, parameterization: standard}}]", VECTOR),
                new Case("conv same", "[{conv: {channels: 8, padding: same, wStd: 1.4, bStd: 0.2}}, relu, {conv: {channels: 8, padding: same}}, erf, flatten" + LAST, IMAGE),
                new Case("conv circular", "[{conv: {channels: 8, filter: [3, 2], padding: circular, wStd: 1.4}}, relu, globalAvgPool" + LAST, IMAGE),
                new Case("conv valid, strides", "[{conv: {channels: 8, filter: [2, 3], strides: [2, 1], wStd: 1.4}}, erf, globalAvgPool" + LAST, IMAGE),
                new Case("conv standard", "[{conv: {channels: 128, padding: same, bStd: 0.3, parameterization: standard}}, relu, globalAvgPool" + LAST, IMAGE),
                new Case("conv of sentences", "[{conv: {channels: 8, filter: [3], padding: same, bStd: 0.3}}, relu, globalAvgPool" + LAST, SENTENCE),
                new Case("convLocal", "[{convLocal: {channels: 8, padding: same, wStd: 1.4, bStd: 0.3}}, relu, globalAvgPool" + LAST, IMAGE),
                new Case("convLocal after conv", "[{conv: {channels: 8, padding: same}}, relu, {convLocal: {channels: 8, filter: [2, 3], padding: same}}, erf, flatten" + LAST, IMAGE),
                new Case("convTranspose", "[{convTranspose: {channels: 8, filter: [3, 2], strides: [2, 1], padding: same, bStd: 0.2}}, relu, globalAvgPool" + LAST, new int[] {3, 2, 3}),
                new Case("convTranspose valid", "[{convTranspose: {channels: 8, strides: [2, 2]}}, relu, {convTranspose: {channels: 8, filter: [2, 2]}}, relu, flatten" + LAST, new int[] {2, 2, 3}),
                new Case("avgPool normalizeEdges", "[{conv: {channels: 8, padding: same}}, relu, {avgPool: {window: [3, 3], strides: [2, 2], padding: same, normalizeEdges: true}}, flatten" + LAST, IMAGE),
                new Case("avgPool", "[{avgPool: {window: [2, 2], padding: same}}, {conv: {channels: 8, padding: same}}, relu, {avgPool: {window: [2, 2]}}, flatten" + LAST, IMAGE),
                new Case("sumPool", "[{conv: {channels: 8, padding: same}}, relu, {sumPool: {window: [2, 2]}}, globalSumPool" + LAST, IMAGE),
                new Case("layerNorm on the raw input", "[layerNorm, {dense: {units: 8}}, relu, globalAvgPool" + LAST, SENTENCE),
                new Case("layerNorm over all, raw", "[{layerNorm: {over: all}}, {dense: {units: 8}}, relu, globalAvgPool" + LAST, SENTENCE),
                new Case("layerNorm after relu", "[{dense: {units: 16, bStd: 0.3}}, relu, layerNorm, {dense: {units: 16}}, erf, flatten" + LAST, SENTENCE),
                new Case("layerNorm over all after relu", "[{dense: {units: 16, bStd: 0.3}}, relu, {layerNorm: {over: all}}, {dense: {units: 16}}, relu, globalAvgPool" + LAST, SENTENCE),
                new Case("layerNorm of a sum with the raw input", "[{residual: {layers: [{dense: {units: 6}}]}}, layerNorm, {dense: {units: 6}}, relu, globalAvgPool" + LAST, SENTENCE),
                new Case("dropout, test mode", "[{dense: {units: 8}}, relu, {dropout: {keep: 0.5, mode: test}}" + LAST, VECTOR),
                new Case("residual with the raw input", "[{residual: {layers: [{dense: {units: 5}}, relu, {dense: {units: 5}}]}}, {dense: {units: 5}}, relu" + LAST, VECTOR),
                new Case("residual after an activation", "[{dense: {units: 8}}, relu, {residual: {layers: [{dense: {units: 8}}]}}" + LAST, VECTOR),
                new Case("residual, two blocks", "[{dense: {units: 8}}, {residual: {layers: [relu, {dense: {units: 8}}]}}, {residual: {layers: [erf, {dense: {units: 8}}]}}, relu" + LAST, VECTOR),
                new Case("parallel sum", "[{parallel: {branches: [[{dense: {units: 8}}, relu], [{dense: {units: 8, bStd: 0.2}}]], merge: sum}}" + LAST, VECTOR),
                new Case("parallel concat", "[{parallel: {branches: [[{dense: {units: 8}}, relu], [{dense: {units: 24, wStd: 0.5}}], []], merge: concat}}" + LAST, VECTOR),
                new Case("parallel product", "[{parallel: {branches: [[{dense: {units: 5}}, relu], [{dense: {units: 5}}, erf], []], merge: product}}" + LAST, VECTOR),
                new Case("repeat", "[{repeat: {times: 3, layers: [{dense: {units: 8, wStd: 1.4}}, relu]}}" + LAST, VECTOR),
                new Case("attention softmax", "[{selfAttention: {heads: 4, bStd: 0.2, wValueStd: 1.2}}, globalAvgPool" + LAST, SENTENCE),
                new Case("attention softmax twice", "[{dense: {units: 8}}, relu, {selfAttention: {heads: 2, keyChannels: 8, valueChannels: 8, outChannels: 8}}, {dense: {units: 8}}, relu, flatten" + LAST, SENTENCE),
                new Case("attention relu", "[{selfAttention: {heads: 4, mechanism: relu}}, globalAvgPool" + LAST, SENTENCE),
                new Case("attention abs", "[{selfAttention: {heads: 4, mechanism: abs}}, globalAvgPool" + LAST, SENTENCE),
                new Case("attention identity", "[{selfAttention: {heads: 4, mechanism: identity, wKeyStd: 1.2}}, globalAvgPool" + LAST, SENTENCE),
                new Case("attention of images", "[{selfAttention: {heads: 4, positions: sum, posDecay: 0.5}}, globalAvgPool" + LAST, new int[] {2, 2, 3}),
                new Case("positions sum", "[{selfAttention: {heads: 4, positions: sum, wPosStd: 0.7}}, globalAvgPool" + LAST, SENTENCE),
                new Case("positions concat", "[{selfAttention: {heads: 4, positions: concat, posChannels: 3, wPosStd: 1.3}}, globalAvgPool" + LAST, SENTENCE),
                new Case("positions decay, keys only", "[{selfAttention: {heads: 4, positions: concat, posDecay: 0.5, valuePositions: false}}, globalAvgPool" + LAST, SENTENCE),
                new Case("attention sqrt identity", "[{selfAttention: {heads: 4, mechanism: identity, scaling: sqrt, wOutStd: 0.7, bStd: 0.2}}, globalAvgPool" + LAST, new int[] {2, 6}),
                new Case("sqrt identity with positions", "[{selfAttention: {heads: 4, mechanism: identity, scaling: sqrt, wOutStd: 0.5, positions: sum}}, globalAvgPool" + LAST, new int[] {2, 6}),
                new Case("mask: attention", "[{selfAttention: {heads: 4, positions: sum, posDecay: 1, bStd: 0.3}}, {dense: {units: 6, bStd: 0.2}}, relu, globalAvgPool" + LAST, SENTENCE, 4, 2, 3),
                new Case("mask: conv", "[{conv: {channels: 8, filter: [3], padding: same, bStd: 0.3}}, relu, {conv: {channels: 8, filter: [3], padding: same}}, erf, globalAvgPool" + LAST, SENTENCE, 4, 2, 3),
                new Case("mask: valid, strides, pooling", "[{conv: {channels: 8, filter: [2], bStd: 0.3}}, relu, {avgPool: {window: [2], strides: [1]}}, {conv: {channels: 8, filter: [2], strides: [2], padding: same}}, erf, globalAvgPool" + LAST,
                        new int[] {6, 3}, 6, 3, 4),
                new Case("mask: layerNorm", "[{dense: {units: 16, bStd: 0.3}}, relu, {layerNorm: {over: all}}, {dense: {units: 16}}, layerNorm, relu, globalSumPool" + LAST, SENTENCE, 4, 2, 3),
                new Case("mlp", "mlp: {width: 8, depth: 2, wStd: 1.4, bStd: 0.1}", IMAGE),
                new Case("cnn", "cnn: {channels: 8, depth: 2, readout: gap, wStd: 1.4}", IMAGE),
                new Case("transformer pre", "transformer: {width: 8, heads: 2, activation: relu}", SENTENCE),
                new Case("transformer post", "transformer: {width: 8, heads: 2, layerNorm: post, positions: concat, readout: first, bStd: 0.2}", SENTENCE),
                new Case("transformer none", "transformer: {width: 8, heads: 2, layerNorm: none, positions: none}", SENTENCE, 4, 1, 2),
                new Case("wideResnet", "wideResnet: {channels: 8}", new int[] {4, 4, 3}),
                new Case("myrtle", "myrtle: {depth: 5, channels: 8}", new int[] {4, 4, 3}));
    }

    /** The largest excess of a difference over five standard errors, relative to the largest value. */
    private static double excess(MonteCarlo.Estimated estimate, double[] exact) {
        double scale = Cases.largest(exact);
        double worst = 0;
        for (int i = 0; i < exact.length; i++) {
            worst = Math.max(worst, (Math.abs(estimate.kernel().values()[i] - exact[i]) - 5 * estimate.errors()[i]) / scale);
        }
        return worst;
    }

    private static void check(Case c, int samples, int width, double bias, double errors) {
        Network network = Network.parse(c.network);
        Inputs x = c.inputs();
        InfiniteKernels exact = network.infinite(x);
        MonteCarlo engine = network.monteCarlo(samples, width).on(Cases.settings());
        MonteCarlo.Estimated nngp = engine.nngp(x, null, Monitor.silent());
        MonteCarlo.Estimated ntk = engine.ntk(x, null, Monitor.silent());
        System.out.printf("%-40s nngp %.4f (5 errors: %.3f)  ntk %.4f (%.3f)%n", c, excess(nngp, exact.nngp().values()), 5 * Cases.largest(nngp.errors()) / Cases.largest(exact.nngp().values()),
                excess(ntk, exact.ntk().values()), 5 * Cases.largest(ntk.errors()) / Cases.largest(exact.ntk().values()));
        assertThat(excess(nngp, exact.nngp().values())).as("K: beyond five standard errors").isLessThan(bias / width);
        assertThat(excess(ntk, exact.ntk().values())).as("Θ: beyond five standard errors").isLessThan(bias / width);
        assertThat(Cases.largest(nngp.errors()) / Cases.largest(exact.nngp().values())).as("so that it can fail").isLessThan(errors);
        assertThat(Cases.largest(ntk.errors()) / Cases.largest(exact.ntk().values())).as("so that it can fail").isLessThan(errors);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_mean_of_finite_networks_should_meet_the_closed_form(Case c) {
        check(c, 24, 32, 1, 0.1);
    }
}
