package org.ntk4j.infinite.strip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.layer.Parallel;
import org.ntk4j.shape.Shape;

/** Strips give exactly what the layers give one after the other. */
class StripsTest {

    private static final InfiniteKernels.Plan PLAN = new InfiniteKernels.Plan(2, 1L << 30, 64);

    private static Inputs images(int n, long seed) {
        Random random = new Random(seed);
        double[] values = random.doubles(n * 12).map(u -> 4 * u - 2).toArray();
        // The same image twice, and one that is zero.
        System.arraycopy(values, 0, values, 12 * (n - 1), 12);
        Arrays.fill(values, 12, 24, 0);
        return Inputs.of(values, n, Shape.of(2, 3, 2));
    }

    /** A branch is no strip. */
    private static Serial layerByLayer(Serial layers) {
        return new Serial(List.of(new Parallel(List.of(layers), "concat")));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{mlp: {depth: 3, wStd: 1.4, bStd: 0.1}}",
        "{mlp: {depth: 2, activation: {erf: {a: 1, b: 2, c: 0.5}}}}",
        "[flatten, {dense: {units: 7, parameterization: standard, bStd: 0.3}}, identity, {leakyRelu: {alpha: 0.2}}, {dense: {units: 1}}, "
                + "{dense: {units: 2}}]",
        "[flatten, {dense: {units: 7}}, relu]"})
    void should_give_the_same_bytes_as_layer_by_layer(String text) {
        Inputs x = images(150, 0);
        Inputs other = images(70, 1);
        Serial strips = Network.parse(text).layers(x.shape());
        assertThat(Strips.offer(strips, x.shape())).isPresent();
        assertThat(Strips.offer(layerByLayer(strips), x.shape())).isEmpty();
        // Without its own flatten the branch would see space: both get vectors.
        Inputs flat = x.flat();
        Inputs otherFlat = other.flat();
        InfiniteKernels fast = InfiniteKernels.of(strips, flat, PLAN, Monitor.silent());
        InfiniteKernels slow = InfiniteKernels.of(layerByLayer(strips), flat, PLAN.withTile(150), Monitor.silent());
        assertThat(fast.nngp().values()).isEqualTo(slow.nngp().values());
        assertThat(fast.ntk().values()).isEqualTo(slow.ntk().values());
        InfiniteKernels fastCross = InfiniteKernels.of(strips, flat, otherFlat, PLAN.withTile(37), Monitor.silent());
        InfiniteKernels slowCross = InfiniteKernels.of(layerByLayer(strips), flat, otherFlat, PLAN, Monitor.silent());
        assertThat(fastCross.nngp().values()).isEqualTo(slowCross.nngp().values());
        assertThat(fastCross.ntk().values()).isEqualTo(slowCross.ntk().values());
    }

    @Test
    void should_leave_it_to_the_layers_to_name_the_one_that_fails() {
        Serial layers = Network.parse("{mlp: {depth: 40, wStd: 1.0e30}}").layers(Shape.of(12));
        assertThatThrownBy(() -> InfiniteKernels.of(layers, images(3, 0).flat(), PLAN, Monitor.silent()))
                .isInstanceOf(Failure.class).hasMessageContaining("network.").hasMessageContaining("wStd");
    }
}
