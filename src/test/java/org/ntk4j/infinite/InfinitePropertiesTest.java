package org.ntk4j.infinite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;

class InfinitePropertiesTest {

    private static final String RELU_FREE = "mlp: {depth: 3, wStd: 1.4142135623730951}";

    /** Networks on inputs of shape 4×3×2 and on vectors of 24. */
    static List<String> networks() {
        return List.of(
                RELU_FREE,
                "mlp: {depth: 2, wStd: 1.3, bStd: 0.4}",
                "mlp: {depth: 3, activation: erf, wStd: 1.5, bStd: 0.1}",
                "mlp: {depth: 2, activation: {erf: {a: 0.7, b: 1.4, c: 0.3}}, wStd: 1.2}",
                "mlp: {depth: 2, activation: {leakyRelu: {alpha: 0.2}}, wStd: 1.2, bStd: 0.3}",
                "mlp: {depth: 2, activation: {abRelu: {a: -1, b: 1}}}",
                "mlp: {depth: 0, wStd: 2, bStd: 1}",
                "[flatten, identity, {dense: {units: 7, parameterization: standard, bStd: 0.5, wStd: 1.1}}, relu, {dense: {units: 3, "
                        + "parameterization: standard}}]",
                "[{dense: {units: 5, wStd: 1.4, bStd: 0.2}}, relu, {dense: {units: 4}}, erf, flatten, {dense: {units: 1, wStd: 0.7}}]",
                "[{dense: {units: 5, wStd: 1.4}}, {serial: [relu, flatten]}]");
    }

    private static Inputs x(long seed, int count) {
        return Cases.inputs(seed, count, 4, 3, 2);
    }

    private static InfiniteKernels kernels(String network, Inputs x, int threads, int tile) {
        return InfiniteKernels.of(Network.parse(network).layers(x.shape()), x, new InfiniteKernels.Plan(threads, 1L << 30, tile),
                Monitor.silent());
    }

