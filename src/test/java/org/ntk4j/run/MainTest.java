package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Settings;
import org.ntk4j.console.ConsoleMonitor;

class MainTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Properties before;

    @TempDir
    Path folder;

    @BeforeEach
    void keepProperties() {
        before = (Properties) System.getProperties().clone();
    }

    @AfterEach
    void restoreProperties() {
        System.setProperties(before);
    }

    private int ntk(String... args) {
        PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
        return Main.execute(new Console(new PrintStream(out, true, StandardCharsets.UTF_8), messages,
                new ConsoleMonitor(messages, OptionalInt.empty(), System::nanoTime), List.of(args)), args);
    }

    private List<String> errors() {
        List<String> lines = err.toString(StandardCharsets.UTF_8).lines().toList();
        err.reset();
        return lines;
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "run", "kernel", "shell", "check", "data", "report", "doctor"})
    void should_explain_itself(String verb) {
        String[] help = verb.isEmpty() ? new String[] {"--help"} : new String[] {verb, "--help"};
        String[] version = verb.isEmpty() ? new String[] {"--version"} : new String[] {verb, "--version"};
        assertThat(ntk(help)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("Usage: ntk " + verb).contains("--help");
        out.reset();
        assertThat(ntk(version)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("ntk4j ");
        assertThat(errors()).isEmpty();
    }

    @Test
    void should_name_the_nearest_verb_and_option() {
        assertThat(ntk("kernle", "x")).isEqualTo(2);
        assertThat(errors()).singleElement().asString().contains("no verb 'kernle'").contains("did you mean 'kernel'?");
        assertThat(ntk("run", "a.yaml", "--memry", "8g")).isEqualTo(2);
        assertThat(errors()).singleElement().asString().contains("'--memry'").contains("did you mean '--memory'?");
        assertThat(ntk("--threads=2", "run", "a.yaml")).isEqualTo(2);
        assertThat(errors()).singleElement().asString().contains("stands after the verb");
        assertThat(ntk("run", "a.yaml", "b.yaml")).isEqualTo(2);
        assertThat(errors()).singleElement().asString().contains("'b.yaml' is one argument too many");
        assertThat(ntk()).isEqualTo(2);
        assertThat(errors()).first().asString().contains("a verb is missing");
        assertThat(ntk("run")).isEqualTo(2);
        assertThat(errors()).singleElement().asString().contains("FILE");
        assertThat(ntk("kernel", "n.yaml")).isEqualTo(2);
        assertThat(errors()).singleElement().asString().contains("--x");
    }

    @Test
    void should_check_files_and_options_before_any_work() throws IOException {
        assertThat(ntk("run", folder + "/none.yaml", "--set", "seed")).isEqualTo(2);
        assertThat(errors()).containsExactly("ntk: " + folder + "/none.yaml: there is no such file",
                "ntk: --set: 'seed' is not KEY=VALUE, such as network.mlp.width=512");
        assertThat(ntk("run", file("a.txt", ""))).isEqualTo(2);
        assertThat(errors()).singleElement().asString().contains("neither an experiment").contains(".jsh");
        assertThat(ntk("run", file("a.jsh", ""), "--set", "a=1", "--dry-run")).isEqualTo(2);
        assertThat(errors()).hasSize(2).first().asString().contains("--set belongs to YAML files only");
        assertThat(ntk("run", folder.toString() + ".yaml")).isEqualTo(2);
        errors();
        assertThat(ntk("run", file("a.yaml", ""), "--memory", "much", "--device", "tpu", "--threads", "0", "--data", file("data", "")))
                .isEqualTo(2);
        assertThat(errors()).hasSize(4).allMatch(line -> line.startsWith("ntk: --"));
        assertThat(System.getProperty("ntk.memory")).isEqualTo(before.getProperty("ntk.memory"));
    }

    @Test
    void should_hand_options_to_the_settings_of_the_process() throws IOException {
        assertThat(ntk("shell", "--memory", "1.5g", "--gpu", "--threads", "3", "--data", folder.toString(), "--out", folder + "/o",
                "--resume", "--help")).isZero();
        assertThat(System.getProperty("ntk.threads")).isNull();
        String empty = file("empty.csv", "");
        ntk("kernel", file("n.yaml", "mlp: {}"), "--x", file("x.csv", "1\n"), "--out", folder + "/k",
                "--memory", "1.5g", "--gpu", "--threads", "3", "--data", folder.toString());
        Settings settings = Settings.ofProcess();
        assertThat(settings.memory()).isEqualTo(3L << 29);
        assertThat(settings.device()).contains("gpu");
        assertThat(settings.threads()).isEqualTo(3);
        assertThat(settings.data()).isEqualTo(folder);
        errors();
        assertThat(ntk("kernel", folder + "/n.yaml", "--x", empty, "--x2", folder + "/none.npy", "--get", "ntk,nngq", "--precision",
                "float16",
                "--shape", "8x8")).isEqualTo(2);
        assertThat(errors()).hasSize(5).anyMatch(l -> l.contains("did you mean 'nngp'")).anyMatch(l -> l.contains("8,8,3"))
                .anyMatch(l -> l.contains("none.npy")).anyMatch(l -> l.contains("empty.csv")).anyMatch(l -> l.contains("float64"));
    }

    @Test
    void should_find_what_the_program_needs() {
        assertThat(ntk("doctor", "--data", folder + "/none")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8).lines()).anyMatch(l -> l.matches("TensorFlow +2\\..*"))
                .anyMatch(l -> l.startsWith("  cpu:0 "))
                .anyMatch(l -> l.matches("OpenBLAS +0\\..*"))
                        .anyMatch(l -> l.startsWith("data folder") && l.endsWith("/none (not there yet)"))
                .anyMatch(l -> l.matches("  mnist +(ready|missing|to be downloaded).*"));
    }

    @Test
    void should_refuse_a_report_of_what_is_no_run() {
        assertThat(ntk("report", folder.toString())).isEqualTo(2);
        assertThat(errors()).singleElement().asString().contains(folder.toString()).contains("this is no folder of a run");
        assertThat(ntk("report", folder + "/none")).isEqualTo(2);
    }

    @Test
    void should_list_data_sets_and_refuse_unknown_ones() {
        assertThat(ntk("data", "--data", folder.toString())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("mnist-sample").contains("cifar10");
        assertThat(ntk("data", "get", "mnits")).isEqualTo(2);
        assertThat(errors()).singleElement().asString().contains("did you mean 'mnist'?");
        assertThat(ntk("data", "git")).isEqualTo(2);
        assertThat(ntk("data", "get")).isEqualTo(2);
    }

    @Test
    void should_print_mistakes_with_a_place_as_they_are_and_bugs_in_one_line() {
        PrintStream messages = new PrintStream(err, true, StandardCharsets.UTF_8);
        assertThat(Complaint.report(Failure.input(List.of("a b.yaml:3:7: wrong", "b: wrong")), messages)).isEqualTo(2);
        assertThat(errors()).containsExactly("a b.yaml:3:7: wrong", "ntk: b: wrong");
        assertThat(Complaint.report(Failure.cancelled("stopped"), messages)).isEqualTo(130);
        assertThat(errors()).containsExactly("ntk: stopped");
        assertThat(Complaint.report(new IllegalStateException("boom"), messages)).isEqualTo(1);
        List<String> lines = errors();
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0)).isEqualTo("ntk: unexpected: IllegalStateException: boom (this is a bug of ntk4j; the trace is shown by "
                + "NTK_TRACE=1)");
    }
}
