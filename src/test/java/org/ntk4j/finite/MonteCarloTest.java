package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;
import org.ntk4j.base.Precision;

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
            if (network.contains("embedding") || network.contains("vocabulary")) {
                // Words 0 to 4, some of them more than once.
                java.util.Arrays.setAll(values, i -> Math.floorMod(Double.hashCode(x.values()[i]), 5));
            }
            for (int i = 0; i < real.length; i++) {
                java.util.Arrays.fill(values, i * x.shape().size() + real[i] * x.shape().channels(), (i + 1) * x.shape().size(),
                        Double.NaN);
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
                new Case("dense", "[{dense: {units: 8, wStd: 1.4, bStd: 0.3}}, relu, {dense: {units: 8}}, erf, {dense: {units: 1, bStd: "
                        + "0.2}}]", VECTOR),
                new Case("dense standard", "[{dense: {units: 256, wStd: 1.4, bStd: 0.3, parameterization: standard}}, relu, {dense: "
                        + "{units: 1, parameterization: standard}}]", VECTOR),
                new Case("dense meanField", "[{dense: {units: 16, wStd: 1.4, bStd: 0.3, parameterization: meanField}}, relu, {dense: "
                        + "{units: 16, parameterization: meanField}}, erf, {dense: {units: 1, bStd: 0.2, parameterization: meanField}}]",
                        VECTOR),
                new Case("dense muP", "[{dense: {units: 16, wStd: 1.4, bStd: 0.3, parameterization: muP}}, relu, {dense: {units: 16, "
                        + "parameterization: muP}}, erf, {dense: {units: 1, bStd: 0.2, parameterization: muP}}]", VECTOR),
                new Case("conv muP", "[{conv: {channels: 8, padding: same, bStd: 0.3, parameterization: muP}}, relu, globalAvgPool, "
                        + "{dense: {units: 1, parameterization: muP}}]", IMAGE),
                new Case("standard before a readout in muP", "[{dense: {units: 256, wStd: 1.4, bStd: 0.3, parameterization: standard}}, "
                        + "relu, {dense: {units: 1, parameterization: muP}}]", VECTOR),
                new Case("conv same", "[{conv: {channels: 8, padding: same, wStd: 1.4, bStd: 0.2}}, relu, {conv: {channels: 8, padding: "
                        + "same}}, erf, flatten" + LAST, IMAGE),
                new Case("conv circular", "[{conv: {channels: 8, filter: [3, 2], padding: circular, wStd: 1.4}}, relu, globalAvgPool"
                        + LAST, IMAGE),
                new Case("conv valid, strides", "[{conv: {channels: 8, filter: [2, 3], strides: [2, 1], wStd: 1.4}}, erf, globalAvgPool"
                        + LAST, IMAGE),
                new Case("conv standard", "[{conv: {channels: 128, padding: same, bStd: 0.3, parameterization: standard}}, relu, "
                        + "globalAvgPool" + LAST, IMAGE),
                new Case("conv of sentences", "[{conv: {channels: 8, filter: [3], padding: same, bStd: 0.3}}, relu, globalAvgPool" + LAST,
                        SENTENCE),
                new Case("convLocal", "[{convLocal: {channels: 8, padding: same, wStd: 1.4, bStd: 0.3}}, relu, globalAvgPool" + LAST,
                        IMAGE),
                new Case("convLocal after conv", "[{conv: {channels: 8, padding: same}}, relu, {convLocal: {channels: 8, filter: [2, 3], "
                        + "padding: same}}, erf, flatten" + LAST, IMAGE),
                new Case("convTranspose", "[{convTranspose: {channels: 8, filter: [3, 2], strides: [2, 1], padding: same, bStd: 0.2}}, "
                        + "relu, globalAvgPool" + LAST, new int[] {3, 2, 3}),
                new Case("convTranspose valid", "[{convTranspose: {channels: 8, strides: [2, 2]}}, relu, {convTranspose: {channels: 8, "
                        + "filter: [2, 2]}}, relu, flatten" + LAST, new int[] {2, 2, 3}),
                new Case("avgPool normalizeEdges", "[{conv: {channels: 8, padding: same}}, relu, {avgPool: {window: [3, 3], strides: [2, "
                        + "2], padding: same, normalizeEdges: true}}, flatten" + LAST, IMAGE),
                new Case("avgPool", "[{avgPool: {window: [2, 2], padding: same}}, {conv: {channels: 8, padding: same}}, relu, {avgPool: "
                        + "{window: [2, 2]}}, flatten" + LAST, IMAGE),
                new Case("sumPool", "[{conv: {channels: 8, padding: same}}, relu, {sumPool: {window: [2, 2]}}, globalSumPool" + LAST,
                        IMAGE),
                new Case("layerNorm on the raw input", "[layerNorm, {dense: {units: 8}}, relu, globalAvgPool" + LAST, SENTENCE),
                new Case("layerNorm over all, raw", "[{layerNorm: {over: all}}, {dense: {units: 8}}, relu, globalAvgPool" + LAST, SENTENCE),
                new Case("layerNorm after relu", "[{dense: {units: 16, bStd: 0.3}}, relu, layerNorm, {dense: {units: 16}}, erf, flatten"
                        + LAST, SENTENCE),
                new Case("layerNorm over all after relu", "[{dense: {units: 16, bStd: 0.3}}, relu, {layerNorm: {over: all}}, {dense: "
                        + "{units: 16}}, relu, globalAvgPool" + LAST, SENTENCE),
                new Case("layerNorm of a sum with the raw input",
                        "[{residual: {layers: [{dense: {units: 6}}]}}, layerNorm, {dense: {units: 6}}, relu, globalAvgPool" + LAST,
                        SENTENCE),
                new Case("dropout, test mode", "[{dense: {units: 8}}, relu, {dropout: {keep: 0.5, mode: test}}" + LAST, VECTOR),
                new Case("residual with the raw input", "[{residual: {layers: [{dense: {units: 5}}, relu, {dense: {units: 5}}]}}, {dense: "
                        + "{units: 5}}, relu" + LAST, VECTOR),
                new Case("residual after an activation", "[{dense: {units: 8}}, relu, {residual: {layers: [{dense: {units: 8}}]}}" + LAST,
                        VECTOR),
                new Case("residual, two blocks", "[{dense: {units: 8}}, {residual: {layers: [relu, {dense: {units: 8}}]}}, {residual: "
                        + "{layers: [erf, {dense: {units: 8}}]}}, relu" + LAST, VECTOR),
                new Case("parallel sum", "[{parallel: {branches: [[{dense: {units: 8}}, relu], [{dense: {units: 8, bStd: 0.2}}]], merge: "
                        + "sum}}" + LAST, VECTOR),
                new Case("parallel concat", "[{parallel: {branches: [[{dense: {units: 8}}, relu], [{dense: {units: 24, wStd: 0.5}}], []], "
                        + "merge: concat}}" + LAST, VECTOR),
                new Case("parallel product", "[{parallel: {branches: [[{dense: {units: 5}}, relu], [{dense: {units: 5}}, erf], []], merge: "
                        + "product}}" + LAST, VECTOR),
                new Case("repeat", "[{repeat: {times: 3, layers: [{dense: {units: 8, wStd: 1.4}}, relu]}}" + LAST, VECTOR),
                new Case("attention softmax", "[{selfAttention: {heads: 4, bStd: 0.2, wValueStd: 1.2}}, globalAvgPool" + LAST, SENTENCE),
                new Case("attention softmax twice", "[{dense: {units: 8}}, relu, {selfAttention: {heads: 2, keyChannels: 8, valueChannels: "
                        + "8, outChannels: 8}}, {dense: {units: 8}}, relu, flatten" + LAST, SENTENCE),
                new Case("attention relu", "[{selfAttention: {heads: 4, mechanism: relu}}, globalAvgPool" + LAST, SENTENCE),
                new Case("attention abs", "[{selfAttention: {heads: 4, mechanism: abs}}, globalAvgPool" + LAST, SENTENCE),
                new Case("attention identity", "[{selfAttention: {heads: 4, mechanism: identity, wKeyStd: 1.2}}, globalAvgPool" + LAST,
                        SENTENCE),
                new Case("attention of images", "[{selfAttention: {heads: 4, positions: sum, posDecay: 0.5}}, globalAvgPool" + LAST,
                        new int[] {2, 2, 3}),
                new Case("positions sum", "[{selfAttention: {heads: 4, positions: sum, wPosStd: 0.7}}, globalAvgPool" + LAST, SENTENCE),
                new Case("positions concat", "[{selfAttention: {heads: 4, positions: concat, posChannels: 3, wPosStd: 1.3}}, globalAvgPool"
                        + LAST, SENTENCE),
                new Case("positions decay, keys only", "[{selfAttention: {heads: 4, positions: concat, posDecay: 0.5, valuePositions: "
                        + "false}}, globalAvgPool" + LAST, SENTENCE),
                new Case("attention sqrt identity", "[{selfAttention: {heads: 4, mechanism: identity, scaling: sqrt, wOutStd: 0.7, bStd: "
                        + "0.2}}, globalAvgPool" + LAST, new int[] {2, 6}),
                new Case("sqrt identity with positions", "[{selfAttention: {heads: 4, mechanism: identity, scaling: sqrt, wOutStd: 0.5, "
                        + "positions: sum}}, globalAvgPool" + LAST, new int[] {2, 6}),
                new Case("mask: attention", "[{selfAttention: {heads: 4, positions: sum, posDecay: 1, bStd: 0.3}}, {dense: {units: 6, "
                        + "bStd: 0.2}}, relu, globalAvgPool" + LAST, SENTENCE, 4, 2, 3),
                new Case("mask: conv", "[{conv: {channels: 8, filter: [3], padding: same, bStd: 0.3}}, relu, {conv: {channels: 8, filter: "
                        + "[3], padding: same}}, erf, globalAvgPool" + LAST, SENTENCE, 4, 2, 3),
                new Case("mask: valid, strides, pooling", "[{conv: {channels: 8, filter: [2], bStd: 0.3}}, relu, {avgPool: {window: [2], "
                        + "strides: [1]}}, {conv: {channels: 8, filter: [2], strides: [2], padding: same}}, erf, globalAvgPool" + LAST,
                        new int[] {6, 3}, 6, 3, 4),
                new Case("mask: layerNorm", "[{dense: {units: 16, bStd: 0.3}}, relu, {layerNorm: {over: all}}, {dense: {units: 16}}, "
                        + "layerNorm, relu, globalSumPool" + LAST, SENTENCE, 4, 2, 3),
                new Case("embedding", "[{embedding: {vocabulary: 5, channels: 8, wStd: 1.3}}, relu, {dense: {units: 8}}, erf, globalAvgPool"
                        + LAST, new int[] {4, 1}),
                new Case("mask: embedding", "transformer: {vocabulary: 5, width: 8, heads: 2}", new int[] {4, 1}, 4, 2, 3),
                new Case("gabor", "[{dense: {units: 8, bStd: 0.3}}, gabor, {dense: {units: 8}}, gabor" + LAST, VECTOR),
                new Case("mlp", "mlp: {width: 8, depth: 2, wStd: 1.4, bStd: 0.1}", IMAGE),
                new Case("cnn", "cnn: {channels: 8, depth: 2, readout: gap, wStd: 1.4}", IMAGE),
                new Case("transformer pre", "transformer: {width: 8, heads: 2, activation: relu}", SENTENCE),
                new Case("transformer post", "transformer: {width: 8, heads: 2, layerNorm: post, positions: concat, readout: first, bStd: "
                        + "0.2}", SENTENCE),
                new Case("transformer none", "transformer: {width: 8, heads: 2, layerNorm: none, positions: none}", SENTENCE, 4, 1, 2),
                new Case("wideResnet", "wideResnet: {channels: 8}", new int[] {4, 4, 3}),
                new Case("myrtle", "myrtle: {depth: 5, channels: 8}", new int[] {4, 4, 3}));
    }

    /** Stacks of shared weights: what many weights have to do with each other at finite width must vanish. */
    static List<Case> shared() {
        return List.of(
                new Case("repeat shared", "[{dense: {units: 8}}, {repeat: {times: 3, shared: true, layers: [relu, {dense: {units: 8, wStd: "
                        + "1.4, bStd: 0.5}}]}}, relu" + LAST, VECTOR),
                new Case("repeat shared, raw input", "[{repeat: {times: 3, shared: true, layers: [{dense: {units: 5, wStd: 1.4}}, relu]}}"
                        + LAST, VECTOR),
                new Case("repeat shared, conv", "[{repeat: {times: 2, shared: true, layers: [{conv: {channels: 6, filter: [3], padding: "
                        + "same, wStd: 1.4, bStd: 0.3}}, relu]}}, globalAvgPool" + LAST, SENTENCE),
                new Case("repeat shared, sum", "[{dense: {units: 8}}, {repeat: {times: 2, shared: true, layers: [relu, {parallel: "
                        + "{branches: [[{dense: {units: 8}}], [{dense: {units: 8}}, relu, {dense: {units: 8}}]], merge: sum}}]}}, relu"
                        + LAST, VECTOR),
                new Case("repeat shared, concat", "[{dense: {units: 8}}, {repeat: {times: 3, shared: true, layers: [{parallel: {branches: "
                        + "[[relu, {dense: {units: 8}}], []], merge: concat}}, {dense: {units: 8, wStd: 1.3}}]}}, relu" + LAST, VECTOR),
                new Case("repeat shared, product", "[{dense: {units: 8}}, {repeat: {times: 2, shared: true, layers: [{parallel: {branches: "
                        + "[[relu, {dense: {units: 8, bStd: 1}}], [{dense: {units: 8, bStd: 1}}]], merge: product}}, {dense: {units: "
                        + "8}}]}}, relu" + LAST, VECTOR),
                new Case("repeat shared, nested", "[{dense: {units: 8}}, {repeat: {times: 2, shared: true, layers: [relu, {dense: {units: "
                        + "8}}, {repeat: {times: 2, shared: true, layers: [relu, {dense: {units: 8, wStd: 1.5}}]}}]}}, relu" + LAST,
                        VECTOR),
                new Case("repeat shared, the end", "[{dense: {units: 8, wStd: 1.4}}, {repeat: {times: 3, shared: true, layers: [relu, "
                        + "{dense: {units: 8, wStd: 1.4, bStd: 0.5}}]}}]", VECTOR),
                new Case("repeat shared, attention", "[{repeat: {times: 2, shared: true, layers: [{selfAttention: {heads: 4, bStd: "
                        + "0.2}}]}}, globalAvgPool" + LAST, SENTENCE));
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

    /** Attention without softmax has logits to the second power and more in Θ: its mean tends to the limit with a larger constant. */
    private static double bias(Case c) {
        return c.family.matches("attention (relu|abs|identity)|.*sqrt.*") ? 12 : 1.5;
    }

    private static void check(Case c, int samples, int width, double largestError) {
        Network network = Network.parse(c.network);
        Inputs x = c.inputs();
        InfiniteKernels exact = network.infinite(x);
        MonteCarlo engine = network.monteCarlo(samples, width).on(Cases.settings());
        MonteCarlo.Estimated nngp = engine.nngp(x, null, Monitor.silent());
        MonteCarlo.Estimated ntk = engine.ntk(x, null, Monitor.silent());
        System.out.printf("%-40s nngp %.4f (5 errors: %.3f)  ntk %.4f (%.3f)%n", c, excess(nngp, exact.nngp().values()),
                5 * relative(nngp, exact.nngp()),
                excess(ntk, exact.ntk().values()), 5 * relative(ntk, exact.ntk()));
        assertThat(excess(nngp, exact.nngp().values())).as("K: beyond five standard errors").isLessThan(bias(c) / width);
        assertThat(excess(ntk, exact.ntk().values())).as("Θ: beyond five standard errors").isLessThan(bias(c) / width);
        assertThat(relative(nngp, exact.nngp())).as("so that it can fail").isLessThan(largestError);
        assertThat(relative(ntk, exact.ntk())).as("so that it can fail").isLessThan(largestError);
    }

    private static double relative(MonteCarlo.Estimated estimate, Kernel exact) {
        return Cases.largest(estimate.errors()) / Cases.largest(exact.values());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_mean_of_finite_networks_should_meet_the_closed_form(Case c) {
        check(c, 12, 20, 0.4);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("shared")
    void the_mean_of_many_networks_with_shared_weights_should_meet_the_closed_form(Case c) {
        check(c, 250, 192, 0.07);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("cases")
    void the_mean_of_many_wide_networks_should_meet_the_closed_form_closely(Case c) {
        check(c, 80, 96, 0.07);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource({"cases", "shared"})
    void the_distance_of_one_draw_should_fall_as_the_root_of_the_width(Case c) {
        org.junit.jupiter.api.Assumptions.assumeFalse(c.network.contains("standard"), "its kernel depends on its width");
        Network network = Network.parse(c.network);
        Inputs x = c.inputs();
        double[] exact = network.ntk(x).values();
        // In a stack as deep as a block's, or one whose shared weights meet in a sum or a product, corrections of order 1/width² show.
        int narrowest = c.family.matches("repeat shared, (sum|product)") ? 64 : c.family.matches("transformer.*|repeat") ? 32 : 16;
        int[] widths = {narrowest, 2 * narrowest, 4 * narrowest, 8 * narrowest};
        double[] logs = new double[widths.length];
        for (int w = 0; w < widths.length; w++) {
            int samples = 20;
            MonteCarlo.Estimated e = network.monteCarlo(samples, widths[w]).on(Cases.settings()).ntk(x, null, Monitor.silent());
            double square = 0;
            for (int i = 0; i < exact.length; i++) {
                double off = e.kernel().values()[i] - exact[i];
                square += samples * e.errors()[i] * e.errors()[i] + off * off;
            }
            logs[w] = Math.log(square) / 2;
        }
        double slope = (3 * (logs[3] - logs[0]) + logs[2] - logs[1]) / 10 / Math.log(2);
        System.out.printf("%-40s slope %.2f%n", c, slope);
        assertThat(slope).isBetween(bias(c) > 2 ? -1.1 : -0.75, -0.3);
    }

    @Test
    void an_estimate_should_say_that_it_is_one() {
        Inputs x = Cases.inputs(1, 3, 4, 3);
        Network network = Network.parse("[{selfAttention: {heads: 2, scaling: sqrt}}, globalAvgPool, {dense: {units: 1}}]");
        assertThatThrownBy(() -> network.ntk(x)).isInstanceOf(Failure.class).hasMessageContaining("0.selfAttention")
                .hasMessageContaining("monteCarlo");
        Kernel k = network.monteCarlo(10, 12).ntk(x);
        assertThat(k.notes()).hasSize(1);
        assertThat(k.toString()).contains("an estimate", "10 finite networks", "width 12", "standard error", "largest");
        assertThat(k.isSymmetric()).isTrue();
        Kernel cross = network.monteCarlo(10, 12).nngp(x, x.slice(0, 2));
        Kernel own = network.monteCarlo(10, 12).nngp(x);
        assertThat(cross.get(2, 1)).isCloseTo(own.get(2, 1), org.assertj.core.api.Assertions.within(1e-12));
        assertThat(network.monteCarlo(10, 12).ntk(x).values()).as("seeded").isEqualTo(k.values());
        assertThat(network.monteCarlo(10, 12).seed(new org.ntk4j.base.Seed(1)).ntk(x).values()).isNotEqualTo(k.values());
    }

    /** What was sampled before it was stopped is not sampled again, and the end is the same to the last bit. */
    @ParameterizedTest
    @ValueSource(strings = {"ntk", "nngp"})
    void an_estimate_that_was_stopped_should_go_on_to_the_same_bits(String kernel) {
        Inputs x = Cases.inputs(1, 3, 4);
        MonteCarlo engine = Network.mlp().width(8).monteCarlo(9, 8).on(Cases.settings().withThreads(1));
        Map<String, MonteCarlo.Kept> kept = new HashMap<>();
        MonteCarlo.Store store = new MonteCarlo.Store() {
            @Override
            public Optional<MonteCarlo.Kept> load(String name) {
                return Optional.ofNullable(kept.get(name));
            }

            @Override
            public void save(String name, MonteCarlo.Kept now) {
                kept.put(name, new MonteCarlo.Kept(now.count(), now.mean().clone(), now.squares().clone()));
            }
        };
        int[] asked = {0};
        Monitor impatient = new Monitor() {
            @Override
            public Task begin(String what, long total) {
                return Monitor.silent().begin(what, total);
            }

            @Override
            public boolean cancelled() {
                return ++asked[0] > 5;
            }

            @Override
            public void note(String line) {
                // Nobody listens.
            }
        };
        assertThatThrownBy(() -> engine.estimate(kernel, x, Optional.empty(), impatient, store)).isInstanceOf(Failure.class);
        assertThat(kept.get(kernel).count()).isBetween(1, 8);
        MonteCarlo.Estimated resumed = engine.estimate(kernel, x, Optional.empty(), Monitor.silent(), store);
        MonteCarlo.Estimated whole = engine.estimate(kernel, x, Optional.empty(), Monitor.silent(), MonteCarlo.Store.NONE);
        assertThat(resumed.kernel().values()).containsExactly(whole.kernel().values());
        assertThat(resumed.errors()).containsExactly(whole.errors());
    }

    @Test
    void should_refuse_what_gives_no_error_or_no_width() {
        assertThatThrownBy(() -> Network.mlp().monteCarlo(1, 10)).isInstanceOf(Failure.class).hasMessageContaining("samples");
        assertThatThrownBy(() -> Network.mlp().monteCarlo(10, 0)).isInstanceOf(Failure.class).hasMessageContaining("width");
        Inputs x = Cases.inputs(1, 2, 4);
        assertThatThrownBy(() -> Network.mlp().width(3).depth(2).monteCarlo(2, 1 << 20).ntk(x)).isInstanceOf(Failure.class)
                .hasMessageContaining("smaller widths");
    }

    @Test
    void shares_of_layers_should_add_up_to_the_tangent_kernel() {
        for (Case c : cases()) {
            if (!List.of("attention softmax", "positions concat", "convLocal", "mlp", "transformer post", "residual, two blocks",
                    "mask: conv").contains(c.family)) {
                continue;
            }
            Inputs x = c.inputs();
            FiniteNetwork network = Network.parse(c.network).init(3).precision(Precision.FLOAT64).on(Cases.settings());
            double[] sum = new double[9];
            var shares = network.ntkByLayer(x);
            shares.values().forEach(k -> {
                for (int i = 0; i < 9; i++) {
                    sum[i] += k.values()[i];
                }
                assertThat(k.spectrum().minEigenvalue()).isGreaterThan(-1e-12 * k.spectrum().maxEigenvalue());
            });
            double[] whole = network.ntk(x).values();
            assertThat(shares).as(c.family).hasSizeGreaterThan(1);
            assertThat(Cases.difference(sum, whole)).isLessThan(1e-13 * Cases.largest(whole));
        }
        FiniteNetwork mlp = Network.mlp().depth(1).width(7).init(1).precision(Precision.FLOAT64).on(Cases.settings());
        assertThat(mlp.ntkByLayer(Cases.inputs(1, 2, 4)).keySet()).containsExactly("0.dense", "2.dense");
        assertThat(mlp.ntkByLayer(Cases.inputs(1, 2, 4), Cases.inputs(2, 3, 4)).get("2.dense").columns()).isEqualTo(3);
    }
}
