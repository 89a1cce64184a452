package org.ntk4j.solver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.files.WholeFile;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.tiles.TileLayout;
import org.ntk4j.kernel.tiles.TileStore;
import org.ntk4j.kernel.tiles.TiledCholesky;

/**
 * The Cholesky factor of {@code K + s}, in tiles of float32, as a preconditioner for {@code K + r}: rounding to float32 moves eigenvalues
 * by about {@code √n·2⁻²⁴} of the diagonal, so s is at least that, and conjugate gradients undo the difference. It takes {@code 2n²}
 * bytes, in native memory or in files. With a folder it goes on where it was killed.
 *
 * <p>What all inputs have in common, a large constant where a network has biases, would take most of the digits: nearly all of it is taken
 * off first, as a {@link CommonPart}, and comes back by the formula of Sherman and Morrison.
 *
 * <p>A kernel that is not positive definite in float32 has eigenvalues below that s, and hundreds of products with it would be needed to
 * undo a larger one. With a folder it is factored in float64 instead, in files of {@code 4n²} bytes.
 */
public final class TiledFactor implements Preconditioner {

    private static final int SIDE = 2048;
    private static final double ROUNDING32 = 0x1p-24;
    private static final double ROUNDING64 = 0x1p-53;
    private static final int ATTEMPTS = 8;

    private final TileStore store;
    private final TiledCholesky factor;
    private final double shift;
    private final CommonPart.Solved common;

    private TiledFactor(TileStore store, double shift, CommonPart common) {
        this.store = store;
        this.factor = TiledCholesky.in(store);
        this.shift = shift;
        this.common = common.solved(factor.solve(common.vector(), 1));
    }

    /**
     * Where a factor goes.
     *
     * @param inFiles whether its tiles stay in files, because the memory does not hold them
     * @param folder  of its files or checkpoints; empty: it is not kept, and must be in memory
     * @param key     of the kernel: what another one left in the folder is of no use
     */
    public record Place(boolean inFiles, Optional<Path> folder, String key) {
    }

    /** Bytes of a factor of this many rows. */
    public static long bytes(int n) {
        return TileStore.bytes(layout(n), true);
    }

    private static TileLayout layout(int n) {
        return TileLayout.ofSquares(n, SIDE);
    }

    /**
     * Factors.
     *
     * @param ridge of the system that is to be solved
     * @param mean  of the kernel's diagonal
     * @throws Failure if the kernel is far from positive definite, the disk too small, or after Ctrl-C
     */
    public static TiledFactor of(Kernel kernel, double ridge, double mean, int threads, Place place, Monitor monitor) {
        CommonPart common = CommonPart.of(kernel, threads, monitor);
        return new Job(kernel, common, ridge, mean - common.meanDiagonal(), threads, place, monitor).factor();
    }

    /**
     * A factorisation.
     *
     * @param mean of the diagonal without the common part
     */
    private record Job(Kernel kernel, CommonPart common, double ridge, double mean, int threads, Place place, Monitor monitor) {

        TiledFactor factor() {
            int n = kernel.rows();
            Optional<Progress> before = place.folder.flatMap(f -> Progress.read(f, place.key, n));
            if (before.isPresent() && !before.get().single) {
                return in64(before);
            }
            Optional<TileStore> kept = place.folder.map(f -> TileStore.inFolder(layout(n), true, f));
            TileStore store = place.inFiles ? kept.orElseThrow() : TileStore.inMemory(layout(n), true);
            Optional<TiledFactor> factor = in(store, kept, before, ROUNDING32, kept.isPresent() ? 1 : ATTEMPTS);
            if (factor.isPresent()) {
                return factor.get();
            }
            store.close();
            Path folder = place.folder.orElseThrow();
            clear(folder, n);
            monitor.note("the kernel is not positive definite in float32: it is factored in float64, in " + folder + ", "
                    + (TileStore.bytes(layout(n), false) >> 20) + " MiB");
            return in64(Optional.empty());
        }

        private TiledFactor in64(Optional<Progress> before) {
            TileStore store = TileStore.inFolder(layout(kernel.rows()), false, place.folder.orElseThrow());
            return in(store, Optional.of(store), before, ROUNDING64, ATTEMPTS).orElseThrow();
        }

