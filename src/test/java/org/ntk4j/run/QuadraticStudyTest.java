package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** NN_lin and NN_quad beside the network in a study: rows, history, slopes over the width. */
class QuadraticStudyTest {

    @TempDir
    Path folder;

    private static double slope(List<CSVRecord> summary, String subject, String metric) {
        return summary.stream().filter(r -> r.get("subject").equals(subject) && r.get("reference").equals("network")
                && r.get("metric").equals(metric)).mapToDouble(r -> Double.parseDouble(r.get("mean"))).findFirst().orElseThrow();
    }

    private static double rmse(List<CSVRecord> summary, String subject, String width) {
        return summary.stream().filter(r -> r.get("subject").equals(subject) && r.get("reference").equals("network")
                && r.get("network.mlp.width").equals(width) && r.get("split").equals("test") && r.get("metric").equals("rmse"))
                .mapToDouble(r -> Double.parseDouble(r.get("mean"))).findFirst().orElseThrow();
    }

    @Tag("slow")
    @Test
    void distances_of_the_expansions_should_fall_with_the_width_in_a_study() {
        Program.Result result = Program.ntk("run", "experiments/taylor-mnist.yaml", "--out", folder.toString(), "--set",
                "data.train=20", "--set", "data.test=20", "--set", "train.until.maxSteps=40", "--set", "sweep.seed=[0,1]", "--set",
                "sweep.network.mlp.width=[64,256]");
        assertThat(result.status()).as(result.err().toString()).isZero();
        Path run = Program.run(folder, "taylor-mnist");
        List<CSVRecord> summary = Program.records(run.resolve("summary.csv"));
        assertThat(slope(summary, "linearized", "rmseSlopeLow")).as("Lee et al. 2019: −1/2").isLessThan(-0.5);
        assertThat(slope(summary, "linearized", "rmseSlopeHigh")).isBetween(-0.5, -0.2);
        assertThat(slope(summary, "quadratic", "rmseSlopeLow")).as("the next order: −1").isLessThan(-1);
        assertThat(slope(summary, "quadratic", "rmseSlope")).isBetween(-1.3, slope(summary, "linearized", "rmseSlope"));
        for (String width : List.of("64", "256")) {
            assertThat(rmse(summary, "quadratic", width)).isLessThan(rmse(summary, "linearized", width) / 4);
        }
        assertThat(Program.records(run.resolve("results.csv"))).anyMatch(r -> r.get("subject").equals("quadratic")
                && r.get("reference").equals("labels") && r.get("metric").equals("mse") && r.get("step").equals("40"));
        List<CSVRecord> history = Program.records(run.resolve("history.csv"));
        List<String> steps = history.stream().filter(r -> r.get("subject").equals("network")).map(r -> r.get("step")).distinct().toList();
        assertThat(history.stream().filter(r -> r.get("subject").equals("quadratic")).map(r -> r.get("step")).distinct())
                .containsExactlyElementsOf(steps);
        assertThat(String.join("\n", result.out())).contains("NN_quad to NN_T");
        assertThat(String.join("\n", result.out())).containsPattern("NN_quad to NN_T falls with width as a power of −[01]\\.\\d\\d");
    }
}
