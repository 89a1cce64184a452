package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.files.Npy;

/** Definitions that ask for far too much, and numbers that float32 or float64 do not hold: told at once, with place and cure. */
class OddSizesTest {

    private static final String ROWS = "1,2,a\n2,1,b\n3,5,a\n4,3,b\n5,9,a\n6,1,b\n7,2,a\n8,8,b\n";

    @TempDir
    private Path folder;

    private String refused(int status, String... command) {
        Program.Result result = Program.ntk(command);
        assertThat(result.status()).as(String.join("\n", result.err())).isEqualTo(status);
        assertThat(result.err()).isNotEmpty();
        return String.join("\n", result.err()).replace(folder.toString() + "/", "");
    }

    private String check(String text) throws IOException {
        return refused(2, "check", Files.writeString(folder.resolve("a.yaml"), text).toString(), "--shape", "28,28,3");
    }

    private String run(int status, String rows, String rest) throws IOException {
        Files.writeString(folder.resolve("a.csv"), rows);
        return refused(status, "run", Files.writeString(folder.resolve("a.yaml"), rest).toString(), "--out", folder + "/out", "--threads",
                "1");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "[{repeat: {times: 10000, layers: [{repeat: {times: 10000, layers: [{repeat: {times: 10000, layers: [relu]}}]}}]}}] "
                + "| 10000 times 10,000 layers are 100,000,000; at most 100,000",
        "{transformer: {blocks: 10000}} | a.yaml:1:24: network.transformer.blocks: '10000' is not a whole number from 0 to 1000",
        "[{conv: {channels: 3, filter: [100001, 100001], padding: same}}] | a.yaml:1:31: network.0.conv.filter: [100001, 100001] covers "
                + "10000200001 positions",
        "[{convTranspose: {channels: 1, strides: [1000000, 1]}}, {convTranspose: {channels: 1, strides: [1000000, 1]}}] "
                + "| convTranspose with strides of [1000000, 1] makes 28,000,000,000,000 positions along axis 0",
        "[{dropout: {keep: 0}}] | network.0.dropout.keep: '0' is not a number above 0 and up to 1"})
    void should_be_counted_before_anything_is_built(String network, String message) throws IOException {
        assertThat(check(network)).contains(message).doesNotContain("Exception");
    }

    @Test
    void should_name_the_layer_whose_channels_are_too_many() throws IOException {
        String twice = "{parallel: {branches: [[identity], [identity]], merge: concat}}, ";
        assertThat(check("[" + twice.repeat(40) + "{dense: {units: 1}}]"))
                .contains("parallel whose branches give 3,221,225,472 channels together: layer 29 of `network.serial`");
    }

    @Test
    void should_count_cells_before_they_are_built() throws IOException {
        String study = "data: {train: 20, test: 10}\nnetwork: {mlp: {width: 16}}\nsweep: {seed: %s}\n";
        assertThat(refused(2, "check", Files.writeString(folder.resolve("b.yaml"), study.formatted("1000, data.seed: ["
                + "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]")).toString()))
                .contains("b.yaml:3:8: sweep: 11,000 cells are too many; at most 10,000");
        assertThat(refused(2, "check", Files.writeString(folder.resolve("b.yaml"), study.formatted("2000000000")).toString()))
                .contains("2,000,000,000 cells are too many");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{mlp: {depth: 2, activation: erf, wStd: 1.0e+20}} | network.2.dense",
        "{cnn: {channels: 4, depth: 2, activation: tanh, wStd: 1.0e+20, readout: flatten}} | network.0.conv",
        "{cnn: {channels: 4, depth: 2, wStd: 1.0e+13, readout: gap}} | network.2.conv",
        "[{dense: {units: 4}}, relu, {residual: {layers: [{dense: {units: 4, wStd: 1.0e+30}}]}}, {dense: {units: 1}}] | "
                + "network.2.residual"})
    void should_name_the_layer_whose_values_float32_does_not_hold(String network, String layer) throws IOException {
        Path x = folder.resolve("x.npy");
        boolean vectors = network.contains("dense:") || network.contains("mlp");
        Npy.write(x, new java.util.Random(1).doubles(32).map(v -> v + 0.5).toArray(), vectors ? new int[] {2, 16} : new int[] {2, 4, 4, 1});
        assertThat(refused(1, "kernel", Files.writeString(folder.resolve("n.yaml"), network).toString(), "--x", x.toString(), "--precision",
                "float32", "--out", folder + "/out"))
                .contains(layer + ": the kernel has the value",
                        "more than float32 holds (3.4e+38); use precision: float64, or a smaller wStd");
    }

    @Test
    void should_refuse_what_has_no_closed_form_before_any_plan() throws IOException {
        Path x = Files.writeString(folder.resolve("x.csv"), "1,2,3,4\n4,3,2,1\n");
        Path network = Files.writeString(folder.resolve("n.yaml"), "[{maxPool: {window: [2]}}, flatten, {dense: {units: 1}}]");
        assertThat(refused(2, "kernel", network.toString(), "--x", x.toString(), "--shape", "4,1", "--out", folder + "/out"))
                .startsWith("ntk: n.yaml: network.0.maxPool: max pooling has no closed form at infinite width").doesNotContain("\n");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void should_count_the_pairs_of_positions_that_a_layer_makes() throws IOException {
        Path x = folder.resolve("x.npy");
        Npy.write(x, new java.util.Random(1).doubles(32).toArray(), 2, 4, 4, 1);
        String kernel = "[{convTranspose: {channels: 4, strides: [%d, %d], padding: same}}, relu, globalAvgPool, {dense: {units: 1}}]";
        Path large = Files.writeString(folder.resolve("n.yaml"), kernel.formatted(2000, 2000));
        assertThat(refused(2, "kernel", large.toString(), "--x", x.toString(), "--out", folder + "/out"))
                .contains("convTranspose makes 64,000,000 positions", "layer 0 of `network.serial`");
        Path memory = Files.writeString(folder.resolve("n.yaml"), kernel.formatted(50, 50));
        assertThat(refused(2, "kernel", memory.toString(), "--x", x.toString(), "--out", folder + "/out", "--memory", "1g"))
                .contains("MiB are allowed; use --memory");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "[{dense: {units: 8, wStd: 1e20}}, relu, {dense: {units: 2, wStd: 1e20}}] | network.2.dense: its values at input 0 are more than "
                + "float32 holds; use a smaller wStd or smaller inputs, or train.precision: float64",
        "[{dense: {units: 8, wStd: 1e-20}}, relu, {dense: {units: 2, wStd: 1e-20}}] | learningRate: auto: the tangent kernel at the start "
                + "is 0 but for rounding"})
    void should_name_the_layer_and_the_cure_where_float32_ends(String network, String message) throws IOException {
        assertThat(run(1, ROWS, "data: {name: csv, file: a.csv, train: 4, test: 2}\nnetwork: " + network
                + "\ntrain: {until: {maxSteps: 3}}\nkernels: [ntk.init]\nreport: false\n")).contains(message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "normalize: none | 1e200,0,a;2,1,b;3,5,a;4,3,b;1,1,a;2,2,b | values up to 1.0E200: the sum of their squares is more than float64",
        "'targets: {columns: [3]}' | 1,2,1e300;2,1,2e300;3,5,3e300;4,3,4e300;1,1,0;2,2,1 | whose square is more than float64 holds",
        "normalize: unit | 1,2,a;2,1,a;3,5,a;4,3,a;1,1,a;2,2,a | the column of the label has the one value 'a'",
        "test: 100 | 1,2,a;2,1,b;3,5,a;4,3,b;1,1,a;2,2,b | 100 test examples of csv were asked for; there are 5"})
    void should_tell_what_is_wrong_with_the_data(String option, String rows, String message) throws IOException {
        assertThat(run(2, rows.replace(';', '\n') + "\n", "data: {name: csv, file: a.csv, train: 4, "
                + (option.startsWith("test") ? "" : "test: 2, ") + option + "}\nnetwork: {mlp: {width: 4}}\nkernels: [ntk.infinite]\n"))
                .contains(message).doesNotContain("there are -");
    }

    @Test
    void should_name_a_flatten_that_padding_meets() throws IOException {
        Path x = folder.resolve("x.npy");
        double[] values = new java.util.Random(1).doubles(24).toArray();
        java.util.Arrays.fill(values, 12, 16, Double.NaN);
        Npy.write(x, values, 3, 4, 2);
        for (String network : new String[] {"[flatten, {dense: {units: 4}}, relu, {dense: {units: 1}}]", "{mlp: {}}"}) {
            Path file = Files.writeString(folder.resolve("n.yaml"), network);
            assertThat(refused(2, "kernel", file.toString(), "--x", x.toString(), "--out", folder + "/out"))
                    .contains("network.0.flatten: flatten makes the value depend on how much padding there is; use globalAvgPool");
        }
    }

    @Test
    void should_tell_a_study_that_computes_nothing() throws IOException {
        assertThat(run(2, ROWS, "data: {name: csv, file: a.csv, train: 4, test: 2}\nnetwork: {mlp: {width: 4}}\nkernels: []\n"))
                .contains("a.yaml:3:10: kernels: an empty list, and no training");
    }

    @Test
    void should_read_lines_that_end_as_on_old_macs() throws IOException {
        Files.writeString(folder.resolve("a.csv"), ROWS.replace('\n', '\r'));
        Path yaml = Files.writeString(folder.resolve("a.yaml"),
                "data: {name: csv, file: a.csv, train: 4, test: 2}\nnetwork: {mlp: {width: 4}}\nkernels: [ntk.infinite]\nreport: false\n");
        assertThat(Program.ntk("run", yaml.toString(), "--out", folder + "/out").status()).isZero();
    }
}
