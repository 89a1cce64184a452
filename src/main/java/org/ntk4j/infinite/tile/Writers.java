package org.ntk4j.infinite.tile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelWriter;

/**
 * Where the values of tiles go: to both kernels, or to the one that is wanted. Close it in any case.
 *
 * @param byName {@code nngp}, {@code ntk}
 */
public record Writers(Map<String, KernelWriter> byName) implements AutoCloseable {

    /** Opens a writer for each of the names; if one cannot be opened, none stays open. */
    public static Writers of(List<String> names, Function<String, KernelWriter> open) {
        Writers writers = new Writers(new LinkedHashMap<>());
        try {
            names.forEach(name -> writers.byName.put(name, open.apply(name)));
            return writers;
        } catch (RuntimeException | Error e) {
            writers.close();
            throw e;
        }
    }

    /**
     * Opens writers on a thread of their own, and waits for them when they are asked for: Java clears the memory of a large array on the
     * thread that makes it.
     *
     * @param open opens what needs no closing, should nobody ask
     */
    public static Supplier<Writers> meanwhile(Supplier<Writers> open) {
        CompletableFuture<Writers> opened = CompletableFuture.supplyAsync(open, work -> {
            Thread thread = new Thread(work, "kernels");
            thread.setDaemon(true);
            thread.start();
        });
        return () -> {
            try {
                return opened.join();
            } catch (CompletionException e) {
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw e.getCause() instanceof RuntimeException other ? other : e;
            }
        };
    }

    /** Writes a tile. */
    void put(TileValues values) {
        Tile t = values.tile();
        byName.forEach((name, writer) -> writer.put(t.i0(), t.j0(), t.columns(), name.equals("ntk") ? values.ntk() : values.nngp()));
    }

    /** The kernels by their names, with remarks, once every tile has been written. */
    public Map<String, Kernel> finish(List<String> notes) {
        Map<String, Kernel> kernels = new LinkedHashMap<>();
        byName.forEach((name, writer) -> kernels.put(name, writer.finish().noted(notes)));
        return kernels;
    }

    @Override
    public void close() {
        byName.values().forEach(KernelWriter::close);
    }
}
