package org.ntk4j.study.finding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.Comparison;
import org.ntk4j.Experiment;
import org.ntk4j.Ntk;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;
import org.ntk4j.study.Study;

/** Verdicts, slopes, differences and failures, on made-up results and on real ones. */
class FindingsTest {

    @TempDir
    Path folder;

    private Comparison run(Experiment experiment) {
        Settings plain = Settings.ofProcess();
        return new Comparison(Study.run(experiment.definition(),
                new Settings(plain.data(), folder, Optional.empty(), plain.memory(), plain.threads()), Monitor.silent(), false,
                List.of("test")));
    }

    /** A network that is 0 in its first half and 1 in the second, and regressions at given distances from it. */
    private static CellResult cell(long seed, double trained, double infinite, double noise) {
        Random random = new Random(seed);
        double[][] network = new double[60][2];
        double[][] fT = new double[60][2];
        double[][] fInfinite = new double[60][2];
        int[] labels = new int[60];
        for (int i = 0; i < 60; i++) {
            labels[i] = i % 2;
            network[i][i % 2] = 1;
            for (int c = 0; c < 2; c++) {
                fT[i][c] = network[i][c] + trained * (1 + noise * random.nextGaussian());
                fInfinite[i][c] = network[i][c] - infinite * (1 + noise * random.nextGaussian());
            }
        }
        return new CellResult(seed, Map.of(), List.of(), List.of(),
                List.of(new CellResult.Prediction(Subject.NETWORK, Step.of(10), network),
                new CellResult.Prediction(Subject.REGRESSION_TRAINED, Step.of(10), fT),
                        new CellResult.Prediction(Subject.REGRESSION_INFINITE, Step.of(10), fInfinite)), List.of(), labels,
                                new double[60][2],
                List.of(), Map.of(), List.of(), List.of(), "", Drawn.NONE, "", List.of());
    }

    @Test
    void a_verdict_should_follow_the_distances() {
        Verdict yes = Verdict.of(List.of(cell(1, 0.1, 0.3, 0.2), cell(2, 0.1, 0.3, 0.2))).get(0);
        assertThat(yes.value()).isEqualTo(1);
        assertThat(yes.reference()).hasToString("regression.infinite");
        assertThat(yes.closer().value()).isCloseTo(yes.other() - yes.distance(), within(1e-12))
                .isBetween(yes.closer().low(), yes.closer().high());
        assertThat(yes.distance()).isCloseTo(0.1, within(0.01));
        assertThat(yes.sentence()).startsWith("is f_T closer to NN_T than f_∞ is? yes (100.0 %)");
        assertThat(Verdict.held(2)).contains("test examples and 2 seeds; the training draw held fixed");
        assertThat(Verdict.held(1)).contains("the seed and the training draw held fixed");
        Verdict no = Verdict.of(List.of(cell(1, 0.3, 0.1, 0.2))).get(0);
        assertThat(no.value()).isEqualTo(-1);
        assertThat(no.word()).isEqualTo("no (100.0 %)");
        Verdict undecided = Verdict.of(List.of(cell(3, 0.3, 0.32, 3))).get(0);
        assertThat(undecided.value()).isEqualTo(0);
        assertThat(undecided.closer().low()).isLessThan(0);
        Verdict alike = Verdict.of(List.of(cell(1, 0.001, 0.003, 0.2))).get(0);
        assertThat(alike.closer().confidence()).isEqualTo(1);
        assertThat(alike.value()).as("a difference that does not matter").isEqualTo(0);
        assertThat(alike.sentence()).contains("undecided (alike)", "less than 2 %");
    }

    @Test
    void seeds_that_disagree_should_leave_it_open_where_one_of_them_would_not() {
        Verdict one = Verdict.of(List.of(cell(1, 0.1, 0.3, 0.1))).get(0);
        Verdict both = Verdict.of(List.of(cell(1, 0.1, 0.3, 0.1), cell(2, 0.3, 0.12, 0.1), cell(3, 0.1, 0.2, 0.1))).get(0);
        assertThat(one.value()).isEqualTo(1);
        assertThat(both.value()).isEqualTo(0);
    }

