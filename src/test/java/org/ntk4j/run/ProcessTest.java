package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Processes of their own: the three ways to the same numbers, Ctrl-C, a kill in the middle. */
@DisabledOnOs(OS.WINDOWS)
class ProcessTest {

    private static final List<String> TABLES = List.of("results.csv", "history.csv", "predictions.csv", "spectrum.csv");

    @TempDir
    Path folder;

    private static void await(String what, BooleanSupplier there) throws InterruptedException {
        for (int i = 0; i < 1200 && !there.getAsBoolean(); i++) {
            Thread.sleep(25);
        }
        assertThat(there.getAsBoolean()).as(what).isTrue();
    }

    private static int ended(Process process) throws InterruptedException {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void should_give_the_same_bytes_as_yaml_as_script_and_in_the_shell_and_write_nowhere_but_under_out() throws Exception {
        Path work = Files.createDirectories(folder.resolve("work"));
        Path yaml = Files.writeString(folder.resolve("mlp.yaml"), StudyTest.TINY);
        String lines = """
                Experiment.mlp().wStd(1.4)
                    .width(16)

                    // as in the file
                    .bStd(0.1)
                    .on(mnistSample().train(60).test(20))
                    .train(gradientDescent().until(maxSteps(30)))
                    .ntk().compare();
                """;
        Path script = Files.writeString(folder.resolve("mlp.jsh"), lines);
        List<Process> processes = List.of(
                Program.builder("run", yaml.toString(), "--threads", "1").directory(work.toFile()).redirectErrorStream(true)
                        .redirectOutput(folder.resolve("yaml.log").toFile()).start(),
                Program.start(folder.resolve("script.log"), "run", script.toString(), "--threads", "1", "--out", folder + "/script"),
                Program.builder("shell", "--threads", "1", "--out", folder + "/shell").redirectInput(script.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("shell.log").toFile()).start());
        try {
            for (Process process : processes) {
                assertThat(ended(process)).isZero();
            }
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
        try (Stream<Path> written = Files.list(work)) {
            assertThat(written.map(p -> p.getFileName().toString())).containsExactly("out");
        }
        Path first = Program.run(work.resolve("out"), "mlp");
        for (String way : List.of("script", "shell")) {
            Path other = Program.run(folder.resolve(way), "mlp");
            for (String table : TABLES) {
                assertThat(Program.lines(other.resolve(table))).as(way + " " + table).isEqualTo(Program.lines(first.resolve(table)));
            }
            assertThat(other.resolve("resolved.yaml")).hasSameTextualContentAs(first.resolve("resolved.yaml"));
            assertThat(folder.resolve(way + ".log")).content().contains("NN_T   network");
        }
        assertThat(Program.run(folder.resolve("script"), "mlp").resolve("manifest.json")).content().contains("\"run\"").contains("mlp.jsh");
    }

    @Test
    void should_keep_what_there_is_when_interrupted_in_training() throws Exception {
        Path yaml = Files.writeString(folder.resolve("long.yaml"),
                StudyTest.TINY.replace("maxSteps: 30", "maxSteps: 100000000, trainLoss: 0"));
        Path log = folder.resolve("log");
        Process process = Program.start(log, "run", yaml.toString(), "--threads", "1", "--out", folder + "/out");
        try {
            await("progress of training", () -> read(log).contains("training "));
            process.toHandle().destroy();
            assertThat(ended(process)).isEqualTo(130);
        } finally {
            process.destroyForcibly();
        }
        Path run = Program.run(folder.resolve("out"), "long");
        assertThat(run.getFileName().toString()).endsWith(".interrupted");
        assertThat(folder.resolve("out/long/latest")).doesNotExist();
        assertThat(run.resolve("manifest.json")).content().contains("\"status\": \"interrupted\"");
        assertThat(run.resolve("log.txt")).content().containsPattern("interrupted: Ctrl-C at step \\d+ of training");
        assertThat(Program.records(run.resolve("history.csv"))).hasSizeGreaterThan(20).anyMatch(r -> r.get("split").equals("test"));
        assertThat(Program.records(run.resolve("results.csv"))).anyMatch(r -> r.get("metric").equals("accuracy"));
        assertThat(read(log)).contains("stopping at the next step").contains("kept what there is: " + run)
                .doesNotContain("cells are finished");
    }

    @Test
    void should_resume_a_sweep_that_was_killed_and_then_interrupted() throws Exception {
        Path yaml = Files.writeString(folder.resolve("sweep.yaml"), StudyTest.TINY.replace("maxSteps: 30", "maxSteps: 1000, trainLoss: 0")
                + "kernels: [ntk.init, ntk.infinite]\nreport: false\nsweep: {network.mlp.width: [8, 16], seed: 2}\n");
        Path out = folder.resolve("out");
        String[] run = {"run", yaml.toString(), "--threads", "1", "--out", out.toString()};
        Path log = folder.resolve("log");
        Process process = Program.start(log, run);
        try {
            await("the second cell", () -> read(log).contains("cell 2 of 4"));
        } finally {
            process.destroyForcibly();
        }
        ended(process);
        assertThat(Program.run(out, "sweep").getFileName().toString()).matches("\\..*\\.partial");
        assertThat(out.resolve("sweep/latest")).doesNotExist();

        String[] resume = Stream.concat(Stream.of(run), Stream.of("--resume")).toArray(String[]::new);
        Path second = folder.resolve("second.log");
        Process interrupted = Program.start(second, resume);
        try {
            await("the third cell", () -> read(second).contains("cell 3 of 4"));
            interrupted.toHandle().destroy();
            assertThat(ended(interrupted)).isEqualTo(130);
        } finally {
            interrupted.destroyForcibly();
        }
        assertThat(read(second)).doesNotContain("cell 1 of 4").contains("of 4 cells are finished, --resume goes on from there");
        assertThat(Program.run(out, "sweep").getFileName().toString()).endsWith(".interrupted");

        Path rest = folder.resolve("rest.log");
        Process resumed = Program.start(rest, resume);
        try {
            assertThat(Program.ntk("run", yaml.toString(), "--threads", "1", "--out", folder + "/whole").status()).isZero();
            assertThat(ended(resumed)).isZero();
        } finally {
            resumed.destroyForcibly();
        }
        assertThat(read(rest)).doesNotContain("cell 1 of 4", "cell 2 of 4").contains("cell 4 of 4");
        Path finished = out.resolve("sweep/latest").toRealPath();
        Path expected = folder.resolve("whole/sweep/latest").toRealPath();
        for (String table : TABLES) {
            assertThat(Program.lines(finished.resolve(table))).as(table).isEqualTo(Program.lines(expected.resolve(table)));
        }
        try (Stream<Path> left = Files.list(finished)) {
            assertThat(left.map(p -> p.getFileName().toString())).doesNotContain("cells", ".lock", ".fingerprint");
        }
    }

    private static String read(Path file) {
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            return "";
        }
    }
}
