package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.files.Npy;

/**
 * The most memory that a process ever had resident, Java's heap and native memory together, as Linux counts it, above that of a process
 * that did next to nothing; and the processor time of all its threads over the time that passed.
 */
@EnabledOnOs(OS.LINUX)
class MemoryPromiseTest {

    private static final List<String> COLLECTOR = List.of("-XX:+UseSerialGC", "-XX:-ShrinkHeapInSteps", "-XX:MaxHeapFreeRatio=100",
            "-Xms128m", "-XX:NewSize=64m", "-XX:MaxNewSize=64m");

    @TempDir
    Path folder;

    private record Used(long mebibytes, double cores) {
    }

    private Path inputs(String name, int... shape) {
        int size = 1;
        for (int s : shape) {
            size *= s;
        }
        Path file = folder.resolve(name);
        Npy.write(file, new Random(size).doubles(size).map(v -> 2 * v - 1).toArray(), shape);
        return file;
    }

    private Used used(String network, Path x, String... more) throws Exception {
        Path yaml = Files.writeString(folder.resolve("network.yaml"), network);
        return used(Stream.concat(Stream.of("kernel", yaml.toString(), "--x", x.toString(), "--out", folder + "/out"), Stream.of(more))
                .toList());
    }

    private Used used(List<String> command) throws Exception {
        Path log = folder.resolve("log");
        ProcessBuilder builder = Program.builder(command.toArray(String[]::new)).redirectErrorStream(true).redirectOutput(log.toFile());
        // As the launcher starts it: a heap that is far larger than the budget, most of it for what lives long.
        builder.command().replaceAll(option -> option.equals("-Xmx1g") ? "-Xmx3g" : option);
        builder.command().remove("-XX:TieredStopAtLevel=1");
        builder.command().addAll(1, COLLECTOR);
        long began = System.nanoTime();
        Process process = builder.start();
        long peak = 0;
        Duration cpu = Duration.ZERO;
        long last = began;
        try {
            while (process.isAlive()) {
                peak = Math.max(peak, peak(process.pid()));
                Duration now = process.info().totalCpuDuration().orElse(Duration.ZERO);
                if (now.compareTo(cpu) > 0) {
                    cpu = now;
                    last = System.nanoTime();
                }
                Thread.sleep(5);
            }
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.waitFor()).as(Files.readString(log)).isZero();
        return new Used(peak >> 10, cpu.toNanos() / (double) (last - began));
    }

