package org.ntk4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Seed;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.finite.EmpiricalKernel;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.TangentTiles;
import org.ntk4j.infinite.Cluster;
import org.ntk4j.infinite.tile.TileFolder;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.layer.TrainedPart;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/** Tangent kernels of finite networks whose tiles are computed by tasks of Spark in this process: the bytes of the tiles computed here. */
class TangentTilesOnSparkTest {

    private static final Shape IN = Shape.of(6, 6, 2);
    private static final Inputs X = inputs(22, 1);
    private static final int TILES = 6;
    private static final int SIDE = 8;
    private static final String MASTER = "local[2]";

    @TempDir
    private Path folder;

    @AfterAll
    static void stop() {
        new SparkCluster(MASTER).close();
    }

    private static Inputs inputs(int count, int seed) {
        return Inputs.of(new Random(seed).doubles((long) count * IN.size()).map(v -> 2 * v - 1).toArray(), count, IN);
    }

    private static FiniteNetwork network(String text) {
        return FiniteNetwork.of(Network.parse(text), new Seed(3)).outputs(3);
    }

    private static FiniteNetwork cnn() {
        return network("cnn: {channels: 8, depth: 2, readout: gap, bStd: 0.1}");
    }

    private static TangentTiles tiles(FiniteNetwork network) {
        return TangentTiles.of(network, X, Optional.empty(), SIDE);
    }

    private Optional<Cluster> spark() {
        SparkCluster cluster = new SparkCluster(MASTER);
        cluster.logTo(folder.resolve("log.txt"));
        return Optional.of(cluster);
    }

    private Kernel onSpark(TangentTiles tiles) {
        return tiles.kernel(spark(), TileFolder.always(folder.resolve("there")), Monitor.silent());
    }

    private Kernel here(TangentTiles tiles) {
        return tiles.kernel(Optional.empty(), TileFolder.always(folder.resolve("here")), Monitor.silent());
    }

    private static List<Path> files(Path where) throws IOException {
        try (Stream<Path> all = Files.walk(where)) {
            return all.filter(p -> p.toString().endsWith(".tiles")).sorted().toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cnn: {channels: 8, depth: 2, readout: gap, bStd: 0.1}", "mlp: {width: 16, depth: 2}",
        "[{conv: {channels: 4}}, batchNorm, relu, flatten, {dense: {units: 3}}]"})
    void should_give_the_bytes_of_tiles_computed_here(String text) throws IOException {
        FiniteNetwork network = network(text).calibrated(X);
        Kernel kernel = onSpark(tiles(network));
        assertThat(kernel.values()).isEqualTo(here(tiles(network)).values());
        assertThat(files(folder.resolve("there"))).hasSize(TILES);
        near(kernel, new EmpiricalKernel(network).mean(X, Monitor.silent()));
    }

    /** But for the rounding of float32. */
    private static void near(Kernel kernel, Kernel whole) {
        for (int i = 0; i < whole.rows(); i++) {
            for (int j = 0; j < whole.columns(); j++) {
                assertThat(kernel.get(i, j)).as("%d, %d", i, j)
                        .isCloseTo(whole.get(i, j), within(2e-6 * Math.max(whole.get(0, 0), Math.abs(whole.get(i, j)))));
            }
        }
    }

    @Test
    void should_compute_with_the_weights_that_it_is_given_in_their_precision() {
        FiniteNetwork drawn = cnn().precision("float64");
        FiniteNetwork trained = drawn.train(X, targets(), org.ntk4j.Ntk.gradientDescent().until(org.ntk4j.Ntk.maxSteps(3))).network();
        assertThat(onSpark(tiles(trained)).values()).isEqualTo(here(tiles(trained)).values())
                .isNotEqualTo(here(tiles(drawn)).values());
        near(onSpark(tiles(trained)), new EmpiricalKernel(trained).mean(X, Monitor.silent()));
    }

    private static double[][] targets() {
        double[][] y = new double[X.count()][3];
        for (int i = 0; i < y.length; i++) {
            y[i][i % 3] = 1;
        }
        return y;
    }

    @Test
    void should_leave_out_what_is_frozen() {
        FiniteNetwork part = cnn().trained(new TrainedPart(List.of("0.conv"), List.of()));
        Kernel kernel = onSpark(tiles(part));
        assertThat(kernel.values()).isEqualTo(here(tiles(part)).values()).isNotEqualTo(here(tiles(cnn())).values());
        near(kernel, new EmpiricalKernel(part).mean(X, Monitor.silent()));
    }

    @Test
    void should_compute_rows_with_other_columns() {
        TangentTiles tiles = TangentTiles.of(cnn(), inputs(9, 2), Optional.of(X), SIDE);
        Kernel kernel = onSpark(tiles);
        assertThat(kernel.values()).isEqualTo(here(tiles).values());
        near(kernel, new EmpiricalKernel(cnn()).mean(inputs(9, 2), X, Monitor.silent()));
    }

    @Test
    void should_go_on_here_from_what_was_left_there() throws IOException {
        TangentTiles tiles = tiles(cnn());
        Kernel expected = here(tiles);
        onSpark(tiles);
        Path there = folder.resolve("there");
        List<Path> files = files(there);
        for (int i = 0; i < files.size(); i += 2) {
            Files.delete(files.get(i));
        }
        byte[] damaged = Files.readAllBytes(files.get(1));
        damaged[damaged.length / 2] ^= 1;
        Files.write(files.get(1), damaged);
        StringBuilder said = new StringBuilder();
        Kernel kernel = tiles.kernel(Optional.empty(), TileFolder.always(there), Monitor.quiet(() -> false, said::append));
        assertThat(kernel.values()).isEqualTo(expected.values());
        assertThat(said).contains("is damaged").contains("continuing with the 2 of 6 tiles");
    }

    @Test
    void should_not_depend_on_the_threads_and_the_memory_of_a_machine() {
        Settings other = cnn().settings().withThreads(1).withMemory(256L << 20);
        assertThat(here(tiles(cnn().on(other))).values())
                .isEqualTo(tiles(cnn()).kernel(Optional.empty(), TileFolder.always(folder.resolve("again")), Monitor.silent()).values());
    }

    @Test
    void should_say_how_much_memory_an_executor_needs() {
        TangentTiles enough = tiles(cnn());
        assertThat(enough.within(1L << 30, 4)).isSameAs(enough);
        assertThatThrownBy(() -> tiles(cnn()).within(1 << 20, 4)).isInstanceOf(Failure.class).hasMessageContaining("needs at least")
                .message().hasLineCount(1);
    }

    @Test
    void should_stay_here_where_that_takes_no_time() {
        assertThat(TangentTiles.elsewhere(cnn(), X, Optional.empty(), spark(), TileFolder.always(folder), Monitor.silent())).isEmpty();
        assertThat(TangentTiles.isLarge(OptionalInt.of(2), 2)).isFalse();
        assertThat(TangentTiles.isLarge(OptionalInt.of(64), 2)).isTrue();
        assertThat(TangentTiles.isLarge(new Master("spark://a:1").cores(), 2)).isTrue();
        assertThat(new Master("local-cluster[3,4,1024]").cores()).hasValue(12);
        assertThat(TangentTiles.isWorthSending(network("cnn: {channels: 512, depth: 4, readout: gap}"), inputs(2000, 1),
                Optional.empty())).isTrue();
    }
}
