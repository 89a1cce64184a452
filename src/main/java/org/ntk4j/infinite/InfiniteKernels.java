package org.ntk4j.infinite;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

        private static final int LARGEST_TILE = 128;

        /** A plan for the kernels of {@code rows} inputs with {@code columns} inputs. */
        public static Plan of(Settings settings, Serial network, Shape in, int rows, int columns) {
            int threads = settings.threads();
            long memory = settings.memory();
            int positions = InputGram.shape(network, in).positions();
            long result = 2L * 8 * rows * columns;
            long left = memory - result;
            long perValue = (long) threads * BYTES_PER_VALUE * positions;
            if (left < perValue) {
                throw Failure.input("memory: the two kernels of " + rows + " × " + columns + " need " + (result + perValue >> 20) + " MiB and "
                        + (memory >> 20) + " MiB are allowed; use --memory " + ((result + perValue >> 20) + 1) + "m or fewer inputs");
            }
            // Tiles that stay in the second-level cache, and within the memory.
            int cached = (int) Math.max(1, Math.sqrt((double) (LARGEST_TILE * LARGEST_TILE) / positions));
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
        if (x1.hasPadding() || x2 != null && x2.hasPadding()) {
            throw Failure.input("padding (positions that are all NaN) comes with the layers for sentences; these inputs have some");
        }
        network.outputShape(x1.shape());
        openblas.blas_set_num_threads(1);
        try (InputGram side1 = InputGram.of(network, x1); InputGram other = x2 == null ? null : InputGram.of(network, x2)) {
            InfiniteKernels kernels = fill(network, side1, other == null ? side1 : other, x2 == null, plan, monitor);
            List<String> notes = network.notes();
            return notes.isEmpty() ? kernels : new InfiniteKernels(kernels.nngp.noted(notes), kernels.ntk.noted(notes));
        } finally {
            openblas.blas_set_num_threads(plan.threads);
        }
    }

    private static InfiniteKernels fill(Serial network, InputGram side1, InputGram side2, boolean symmetric, Plan plan, Monitor monitor) {
        int rows = side1.count();
        int columns = side2.count();
        double[] nngp = new double[Math.multiplyExact(rows, columns)];
        double[] ntk = new double[rows * columns];
        List<int[]> tiles = new ArrayList<>();
        for (int i = 0; i < rows; i += plan.tile) {
            for (int j = symmetric ? i : 0; j < columns; j += plan.tile) {
                tiles.add(new int[] {i, Math.min(rows, i + plan.tile), j, Math.min(columns, j + plan.tile)});
            }
        }
        ExecutorService pool = Executors.newFixedThreadPool(plan.threads);
        try (Monitor.Task task = monitor.begin("K_∞ and Θ_∞, " + rows + " × " + columns, tiles.size())) {
            AtomicLong done = new AtomicLong();
            List<Future<?>> running = new ArrayList<>();
            for (int[] t : tiles) {
                running.add(pool.submit(() -> {
                    if (!monitor.cancelled()) {
                        tile(network, side1, side2, symmetric, t, nngp, ntk, columns);
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
            pool.shutdownNow();
        }
        if (monitor.cancelled()) {
            throw Failure.cancelled("stopped while computing K_∞ and Θ_∞");
        }
        if (symmetric) {
            return new InfiniteKernels(Kernel.symmetric("nngp.infinite", rows, nngp), Kernel.symmetric("ntk.infinite", rows, ntk));
        }
        return new InfiniteKernels(Kernel.of("nngp.infinite", rows, columns, nngp), Kernel.of("ntk.infinite", rows, columns, ntk));
    }

    private static void tile(Serial network, InputGram side1, InputGram side2, boolean symmetric, int[] t, double[] nngp, double[] ntk, int columns) {
        Covariance input = InputGram.covariance(side1, t[0], t[1], side2, t[2], t[3]);
        Covariance c = network.kernel(input).flattened();
        boolean diagonal = symmetric && t[0] == t[2];
        for (int i = t[0]; i < t[1]; i++) {
            for (int j = diagonal ? i : t[2]; j < t[3]; j++) {
                int at = i * columns + j;
                nngp[at] = c.nngp(i - t[0], j - t[2]);
                ntk[at] = c.ntk(i - t[0], j - t[2]);
                if (symmetric && i != j) {
                    nngp[j * columns + i] = nngp[at];
                    ntk[j * columns + i] = ntk[at];
                }
            }
        }
    }
}
