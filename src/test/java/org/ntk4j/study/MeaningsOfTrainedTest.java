package org.ntk4j.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Cases;
import org.ntk4j.Ntk;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Dataset;
import org.ntk4j.data.Sample;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Trained;
import org.ntk4j.finite.Trainer;
import org.ntk4j.finite.Training;
import org.ntk4j.infinite.tile.TileFolder;
import org.ntk4j.network.Network;
import org.ntk4j.report.FunctionMetrics;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;
import org.ntk4j.study.finding.CellResult;

/** What f_T can mean: regression from zero, projection of the network, the sum along its path; and the lazy limit, where all are one. */
class MeaningsOfTrainedTest {

    @TempDir
    Path folder;

    private static Definition definition(String network, Training training) {
        return Definition.of(Network.parse(network)).withData(Dataset.mnistSample().train(24).test(20))
                .withTraining(Optional.of(training.precision("float64")))
                .with("kernels", List.of("ntk.init", "ntk.trained")).with("linearized", true);
    }

    private CellResult run(Definition definition) {
        return run(definition, Plan.of(definition, Cases.settings()).outputs(0));
    }

    private CellResult run(Definition definition, OutputKernels outputs) {
        Cell.Outcome outcome = new Cell(definition.points().get(0), Cases.settings(), 0, outputs, Monitor.silent(),
                new Shared(Cases.settings(), Monitor.silent(), TileFolder.whenLong(folder), true, new KernelAverages(false)),
                        new KernelStore(folder)).run();
        assertThat(outcome.failure()).isEmpty();
        return outcome.result();
    }

