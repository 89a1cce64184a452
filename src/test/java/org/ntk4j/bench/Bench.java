package org.ntk4j.bench;

import org.ntk4j.base.Precision;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.ntk4j.base.Machine;
import org.ntk4j.files.Table;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code scripts/bench}: times the cases, each in a process of its own, and prints a table. */
@Command(name = "bench", mixinStandardHelpOptions = true, usageHelpWidth = 100,
        description = "Times ntk4j's heavy work, each case in a process of its own, next to what the machine can do in the same run.",
        footer = {"", "Cases: empirical-mlp-2048, empirical-cnn-64-gap; in float64, and with -float32 at the end in float32:",
            "infinite-mlp-5, infinite-mlp-3-tanh, infinite-cnn-5-gap-28, infinite-cnn-20-gap-32, infinite-cnn-3-tanh-gap-28,",
            "infinite-cnn-5-flatten-28, infinite-myrtle-5-32, infinite-myrtle-10-32, infinite-wide-resnet-1-32,",
            "infinite-attention-2-32, infinite-transformer-2-32, infinite-convnet-gp-28, infinite-resnet-gp-28 (these two: K alone);",
            "train-mlp-2048-5-steps, dynamics-3-times, quickstart (without its report), report (of quickstart);",
            "kernel-product (inner products of inputs, float32), cholesky-tiles (float32, in place), cholesky-files",
            "(the same in files), regression-conjugate-gradient (ten outputs, products with a kernel of float32",
            "in memory), regression-conjugate-gradient-one (the same for one output), kernel-vectors (the",
            "products alone, for ten), regression-cholesky (float64, ten outputs): the steps of a regression on",
            "many examples.",
            "first: the first call of a process, which also warms up; best, median: of the calls after it,",
            "over all rounds; cpu: the least time of all threads together. MiB: peak memory above that of a",
            "process that did only a tiny kernel (of quickstart: all of it). share: of the machine's best",
            "matrix product in the case's precision; of regression-conjugate-gradient… and kernel-vectors: of",
            "the copy's rate, by the bytes of the kernel that are read. ns: per entry of the covariance and layer, each needed",
            "pair of inputs counted once. ratio: the peer's seconds over ours.", "",
            "scripts/bench --jmh [ARGUMENTS OF JMH] runs the micro benchmarks instead (--jmh -h: options)."})
final class Bench implements Callable<Integer> {

    private static final String QUICKSTART = "quickstart";
    private static final String REPORT = "report";

    @Parameters(paramLabel = "CASE", description = "Cases to run, each as NAME or NAME=SIZE (default: all).")
    private List<String> wanted = new ArrayList<>();

    @Option(names = "--threads", paramLabel = "N", description = "Threads of each case (default: one a core).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--rounds", paramLabel = "N", description = "How often each case is started, in turns with the peer (default: 1).")
    private int rounds = 1;

    @Option(names = "--repeats", paramLabel = "N", description = {"Calls after the first in each process, at least (default: 3);",
            "short ones go on for three seconds."})
    private int repeats = 3;

    @Option(names = "--peer", paramLabel = "COMMAND", description = {"Another program for the same cases: 'COMMAND CASE' prints a line of "
            + "JSON with",
        "'first' and 'best' (seconds) and 'mib'; a status other than 0 means that it does not have the case.",
        "The size follows the name where it is not the usual one.",
        "Where it has several ways (-structured, -jacobians behind the name), its fastest counts."})
    private String peer;

    @Option(names = "--out", paramLabel = "DIR", description = "Where bench.csv goes (default: out/bench).")
    private Path out = Path.of("out/bench");

    @Option(names = "--plans", description = "Instead: what plans say of time and memory beside what is measured, over twelve studies and "
            + "kernels of some seconds each; CASE restricts to some. Status 1 if one is off by more than 1.5 in time or 1.25 in memory.")
    private boolean plans;

    private final List<List<Object>> rows = new ArrayList<>();

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    /** A run of a case: first call, calls after it, CPU time of a call, peak memory in MiB. */
    private record Run(double first, List<Double> later, double cpu, long mib) {
    }