    @Test
    void the_interval_of_a_mean_should_be_that_of_theory() {
        Random random = new Random(5);
        double[] values = random.doubles(4000, 0, 1).toArray();
        Resampling r = Resampling.of(new double[][][] {{values}}, m -> m[0]);
        double deviation = Math.sqrt(1.0 / 12 / 4000);
        assertThat(r.deviation()).isCloseTo(deviation, within(0.08 * deviation));
        assertThat(r.high() - r.low()).isCloseTo(2 * 1.96 * deviation, within(0.25 * deviation));
        assertThat(r.confidence()).isEqualTo(1);
        assertThat(Resampling.of(new double[][][] {{values}}, m -> m[0])).as("the same again").isEqualTo(r);
    }

    @Test
    void a_power_law_should_be_found() {
        List<CellResult> cells = new ArrayList<>();
        Random random = new Random(2);
        for (int width : new int[] {64, 256, 1024}) {
            for (long seed = 0; seed < 3; seed++) {
                Map<String, String> swept = Map.of("network.mlp.width", String.valueOf(width));
                Row row = new Row(seed, swept, Subject.NTK_INIT, Subject.NTK_INFINITE, SplitName.TRAIN, Step.START,
                        Quantity.RELATIVE_FROBENIUS.metric(),
                        3 * Math.pow(width, -0.5) * Math.exp(0.05 * random.nextGaussian()));
                cells.add(new CellResult(seed, swept, List.of(row), List.of(), List.of(), List.of(), new int[0], new double[0][], List.of(),
                        Map.of(), List.of(), List.of(), "", Drawn.NONE, "", List.of()));
            }
        }
        Convergence c = Convergence.of(cells).get(0);
        assertThat(c.slope()).isCloseTo(-0.5, within(0.05));
        assertThat(-0.5).isBetween(c.low(), c.high());
        assertThat(c.high() - c.low()).isBetween(0.02, 0.2);
        assertThat(c.points()).isEqualTo(9);
        assertThat(c.sentence()).contains("Θ_0 to Θ_∞ falls with width as a power of −0.", "(9 networks); expected −1/2");
        assertThat(Summary.of(cells).lines()).anyMatch(l -> l.metric().toString().equals("relativeFrobeniusSlope") && l.swept().isEmpty()
                && l.count() == 9);
        assertThat(Convergence.of(cells.subList(0, 3))).as("one width has no slope").isEmpty();
    }

    @Test
    void a_sweep_without_networks_has_the_learning_curves_of_both_limits_and_no_empty_table() {
        List<CellResult> cells = new ArrayList<>();
        for (int n : new int[] {100, 200, 400}) {
            Map<String, String> swept = Map.of("data.train", String.valueOf(n));
            List<Row> rows = List.of(
                    new Row(0, swept, Subject.REGRESSION_INFINITE, Subject.LABELS, SplitName.TEST, Step.NONE, Quantity.MSE.metric(),
                            Math.pow(n, -0.25)),
                    new Row(0, swept, Subject.REGRESSION_NNGP, Subject.LABELS, SplitName.TEST, Step.NONE, Quantity.MSE.metric(),
                            Math.pow(n, -0.5)));
            cells.add(new CellResult(0, swept, rows, List.of(), List.of(), List.of(), new int[0], new double[0][], List.of(),
                    Map.of(), List.of(), List.of(), "", Drawn.NONE, "", List.of()));
        }
        String text = ScreenTable.of(Set.of(), List.of("data.train"), cells, Summary.of(cells)).replaceAll("\\s+", " ");
        assertThat(text).contains("of f_∞ falls with the number of training examples as a power of −0.25",
                "of f_NNGP falls with the number of training examples as a power of −0.50", "3 regressions", "mean squared error")
                .doesNotContain("networks", "RMSE");
    }

