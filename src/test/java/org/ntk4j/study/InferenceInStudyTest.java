package org.ntk4j.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.Comparison;
import org.ntk4j.Experiment;
import org.ntk4j.Ntk;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.study.finding.Row;
import org.ntk4j.study.finding.Summary;

/** Eigendirections, the linearised network, the ensemble and the kernel's velocity, as they come out of an experiment. */
class InferenceInStudyTest {

    @TempDir
    Path folder;

    private Comparison run(Experiment experiment) {
        Settings plain = Settings.ofProcess();
        Settings settings = new Settings(plain.data(), folder, Optional.empty(), plain.memory(), plain.threads());
        return new Comparison(Study.run(experiment.definition(), settings, Monitor.silent(), false, List.of("test")));
    }

    private static double value(Comparison c, String subject, String reference, String split, String step, String metric) {
        return c.rows().stream().filter(r -> r.subject().toString().equals(subject) && r.reference().toString().equals(reference)
                && r.split().toString().equals(split)
                && r.step().toString().equals(step)
                && r.metric().toString().equals(metric)).mapToDouble(Row::value).findFirst().orElseThrow();
    }

    @Test
    void everything_is_followed_along_training() {
        Comparison c = run(Experiment.of(Ntk.mlp().width(128).wStd(1.4)).on(Ntk.mnistSample().train(20).test(10))
                .train(Ntk.gradientDescent().until(Ntk.maxSteps(30)).record(4)).linearized(true).modes(20).record(0, 10));
        // All 20 directions together are the mean squared error, whatever the basis.
        for (String subject : List.of("network", "linearized", "regression.init", "regression.trained", "regression.infinite")) {
            for (String kernel : List.of("ntk.init", "ntk.trained", "ntk.infinite")) {
                double sum = 0;
                for (int i = 0; i < 20; i++) {
                    sum += value(c, subject, kernel, "train", "30", "modeEnergy." + i);
                }
                assertThat(sum).isCloseTo(value(c, subject, "labels", "train", "30", "mse"), within(1e-6));
            }
        }
        assertThat(value(c, "network", "ntk.init", "train", "0", "modeExcess.0")).isCloseTo(0, within(1e-6));
        double left = value(c, "network", "ntk.infinite", "train", "30", "modeEnergy.1");
        double predicted = value(c, "regression.infinite", "ntk.infinite", "train", "30", "modeEnergy.1");
        assertThat(value(c, "network", "ntk.infinite", "train", "30", "modeExcess.1"))
                .isCloseTo((predicted - left) / value(c, "network", "ntk.infinite", "train", "0", "modeEnergy.1"), within(1e-9));
        // The kernel's velocity, and its state along training.
        double distance = value(c, "ntk.trained", "ntk.trained", "train", "10", "kernelDistance");
        assertThat(value(c, "ntk.trained", "ntk.trained", "train", "10", "kernelVelocity")).isCloseTo(distance / 10, within(1e-15))
                .isPositive();
        assertThat(value(c, "ntk.trained", "ntk.trained", "train", "30", "kernelVelocityPerTime")).isPositive();
        for (String step : List.of("0", "10", "30")) {
            for (String metric : List.of("kare", "alignment", "looError")) {
                assertThat(value(c, "ntk.trained", "labels", "train", step, metric)).isPositive();
            }
            assertThat(value(c, "ntk.trained", "", "train", step, "effectiveRank")).isBetween(1.0, 20.0);
        }
        // NN_lin at the network's own step; the ensemble of centred networks is f_∞ and has no variance.
        assertThat(value(c, "linearized", "network", "test", "30", "rmse"))
                .isLessThan(value(c, "regression.infinite", "network", "test", "30", "rmse"));
        assertThat(value(c, "ensemble", "regression.infinite", "test", "30", "rmse")).isLessThan(1e-12);
        assertThat(value(c, "ensemble", "", "test", "", "variance")).isZero();
    }

    @Test
    @Tag("slow")
    void a_sample_of_networks_has_the_mean_and_variance_of_the_ensemble() {
        Comparison c = run(Experiment.of(Ntk.mlp().width(256).wStd(1.4)).on(Ntk.mnistSample().train(10).test(20))
                .train(Ntk.gradientDescent().centred(false).until(Ntk.maxSteps(40)).record(2)).sweep("seed", 0, 1, 2, 3, 4, 5));
        List<Summary.Line> lines = Summary.of(c.cells()).lines().stream()
                .filter(l -> l.reference().toString().equals("ensemble") && l.subject().toString().equals("network")).toList();
        assertThat(line(lines, "40", "varianceRatio")).isBetween(0.7, 1.4);
        assertThat(line(lines, "40", "meanRmse")).isBetween(0.6 * line(lines, "40", "meanRmseExpected"),
                1.5 * line(lines, "40", "meanRmseExpected"));
        assertThat(line(lines, "", "varianceRatio")).isBetween(0.7, 1.4);
    }

    private static double line(List<Summary.Line> lines, String step, String metric) {
        return lines.stream().filter(l -> l.step().toString().equals(step) && l.metric().toString().equals(metric))
                .mapToDouble(Summary.Line::mean).findFirst()
                .orElseThrow();
    }

    @Test
    void more_directions_than_inputs_are_refused() {
        assertThatThrownBy(() -> Experiment.mlp().on(Ntk.mnistSample().train(10)).modes(11).definition().check())
                .isInstanceOf(Failure.class).hasMessageContaining("modes");
    }
}
