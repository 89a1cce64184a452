package org.ntk4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.inference.Fit;
import org.ntk4j.inference.FullRegression;
import org.ntk4j.inference.Moment;
import org.ntk4j.inference.Predictor;
import org.ntk4j.inference.Regression;
import org.ntk4j.inference.Solver;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.infinite.TileJob;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/** Kernels whose tiles stay on executors: products, rows, regression. */
class HeldKernelTest {

    private static final Shape IN = Shape.of(12);
    private static final Serial NETWORK = Network.parse("mlp: {width: 8, depth: 2, bStd: 0.1}").layers(IN);
    private static final Inputs TRAIN = inputs(150, 1);
    private static final Inputs TEST = inputs(17, 2);

    @TempDir
    private Path folder;

    private SparkCluster cluster;
    private Kernel train;
    private Kernel test;

    @BeforeEach
    void compute() {
        cluster = new SparkCluster("local[2]");
        cluster.logTo(folder.resolve("log.txt"));
        train = held(new TileJob(NETWORK, TRAIN, Optional.empty(), 16, 16, Precision.FLOAT64));
        test = held(new TileJob(NETWORK, TEST, Optional.of(TRAIN), 16, 16, Precision.FLOAT64));
    }

    @AfterAll
    static void stop() {
        new SparkCluster("local[2]").close();
    }

    private Kernel held(TileJob job) {
        Map<String, Kernel> kernels = cluster.kernels(job, List.of("ntk"), Monitor.silent());
        return kernels.get("ntk");
    }

    private static Inputs inputs(int count, int seed) {
        return Inputs.of(new Random(seed).doubles((long) count * IN.size()).map(v -> 2 * v - 1).toArray(), count, IN);
    }

    private static Kernel here(Optional<Inputs> rows) {
        InfiniteKernels.Plan plan = new InfiniteKernels.Plan(2, 1L << 30, 16);
        return rows.isPresent() ? InfiniteKernels.of(NETWORK, rows.get(), TRAIN, plan, Monitor.silent()).ntk()
                : InfiniteKernels.of(NETWORK, TRAIN, plan, Monitor.silent()).ntk();
    }

    @Test
    void should_have_the_values_of_one_machine() {
        Kernel expected = here(Optional.empty());
        assertThat(train.isElsewhere()).isTrue();
        assertThat(train.isInHeap()).isFalse();
        assertThat(train.row(73)).isEqualTo(expected.row(73));
        assertThat(train.get(149, 3)).isEqualTo(expected.get(149, 3));
        assertThat(train.diagonal()).isEqualTo(expected.diagonal());
        double[] rows = new double[3 * 150];
        train.rows(new int[] {5, 140, 16}, rows);
        assertThat(Arrays.copyOfRange(rows, 150, 300)).isEqualTo(expected.row(140));
        assertThat(train.values()).isEqualTo(expected.values());
        assertThat(test.values()).isEqualTo(here(Optional.of(TEST)).values());
    }

    @Test
    void should_multiply_where_the_tiles_are() {
        int k = 3;
        double[] b = new Random(3).doubles(150L * k).toArray();
        for (Kernel[] pair : new Kernel[][] {{train, here(Optional.empty())}, {test, here(Optional.of(TEST))}}) {
            try (KernelProduct there = pair[0].product(2, Monitor.silent()); KernelProduct expected = pair[1].product(Monitor.silent())) {
                double[] product = expected.times(b, k);
                double[] found = there.times(b, k);
                assertThat(found).hasSameSizeAs(product);
                for (int i = 0; i < product.length; i++) {
                    assertThat(found[i]).isCloseTo(product[i], within(1e-12 * Math.abs(product[i]) + 1e-12));
                }
                assertThat(there.times(b, k)).isEqualTo(found);
            }
        }
    }

    @Test
    void should_solve_a_regression_as_one_machine_does_within_the_residual() {
        double[][] y = new double[150][];
        Arrays.setAll(y, i -> new double[] {Math.sin(i), i % 3 - 1});
        Solver gradients = new Solver.ConjugateGradient(1e-10, 0);
        Fit there = Regression.of(train).ridge(1e-3).fit(y);
        Fit expected = Regression.of(here(Optional.empty())).ridge(1e-3).solver(gradients).fit(y);
        double[][] f = there.predict(test);
        double[][] g = expected.predict(here(Optional.of(TEST)));
        for (int i = 0; i < g.length; i++) {
            assertThat(f[i]).containsExactly(g[i], within(1e-6));
        }
        assertThat(there.diagnosis().solver()).contains("conjugate gradients");
        assertThat(there.diagnosis().residual()).isLessThan(1e-8);
        assertThat(there.diagnosis().iterations()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e-2})
    void should_follow_training_by_products_as_one_machine_does_by_eigenvalues(double ridge) {
        double[][] y = new double[150][];
        Arrays.setAll(y, i -> new double[] {Math.sin(i), 0, i % 3 - 1});
        List<Moment> moments = List.of(Moment.steps(0), Moment.steps(3), Moment.steps(200).learningRate(1), Moment.flow(50),
                Moment.steps(40).momentum(0.9));
        Fit there = Regression.of(train).ridge(ridge).fit(y);
        Fit expected = Regression.of(here(Optional.empty())).ridge(ridge).fit(y);
        List<FullRegression.Values> found = new Predictor.OfEachOutput(there, test, null).at(moments);
        for (int m = 0; m < moments.size(); m++) {
            Fit at = expected.at(moments.get(m));
            close(found.get(m).train(), at.train());
            close(found.get(m).test(), at.predict(here(Optional.of(TEST))));
            close(there.at(moments.get(m)).predict(test), found.get(m).test());
        }
        assertThat(there.hasEigen()).isFalse();
        assertThat(there.at(moments.get(1)).diagnosis().solver()).isEqualTo("Lanczos' recursion");
    }

    private static void close(double[][] found, double[][] expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(found[i]).containsExactly(expected[i], within(1e-8));
        }
    }

    @Test
    void should_say_from_which_rate_on_training_diverges() {
        double[][] y = new double[150][];
        Arrays.setAll(y, i -> new double[] {Math.sin(i)});
        Fit fit = Regression.of(train).fit(y).at(Moment.steps(1e6).learningRate(1e9));
        assertThatThrownBy(() -> fit.predict(test)).isInstanceOf(Failure.class).hasMessageContaining("training has diverged");
    }
}
