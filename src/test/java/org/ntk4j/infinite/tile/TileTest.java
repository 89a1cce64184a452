package org.ntk4j.infinite.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/** A tile on its own against the whole kernel. */
class TileTest {

    private static Inputs inputs(int count, long seed) {
        Random random = new Random(seed);
        return Inputs.of(random.doubles((long) count * 32).map(v -> 2 * v - 1).toArray(), count, Shape.of(4, 4, 2));
    }

    private static void check(TileValues values, InfiniteKernels whole) {
        Tile t = values.tile();
        for (int i = t.i0(); i < t.i1(); i++) {
            for (int j = t.j0(); j < t.j1(); j++) {
                int at = (i - t.i0()) * t.columns() + j - t.j0();
                assertThat(values.nngp()[at]).as("K at %d, %d", i, j).isEqualTo(whole.nngp().get(i, j));
                assertThat(values.ntk()[at]).as("Θ at %d, %d", i, j).isEqualTo(whole.ntk().get(i, j));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "mlp: {depth: 2, bStd: 0.1}",
        "cnn: {depth: 2, readout: gap}",
        "cnn: {depth: 1, readout: flatten}",
        "[{conv: {channels: 4}}, relu, {avgPool: {window: [2, 2]}}, layerNorm, flatten, {dense: {units: 1}}]"})
    void should_be_bit_for_bit_what_stands_in_the_whole(String definition) {
        Serial network = Network.parse(definition).layers(Shape.of(4, 4, 2));
        Inputs x = inputs(11, 1);
        Inputs x2 = inputs(7, 2);
        InfiniteKernels.Plan plan = new InfiniteKernels.Plan(2, 1L << 30, 4);
        InfiniteKernels square = InfiniteKernels.of(network, x, plan, Monitor.silent());
        check(InfiniteKernels.tile(network, x, Optional.empty(), new Tile(0, 11, 0, 11)), square);
        check(InfiniteKernels.tile(network, x, Optional.empty(), new Tile(3, 8, 3, 8)), square);
        check(InfiniteKernels.tile(network, x, Optional.empty(), new Tile(1, 4, 5, 11)), square);
        InfiniteKernels cross = InfiniteKernels.of(network, x, x2, plan, Monitor.silent());
        check(InfiniteKernels.tile(network, x, Optional.of(x2), new Tile(5, 11, 0, 3)), cross);
        check(InfiniteKernels.tile(network, x, Optional.of(x2), new Tile(10, 11, 6, 7)), cross);
    }

    @Test
    void should_refuse_a_tile_that_is_none() {
        Serial network = Network.parse("mlp: {depth: 1}").layers(Shape.of(4, 4, 2));
        Inputs x = inputs(4, 1);
        assertThatThrownBy(() -> new Tile(2, 2, 0, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> InfiniteKernels.tile(network, x, Optional.empty(), new Tile(0, 5, 0, 5)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> InfiniteKernels.tile(network, x, Optional.empty(), new Tile(2, 4, 0, 2)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