    @Override
    public Integer call() throws Exception {
        if (plans) {
            System.out.println(describe());
            return Plans.print(threads, wanted);
        }
        Map<String, Integer> cases = cases();
        if (cases == null) {
            return 2;
        }
        System.out.println(describe());
        Limits limits = new Gson().fromJson(lastLine(java("org.ntk4j.bench.Limits")), Limits.class);
        System.out.printf(Locale.ROOT, "the machine's limits: float64 %.0f GFLOP/s (OpenBLAS; TensorFlow %.0f), float32 %.0f (TensorFlow; "
                + "OpenBLAS %.0f), copy %.1f GB/s%n",
                limits.blas64(), limits.tensorflow64(), limits.tensorflow32(), limits.blas32(), limits.copy());
        Map<Case, Long> idle = new EnumMap<>(Case.class);
        for (Case c : List.of(Case.IDLE_FINITE, Case.IDLE_INFINITE)) {
            idle.put(c, run(c, c.size, 0).mib());
        }
        System.out.printf(Locale.ROOT, "an idle process holds %d MiB with TensorFlow, %d MiB without%n%n", idle.get(Case.IDLE_FINITE),
                idle.get(Case.IDLE_INFINITE));
        String format = "%-30s %5s %8s %8s %9s %7s %8s %6s %7s %6s %9s %6s%n";
        System.out.printf(format, "case", "size", "first s", "best s", "median s", "cpu s", "GFLOP/s", "share", "ns", "MiB", "peer s",
                "ratio");
        for (Map.Entry<String, Integer> entry : cases.entrySet()) {
            measure(entry.getKey(), entry.getValue(), limits, idle, format);
        }
        write(limits);
        return 0;
    }

    private Map<String, Integer> cases() {
        Map<String, Integer> cases = new LinkedHashMap<>();
        if (wanted.isEmpty()) {
            Stream.of(Case.values()).filter(c -> !c.isIdle()).forEach(c -> cases.put(c.title, c.size));
            cases.put(QUICKSTART, 1000);
            cases.put(REPORT, 1000);
        }
        for (String word : wanted) {
            String name = word.replaceFirst("=.*", "");
            Case known = Case.of(name);
            String size = word.contains("=") ? word.substring(word.indexOf('=') + 1) : "";
            if ((known == null || known.isIdle()) && !List.of(QUICKSTART, REPORT).contains(name) || !size.matches("[1-9]\\d{0,5}|")) {
                System.err.println("bench: '" + word + "' is not a case, or its size is not a whole number; --help lists the cases");
                return null;
            }
            cases.put(name, size.isEmpty() ? known == null ? 1000 : known.size : Integer.parseInt(size));
        }
        return cases;
    }

    private void measure(String name, int size, Limits limits, Map<Case, Long> idle, String format)
            throws IOException, InterruptedException {
        Case work = Case.of(name);
        double first = Double.MAX_VALUE;
        List<Double> later = new ArrayList<>();
        double cpu = Double.MAX_VALUE;
        long mib = 0;
        double other = Double.NaN;
        for (int round = 0; round < rounds; round++) {
            Run run = work != null ? run(work, size, repeats) : name.equals(REPORT) ? report() : quickstart();
            first = Math.min(first, run.first);
            later.addAll(run.later);
            cpu = Math.min(cpu, run.cpu);
            mib = Math.max(mib, run.mib);
            for (String way : work == null ? List.of(name) : work.peers()) {
                other = Math.min(Double.isNaN(other) ? Double.MAX_VALUE : other,
                        peer(way, work != null && size != work.size ? " " + size : ""));
            }
        }
        later.sort(null);
        double best = later.get(0);
        double median = later.get(later.size() / 2);
        double rate = work == null ? 0 : work.operations(size) / best / 1e9;
        double bytes = work == null ? 0 : work.bytes(size);
        double share = work == null ? 0 : bytes > 0 ? bytes / best / 1e9 / limits.copy() : rate / limits.of(work.precision);
        double ns = work == null || work.entries(size) == 0 ? 0 : best * 1e9 / work.entries(size);
        long above = mib == 0 ? 0 : work == null ? mib : Math.max(0, mib - idle.get(work.idle()));
        // The peer keeps its decomposition between calls, so its first call is what compares.
        double ours = work == Case.DYNAMICS ? first : best;
        boolean compared = other < Double.MAX_VALUE;
        System.out.printf(format, name, size, number("%.3f", first), number("%.3f", best), number("%.3f", median), number("%.2f", cpu),
                number("%.0f", rate),
                share == 0 ? "" : Math.round(100 * share) + " %", number("%.2f", ns), above == 0 ? "" : above,
                compared ? number("%.3f", other) : "", compared ? number("%.1f", other / ours) : "");
        rows.add(List.of(name, size, first, best, median, cpu, rate, share, ns, above, compared ? other : Double.NaN,
                compared ? other / ours : Double.NaN));
    }

    private static String number(String format, double value) {
        return value == 0 ? "" : String.format(Locale.ROOT, format, value);
    }

