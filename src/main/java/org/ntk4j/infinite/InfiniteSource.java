package org.ntk4j.infinite;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.Grid;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelSource;
import org.ntk4j.kernel.TileVisitor;
import org.ntk4j.layer.Serial;

/**
 * K_∞ and Θ_∞ computed anew whenever values are needed: they take the memory of the inputs alone. Close it when the kernels are no longer
 * read.
 */
public final class InfiniteSource implements AutoCloseable {

    private final Engine engine;
    private final boolean symmetric;
    private final int rows;
    private final int columns;
    private final int side;
    private final int threads;

    private InfiniteSource(Engine engine, boolean symmetric, int rows, int columns, int side, int threads) {
        this.engine = engine;
        this.symmetric = symmetric;
        this.rows = rows;
        this.columns = columns;
        this.side = side;
        this.threads = threads;
    }

    /**
     * The kernels of {@code x1} (rows) with {@code x2} (columns), or with itself.
     *
     * @param precision in which values are computed where an engine has the choice
     * @param threads   how many work at once
     * @param names     the kernels that are read: {@code nngp}, {@code ntk}, or both; K alone takes less time
     */
    public static InfiniteSource of(Serial network, Inputs x1, Optional<Inputs> x2, Precision precision, int threads, List<String> names) {
        InputCheck.values(x1, threads);
        x2.ifPresent(x -> InputCheck.values(x, threads));
        network.outputShape(x1.shape());
        EngineChoice engines = EngineChoice.java(network, x1, x2).of(names);
        Engine engine = engines.open(network, x1, x2, precision, threads);
        int columns = x2.orElse(x1).count();
        return new InfiniteSource(engine, x2.isEmpty(), x1.count(), columns,
                engines.best().side(x1.count(), columns, threads), threads);
    }

    /**
     * One of them; the source stays open as long as it is read.
     *
     * @param name {@code ntk} or {@code nngp}
     */
    public Kernel kernel(String name) {
        return Kernel.computed(name + ".infinite", rows, columns, symmetric,
                new One(name.equals("ntk"), name.equals("ntk") ? "Θ_∞" : "K_∞"));
    }

    @Override
    public void close() {
        engine.close();
    }

    /** One of the kernels. */
    private final class One implements KernelSource {

        private final boolean ntk;
        private final String title;

        One(boolean ntk, String title) {
            this.ntk = ntk;
            this.title = title;
        }

        @Override
        public int threads() {
            return threads;
        }

        @Override
        public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
            int width = toColumn - fromColumn;
            for (int i = fromRow; i < toRow; i = next(i, toRow)) {
                for (int j = fromColumn; j < toColumn; j = next(j, toColumn)) {
                    Tile t = new Tile(i, next(i, toRow), j, next(j, toColumn));
                    double[] values = rectangle(t);
                    for (int r = 0; r < t.rows(); r++) {
                        System.arraycopy(values, r * t.columns(), target, (i + r - fromRow) * width + j - fromColumn, t.columns());
                    }
                }
            }
        }

        /** The end of the cell of a fixed grid in which an index lies: so a value is computed in the same tile whoever asks for it. */
        private int next(int index, int limit) {
            return (int) Math.min(limit, (index / side + 1L) * side);
        }

        private double[] rectangle(Tile t) {
            int i = t.i0() / side;
            int j = t.j0() / side;
            if (!symmetric || j > i) {
                return values(t);
            }
            if (j < i) {
                double[] mirror = values(new Tile(t.j0(), t.j1(), t.i0(), t.i1()));
                double[] turned = new double[mirror.length];
                for (int r = 0; r < t.rows(); r++) {
                    for (int c = 0; c < t.columns(); c++) {
                        turned[r * t.columns() + c] = mirror[c * t.rows() + r];
                    }
                }
                return turned;
            }
            int from = Math.min(t.i0(), t.j0());
            int to = Math.max(t.i1(), t.j1());
            double[] whole = values(new Tile(from, to, from, to));
            double[] part = new double[t.rows() * t.columns()];
            for (int r = 0; r < t.rows(); r++) {
                System.arraycopy(whole, (t.i0() - from + r) * (to - from) + t.j0() - from, part, r * t.columns(), t.columns());
            }
            return part;
        }

        private double[] values(Tile t) {
            return values(engine.tile(t));
        }

        private double[] values(TileValues both) {
            return ntk ? both.ntk() : both.nngp();
        }

        @Override
        public void tiles(TileVisitor visitor, Monitor monitor) {
            Grid grid = new Grid(rows, columns, side, symmetric);
            Run run = new Run(grid, visitor, monitor);
            Blas.setThreads(1);
            try (Monitor.Task task = monitor.begin("tiles of " + title + ", " + rows + " × " + columns, grid.count())) {
                run.all(task);
            } finally {
                Blas.setThreads(threads);
            }
        }

        /** One way through all tiles. */
        private final class Run {

            private final Grid grid;
            private final TileVisitor visitor;
            private final Monitor monitor;
            private long done;
            private @Nullable Throwable failure;

            Run(Grid grid, TileVisitor visitor, Monitor monitor) {
                this.grid = grid;
                this.visitor = visitor;
                this.monitor = monitor;
            }

            void all(Monitor.Task task) {
                List<Thread> workers = new ArrayList<>();
                for (int w = 0; w < threads; w++) {
                    int worker = w;
                    Thread thread = new Thread(() -> work(worker, task), "source-" + w);
                    thread.setDaemon(true);
                    thread.start();
                    workers.add(thread);
                }
                for (Thread worker : workers) {
                    try {
                        worker.join();
                    } catch (InterruptedException e) {
                        fail(Failure.cancelled("stopped while computing " + title));
                        Thread.currentThread().interrupt();
                    }
                }
                if (failure != null) {
                    throw failure instanceof Failure f ? f : Failure.run(title + ": " + failure, failure);
                }
                if (done < grid.count()) {
                    throw Failure.cancelled("stopped while computing " + title);
                }
            }

            /** Every thread has its own share of the tiles, so that sums are taken in the same order each time. */
            private void work(int worker, Monitor.Task task) {
                try {
                    Iterator<Tile> tiles = grid.iterator();
                    for (long index = 0; tiles.hasNext() && !monitor.cancelled() && !failed(); index++) {
                        Tile t = tiles.next();
                        if (index % threads == worker) {
                            TileValues both = engine.tile(t);
                            visitor.visit(worker, t.i0(), t.j0(), t.rows(), t.columns(), values(both));
                            engine.reuse(both);
                            synchronized (this) {
                                task.done(++done);
                            }
                        }
                    }
                } catch (Throwable e) {
                    fail(e);
                }
            }

            private synchronized void fail(Throwable e) {
                failure = failure == null ? e : failure;
            }

            private synchronized boolean failed() {
                return failure != null;
            }
        }
    }
}
