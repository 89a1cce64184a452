package org.ntk4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.Cluster;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileFolder;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/** Kernels whose tiles are computed by tasks of Spark in this process: the bytes of one machine, whatever happens. */
class KernelsOnSparkTest {

    private static final Shape IN = Shape.of(6, 6, 2);
    private static final Serial NETWORK = Network.parse("cnn: {channels: 8, depth: 2, readout: gap, bStd: 0.1}").layers(IN);
    private static final Inputs X = inputs(22, 1);
    private static final InfiniteKernels.Plan PLAN = new InfiniteKernels.Plan(2, 1L << 30, 4);
    private static final int TILES = 21;
    private static final String MASTER = "local[2]";

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();

    @AfterAll
    static void stop() {
        new SparkCluster(MASTER).close();
    }

    private static Inputs inputs(int count, int seed) {
        return Inputs.of(new Random(seed).doubles((long) count * IN.size()).map(v -> 2 * v - 1).toArray(), count, IN);
    }

    private SparkCluster spark() {
        SparkCluster cluster = new SparkCluster(MASTER);
        cluster.logTo(folder.resolve("log.txt"));
        return cluster;
    }

    private Map<String, Kernel> compute(Optional<Cluster> cluster, InfiniteKernels.Plan plan, Optional<Inputs> x2, Monitor monitor) {
        return InfiniteKernels.named(NETWORK, X, x2, plan.on(cluster), monitor, Optional.of(TileFolder.always(folder)));
    }

    private Map<String, Kernel> onSpark() {
        return compute(Optional.of(spark()), PLAN, Optional.empty(), notes(Long.MAX_VALUE));
    }

    private Map<String, Kernel> here() {
        return compute(Optional.empty(), PLAN, Optional.empty(), notes(Long.MAX_VALUE));
    }

    /** What one machine computes, without a file. */
    private static Map<String, Kernel> expected(InfiniteKernels.Plan plan, Optional<Inputs> x2) {
        return InfiniteKernels.named(NETWORK, X, x2, plan, Monitor.silent(), Optional.empty());
    }

