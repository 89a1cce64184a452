package org.ntk4j.infinite.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

/** Tiles on disk: what a stop leaves, what is used again, what is not. */
class CheckpointTest {

    private static final Serial NETWORK = Network.parse("cnn: {depth: 1, readout: gap, bStd: 0.1}").layers(Shape.of(4, 4, 2));
    private static final InfiniteKernels.Plan PLAN = new InfiniteKernels.Plan(2, 1L << 30, 4);

    @TempDir
    Path folder;

    /** Writes down notes, and presses Ctrl-C after so many tiles. */
    private static final class Listening implements Monitor {
        final List<String> notes = new ArrayList<>();
        final AtomicLong tiles = new AtomicLong();
        final long last;

        Listening(long last) {
            this.last = last;
        }

        @Override
        public Task begin(String what, long total) {
            return new Task() {
                @Override
                public void done(long units) {
                    tiles.set(units);
                }

                @Override
                public void done(long units, String state) {
                    tiles.set(units);
                }

                @Override
                public void close() {
                }
            };
        }

        @Override
        public boolean cancelled() {
            return tiles.get() >= last;
        }

        @Override
        public synchronized void note(String line) {
            notes.add(line);
        }
    }

    private static Inputs inputs(int count, long seed) {
        return Inputs.of(new Random(seed).doubles((long) count * 32).map(v -> 2 * v - 1).toArray(), count, Shape.of(4, 4, 2));
    }

    private InfiniteKernels compute(Serial network, Inputs x, Optional<Inputs> x2, InfiniteKernels.Plan plan, Monitor monitor) {
        return InfiniteKernels.of(network, x, x2, plan, monitor, Optional.of(TileFolder.always(folder)));
    }

