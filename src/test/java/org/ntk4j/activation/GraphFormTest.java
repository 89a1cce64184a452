package org.ntk4j.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.gaussian.GraphForm;
import org.ntk4j.gaussian.GraphPairs;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** An activation's two ways to say its expectations. */
class GraphFormTest {

    private static final double[] VARIANCES = {0, 1e-6, 0.3, 1, 1.7, 12};
    private static final double[] CORRELATIONS = {-1, -1 + 1e-9, -0.99, -0.5, 0, 1e-9, 0.3, 0.95, 1 - 1e-6, 1};

    @ParameterizedTest
    @ValueSource(strings = {"relu", "{leakyRelu: {alpha: 0.2}}", "{abRelu: {a: -0.5, b: 1.2}}", "{abRelu: {a: 1.5, b: 1.5}}", "abs", "erf",
            "{erf: {a: 0.7, b: 1.3, c: 0.2}}", "sigmoidLike",
        "gelu", "sin", "{sin: {a: 2, b: 0.4, c: 1}}", "{cos: {a: 0.8, b: 1.1, c: 0.4}}", "{rbf: {gamma: 0.5}}", "{exp: {a: 0.7, b: 0.3}}",
                "{gaussian: {b: -0.3}}", "{gaussian: {a: 2, b: 0.01}}",
        "gabor", "expNormalized", "{expNormalized: {gamma: 0.7, shift: -0.3}}", "sign", "{rectifiedMonomial: {degree: 1}}",
                "{rectifiedMonomial: {degree: 2}}", "{rectifiedMonomial: {degree: 5}}", "{monomial: {degree: 1}}",
                "{monomial: {degree: 2}}",
        "{monomial: {degree: 5}}", "{hermite: {degree: 1}}", "{hermite: {degree: 3}}", "{hermite: {degree: 4}}",
                "{polynomial: {coefficients: [0.3]}}", "{polynomial: {coefficients: [0.3, 1, -0.2, 0.1]}}"})
    void should_say_the_same_twice(String activation) {
        Activation phi = (Activation) Network.parse("[{dense: {units: 1}}, " + activation + "]").layers(Shape.of(1)).layers().get(1);
        List<double[]> all = new ArrayList<>();
        for (double q : VARIANCES) {
            for (double other : VARIANCES) {
                for (double rho : CORRELATIONS) {
                    if (Math.abs(rho) < 1 || q == other) {
                        all.add(new double[] {q, other, q == other ? rho * q : rho * Math.sqrt(q) * Math.sqrt(other)});
                    }
                }
            }
        }
        Pairs expected = pairs(all, 0, 1, 2);
        Pairs left = pairs(all, 0, 0, 0);
        Pairs right = pairs(all, 1, 1, 1);
        phi.expectations(expected);
        phi.expectations(left);
        phi.expectations(right);
        double[][] values = graph(phi, all);
        for (int i = 0; i < expected.n; i++) {
            String pair = activation + " at " + all.get(i)[0] + ", " + all.get(i)[1] + ", " + all.get(i)[2];
            // Next to ±1 an angle is off by the square root of rounding.
            double near = Math.abs(expected.rho[i]) > 0.999 && Math.abs(expected.rho[i]) < 1 ? 1e-11 : 1e-13;
            assertThat(values[0][i]).as(pair).isCloseTo(expected.value[i],
                    within(near * Math.sqrt(left.value[i] * right.value[i]) + 1e-300));
            assertThat(values[1][i]).as(pair).isCloseTo(expected.slope[i],
                    within(near * Math.sqrt(left.slope[i] * right.slope[i]) + 1e-300));
            assertThat(values[2][i]).as("mean " + pair).isCloseTo(phi.mean(all.get(i)[0]), within(1e-13 * (1 + Math.sqrt(left.value[i]))));
        }
    }

    private static Pairs pairs(List<double[]> all, int q11, int q22, int q12) {
        return Pairs.of(all.stream().mapToDouble(p -> p[q11]).toArray(), all.stream().mapToDouble(p -> p[q22]).toArray(),
                all.stream().mapToDouble(p -> p[q12]).toArray());
    }

    private static double[][] graph(Activation phi, List<double[]> all) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            GraphPairs pairs = new GraphPairs(term(tf, all, 0), term(tf, all, 1), term(tf, all, 2));
            GraphForm.Expectations e = phi.graph().orElseThrow().of(pairs);
            GraphTerm slope = e.slope() == null ? pairs.q12().times(0) : e.slope();
            try (Session session = new Session(graph);
                    Result result = session.runner().fetch(tf.identity(e.value().op())).fetch(tf.identity(slope.op()))
                            .fetch(tf.identity(phi.mean(pairs.q11()).op())).run()) {
                return IntStream.range(0, 3).mapToObj(i -> {
                    double[] values = new double[all.size()];
                    ((TFloat64) result.get(i)).asRawTensor().data().asDoubles().read(values);
                    return values;
                }).toArray(double[][]::new);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static GraphTerm term(Ops tf, List<double[]> all, int which) {
        return new GraphTerm(tf, (Operand<TFloating>) (Operand<?>) tf.constant(all.stream().mapToDouble(p -> p[which]).toArray()));
    }
}
