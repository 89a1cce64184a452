package org.ntk4j.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Settings;
import org.ntk4j.bench.DevicePart;
import org.ntk4j.bench.Measurement;
import org.ntk4j.tensorflow.Devices;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ntk gpu-check}, which {@code scripts/gpu-check} calls: each part in a process of its own, then one table and one JSON. */
@Command(name = "gpu-check", hidden = true, mixinStandardHelpOptions = true, versionProvider = Main.Version.class,
        description = "Compares what a GPU computes with what the CPU does, and how fast, within six minutes.",
        footer = {"", "Without a GPU it ends where it asks for one, and says so. --device cpu does everything on the CPU, to try it out."})
final class GpuCheckVerb implements Callable<Integer> {

    private static final int SECONDS_IN_ALL = 345;
    private static final int DOCTOR_SECONDS = 45;
    private static final String DEVICE = "device";
    private static final String DOCTOR = "doctor";

    private final Console console;

    @Option(names = "--part", hidden = true, description = "Does this part in this process.")
    private String part;

    @Option(names = "--side", hidden = true, defaultValue = "gpu", description = "The side of the comparison that the part belongs to.")
    private String side;

    @Option(names = "--out", paramLabel = "DIR", defaultValue = "out/gpu-check",
            description = "Where gpu-check.json and gpu-check.txt go (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Mixin
    private MachineOptions machine;

    GpuCheckVerb(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        machine.apply();
        if (part != null) {
            runPart();
            return 0;
        }
        Files.createDirectories(out);
        String device = Settings.ofProcess().device().orElse("gpu");
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_IN_ALL);
        GpuReport report = new GpuReport(device);
        CheckedPart doctor = run(DOCTOR, "cpu", DOCTOR_SECONDS, true, List.of(DOCTOR));
        report.add(doctor);
        console.print(String.join(System.lineSeparator(), doctor.lines()));
        CheckedPart asked = run(DEVICE, device, DOCTOR_SECONDS, true, words(DEVICE, "gpu", device));
        boolean there = asked.ended().isEmpty();
        report.add(there ? asked : CheckedPart.leftOut(DEVICE, device, CheckedPart.NO_DEVICE + ": " + asked.ended()));
        if (!there) {
            console.print("device " + device + ": " + asked.ended() + "; all that is compared with it is left out");
        }
        for (DevicePart next : there ? DevicePart.all() : List.<DevicePart>of()) {
            int left = (int) TimeUnit.NANOSECONDS.toSeconds(end - System.nanoTime());
            if (left < 2) {
                report.add(CheckedPart.leftOut(next.title(), next.device(), "left out: the time was over"));
            } else {
                report.add(run(next.title(), next.device(), Math.min(left, next.seconds()), next.exact(),
                        words(next.title(), next.device(), next.device().equals("gpu") ? device : "cpu")));
            }
            report.write(out);
        }
        report.write(out);
        console.out().print(report.table());
        console.print("results: " + out.resolve(GpuReport.JSON) + ", " + out.resolve(GpuReport.TABLE));
        return report.failed() ? Failure.RUN : 0;
    }

    private void runPart() {
        Settings settings = Settings.ofProcess();
        if (part.equals(DEVICE)) {
            console.print("computes on " + Devices.used(settings));
            Devices.list(settings).forEach(d -> console.out()
                    .println(Measurement.of("memory of " + d.name(), side, d.memory() / (double) (1 << 20), "MiB").line()));
            return;
        }
        DevicePart.of(part, side).run(settings, figure -> {
            console.print(figure.line());
            console.out().flush();
        });
    }

    private List<String> words(String title, String onSide, String device) {
        return List.of("gpu-check", "--part", title, "--side", onSide, "--device", device, "--engine",
                onSide.equals("gpu") ? "graph" : "java", "--threads", String.valueOf(Settings.ofProcess().threads()));
    }

    /** Runs the program again with these words, for so long at most. */
    private CheckedPart run(String title, String device, int seconds, boolean exact, List<String> words) throws IOException {
        console.err().println("gpu-check: " + title + " (" + device + ", at most " + seconds + " s) …");
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java")));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(words);
        Path text = out.resolve("part.txt");
        Path errors = out.resolve("part-errors.txt");
        ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(text.toFile()).redirectError(errors.toFile());
        Map<String, String> environment = builder.environment();
        if (exact) {
            environment.put("NVIDIA_TF32_OVERRIDE", "0");
        } else {
            environment.remove("NVIDIA_TF32_OVERRIDE");
        }
        long began = System.nanoTime();
        Process process = builder.start();
        GpuMemory memory = GpuMemory.watch(process);
        try {
            boolean ended = process.waitFor(seconds, TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor(2, TimeUnit.SECONDS);
            }
            return CheckedPart.of(title, device, read(text), read(errors), (System.nanoTime() - began) / 1e9,
                    ended ? process.exitValue() : -1,
                    memory.most());
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw Failure.cancelled("gpu-check was interrupted");
        } finally {
            Files.deleteIfExists(text);
            Files.deleteIfExists(errors);
        }
    }

    private static List<String> read(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
