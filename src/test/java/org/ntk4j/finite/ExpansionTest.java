package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Seed;
import org.ntk4j.data.Inputs;
import org.ntk4j.network.Network;

/** Taylor polynomials in the weights against central differences of the network along a direction. */
class ExpansionTest {

    static List<MonteCarloTest.Case> cases() {
        List<MonteCarloTest.Case> all = new ArrayList<>(MonteCarloTest.cases());
        for (String activation : List.of("tanh", "sigmoid", "softplus", "silu", "elu", "selu", "mish", "gelu", "abs", "leakyRelu", "sin",
                "gaussian", "{rectifiedMonomial: {degree: 2}}", "gabor", "{polynomial: {coefficients: [0, 1, 1]}}", "rbf")) {
            all.add(new MonteCarloTest.Case(activation, "[{dense: {units: 6, bStd: 0.3}}, " + activation + ", {dense: {units: 5}}, "
                    + activation + ", {dense: {units: 2}}]", new int[] {5}));
        }
        return all.stream().filter(c -> List.of("softplus", "conv same", "layerNorm after relu", "avgPool", "convTranspose valid").contains(c.family())).toList();
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
        Inputs x = c.inputs();
        FiniteNetwork network = Network.parse(c.network()).init(new Seed(3)).precision(Precision.FLOAT64).on(Cases.settings());
        Map<String, double[]> start = network.weights(x.shape());
        Random random = new Random(5);
        Map<String, double[]> direction = new HashMap<>();
        start.keySet().stream().sorted().forEach(name -> direction.put(name,
                random.doubles(start.get(name).length, -1, 1).toArray()));
        double h = 1e-4;
        double[] f0 = flat(network.outputs(x));
        double[] up = flat(network.weights(moved(start, direction, h)).outputs(x));
        double[] down = flat(network.weights(moved(start, direction, -h)).outputs(x));
        Map<String, double[]> there = moved(start, direction, 1);
        double[] linear = flat(network.expand(1).at(there).predict(x, Monitor.silent()));
        double[] quadratic = flat(network.expand(2).at(there).predict(x, Monitor.silent()));
        boolean exact = network.expand(2).isExact(x.shape());
        double worst = 0;
        double scale = 1e-9;
        double second = 0;
        for (int i = 0; i < f0.length; i++) {
            double first = (up[i] - down[i]) / (2 * h);
            double bend = (up[i] + down[i] - 2 * f0[i]) / (2 * h * h);
            scale = Math.max(scale, Math.abs(first) + Math.abs(bend));
            worst = Math.max(worst, Math.abs(linear[i] - f0[i] - first));
            second = Math.max(second, Math.abs(quadratic[i] - linear[i] - bend));
        }
        System.out.printf("%-40s %s %.1e %.1e%n", c, exact, worst / scale, second / scale);
        assertThat(worst / scale).isLessThan(1e-5);
        assertThat(second / scale).isLessThan(1e-5);
    }
}
