package org.ntk4j.infinite.tile;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Duration;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.HeapGuard;

/**
 * Fills the kernels: threads that take the next tile, compute it and write it, until there is none, one fails, or the user presses Ctrl-C.
 * Tiles that a checkpoint has are not computed again.
 */
public final class Filling {

    /** Tiles wait for a checkpoint until the time that the first ones took says how long all will take. */
    private static final long TO_JUDGE = TimeUnit.MILLISECONDS.toNanos(1500);
    /** A first tile alone also pays for memory and for Java's compiler: only if it takes this long it says how long the others take. */
    private static final long TO_JUDGE_BY_ONE = TimeUnit.SECONDS.toNanos(10);
    private static final long TO_WARM_UP = TimeUnit.MILLISECONDS.toNanos(750);
    private static final double LONG_SECONDS = 60;
    /** Values in waiting tiles at most: what is beyond would be computed again, which takes less than the memory is worth. */
    private static final int MOST_WAITING = 1 << 18;

    /** Values of tiles that a thread keeps while the kernels are still being made. */
    private static final long MOST_EARLY = 1 << 19;
    /** From so many tiles of a thread on one computes the first alone: the others would have loops compiled that are compiled already. */
    private static final long MANY_TILES = 50;
    private static final long BETWEEN_LOOKS_MS = 100;
    /** From then on progress is shown. */
    private static final long TO_TELL = TimeUnit.SECONDS.toNanos(2);

    private final Set<Thread> computing = new HashSet<>();
    private final String what;
    private final Engine engine;
    private final Grid grid;
    private final Writers writers;
    private final Monitor monitor;
    private final HeapGuard guard;
    private final Supplier<Optional<Checkpoint>> whenLong;
    private final BitSet done = new BitSet();
    private final Iterator<Tile> tiles;
    private Optional<Checkpoint> checkpoint;
    private List<TileValues> waiting = new ArrayList<>();
    private boolean judged;
    private long began;
    /** When the first tiles were done and how many: what came before also warmed up. */
    private long warmAt;
    private long warmTiles;
    private long computed;
    private long wanted;
    /** Tiles that came before the checkpoint and were too many to wait for it. */
    private long forgotten;
    private @Nullable Throwable failure;
    private double nanosPerPair;

    /**
     * What to fill.
     *
     * @param what       the kernels, for the user
     * @param checkpoint tiles that are there and where finished ones go
     * @param whenLong   opens a checkpoint if it turns out that the work is long
     */
    public Filling(String what, Engine engine, Grid grid, Writers writers, Optional<Checkpoint> checkpoint,
            Supplier<Optional<Checkpoint>> whenLong, HeapGuard guard, Monitor monitor) {
        this.what = what;
        this.engine = engine;
        this.grid = grid;
        this.writers = writers;
        this.checkpoint = checkpoint;
        this.whenLong = whenLong;
        this.guard = guard;
        this.monitor = monitor;
        this.tiles = grid.iterator();
    }

    /** With about how long a pair takes on one core: before the first tile is done it says how long all of them take. */
    public Filling expecting(double nanos) {
        nanosPerPair = nanos;
        return this;
    }

    /**
     * Does all of it.
     *
     * @throws Failure if a tile fails or cannot be written, or after Ctrl-C; what is finished is kept
     */
    public void run(int threads) {
        checkpoint.ifPresent(c -> c.load(this::takeOver));
        wanted = grid.count() - done.cardinality();
        if (!done.isEmpty()) {
            monitor.note("continuing with the " + done.cardinality() + " of " + grid.count() + " tiles in "
                    + checkpoint.orElseThrow().folder());
        }
        try (Monitor.Task task = monitor.begin("tiles of " + what + ", " + grid.rows() + " × " + grid.columns(), wanted)) {
            began = System.nanoTime();
            List<Thread> workers = new ArrayList<>();
            for (int i = 0; i < Math.min(threads, wanted); i++) {
                int next = i + 1;
                boolean alone = i == 0 && wanted >= MANY_TILES * threads;
                Thread worker = new Thread(() -> work(workers.stream().skip(next).findFirst(), alone, task), "tiles-" + i);
                worker.setDaemon(true);
                workers.add(worker);
            }
            workers.stream().findFirst().ifPresent(Thread::start);
            double pairs = grid.symmetric() ? grid.rows() * (grid.rows() + 1.0) / 2 : (double) grid.rows() * grid.columns();
            double expected = nanosPerPair * pairs * wanted / Math.max(1, grid.count()) / Math.max(1, workers.size());
            workers.forEach(worker -> await(worker, () -> tell(task, expected)));
        }
        checkpoint.ifPresent(this::flush);
        if (failure != null) {
            throw failure instanceof Failure f ? f
                    : failure instanceof OutOfMemoryError ? Failure.run("the kernel: not enough memory for Java; a smaller --memory takes "
                            + "smaller tiles", failure)
                    : Failure.run("the kernel: " + failure, failure);
        }
        if (computed < wanted) {
            throw Failure.cancelled("stopped while computing " + what
                    + checkpoint.map(c -> "; " + (done.cardinality() + computed - forgotten) + " of " + grid.count()
                    + " tiles are kept in " + c.folder() + ", the same command goes on from there").orElse(""));
        }
    }