    private static void same(Map<String, Kernel> kernels, Map<String, Kernel> expected) {
        assertThat(kernels.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, kernel) -> assertThat(kernels.get(name).values()).as(name).isEqualTo(kernel.values()));
    }

    private void same(Map<String, Kernel> kernels) {
        same(kernels, expected(PLAN, Optional.empty()));
    }

    /** Keeps notes, and presses Ctrl-C after so many tiles. */
    private Monitor notes(long most) {
        AtomicLong done = new AtomicLong();
        return new Monitor() {
            @Override
            public Task begin(String what, long total) {
                return new Task() {
                    @Override
                    public void done(long units) {
                        done.set(units);
                    }

                    @Override
                    public void done(long units, String state) {
                        done.set(units);
                    }

                    @Override
                    public void close() {
                    }
                };
            }

            @Override
            public boolean cancelled() {
                return done.get() >= most;
            }

            @Override
            public void note(String line) {
                notes.add(line);
            }
        };
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve("tiles"))) {
            return all.filter(p -> p.toString().endsWith(".tiles")).sorted().toList();
        }
    }

    @Test
    void should_give_the_bytes_of_one_machine() throws IOException {
        same(onSpark());
        assertThat(files()).hasSize(TILES);
        assertThat(notes).anyMatch(n -> n.startsWith("continuing with the 21 of 21 tiles in "));
        Path manifest = files().get(0).resolveSibling("manifest.csv");
        assertThat(Files.readAllLines(manifest)).hasSize(1 + TILES).first().isEqualTo("file,row,column,rows,columns,checksum,seconds");
    }

    @Test
    void should_give_them_for_two_sets_of_inputs_and_in_float32() {
        Optional<Inputs> x2 = Optional.of(inputs(9, 2));
        InfiniteKernels.Plan single = PLAN.withPrecision(Precision.FLOAT32);
        same(compute(Optional.of(spark()), single, x2, Monitor.silent()), expected(single, x2));
    }

    @Test
    void should_compute_half_here_and_half_there() throws IOException {
        assertThatThrownBy(() -> compute(Optional.empty(), PLAN, Optional.empty(), notes(5))).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> compute(Optional.of(with(FailingTask.Kind.SLOW)), PLAN, Optional.empty(), notes(5)))
                .isInstanceOfSatisfying(Failure.class, e -> {
                    assertThat(e.status()).isEqualTo(Failure.CANCELLED);
                    assertThat(e.getMessage()).contains("of 21 tiles are kept").contains("with --spark or without");
                });
        assertThat(files()).hasSizeBetween(2, TILES - 1);
        same(here());
        assertThat(notes).anyMatch(n -> n.startsWith("continuing with the "));
    }

    @Test
    void should_take_over_the_tile_size_of_who_began() {
        assertThatThrownBy(() -> compute(Optional.of(with(FailingTask.Kind.SLOW)), PLAN, Optional.empty(), notes(5)))
                .isInstanceOf(Failure.class);
        same(compute(Optional.empty(), PLAN.withTile(7), Optional.empty(), notes(Long.MAX_VALUE)));
        assertThat(notes).anyMatch(n -> n.startsWith("continuing with the "));
    }

    @Test
    void should_compute_a_damaged_tile_again() throws IOException {
        onSpark();
        Path damaged = files().get(3);
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[bytes.length / 2] ^= 1;
        Files.write(damaged, bytes);
        Files.writeString(damaged.resolveSibling(".000002.tiles.task7.writing"), "half");
        notes.clear();
        same(onSpark());
        assertThat(notes).anyMatch(n -> n.contains("is damaged"));
        assertThat(files()).hasSize(TILES);
    }

    /** A cluster whose tasks do something else with each tile first. */
    private SparkCluster with(FailingTask.Kind kind) {
        SparkCluster cluster = new SparkCluster(MASTER) {
            @Override
            TileTask task(Broadcast<SentJob> broadcast, long last) {
                return new FailingTask(broadcast, last, kind);
            }
        };
        cluster.logTo(folder.resolve("log.txt"));
        return cluster;
    }

    private static final class FailingTask extends TileTask {

        enum Kind { THREE_TIMES, ALWAYS, WRONG, SLOW }

        private final Kind kind;

        FailingTask(Broadcast<SentJob> sent, long last, Kind kind) {
            super(sent, last);
            this.kind = kind;
        }

        @Override
        TileValues tile(Engine engine, Tile t) {
            if (kind == Kind.WRONG) {
                throw Failure.run("layer 1 (conv): a value does not suit float64");
            }
            if (kind == Kind.SLOW) {
                sleep();
            }
            if (t.i0() == 8 && kind != Kind.SLOW && (kind == Kind.ALWAYS || TaskContext.get().attemptNumber() < 3)) {
                throw new IllegalStateException("the power went out");
            }
            return super.tile(engine, t);
        }

        private static void sleep() {
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Test
    void should_try_again_what_failed_three_times() {
        same(compute(Optional.of(with(FailingTask.Kind.THREE_TIMES)), PLAN, Optional.empty(), Monitor.silent()));
    }

    @Test
    void should_say_in_one_line_what_fails_always_and_keep_the_rest() throws IOException {
        assertThatThrownBy(() -> compute(Optional.of(with(FailingTask.Kind.ALWAYS)), PLAN, Optional.empty(), Monitor.silent()))
                .isInstanceOfSatisfying(Failure.class, e -> {
                    assertThat(e.status()).isEqualTo(Failure.RUN);
                    assertThat(e.getMessage()).hasLineCount(1).contains("the power went out").contains("log.txt");
                });
        assertThat(files()).isNotEmpty();
        same(onSpark());
    }

    @Test
    void should_say_what_no_attempt_would_mend_as_one_machine_does() {
        assertThatThrownBy(() -> compute(Optional.of(with(FailingTask.Kind.WRONG)), PLAN, Optional.empty(), Monitor.silent()))
                .isInstanceOf(Failure.class).hasMessage("layer 1 (conv): a value does not suit float64");
    }

    @Test
    void should_refuse_a_function_that_cannot_be_sent() {
        Serial given = Network.of(org.ntk4j.Ntk.dense(8), org.ntk4j.Ntk.function(Math::tanh), org.ntk4j.Ntk.dense(1))
                .layers(Shape.of(3));
        Inputs x = Inputs.of(new double[] {1, 2, 3, 4, 5, 6}, 2, Shape.of(3));
        assertThatThrownBy(() -> InfiniteKernels.named(given, x, Optional.empty(), PLAN.on(Optional.of(spark())), Monitor.silent(),
                Optional.of(TileFolder.always(folder)))).isInstanceOf(Failure.class).hasMessageContaining("function given in Java");
    }

    @Test
    void should_see_in_one_line_that_a_master_does_not_answer() {
        assertThatThrownBy(() -> new Master("spark://127.0.0.1:1").check()).isInstanceOf(Failure.class)
                .hasMessageContaining("the master cannot be reached");
    }

    @Test
    void should_start_tests_with_the_options_that_spark_asks_for() {
        List<String> options = java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments();
        assertThat(options).containsAll(Stream.of(JavaModuleOptions.defaultModuleOptionArray()).filter(o -> o.startsWith("--add-opens"))
                .toList());
    }
}
