package org.ntk4j.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.Failure;
import org.ntk4j.Settings;
import org.ntk4j.data.InputFiles;
import org.ntk4j.data.Inputs;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.network.Network;
import org.ntk4j.network.Serial;
import org.ntk4j.report.KernelFile;
import org.ntk4j.report.Table;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ntk kernel NETWORK.yaml --x X}: the infinite-width kernels of a network on inputs from a file. */
@Command(name = "kernel", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "Computes the infinite-width kernels of a network and writes them as CSV: one row per row of X, no head.")
final class KernelVerb implements Runnable {

    private static final List<String> KERNELS = List.of("ntk", "nngp");
    private static final List<String> PRECISIONS = List.of("float64", "float32");

    /**
     * What is asked for.
     *
     * @param network    the file of the network
     * @param x          the inputs of the rows
     * @param x2         the inputs of the columns, where they are others
     * @param get        {@code ntk}, {@code nngp} or both, in the order asked
     * @param precision  {@code float64} or {@code float32}
     * @param checkpoint whether finished tiles are kept on disk, in {@code out}
     * @param resume     whether tiles that are there are used
     * @param out        where the kernels go
     */
    record Request(Path network, Inputs x, Optional<Inputs> x2, List<String> get, String precision, boolean checkpoint, boolean resume, Path out) {
    }

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

    @Option(names = "--checkpoint", description = "Keep every finished tile on disk, so that --resume continues.")
    private boolean checkpoint;

    @Option(names = "--resume", description = "Continue from the tiles that --checkpoint left.")
    private boolean resume;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "out/kernel", description = "The folder of ntk.csv and nngp.csv (default: ${DEFAULT-VALUE}).")
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
        KernelFile.prepare(out);
        List<Kernel> computed = compute(new Request(network, rows.orElseThrow(), columns, kernels, precision, checkpoint, resume, out), console);
        write(kernels, computed);
    }

    /** The kernels asked for, in that order. */
    private static List<Kernel> compute(Request request, Console console) {
        if (request.checkpoint || request.resume) {
            console.monitor().note("checkpoints come with a later release: this kernel is computed in one go");
        }
        Settings settings = Settings.ofProcess();
        Inputs rows = request.x;
        Inputs columns = request.x2.orElse(rows);
        Serial layers = Network.read(request.network).layers(rows.shape());
        InfiniteKernels.Plan plan = InfiniteKernels.Plan.of(settings, layers, rows.shape(), rows.count(), columns.count());
        InfiniteKernels kernels = request.x2.isPresent() ? InfiniteKernels.of(layers, rows, columns, plan, console.monitor())
                : InfiniteKernels.of(layers, rows, plan, console.monitor());
        InfiniteKernels wanted = request.precision.equals("float32") ? kernels.rounded() : kernels;
        return request.get.stream().map(name -> name.equals("ntk") ? wanted.ntk() : wanted.nngp()).toList();
    }

    private void write(List<String> names, List<Kernel> kernels) {
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Path file = out.resolve(names.get(i) + ".csv");
            KernelFile.csv(file, kernels.get(i));
            rows.add(List.of(names.get(i), kernels.get(i).rows(), kernels.get(i).columns(), file.toString()));
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
