package org.ntk4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Ntk;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.infinite.strip.DenseFeatures;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelMetrics;
import org.ntk4j.network.Network;

/** Random features of infinite kernels, next to the kernels. */
class RandomFeaturesTest {

    private static final int N = 60;
    private static final int SIZE = 12;

    private static double[][] inputs(int n, long seed) {
        Random random = new Random(seed);
        double[][] x = new double[n][SIZE];
        for (double[] row : x) {
            Arrays.setAll(row, i -> random.nextGaussian());
        }
        return x;
    }

    private static Network network(String activation) {
        return Ntk.network("[{dense: {units: 8, wStd: 1.4, bStd: 0.3}}, " + activation + ", {dense: {units: 8, wStd: 1.2, bStd: 0.1}}, "
                + activation + ", {dense: {units: 1, wStd: 1.5}}]");
    }

    /** The root of the mean square of the relative error over some seeds. */
    private static double error(Network net, boolean tangent, int count) {
        var x = Ntk.inputs(inputs(N, 1));
        Kernel exact = tangent ? net.ntk(x) : net.nngp(x);
        double squares = 0;
        int seeds = 6;
        for (int seed = 0; seed < seeds; seed++) {
            DenseFeatures features = DenseFeatures.of(net.layers(x.shape()), x, tangent, count, seed, Monitor.silent());
            double error = KernelMetrics.relativeFrobenius(Kernel.ofFeatures("k", features, Optional.empty()), exact).orElseThrow();
            squares += error * error / seeds;
        }
        return Math.sqrt(squares);
    }

    @ParameterizedTest
    @ValueSource(strings = {"relu", "erf", "tanh", "{leakyRelu: {alpha: 0.2}}"})
    void the_error_should_fall_as_one_over_the_root_of_their_number(String activation) {
        for (boolean tangent : new boolean[] {false, true}) {
            double few = error(network(activation), tangent, 128);
            double many = error(network(activation), tangent, 2048);
            // Sixteen times as many: a quarter of the error.
            assertThat(few / many).as(activation + ", tangent " + tangent + ": " + few + " and " + many).isBetween(2.7, 6.0);
            assertThat(many).isLessThan(0.15);
        }
    }

    @Test
    void a_network_without_activations_should_be_exact() {
        var x = Ntk.inputs(inputs(N, 1));
        Network net = Ntk.network("[{dense: {units: 1, wStd: 1.5, bStd: 0.2}}]");
        assertThat(KernelMetrics.relativeFrobenius(net.ntkFeatures(x, 10), net.ntk(x)).orElseThrow()).isLessThan(1e-6);
    }

    @Test
    void products_blocks_and_the_diagonal_should_be_those_of_the_features() {
        var x = Ntk.inputs(inputs(N, 1));
        var z = Ntk.inputs(inputs(7, 2));
        Kernel near = network("relu").ntkFeatures(x, 64);
        Kernel test = network("relu").ntkFeatures(z, x, 64);
        assertThat(test.rows()).isEqualTo(7);
        double[] all = near.values();
        double[] b = new Random(3).doubles(N * 2).toArray();
        double[] product = near.product(Monitor.silent()).times(b, 2);
        for (int i = 0; i < N; i++) {
            assertThat(near.diagonal()[i]).isCloseTo(all[i * N + i], within(1e-12));
            for (int c = 0; c < 2; c++) {
                double sum = 0;
                for (int j = 0; j < N; j++) {
                    sum += all[i * N + j] * b[j * 2 + c];
                }
                assertThat(product[i * 2 + c]).isCloseTo(sum, within(1e-9));
            }
        }
        // The same directions serve all inputs.
        var both = Ntk.inputs(inputs(N, 1));
        assertThat(network("relu").ntkFeatures(both, x, 64).values()).containsExactly(all, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-9, 1e-3, 1})
    void the_regression_should_be_that_with_their_kernel(double ridge) {
        var x = Ntk.inputs(inputs(N, 1));
        var z = Ntk.inputs(inputs(7, 2));
        Network net = network("erf");
        double[][] y = inputs(N, 5);
        // Fewer features than inputs, and more.
        for (int count : new int[] {40, 300}) {
            Kernel near = net.ntkFeatures(x, count);
            Kernel test = net.ntkFeatures(z, x, count);
            Fit fit = Regression.of(near).ridge(ridge).solver(new Solver.RandomFeatures(count)).fit(y);
            Fit dense = Regression.of(Kernel.symmetric("k", N, near.values())).ridge(ridge).solver(new Solver.Eigen()).fit(y);
            double[][] expected = dense.predict(Kernel.of("t", 7, N, test.values()));
            for (int i = 0; i < 7; i++) {
                assertThat(fit.predict(test)[i]).as("count %d", count).containsExactly(expected[i], within(2e-4));
            }
            for (int i = 0; i < N; i++) {
                assertThat(fit.train()[i]).containsExactly(dense.train()[i], within(2e-4));
            }
            assertThat(fit.diagnosis().solver()).contains("random features").contains("relative error of the kernel");
            if (ridge >= 1e-3) {
                assertThat(fit.looError()).isCloseTo(dense.looError(), within(1e-6 * dense.looError()));
                // Of more features than inputs it is estimated by probes.
                assertThat(fit.diagnosis().effectiveDegreesOfFreedom())
                        .isCloseTo(dense.diagnosis().effectiveDegreesOfFreedom(), within(count < N ? 1e-4 : 1.5));
            }
        }
    }