    /** VmHWM in kibibytes; 0 if the process has just ended. */
    private static long peak(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(l -> l.startsWith("VmHWM:")).mapToLong(l -> Long.parseLong(l.replaceAll("\\D", ""))).findFirst().orElse(0);
        } catch (IOException | java.io.UncheckedIOException e) {
            return 0;
        }
    }

    private static final String MLP = "mlp: {depth: 1}";

    /** That of the launcher too: what is promised holds with its options. */
    @Test
    void should_measure_with_the_options_of_the_launcher() throws IOException {
        assertThat(Files.readString(Path.of("scripts/ntk")).replaceAll("\\s+", " ")).contains(String.join(" ", COLLECTOR));
    }

    private long idle() throws Exception {
        return used(MLP, inputs("tiny.npy", 2, 3), "--threads", "2").mebibytes;
    }

    @Test
    void should_keep_the_promise_with_the_kernels_in_a_file() throws Exception {
        long idle = idle();
        Used used = used(MLP, inputs("x.npy", 2340, 20), "--memory", "64m", "--threads", "2", "--get", "ntk");
        assertThat(folder.resolve("out/ntk.npy")).exists();
        assertThat(used.mebibytes - idle).isLessThanOrEqualTo(64);
    }

    @Test
    @Tag("slow")
    void should_keep_the_promise_whatever_the_engine() throws Exception {
        long idle = idle();
        assertThat(used(MLP, inputs("x.npy", 2600, 300), "--memory", "200m", "--threads", "2").mebibytes - idle).isLessThanOrEqualTo(200);
        assertThat(used("cnn: {depth: 3, readout: gap}", inputs("i.npy", 24, 16, 16, 3), "--memory", "64m", "--threads", "2").mebibytes
                - idle).isLessThanOrEqualTo(64);
        assertThat(used("[{conv: {channels: 4, strides: [2, 2], padding: same}}, relu, {conv: {channels: 4, padding: same}}, relu, "
                + "globalAvgPool, {dense: {units: 1}}]",
                inputs("s.npy", 12, 20, 20, 3), "--memory", "128m", "--threads", "2").mebibytes - idle).isLessThanOrEqualTo(128);
        assertThat(used("transformer: {blocks: 1, heads: 2, width: 16}", inputs("t.npy", 40, 12, 16), "--memory", "96m", "--threads",
                "2").mebibytes - idle).isLessThanOrEqualTo(96);
    }

    /** Arrays of all pairs of positions, 1.2 MiB each: of some sentences with themselves, and of their attention. */
    @Test
    @Tag("slow")
    void should_keep_the_promise_for_attention_over_many_positions() throws Exception {
        long idle = idle();
        assertThat(used("[selfAttention, relu, globalAvgPool, {dense: {units: 1}}]", inputs("s.npy", 24, 400, 2), "--x2",
                inputs("r.npy", 1, 400, 2).toString(), "--memory", "80m", "--threads", "2").mebibytes - idle).isLessThanOrEqualTo(80);
    }

    /** What lanes meet where strides are to come, once more for each column: as large as a hundred images. */
    @Test
    @Tag("slow")
    void should_keep_the_promise_for_large_images_with_strides() throws Exception {
        long idle = idle();
        assertThat(used("[{conv: {channels: 4, strides: [2, 2], padding: same}}, relu, {avgPool: {window: [3, 3], strides: [2, 2], "
                + "padding: same}}, {conv: {channels: 4, padding: same}}, relu, globalAvgPool, {dense: {units: 1}}]",
                inputs("j.npy", 8, 96, 96, 3), "--x2", inputs("i.npy", 2, 96, 96, 3).toString(), "--memory", "160m", "--threads", "1")
                .mebibytes - idle).isLessThanOrEqualTo(160);
    }

    /** Half of what both kernels take: it was refused. */
    @Test
    @Tag("slow")
    void should_keep_the_promise_for_pooled_images_where_k_alone_is_asked_for() throws Exception {
        long idle = idle();
        assertThat(used("[{conv: {channels: 4, padding: same}}, relu, {avgPool: {window: [2, 2], strides: [2, 2]}}, {conv: {channels: 4, "
                + "padding: same}}, relu, globalAvgPool, {dense: {units: 1}}]", inputs("p.npy", 4, 64, 64, 3), "--get", "nngp", "--memory",
                "160m", "--threads", "1").mebibytes - idle).isLessThanOrEqualTo(160);
    }

    private Used study(int train, int width, String memory) throws Exception {
        Path yaml = Files.writeString(folder.resolve("study.yaml"),
                "data: {name: mnist-sample, train: " + train + ", test: 100}\nnetwork: {mlp: {width: " + width
                + ", depth: 2}}\ntrain: {until: {maxSteps: 5}}\n");
        return used(List.of("run", yaml.toString(), "--out", folder + "/out", "--threads", "2", "--memory", memory));
    }

    /** Its kernels, tangent kernels of the finite network among them, training, decompositions and comparisons together. */
    @Test
    @Tag("slow")
    void should_keep_the_promise_for_a_whole_study() throws Exception {
        long idle = study(20, 8, "400m").mebibytes;
        assertThat(study(1000, 1024, "400m").mebibytes - idle).isLessThanOrEqualTo(400);
    }

    /** Kernels that are computed anew, their factor, and predictions. */
    @Test
    @Tag("slow")
    void should_keep_the_promise_for_regressions_that_the_memory_does_not_hold() throws Exception {
        for (String solver : List.of("cholesky", "{conjugateGradient: {rank: 100}}", "{nystrom: {rank: 200}}")) {
            // A study loads TensorFlow for its network, which a kernel's process does not.
            long idle = regression(20, 8, "auto");
            assertThat(regression(6000, 2000, solver) - idle).as(solver).isLessThanOrEqualTo(200);
        }
    }

    /**
     * Values of a kernel and a preconditioner outside the heap, and what iterations leave behind in it: as much as the plan says, where
     * more is allowed. Half of so little more may lie unused until the next clean-up, or be Java's.
     */
    @Test
    @Tag("slow")
    void should_take_what_the_plan_says_with_conjugate_gradients() throws Exception {
        Path yaml = Files.writeString(folder.resolve("gradients.yaml"), "data: {name: stripes, channels: 1, train: 5000, test: 5000}\n"
                + "network: {mlp: {depth: 2}}\nkernels: [ntk.infinite]\nregression: {ridge: 1e-4, times: [infinity], "
                + "solver: {conjugateGradient: {rank: 200, residual: 1e-3}}}\nreport: false\nspectrum: none\nprecision: float32\n");
        List<String> command = List.of("run", yaml.toString(), "--out", folder + "/out", "--threads", "2", "--memory", "380m");
        String plan = plan(command);
        assertThat(plan).contains("held in memory");
        long planned = planned(plan, "380 MiB");
        assertThat(planned).isBetween(100L, 160L);
        long idle = regression(20, 8, "auto");
        assertThat(used(command).mebibytes - idle).isLessThanOrEqualTo(planned + planned / 2);
        assertThat(Files.readString(folder.resolve("out/gradients/latest/log.txt"))).contains("leave-one-out error");
    }

    /** Predictions on the inputs of a kernel in the heap do not copy it, and what threads of many products took is not kept for each. */
    @Test
    @Tag("slow")
    void should_keep_the_promise_with_a_kernel_in_the_heap_and_conjugate_gradients() throws Exception {
        long idle = regression(20, 8, "auto");
        for (int[] size : new int[][] {{6000, 600}, {8000, 1000}}) {
            Path yaml = Files.writeString(folder.resolve("heap.yaml"), "data: {name: stripes, channels: 1, train: " + size[0]
                    + ", test: 100}\nnetwork: {mlp: {depth: 2}}\nkernels: [ntk.infinite]\nregression: {ridge: 1e-4, times: [infinity], "
                    + "solver: {conjugateGradient: {rank: 100, residual: 1e-3}}}\nreport: false\nspectrum: none\n");
            List<String> command = List.of("run", yaml.toString(), "--out", folder + "/out", "--threads", "2", "--memory", size[1] + "m");
            String plan = plan(command);
            assertThat(plan).doesNotContain("held in memory");
            assertThat(planned(plan, size[1] + " MiB")).isBetween(size[1] / 2L, size[1] * 4L / 5);
            assertThat(used(command).mebibytes - idle).as("%d inputs", size[0]).isLessThanOrEqualTo(size[1]);
        }
    }

    private String plan(List<String> command) throws Exception {
        used(Stream.concat(command.stream(), Stream.of("--dry-run")).toList());
        return Files.readString(folder.resolve("log"));
    }

    /** MiB that a plan says, where so much is allowed. */
    private static long planned(String plan, String allowed) {
        return Long.parseLong(plan.replaceAll("(?s).*memory +about (\\d+) MiB of " + allowed + " allowed.*", "$1"));
    }

    /** What the kernels of one cell took of the heap, the factor of the next one takes outside it. */
    @Test
    @Tag("slow")
    void should_keep_the_promise_where_a_larger_cell_comes_after_one_whose_kernels_stand_in_the_heap() throws Exception {
        long idle = regression(20, 8, "auto");
        String sweep = "spectrum: none\nsweep: {data.train: [4000, 11000]}";
        assertThat(regression(4000, 500, "auto", sweep, "400m") - idle).isLessThanOrEqualTo(400);
    }

    private long regression(int train, int test, String solver) throws Exception {
        return regression(train, test, solver, "spectrum: {top: 5}", "200m");
    }

    private long regression(int train, int test, String solver, String more, String memory) throws Exception {
        Path yaml = Files.writeString(folder.resolve("large.yaml"), "data: {name: stripes, channels: 1, train: " + train + ", test: " + test
                + "}\nnetwork: {mlp: {depth: 2}}\nkernels: [ntk.infinite]\nregression: {ridge: 1e-3, times: [infinity], solver: " + solver
                + "}\nreport: false\n" + more + "\n");
        return used(List.of("run", yaml.toString(), "--out", folder + "/out", "--threads", "2", "--memory", memory)).mebibytes;
    }

    /** A factor in float64 beside the kernel; and where such a kernel is too ill-conditioned for it, what the memory has room for. */
    @Test
    @Tag("slow")
    void should_keep_the_promise_for_regressions_beside_a_kernel_in_the_heap() throws Exception {
        long idle = regression(20, 8, "auto");
        for (String activation : List.of("relu", "erf")) {
            // Of four pixels erf makes a kernel whose eigenvalues soon are rounding.
            Path yaml = Files.writeString(folder.resolve("heap.yaml"), "data: {name: stripes, size: " + (activation.equals("erf") ? 2 : 6)
                    + ", channels: 1, train: 2700, test: 100}\nnetwork: {mlp: {depth: 2, activation: " + activation
                    + "}}\nkernels: [ntk.infinite]\nregression: {ridge: 0, times: [infinity]}\nspectrum: none\nreport: false\n");
            assertThat(used(List.of("run", yaml.toString(), "--out", folder + "/out", "--threads", "2", "--memory", "200m")).mebibytes
                    - idle).as(activation).isLessThanOrEqualTo(200);
            String log = Files.readString(folder.resolve("out/heap/latest/log.txt"));
            assertThat(log.contains("too ill-conditioned for Cholesky in float64")).as(log).isEqualTo(activation.equals("erf"));
        }
    }

    @Test
    @Tag("slow")
    void should_use_no_more_cores_than_threads_were_given() throws Exception {
        // Java compiles and cleans up beside the one thread that works: more than a little of that would be a thread too many.
        assertThat(used("cnn: {depth: 2, channels: 4, activation: tanh, readout: flatten}", inputs("x.npy", 1500, 10, 10, 1), "--threads",
                "1").cores).isLessThan(1.3);
    }
}
