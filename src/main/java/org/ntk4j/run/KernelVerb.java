package org.ntk4j.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Settings;
import org.ntk4j.data.InputFiles;
import org.ntk4j.data.Inputs;
import org.ntk4j.files.FolderLock;
import org.ntk4j.files.Table;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.infinite.tile.TileFolder;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelFile;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ntk kernel NETWORK.yaml --x X}: the infinite-width kernels of a network on inputs from a file. */
@Command(name = "kernel", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "Computes the infinite-width kernels of a network and writes them as CSV: one row per row of X, no head.")
final class KernelVerb implements Runnable {

    private static final List<String> KERNELS = List.of("ntk", "nngp");
    /** Bytes of a value in CSV, its comma included. */
    private static final int BYTES_IN_CSV = 20;
    /** Bytes of a value in .npy and in a finished tile. */
    private static final int BYTES_IN_FILES = 2 * Double.BYTES;
    private static final List<String> PRECISIONS = List.of("float64", "float32");

    private final Console console;

    @Parameters(paramLabel = "NETWORK.yaml", description = "A network, alone or under the key 'network'.")
    private Path network;

    @Option(names = "--x", paramLabel = "X", required = true, description = "Inputs, .csv (one a row, flattened in C order, no head) or .npy.")
    private Path x;

    @Option(names = "--x2", paramLabel = "X2", description = "Inputs of the columns (default: those of X).")
    private Path x2;

    @Option(names = "--shape", paramLabel = "SIZES", description = "The shape of one input, channels last: 8,8,3.")
    private String shape;

    @Option(names = "--get", paramLabel = "KERNELS", defaultValue = "ntk,nngp", description = "ntk, nngp or both (default: ${DEFAULT-VALUE}).")
    private String get;

    @Option(names = "--precision", paramLabel = "P", defaultValue = "float64", description = "float64 or float32 (default: ${DEFAULT-VALUE}).")
    private String precision;

    @Option(names = "--checkpoint", description = "Keep every finished tile in DIR/tiles until the kernels are written "
            + "(done unasked where more than a minute is expected). The same command goes on from what a killed one left and ends with the same bytes; tiles of another network, other "
            + "inputs, another precision or version are left alone. Also writes ntk.npy and nngp.npy.")
    private boolean checkpoint;

    @Option(names = "--resume", description = "As --checkpoint, and says so if there is nothing to continue from.")
    private boolean resume;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "out/kernel", description = "The folder of ntk.csv and nngp.csv, "
            + "and of ntk.npy and nngp.npy where the memory does not hold the kernels (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Mixin
    private MachineOptions machine;

    KernelVerb(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        List<String> mistakes = new ArrayList<>();
        InputFile.check(network, mistakes);
        List<String> kernels = Arrays.stream(get.split(",")).map(String::strip).distinct().toList();
        kernels.stream().filter(k -> !KERNELS.contains(k))
                .forEach(k -> mistakes.add("--get: '" + k + "' is not a kernel" + Mistakes.suggestion(k, KERNELS)));
        if (!PRECISIONS.contains(precision)) {
            mistakes.add("--precision: '" + precision + "' is not known" + Mistakes.suggestion(precision, PRECISIONS));
        }
        MachineOptions.check(mistakes, "--out", out, () -> MachineOptions.checkFolder(out));
        mistakes.addAll(machine.mistakes());
        int[] sizes = ShapeOption.sizes(shape, mistakes);
        Optional<Inputs> rows = inputs(x, sizes, mistakes);
        Optional<Inputs> columns = x2 == null ? Optional.empty() : inputs(x2, sizes, mistakes);
        if (rows.isPresent() && columns.isPresent() && !rows.get().shape().equals(columns.get().shape())) {
            mistakes.add("--x2: inputs of " + columns.get().shape() + " do not go with those of --x, " + rows.get().shape());
        }
        if (!mistakes.isEmpty()) {
            throw Failure.input(mistakes);
        }
        machine.applyToWork(Map.of());
        Inputs all = rows.orElseThrow();
        boolean keep = checkpoint || resume;
        KernelFile.prepare(out, (long) kernels.size() * all.count() * columns.orElse(all).count() * (BYTES_IN_CSV + BYTES_IN_FILES));
        FolderLock lock = FolderLock.hold(out);
        try {
            KernelFile.sweep(out, KERNELS);
            TileFolder tiles = keep ? TileFolder.always(out) : TileFolder.whenLong(out);
            write(kernels, compute(kernels, all, columns, resume ? tiles.resuming() : tiles), keep);
            tiles.saved();
        } finally {
            lock.release();
        }
    }

    private Map<String, Kernel> compute(List<String> names, Inputs rows, Optional<Inputs> columns, TileFolder tiles) {
        Serial layers = Network.read(network, rows.shape()).layers(rows.shape());
        InfiniteKernels.Plan plan = InfiniteKernels.Plan.orInFiles(Settings.ofProcess(), layers, rows, columns, names).withSingle(precision.equals("float32"));
        console.monitor().note("K_∞ and Θ_∞, " + rows.count() + " × " + columns.orElse(rows).count() + ": " + plan);
        return InfiniteKernels.named(layers, rows, columns, plan, console.monitor(), Optional.of(tiles));
    }

    private void write(List<String> names, Map<String, Kernel> computed, boolean keep) {
        List<List<Object>> rows = new ArrayList<>();
        HeapGuard guard = HeapGuard.within(Settings.ofProcess().memory());
        if (keep) {
            computed.forEach((name, kernel) -> KernelFile.npy(out.resolve(name + ".npy"), kernel));
        }
        for (String name : names) {
            Kernel kernel = computed.get(name);
            Path file = out.resolve(name + ".csv");
            KernelFile.csv(file, kernel, guard);
            rows.add(List.of(name, kernel.rows(), kernel.columns(), file.toString()));
        }
        console.out().print(new Table(List.of("kernel", "rows", "columns", "file"), rows).text(Console.WIDTH));
    }

    private static Optional<Inputs> inputs(Path file, int[] sizes, List<String> mistakes) {
        try {
            return Optional.of(InputFiles.read(file, sizes));
        } catch (Failure e) {
            mistakes.addAll(e.lines());
            return Optional.empty();
        }
    }
}