    /** A first tile may take minutes: until it is done, what is left is what was expected. */
    private synchronized void tell(Monitor.Task task, double expected) {
        double took = System.nanoTime() - began;
        if (computed == 0 && expected > 0 && took > TO_TELL) {
            task.done(0, Duration.left(expected - took));
        }
    }

    private boolean takeOver(TileValues values) {
        long index = grid.index(values.tile());
        if (index < 0) {
            return false;
        }
        writers.put(values);
        done.set(Math.toIntExact(index));
        return true;
    }

    /**
     * What a thread does.
     *
     * @param next  the one that it starts: where one thread starts all, a virtual machine often has two of them share a core for some
     *              milliseconds, beside one that has nothing to do
     * @param alone whether that one waits for the first tile
     */
    private void work(Optional<Thread> next, boolean alone, Monitor.Task task) {
        Optional<Thread> waits = alone ? next : Optional.empty();
        List<TileValues> early = new ArrayList<>();
        try {
            if (!alone) {
                next.ifPresent(Thread::start);
            }
            for (Optional<Tile> t = next(); t.isPresent(); t = next()) {
                TileValues values = computed(t.get());
                waits.ifPresent(Thread::start);
                waits = Optional.empty();
                early.add(values);
                if (writers.areOpen() || early.size() * values.tile().size() >= MOST_EARLY) {
                    early.forEach(v -> write(v, task));
                    early.clear();
                }
                guard.check();
            }
            early.forEach(v -> write(v, task));
        } catch (Throwable e) {
            boolean halted = e instanceof Failure f && f.status() == Failure.CANCELLED && monitor.cancelled();
            synchronized (this) {
                failure = failure == null && !halted ? e : failure;
            }
        }
    }

    private void write(TileValues values, Monitor.Task task) {
        writers.put(values);
        finished(values).ifPresent(c -> c.add(values));
        synchronized (this) {
            task.done(++computed);
        }
        if (!isKept(values)) {
            engine.reuse(values);
        }
    }

    /** A tile may take long: only while it is computed, and not while one is written, the thread may be interrupted. */
    private TileValues computed(Tile t) {
        Thread self = Thread.currentThread();
        synchronized (computing) {
            computing.add(self);
        }
        try {
            return engine.tile(t);
        } finally {
            synchronized (computing) {
                computing.remove(self);
                Thread.interrupted();
            }
        }
    }

    private void haltTiles() {
        synchronized (computing) {
            computing.forEach(Thread::interrupt);
        }
    }

    private synchronized Optional<Tile> next() {
        while (failure == null && !monitor.cancelled() && tiles.hasNext()) {
            Tile t = tiles.next();
            if (!done.get((int) grid.index(t))) {
                return Optional.of(t);
            }
        }
        return Optional.empty();
    }

    /** Where a finished tile goes, if anywhere; the first ones wait here until it is known how long all take. */
    private synchronized Optional<Checkpoint> finished(TileValues values) {
        long took = System.nanoTime() - began;
        if (warmTiles == 0 || took < TO_WARM_UP) {
            warmAt = took;
            warmTiles = computed + 1;
        }
        long since = computed + 1 - warmTiles;
        double perTile = since > 0 ? 1e-9 * (took - warmAt) / since : 1e-9 * took / (computed + 1);
        double seconds = perTile * (wanted - computed - 1);
        boolean known = since > 0 && took > TO_JUDGE || took > TO_JUDGE_BY_ONE;
        if (!judged && (known || computed + 1 == wanted)) {
            judged = true;
            if (computed + 1 < wanted) {
                monitor.note("about " + Duration.text(took + (long) (1e9 * seconds)) + " for " + wanted
                        + (wanted == 1 ? " tile" : " tiles"));
            }
        }
        if (checkpoint.isEmpty()) {
            if (seconds > LONG_SECONDS && judged) {
                checkpoint = whenLong.get();
                checkpoint.ifPresent(c -> {
                    monitor.note("this takes more than a minute: finished tiles are kept in " + c.folder());
                    c.workedSince(began);
                    waiting.forEach(c::add);
                });
                waiting = new ArrayList<>();
            } else if (!judged) {
                if (waiting.stream().mapToLong(v -> v.tile().size()).sum() + values.tile().size() <= MOST_WAITING) {
                    waiting.add(values);
                } else {
                    forgotten++;
                }
            } else {
                waiting = new ArrayList<>();
            }
        }
        return checkpoint;
    }

    private synchronized boolean isKept(TileValues values) {
        return checkpoint.isPresent() || waiting.contains(values);
    }

    private void flush(Checkpoint c) {
        try {
            c.flush();
        } catch (Failure e) {
            failure = failure == null ? e : failure;
        }
    }

    /** Waits to the end whatever happens: the threads read inputs outside the Java heap, which are given back after this. */
    private void await(Thread worker, Runnable meanwhile) {
        boolean interrupted = false;
        while (true) {
            try {
                worker.join(BETWEEN_LOOKS_MS);
                if (!worker.isAlive()) {
                    break;
                }
                if (monitor.cancelled()) {
                    haltTiles();
                }
                meanwhile.run();
            } catch (InterruptedException e) {
                interrupted = true;
                synchronized (this) {
                    failure = failure == null ? Failure.cancelled("stopped while computing " + what) : failure;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
