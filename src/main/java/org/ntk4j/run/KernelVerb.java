package org.ntk4j.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Duration;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Footprint;
import org.ntk4j.base.Settings;
import org.ntk4j.data.EdgeFile;
import org.ntk4j.data.InputFiles;
import org.ntk4j.data.Inputs;
import org.ntk4j.files.FolderLock;
import org.ntk4j.files.Table;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.infinite.Cluster;
import org.ntk4j.infinite.EngineChoice;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.infinite.TileJob;
import org.ntk4j.infinite.TilePlan;
import org.ntk4j.infinite.tile.TileFolder;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelFile;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Serial;
import org.ntk4j.network.Network;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ntk kernel NETWORK.yaml --x X}: the infinite-width kernels of a network on inputs from a file. */
@Command(name = "kernel", mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "Computes the infinite-width kernels of a network and writes them, as CSV or npy: one row per row of X, no head.")
final class KernelVerb implements Runnable {

    private static final List<String> KERNELS = List.of("ntk", "nngp");
    /** Bytes of a value in CSV, its comma included. */
    private static final int BYTES_IN_CSV = 20;
    /** Bytes of a value in .npy and in a finished tile. */
    private static final int BYTES_IN_FILES = 2 * Double.BYTES;
    private static final List<String> FORMATS = List.of("csv", "npy");
    private static final List<String> PRECISIONS = List.of("float64", "float32");

    private final Console console;

    @Parameters(paramLabel = "NETWORK.yaml", description = "A network, alone or under the key 'network'.")
    private Path network;

    @Option(names = "--x", paramLabel = "X", required = true,
            description = "Inputs, .csv (one a row, flattened in C order, no head) or .npy.")
    private Path x;

    @Option(names = "--x2", paramLabel = "X2", description = "Inputs of the columns (default: those of X).")
    private @Nullable Path x2;

    @Option(names = "--shape", paramLabel = "SIZES", description = "The shape of one input, channels last: 8,8,3.")
    private @Nullable String shape;

    @Option(names = "--edges", paramLabel = "E", description = "The graphs of X: a CSV of directed edges, example,tail,head,weight, "
            + "counted from 0; with --shape nodes,channels.")
    private @Nullable Path edges;

    @Option(names = "--edges2", paramLabel = "E2", description = "The graphs of X2.")
    private @Nullable Path edges2;

    @Option(names = "--get", paramLabel = "KERNELS", defaultValue = "ntk,nngp",
            description = "ntk, nngp or both (default: ${DEFAULT-VALUE}).")
    private String get;

    @Option(names = "--precision", paramLabel = "P", defaultValue = "float64",
            description = "float64 or float32 (default: ${DEFAULT-VALUE}).")
    private String precision;

    @Option(names = "--format", paramLabel = "F", defaultValue = "csv",
            description = "csv (no head, one row a line, all digits) or npy (float64) (default: ${DEFAULT-VALUE}).")
    private String format;

    @Option(names = "--checkpoint", description = "Keep every finished tile in DIR/tiles until the kernels are written "
            + "(done unasked where more than a minute is expected). The same command goes on from what a killed one left and ends with the "
                    + "same bytes; tiles of another network, other "
            + "inputs, another precision or version are left alone. Also writes ntk.npy and nngp.npy.")
    private boolean checkpoint;

    @Option(names = "--resume", description = "As --checkpoint, and says so if there is nothing to continue from.")
    private boolean resume;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "out/kernel", description = "The folder of ntk.csv and nngp.csv, "
            + "and of ntk.npy and nngp.npy where the memory does not hold the kernels (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(names = "--dry-run", description = "Time a tile, print how long all take on this machine and on clusters, and do nothing.")
    private boolean dryRun;

    @Option(names = "--price", paramLabel = "P", description = "With --dry-run: dollars for a core and an hour.")
    private @Nullable Double price;

    @Option(names = "--monte-carlo", paramLabel = "SAMPLES",
            description = "Estimate the kernels from this many finite networks, with standard errors beside the values (ntk.errors.csv): "
            + "for what has no closed form. With --resume more samples go on from those that there are.")
    private Integer samples;

    @Option(names = "--width", paramLabel = "W", description = "With --monte-carlo: about how wide these networks are (all widths are "
            + "multiplied alike).")
    private Integer width;

    @Mixin
    private MachineOptions machine;

