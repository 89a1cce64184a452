package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is printed on a terminal of 80 columns: at most 25 lines for a comparison and 40 for a sweep, no wider, no word cut. */
class NarrowScreenTest {

    private static final int COLUMNS = 80;

    @TempDir
    private Path folder;

    @BeforeEach
    void narrow() {
        System.setProperty("ntk.width", String.valueOf(COLUMNS));
    }

    @AfterEach
    void wide() {
        System.clearProperty("ntk.width");
    }

    private List<String> lines(int status, String... command) {
        Program.Result result = Program.ntk(command);
        assertThat(result.status()).as(String.join("\n", result.err())).isEqualTo(status);
        String out = result.out().replace(folder.toString(), "FOLDER");
        assertThat(out.lines()).allSatisfy(line -> assertThat(line.codePointCount(0, line.length())).as(line)
                .isLessThanOrEqualTo(COLUMNS));
        return out.lines().toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            25 | linearized: true
            """)
    void results_fit(int most, String more) throws IOException {
        fit(most, more);
    }

    @ParameterizedTest
    @Tag("slow")
    @CsvSource(delimiter = '|', textBlock = """
            25 | seed: 3
            40 | 'sweep: {network.mlp.width: [8, 16], seed: 2}'
            25 | 'sweep: {seed: 3}'
            25 | 'compare: [[network, regression.infinite], [regression.trained, network], [ntk.trained, ntk.init]]'
            40 | 'sweep: {network.mlp.width: [8, 16], network.mlp.activation: [relu, {leakyRelu: {alpha: 0.1}}]}'
            40 | 'sweep: {network: [{mlp: {width: 8}}, [flatten, {dense: {units: 8}}, erf, {dense: {units: 10}}], {cnn: {channels: 4}}]}'
            """)
    void other_results_fit(int most, String more) throws IOException {
        fit(most, more);
    }

    private void fit(int most, String more) throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), StudyTest.TINY + "report: false\n" + more + "\n");
        List<String> lines = lines(0, "run", file.toString(), "--out", folder + "/out", "--threads", "1");
        assertThat(lines).hasSizeLessThanOrEqualTo(most).noneMatch(line -> line.contains("…") && !line.contains("than …")
                && !line.contains("of …"));
        assertThat(lines).last().asString().startsWith("results: ");
        assertThat(String.join("\n", lines(0, "run", file.toString(), "--dry-run"))).contains("data       mnist-sample");
        lines(0, "check", file.toString());
    }

    @ParameterizedTest
    @CsvSource({"data,list", "explain,''", "explain,network.cnn", "explain,train.until", "explain,regression", "explain,--help",
        "run,--help", "kernel,--help", "--help,''"})
    void words_fit(String verb, String more) {
        lines(0, more.isEmpty() ? new String[] {verb} : new String[] {verb, more});
    }
}