        /**
         * In the numbers of a store; empty after a single attempt that failed, and the store is open then.
         *
         * @param kept     where final rows of tiles go; the store itself, if it is in files
         * @param before   what an earlier process left
         * @param rounding of the numbers
         * @param most     attempts, each with ten times the shift
         */
        private Optional<TiledFactor> in(TileStore store, Optional<TileStore> kept, Optional<Progress> before, double rounding, int most) {
            int n = kernel.rows();
            TileLayout layout = store.layout();
            double shift = before.map(Progress::shift).orElse(Math.max(ridge, 4 * Math.sqrt(n) * rounding * mean));
            int from = before.map(Progress::rows).orElse(0);
            try {
                if (from > 0) {
                    monitor.note("going on with the Cholesky factorisation: " + from + " of " + layout.down() + " rows of tiles are in "
                            + place.folder.orElseThrow());
                    for (int i = 0; i < from && kept.orElseThrow() != store; i++) {
                        kept.orElseThrow().copyRow(i, store);
                    }
                }
                for (int attempt = 0; attempt < most; attempt++) {
                    if (from < layout.down()) {
                        fill(kernel, common, store, from, shift, threads, monitor);
                    }
                    double now = shift;
                    OptionalInt pivot = TiledCholesky.factor(store, from, row -> keep(row, store, kept, place, now, n), monitor);
                    if (pivot.isEmpty()) {
                        return Optional.of(new TiledFactor(store, shift, common));
                    }
                    if (most == 1) {
                        return Optional.empty();
                    }
                    if (attempt + 1 == most) {
                        throw Indefinite.pivot(pivot.getAsInt(), ridge, shift / mean);
                    }
                    monitor.note(String.format(Locale.ROOT, "the factorisation in %s ends at pivot %d of %d: it begins again with %.1g of "
                            + "the mean diagonal added, which conjugate gradients take off again",
                            store.isSingle() ? "float32" : "float64", pivot.getAsInt(), n, 10 * shift / mean));
                    shift *= 10;
                    from = 0;
                }
                throw new IllegalStateException();
            } catch (RuntimeException | Error e) {
                store.close();
                throw e;
            }
        }
    }

    private static void fill(Kernel kernel, CommonPart common, TileStore store, int from, double shift, int threads, Monitor monitor) {
        int first = store.layout().top(from);
        kernel.tiles(threads, (worker, row, column, height, width, values) -> {
            for (int i = 0; i < height; i++) {
                if (row + i >= first) {
                    common.takeOff(row + i, column, width, values, i * width);
                    int diagonal = row + i - column;
                    if (diagonal >= 0 && diagonal < width) {
                        values[i * width + diagonal] += shift;
                    }
                    store.put(row + i, column, 1, width, values, i * width);
                }
            }
        }, monitor);
    }

    /** A row of tiles is final: in memory it is copied to the folder, in files it is there already. */
    private static void keep(int row, TileStore store, Optional<TileStore> kept, Place place, double shift, int n) {
        kept.ifPresent(files -> {
            if (files != store) {
                store.copyRow(row, files);
            } else {
                files.force(row);
            }
            new Progress(place.key, n, row + 1, shift, store.isSingle()).write(place.folder.orElseThrow());
        });
    }

    /**
     * How far a factorisation has come.
     *
     * @param rows   rows of tiles that are final
     * @param single whether they are in float32
     */
    private record Progress(String key, int n, int rows, double shift, boolean single) {

        private static final String FILE = "progress.txt";

        static Optional<Progress> read(Path folder, String key, int n) {
            Path file = folder.resolve(FILE);
            try {
                if (!Files.isRegularFile(file)) {
                    return Optional.empty();
                }
                List<String> lines = Files.readAllLines(file);
                boolean same = lines.size() == 5 && lines.get(0).equals(key) && lines.get(1).equals(String.valueOf(n));
                return same ? Optional.of(new Progress(key, n, Integer.parseInt(lines.get(2)), Double.parseDouble(lines.get(3)),
                        lines.get(4).equals("float32")))
                        : Optional.empty();
            } catch (IOException | NumberFormatException e) {
                return Optional.empty();
            }
        }

        void write(Path folder) {
            try {
                WholeFile.write(folder.resolve(FILE), String.join("\n", key, String.valueOf(n), String.valueOf(rows), String.valueOf(shift),
                        single ? "float32" : "float64") + "\n");
            } catch (IOException e) {
                throw Failure.run(folder + ": cannot be written (" + e.getMessage() + ")", e);
            }
        }
    }

    /** Deletes what a factorisation left in a folder. */
    public static void clear(Path folder, int n) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            Files.deleteIfExists(folder.resolve(Progress.FILE));
        } catch (IOException e) {
            throw Failure.run(folder + ": cannot be deleted (" + e.getMessage() + ")", e);
        }
        TileStore.inFolder(layout(n), true, folder).delete();
    }

    /** True for float32. */
    public boolean isSingle() {
        return store.isSingle();
    }

    /** What was added to the diagonal of K. */
    public double shift() {
        return shift;
    }

    @Override
    public double[] apply(double[] r, int k) {
        return common.solve(factor.solve(r, k), k);
    }

    @Override
    public void apply(double[] r, int k, double[] target) {
        System.arraycopy(apply(r, k), 0, target, 0, target.length);
    }

    /** {@code (K + s)X}, from the factor: no product with K. */
    public double[] times(double[] x, int k) {
        return common.add(x, factor.times(x, k), k);
    }

    @Override
    public String describe() {
        return "Cholesky in " + (store.isSingle() ? "float32" : "float64") + store.folder().map(f -> " in " + f).orElse("");
    }

    @Override
    public void close() {
        store.close();
    }
}
