package org.ntk4j.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.finite.CentralDifferences;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.TangentOperator;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;

/** Stacks of layers that share their weights: the same function as weights written out, and the kernels of weights of their own. */
class SharedRepeatTest {

    private static String stack(int width, boolean shared) {
        return ("[{dense: {units: W, wStd: 1.4, bStd: 0.2}}, {repeat: {times: 3, shared: " + shared + ", layers: [relu, {dense: {units: W, "
                + "wStd: 1.4, bStd: 0.2}}]}}, relu, {dense: {units: 2}}]").replace("W", String.valueOf(width));
    }

    private static FiniteNetwork float64(String definition) {
        return Network.parse(definition).init(5).precision(Precision.FLOAT64).on(Cases.settings());
    }

    @Test
    void should_be_the_function_of_equal_weights() {
        Inputs x = Cases.inputs(1, 4, 3);
        FiniteNetwork shared = float64(stack(5, true));
        Map<String, double[]> weights = shared.weights(x.shape());
        assertThat(weights).containsOnlyKeys("0.dense/W", "0.dense/b", "1.repeat.1.dense/W", "1.repeat.1.dense/b", "3.dense/W");
        Map<String, double[]> copied = new HashMap<>(weights);
        for (String name : new String[] {"W", "b"}) {
            double[] values = copied.remove("1.repeat.1.dense/" + name);
            for (int t = 0; t < 3; t++) {
                copied.put("1.repeat." + t + ".serial.1.dense/" + name, values);
            }
        }
        FiniteNetwork written = float64(stack(5, false)).weights(copied);
        assertThat(Cases.difference(shared.outputs(x), written.outputs(x))).isLessThan(1e-14);
        assertThat(shared.ntk(x).distanceTo(written.ntk(x))).as("gradients add up over the rounds").isGreaterThan(0.01);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "[{dense: {units: 4}}, {repeat: {times: 3, shared: true, layers: [erf, {dense: {units: 4, bStd: 0.3}}]}}, gelu, {dense: "
                + "{units: 2}}]",
        "[{repeat: {times: 3, shared: true, layers: [{dense: {units: 3, bStd: 0.3, parameterization: standard}}, erf]}}]",
        "[{repeat: {times: 2, shared: true, layers: [{dense: {units: 3}}, {repeat: {times: 2, shared: true, layers: [{dense: {units: 3}}, "
                + "erf]}}]}}, {dense: {units: 2, bStd: 0.1}}]",
        "[{repeat: {times: 3, shared: true, layers: [{residual: {layers: [erf, {dense: {units: 3}}]}}]}}, {dense: {units: 1}}]"})
    void its_tangent_kernel_should_be_that_of_central_differences(String definition) {
        CentralDifferences.check(float64(definition), Cases.inputs(2, 4, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "[{repeat: {times: 2, shared: true, layers: [{conv: {channels: 2, filter: [3], padding: same, bStd: 0.2}}, erf]}}, globalAvgPool, "
                + "{dense: {units: 2}}]",
        "[{repeat: {times: 2, shared: true, layers: [{selfAttention: {heads: 2, positions: sum, posDecay: 0.5, bStd: 0.3}}]}}, flatten, "
                + "{dense: {units: 1}}]"})
    void its_tangent_kernel_should_be_that_of_central_differences_at_positions(String definition) {
        CentralDifferences.check(float64(definition), Cases.inputs(2, 3, 4, 2));
    }

    @Test
    void all_outputs_and_products_with_vectors_should_agree() {
        Inputs x = Cases.inputs(4, 3, 3);
        FiniteNetwork network = float64("[{dense: {units: 4}}, {repeat: {times: 2, shared: true, layers: [erf, {dense: {units: 4, bStd: "
                + "0.3}}]}}, {dense: {units: 2}}]");
        Kernel full = network.ntkPerOutput(x, x);
        try (TangentOperator operator = new TangentOperator(network, x)) {
            double[] v = {1, -2, 0.5, 3, 0, 1};
            double[] product = operator.times(v);
            for (int i = 0; i < 6; i++) {
                double sum = 0;
                for (int j = 0; j < 6; j++) {
                    sum += full.get(i, j) * v[j];
                }
                assertThat(product[i]).isCloseTo(sum, within(1e-10));
            }
        }
    }

    @Test
    void a_stack_has_the_kernels_of_weights_of_their_own() {
        Inputs x = Cases.inputs(1, 4, 3);
        for (boolean ntk : new boolean[] {true, false}) {
            Kernel shared = ntk ? Network.parse(stack(8, true)).ntk(x) : Network.parse(stack(8, true)).nngp(x);
            Kernel own = ntk ? Network.parse(stack(8, false)).ntk(x) : Network.parse(stack(8, false)).nngp(x);
            assertThat(shared.values()).isEqualTo(own.values());
        }
    }

    /** The least-squares slope over three widths of the root mean square distance of the tangent kernel to its limit. */
    @Test
    @Tag("slow")
    void finite_widths_should_meet_the_infinite_one_with_slope_one_half() {
        Inputs x = Cases.inputs(3, 6, 8);
        Kernel infinite = Network.parse(stack(8, true)).ntk(x);
        int[] widths = {32, 128, 512};
        double[] logs = new double[3];
        for (int i = 0; i < 3; i++) {
            double squares = 0;
            for (int seed = 0; seed < 12; seed++) {
                double d = Network.parse(stack(widths[i], true)).init(seed).on(Cases.settings()).ntk(x).distanceTo(infinite);
                squares += d * d / 12;
            }
            logs[i] = Math.log(squares) / 2;
        }
        assertThat((logs[2] - logs[0]) / Math.log(16)).as("distances " + Math.exp(logs[0]) + " to " + Math.exp(logs[2]))
                .isCloseTo(-0.5, within(0.15));
    }

    @Test
    void what_puts_depths_together_should_be_refused_at_infinite_width() {
        Inputs x = Cases.inputs(6, 3, 6);
        String residual = "[{dense: {units: 16}}, {repeat: {times: 3, shared: SHARED, layers: [{residual: {layers: [relu, {dense: {units: "
                + "16}}]}}]}}, {dense: {units: 1}}]";
        Network network = Network.parse(residual.replace("SHARED", "true"));
        assertThatThrownBy(() -> network.nngp(x)).isInstanceOf(Failure.class).hasMessageContaining("network.1.repeat")
                .hasMessageContaining("residual").hasMessageContaining("monteCarlo").hasMessageContaining("leave shared out");
        double own = Network.parse(residual.replace("SHARED", "false")).nngp(x).get(0, 0);
        assertThat(network.monteCarlo(40, 128).nngp(x).get(0, 0)).as("which is not that of weights of their own").isGreaterThan(1.1 * own);
        assertThat(Network.parse("[{dense: {units: 4}}, {repeat: {times: 1, shared: true, layers: [{residual: {layers: [relu, {dense: "
                + "{units: 4}}]}}]}}]").nngp(x).get(0, 0)).isPositive();
        assertThatThrownBy(() -> Network.parse("[{repeat: {times: 2, shared: true, layers: [{dense: {units: 4}}]}}]").nngp(x))
                .hasMessageContaining("must keep the shape");
        assertThatThrownBy(() -> Network.parse("[{repeat: {times: 2, shared: true, layers: [{convLocal: {channels: 2, filter: [3], "
                + "padding: same}}]}}, flatten]").init(0).ntk(Cases.inputs(1, 2, 4, 2))).hasMessageContaining("use conv");
    }
}