    private Run run(Case work, int size, int calls) throws IOException, InterruptedException {
        JsonObject line = lastLine(java("org.ntk4j.bench.CaseProcess", work.title, String.valueOf(size), String.valueOf(calls)));
        JsonArray seconds = line.getAsJsonArray("seconds");
        List<Double> later = new ArrayList<>();
        seconds.forEach(s -> later.add(s.getAsDouble()));
        double first = later.size() > 1 ? later.remove(0) : later.get(0);
        return new Run(first, later, line.get("cpu").getAsDouble(), line.get("mib").getAsLong());
    }

    /** The study of the README from the command line to the prompt, watched from outside. */
    private Run quickstart() throws IOException, InterruptedException {
        Path results = Files.createTempDirectory("ntk4j-bench");
        Run run = program(results, "run", "experiments/quickstart.yaml", "--threads", String.valueOf(threads), "--out", results.toString(),
                "--no-report");
        delete(results);
        return run;
    }

    /** The report of that study, from its files: start of the program included. */
    private Run report() throws IOException, InterruptedException {
        Path results = Files.createTempDirectory("ntk4j-bench");
        program(results, "run", "experiments/quickstart.yaml", "--threads", String.valueOf(threads), "--out", results.toString(),
                "--no-report");
        Run first = program(results, "report", results.resolve(QUICKSTART).toString());
        List<Double> later = new ArrayList<>();
        for (int i = 0; i < Math.max(1, repeats); i++) {
            later.add(program(results, "report", results.resolve(QUICKSTART).toString()).first());
        }
        delete(results);
        return new Run(first.first(), later, 0, first.mib());
    }

    private static Run program(Path results, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("scripts/ntk"));
        command.addAll(List.of(words));
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(results.resolve("errors.txt").toFile()).start();
        long mib = 0;
        while (process.isAlive()) {
            mib = Math.max(mib, CaseProcess.peak(Path.of("/proc/" + process.pid() + "/status")));
            Thread.sleep(20);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (process.exitValue() != 0) {
            throw new IOException(command + " failed: " + Files.readString(results.resolve("errors.txt")));
        }
        return new Run(seconds, List.of(seconds), 0, mib);
    }

    private static void delete(Path results) throws IOException {
        try (Stream<Path> files = Files.walk(results)) {
            files.sorted((a, b) -> b.compareTo(a)).map(Path::toFile).forEach(File::delete);
        }
    }

    private double peer(String name, String size) throws IOException, InterruptedException {
        if (peer == null) {
            return Double.MAX_VALUE;
        }
        Process process = new ProcessBuilder("/bin/sh", "-c", peer + " " + name.replace("-float32", "") + size)
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            return Double.MAX_VALUE;
        }
        return lastLine(text).get(name.equals(Case.DYNAMICS.title) ? "first" : "best").getAsDouble();
    }

    /** Runs a class in a process with the options of this one, and gives what it printed. */
    private String java(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-Dntk.threads=" + threads, "-XX:SharedArchiveFile=" + System.getProperty("bench.archive"), "-Xlog:disable",
                "-cp", System.getProperty("bench.class.path")));
        command.addAll(List.of(words));
        Path errors = Files.createTempFile("ntk4j-bench", ".txt");
        Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        // A process that ends well may have warned, as Java does of its vector instructions.
        String said = process.waitFor() == 0 ? "" : Files.readString(errors);
        Files.delete(errors);
        if (!said.isEmpty() || text.isBlank()) {
            throw new IOException(String.join(" ", words) + " failed: " + said);
        }
        return text;
    }

    private static JsonObject lastLine(String text) {
        String[] lines = text.strip().split("\\R");
        return new Gson().fromJson(lines[lines.length - 1], JsonObject.class);
    }

    private String describe() {
        Machine machine = Machine.here();
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return String.format(Locale.ROOT, "%s, %d cores, %d threads used, %d GiB, %s, Java %s, load %.1f", machine.cpu(), machine.cores(),
                threads,
                Math.round(machine.memory() / 1073741824.0), machine.system(), System.getProperty("java.version"), load);
    }

    private void write(Limits limits) throws IOException {
        Files.createDirectories(out);
        List<String> columns = List.of("machine", "float64", "float32", "copy", "case", "size", "first", "best", "median", "cpu", "gflops",
                "share", "ns",
                "mib", "peer", "ratio");
        List<Object> machine = List.of(describe(), limits.of(Precision.FLOAT64), limits.of(Precision.FLOAT32), limits.copy());
        Table table = new Table(columns, rows.stream().map(row -> Stream.concat(machine.stream(), row.stream()).toList()).toList());
        Path file = out.resolve("bench.csv");
        Files.writeString(file, table.csv());
        System.out.println(System.lineSeparator() + "results: " + file);
    }
}
