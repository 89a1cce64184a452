package org.ntk4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.files.Npy;
import org.ntk4j.run.Main;

/** {@code ntk kernel --spark local-cluster[…]} with executors as processes of their own, which are killed. */
@Tag("slow")
class ClusterProcessTest {

    private static final String MASTER = "local-cluster[2,1,1024]";
    private static final int MINUTES = 5;

    @TempDir
    private Path folder;

    private Path network;
    private Path x;

    @BeforeEach
    void writeInputs() throws IOException {
        network = Files.writeString(folder.resolve("network.yaml"), "cnn: {channels: 8, depth: 6, readout: gap}\n");
        x = folder.resolve("x.npy");
        Npy.write(x, new Random(1).doubles(72L * 12 * 12 * 3).map(v -> 2 * v - 1).toArray(), new int[] {72, 12, 12, 3});
        Files.createDirectories(Path.of(System.getenv("SPARK_HOME"), "jars"));
    }

    private Process start(Path log, Path out, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("kernel", network.toString(), "--x", x.toString(), "--out", out.toString()));
        arguments.addAll(Arrays.asList(more));
        return start(log, arguments);
    }

    private static Process start(Path log, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g"));
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(List.of("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0", "-cp", System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.start();
    }

    private String end(Process process, Path log) throws Exception {
        assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
        String said = Files.readString(log);
        assertThat(process.exitValue()).as(said).isZero();
        return said;
    }

    /** Ctrl-C as a terminal sends it. */
    @Test
    void should_stop_and_keep_the_tiles() throws Exception {
        Path out = folder.resolve("out");
        Path log = folder.resolve("log");
        Process process = start(log, out, "--spark", MASTER);
        awaitTiles(process, out, 2, log);
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
        assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isEqualTo(130);
        assertThat(Files.readString(log)).contains("the same command goes on from there, with --spark or without").doesNotContain("\tat ");
        assertThat(tiles(out)).isGreaterThanOrEqualTo(2);
        assertThat(executors(process)).isEmpty();
    }

    @Test
    void should_run_the_cells_of_a_study_in_executors() throws Exception {
        Path study = Files.writeString(folder.resolve("study.yaml"), """
                name: study
                data: {name: mnist-sample, train: 20, test: 10}
                network: {mlp: {width: 16}}
                train: {until: {maxSteps: 20}}
                report: false
                sweep: {seed: [0, 1], network.mlp.depth: [1, 2]}
                """);
        Path log = folder.resolve("log");
        String said = end(start(log, List.of("run", study.toString(), "--out", folder.resolve("out").toString(), "--spark", MASTER)), log);
        assertThat(said).contains("cells on Spark " + MASTER).doesNotContain("is left out");
        assertThat(Files.readString(folder.resolve("out/study/latest/summary.csv"))).contains("regression.averaged");
        Path results = folder.resolve("out/study/latest/results.csv");
        List<String> lines = Files.readAllLines(results);
        for (String subject : List.of("network", "ntk.init", "ntk.trained", "ntk.infinite", "regression.trained")) {
            assertThat(lines).as(subject).anyMatch(l -> l.contains("," + subject + ","));
        }
    }

    private static long tiles(Path out) throws IOException {
        if (!Files.isDirectory(out.resolve("tiles"))) {
            return 0;
        }
        try (Stream<Path> all = Files.walk(out.resolve("tiles"))) {
            return all.filter(p -> p.toString().endsWith(".tiles")).count();
        }
    }

    private static void awaitTiles(Process process, Path out, long count, Path log) throws Exception {
        for (int i = 0; i < MINUTES * 600 && process.isAlive() && tiles(out) < count; i++) {
            Thread.sleep(100);
        }
        assertThat(tiles(out)).as(Files.readString(log)).isGreaterThanOrEqualTo(count);
    }

    /** All Java processes that the driver has started; their class path is too long for the command lines that Java can read. */
    private static List<ProcessHandle> executors(Process driver) {
        return driver.descendants().filter(p -> p.info().command().orElse("").endsWith("java")).toList();
    }

    private static void kill(Process driver) {
        List<ProcessHandle> all = executors(driver);
        assertThat(all).isNotEmpty();
        all.get(0).destroyForcibly();
    }

    @Test
    void should_give_the_bytes_of_one_machine_whoever_is_killed() throws Exception {
        Path plain = folder.resolve("plain");
        Path plainLog = folder.resolve("plain.log");
        end(start(plainLog, plain), plainLog);

        Path out = folder.resolve("out");
        Path log = folder.resolve("first.log");
        Process first = start(log, out, "--spark", MASTER);
        awaitTiles(first, out, 2, log);
        kill(first);
        awaitTiles(first, out, 5, log);
        kill(first);
        awaitTiles(first, out, 8, log);
        List<ProcessHandle> left = executors(first);
        first.destroyForcibly().waitFor();
        long kept = tiles(out);
        for (ProcessHandle executor : left) {
            executor.onExit().get(MINUTES, TimeUnit.MINUTES);
        }
        assertThat(Files.exists(out.resolve("ntk.csv"))).isFalse();

        Path again = folder.resolve("second.log");
        Process second = start(again, out, "--spark", MASTER);
        String said = end(second, again);
        assertThat(kept).isGreaterThanOrEqualTo(8);
        assertThat(said).contains("continuing with the ");
        for (String name : List.of("ntk.csv", "nngp.csv")) {
            assertThat(Files.mismatch(plain.resolve(name), out.resolve(name))).as(name).isEqualTo(-1);
        }
        assertThat(tiles(out)).isZero();
        assertThat(Files.readString(out.resolve("log.txt"))).contains("Lost executor");
    }
}