    @Test
    void other_networks_and_kernels_should_be_refused_with_the_way_that_is_there() {
        Network cnn = Ntk.network("[{conv: {channels: 4}}, relu, flatten, {dense: {units: 1}}]");
        var images = Ntk.inputs(inputs(3, 1), 2, 2, 3);
        assertThatThrownBy(() -> cnn.ntkFeatures(images, 64)).isInstanceOf(Failure.class).hasMessageContaining("dense layers")
                .hasMessageContaining("nystrom");
        assertThatThrownBy(() -> Regression.of(network("relu").ntk(Ntk.inputs(inputs(5, 1)))).solver(new Solver.RandomFeatures(64))
                .fit(inputs(5, 2)).train()).isInstanceOf(Failure.class).hasMessageContaining("ntkFeatures").hasMessageContaining("nystrom");
    }

    /** Sums that were stopped go on from what was kept, to the same bits; those of other targets begin anew. */
    @Test
    void stopped_sums_should_go_on(@TempDir Path folder) {
        int n = 5000;
        DenseFeatures features = DenseFeatures.of(network("relu").layers(Ntk.inputs(inputs(2, 1)).shape()), Ntk.inputs(inputs(n, 1)), true,
                40, 3, Monitor.silent());
        double[] b = new Random(4).doubles(n).toArray();
        FeatureSquare whole = FeatureSquare.of(features, b, 1, Resources.unlimited(), FeatureSquare.MINUTE);
        AtomicInteger asked = new AtomicInteger();
        List<String> notes = new ArrayList<>();
        Resources stopped = resources(folder, Monitor.quiet(() -> asked.incrementAndGet() > 3, notes::add));
        assertThatThrownBy(() -> FeatureSquare.of(features, b, 1, stopped, 0)).isInstanceOf(Failure.class).hasMessageContaining("stopped");
        Resources again = resources(folder, Monitor.quiet(() -> false, notes::add));
        FeatureSquare other = FeatureSquare.of(features, new double[n], 1, again, Long.MAX_VALUE);
        assertThat(notes).isEmpty();
        assertThat(other.values()).isEqualTo(whole.values());
        FeatureSquare gone = FeatureSquare.of(features, b, 1, again, 0);
        assertThat(notes).singleElement().asString().startsWith("going on with the sums over 3072 of 5000 inputs");
        assertThat(gone.values()).isEqualTo(whole.values());
        assertThat(gone.projected()).isEqualTo(whole.projected());
        assertThat(folder).isDirectoryContaining("glob:**/features.txt").isDirectoryNotContaining("glob:**/square-3072.npy");
    }

    private static Resources resources(Path folder, Monitor monitor) {
        return new Resources(Long.MAX_VALUE, 2, Optional.of(folder), "key", monitor);
    }
}
