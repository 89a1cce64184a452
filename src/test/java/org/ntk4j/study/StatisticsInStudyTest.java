package org.ntk4j.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.Comparison;
import org.ntk4j.Experiment;
import org.ntk4j.Ntk;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.study.finding.Row;

/** Tangent kernels that are estimated, next to those of the same study that are stored. */
class StatisticsInStudyTest {

    @TempDir
    Path folder;

    private Settings settings() {
        Settings plain = Settings.ofProcess();
        return new Settings(plain.data(), folder, Optional.empty(), plain.memory(), plain.threads());
    }

    private static double value(Comparison c, String subject, String reference, String step, String metric) {
        return c.rows().stream().filter(r -> r.subject().toString().equals(subject) && r.reference().toString().equals(reference)
                && r.split().toString().equals("train") && r.step().toString().equals(step) && r.metric().toString().equals(metric))
                .mapToDouble(Row::value).findFirst().orElseThrow(() -> new AssertionError(subject + " " + reference + " " + metric));
    }

    @Test
    void estimates_should_come_near_to_the_kernels_that_are_stored() {
        Experiment stored = Experiment.of(Ntk.mlp().width(64).wStd(1.4)).on(Ntk.mnistSample().train(60).test(20))
                .train(Ntk.gradientDescent().until(Ntk.maxSteps(20)));
        Comparison exact = new Comparison(Study.run(stored.definition(), settings(), Monitor.silent(), false, List.of("test")));
        Comparison c = new Comparison(Study.run(stored.statistics(40, 6).definition(), settings(), Monitor.silent(), false,
                List.of("test")));
        for (String kernel : List.of("ntk.init", "ntk.trained")) {
            String step = kernel.equals("ntk.init") ? "0" : "20";
            assertThat(value(c, kernel, "", step, "trace")).isCloseTo(value(exact, kernel, "", step, "trace"),
                    within(1e-4 * value(exact, kernel, "", step, "trace")));
            double largest = value(exact, kernel, "", step, "maxEigenvalue");
            assertThat(value(c, kernel, "", step, "maxEigenvalue")).isCloseTo(largest, within(2e-3 * largest));
            for (String metric : List.of("participationRatio", "effectiveRank")) {
                near(c, exact, kernel, "", step, metric);
            }
            near(c, exact, kernel, "labels", step, "alignment");
            for (String metric : List.of("relativeFrobenius", "kernelDistance", "cka")) {
                near(c, exact, kernel, "ntk.infinite", step, metric);
            }
            assertThat(value(c, kernel, "", step, "frobeniusNorm")).isPositive();
        }
        near(c, exact, "ntk.trained", "ntk.init", "20", "relativeFrobenius");
        // What is not estimated is as before; regressions with what is not stored are not there.
        assertThat(value(c, "regression.infinite", "labels", "", "mse")).isCloseTo(value(exact, "regression.infinite", "labels", "", "mse"),
                within(1e-9));
        assertThat(c.rows()).noneMatch(r -> r.subject().toString().equals("regression.init"));
    }

    /** Within four standard errors: twice the interval of 95 %. */
    private static void near(Comparison c, Comparison exact, String subject, String reference, String step, String metric) {
        double half = (value(c, subject, reference, step, metric + "High") - value(c, subject, reference, step, metric + "Low")) / 2;
        assertThat(half).as(metric).isPositive();
        double truth = value(exact, subject, reference, step, metric);
        assertThat(value(c, subject, reference, step, metric)).as(subject + " " + reference + " " + metric)
                .isCloseTo(truth, within(4 / 1.96 * half + 1e-4 * Math.abs(truth)));
    }
}