    private static void same(InfiniteKernels a, InfiniteKernels b) {
        assertThat(a.nngp().values()).isEqualTo(b.nngp().values());
        assertThat(a.ntk().values()).isEqualTo(b.ntk().values());
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(p -> p.toString().endsWith(".tiles")).sorted().toList();
        }
    }

    /** One tile of sixteen images of 40 × 40 with pooling would take minutes. */
    @Test
    @Timeout(60)
    void should_stop_within_a_tile() {
        Serial slow = Network.parse("cnn: {depth: 12, readout: gap, activation: erf}").layers(Shape.of(40, 40, 1));
        Inputs x = Inputs.of(new Random(1).doubles(16 * 1600).toArray(), 16, Shape.of(40, 40, 1));
        long began = System.nanoTime();
        Monitor monitor = new Monitor() {
            @Override
            public Task begin(String what, long total) {
                return Monitor.silent().begin(what, total);
            }

            @Override
            public boolean cancelled() {
                return System.nanoTime() - began > 500_000_000L;
            }

            @Override
            public void note(String line) {
            }
        };
        assertThatThrownBy(() -> InfiniteKernels.of(slow, x, new InfiniteKernels.Plan(2, 1L << 30, 16), monitor))
                .isInstanceOf(Failure.class).hasMessageContaining("stopped while computing");
    }

    @Test
    void should_go_on_where_a_folder_has_the_name_of_a_tile() throws IOException {
        Inputs x = inputs(23, 1);
        InfiniteKernels whole = InfiniteKernels.of(NETWORK, x, PLAN, Monitor.silent());
        assertThatThrownBy(() -> compute(NETWORK, x, Optional.empty(), PLAN, new Listening(3))).isInstanceOf(Failure.class);
        Path tiles = files().get(0).getParent();
        Path odd = Files.createDirectories(tiles.resolve("000002.tiles").resolve("inside")).getParent();
        Files.createDirectories(tiles.resolve(".000007.tiles.writing/inside"));
        Listening monitor = new Listening(Long.MAX_VALUE);
        same(compute(NETWORK, x, Optional.empty(), PLAN, monitor), whole);
        assertThat(monitor.notes).anyMatch(note -> note.contains(odd + " is a folder where finished tiles should be"));
        TileFolder.always(folder).clear();
        assertThat(odd).isDirectory();
    }

    @Test
    void should_go_on_after_each_stop_with_other_threads_and_end_with_the_same_bytes() throws IOException {
        Inputs x = inputs(23, 1);
        InfiniteKernels whole = InfiniteKernels.of(NETWORK, x, PLAN, Monitor.silent());
        int starts = 0;
        long computed = 0;
        while (true) {
            Listening monitor = new Listening(3);
            try {
                InfiniteKernels resumed = compute(NETWORK, x, Optional.empty(), new InfiniteKernels.Plan(1 + starts % 3, 1L << 30, 4),
                        monitor);
                computed += monitor.tiles.get();
                same(resumed, whole);
                break;
            } catch (Failure e) {
                assertThat(e.status()).isEqualTo(Failure.CANCELLED);
                computed += monitor.tiles.get();
                assertThat(e).hasMessageContaining(computed + " of 21 tiles are kept in " + folder);
                starts++;
                Files.writeString(files().get(0).getParent().resolve(".000099.tiles.writing"), "torn");
            }
        }
        assertThat(starts).isPositive();
        assertThat(computed).as("no tile is computed twice").isEqualTo(21);
        Listening again = new Listening(Long.MAX_VALUE);
        same(compute(NETWORK, x, Optional.empty(), PLAN, again), whole);
        assertThat(again.tiles.get()).isZero();
        assertThat(again.notes).anyMatch(n -> n.startsWith("continuing with the 21 of 21 tiles in "));
    }

    @Test
    void should_name_a_damaged_file_and_compute_its_tiles_again_and_no_others() throws IOException {
        Inputs x = inputs(11, 1);
        Inputs x2 = inputs(7, 2);
        for (int stop = 1; stop <= 6; stop++) {
            Listening monitor = new Listening(1);
            InfiniteKernels.Plan one = new InfiniteKernels.Plan(1, 1L << 30, 4);
            if (stop < 6) {
                assertThatThrownBy(() -> compute(NETWORK, x, Optional.of(x2), one, monitor)).isInstanceOf(Failure.class);
            } else {
                compute(NETWORK, x, Optional.of(x2), one, monitor);
            }
        }
        List<Path> files = files();
        assertThat(files).hasSize(6);
        byte[] bytes = Files.readAllBytes(files.get(1));
        bytes[bytes.length / 2] ^= 4;
        Files.write(files.get(1), bytes);
        Files.write(files.get(4), java.util.Arrays.copyOf(Files.readAllBytes(files.get(4)), 100));
        Files.write(files.get(5), new byte[0]);
        Listening monitor = new Listening(Long.MAX_VALUE);
        same(compute(NETWORK, x, Optional.of(x2), PLAN, monitor), InfiniteKernels.of(NETWORK, x, x2, PLAN, Monitor.silent()));
        assertThat(monitor.tiles.get()).isEqualTo(3);
        assertThat(monitor.notes).filteredOn(n -> n.contains("damaged"))
                .satisfiesExactly(n -> assertThat(n).contains(files.get(1).toString()),
                        n -> assertThat(n).contains(files.get(4).toString()),
                        n -> assertThat(n).contains(files.get(5).toString()));
    }

    @Test
    void should_start_anew_beside_the_old_tiles_where_anything_has_changed() throws IOException {
        Inputs x = inputs(9, 1);
        compute(NETWORK, x, Optional.empty(), PLAN, Monitor.silent());
        List<Path> old = files();
        Serial other = Network.parse("cnn: {depth: 1, readout: gap, bStd: 0.2}").layers(Shape.of(4, 4, 2));
        double[] values = x.values().clone();
        values[values.length - 1] = Math.nextUp(values[values.length - 1]);
        Inputs moved = Inputs.of(values, 9, Shape.of(4, 4, 2));
        List<Listening> monitors = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            monitors.add(new Listening(Long.MAX_VALUE));
        }
        same(compute(other, x, Optional.empty(), PLAN, monitors.get(0)), InfiniteKernels.of(other, x, PLAN, Monitor.silent()));
        same(compute(NETWORK, moved, Optional.empty(), PLAN, monitors.get(1)), InfiniteKernels.of(NETWORK, moved, PLAN, Monitor.silent()));
        compute(NETWORK, x, Optional.empty(), PLAN.withPrecision(Precision.FLOAT32), monitors.get(2));
        compute(NETWORK, x, Optional.of(x), PLAN, monitors.get(3));
        assertThat(monitors.get(0).notes).singleElement().asString().contains("(what changed: network)")
                .contains(old.get(0).getParent().toString());
        assertThat(monitors.get(1).notes).anyMatch(n -> n.contains("(what changed: x)"));
        assertThat(monitors.get(2).notes).anyMatch(n -> n.contains("(what changed: precision)"));
        assertThat(monitors.get(3).notes).anyMatch(n -> n.contains("(what changed: x2)"));
        assertThat(monitors).allMatch(m -> m.tiles.get() > 0);
        assertThat(files()).containsAll(old);
    }

    @Test
    void should_leave_nothing_once_the_kernel_is_saved_and_nothing_without_need() throws IOException {
        TileFolder tiles = TileFolder.always(folder);
        InfiniteKernels.of(NETWORK, inputs(9, 1), Optional.empty(), PLAN, Monitor.silent(), Optional.of(tiles));
        assertThat(files()).isNotEmpty();
        tiles.saved();
        InfiniteKernels.of(NETWORK, inputs(9, 1), Optional.empty(), PLAN, Monitor.silent(), Optional.of(TileFolder.whenLong(folder)));
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void should_not_take_functions_that_cannot_be_told_apart_for_the_same() throws IOException {
        for (double scale : new double[] {1, 2}) {
            Serial network = Network.parse("mlp: {depth: 1}").layers(Shape.of(4, 4, 2)).rebuilt(l -> l instanceof org.ntk4j.activation.Relu
                    ? org.ntk4j.activation.GivenFunction.of(v -> scale * Math.tanh(v)) : l);
            same(compute(network, inputs(5, 1), Optional.empty(), PLAN, Monitor.silent()),
                    InfiniteKernels.of(network, inputs(5, 1), PLAN, Monitor.silent()));
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void should_say_that_there_is_nothing_to_resume() {
        Listening monitor = new Listening(Long.MAX_VALUE);
        InfiniteKernels.of(NETWORK, inputs(3, 1), Optional.empty(), PLAN, monitor, Optional.of(TileFolder.always(folder).resuming()));
        assertThat(monitor.notes).anyMatch(n -> n.startsWith("nothing to resume: " + folder));
    }
}
