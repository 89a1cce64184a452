package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.Cases;
import org.ntk4j.files.Npy;

/** Estimates on the command line: values with standard errors beside them, resumed to the same bytes. */
class MonteCarloCommandTest {

    @TempDir
    Path folder;

    private Program.Result kernel(String out, String... more) throws IOException {
        Files.writeString(folder.resolve("net.yaml"), "[{dense: {units: 2, wStd: 1.4}}, relu, {dense: {units: 1}}]");
        Files.writeString(folder.resolve("x.csv"), "1,0,2\n0.5,1,-1\n");
        List<String> args = new ArrayList<>(List.of("kernel", folder + "/net.yaml", "--x", folder + "/x.csv", "--out",
                folder.resolve(out).toString()));
        args.addAll(List.of(more));
        return Program.ntk(args.toArray(String[]::new));
    }

    private double[] values(String file) throws IOException {
        return Files.readAllLines(folder.resolve(file)).stream().flatMap(l -> List.of(l.split(",")).stream())
                .mapToDouble(Double::parseDouble).toArray();
    }

    @Test
    void should_be_within_their_errors_and_go_on_where_they_stopped() throws IOException {
        assertThat(kernel("exact").status()).isZero();
        assertThat(kernel("a", "--monte-carlo", "30", "--width", "64", "--resume").err())
                .anyMatch(l -> l.contains("there is nothing to continue from"));
        assertThat(kernel("a", "--monte-carlo", "60", "--width", "64", "--resume").err())
                .anyMatch(l -> l.contains("30 of 60 samples are there already"));
        assertThat(kernel("b", "--monte-carlo", "60", "--width", "64").status()).isZero();
        for (String name : List.of("ntk", "nngp")) {
            double[] exact = values("exact/" + name + ".csv");
            double[] estimate = values("a/" + name + ".csv");
            double[] errors = values("a/" + name + ".errors.csv");
            for (int i = 0; i < 4; i++) {
                assertThat(Math.abs(estimate[i] - exact[i])).isLessThan(5 * errors[i] + 0.02 * Math.abs(exact[i]));
                assertThat(errors[i]).isPositive().isLessThan(0.2 * Math.abs(exact[0]));
            }
            assertThat(folder.resolve("a/" + name + ".csv")).hasSameTextualContentAs(folder.resolve("b/" + name + ".csv"));
            assertThat(folder.resolve("a/" + name + ".errors.csv")).hasSameTextualContentAs(folder.resolve("b/" + name + ".errors.csv"));
            assertThat(folder.resolve("b/" + name + ".samples")).doesNotExist();
        }
        assertThat(kernel("a", "--monte-carlo", "20", "--width", "32", "--resume", "--get", "nngp").err()).as("of another width")
                .anyMatch(l -> l.contains("nothing to continue from"));
    }

    /** Beyond a share of the memory a kernel is estimated tile by tile; what it says does not change. */
    @Test
    void tiles_should_have_the_values_of_the_whole() throws IOException {
        StringBuilder x = new StringBuilder();
        for (int i = 0; i < 620; i++) {
            x.append(Math.sin(i)).append(',').append(Math.cos(2.0 * i)).append('\n');
        }
        Files.writeString(folder.resolve("many.csv"), x);
        Files.writeString(folder.resolve("net.yaml"), "[{dense: {units: 2, wStd: 1.4}}, relu, {dense: {units: 1}}]");
        List<String> args = List.of("kernel", folder + "/net.yaml", "--x", folder + "/many.csv", "--monte-carlo", "3", "--width", "2",
                "--get", "ntk", "--format", "npy", "--out");
        List<String> whole = new ArrayList<>(args);
        whole.addAll(List.of(folder + "/whole", "--memory", "2g"));
        assertThat(Program.ntk(whole.toArray(String[]::new)).status()).isZero();
        List<String> tiled = new ArrayList<>(args);
        tiled.addAll(List.of(folder + "/tiled", "--memory", "64m", "--checkpoint"));
        Program.Result result = Program.ntk(tiled.toArray(String[]::new));
        assertThat(result.status()).as(String.join("\n", result.err())).isZero();
        assertThat(result.err()).anyMatch(l -> l.contains("first of 3 tiles"));
        assertThat(folder.resolve("tiled/ntk.0-591x591.samples")).exists();
        for (String name : List.of("ntk.npy", "ntk.errors.npy")) {
            double[] a = Npy.read(folder.resolve("whole/" + name)).values();
            double[] b = Npy.read(folder.resolve("tiled/" + name)).values();
            assertThat(b).hasSize(620 * 620);
            assertThat(Cases.difference(a, b)).isLessThan(1e-12);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --monte-carlo 1 --width 8                        | --monte-carlo: '1' is not a number of samples; allowed: whole numbers from 2
            --monte-carlo 9                                  | --width is missing
            --width 9                                        | --width belongs to --monte-carlo
            --monte-carlo 9 --width 0                        | --width: '0' is not a width
            --monte-carlo 9 --width 8 --precision float32    | estimates are computed in float64 only
            """)
    void should_be_refused(String options, String told) throws IOException {
        Program.Result result = kernel("k", options.split(" "));
        assertThat(result.status()).isEqualTo(2);
        assertThat(result.err()).anyMatch(l -> l.contains(told));
        assertThat(folder.resolve("k")).doesNotExist();
    }
}