    KernelVerb(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        List<String> mistakes = new ArrayList<>();
        InputFile.check(network, mistakes);
        List<String> kernels = Arrays.stream(get.split(",", -1)).map(String::strip).distinct().toList();
        kernels.stream().filter(k -> !KERNELS.contains(k))
                .forEach(k -> mistakes.add("--get: '" + k + "' is not a kernel" + Mistakes.suggestion(k, KERNELS)));
        if (!PRECISIONS.contains(precision)) {
            mistakes.add("--precision: '" + precision + "' is not known" + Mistakes.suggestion(precision, PRECISIONS));
        }
        if (!FORMATS.contains(format)) {
            mistakes.add("--format: '" + format + "' is not known" + Mistakes.suggestion(format, FORMATS));
        }
        MachineOptions.check(mistakes, "--out", out, () -> MachineOptions.checkFolder(out));
        mistakes.addAll(machine.mistakes());
        int[] sizes = ShapeOption.sizes(shape, mistakes);
        if (samples != null && (samples < 2 || samples > 1_000_000)) {
            mistakes.add("--monte-carlo: '" + samples + "' is not a number of samples; allowed: whole numbers from 2 to 1000000");
        }
        if (width != null && (width < 1 || width > 1 << 20)) {
            mistakes.add("--width: '" + width + "' is not a width; allowed: whole numbers from 1 to " + (1 << 20));
        }
        if (price != null && !(price >= 0 && price < 1e6)) {
            mistakes.add("--price: '" + price + "' is not a price of a core-hour; allowed: numbers from 0");
        } else if (price != null && !dryRun) {
            mistakes.add("--price belongs to --dry-run, which is not given");
        }
        if (samples != null && machine.isSpread()) {
            mistakes.add("--spark: estimates of --monte-carlo are computed on this machine: they are running means over networks in "
                    + "their order, which --resume goes on from; leave one of them out");
        }
        if (dryRun && samples != null) {
            mistakes.add("--dry-run: there is no plan for --monte-carlo; leave one of them out");
        }
        if ((samples == null) != (width == null)) {
            mistakes.add(samples == null ? "--width belongs to --monte-carlo SAMPLES, which is not given"
                    : "--width is missing: how wide the networks of --monte-carlo are, such as --width 256");
        }
        if (samples != null && precision.equals("float32")) {
            mistakes.add("--precision: estimates are computed in float64 only; leave it out");
        }
        if (edges2 != null && x2 == null) {
            mistakes.add("--edges2: these are the graphs of --x2, which is not given; use --edges for those of --x");
        } else if (x2 != null && (edges == null) != (edges2 == null)) {
            mistakes.add(edges == null ? "--edges is missing: --edges2 gives graphs to --x2, and --x needs them as well"
                    : "--edges2 is missing: --edges gives graphs to --x, and --x2 needs them as well");
        }
        Optional<Inputs> rows = inputs(x, edges, sizes, mistakes);
        Optional<Inputs> columns = x2 == null ? Optional.empty() : inputs(x2, edges2, sizes, mistakes);
        if (rows.isPresent() && columns.isPresent() && !rows.get().shape().equals(columns.get().shape())) {
            mistakes.add("--x2: inputs of " + columns.get().shape() + " do not go with those of --x, " + rows.get().shape());
        }
        if (mistakes.isEmpty()) {
            note(rows.orElseThrow(), columns, mistakes);
        }
        if (!mistakes.isEmpty()) {
            throw Failure.input(mistakes);
        }
        machine.applyToWork(Map.of());
        Inputs all = rows.orElseThrow();
        if (dryRun) {
            plan(all, columns);
            return;
        }
        boolean keep = checkpoint || resume;
        KernelFile.prepare(out, (long) kernels.size() * all.count() * columns.orElse(all).count() * (BYTES_IN_CSV + BYTES_IN_FILES));
        FolderLock lock = FolderLock.hold(out);
        try {
            KernelFile.sweep(out, samples == null ? KERNELS : List.of("ntk", "nngp", "ntk.errors", "nngp.errors"));
            if (samples != null) {
                new EstimatedKernels(console, out, keep, resume)
                        .write(Network.read(network), samples, width, kernels, all, columns, format);
                return;
            }
            Optional<Cluster> cluster = Cluster.of(Settings.ofProcess());
            cluster.ifPresent(c -> c.logTo(out.resolve("log.txt")));
            TileFolder tiles = keep || cluster.isPresent() ? TileFolder.always(out) : TileFolder.whenLong(out);
            write(kernels, compute(kernels, all, columns, resume ? tiles.resuming() : tiles, cluster), keep);
            tiles.saved();
        } finally {
            lock.release();
        }
    }

