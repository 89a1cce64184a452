package org.ntk4j.run;

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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.files.Npy;

/** Kernels and studies that are killed at random moments, by a seed, and resumed: the bytes are those of one that nobody disturbed. */
@Tag("slow")
@DisabledOnOs(OS.WINDOWS)
class RandomKillsTest {

    private static final int KILLS = Integer.getInteger("kills", 50);

    @TempDir
    Path folder;

    /**
     * Runs the command, each time killed after a random part of the time that it took undisturbed, until there were so many kills; what
     * was done when it came to an end is compared, and it begins anew.
     */
    private void check(Path out, List<String> command, long millis, Comparison compare) throws Exception {
        Random random = new Random(7);
        Path log = folder.resolve("log");
        int ends = 0;
        for (int kill = 0; kill < KILLS;) {
            Process process = Program.start(log, command.toArray(String[]::new));
            if (process.waitFor((long) (random.nextDouble() * millis), TimeUnit.MILLISECONDS)) {
                assertThat(process.exitValue()).as(Files.readString(log)).isZero();
                compare.same();
                delete(out);
                ends++;
            } else {
                process.destroyForcibly();
                process.waitFor();
                kill++;
            }
        }
        Process last = Program.start(log, command.toArray(String[]::new));
        assertThat(last.waitFor(Math.max(300_000, 20 * millis), TimeUnit.MILLISECONDS)).as("the last one ends").isTrue();
        assertThat(last.exitValue()).as("after %d kills and %d ends: %s", KILLS, ends, Files.readString(log)).isZero();
        compare.same();
    }

    /** Compares what there is with what there should be. */
    private interface Comparison {
        void same() throws IOException;
    }

    private static void delete(Path out) throws IOException {
        try (Stream<Path> all = Files.walk(out)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(path);
            }
        }
    }

    private static long millis(Path log, List<String> command) throws Exception {
        long start = System.nanoTime();
        Process process = Program.start(log, command.toArray(String[]::new));
        assertThat(process.waitFor(600, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static List<String> with(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(Arrays.asList(more));
        return all;
    }

    @Test
    void should_end_with_the_same_kernels() throws Exception {
        Path network = Files.writeString(folder.resolve("n.yaml"), "cnn: {depth: 2, channels: 4, activation: elu, readout: flatten}");
        Path x = folder.resolve("x.npy");
        Npy.write(x, new Random(3).doubles(40 * 36).map(v -> 2 * v - 1).toArray(), 40, 6, 6, 1);
        List<String> command = List.of("kernel", network.toString(), "--x", x.toString(), "--checkpoint");
        Path whole = folder.resolve("whole");
        Path out = folder.resolve("out");
        long millis = millis(folder.resolve("log"), with(command, "--threads", "1", "--out", whole.toString()));
        check(out, with(command, "--threads", "2", "--resume", "--out", out.toString()), millis, () -> {
            for (String name : List.of("ntk.csv", "nngp.csv", "ntk.npy", "nngp.npy")) {
                assertThat(Files.mismatch(out.resolve(name), whole.resolve(name))).as(name).isEqualTo(-1);
            }
            try (Stream<Path> left = Files.list(out)) {
                assertThat(left).as("nothing else is left").hasSize(4);
            }
        });
    }

    @Test
    void should_end_with_the_same_tables() throws Exception {
        Path yaml = Files.writeString(folder.resolve("sweep.yaml"),
                StudyTest.TINY + "kernels: [ntk.init, ntk.infinite]\nreport: false\nsweep: {network.mlp.width: [8, 16], seed: 3}\n");
        List<String> command = List.of("run", yaml.toString(), "--threads", "1");
        Path whole = folder.resolve("whole");
        Path out = folder.resolve("out");
        long millis = millis(folder.resolve("log"), with(command, "--out", whole.toString()));
        check(out, with(command, "--resume", "--out", out.toString()), millis, () -> {
            Path finished = out.resolve("sweep/latest").toRealPath();
            Path expected = whole.resolve("sweep/latest").toRealPath();
            for (String table : List.of("results.csv", "summary.csv", "history.csv", "predictions.csv", "spectrum.csv")) {
                assertThat(withoutTimes(finished.resolve(table))).as(table).isEqualTo(withoutTimes(expected.resolve(table)));
            }
            assertThat(Files.exists(finished.resolve("cells"))).isFalse();
        });
    }

    /** Without the name of the run and the seconds that a step took. */
    private static List<String> withoutTimes(Path file) throws IOException {
        return file.endsWith("summary.csv") ? Files.readAllLines(file) : Program.lines(file);
    }
}
