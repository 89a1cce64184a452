package org.ntk4j.run;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.files.Table;
import org.ntk4j.files.WholeFile;
import org.ntk4j.finite.MonteCarlo;
import org.ntk4j.infinite.tile.Fingerprint;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.base.Machine;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelFile;
import org.ntk4j.kernel.KernelWriter;
import org.ntk4j.network.Network;

/** {@code ntk kernel … --monte-carlo SAMPLES --width W}: estimates with their standard errors, kept while they grow. */
final class EstimatedKernels {

    /** What part of the memory an estimate may take. */
    private static final int SHARE = 4;
    /** Mean, squares, a sample, and what is read and written of them. */
    private static final int BYTES_OF_VALUE = 6 * Double.BYTES;

    private final Console console;
    private final Path out;
    private final boolean keep;
    private final boolean resume;

    /**
     * @param out    the folder of the kernels
     * @param keep   whether what was sampled stays there at the end, so that more samples go on from it
     * @param resume whether to say so if there is nothing to go on from
     */
    EstimatedKernels(Console console, Path out, boolean keep, boolean resume) {
        this.console = console;
        this.out = out;
        this.keep = keep;
        this.resume = resume;
    }

    void write(Network network, int samples, int width, List<String> names, Inputs rows, Optional<Inputs> columns, String format) {
        Fingerprint fingerprint = new Fingerprint(List.of()).with("ntk4j", Machine.ntk4j())
                .with("network", network.layers(rows.shape()).toYaml()).with("width", width).with("x", rows);
        Fingerprint whole = columns.isPresent() ? fingerprint.with("x2", columns.get()) : fingerprint.with("x2", "as x");
        MonteCarlo engine = MonteCarlo.of(network, samples, width).calibrated(columns.orElse(rows));
        List<Tile> tiles = tiles(rows.count(), columns);
        if (resume && names.stream().noneMatch(name -> tiles.stream().anyMatch(t -> store(whole, t).load(name).isPresent()))) {
            console.monitor().note("there is nothing to continue from in " + out + "; beginning from the start");
        }
        List<List<Object>> lines = new ArrayList<>();
        HeapGuard guard = HeapGuard.within(Settings.ofProcess().memory());
        for (String name : names) {
            int across = columns.orElse(rows).count();
            try (KernelWriter values = writer(name, rows.count(), across, columns.isEmpty(), tiles.size() > 1);
                    KernelWriter errors = writer(name + ".errors", rows.count(), across, columns.isEmpty(), tiles.size() > 1)) {
                for (int i = 0; i < tiles.size(); i++) {
                    Tile t = tiles.get(i);
                    Inputs x = rows.slice(t.row, t.row + t.height);
                    Optional<Inputs> x2 = columns.isEmpty() && t.row == t.column
                            ? Optional.empty() : Optional.of(columns.orElse(rows).slice(t.column, t.column + t.width));
                    MonteCarlo.Estimated estimated = engine.named(tiles.size() == 1 ? "" : ", tile " + (i + 1) + " of " + tiles.size())
                            .estimate(name, x, x2, console.monitor(), store(whole, t));
                    if (i == 0) {
                        estimated.kernel().notes().forEach(note -> console.monitor()
                                .note(name + (tiles.size() == 1 ? ": " : ", first of " + tiles.size() + " tiles: ") + note));
                    }
                    values.put(t.row, t.column, t.width, estimated.kernel().values());
                    errors.put(t.row, t.column, t.width, estimated.errors());
                }
                lines.add(line(name, values.finish(), format, guard));
                lines.add(line(name + ".errors", errors.finish(), format, guard));
            }
        }
        if (!keep) {
            names.forEach(name -> tiles.forEach(t -> WholeFile.deleteQuietly(store(whole, t).file(name))));
        }
        // A path is whole, however long it is.
        console.print(new Table(List.of("kernel", "rows", "columns", "file"), lines).text(Integer.MAX_VALUE).stripTrailing());
    }

    /** A tile of a kernel; its samples are in a file of their own where it is one of several. */
    private record Tile(int row, int column, int height, int width, boolean alone) {
    }

    /** One tile where its estimates fit into the memory; of a symmetric kernel those from the diagonal upwards. */
    private static List<Tile> tiles(int rows, Optional<Inputs> columns) {
        int across = columns.map(Inputs::count).orElse(rows);
        long values = Settings.ofProcess().memory() / SHARE / BYTES_OF_VALUE;
        if ((long) rows * across <= values) {
            return List.of(new Tile(0, 0, rows, across, true));
        }
        int side = (int) Math.max(1, Math.sqrt(values));
        List<Tile> tiles = new ArrayList<>();
        for (int row = 0; row < rows; row += side) {
            for (int column = columns.isEmpty() ? row : 0; column < across; column += side) {
                tiles.add(new Tile(row, column, Math.min(side, rows - row), Math.min(side, across - column), false));
            }
        }
        return tiles;
    }

    private KernelWriter writer(String name, int rows, int columns, boolean symmetric, boolean inFile) {
        return inFile ? KernelWriter.inFile(name, rows, columns, symmetric, out.resolve(name + ".npy"))
                : KernelWriter.inMemory(name, rows, columns, symmetric);
    }

    private InFolder store(Fingerprint whole, Tile tile) {
        return new InFolder(whole, tile.alone ? "" : "." + tile.row + "-" + tile.column + "x" + tile.height);
    }

    private List<Object> line(String name, Kernel kernel, String format, HeapGuard guard) {
        Path file = out.resolve(name + "." + format);
        if (format.equals("npy")) {
            KernelFile.npy(file, kernel);
        } else {
            KernelFile.csv(file, kernel, guard);
        }
        return List.of(name, kernel.rows(), kernel.columns(), file.toString());
    }

    /** Estimates in files of the folder, each with what it belongs to. */
    private final class InFolder implements MonteCarlo.Store {

        private final String belongsTo;
        private final String which;

        /**
         * @param which of the tiles, as its file's name has it; empty: the whole kernel
         */
        InFolder(Fingerprint fingerprint, String which) {
            this.belongsTo = fingerprint.name();
            this.which = which;
        }

        private Path file(String name) {
            return out.resolve(name + which + ".samples");
        }

        @Override
        public Optional<MonteCarlo.Kept> load(String name) {
            if (!Files.isRegularFile(file(name))) {
                return Optional.empty();
            }
            try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file(name))))) {
                if (!in.readUTF().equals(belongsTo)) {
                    return Optional.empty();
                }
                int count = in.readInt();
                int size = in.readInt();
                return Optional.of(new MonteCarlo.Kept(count, values(in, size), values(in, size)));
            } catch (IOException e) {
                // What is damaged counts as not there.
                return Optional.empty();
            }
        }

        private static double[] values(DataInputStream in, int size) throws IOException {
            double[] values = new double[size];
            for (int i = 0; i < size; i++) {
                values[i] = in.readDouble();
            }
            return values;
        }

        @Override
        public void save(String name, MonteCarlo.Kept kept) {
            Path aside = out.resolve("." + name + which + ".samples.writing");
            try {
                try (DataOutputStream to = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(aside)))) {
                    to.writeUTF(belongsTo);
                    to.writeInt(kept.count());
                    to.writeInt(kept.mean().length);
                    for (double value : kept.mean()) {
                        to.writeDouble(value);
                    }
                    for (double value : kept.squares()) {
                        to.writeDouble(value);
                    }
                }
                Files.move(aside, file(name), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw Failure.run(out + ": cannot keep the samples (" + WholeFile.reason(e) + ")");
            }
        }
    }
}