    private void plan(Inputs rows, Optional<Inputs> columns) {
        Settings settings = Settings.ofProcess();
        Serial layers = Network.read(network, rows.shape()).layers(rows.shape());
        TileJob job = TileJob.of(layers, rows, columns, Precision.of(precision), settings.threads());
        console.out().print(TilePlan.of(job, console.monitor()).text(machine.cores().orElse(settings.threads()),
                price == null ? OptionalDouble.empty() : OptionalDouble.of(price), Cluster.tilesGoTo(settings, out)));
    }

    private Map<String, Kernel> compute(List<String> names, Inputs rows, Optional<Inputs> columns, TileFolder tiles,
            Optional<Cluster> cluster) {
        Serial layers = Network.read(network, rows.shape()).layers(rows.shape());
        InfiniteKernels.Plan plan = InfiniteKernels.Plan.orInFiles(Settings.ofProcess(), layers, rows, columns, names)
                .withPrecision(Precision.of(precision)).on(cluster);
        Settings settings = Settings.ofProcess();
        double pairs = columns.map(c -> (double) rows.count() * c.count()).orElse(rows.count() * (rows.count() + 1) / 2.0);
        double seconds = Footprint.KERNEL.seconds(settings.threads()) + pairs * 1e-9 / settings.threads()
                * EngineChoice.of(layers, rows, columns, settings).best().nanosPerPair(Precision.of(precision));
        // A cluster's time is not known here.
        console.monitor().note(String.format(Locale.ROOT, "K_∞ and Θ_∞, %d × %d: %s, %d MiB with Java itself%s", rows.count(),
                columns.orElse(rows).count(), plan, Footprint.KERNEL.bytes() + plan.bytes() >> 20,
                cluster.isPresent() ? "" : "; in all about " + Duration.text((long) (seconds * 1e9))));
        return InfiniteKernels.named(layers, rows, columns, plan, console.monitor(), Optional.of(tiles));
    }

    private void write(List<String> names, Map<String, Kernel> computed, boolean keep) {
        List<List<Object>> rows = new ArrayList<>();
        HeapGuard guard = HeapGuard.within(Settings.ofProcess().memory());
        if (keep) {
            computed.forEach((name, kernel) -> KernelFile.npy(out.resolve(name + ".npy"), kernel));
        }
        for (String name : names) {
            Kernel kernel = Objects.requireNonNull(computed.get(name), name);
            Path file = out.resolve(name + "." + format);
            if (format.equals("npy")) {
                KernelFile.npy(file, kernel);
            } else {
                KernelFile.csv(file, kernel, guard);
            }
            rows.add(List.of(name, kernel.rows(), kernel.columns(), file.toString()));
        }
        // A path is whole, however long it is.
        console.print(new Table(List.of("kernel", "rows", "columns", "file"), rows).text(Integer.MAX_VALUE).stripTrailing());
    }

    /** Whether the network and the inputs go together; what is worth a note. */
    private void note(Inputs rows, Optional<Inputs> columns, List<String> mistakes) {
        try {
            Serial layers = Network.read(network, rows.shape()).layers(rows.shape());
            check(layers, x, rows, mistakes);
            columns.ifPresent(c -> check(layers, Objects.requireNonNull(x2), c, mistakes));
            for (int i = 0; i < layers.layers().size() && samples == null; i++) {
                Layer layer = layers.layers().get(i);
                String place = network + ": network." + i + "." + layer.name() + ": ";
                layer.finiteOnly().ifPresent(why -> mistakes.add(place + why));
            }
            if (edges != null && !layers.readsGraphs()) {
                console.monitor().note(InfiniteKernels.NO_AGGREGATE);
            }
        } catch (Failure e) {
            mistakes.addAll(e.lines());
        }
    }

    private void check(Serial layers, Path file, Inputs inputs, List<String> mistakes) {
        try {
            if (samples == null) {
                InfiniteKernels.check(layers, inputs);
            } else {
                layers.checked(inputs);
            }
        } catch (Failure e) {
            e.lines().forEach(line -> mistakes.add(line.startsWith("network.") ? line : file + ": " + line));
        }
    }

    private static Optional<Inputs> inputs(Path file, @Nullable Path edges, int[] sizes, List<String> mistakes) {
        try {
            Inputs inputs = InputFiles.read(file, sizes);
            return Optional.of(edges == null ? inputs : EdgeFile.read(edges, inputs));
        } catch (Failure e) {
            mistakes.addAll(e.lines());
            return Optional.empty();
        }
    }
}
