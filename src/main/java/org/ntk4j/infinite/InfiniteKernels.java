package org.ntk4j.infinite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.openblas.global.openblas;
import org.ntk4j.Failure;
import org.ntk4j.Monitor;
import org.ntk4j.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Serial;
import org.ntk4j.network.Shape;

/**
 * K_∞ and Θ_∞ of a network, in closed form and float64, tile by tile over all cores. A tile is a pure function of the
 * layers and of two runs of inputs; its inner products are taken in blocks of fixed size. So not one byte of the result
 * depends on the size of the tiles or on the number of threads.
 *
 * @param nngp the covariance K_∞
 * @param ntk  the tangent kernel Θ_∞
 */
public record InfiniteKernels(Kernel nngp, Kernel ntk) {

    /** Bytes that a tile of one pair needs at each position, all intermediate arrays counted. */
    private static final int BYTES_PER_VALUE = 8 * 8;

    /** How to compute: with how many threads, in which memory, in which tiles. */
    public record Plan(int threads, long memory, int tile) {

        /** A plan for the kernels of {@code rows} inputs with {@code columns} inputs. */
        public static Plan of(Settings settings, Serial network, Shape in, int rows, int columns) {
            int threads = settings.threads();
            long memory = settings.memory();
            long values = InputGram.valuesOfPair(network, in);
            long result = 2L * 8 * rows * columns;
            long left = memory - result;
            long perValue = threads * BYTES_PER_VALUE * values;
            if (left < perValue) {
                throw Failure.input("memory: the two kernels of " + rows + " × " + columns + " need " + (result + perValue >> 20) + " MiB and "
                        + (memory >> 20) + " MiB are allowed; use --memory " + ((result + perValue >> 20) + 1) + "m or fewer inputs");
            }
            int cached = Engine.side(network, in);
            return new Plan(threads, memory, (int) Math.max(1, Math.min(cached, Math.sqrt((double) left / perValue))));
        }

        /** The same with tiles of another size. */
        public Plan withTile(int size) {
            return new Plan(threads, memory, size);
        }
    }

    /** Both kernels of {@code x} with itself: only the upper half is computed. */
    public static InfiniteKernels of(Serial network, Inputs x, Plan plan, Monitor monitor) {
        return compute(network, x, null, plan, monitor);
    }

    /** Both kernels of {@code x1} (rows) with {@code x2} (columns). */
    public static InfiniteKernels of(Serial network, Inputs x1, Inputs x2, Plan plan, Monitor monitor) {
        if (!x1.shape().equals(x2.shape())) {
            throw Failure.input("the inputs have different shapes: " + x1.shape() + " and " + x2.shape());
        }
        return compute(network, x1, x2, plan, monitor);
    }

    /**
     * Both kernels on one tile: a pure function of the network, the inputs and two ranges of them, bit for bit what stands there in the whole
     * kernel, whoever computes it and on whichever machine.
     *
     * @param x2   the inputs of the columns; empty for the kernel of {@code x1} with itself
     * @param tile within the kernel; without {@code x2} above the diagonal or along it
     */
    public static TileValues tile(Serial network, Inputs x1, Optional<Inputs> x2, Tile tile) {
        if (tile.i1() > x1.count() || tile.j1() > x2.orElse(x1).count() || x2.isEmpty() && tile.j0() < tile.i1() && !tile.isDiagonal()) {
            throw new IllegalArgumentException(tile + " is not a tile of " + x1.count() + " × " + x2.orElse(x1).count() + " inputs");
        }
        checkInputs(x1);
        x2.ifPresent(InfiniteKernels::checkInputs);
        network.outputShape(x1.shape());
        try (Engine engine = Engine.of(network, x1, x2)) {
            return engine.tile(tile);
        }
    }

    /** The same in the precision of float32: every value rounded to the nearest. */
    public InfiniteKernels rounded() {
        return new InfiniteKernels(rounded(nngp), rounded(ntk));
    }