    @Test
    void a_wide_centred_network_trained_to_its_end_should_be_what_all_three_kernels_predict() {
        Comparison c = run(Experiment.mlp().width(4096).wStd(1.4).bStd(0.1).on(Ntk.mnistSample().train(20).test(20))
                .train(Ntk.nesterov(0.9).learningRate(Ntk.auto()).until(Ntk.trainLoss(1e-6).or(Ntk.maxSteps(3000)))));
        // With the kernel of all outputs f_T and f_0 are so near to the network that even at this width f_∞ is told apart from them.
        assertThat(c.rows()).anyMatch(r -> r.subject() == Subject.REGRESSION_TRAINED && r.reference() == Subject.REGRESSION_INIT
                && r.metric().toString().equals("closerVerdict") && r.value() == 0);
        assertThat(c.table().replaceAll("\\s+", " ")).contains("draw held fixed");
        assertThat(c.table()).contains("than f_0 is? undecided (alike)").doesNotContain("not converged");
        assertThat(c.metric("network", "regression.infinite", "correlation")).isGreaterThan(0.99);
    }

    @Test
    void errors_should_be_compared_on_the_same_draws() {
        PairedDifference d = PairedDifference.of(List.of(cell(1, 0.1, 0.3, 0.2), cell(2, 0.1, 0.3, 0.2))).stream()
                .filter(p -> p.reference().toString().equals("regression.infinite"))
                .findFirst().orElseThrow();
        // Targets are 0: the network's squared error is 1/2 everywhere, that of the regression the mean of 0.7² and 0.3².
        assertThat(d.error().value()).isCloseTo(0.5 - 0.29, within(0.02)).isBetween(d.error().low(), d.error().high());
        assertThat(d.error().high() - d.error().low()).isPositive().isLessThan(0.1);
        assertThat(d.lines().stream().map(line -> line.metric().toString()))
                .containsExactly("accuracyDifference", "accuracyDifferenceLow", "accuracyDifferenceHigh", "mseDifference",
                "mseDifferenceLow", "mseDifferenceHigh");
    }

    @Test
    void the_examples_that_differ_most_should_come_first() {
        CellResult cell = cell(1, 0.1, 0.2, 0);
        double[][] f = cell.function(Subject.REGRESSION_INFINITE, Step.of(10)).orElseThrow();
        f[17][0] += 5;
        f[42][1] -= 9;
        List<List<Object>> rows = LargestDifferences.table(cell.with(
                List.of(new Row(1, Map.of(), Subject.NETWORK, Subject.REGRESSION_INFINITE, SplitName.TEST, Step.of(10),
                        Quantity.RMSE.metric(), 1))));
        assertThat(rows).hasSize(10);
        assertThat(rows.get(0).subList(0, 5)).containsExactly(0, 42, 0, 0, 0);
        assertThat(rows.get(1).subList(0, 5)).containsExactly(1, 17, 1, 1, 0);
        assertThat((double) rows.get(0).get(5)).isGreaterThan((double) rows.get(1).get(5)).isCloseTo(9, within(1.0));
        assertThat(LargestDifferences.table(cell)).as("where they are not compared").isEmpty();
        assertThat(LargestDifferences.named(List.of(cell), List.of(42, 17))).containsExactly("42 (0: 0, 0)", "17 (1: 1, 0)");
    }

    @Tag("slow")
    @Test
    void a_sweep_should_say_at_each_point_what_is_learnt() {
        Comparison c = run(Experiment.of(Ntk.mlp().width(32)).on(Ntk.mnistSample().train(20).test(10))
                .train(Ntk.gradientDescent().until(Ntk.maxSteps(20))).layers(true)
                .sweep("network.mlp.width", 16, 32).sweep("network.mlp.activation", "relu", "erf").sweep("seed", 0, 1, 2, 3, 4));
        String table = c.table();
        assertThat(table).contains("alignment Θ_0 → Θ_T", "effective rank Θ_0 → Θ_T", "most of NN_T − f_∞ in directions",
                "mean squared error on the test set of NN_T minus that of",
                "width 16, activation relu: they differ most on the test examples", "width 32, activation erf: the mean of 5 networks is",
                        "width  activation  layer").doesNotContain("…  ");
        assertThat(table.lines()).allMatch(line -> line.codePointCount(0, line.length()) <= 100);
        for (String metric : List.of("mseLow", "mseHigh", "mseDifference", "alignment", "effectiveRank", "kernelDistance",
                "closerVerdict")) {
            assertThat(c.rows().stream().filter(r -> r.metric().toString().equals(metric)).map(r -> List.of(r.swept(), r.seed()))
                    .distinct())
                    .as(metric).hasSize(20);
        }
        assertThat(c.metric("network", "labels", "mse")).isBetween(c.metric("network", "labels", "mseLow"),
                c.metric("network", "labels", "mseHigh"));
    }

