package org.ntk4j.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.Ntk;
import org.ntk4j.data.Inputs;

/** Which networks share their infinite kernels: those that differ in widths alone, as long as no width is a weight. */
class InfiniteKeyTest {

    private static final Inputs X = inputs();

    private static Inputs inputs() {
        Random random = new Random(1);
        double[][] rows = new double[4][12];
        for (double[] row : rows) {
            java.util.Arrays.setAll(row, i -> random.nextGaussian());
        }
        return Ntk.inputs(rows, 4, 3);
    }

    private static Object key(Network network) {
        return network.layers(X.shape(), 2).infiniteKey();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{mlp: {width: 8, depth: 2}} | {mlp: {width: 16, depth: 2}}",
        "{cnn: {channels: 4, filter: [3], readout: gap}} | {cnn: {channels: 16, filter: [3], readout: gap}}",
        "{transformer: {width: 8, heads: 2}} | {transformer: {width: 32, heads: 4}}",
        "[{selfAttention: {heads: 1, keyChannels: 4, positions: sum}}, globalAvgPool, dense] | [{selfAttention: {heads: 8, outChannels: 5, "
                + "positions: sum}}, globalAvgPool, dense]",
    })
    void widths_should_not_matter(String first, String second) {
        Network a = Ntk.network(first.replace("dense]", "{dense: {units: 2}}]"));
        Network b = Ntk.network(second.replace("dense]", "{dense: {units: 2}}]"));
        assertThat(key(a)).isEqualTo(key(b));
        assertThat(a.ntk(X).toArray()).isDeepEqualTo(b.ntk(X).toArray());
    }

    @Test
    void channels_that_weigh_a_concatenation_should_matter() {
        String text = "[{dense: {units: %d}}, {selfAttention: {positions: concat, posChannels: 4}}, globalAvgPool, {dense: {units: 2}}]";
        Network narrow = Ntk.network(text.formatted(4));
        Network wide = Ntk.network(text.formatted(64));
        assertThat(key(narrow)).isNotEqualTo(key(wide));
        assertThat(narrow.ntk(X).distanceTo(wide.ntk(X))).isGreaterThan(0.01);
    }

    @Test
    void the_fan_in_of_standard_parameterization_should_matter() {
        String text = "[flatten, {dense: {units: %d}}, relu, {dense: {units: 2, parameterization: standard}}]";
        assertThat(key(Ntk.network(text.formatted(4)))).isNotEqualTo(key(Ntk.network(text.formatted(8))));
    }
}
