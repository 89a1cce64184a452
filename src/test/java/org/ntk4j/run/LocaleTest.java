package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.Ntk;
import org.ntk4j.base.Failure;
import org.ntk4j.files.Npy;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Training;

/** Where digits are others, or small letters: trainings, finished tiles and finished cells are the same as everywhere. */
@DisabledOnOs(OS.WINDOWS)
class LocaleTest {

    /** Digits that come with the country, digits that are asked for, and another small i. */
    private static final List<String> PLACES = List.of("fa-IR", "th-TH-u-nu-thai", "tr-TR");

    @TempDir
    private Path folder;
    private final Locale before = Locale.getDefault();

    @BeforeEach
    void isTheRoot() {
        Locale.setDefault(Locale.ROOT);
    }

    @AfterEach
    void isAsBefore() {
        Locale.setDefault(before);
    }

    private static Program.Result in(String place, String... command) {
        Locale.setDefault(Locale.forLanguageTag(place));
        try {
            assertThat(place.equals("tr-TR") || !String.format("%d", 12).equals("12")).as("%s has digits of its own", place).isTrue();
            return Program.ntk(command);
        } finally {
            Locale.setDefault(Locale.ROOT);
        }
    }

    @Test
    void has_no_part_in_tiles() throws Exception {
        Path network = Files.writeString(folder.resolve("n.yaml"), "cnn: {depth: 1, channels: 4, activation: elu, readout: gap}");
        Path x = folder.resolve("x.npy");
        Npy.write(x, new Random(5).doubles(40 * 16).map(v -> 2 * v - 1).toArray(), 40, 4, 4, 1);
        List<String> command = List.of("kernel", network.toString(), "--x", x.toString(), "--checkpoint", "--threads", "1", "--out");
        assertThat(Program.ntk(with(command, folder + "/whole")).status()).isZero();
        Path stopped = folder.resolve("stopped");
        Process process = Program.start(folder.resolve("log"), with(command, stopped.toString()));
        while (process.isAlive() && Program.files(stopped, ".tiles").isEmpty()) {
            Thread.sleep(5);
        }
        process.destroyForcibly().waitFor();
        assertThat(Program.files(stopped, ".tiles")).isNotEmpty();
        for (String place : PLACES) {
            Path out = folder.resolve(place);
            Program.copy(stopped, out);
            Program.Result result = in(place, with(command, out.toString(), "--resume"));
            assertThat(result.status()).as(place + result.err()).isZero();
            assertThat(String.join("\n", result.err())).as(place).containsPattern("continuing with the [1-9][0-9]* of [0-9]+ tiles");
            for (String file : List.of("ntk.csv", "nngp.csv", "ntk.npy")) {
                assertThat(Files.mismatch(out.resolve(file), folder.resolve("whole/" + file))).as("%s %s", place, file).isEqualTo(-1);
            }
        }
    }

    private static String[] with(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    @Test
    void has_no_part_in_cells() throws IOException {
        Path sweep = Files.writeString(folder.resolve("sweep.yaml"), """
                data: {name: mnist-sample, train: 30, test: 20}
                network: {mlp: {depth: 3}}
                kernels: [ntk.infinite, nngp.infinite]
                report: false
                sweep: {network.mlp.wStd: [1.5, 1.0e+90, 1.25]}
                """);
        Path here = folder.resolve("here");
        assertThat(Program.ntk("run", sweep.toString(), "--out", here.toString(), "--threads", "1").status()).isEqualTo(1);
        Path failed = Program.run(here, "sweep");
        for (String place : PLACES) {
            Path out = folder.resolve(place);
            Program.copy(failed.getParent(), out.resolve("sweep"));
            Program.Result result = in(place, "run", sweep.toString(), "--out", out.toString(), "--threads", "1", "--resume");
            assertThat(result.status()).as(place + result.err()).isEqualTo(1);
            assertThat(String.join("\n", result.err())).as(place).contains("float64").doesNotContain("nothing to resume", "wStd=1.25");
            Path run = Program.run(out, "sweep");
            for (String table : List.of("results.csv", "summary.csv", "predictions.csv", "spectrum.csv")) {
                assertThat(Program.lines(run.resolve(table))).as("%s %s", place, table).isEqualTo(Program.lines(failed.resolve(table)));
            }
        }
    }

    @Test
    void keeps_nobody_from_training_without_being_told() {
        Training training = Ntk.gradientDescent().learningRate(0.1).until(Ntk.maxSteps(2));
        FiniteNetwork net = Ntk.mlp().width(4).init(0);
        double[][] x = {{1, 0}, {0, 1}};
        Locale.setDefault(Locale.forLanguageTag("tr-TR"));
        assertThat(net.train(x, x, training).predict(x)).hasDimensions(2, 2);
        Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
        assertThatThrownBy(() -> net.train(x, x, training)).isInstanceOf(Failure.class)
                .hasMessageContaining("the digits of the locale ar_EG").hasMessageContaining("Locale.ROOT");
    }

    /** The program itself works in one locale, whatever the user's is. */
    @Test
    void has_no_part_in_the_program() throws Exception {
        Path yaml = Files.writeString(folder.resolve("a.yaml"), StudyTest.TINY + "kernels: [ntk.init, ntk.infinite]\nreport: false\n");
        assertThat(Program.ntk("run", yaml.toString(), "--out", folder + "/here", "--threads", "1").status()).isZero();
        ProcessBuilder builder = Program.builder("run", yaml.toString(), "--out", folder + "/there", "--threads", "1");
        builder.command().addAll(1, List.of("-Duser.language=ar", "-Duser.country=EG"));
        Path log = folder.resolve("log");
        int status = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
        assertThat(status).as(Files.readString(log)).isZero();
        assertThat(Program.lines(Program.run(folder.resolve("there"), "a").resolve("results.csv")))
                .isEqualTo(Program.lines(Program.run(folder.resolve("here"), "a").resolve("results.csv")));
    }
}