    private static InfiniteKernels kernels(String network, Inputs x) {
        return Network.parse(network).infinite(x);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void should_be_symmetric_and_positive_semidefinite(String network) {
        InfiniteKernels k = kernels(network, x(1, 60));
        for (Kernel kernel : List.of(k.nngp(), k.ntk())) {
            assertThat(Kernel.of(kernel.toArray()).isSymmetric()).isTrue();
            assertThat(kernel.spectrum().minEigenvalue()).isGreaterThan(-1e-13 * kernel.spectrum().maxEigenvalue());
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void should_not_change_a_byte_with_tiles_or_threads(String network) {
        Inputs x = x(2, 139);
        InfiniteKernels reference = kernels(network, x, 1, 139);
        for (int[] plan : new int[][] {{2, 13}, {3, 64}, {2, 128}, {1, 138}, {4, 1000}}) {
            InfiniteKernels k = kernels(network, x, plan[0], plan[1]);
            assertThat(k.nngp().values()).as("threads and tile %s", Arrays.toString(plan)).isEqualTo(reference.nngp().values());
            assertThat(k.ntk().values()).as("threads and tile %s", Arrays.toString(plan)).isEqualTo(reference.ntk().values());
        }
    }

    /** One kernel alone is the same as one of both, with itself and with others. */
    @Test
    void should_keep_only_the_kernels_that_are_wanted() {
        Inputs x = Cases.inputs(7, 1, 4, 3, 2);
        Inputs x2 = Cases.inputs(5, 2, 4, 3, 2);
        Network network = Network.parse("[{conv: {channels: 2, padding: same}}, relu, flatten, {dense: {units: 1}}]");
        InfiniteKernels both = network.infinite(x);
        assertThat(network.ntk(x).values()).isEqualTo(both.ntk().values());
        assertThat(network.nngp(x).values()).isEqualTo(both.nngp().values());
        assertThat(network.ntk(x, x2).values()).isEqualTo(network.infinite(x, x2).ntk().values());
        assertThat(network.nngp(x, x2).values()).isEqualTo(network.infinite(x, x2).nngp().values());
        InfiniteKernels.Plan plan = InfiniteKernels.Plan.orInFiles(org.ntk4j.base.Settings.ofProcess(), network.layers(x.shape()), x,
                Optional.empty(), List.of("nngp"));
        Map<String, Kernel> alone = InfiniteKernels.named(network.layers(x.shape()), x, Optional.empty(), plan, Monitor.silent(),
                Optional.empty());
        assertThat(alone).containsOnlyKeys("nngp");
        assertThat(alone.get("nngp").values()).isEqualTo(both.nngp().values());
    }

    @Test
    void should_not_change_a_byte_with_tiles_of_one_pair() {
        Inputs x = x(2, 40);
        assertThat(kernels(RELU_FREE, x, 2, 1).ntk().values()).isEqualTo(kernels(RELU_FREE, x, 1, 40).ntk().values());
    }

    @ParameterizedTest
    @MethodSource("networks")
    void should_not_change_a_byte_with_tiles_for_two_sets(String network) {
        Inputs x1 = x(3, 41);
        Inputs x2 = x(4, 135);
        var layers = Network.parse(network).layers(x1.shape());
        InfiniteKernels reference = InfiniteKernels.of(layers, x1, x2, new InfiniteKernels.Plan(1, 1L << 30, 200), Monitor.silent());
        for (int tile : new int[] {17, 41, 128}) {
            InfiniteKernels k = InfiniteKernels.of(layers, x1, x2, new InfiniteKernels.Plan(2, 1L << 30, tile), Monitor.silent());
            assertThat(k.nngp().values()).isEqualTo(reference.nngp().values());
            assertThat(k.ntk().values()).isEqualTo(reference.ntk().values());
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void should_follow_a_permutation_of_the_inputs(String network) {
        Inputs x = x(5, 133);
        List<Integer> order = IntStream.range(0, 133).boxed().collect(Collectors.toList());
        Collections.shuffle(order, new Random(1));
        InfiniteKernels straight = kernels(network, x);
        InfiniteKernels permuted = kernels(network, Cases.pick(x, order.stream().mapToInt(i -> i).toArray()));
        double[] expected = new double[133 * 133];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = straight.ntk().get(order.get(i / 133), order.get(i % 133));
        }
        assertThat(Cases.difference(permuted.ntk().values(), expected)).isLessThan(1e-13 * Cases.largest(expected));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void two_sets_that_are_the_same_should_give_the_symmetric_kernel(String network) {
        Inputs x = x(6, 140);
        InfiniteKernels one = kernels(network, x);
        InfiniteKernels two = Network.parse(network).infinite(x, Cases.times(x, 1));
        assertThat(two.nngp().isSymmetric()).isFalse();
        assertThat(Cases.relative(two.nngp(), one.nngp())).isLessThan(1e-7);
        assertThat(Cases.relative(two.ntk(), one.ntk())).isLessThan(1e-7);
        assertThat(two.ntk().transpose().values()).as("transposed").satisfies(t -> assertThat(Cases.difference(t, two.ntk().values()))
                .isLessThan(1e-12 * Cases.largest(t)));
    }

    @Test
    void relu_without_bias_should_scale_with_the_square_of_the_inputs() {
        Inputs x = x(7, 20);
        InfiniteKernels k = kernels(RELU_FREE, x);
        for (double c : new double[] {2, 3.7, 1e-8, 1e4, 1e-140, 1e140}) {
            InfiniteKernels scaled = kernels(RELU_FREE, Cases.times(x, c));
            for (int i = 0; i < 400; i++) {
                assertThat(scaled.nngp().values()[i] / c / c).isCloseTo(k.nngp().values()[i], within(1e-13));
                assertThat(scaled.ntk().values()[i] / c / c).isCloseTo(k.ntk().values()[i], within(1e-13));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-150, 1e-100, 1e-8, 1, 1e4, 1e100, 1e150})
    void relu_should_hold_for_inputs_of_any_size_together(double c) {
        Inputs x = Inputs.of(new double[][] {{1, 0}, {0.5, 0.8}, {c, 0}, {0.5 * c, 0.8 * c}, {0, 0}, {-1, 0}, {-c, 0}});
        InfiniteKernels k = kernels("mlp: {depth: 1, wStd: 1.4142135623730951}", x);
        double corner = k.nngp().get(0, 1);
        assertThat(k.nngp().get(0, 3) / c).isCloseTo(corner, within(1e-15));
        assertThat(k.nngp().get(2, 1) / c).isCloseTo(corner, within(1e-15));
        assertThat(k.nngp().get(2, 3) / c / c).isCloseTo(corner, within(1e-15));
        assertThat(k.ntk().get(2, 3) / c / c).isCloseTo(k.ntk().get(0, 1), within(1e-15));
        assertThat(k.nngp().get(0, 2) / c).as("same direction").isCloseTo(k.nngp().get(0, 0), within(1e-15));
        for (int i = 0; i < 7; i++) {
            assertThat(k.nngp().get(i, 4)).as("with the zero row").isEqualTo(0);
            assertThat(k.ntk().get(i, 4)).isEqualTo(0);
        }
        assertThat(k.nngp().get(0, 5)).as("x and −x").isCloseTo(0, within(1e-15));
        assertThat(k.ntk().get(0, 5)).isCloseTo(0, within(1e-15));
        assertThat(k.nngp().get(2, 6) / c / c).isCloseTo(0, within(1e-15));
    }

    @Test
    void erf_should_hold_for_inputs_of_any_size_together() {
        Inputs x = Inputs.of(new double[][] {{1e150, 1e149}, {1e4, -1e3}, {1e-8, 1e-8}, {1e-150, 0}, {0, 0}, {-1e150, -1e149}});
        InfiniteKernels k = kernels("mlp: {depth: 1, activation: erf}", x);
        assertThat(k.nngp().get(0, 0)).as("a sign").isCloseTo(1, within(1e-14));
        assertThat(k.nngp().get(0, 5)).isCloseTo(-1, within(1e-14));
        assertThat(k.nngp().get(2, 2)).isCloseTo(4 / Math.PI * 1e-16, within(1e-30));
        assertThat(k.nngp().get(3, 3)).isCloseTo(2 / Math.PI * 1e-300, within(1e-314));
        assertThat(k.nngp().get(4, 0)).isEqualTo(0);
        double q = (1e8 + 1e6) / 2;
        assertThat(k.ntk().get(1, 1)).as("Θ on the diagonal of a large input")
                .isCloseTo(k.nngp().get(1, 1) + q * 4 / Math.PI / Math.sqrt(1 + 4 * q),
                within(1e-12 * q));
        assertThat(Arrays.stream(k.ntk().values()).allMatch(Double::isFinite)).isTrue();
    }

    @Test
    void duplicates_in_any_place_should_be_exactly_equal() {
        int n = 300;
        Inputs base = Cases.inputs(8, n, 37);
        double[] values = base.values().clone();
        for (int i : new int[] {5, 130, 143, 255, 256, 299}) {
            System.arraycopy(base.values(), 0, values, i * 37, 37);
        }
        Inputs x = Inputs.of(values, n, base.shape());
        for (String network : List.of(RELU_FREE, "mlp: {depth: 2, activation: erf, bStd: 0.3, wStd: 1.5}")) {
            InfiniteKernels k = kernels(network, x, 2, 50);
            for (int i : new int[] {5, 130, 143, 255, 256, 299}) {
                assertThat(k.nngp().get(0, i)).as("correlation of exactly 1").isEqualTo(k.nngp().get(0, 0));
                assertThat(k.ntk().get(0, i)).isEqualTo(k.ntk().get(0, 0));
                assertThat(k.nngp().toArray()[i]).isEqualTo(k.nngp().toArray()[0]);
                assertThat(k.ntk().toArray()[i]).isEqualTo(k.ntk().toArray()[0]);
            }
        }
    }

    @Test
    void one_input_should_do() {
        Kernel k = kernels(RELU_FREE, Inputs.of(new double[][] {{3, 4}})).ntk();
        assertThat(k.rows()).isEqualTo(1);
        assertThat(k.get(0, 0)).isCloseTo(4 * 25, within(1e-12));
    }

    @Test
    void a_bias_free_relu_network_should_keep_its_variance_over_200_layers() {
        Inputs x = x(9, 12);
        InfiniteKernels input = kernels("mlp: {depth: 0}", x);
        InfiniteKernels k = kernels("mlp: {depth: 200, wStd: 1.4142135623730951}", x);
        for (int i = 0; i < 12; i++) {
            // The readout has wStd² = 2 as well, so everything is twice the variance of the inputs.
            double q = 2 * input.nngp().get(i, i);
            assertThat(k.nngp().get(i, i)).isCloseTo(q, within(1e-12 * q));
            assertThat(k.ntk().get(i, i)).isCloseTo(201 * q, within(1e-12 * 201 * q));
            for (int j = 0; j < i; j++) {
                double rho = k.nngp().get(i, j) / Math.sqrt(k.nngp().get(i, i) * k.nngp().get(j, j));
                assertThat(rho).as("deep relu networks see all inputs as one").isBetween(0.997, 1.0);
            }
        }
        assertThat(k.ntk().spectrum().minEigenvalue()).isGreaterThan(0);
    }

    @Test
    void published_values_at_sixty_degrees() {
        Inputs x = Inputs.of(new double[][] {{Math.sqrt(2), 0}, {Math.sqrt(0.5), Math.sqrt(1.5)}});
        double[] nngp = {0.608997781044, 0.683905650899, 0.738128192301};
        double[] ntk = {0.942331114378, 1.351479561123, 1.737844679215};
        for (int depth = 1; depth <= 3; depth++) {
            StringBuilder list = new StringBuilder("[");
            for (int i = 0; i < depth; i++) {
                list.append("{dense: {units: 1, wStd: ").append(i == 0 ? 1 : Math.sqrt(2)).append("}}, relu, ");
            }
            InfiniteKernels k = kernels(list + "{dense: {units: 1, wStd: 1.4142135623730951}}]", x);
            assertThat(k.nngp().get(0, 1)).isCloseTo(nngp[depth - 1], within(1e-12));
            assertThat(k.ntk().get(0, 1)).isCloseTo(ntk[depth - 1], within(1e-12));
            assertThat(k.ntk().get(0, 0)).isCloseTo(depth + 1, within(1e-12));
            assertThat(k.nngp().get(0, 0)).isCloseTo(1, within(1e-12));
        }
    }

    /** Twice: many tiles on several threads fail at once, and memory outside the heap is given back only when all have ended. */
    @Test
    void overflow_should_name_the_layer() {
        Inputs x = Cases.inputs(10, 300, 20);
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> kernels("mlp: {depth: 3, wStd: 1e90}", x, 4, 8))
                    .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.status()).isEqualTo(Failure.RUN))
                    .hasMessageContaining("2.dense").hasMessageContaining("wStd");
        }
        assertThatThrownBy(() -> kernels("mlp: {}", Cases.times(x, 1e200))).isInstanceOf(Failure.class)
                .hasMessageContaining("input 0 has values up to");
    }

    @Test
    void should_stop_when_cancelled() {
        Monitor cancelled = new Monitor() {
            @Override
            public Task begin(String what, long total) {
                return Monitor.silent().begin(what, total);
            }

            @Override
            public boolean cancelled() {
                return true;
            }

            @Override
            public void note(String line) {
            }
        };
        Inputs x = x(11, 30);
        assertThatThrownBy(() -> InfiniteKernels.of(Network.parse(RELU_FREE).layers(x.shape()), x, new InfiniteKernels.Plan(2, 1L << 30, 4),
                cancelled))
                .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.status()).isEqualTo(Failure.CANCELLED));
    }
}
