package org.ntk4j.infinite.tile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelWriter;

/** Tiles go back to the engine once nobody reads them, and not before. */
class FillingTest {

    private static final Supplier<Fingerprint> NAME = () -> new Fingerprint(List.of()).with("engine", "numbers");

    @TempDir
    Path folder;

    /** Tiles of one pair that say where they stand; what goes back is no longer what it was. */
    private static class Numbers implements Engine {

        final AtomicInteger back = new AtomicInteger();
        final int milliseconds;

        Numbers(int milliseconds) {
            this.milliseconds = milliseconds;
        }

        @Override
        public TileValues tile(Tile t) {
            try {
                Thread.sleep(milliseconds);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new TileValues(t, new double[] {t.i0()}, new double[] {t.j0()});
        }

        @Override
        public void reuse(TileValues values) {
            back.incrementAndGet();
            Arrays.fill(values.nngp(), -1);
            Arrays.fill(values.ntk(), -1);
        }

        @Override
        public void close() {
        }
    }

    private static Writers writers(Grid grid) {
        return Writers.of(List.of("nngp", "ntk"), name -> KernelWriter.inMemory(name, grid.rows(), grid.columns(), false));
    }

    private List<TileValues> kept() {
        List<TileValues> found = new ArrayList<>();
        TileFolder.always(folder).atBeginning(NAME, Monitor.silent()).orElseThrow().load(found::add);
        return found;
    }

    private static void areThemselves(List<TileValues> tiles) {
        assertThat(tiles).allSatisfy(values -> {
            assertThat(values.nngp()).containsExactly(values.tile().i0());
            assertThat(values.ntk()).containsExactly(values.tile().j0());
        });
    }

    @Test
    void should_give_tiles_back_that_are_written() {
        Grid grid = new Grid(7, 9, 1, false);
        Numbers engine = new Numbers(0);
        try (Writers writers = writers(grid)) {
            // The first ones wait: they may be worth keeping.
            new Filling("K", engine, grid, writers, Optional.empty(), Optional::empty, HeapGuard.within(1L << 30), Monitor.silent()).run(1);
            Kernel k = writers.finish(List.of()).get("ntk");
            assertThat(k.get(3, 4)).isEqualTo(4);
        }
        assertThat(engine.back).hasPositiveValue();
    }

    /** What it has compiled, the others need not have compiled in the middle of a loop. */
    @Test
    void should_compute_the_first_of_many_tiles_alone() {
        Grid grid = new Grid(13, 13, 1, false);
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger beside = new AtomicInteger(-1);
        Numbers engine = new Numbers(0) {
            @Override
            public TileValues tile(Tile t) {
                boolean first = begun.getAndIncrement() == 0;
                TileValues values = new Numbers(first ? 50 : 0).tile(t);
                if (first) {
                    beside.set(begun.get() - 1);
                }
                return values;
            }
        };
        try (Writers writers = writers(grid)) {
            new Filling("K", engine, grid, writers, Optional.empty(), Optional::empty, HeapGuard.within(1L << 30), Monitor.silent()).run(3);
            assertThat(writers.finish(List.of()).get("ntk").get(12, 11)).isEqualTo(11);
        }
        assertThat(begun).hasValue(169);
        assertThat(beside).hasValue(0);
    }

    @Test
    void should_compute_tiles_while_kernels_are_made() {
        Grid grid = new Grid(7, 9, 1, false);
        CountDownLatch computed = new CountDownLatch(3);
        AtomicBoolean inTime = new AtomicBoolean();
        Numbers engine = new Numbers(0) {
            @Override
            public TileValues tile(Tile t) {
                computed.countDown();
                return super.tile(t);
            }
        };
        try (Writers writers = Writers.meanwhile(List.of("ntk"), name -> {
            try {
                inTime.set(computed.await(20, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return KernelWriter.inMemory(name, 7, 9, false);
        })) {
            new Filling("K", engine, grid, writers, Optional.empty(), Optional::empty, HeapGuard.within(1L << 30), Monitor.silent()).run(1);
            Kernel k = writers.finish(List.of()).get("ntk");
            for (int j = 0; j < 9; j++) {
                assertThat(k.get(6, j)).isEqualTo(j);
            }
        }
        assertThat(inTime).isTrue();
    }

    @Test
    void should_not_give_tiles_back_that_a_checkpoint_keeps() {
        Grid grid = new Grid(7, 9, 1, false);
        Numbers engine = new Numbers(0);
        try (Writers writers = writers(grid)) {
            new Filling("K", engine, grid, writers, TileFolder.always(folder).atBeginning(NAME, Monitor.silent()), Optional::empty,
                    HeapGuard.within(1L << 30), Monitor.silent()).run(2);
        }
        assertThat(engine.back).hasValue(0);
        assertThat(kept()).hasSize(63);
        areThemselves(kept());
    }

    /** It takes one and a half seconds until it is known how long the others take. */
    @Test
    void should_not_give_tiles_back_that_wait_for_a_checkpoint() {
        Grid grid = new Grid(1000, 1000, 1, false);
        AtomicBoolean opened = new AtomicBoolean();
        Monitor untilOpened = new Monitor() {
            @Override
            public Task begin(String what, long total) {
                return Monitor.silent().begin(what, total);
            }

            @Override
            public boolean cancelled() {
                return opened.get();
            }

            @Override
            public void note(String line) {
            }
        };
        try (Writers writers = writers(grid)) {
            Filling filling = new Filling("K", new Numbers(20), grid, writers, Optional.empty(), () -> {
                opened.set(true);
                return Optional.of(TileFolder.always(folder).open(NAME, Monitor.silent()));
            }, HeapGuard.within(1L << 30), untilOpened);
            assertThatThrownBy(() -> filling.run(1)).isInstanceOf(Failure.class).hasMessageContaining("tiles are kept in");
        }
        assertThat(kept()).hasSizeGreaterThan(10);
        areThemselves(kept());
    }
}
