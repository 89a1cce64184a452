package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Studies whose kernels the memory does not hold, as processes of their own. */
@Tag("slow")
@DisabledOnOs(OS.WINDOWS)
class LargeStudyTest {

    private static final int KILLS = 10;

    @TempDir
    Path folder;

    private Path yaml(int train, int test, String solver) throws Exception {
        return Files.writeString(folder.resolve("large.yaml"), "data: {name: stripes, channels: 1, train: " + train + ", test: " + test
                + "}\nnetwork: {mlp: {depth: 2}}\nkernels: [ntk.infinite]\nregression: {ridge: 1e-3, times: [infinity], solver: " + solver
                + "}\nspectrum: {top: 5}\nreport: false\n");
    }

    private Process start(Path yaml, String out, String memory) throws Exception {
        return Program.launched("run", yaml.toString(), "--out", folder.resolve(out).toString(), "--memory", memory, "--resume")
                .redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
    }

    private List<CSVRecord> results(Path yaml, String out, String memory) throws Exception {
        Process process = start(yaml, out, memory);
        assertThat(process.waitFor(600, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
        return Program.records(folder.resolve(out + "/large/latest/results.csv"));
    }

    private static void assertSame(List<CSVRecord> found, List<CSVRecord> expected, boolean estimated) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.size(); i++) {
            double value = Double.parseDouble(expected.get(i).get("value"));
            String metric = expected.get(i).get("metric");
            assertThat(found.get(i).get("metric")).isEqualTo(metric);
            // Where the kernel is not in memory, random vectors estimate these.
            double error = estimated && List.of("looError", "kare").contains(metric) ? 0.1 : 1e-4;
            assertThat(Double.parseDouble(found.get(i).get("value"))).as(found.get(i).toString())
                    .isCloseTo(value, within(error * Math.abs(value) + 1e-9));
        }
    }

    /** Kernel tiles, factorisation, iterations, predictions: random moments meet all of them. */
    @Test
    void should_end_with_the_same_results_however_often_it_is_killed() throws Exception {
        for (String solver : List.of("cholesky", "{conjugateGradient: {rank: 50}}")) {
            Path yaml = yaml(5000, 300, solver);
            String name = solver.startsWith("{") ? "gradient" : "cholesky";
            long begun = System.nanoTime();
            List<CSVRecord> expected = results(yaml, name + "-whole", "100m");
            long millis = (System.nanoTime() - begun) / 1_000_000;
            Random random = new Random(5);
            for (int kill = 0; kill < KILLS; kill++) {
                Process process = start(yaml, name, "100m");
                if (!process.waitFor((long) (random.nextDouble() * millis), TimeUnit.MILLISECONDS)) {
                    process.destroyForcibly().waitFor();
                }
            }
            assertSame(results(yaml, name, "100m"), expected, false);
        }
    }

    @Test
    void test_sets_that_do_not_fit_should_be_predicted_as_those_that_do() throws Exception {
        Path yaml = yaml(2000, 15_000, "cholesky");
        assertSame(results(yaml, "small", "96m"), results(yaml, "large", "900m"), true);
        assertThat(folder.resolve("log")).exists();
    }
}
