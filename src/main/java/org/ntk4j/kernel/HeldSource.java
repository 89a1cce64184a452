package org.ntk4j.kernel;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.files.CountFile;
import org.ntk4j.kernel.tiles.TileLayout;
import org.ntk4j.kernel.tiles.TileStore;

/**
 * The values of a symmetric kernel that are computed once, when they are first needed, and stay in tiles from then on: in native memory,
 * or in files that a killed run goes on with. Close it when the kernel is no longer read.
 */
public final class HeldSource implements KernelSource, AutoCloseable {

    /** Rows of a tile: products of vectors with so many are added up in the order of the tiles. */
    private static final int TALL = 1280;
    /** Columns of a tile: products begin anew with each row of one, and of vectors that are longer the cache does not hold ten. */
    private static final int WIDE = 4 * TALL;
    /** Rows and columns that a thread computes at once. */
    private static final int BLOCK = TALL / 2;
    private static final String PROGRESS = "held.txt";

    private final Kernel kernel;
    private final Place place;
    private final int threads;
    private final Monitor monitor;
    private @Nullable TileStore store;
    private @Nullable Kernel held;

    /**
     * Where values stay.
     *
     * @param single whether float32 holds them
     * @param folder of their files; empty: in memory
     * @param key    tells the kernel from others that may have left files there
     */
    public record Place(boolean single, Optional<Path> folder, String key) {
    }

    private HeldSource(Kernel kernel, Place place, int threads, Monitor monitor) {
        this.kernel = kernel;
        this.place = place;
        this.threads = threads;
        this.monitor = monitor;
    }

    /** For a kernel whose values are computed anew whenever they are needed. */
    public static HeldSource of(Kernel kernel, Place place, int threads, Monitor monitor) {
        kernel.requireSymmetric("holding its values");
        return new HeldSource(kernel, place, threads, monitor);
    }

    /** Bytes of the values of a kernel of n inputs with themselves. */
    public static long bytes(int n, boolean single) {
        return TileStore.bytes(layout(n), single);
    }

    /** How they are cut. */
    public static TileLayout layout(int n) {
        return new TileLayout(n, TALL, WIDE);
    }

    /** The kernel with these values. */
    public Kernel kernel() {
        return Kernel.computed(kernel.name(), kernel.rows(), kernel.columns(), true, this);
    }

    private synchronized Kernel held() {
        if (held == null) {
            TileLayout layout = layout(kernel.rows());
            store = place.folder.isPresent() ? TileStore.inFolder(layout, place.single, place.folder.get())
                    : TileStore.inMemory(layout, place.single);
            fill(store);
            held = Kernel.inTiles(kernel.name(), store);
        }
        return held;
    }

    private void fill(TileStore to) {
        TileLayout layout = to.layout();
        Optional<CountFile> progress = progress();
        int from = Math.min(layout.down(), progress.map(CountFile::read).orElse(0));
        if (from > 0) {
            monitor.note("going on with " + kernel.name() + ": " + from + " of " + layout.down() + " rows of tiles are in "
                    + place.folder.orElseThrow());
        }
        long all = layout.values();
        try (Monitor.Task task = monitor.begin("values of " + kernel.name() + ", " + layout.size() + " × " + layout.size(), all)) {
            for (int i = from; i < layout.down(); i++) {
                task.done(layout.offset(i));
                row(to, i, task);
                if (progress.isPresent()) {
                    to.force(i);
                    progress.get().write(i + 1);
                }
            }
            task.done(all);
        }
    }

    private void row(TileStore to, int i, Monitor.Task task) {
        TileLayout layout = to.layout();
        List<int[]> blocks = new ArrayList<>();
        for (int r = layout.top(i); r < layout.top(i) + layout.height(i); r += BLOCK) {
            for (int c = r; c < layout.size(); c += BLOCK) {
                blocks.add(new int[] {r, c});
            }
        }
        AtomicInteger next = new AtomicInteger();
        SharedTask work = new SharedTask(task, layout.offset(i));
        TileVisitor put = FiniteValues.only(kernel.name(), (worker, r, c, height, width, values) -> to.put(r, c, height, width, values));
        Blas.alone(() -> Workers.run(threads, "held", (worker, all) -> {
            double[] values = new double[BLOCK * BLOCK];
            for (int b = next.getAndIncrement(); b < blocks.size() && !all.failed(); b = next.getAndIncrement()) {
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped while computing " + kernel.name());
                }
                int r = blocks.get(b)[0];
                int c = blocks.get(b)[1];
                int height = Math.min(BLOCK, layout.top(i) + layout.height(i) - r);
                int width = Math.min(BLOCK, layout.size() - c);
                kernel.read(r, r + height, c, c + width, values);
                put.visit(worker, r, c, height, width, values);
                work.add((long) height * width);
            }
        }));
    }

    /** Says how many rows of tiles are in the files, where they go there. */
    private Optional<CountFile> progress() {
        return place.folder.map(f -> new CountFile(f.resolve(PROGRESS), place.key + " " + kernel.rows()
                + (place.single ? " float32 in " : " float64 in ") + TALL + "x" + WIDE));
    }

    @Override
    public int threads() {
        return Panels.workers(held(), threads);
    }

    @Override
    public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
        held().read(fromRow, toRow, fromColumn, toColumn, target);
    }

    @Override
    public void tiles(TileVisitor visitor, Monitor told) {
        held().tiles(threads, visitor, told);
    }

    /** From where the values come: it is asked for before they are all needed. */
    @Override
    public Optional<double[]> diagonal() {
        return Optional.of(kernel.diagonal());
    }

    @Override
    public Optional<KernelProduct> product(Monitor told) {
        return Optional.of(held().product(threads, told));
    }

    @Override
    public synchronized void close() {
        if (store != null) {
            store.close();
            store = null;
            held = null;
        }
    }
}
