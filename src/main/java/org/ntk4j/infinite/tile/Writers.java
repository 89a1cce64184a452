package org.ntk4j.infinite.tile;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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
