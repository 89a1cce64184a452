package org.ntk4j.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ntk4j.files.Npy;

/**
 * {@code scripts/bench --plans}: what plans say of time and memory beside what is measured, over studies and kernels of some seconds each,
 * every one a process of its own from its start to its end.
 */
final class Plans {

    private static final double MOST_TIME = 1.5;
    private static final double MOST_MEMORY = 1.25;
    private static final Pattern TIME = Pattern.compile("(?:at most|in all about) (\\S+) (ms|s|min|h)\\b");
    private static final Pattern MEMORY = Pattern.compile("(\\S+) (MiB|GiB) with Java");
    private static final String TO_THE_END = "until: {trainLoss: 1.0e-12, maxSteps: %d}";

    private final int threads;
    private final Path folder;
    private final Map<String, List<String>> commands = new LinkedHashMap<>();

    private Plans(int threads, Path folder) {
        this.threads = threads;
        this.folder = folder;
    }

    /** A process: its seconds, those of the processor, its most memory in MiB, and what it said. */
    private record Measured(double seconds, double cpu, long mib, String said) {
    }

    /** Prints the table; gives the status of the program. */
    static int print(int threads, List<String> wanted) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("ntk4j-plans");
        Plans plans = new Plans(threads, folder);
        plans.cases();
        String format = "%-32s %9s %9s %7s %7s %9s %9s %7s%n";
        System.out.printf(format, "case", "plan s", "took s", "ratio", "cpu s", "plan MiB", "took MiB", "ratio");
        int times = 0;
        int memories = 0;
        int count = 0;
        for (Map.Entry<String, List<String>> each : plans.commands.entrySet()) {
            if (!wanted.isEmpty() && !wanted.contains(each.getKey())) {
                continue;
            }
            boolean study = each.getValue().get(0).equals("run");
            Measured plan = study ? plans.run(Stream.concat(each.getValue().stream(), Stream.of("--dry-run")).toList()) : null;
            Measured real = plans.run(each.getValue());
            String text = plan == null ? real.said : plan.said;
            double seconds = number(TIME, text);
            double mib = number(MEMORY, text);
            double timeRatio = real.seconds / seconds;
            double memoryRatio = real.mib / mib;
            count++;
            times += timeRatio <= MOST_TIME && timeRatio >= 1 / MOST_TIME ? 1 : 0;
            memories += memoryRatio <= MOST_MEMORY && memoryRatio >= 1 / MOST_MEMORY ? 1 : 0;
            System.out.printf(Locale.ROOT, format, each.getKey(), fixed(seconds), fixed(real.seconds), fixed(timeRatio), fixed(real.cpu),
                    Math.round(mib), real.mib, fixed(memoryRatio));
        }
        System.out.printf(Locale.ROOT, "%nratio: measured over planned; within %.2f either way for time in %d of %d, within %.2f for "
                + "memory in %d%n", MOST_TIME, times, count, MOST_MEMORY, memories);
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted((a, b) -> b.compareTo(a)).map(Path::toFile).forEach(f -> {
                if (!f.delete()) {
                    f.deleteOnExit();
                }
            });
        }
        return times == count && memories == count ? 0 : 1;
    }

    private void cases() throws IOException {
        study("mlp-all-kernels", "{name: mnist-sample, train: 400, test: 100}", "{mlp: {width: 512, depth: 2, bStd: 0.1}}",
                "train: {" + until(500) + "}");
        study("mlp-wide-eigen", "{name: mnist-sample, train: 1000, test: 100}", "{mlp: {width: 1024, depth: 1}}",
                "train: {" + until(200) + "}");
        study("mlp-infinite-only", "{name: mnist-sample, train: 1000, test: 100}", "{mlp: {depth: 5, activation: erf}}",
                "kernels: [ntk.infinite, nngp.infinite]");
        study("mlp-sweep-4-seeds", "{name: mnist-sample, train: 200, test: 50}", "{mlp: {width: 256}}",
                "train: {" + until(300) + "}\nsweep: {seed: 4}");
        study("mlp-adam-batches", "{name: mnist-sample, train: 500, test: 100}", "{mlp: {width: 256, depth: 2}}",
                "train: {optimizer: adam, learningRate: 1.0e-3, batch: 50, " + until(1000) + "}\nkernels: [ntk.init, ntk.trained]");
        study("cnn-gap", "{name: mnist-sample, train: 100, test: 20}", "{cnn: {channels: 16, depth: 2, readout: gap}}",
                "train: {" + until(50) + "}");
        study("cnn-flatten", "{name: mnist-sample, train: 150, test: 50}", "{cnn: {channels: 16, depth: 2, readout: flatten}}",
                "train: {" + until(50) + "}");
        study("transformer-phrases", "{name: phrases, train: 100, test: 50}", "{transformer: {width: 32, heads: 2}}",
                "train: {" + until(100) + "}");
        kernel("kernel-mlp-3000", "{mlp: {depth: 5}}", 3000, 784);
        kernel("kernel-cnn-gap-100", "{cnn: {depth: 3, readout: gap}}", 100, 16, 16, 3);
        kernel("kernel-cnn-flatten-600", "{cnn: {depth: 5, readout: flatten}}", 600, 28, 28, 1);
        kernel("kernel-transformer-60", "{transformer: {blocks: 2}}", 60, 24, 8);
    }

    private static String until(int steps) {
        return String.format(Locale.ROOT, TO_THE_END, steps);
    }

    private void study(String name, String data, String network, String rest) throws IOException {
        Path file = folder.resolve(name + ".yaml");
        Files.writeString(file, "data: " + data + "\nnetwork: " + network + "\n" + rest + "\n");
        commands.put(name, List.of("run", file.toString(), "--out", folder.resolve("out").toString(), "--threads",
                String.valueOf(threads)));
    }

    private void kernel(String name, String network, int count, int... shape) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".yaml"), "network: " + network + "\n");
        Path x = folder.resolve(name + ".npy");
        int size = 1;
        int[] axes = new int[shape.length + 1];
        axes[0] = count;
        for (int k = 0; k < shape.length; k++) {
            size *= shape[k];
            axes[k + 1] = shape[k];
        }
        Npy.write(x, new Random(count).doubles((long) count * size).map(v -> 2 * v - 1).toArray(), axes);
        commands.put(name, List.of("kernel", file.toString(), "--x", x.toString(), "--format", "npy", "--out",
                folder.resolve("out-" + name).toString(), "--threads", String.valueOf(threads)));
    }

    private Measured run(List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("scripts/ntk"));
        command.addAll(words);
        Path said = folder.resolve("said.txt");
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
        long mib = 0;
        Duration cpu = Duration.ZERO;
        while (process.isAlive()) {
            mib = Math.max(mib, CaseProcess.peak(Path.of("/proc/" + process.pid() + "/status")));
            Duration now = process.info().totalCpuDuration().orElse(Duration.ZERO);
            cpu = now.compareTo(cpu) > 0 ? now : cpu;
            Thread.sleep(20);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (process.exitValue() != 0) {
            throw new IOException(command + " failed: " + Files.readString(said));
        }
        return new Measured(seconds, cpu.toMillis() / 1e3, mib, Files.readString(said));
    }

    private static double number(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        if (!found.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        double factor = switch (found.group(2)) {
            case "ms" -> 1e-3;
            case "min" -> 60;
            case "h" -> 3600;
            case "GiB" -> 1024;
            default -> 1;
        };
        return factor * Double.parseDouble(found.group(1));
    }

    private static String fixed(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