    @Test
    void a_wide_table_should_be_continued_below() {
        String text = StackedTable.text(List.of("key", "one", "two"), List.of(List.of("a", "1234567890", "1234567890")), 1, 20);
        assertThat(text.lines()).containsExactly("key  one", "a    1234567890", "", "key  two", "a    1234567890");
    }

    @Test
    void layers_should_add_up_and_be_named() {
        Comparison c = run(Experiment.of(Ntk.mlp().width(32).depth(2)).on(Ntk.mnistSample().train(20).test(10))
                .train(Ntk.gradientDescent().until(Ntk.maxSteps(20))).layers(true));
        for (String subject : List.of("ntk.init", "ntk.trained")) {
            double sum = c.rows().stream().filter(r -> r.subject().toString().equals(subject) && r.metric().toString().startsWith("share/"))
                    .mapToDouble(Row::value).sum();
            assertThat(sum).isCloseTo(1, within(1e-9));
        }
        assertThat(c.rows().stream().filter(r -> r.metric().toString().startsWith("relativeFrobenius/")).map(r -> r.metric().toString()))
                .containsExactly("relativeFrobenius/1.dense", "relativeFrobenius/3.dense", "relativeFrobenius/5.dense");
        assertThat(c.table()).contains("layer ", "3.dense");
    }

    @Test
    void shares_of_directions_should_be_shares() {
        Comparison c = run(Experiment.of(Ntk.mlp().width(32)).on(Ntk.mnistSample().train(30).test(10))
                .train(Ntk.gradientDescent().until(Ntk.maxSteps(20))));
        // Ten directions of ten test examples are all there is.
        assertThat(c.metric("network", "regression.infinite", "differenceEnergyTop")).isCloseTo(1, within(1e-9));
        assertThat(c.metric("network", "regression.infinite", "functionEnergyTop")).isCloseTo(1, within(1e-9));
        assertThat(c.table()).contains("they differ most on the test examples");
    }

    @Test
    void a_cell_that_fails_should_be_a_row_and_not_the_end() throws IOException {
        Comparison c = run(Experiment.of(Ntk.mlp().width(16)).on(Ntk.mnistSample().train(20).test(10))
                .train(Ntk.gradientDescent().until(Ntk.maxSteps(100)))
                .sweep("train.learningRate", 1e7, 0.1));
        List<String> failures = Files.readAllLines(c.folder().resolve("failures.csv"));
        assertThat(failures).hasSize(2);
        assertThat(failures.get(0)).isEqualTo("run,seed,train.learningRate,reason");
        assertThat(failures.get(1)).contains("diverged");
        assertThat(c.table()).contains("failed: learningRate 1.0E7: seed 0");
        assertThat(c.rows()).anyMatch(r -> r.swept().get("train.learningRate").equals("0.1") && r.metric().toString().equals("closerBy"));
        assertThat(c.folder().toString()).as("not done: --resume tries the failed cells again").endsWith(".failed");
        assertThat(folder.resolve("experiment").resolve("latest")).doesNotExist();
        assertThatThrownBy(() -> run(Experiment.of(Ntk.mlp().width(16)).on(Ntk.mnistSample().train(20).test(10))
                .train(Ntk.gradientDescent().learningRate(1e7).until(Ntk.maxSteps(300)))
                .sweep("seed", 0, 1))).as("all of them").isInstanceOf(Failure.class);
    }

    @Test
    void the_checklist_should_speak_up() {
        Comparison c = run(Experiment.of(Ntk.network("[flatten, {dense: {units: 2}}, relu, {dense: {units: 2}}, relu, {dense: {units: "
                + "10}}]")).on(Ntk.mnistSample().train(20).test(10))
                .train(Ntk.adam().learningRate(1e-3).until(Ntk.maxSteps(3))).ridge(10));
        assertThat(String.join("\n", c.cells().get(0).notes()))
                .contains("adam does not follow the gradient", "not converged", "the ridge of f_∞", "2 units and the network 3 layers");
    }
}
