package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.Cases;
import org.ntk4j.Ntk;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Seed;
import org.ntk4j.data.Inputs;
import org.ntk4j.network.Network;

/** Taylor polynomials in the weights against central differences of the network along a direction. */
class ExpansionTest {

    private static final List<String> FAMILIES = List.of("dense standard", "dense muP", "conv same", "convLocal after conv",
            "layerNorm over all after relu", "parallel product", "attention softmax twice", "attention abs", "positions concat",
            "mask: valid, strides, pooling", "transformer post");

    static List<MonteCarloTest.Case> cases() {
        List<MonteCarloTest.Case> all = new ArrayList<>(MonteCarloTest.cases().stream().filter(c -> FAMILIES.contains(c.family()))
                .toList());
        for (String activation : List.of("relu", "tanh", "sigmoid", "softplus", "silu", "elu", "selu", "mish", "gelu", "abs",
                "leakyRelu", "{rectifiedMonomial: {degree: 2}}", "gabor", "rbf")) {
            all.add(new MonteCarloTest.Case(activation, "[{dense: {units: 6, bStd: 0.3}}, " + activation + ", {dense: {units: 5}}, "
                    + activation + ", {dense: {units: 2}}]", new int[] {5}));
        }
        return all;
    }

    static List<MonteCarloTest.Case> others() {
        return MonteCarloTest.cases().stream().filter(c -> !FAMILIES.contains(c.family())).toList();
    }

    private static Map<String, double[]> moved(Map<String, double[]> weights, Map<String, double[]> direction, double by) {
        Map<String, double[]> moved = new HashMap<>();
        weights.forEach((name, values) -> {
            double[] sum = values.clone();
            for (int i = 0; i < sum.length; i++) {
                sum[i] += by * direction.get(name)[i];
            }
            moved.put(name, sum);
        });
        return moved;
    }

