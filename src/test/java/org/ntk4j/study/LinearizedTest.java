package org.ntk4j.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Ntk;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Seed;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.data.Sample;
import org.ntk4j.data.Split;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Trained;
import org.ntk4j.finite.Trainer;
import org.ntk4j.finite.Training;
import org.ntk4j.kernel.OutputKernel;
import org.ntk4j.network.Network;
import org.ntk4j.report.FunctionMetrics;

class LinearizedTest {

    private static final double STEP = 1e-4;

    private final Settings settings = Settings.ofProcess();

    private record Both(double[][] network, double[][] linearized, List<String> notes) {
        double rmse() {
            return FunctionMetrics.rmse(network, linearized);
        }
    }

    private Both both(Network network, Training training, double rate, Sample sample, int steps) {
        FiniteNetwork initial = network.init(new Seed(1)).outputs(10).precision(training.precision()).on(settings);
        Trained trained = new Trainer(training.until(Ntk.trainLoss(1e-12).or(Ntk.maxSteps(steps))), rate, Double.NaN, Monitor.silent())
                .train(initial, sample.train(), sample.test(), List.of());
        List<String> notes = new ArrayList<>();
        double[][] f0Train = training.centred() ? new double[sample.train().count()][10] : initial.outputs(sample.train().inputs());
        double[][] f0Test = training.centred() ? new double[sample.test().count()][10] : initial.outputs(sample.test().inputs());
        Optional<Linearized.Path> path = new Linearized(training, rate, sample, 0, Monitor.silent())
                .path(initial, 1, Optional.empty(), Optional.of(outputs(initial, sample, 10)), f0Train, f0Test, List.of(0, steps),
                        notes::add);
        return new Both(trained.test(), path.map(p -> p.test().get(steps)).orElse(null), notes);
    }

    private static OutputKernel outputs(FiniteNetwork network, Sample sample, int count) {
        return new OutputKernels(OutputKernels.Way.STORED, 0, 0, "").kernel(network, sample, count, 0, Monitor.silent());
    }

    private static Sample sample(int train, int test) {
        return Ntk.mnistSample().train(train).test(test).load();
    }

    /** Lee et al. 2019: the distance falls with the width, in closed form and step by step on batches. */
    @ParameterizedTest
    @ValueSource(strings = {"mse", "batches", "crossEntropy"})
    void a_wider_network_is_closer_to_its_linearisation(String how) {
        Sample sample = sample(20, 20);
        Training training = switch (how) {
            case "mse" -> Ntk.gradientDescent();
            case "batches" -> Ntk.momentum(0.5).batch(8).centred(false);
            default -> Ntk.nesterov(0.5).loss("crossEntropy");
        };
        double narrow = both(Ntk.mlp().width(64).wStd(1.4), training, 0.5, sample, 60).rmse();
        double wide = both(Ntk.mlp().width(1024).wStd(1.4), training, 0.5, sample, 60).rmse();
        assertThat(wide).isLessThan(narrow / 2).isLessThan(0.05);
    }

    @Tag("slow")
    @Test
    void a_network_of_width_4096_follows_its_linearisation() {
        Sample sample = sample(100, 100);
        Map<Integer, Double> distances = new LinkedHashMap<>();
        for (int width : new int[] {512, 4096}) {
            Both both = both(Ntk.mlp().width(width).depth(2).wStd(Math.sqrt(2)).bStd(0.1), Ntk.gradientDescent(), 2, sample, 200);
            distances.put(width, both.rmse());
        }
        assertThat(distances.get(4096)).isLessThan(distances.get(512) / 2).isLessThan(0.01);
    }

    @Test
    void adam_has_no_linearisation_in_function_space_and_a_note_says_so() {
        Both both = both(Ntk.mlp().width(8), Ntk.adam(), 1e-3, sample(10, 10), 2);
        assertThat(both.linearized()).isNull();
        assertThat(both.notes()).singleElement().asString().contains("adam");
    }

