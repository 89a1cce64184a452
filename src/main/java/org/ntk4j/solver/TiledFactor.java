package org.ntk4j.solver;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.tiles.TileLayout;
import org.ntk4j.kernel.tiles.TileStore;
import org.ntk4j.kernel.tiles.TiledCholesky;

/**
 * The Cholesky factor of {@code K + s}, in tiles of float32, as a preconditioner for {@code K + r}: rounding to float32 moves eigenvalues
 * by about {@code √n·2⁻²⁴} of the diagonal, so s is at least that, and conjugate gradients undo the difference. It takes {@code 2n²}
 * bytes, in native memory or in files. With a folder it goes on where it was killed.
 */
public final class TiledFactor implements Preconditioner {

    private static final int SIDE = 2048;
    private static final double ROUNDING = 0x1p-24;
    private static final int ATTEMPTS = 8;

    private final TileStore store;
    private final TiledCholesky factor;
    private final double shift;

    private TiledFactor(TileStore store, double shift) {
        this.store = store;
        this.factor = TiledCholesky.in(store);
        this.shift = shift;
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
        return TileLayout.symmetric(n, SIDE);
    }

    /**
     * Factors.
     *
     * @param ridge of the system that is to be solved
     * @param mean  of the kernel's diagonal
     * @throws Failure if the kernel is far from positive definite, the disk too small, or after Ctrl-C
     */
    public static TiledFactor of(Kernel kernel, double ridge, double mean, int threads, Place place, Monitor monitor) {
        int n = kernel.rows();
        TileLayout layout = layout(n);
        Optional<TileStore> kept = place.folder.map(f -> TileStore.inFolder(layout, true, f));
        Optional<Progress> before = place.folder.flatMap(f -> Progress.read(f, place.key, n));
        double shift = before.map(Progress::shift).orElse(Math.max(ridge, 4 * Math.sqrt(n) * ROUNDING * mean));
        int from = before.map(Progress::rows).orElse(0);
        TileStore store = place.inFiles ? kept.orElseThrow() : TileStore.inMemory(layout, true);
        try {
            if (from > 0) {
                monitor.note("going on with the Cholesky factorisation: " + from + " of " + layout.down() + " rows of tiles are in "
                        + place.folder.orElseThrow());
                for (int i = 0; i < from && !place.inFiles; i++) {
                    kept.orElseThrow().copyRow(i, store);
                }
            }
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (from < layout.down()) {
                    fill(kernel, store, from, shift, threads, monitor);
                }
                double now = shift;
                OptionalInt pivot = TiledCholesky.factor(store, from, row -> keep(row, store, kept, place, now, n), monitor);
                if (pivot.isEmpty()) {
                    return new TiledFactor(store, shift);
                }
                if (attempt + 1 == ATTEMPTS) {
                    throw Indefinite.pivot(pivot.getAsInt(), ridge, shift / mean);
                }
                monitor.note(String.format(Locale.ROOT, "the factorisation in float32 ends at pivot %d of %d: it begins again with %.1g of "
                        + "the mean diagonal added, which conjugate gradients take off again",
                        pivot.getAsInt(), n, 10 * shift / mean));
                shift *= 10;
                from = 0;
            }
            throw new IllegalStateException();
        } catch (RuntimeException | Error e) {
            store.close();
            throw e;
        }
    }

    private static void fill(Kernel kernel, TileStore store, int from, double shift, int threads, Monitor monitor) {
        int first = from * store.layout().side();
        kernel.tiles(threads, (worker, row, column, height, width, values) -> {
            for (int i = 0; i < height; i++) {
                if (row + i >= first) {
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
            }
            files.force(row);
            new Progress(place.key, n, row + 1, shift).write(place.folder.orElseThrow());
        });
    }

    /**
     * How far a factorisation is.
     *
     * @param rows rows of tiles that are final
     */
    private record Progress(String key, int n, int rows, double shift) {

        private static final String FILE = "progress.txt";

        static Optional<Progress> read(Path folder, String key, int n) {
            Path file = folder.resolve(FILE);
            try {
                if (!Files.isRegularFile(file)) {
                    return Optional.empty();
                }
                List<String> lines = Files.readAllLines(file);
                boolean same = lines.size() == 4 && lines.get(0).equals(key) && lines.get(1).equals(String.valueOf(n));
                return same ? Optional.of(new Progress(key, n, Integer.parseInt(lines.get(2)), Double.parseDouble(lines.get(3))))
                        : Optional.empty();
            } catch (IOException | NumberFormatException e) {
                return Optional.empty();
            }
        }

        void write(Path folder) {
            try {
                Path aside = folder.resolve("." + FILE + ".writing");
                Files.writeString(aside, String.join("\n", key, String.valueOf(n), String.valueOf(rows), String.valueOf(shift)) + "\n");
                Files.move(aside, folder.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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

    /** What was added to the diagonal of K. */
    public double shift() {
        return shift;
    }

    @Override
    public double[] apply(double[] r, int k) {
        return factor.solve(r, k);
    }

    /** {@code (K + s)X}, from the factor: no product with K. */
    public double[] times(double[] x, int k) {
        return factor.times(x, k);
    }

    @Override
    public String describe() {
        return "Cholesky in float32" + store.folder().map(f -> " in " + f).orElse("");
    }

    @Override
    public void close() {
        store.close();
    }
}
