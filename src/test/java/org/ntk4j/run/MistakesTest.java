package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Mistakes of users: status 2, one line each, where it is, what it was, what is allowed; nothing is written. */
class MistakesTest {

    private static final String REST = "data: {train: 60, test: 20}\nnetwork: {mlp: {width: 16}}\n";

    @TempDir
    Path folder;

    private List<String> mistakes(String yaml, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), yaml);
        String[] args = new String[more.length + 4];
        System.arraycopy(new String[] {"run", file.toString(), "--out", folder.resolve("out").toString()}, 0, args, 0, 4);
        System.arraycopy(more, 0, args, 4, more.length);
        Program.Result result = Program.ntk(args);
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(folder.resolve("out")).doesNotExist();
        return result.err().stream().map(line -> line.replace(file.toString(), "a.yaml")).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            nmae: x                                       | 3:1  | there is no option 'nmae'; did you mean 'name'?
            name: a/b                                     | 3:7  | allowed: letters, digits
            name: ..                                      | 3:7  | allowed: letters, digits
            train: {optimzer: adam}                       | 3:9  | did you mean 'optimizer'?
            train: {optimizer: sgd}                       | 3:20 | 'sgd' is not an optimizer
            train: {optimizer: {adam: {beta3: 1}}}        | 3:28 | did you mean 'beta1'?
            train: {learningRate: 0}                      | 3:23 | '0' is not a number above 0
            train: {learningRate: .inf}                   | 3:23 | '.inf' is not a number above 0
            train: {learningRate: sqrrt(2)}               | 3:23 | numbers may be calculated with
            train: {learningRate: 1-sqrt(4)}              | 3:23 | is not a number above 0
            train: {batch: 9/2}                           | 3:16 | is not a whole number from 1
            train: {learningRate: fast}                   | 3:23 | 'fast' is not a number above 0
            train: {batch: 0}                             | 3:16 | is not a whole number from 1
            train: {batch: 1.5}                           | 3:16 | is not a whole number from 1
            train: {centred: no}                          | 3:18 | 'no' is not known
            train: {loss: mae}                            | 3:15 | 'mae' is not known
            train: {until: {trainLoss: -1}}               | 3:28 | '-1' is not a number from 0
            train: {until: {maxTime: soon}}               | 3:26 | 90s
            train: {precision: float16}                   | 3:20 | allowed: float32, float64
            train: [1]                                    | 3:8  | a map of options is needed, not a list
            kernels: [ntk.initt]                          | 3:11 | did you mean 'ntk.init'?
            kernels: [ntk.trained]                        | 3:10 | ntk.trained needs training
            record: {kernel: [1]}                         | 3:9  | kernels along training need training
            regression: {ridge: -1}                       | 3:21 | '-1' is not a number from 0
            regression: {times: [later]}                  | 3:22 | allowed: trained, infinity
            regression: 5                                 | 3:13 | a map of options is needed, not '5'
            compare: some                                 | 3:10 | allowed: all, or a list of pairs
            compare: [[network, lables]]                  | 3:21 | did you mean 'labels'?
            compare: [network]                            | 3:11 | a pair [subject, reference] is needed
            save: all                                     | 3:7  | allowed: kernels, weights, predictions
            precision: half                               | 3:12 | allowed: float64, float32
            seed: 1:30                                    | 3:7  | '1:30' is not a whole number
            seed: 0x10                                    | 3:7  | '0x10' is not a whole number
            device: tpu                                   | 3:9  | allowed: cpu, gpu
            memory: lots                                  | 3:9  | 8g
            threads: 0                                    | 3:10 | from 1 to 9999
            modes: -1                                     | 3:8  | is not a whole number from 0
            sweep: [1]                                    | 3:8  | a map of path.to.key: [values] is needed
            sweep: {network.mlp.widht: [1]}               | 3:29 | did you mean 'width'?
            sweep: {network.mlp.width: [1, x]}            | 3:32 | 'x' is not a whole number
            sweep: {network.mlp.width: 5}                 | 3:28 | a list of values is needed
            sweep: {data.train: [5000]}                   | 3:22 | there are 1000
            sweep: {seed: []}                             | 3:15 | not an empty one
            sweep: {seed: [1, 1]}                         | 3:19 | stands here twice
            sweep: {name: [a, b]}                         | 3:9  | cannot be swept
            seed: !!int 1                                 | none |
            seed: !seed 1                                 | 3:7  | the tag !seed is not allowed
            description: !!java.net.URL [x]               | 3:14 | is not allowed; write the value without a tag
            network: {mlp: {}}                            | 3:1  | 'network' stands here a second time; the first is in line 2
            regression: {<<: {ridge: 1}}                  | 3:14 | merges
            ? [a]                                         | 3:3  | the name of a field must be a single word
            """)
    void should_be_named_with_their_place(String line, String place, String text) throws IOException {
        if (place.equals("none")) {
            assertThat(Program.ntk("check", Files.writeString(folder.resolve("a.yaml"), REST + line).toString()).status()).isZero();
            return;
        }
        assertThat(mistakes(REST + line + "\n")).anySatisfy(m -> assertThat(m).startsWith("a.yaml:" + place + ": ").contains(text));
    }

    @Test
    void should_be_reported_together_in_the_order_of_the_file() throws IOException {
        List<String> all = mistakes("nmae: a\ndata: {trian: 60}\nnetwork: {mlp: {widht: 16, activation: {leakyRelu: {alhpa: 1}}}}\nsweep: "
                + "{foo.bar: [1]}\n");
        assertThat(all).hasSize(5).map(l -> l.replaceFirst("^(a.yaml:\\d+).*", "$1"))
                .containsExactly("a.yaml:1", "a.yaml:2", "a.yaml:3", "a.yaml:3", "a.yaml:4");
    }

    @Test
    void should_be_found_in_files_that_are_no_experiments() throws IOException {
        assertThat(mistakes("")).containsExactly("a.yaml:1:1: an experiment is a map with keys such as name, data, network, train; not "
                + "nothing");
        assertThat(mistakes("- a\n")).singleElement().asString().endsWith("not a list");
        assertThat(mistakes("network: {mlp: {}}\n---\na: 1\n")).singleElement().asString().startsWith("a.yaml:2:1: this is not YAML");
        assertThat(mistakes("network: {mlp: {}\n")).singleElement().asString().contains("this is not YAML");
        assertThat(mistakes("network:\n\t- relu\n")).singleElement().asString().startsWith("a.yaml:2:1: ");
        assertThat(mistakes("data: {train: 6000, test: 2000}\nnetwork: {mlp: {}}")).hasSize(2).first().asString()
                .contains("there are 1000");
        assertThat(mistakes("train: {}\n")).singleElement().asString().contains("'network' is missing");
        assertThat(mistakes("a: &a [*a]\nnetwork: *a\n")).singleElement().asString().contains("does an alias contain itself?");
        StringBuilder bomb = new StringBuilder("a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
        for (int i = 1; i < 10; i++) {
            String one = "*a" + (i - 1);
            bomb.append("a").append(i).append(": &a").append(i).append(" [")
                    .append(String.join(",", List.of(one, one, one, one, one, one, one, one, one))).append("]\n");
        }
        assertThat(mistakes(bomb.toString())).singleElement().asString().contains("aliases");
    }

    @Test
    void should_be_found_in_files_that_are_no_text() throws IOException {
        Path latin = Files.write(folder.resolve("latin.yaml"), "name: é".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(Program.ntk("run", latin.toString()))
                .isEqualTo(new Program.Result(2, "", List.of("ntk: " + latin + ": this is not text in UTF-8")));
        Path large = Files.write(folder.resolve("large.yaml"), new byte[50 << 20]);
        assertThat(Program.ntk("check", large.toString()).err()).singleElement().asString().contains("too many");
        assertThat(Program.ntk("check", folder + "/none.yaml"))
                .isEqualTo(new Program.Result(2, "", List.of("ntk: " + folder + "/none.yaml: there is no such file")));
        assertThat(Program.ntk("run", folder.toString()).status()).isEqualTo(2);
    }

    @Test
    void should_be_found_in_changes() throws IOException {
        assertThat(mistakes(REST, "--set", "foo=1", "--set", "network.mlp.width=x", "--set", "data.trian=2")).hasSize(3)
                .anySatisfy(m -> assertThat(m).startsWith("ntk: --set network.mlp.width=x: network.mlp.width: 'x' is not a whole number"))
                .anySatisfy(m -> assertThat(m).contains("did you mean 'train'?"));
        assertThat(mistakes(REST, "--set", "seed")).singleElement().asString().contains("is not KEY=VALUE");
        assertThat(mistakes(REST, "--set", "data=[")).singleElement().asString().contains("this is not YAML");
        assertThat(mistakes(REST, "--set", "seed=1", "--set", "sweep={seed: [2, 2]}")).singleElement().asString()
                .contains("stands here twice");
    }

    @Test
    void should_be_told_of_a_gpu_that_is_not_there() throws IOException {
        org.junit.jupiter.api.Assumptions.assumeTrue(org.ntk4j.tensorflow.Devices.list(org.ntk4j.base.Settings.ofProcess()).size() == 1);
        assertThat(mistakes(REST, "--device", "gpu")).singleElement().asString().contains("device gpu is not there: TensorFlow sees cpu:0;")
                .contains("ntk doctor --gpu");
        assertThat(mistakes(REST, "--device", "gpu:1")).singleElement().asString().contains("device gpu:1 is not there");
        assertThat(mistakes(REST + "device: gpu\n")).singleElement().asString().contains("device gpu is not there");
        Path x = Files.writeString(folder.resolve("x.csv"), "1,2\n");
        Program.Result kernel = Program.ntk("kernel", folder.resolve("a.yaml").toString(), "--x", x.toString(), "--gpu", "--out",
                folder + "/k");
        assertThat(kernel.status()).isEqualTo(2);
        assertThat(folder.resolve("k")).doesNotExist();
        Path script = Files.writeString(folder.resolve("a.jsh"), "System.exit(7)");
        assertThat(Program.ntk("run", script.toString(), "--device", "gpu").status()).isEqualTo(2);
        assertThat(Program.ntk("run", folder.resolve("a.yaml").toString(), "--dry-run", "--device", "gpu").status()).isZero();
    }

    @Test
    void should_leave_the_values_of_yaml_as_they_are_written() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"),
                "name: 010\ndata: {train: 010, test: 20}\nnetwork: {mlp: {width: 010}}\nseed: 010\n");
        Program.Result plan = Program.ntk("check", file.toString());
        assertThat(plan.status()).isZero();
        assertThat(plan.out()).startsWith("010").contains("10 training and 20 test inputs").contains("dense {units 10,");
        assertThat(plan.out().lines()).noneMatch(line -> line.endsWith(" "));
    }

    @Test
    void should_be_told_by_check_for_whatever_the_file_is() throws IOException {
        Path file = folder.resolve("a.yaml");
        assertThat(Program.ntk("check", Files.writeString(file, "data: {train: 5}\n").toString()).err()).singleElement().asString()
                .contains("'network' is missing");
        assertThat(Program.ntk("check", Files.writeString(file, "").toString()).err()).singleElement().asString().contains("not nothing");
        assertThat(Program.ntk("check", Files.writeString(file, "[{dense: {units: 2}}, erf]").toString()).out()).contains("0 dense");
        assertThat(Program.ntk("check", Files.writeString(file, "{mlp: {widht: 2}}").toString()).err()).singleElement().asString()
                .contains("did you mean 'width'?");
    }
}
