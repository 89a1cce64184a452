package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Seed;
import org.ntk4j.data.Inputs;
import org.ntk4j.forward.Padding;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;

class TangentKernelTest {

    /** Networks on inputs of shape 2×2×3. */
    static List<String> networks() {
        return List.of(
                "mlp: {depth: 0, outputs: 3}",
                "mlp: {depth: 0, outputs: 2, bStd: 0.5}",
                "mlp: {width: 5, depth: 1, outputs: 1, activation: erf, wStd: 1.4}",
                "mlp: {width: 5, depth: 1, outputs: 3, activation: erf, bStd: 0.7}",
                "mlp: {width: 4, depth: 2, outputs: 3, activation: relu, wStd: 1.4, bStd: 0.3}",
                "mlp: {width: 4, depth: 3, outputs: 2, activation: {leakyRelu: {alpha: 0.2}}, wStd: 1.4}",
                "mlp: {width: 4, depth: 2, outputs: 2, activation: {erf: {a: 0.7, b: 1.4, c: 0.3}}, bStd: 0.0}",
                "[flatten, {dense: {units: 4}}, {dense: {units: 3, bStd: 1}}, erf, {dense: {units: 2}}]",
                "[flatten, {dense: {units: 4, parameterization: standard, bStd: 0.4}}, erf, {dense: {units: 3, parameterization: "
                        + "standard}}, relu, {dense: {units: 2, bStd: 0.1, parameterization: standard}}]",
                "[flatten, {dense: {units: 4, bStd: 0.3}}, erf]",
                "[flatten, {dense: {units: 4, bStd: 0.3}}, {abRelu: {a: -0.5, b: 1}}, {dense: {units: 3}}, erf]",
                "[{dense: {units: 4, bStd: 0.5}}, erf, flatten, {dense: {units: 2, bStd: 0.2}}]",
                "[{dense: {units: 4, bStd: 0.5}}, erf, {dense: {units: 3, parameterization: standard, bStd: 0.5}}, relu, flatten, {dense: "
                        + "{units: 3}}, erf, {dense: {units: 2}}]",
                "[{dense: {units: 2, bStd: 0.5}}, flatten]",
                "[{dense: {units: 2}}, erf, {dense: {units: 2}}]",
                "[{serial: [flatten, {dense: {units: 4}}, erf]}, {serial: [{dense: {units: 2}}]}]");
    }

    private static FiniteNetwork network(String definition) {
        return FiniteNetwork.of(Network.parse(definition), new Seed(3)).precision(Precision.FLOAT64).on(Cases.settings());
    }

    private static Inputs x(long seed, int count) {
        return Cases.inputs(seed, count, 2, 2, 3);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void should_agree_with_central_differences_and_the_mean_be_the_trace(String definition) {
        FiniteNetwork network = network(definition);
        Inputs x1 = x(1, 7);
        Inputs x2 = x(2, 5);
        double[][] j1 = jacobian(network, x1);
        double[][] j2 = jacobian(network, x2);
        int k = j1.length / 7;
        double[][] expected = product(j1, j2);
        double[][] full = network.ntkPerOutput(x1, x2).toArray();
        assertThat(Cases.difference(full, expected)).isLessThan(1e-6 * Cases.largest(Cases.flat(expected)));
        double[][] between = network.ntk(x1, x2).toArray();
        double[][] trace = mean(expected, k);
        assertThat(Cases.difference(between, trace)).isLessThan(1e-6 * Cases.largest(Cases.flat(trace)));
        assertThat(Cases.difference(between, mean(full, k))).as("the trace of the full tensor")
                .isLessThan(1e-12 * Cases.largest(Cases.flat(between)));
        double[][] own = mean(product(j1, j1), k);
        assertThat(Cases.difference(network.ntk(x1).toArray(), own)).isLessThan(1e-6 * Cases.largest(Cases.flat(own)));
    }

    /** One row for each input and output, one column for each weight; all in one session. */
    private static double[][] jacobian(FiniteNetwork network, Inputs x) {
        Map<String, double[]> weights = network.weights(x.shape());
        int columns = weights.values().stream().mapToInt(w -> w.length).sum();
        int outputs = network.outputs(x)[0].length;
        double[][] jacobian = new double[x.count() * outputs][columns];
        double h = 1e-5;
        int column = 0;
        try (CompiledNetwork compiled = new CompiledNetwork(network.layers(x.shape()), x.shape(), Precision.FLOAT64, Cases.settings(),
                Padding.NONE)) {
            CompiledNetwork.Variable input = compiled.variable("x", List.of(x.count(), 2, 2, 3));
            CompiledNetwork.Pass pass = compiled.pass(input.read());
            compiled.open();
            compiled.assign(input, x.values());
            compiled.load(weights);
            for (String name : weights.keySet()) {
                double[] values = weights.get(name).clone();
                for (int i = 0; i < values.length; i++) {
                    double value = values[i];
                    values[i] = value + h;
                    compiled.assign(compiled.weights().get(name), values);
                    double[] up = compiled.fetch(pass.outputs());
                    values[i] = value - h;
                    compiled.assign(compiled.weights().get(name), values);
                    double[] down = compiled.fetch(pass.outputs());
                    values[i] = value;
                    for (int r = 0; r < up.length; r++) {
                        jacobian[r][column] = (up[r] - down[r]) / (2 * h);
                    }
                    column++;
                }
                compiled.assign(compiled.weights().get(name), values);
            }
        }
        return jacobian;
    }

    private static double[][] product(double[][] a, double[][] b) {
        double[][] c = new double[a.length][b.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                for (int w = 0; w < a[i].length; w++) {
                    c[i][j] += a[i][w] * b[j][w];
                }
            }
        }
        return c;
    }