    private static double[] flat(double[][] rows) {
        return java.util.Arrays.stream(rows).flatMapToDouble(java.util.Arrays::stream).toArray();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void should_have_the_derivatives_of_the_network(MonteCarloTest.Case c) {
        check(c);
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("others")
    void should_have_the_derivatives_of_every_network(MonteCarloTest.Case c) {
        check(c);
    }

    /** Kinks lie further away than the differences' steps reach, with this seed. */
    private static void check(MonteCarloTest.Case c) {
        Inputs x = c.inputs();
        FiniteNetwork network = Network.parse(c.network()).init(new Seed(3)).precision(Precision.FLOAT64).on(Cases.settings());
        Map<String, double[]> start = network.weights(x.shape());
        Random random = new Random(5);
        Map<String, double[]> direction = new HashMap<>();
        start.keySet().stream().sorted().forEach(name -> direction.put(name, random.doubles(start.get(name).length, -1, 1).toArray()));
        double h = 1e-4;
        List<double[]> outputs = new ArrayList<>();
        network.outputs(x, List.of(start, moved(start, direction, h), moved(start, direction, -h)), f -> outputs.add(flat(f)));
        double[] f0 = outputs.get(0);
        double[] up = outputs.get(1);
        double[] down = outputs.get(2);
        Map<String, double[]> there = moved(start, direction, 1);
        double[] linear = flat(network.expand(1).at(there).predict(x, Monitor.silent()));
        double[] quadratic = flat(network.expand(2).at(there).predict(x, Monitor.silent()));
        double scale = 0;
        double first = 0;
        double second = 0;
        for (int i = 0; i < f0.length; i++) {
            double slope = (up[i] - down[i]) / (2 * h);
            double bend = (up[i] + down[i] - 2 * f0[i]) / (2 * h * h);
            scale = Math.max(scale, Math.abs(slope) + Math.abs(bend));
            first = Math.max(first, Math.abs(linear[i] - f0[i] - slope));
            second = Math.max(second, Math.abs(quadratic[i] - linear[i] - bend));
        }
        // TensorFlow has the first derivative of a row of a table, and of a window's largest value, and no second one.
        boolean exact = !c.network().matches(".*(embedding|vocabulary).*") && !c.family().startsWith("mask: valid");
        assertThat(network.expand(2).isExact(x)).isEqualTo(exact);
        assertThat(first).isLessThan(1e-6 * scale);
        assertThat(second).isLessThan(2e-6 * scale);
    }

    /** A network of two dense layers without a function between them is a polynomial of second order in its weights itself. */
    @ParameterizedTest
    @ValueSource(strings = {"momentum", "batches"})
    void a_bilinear_network_should_train_like_its_expansion(String how) {
        trainsLikeItsExpansion(how);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"gradientDescent", "adam", "crossEntropy"})
    void a_bilinear_network_should_train_like_its_expansion_in_every_way(String how) {
        trainsLikeItsExpansion(how);
    }

    private static void trainsLikeItsExpansion(String how) {
        Inputs x = Cases.inputs(1, 12, 4);
        double[][] y = targets(12);
        FiniteNetwork network = Network.parse("[{dense: {units: 7, bStd: 0.4}}, {dense: {units: 3}}]").init(2).on(Cases.settings());
        Training training = (switch (how) {
            case "momentum" -> Ntk.momentum(0.8).learningRate(0.4);
            case "adam" -> Ntk.adam().learningRate(0.02);
            case "batches" -> Ntk.gradientDescent().batch(5).learningRate(0.5);
            case "crossEntropy" -> Ntk.gradientDescent().loss("crossEntropy").learningRate(0.5);
            default -> Ntk.gradientDescent().learningRate(1);
        }).until(Ntk.maxSteps(30)).precision("float64");
        double[][] whole = TrainedNetwork.of(network, x, y, training, Monitor.silent()).predict(x);
        TrainedExpansion second = network.expand(2).train(x, y, training, Monitor.silent());
        double[][] first = network.expand(1).train(x, y, training, Monitor.silent()).predict(x);
        assertThat(second.steps()).isEqualTo(30);
        assertThat(Cases.difference(flat(second.predict(x)), flat(whole))).isLessThan(1e-12);
        assertThat(Cases.difference(flat(first), flat(whole))).as("so that it can fail").isGreaterThan(1e-3);
        assertThat(second.toString()).contains("polynomial of order 2", "30 steps");
        assertThat(second.history().points()).hasSizeGreaterThan(5);
    }

    private static double[][] targets(int n) {
        double[][] y = new double[n][3];
        for (int i = 0; i < n; i++) {
            y[i][i % 3] = 1;
        }
        return y;
    }

    /** By differences the training ends where TensorFlow's derivatives lead it. */
    @Tag("slow")
    @Test
    void differences_should_train_like_derivatives() {
        Inputs x = Cases.inputs(1, 8, 4);
        FiniteNetwork network = Network.mlp().width(9).depth(2).activation(Ntk.tanh()).bStd(0.3).init(2).outputs(3)
                .precision(Precision.FLOAT64).on(Cases.settings());
        Training training = Ntk.gradientDescent().learningRate(1).until(Ntk.maxSteps(30)).precision("float64");
        double[][] exact = TrainedNetwork.of(network, x, targets(8), training, Monitor.silent(), new ExpansionOrder(2, false))
                .history().points().stream().map(p -> new double[] {p.loss()}).toArray(double[][]::new);
        double[][] differences = TrainedNetwork.of(network, x, targets(8), training, Monitor.silent(), new ExpansionOrder(2, true))
                .history().points().stream().map(p -> new double[] {p.loss()}).toArray(double[][]::new);
        assertThat(Cases.difference(flat(exact), flat(differences))).isLessThan(1e-7).isPositive();
    }

    @Test
    void should_refuse_other_orders_and_say_what_it_is() {
        FiniteNetwork network = Network.mlp().width(3).init(1);
        assertThatThrownBy(() -> network.expand(3)).isInstanceOf(Failure.class).hasMessageContaining("allowed: 1 (linearised), 2");
        assertThat(network.expand(2)).hasToString("Taylor polynomial of order 2 in the weights, at its centre, of " + network);
        Inputs x = Cases.inputs(1, 2, 4);
        assertThat(Cases.difference(flat(network.expand(2).predict(x)), flat(network.predict(x)))).isLessThan(1e-6);
        assertThatThrownBy(() -> network.expand(1).at(Map.of("0.dense/W", new double[3])).predict(x)).isInstanceOf(Failure.class)
                .hasMessageContaining("0.dense/W");
    }
}