    private static Kernel rounded(Kernel k) {
        double[] values = new double[k.values().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) k.values()[i];
        }
        Kernel rounded = k.isSymmetric() ? Kernel.symmetric(k.name(), k.rows(), values) : Kernel.of(k.name(), k.rows(), k.columns(), values);
        return rounded.noted(k.notes());
    }

    private static InfiniteKernels compute(Serial network, Inputs x1, Inputs x2, Plan plan, Monitor monitor) {
        checkInputs(x1);
        if (x2 != null) {
            checkInputs(x2);
        }
        network.outputShape(x1.shape());
        openblas.blas_set_num_threads(1);
        try (Engine engine = Engine.of(network, x1, Optional.ofNullable(x2))) {
            InfiniteKernels kernels = fill(engine, x1.count(), x2 == null ? x1.count() : x2.count(), x2 == null, plan, monitor);
            List<String> notes = new ArrayList<>(network.notes());
            Phase.of(network, meanSquare(x1)).ifPresent(notes::add);
            return notes.isEmpty() ? kernels : new InfiniteKernels(kernels.nngp.noted(notes), kernels.ntk.noted(notes));
        } finally {
            openblas.blas_set_num_threads(plan.threads);
        }
    }

    private static void checkInputs(Inputs x) {
        int channels = x.shape().channels();
        int size = x.shape().size();
        for (int i = 0; i < x.count(); i++) {
            boolean real = false;
            for (int p = i * size; p < (i + 1) * size && !real; p += channels) {
                real = !Double.isNaN(x.values()[p]);
            }
            if (!real) {
                throw Failure.input("input " + i + " is all padding; at least one position must be real");
            }
            double largest = 0;
            for (int p = i * size; p < (i + 1) * size; p++) {
                largest = Math.max(largest, Double.isNaN(x.values()[p]) ? 0 : Math.abs(x.values()[p]));
            }
            if (Float64.vanished(largest, largest * largest)) {
                throw Failure.input("input " + i + " has values up to " + largest + " only: their square is less than float64 holds; scale the inputs");
            }
        }
    }

    private static double meanSquare(Inputs x) {
        return Arrays.stream(x.values()).filter(v -> !Double.isNaN(v)).map(v -> v * v).average().orElse(0);
    }

    private static InfiniteKernels fill(Engine engine, int rows, int columns, boolean symmetric, Plan plan, Monitor monitor) {
        double[] nngp = new double[Math.multiplyExact(rows, columns)];
        double[] ntk = new double[rows * columns];
        List<Tile> tiles = new ArrayList<>();
        for (int i = 0; i < rows; i += plan.tile) {
            for (int j = symmetric ? i : 0; j < columns; j += plan.tile) {
                tiles.add(new Tile(i, Math.min(rows, i + plan.tile), j, Math.min(columns, j + plan.tile)));
            }
        }
        ExecutorService pool = Executors.newFixedThreadPool(plan.threads);
        try (Monitor.Task task = monitor.begin("K_∞ and Θ_∞, " + rows + " × " + columns, tiles.size())) {
            AtomicLong done = new AtomicLong();
            List<Future<?>> running = new ArrayList<>();
            for (Tile t : tiles) {
                running.add(pool.submit(() -> {
                    if (!monitor.cancelled()) {
                        TileValues values = engine.tile(t);
                        put(t, values.nngp(), symmetric, nngp, columns);
                        put(t, values.ntk(), symmetric, ntk, columns);
                        task.done(done.incrementAndGet());
                    }
                }));
            }
            for (Future<?> f : running) {
                f.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Failure failure ? failure : Failure.run("the kernel: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.cancelled("stopped while computing K_∞ and Θ_∞");
        } finally {
            end(pool);
        }
        if (monitor.cancelled()) {
            throw Failure.cancelled("stopped while computing K_∞ and Θ_∞");
        }
        if (symmetric) {
            return new InfiniteKernels(Kernel.symmetric("nngp.infinite", rows, nngp), Kernel.symmetric("ntk.infinite", rows, ntk));
        }
        return new InfiniteKernels(Kernel.of("nngp.infinite", rows, columns, nngp), Kernel.of("ntk.infinite", rows, columns, ntk));
    }

    /** Waits for the tiles under way: they read inputs outside the Java heap, which are given back after this. */
    private static void end(ExecutorService pool) {
        pool.shutdownNow();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = pool.awaitTermination(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Writes a tile into the whole and, of a symmetric kernel, its mirror image. */
    private static void put(Tile t, double[] tile, boolean symmetric, double[] whole, int columns) {
        int width = t.columns();
        for (int i = t.i0(); i < t.i1(); i++) {
            System.arraycopy(tile, (i - t.i0()) * width, whole, i * columns + t.j0(), width);
        }
        if (!symmetric || t.isDiagonal()) {
            return;
        }
        // Along the rows of the mirror image: writing down its columns would touch a new page for every value.
        for (int j = t.j0(); j < t.j1(); j++) {
            for (int i = t.i0(); i < t.i1(); i++) {
                whole[j * columns + i] = tile[(i - t.i0()) * width + j - t.j0()];
            }
        }
    }
}