    private static double[][] function(CellResult result, String subject, String step) {
        return result.function(Subject.of(subject), Step.of(step)).orElseThrow(() -> new AssertionError(subject + " at " + step));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gradientDescent", "momentum", "nesterov", "not centred"})
    void f_0_should_be_the_linearised_network_at_every_step(String how) {
        Training training = how.equals("momentum") ? Ntk.momentum(0.8) : how.equals("nesterov")
                ? Ntk.nesterov(0.8) : Ntk.gradientDescent().centred(!how.equals("not centred"));
        CellResult result = run(definition("mlp: {width: 12, depth: 2, wStd: 1.4, bStd: 0.1}",
                training.until(Ntk.maxSteps(40)).record(5).outputScale(0.7)));
        assertThat(Cases.difference(function(result, "regression.init", "40"), function(result, "linearized", "40"))).isLessThan(1e-9);
        for (CellResult.History h : result.history()) {
            if (h.subject().toString().equals("linearized")) {
                assertThat(result.history().stream().filter(o -> o.subject().toString().equals("regression.init")
                        && o.point().step() == h.point().step() && o.point().split().equals(h.point().split()))
                        .findFirst().orElseThrow().point().loss()).isCloseTo(h.point().loss(), within(1e-9));
            }
        }
    }

    /** A small kernel both ways: decomposed as a matrix, and by a Krylov space and conjugate gradients. */
    @Test
    void products_should_give_what_the_matrix_gives() {
        products("gradientDescent");
    }

    @Test
    @Tag("slow")
    void products_should_give_what_the_matrix_gives_with_momentum() {
        products("nesterov");
    }

    private void products(String optimizer) {
        Definition definition = definition("mlp: {width: 64, depth: 1, wStd: 1.4, bStd: 0.1}",
                (optimizer.equals("nesterov") ? Ntk.nesterov(0.9) : Ntk.gradientDescent()).until(Ntk.maxSteps(50)));
        CellResult stored = run(definition, new OutputKernels(OutputKernels.Way.STORED, 0, 0, ""));
        CellResult products = run(definition, new OutputKernels(OutputKernels.Way.PRODUCTS, 0, 0, ""));
        for (CellResult.Prediction p : stored.predictions()) {
            assertThat(Cases.difference(function(products, p.subject().toString(), p.step().toString()), p.values())).as(p.subject()
                    + " " + p.step())
                    .isLessThan(1e-6);
        }
        CellResult mean = run(definition, new OutputKernels(OutputKernels.Way.MEAN, 0, 0, "test"));
        assertThat(Cases.difference(function(mean, "regression.trained", "50"), function(stored, "regression.trained", "50")))
                .as("the mean is another kernel").isGreaterThan(1e-3);
        assertThat(mean.notes()).anyMatch(n -> n.contains("leaves out what one output's gradient does to another"));
    }

    @Test
    @Tag("slow")
    void a_large_output_scale_should_be_the_lazy_limit() {
        CellResult lazy = run(definition("mlp: {width: 12, depth: 2, activation: erf, wStd: 1.4, bStd: 0.1}",
                Ntk.gradientDescent().outputScale(1000).until(Ntk.maxSteps(80))));
        double[][] network = function(lazy, "network", "80");
        assertThat(FunctionMetrics.rmse(network, function(lazy, "linearized", "80")))
                .isLessThan(1e-3 * Math.sqrt(FunctionMetrics.mse(network, new double[20][10])));
        CellResult rich = run(definition("mlp: {width: 12, depth: 2, activation: erf, wStd: 1.4, bStd: 0.1}",
                Ntk.gradientDescent().outputScale(0.3).until(Ntk.maxSteps(80))));
        assertThat(FunctionMetrics.rmse(function(rich, "network", "80"), function(rich, "linearized", "80"))).isGreaterThan(0.02);
        double time = lazy.history().stream().filter(h -> h.subject().toString().equals("network") && h.point().step() == 80).findFirst()
                .orElseThrow()
                .point().time();
        assertThat(sharpness(lazy)).as("without the scale").isCloseTo(sharpness(rich), within(1e-4 * sharpness(rich)));
        assertThat(time).as("half of the stable rate, in the kernel's own time").isCloseTo(80 / sharpness(lazy), within(0.01 * time));
    }

    private static double sharpness(CellResult result) {
        return result.rows().stream().filter(r -> r.metric().toString().equals("sharpness") && r.step().toString().equals("0"))
                .findFirst().orElseThrow().value();
    }

    @Test
    void vanishing_updates_should_be_told() {
        Definition single = definition("mlp: {width: 12, depth: 1}", Ntk.gradientDescent())
                .withTraining(Optional.of(Ntk.gradientDescent().outputScale(1e5).until(Ntk.maxSteps(50))));
        assertThat(run(single).notes()).anyMatch(n -> n.contains("float32") && n.contains("train.precision: float64"));
    }

    /** From zero, gradient descent stays in the span of the kernel: it ends at the minimum-norm function that takes its values. */
    @Test
    void the_projection_of_a_linear_network_should_be_itself() {
        CellResult result = run(definition("mlp: {depth: 0, wStd: 1.2, bStd: 0.3}", Ntk.gradientDescent().until(Ntk.maxSteps(37))));
        for (String projection : List.of("projection.init", "projection.trained")) {
            assertThat(Cases.difference(function(result, projection, "37"), function(result, "network", "37"))).as(projection)
                    .isLessThan(1e-8);
        }
    }

    @Tag("slow")
    @Test
    void the_error_of_the_path_sum_should_halve_with_the_rate() {
        double[] errors = IntStream.of(1, 2).mapToDouble(half -> {
            int steps = 8 * half;
            Definition d = definition("mlp: {width: 12, depth: 1, activation: erf, wStd: 1.4, bStd: 0.1}",
                    Ntk.gradientDescent().outputScale(0.4).learningRate(30.0 / half).until(Ntk.maxSteps(steps)))
                    .with("regression.path", true).with("record", Map.of("kernel", IntStream.range(0, steps).boxed().toList()));
            CellResult result = run(d);
            return FunctionMetrics.rmse(function(result, "path", String.valueOf(steps)),
                    function(result, "network", String.valueOf(steps)));
        }).toArray();
        assertThat(errors[0]).isGreaterThan(1e-5);
        assertThat(errors[0] / errors[1]).isBetween(1.7, 2.4);
    }

    /** {@code ntk} with outputScale 1/√n at n times the rate. */
    @ParameterizedTest
    @ValueSource(strings = {"meanField", "muP"})
    void mean_field_and_mup_should_train_as_ntk_with_an_output_scale(String parameterization) {
        int n = 16;
        Sample sample = Ntk.mnistSample().train(20).test(10).load();
        FiniteNetwork ntk = Network.parse("mlp: {width: 16, depth: 2, activation: erf, wStd: 1.4, bStd: 0.2}").init(3).outputs(10)
                .precision("float64").on(Cases.settings());
        FiniteNetwork other = ntk.parameterization(parameterization, sample.train().inputs().shape());
        Training training = Ntk.gradientDescent().precision("float64").until(Ntk.maxSteps(30));
        Trained a = new Trainer(training.outputScale(1 / Math.sqrt(n)), n * 1.5, Double.NaN, Monitor.silent())
                .train(ntk, sample.train(), sample.test(), List.of());
        Trained b = new Trainer(training, 1.5, Double.NaN, Monitor.silent())
                .rateFactors(other.layerRates(Ntk.gradientDescent().optimizer(), sample.train().inputs().shape()))
                .train(other, sample.train(), sample.test(), List.of());
        assertThat(Cases.difference(a.test(), b.test())).isLessThan(1e-10);
        assertThat(Cases.relative(other.ntk(sample.train().inputs()), ntk.ntk(sample.train().inputs()))).as("kernels in ntk normalisation")
                .isLessThan(1e-10);
        assertThat(Cases.relative(Network.parse("[{dense: {units: 8, parameterization: " + parameterization
                + "}}, relu, {dense: {units: 1, parameterization: " + parameterization + "}}]").ntk(Cases.inputs(1, 4, 3)),
                Network.parse("[{dense: {units: 8}}, relu, {dense: {units: 1}}]").ntk(Cases.inputs(1, 4, 3)))).isLessThan(1e-14);
    }
}
