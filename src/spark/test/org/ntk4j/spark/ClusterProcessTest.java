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
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g"));
        command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
        command.addAll(List.of("-Dorg.bytedeco.javacpp.maxPhysicalBytes=0", "-cp", System.getProperty("java.class.path"),
                Main.class.getName(), "kernel", network.toString(), "--x", x.toString(), "--out", out.toString()));
        command.addAll(Arrays.asList(more));
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
