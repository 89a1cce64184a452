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
import org.ntk4j.base.Screen;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelFile;
import org.ntk4j.network.Network;

/** {@code ntk kernel … --monte-carlo SAMPLES --width W}: estimates with their standard errors, kept while they grow. */
final class EstimatedKernels {

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

    void write(Network network, int samples, int width, List<String> names, Inputs rows, Optional<Inputs> columns) {
        Fingerprint fingerprint = new Fingerprint(List.of()).with("ntk4j", Machine.ntk4j())
                .with("network", network.layers(rows.shape()).toYaml()).with("width", width).with("x", rows);
        InFolder store = new InFolder(columns.isPresent() ? fingerprint.with("x2", columns.get()) : fingerprint.with("x2", "as x"));
        if (resume && names.stream().noneMatch(name -> store.load(name).isPresent())) {
            console.monitor().note("there is nothing to continue from in " + out + "; beginning from the start");
        }
        List<List<Object>> lines = new ArrayList<>();
        HeapGuard guard = HeapGuard.within(Settings.ofProcess().memory());
        for (String name : names) {
            MonteCarlo.Estimated estimated = MonteCarlo.of(network, samples, width).estimate(name, rows, columns, console.monitor(), store);
            estimated.kernel().notes().forEach(note -> console.monitor().note(name + ": " + note));
            lines.add(line(name, estimated.kernel(), out.resolve(name + ".csv"), guard));
            lines.add(line(name + ".errors", estimated.standardErrors(), out.resolve(name + ".errors.csv"), guard));
        }
        if (!keep) {
            names.forEach(name -> WholeFile.deleteQuietly(store.file(name)));
        }
        console.out().print(new Table(List.of("kernel", "rows", "columns", "file"), lines).text(Screen.tableColumns()));
    }

    private static List<Object> line(String name, Kernel kernel, Path file, HeapGuard guard) {
        KernelFile.csv(file, kernel, guard);
        return List.of(name, kernel.rows(), kernel.columns(), file.toString());
    }

    /** Estimates in files of the folder, each with what it belongs to. */
    private final class InFolder implements MonteCarlo.Store {

        private final String belongsTo;

        InFolder(Fingerprint fingerprint) {
            this.belongsTo = fingerprint.name();
        }

        private Path file(String name) {
            return out.resolve(name + ".samples");
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
            Path aside = out.resolve("." + name + ".samples.writing");
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
