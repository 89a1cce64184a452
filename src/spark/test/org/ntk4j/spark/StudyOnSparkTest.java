package org.ntk4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.study.Definition;
import org.ntk4j.study.Study;

/** Studies whose cells, or whose kernels, are computed by tasks of Spark. */
class StudyOnSparkTest {

    @TempDir
    private Path folder;

    @AfterAll
    static void stop() {
        new SparkCluster("local[2]").close();
    }

    private Study.Outcome run(String yaml, String out, boolean spark, boolean resume, Monitor monitor) throws IOException {
        Path file = Files.writeString(folder.resolve("study.yaml"), yaml);
        Settings settings = new Settings(folder, folder.resolve(out), Optional.of("cpu"), 1L << 30, 1,
                spark ? Optional.of("local[2]") : Optional.empty(), Optional.empty());
        return Study.run(Definition.read(file, List.of()), settings, monitor, resume, List.of("ntk"), Optional.of(file));
    }

    /** Lines of a table without the name of the run, which is a time. */
    private static List<String> lines(Study.Outcome outcome, String table) throws IOException {
        return Files.readAllLines(outcome.folder().resolve(table)).stream().map(l -> l.substring(l.indexOf(',') + 1)).toList();
    }

    private static final String SWEEP = """
            name: sweep
            data: {name: mnist-sample, train: 20, test: 10}
            network: {mlp: {width: 8}}
            kernels: [ntk.infinite, nngp.infinite]
            report: false
            sweep: {network.mlp.depth: [1, 2], regression.ridge: [1.0e-3, 0.1]}
            """;

    @Test
    void should_find_in_cells_what_one_machine_finds() throws IOException {
        Study.Outcome there = run(SWEEP, "there", true, false, Monitor.silent());
        Study.Outcome here = run(SWEEP, "here", false, false, Monitor.silent());
        for (String table : List.of("results.csv", "predictions.csv", "spectrum.csv")) {
            assertThat(lines(there, table)).as(table).isEqualTo(lines(here, table)).hasSizeGreaterThan(4);
        }
        assertThat(there.failed()).isEmpty();
        assertThat(there.screen()).isEqualTo(here.screen());
    }

    @Test
    void should_average_kernels_over_seeds_as_one_machine_does() throws IOException {
        String seeds = """
                name: seeds
                data: {name: mnist-sample, train: 20, test: 10}
                network: {mlp: {width: 8}}
                train: {until: {maxSteps: 20}, precision: float64}
                kernels: [ntk.trained]
                report: false
                sweep: {network.mlp.depth: [1, 2], seed: [0, 1, 2]}
                """;
        Study.Outcome there = run(seeds, "there", true, false, Monitor.silent());
        Study.Outcome here = run(seeds, "here", false, false, Monitor.silent());
        assertThat(lines(there, "summary.csv")).isEqualTo(lines(here, "summary.csv")).anyMatch(l -> l.contains("regression.averaged"));
        assertThat(there.folder().resolve("averages")).doesNotExist();
    }

    @Test
    void should_name_cells_that_fail_and_try_them_again() throws IOException {
        String failing = SWEEP.replace("regression.ridge: [1.0e-3, 0.1]", "network.mlp.wStd: [1, 1.0e100]");
        Study.Outcome there = run(failing, "failing", true, false, Monitor.silent());
        Study.Outcome here = run(failing, "failing-here", false, false, Monitor.silent());
        assertThat(there.failed()).isEqualTo(here.failed()).hasSize(2);
    }

    @Test
    void should_solve_one_cell_with_its_kernel_on_executors() throws IOException {
        String one = SWEEP.replaceAll("sweep:.*\\n", "").replace("kernels:",
                "regression: {ridge: 1.0e-3, solver: conjugateGradient}\nspectrum: none\nkernels:");
        Study.Outcome there = run(one, "one", true, false, Monitor.silent());
        Study.Outcome here = run(one, "one-here", false, false, Monitor.silent());
        assertClose(there, here, 1e-6);
    }

    private static void assertClose(Study.Outcome there, Study.Outcome here, double tolerance) throws IOException {
        List<String> found = lines(there, "predictions.csv");
        List<String> expected = lines(here, "predictions.csv");
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 1; i < found.size(); i++) {
            String[] a = found.get(i).split(",");
            String[] b = expected.get(i).split(",");
            assertThat(Double.parseDouble(a[6])).as(found.get(i)).isCloseTo(Double.parseDouble(b[6]), within(tolerance));
        }
    }

    @Test
    void should_follow_training_with_kernels_on_executors() throws IOException {
        String one = SWEEP.replaceAll("sweep:.*\\n", "").replace("kernels:", """
                train: {until: {maxSteps: 30}, precision: float64}
                regression: {ridge: 1.0e-3, solver: conjugateGradient, times: [trained, 10, infinity]}
                spectrum: none
                kernels:""");
        Study.Outcome there = run(one, "followed", true, false, Monitor.silent());
        Study.Outcome here = run(one, "followed-here", false, false, Monitor.silent());
        assertClose(there, here, 1e-6);
        assertThat(lines(there, "history.csv")).hasSameSizeAs(lines(here, "history.csv")).anyMatch(l -> l.contains("regression.infinite"));
        assertThat(Files.readString(there.folder().resolve("log.txt"))).contains("conjugate gradients");
    }

    @Test
    void should_compute_the_kernels_of_one_cell_in_tiles_on_executors() throws IOException {
        String one = SWEEP.replaceAll("sweep:.*\\n", "");
        Study.Outcome there = run(one, "tiles", true, false, Monitor.silent());
        Study.Outcome here = run(one, "tiles-here", false, false, Monitor.silent());
        for (String table : List.of("results.csv", "predictions.csv", "spectrum.csv")) {
            assertThat(lines(there, table)).as(table).isEqualTo(lines(here, table));
        }
        assertThat(Files.exists(there.folder().resolve("tiles"))).isFalse();
    }

    @Test
    void should_stop_at_once_where_the_definition_is_wrong() {
        assertThatThrownBy(() -> run(SWEEP.replace("mnist-sample", "mnist-simple"), "wrong", true, false, Monitor.silent()))
                .isInstanceOf(Failure.class);
    }
}