    private static double[][] mean(double[][] full, int k) {
        double[][] mean = new double[full.length / k][full[0].length / k];
        for (int i = 0; i < mean.length; i++) {
            for (int j = 0; j < mean[i].length; j++) {
                for (int c = 0; c < k; c++) {
                    mean[i][j] += full[i * k + c][j * k + c] / k;
                }
            }
        }
        return mean;
    }

    static List<String> tiled() {
        return List.of(networks().get(2), networks().get(12));
    }

    static List<String> alsoTiled() {
        return List.of(networks().get(5), networks().get(10), networks().get(13));
    }

    @ParameterizedTest
    @MethodSource("tiled")
    void tiles_should_change_nothing_beyond_rounding(String definition) {
        tiles(definition);
    }

    @ParameterizedTest
    @Tag("slow")
    @MethodSource("alsoTiled")
    void tiles_of_others_should_change_nothing_beyond_rounding(String definition) {
        tiles(definition);
    }

    private static void tiles(String definition) {
        for (Precision precision : Precision.values()) {
            double tolerance = precision == Precision.FLOAT64 ? 1e-12 : 1e-5;
            FiniteNetwork network = network(definition).precision(precision);
            Inputs x1 = x(5, 11);
            Inputs x2 = x(6, 4);
            Kernel mean = network.ntk(x1);
            Kernel between = network.ntk(x1, x2);
            Kernel full = network.ntkPerOutput(x1, x2);
            for (int tile : precision == Precision.FLOAT64 ? new int[] {1, 4} : new int[] {3}) {
                EmpiricalKernel tiled = new EmpiricalKernel(network).tile(tile);
                assertThat(Cases.relative(tiled.mean(x1, Monitor.silent()), mean)).isLessThan(tolerance);
                assertThat(Cases.relative(tiled.mean(x1, x2, Monitor.silent()), between)).isLessThan(tolerance);
                assertThat(Cases.relative(tiled.full(x1, x2, Monitor.silent()), full)).isLessThan(tolerance);
            }
            assertThat(mean.isSymmetric()).isTrue();
            assertThat(Cases.relative(network.ntk(x1, Cases.times(x1, 1)), mean)).isLessThan(tolerance);
        }
    }

    /** 64 MiB do not hold the backward passes of 1,500 inputs through 3 × 300 units for ten outputs: they are repeated for each tile. */
    @Test
    void a_small_memory_should_change_nothing_beyond_rounding() {
        FiniteNetwork network = network("mlp: {width: 200, depth: 3, outputs: 10, wStd: 1.4, bStd: 0.1}").precision(Precision.FLOAT32);
        Inputs x = Cases.inputs(7, 1500, 20);
        Inputs x2 = Cases.inputs(8, 90, 20);
        FiniteNetwork small = network.on(Cases.settings().withMemory(64L << 20));
        assertThat(Cases.relative(small.ntk(x), network.ntk(x))).isLessThan(1e-5);
        assertThat(Cases.relative(small.ntk(x, x2), network.ntk(x, x2))).isLessThan(1e-5);
    }

    /** A clean-up of the heap takes longer than a small kernel. */
    @Test
    void small_kernels_should_not_clean_up_each() {
        FiniteNetwork network = network("mlp: {width: 4, depth: 1}");
        long before = cleanUps();
        for (int i = 0; i < 8; i++) {
            network.ntk(x(i, 3));
        }
        assertThat(cleanUps() - before).as("for eight kernels").isLessThan(4);
    }

    private static long cleanUps() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream().filter(b -> b.getName().matches(".*(MarkSweep|Old).*"))
                .mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
    }

    @Test
    void should_follow_the_order_of_the_inputs() {
        FiniteNetwork network = network("mlp: {width: 16, depth: 2, outputs: 3, wStd: 1.4, bStd: 0.1}");
        Inputs x = x(9, 23);
        int[] order = IntStream.range(0, 23).map(i -> (7 * i + 3) % 23).toArray();
        double[][] f = network.outputs(x);
        double[][] permuted = network.outputs(Cases.pick(x, order));
        Kernel theta = network.ntk(x);
        Kernel other = network.ntk(Cases.pick(x, order));
        for (int i = 0; i < 23; i++) {
            assertThat(permuted[i]).containsExactly(f[order[i]], within(1e-13));
            for (int j = 0; j < 23; j++) {
                assertThat(other.get(i, j)).isCloseTo(theta.get(order[i], order[j]), within(1e-12 * Cases.largest(theta.values())));
            }
        }
    }

    /** More inputs than one batch of the forward pass holds. */
    @Test
    void outputs_should_not_depend_on_the_batch() {
        FiniteNetwork network = network("mlp: {width: 8, depth: 1, outputs: 2}");
        Inputs x = Cases.inputs(10, 4500, 3);
        double[][] f = network.outputs(x);
        for (int i : new int[] {0, 2047, 2048, 4095, 4096, 4499}) {
            assertThat(network.outputs(x.slice(i, i + 1))[0]).containsExactly(f[i], within(1e-14));
        }
    }

    @Test
    void a_network_without_weights_should_have_a_kernel_of_zeros() {
        Inputs x = x(11, 3);
        for (String definition : List.of("[flatten]", "[identity]", "[flatten, relu]")) {
            assertThat(network(definition).ntk(x).values()).containsOnly(0);
            assertThat(network(definition).ntkPerOutput(x, x).values()).containsOnly(0);
        }
    }

    @Test
    void should_say_how_much_memory_is_needed() {
        FiniteNetwork network = network("mlp: {width: 20, depth: 1}").on(Cases.settings().withMemory(64L << 20));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> network.ntk(Cases.inputs(1, 5000, 2)))
                .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.status()).isEqualTo(Failure.INPUT))
                        .hasMessageContaining("--memory");
    }
}
