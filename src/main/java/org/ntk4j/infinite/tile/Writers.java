package org.ntk4j.infinite.tile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelWriter;

/** Where the values of tiles go: to both kernels, or to the one that is wanted. Close it in any case. */
public final class Writers implements AutoCloseable {

    /** {@code nngp}, {@code ntk}. */
    private final CompletableFuture<Map<String, KernelWriter>> byName;

    private Writers(CompletableFuture<Map<String, KernelWriter>> byName) {
        this.byName = byName;
    }

    /** Opens a writer for each of the names; if one cannot be opened, none stays open. */
    public static Writers of(List<String> names, Function<String, KernelWriter> open) {
        return new Writers(CompletableFuture.completedFuture(opened(names, open)));
    }

    /**
     * Opens them on a thread of their own, and waits for them when a tile is written: Java clears the memory of a large array on the thread
     * that makes it.
     *
     * @param open what it throws is thrown where a tile is written
     */
    public static Writers meanwhile(List<String> names, Function<String, KernelWriter> open) {
        return new Writers(CompletableFuture.supplyAsync(() -> opened(names, open), work -> {
            Thread thread = new Thread(work, "kernels");
            thread.setDaemon(true);
            thread.start();
        }));
    }

    private static Map<String, KernelWriter> opened(List<String> names, Function<String, KernelWriter> open) {
        Map<String, KernelWriter> writers = new LinkedHashMap<>();
        try {
            names.forEach(name -> writers.put(name, open.apply(name)));
            return writers;
        } catch (RuntimeException | Error e) {
            writers.values().forEach(KernelWriter::close);
            throw e;
        }
    }

    private Map<String, KernelWriter> byName() {
        try {
            return byName.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException other ? other : e;
        }
    }

    /** Whether a tile can be written without waiting. */
    boolean areOpen() {
        return byName.isDone();
    }

    /** Writes a tile. */
    void put(TileValues values) {
        Tile t = values.tile();
        byName().forEach((name, writer) -> writer.put(t.i0(), t.j0(), t.columns(), name.equals("ntk") ? values.ntk() : values.nngp()));
    }

    /** The kernels by their names, with remarks, once every tile has been written. */
    public Map<String, Kernel> finish(List<String> notes) {
        Map<String, Kernel> kernels = new LinkedHashMap<>();
        byName().forEach((name, writer) -> kernels.put(name, writer.finish().noted(notes)));
        return kernels;
    }

    @Override
    public void close() {
        // Those that are still being made lie in memory: there is nothing to close.
        if (areOpen() && !byName.isCompletedExceptionally()) {
            byName().values().forEach(KernelWriter::close);
        }
    }
}