    /**
     * NN_lin trained in parameter space: {@code Jᵀr} is a step of the trainer from θ_0 on targets f_0 − r, and
     * {@code J(θ − θ_0)} the central difference along θ − θ_0, in float64.
     */
    @Test
    void through_the_kernel_of_all_outputs_is_through_the_weights() {
        double rate = 0.8;
        Inputs x = Ntk.inputs(new double[][] {{1, 0, 0.5}, {-0.3, 0.8, 0.1}, {0.2, -0.6, 1.1}});
        double[][] y = {{1, 0}, {0, 1}, {0.5, -1}};
        Inputs other = Ntk.inputs(new double[][] {{0.4, 0.4, -0.2}, {-1, 0.1, 0.3}});
        Sample sample = new Sample(split(x, y), split(other, new double[2][2]), List.of("a", "b"));
        FiniteNetwork initial = FiniteNetwork.of(Ntk.mlp().width(24).depth(2).activation(Ntk.erf()).wStd(1.3).bStd(0.2), new Seed(3))
                .outputs(2)
                .precision("float64").on(settings);
        double[][] f0 = initial.outputs(x);
        double[][] f0Other = initial.outputs(other);
        Training training = Ntk.gradientDescent().precision("float64").centred(false);
        Linearized.Path path = new Linearized(training, rate, sample, 0, Monitor.silent())
                .path(initial, 3, Optional.empty(), Optional.of(outputs(initial, sample, 2)), f0, f0Other, List.of(0, 4), note -> { })
                        .orElseThrow();
        Map<String, double[]> start = initial.weights(x.shape());
        Map<String, double[]> moved = new LinkedHashMap<>();
        start.forEach((name, values) -> moved.put(name, new double[values.length]));
        for (int step = 0; step < 4; step++) {
            double[][] f = plus(f0, alongWeights(initial, start, moved, x));
            double[][] targets = new double[3][2];
            for (int i = 0; i < 3; i++) {
                for (int c = 0; c < 2; c++) {
                    targets[i][c] = f0[i][c] - (f[i][c] - y[i][c]);
                }
            }
            Map<String, double[]> after = new Trainer(training.until(Ntk.trainLoss(0).or(Ntk.maxSteps(1))), rate, Double.NaN,
                    Monitor.silent())
                    .train(initial, split(x, targets), sample.test(), List.of()).network().weights(x.shape());
            moved.forEach((name, values) -> {
                for (int i = 0; i < values.length; i++) {
                    values[i] += after.get(name)[i] - start.get(name)[i];
                }
            });
        }
        same(path.train().get(4), plus(f0, alongWeights(initial, start, moved, x)));
        same(path.test().get(4), plus(f0Other, alongWeights(initial, start, moved, other)));
    }

    private static Split split(Inputs x, double[][] targets) {
        return new Split(x, targets, new int[x.count()], new int[x.count()]);
    }

    /** {@code J(x) d}. */
    private static double[][] alongWeights(FiniteNetwork initial, Map<String, double[]> start, Map<String, double[]> d, Inputs x) {
        double[][] above = initial.weights(along(start, d, STEP)).outputs(x);
        double[][] below = initial.weights(along(start, d, -STEP)).outputs(x);
        double[][] change = new double[above.length][above[0].length];
        for (int i = 0; i < change.length; i++) {
            for (int c = 0; c < change[i].length; c++) {
                change[i][c] = (above[i][c] - below[i][c]) / (2 * STEP);
            }
        }
        return change;
    }

    private static double[][] plus(double[][] a, double[][] b) {
        for (int i = 0; i < b.length; i++) {
            for (int c = 0; c < b[i].length; c++) {
                b[i][c] += a[i][c];
            }
        }
        return b;
    }

    private static void same(double[][] actual, double[][] expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).containsExactly(expected[i], within(1e-7));
        }
    }

    private static Map<String, double[]> along(Map<String, double[]> weights, Map<String, double[]> direction, double by) {
        Map<String, double[]> all = new LinkedHashMap<>();
        weights.forEach((name, values) -> {
            double[] sum = values.clone();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += by * direction.get(name)[i];
            }
            all.put(name, sum);
        });
        return all;
    }
}
