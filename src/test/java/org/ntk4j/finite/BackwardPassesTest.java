package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/** Several outputs share a backward pass, the last of which may have room left over. */
class BackwardPassesTest {

    @ParameterizedTest
    @ValueSource(strings = {
        "{mlp: {width: 6, depth: 3, outputs: 19, bStd: 0.2}}",
        "[{conv: {channels: 3, bStd: 0.1}}, relu, {convLocal: {channels: 2, filter: [2, 2], bStd: 0.3}}, relu, flatten, {dense: {units: "
                + "19}}]",
        "[{selfAttention: {positions: sum, heads: 1}}, globalAvgPool, {dense: {units: 19}}]"})
    void should_take_the_mean_over_more_outputs_than_one_pass_holds(String text) {
        int n = 5;
        int k = 19;
        Inputs x = Inputs.of(new Random(0).doubles(n * 32).map(u -> 2 * u - 1).toArray(), n, Shape.of(4, 4, 2));
        FiniteNetwork network = Network.parse(text).init(0).precision("float64");
        Kernel full = network.ntkPerOutput(x, x);
        Kernel mean = network.ntk(x);
        Kernel inTiles = new EmpiricalKernel(network).tile(2).mean(x, Monitor.silent());
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int c = 0; c < k; c++) {
                    sum += full.get(i * k + c, j * k + c);
                }
                assertThat(mean.get(i, j)).isCloseTo(sum / k, within(1e-11 * Math.max(1, Math.abs(sum))));
                assertThat(inTiles.get(i, j)).isCloseTo(sum / k, within(1e-11 * Math.max(1, Math.abs(sum))));
            }
        }
    }
}
