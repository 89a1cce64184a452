package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Definitions as other programs and hurried people write them. */
class OddFilesTest {

    private static final String DATA = "data: {train: 20, test: 10}\n";

    @TempDir
    private Path folder;

    private Program.Result check(String name, String text) throws IOException {
        return Program.ntk("check", Files.writeString(folder.resolve(name), text).toString());
    }

    private String mistake(String text) throws IOException {
        Program.Result result = check("a.yaml", text);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).hasSize(1);
        return result.err().get(0).replace(folder.toString() + "/", "");
    }

    @Test
    void null_is_absence() throws IOException {
        Program.Result plan = check("a.yaml", DATA + "network: {mlp: {width: null, bStd: null, outputs: ~}}\ntrain: null\nseed: "
                + "null\nregression: null\n");
        assertThat(plan.err()).isEmpty();
        assertThat(plan.out()).contains("dense {units 512, wStd 1.0, bStd none", "training   none");
        assertThat(check("b.yaml", DATA + "network: {mlp: {}}\nsweep: {network.mlp.bStd: [null, 0.1]}\n").out()).contains("cells      2");
        assertThat(check("c.yaml", "[{dense: {units: 3, bStd: null}}, {relu: null}]").out()).contains("bStd none", "1 relu");
        assertThat(mistake("network: {mlp: {width:}}")).contains("network.mlp.width: nothing is not a whole number");
    }

    @Test
    void equal_numbers_are_one_cell() throws IOException {
        assertThat(check("a.yaml", DATA + "network: {mlp: {}}\nsweep: {network.mlp.wStd: [1e-1, 0.1, 0.10]}\n").out())
                .contains("cells      1:");
        assertThat(mistake(DATA + "network: {mlp: {}}\nsweep: {network.mlp.activation: [relu, {relu: {}}]}\n"))
                .contains("stands here twice");
    }

    @Test
    void swept_values_are_written_without_quotes() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"),
                DATA + "network: {cnn: {channels: 2}}\nkernels: [ntk.infinite]\ntrain: {until: {maxSteps: 1}}\n"
                + "sweep: {network.cnn.filter: [[3, 3]], train.optimizer: [{momentum: {decay: 0.7}}, gradientDescent]}\n");
        Program.Result result = Program.ntk("run", file.toString(), "--out", folder + "/out");
        assertThat(result.status()).isZero();
        assertThat(Program.records(folder.resolve("out/a/latest/results.csv")).stream()
                .map(r -> r.get("network.cnn.filter") + " " + r.get("train.optimizer")).distinct())
                .containsExactly("[3, 3] momentum {decay 0.7}", "[3, 3] gradientDescent");
        assertThat(Files.readString(folder.resolve("out/a/latest/resolved.yaml"))).doesNotContain("'");
    }

    @Test
    void json_may_be_indented_by_tabs() throws IOException {
        String json = "{\n\t\"network\": {\"mlp\":\t{\"width\": 7}},\n\t\"description\": \"a\\tb's\",\n\t\"data\": {\"train\": 20, "
                + "\"test\": 10}\n}\n";
        assertThat(check("a.json", json).out()).startsWith("a: a\tb's\n").contains("dense {units 7,");
        assertThat(Program.ntk("run", folder.resolve("a.json").toString(), "--dry-run").status()).isZero();
    }

    @Test
    void a_name_is_made_of_the_files() throws IOException {
        Path file = Files.writeString(folder.resolve("study (1).yaml"), DATA + "network: {mlp: {width: 4}}\nkernels: [ntk.infinite]\n");
        Program.Result result = Program.ntk("run", file.toString(), "--out", folder + "/out");
        assertThat(result.status()).isZero();
        assertThat(folder.resolve("out/study-1/latest")).isDirectory();
        assertThat(result.err()).anyMatch(line -> line.startsWith("the study is called study-1: 'study (1).yaml' cannot be"));
    }

    @Test
    void mistakes_have_a_place() throws IOException {
        assertThat(mistake("network: {mlp: {width: 8\0}}")).isEqualTo("a.yaml:1:25: the sign U+0000 is not allowed in a definition; is "
                + "this a text file?");
        assertThat(mistake("network:\n  " + "[".repeat(5000) + "]".repeat(5000))).isEqualTo("a.yaml:2:62: nested more than 60 levels deep");
        assertThat(mistake(DATA + "network: {mlp: {}}\ntrain: {learningRate: 1e300}\n"))
                .startsWith("a.yaml:3:23: train.learningRate: '1e300' is too large");
        String misfit = "network:\n  - dense: {units: 4}\n  - residual:\n      layers:\n        - relu\n        - conv: {channels: 4, "
                + "filter: [40, 40]}\n  - flatten\n";
        assertThat(mistake(DATA + misfit)).startsWith("a.yaml:7:11: conv with a 40×40 filter");
        Path x = Files.writeString(folder.resolve("x.csv"), "1,2\n");
        Path net = Files.writeString(folder.resolve("n.yaml"), "- relu\n- {conv: {channels: 2}}\n");
        assertThat(Program.ntk("kernel", net.toString(), "--x", x.toString(), "--out", folder + "/k").err()).singleElement().asString()
                .contains("n.yaml:2:4: ");
    }

    @Test
    void long_values_and_control_signs_are_not_printed() throws IOException {
        assertThat(mistake("network: {mlp: {width: " + "x".repeat(1_000_000) + "}}")).hasSizeLessThan(300);
        assertThat(mistake("network: {mlp: {}}\n" + "x".repeat(900) + ": 1\n")).hasSizeLessThan(1000);
        assertThat(mistake("network: [" + "y ".repeat(300_000) + "]")).hasSizeLessThan(2000);
        assertThat(mistake("network: {mlp: {width: \"\\e[31mred\\a\"}}")).contains("'\\x1b[31mred\\x07'").doesNotContain("\033");
    }

    @Test
    void a_device_without_end_is_no_file() {
        assumeTrue(new File("/dev/zero").exists());
        for (List<String> command : List.of(List.of("check", "/dev/zero"), List.of("kernel", "/dev/zero", "--x", "/dev/zero"))) {
            assertThat(Program.ntk(command.toArray(String[]::new)).err()).isNotEmpty()
                    .allSatisfy(line -> assertThat(line).contains("/dev/zero: this is a pipe or a device, not a file"));
        }
    }

    @Test
    void a_full_disk_is_told() throws Exception {
        File full = new File("/dev/full");
        assumeTrue(full.exists());
        Process process = Program.builder("data", "list").redirectOutput(full).start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8).lines())
                .contains("ntk: standard output could not be written in full (is the disk full?)");
        assertThat(process.exitValue()).isEqualTo(1);
    }

    @Test
    void many_aliases_are_allowed_and_too_many_have_a_line() throws IOException {
        String layers = String.join(", ", java.util.Collections.nCopies(40, "*a"));
        assertThat(check("a.yaml", "network: [&a {dense: {units: 3}}, " + layers + "]\n" + DATA).status()).isZero();
        assertThat(List.of(mistake("a: &a [" + "x,".repeat(10_000) + "x]\nb: [" + "*a,".repeat(100) + "]\n"))).first().asString()
                .startsWith("a.yaml:1:").contains("aliases included");
    }
}
