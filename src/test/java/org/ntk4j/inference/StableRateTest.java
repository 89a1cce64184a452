package org.ntk4j.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.finite.EmpiricalKernel;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.Lanczos;
import org.ntk4j.kernel.StoredProduct;
import org.ntk4j.network.Network;
import org.ntk4j.base.Precision;

/** Linearised networks at the edge of the largest stable learning rate, step by step: ten random ones, of all outputs with all outputs. */
class StableRateTest {

    private static final int N = 6;
    private static final int K = 3;
    private static final int STEPS = 1000;

    /** A kernel with its largest eigenvalue. */
    private record Edge(Kernel theta, double largest) {

        static Edge of(int seed) {
            Kernel theta = StableRateTest.theta(seed);
            try (StoredProduct product = StoredProduct.of(theta)) {
                return new Edge(theta, Lanczos.largest(product, Monitor.silent()));
            }
        }
    }

    /** One for each seed: every rule has its edge on the same kernels. */
    private static final List<Edge> EDGES = IntStream.range(0, 10).mapToObj(Edge::of).toList();

    private static Kernel theta(int seed) {
        Random random = new Random(seed);
        String activation = new String[] {"relu", "erf", "gelu", "sin"}[random.nextInt(4)];
        FiniteNetwork network = Network.parse("[{dense: {units: " + (4 + random.nextInt(20)) + ", wStd: 1.4, bStd: 0.1}}, " + activation
                + ", {dense: {units: " + (4 + random.nextInt(20))
                + ", wStd: 1.4}}, " + activation + ", {dense: {units: 3}}]").init(seed).outputs(K).precision(Precision.FLOAT64)
                        .on(Cases.settings());
        Inputs x = Cases.inputs(seed, N, 5);
        return new EmpiricalKernel(network).full(x, Monitor.silent());
    }

    private static double[][] targets() {
        double[][] y = new double[N][K];
        for (int i = 0; i < N; i++) {
            y[i][i % K] = 1;
        }
        return y;
    }

    private static double size(FunctionSteps steps, int... at) {
        double[][][] f;
        try {
            f = steps.run(new double[N][K], targets(), at).train();
        } catch (Failure e) {
            assertThat(e).hasMessageContaining("diverged");
            return Double.POSITIVE_INFINITY;
        }
        return Arrays.stream(f[f.length - 1]).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({"GRADIENT_DESCENT, 0", "MOMENTUM, 0.9", "NESTEROV, 0.9", "NESTEROV, 0.5"})
    void squared_errors_converge_below_it_and_diverge_above(LearningRates.Rule rule, double momentum) {
        for (int seed = 0; seed < 10; seed++) {
            Kernel theta = EDGES.get(seed).theta;
            double stable = LearningRates.largestStable(rule, momentum, LearningRates.Loss.MSE, EDGES.get(seed).largest, N, K);
            FunctionSteps below = FunctionSteps.of(theta, LossGradient.mse(), 0.98 * stable).rule(rule, momentum);
            assertThat(size(below, STEPS)).as("seed %d, 0.98", seed).isLessThan(10);
            FunctionSteps above = FunctionSteps.of(theta, LossGradient.mse(), 1.02 * stable).rule(rule, momentum);
            assertThat(size(above, STEPS)).as("seed %d, 1.02", seed).isGreaterThan(1e6);
        }
    }

    /** The bound is sufficient only. */
    @ParameterizedTest
    @CsvSource({"GRADIENT_DESCENT, 0", "MOMENTUM, 0.9", "NESTEROV, 0.9"})
    void cross_entropy_never_diverges_below_it(LearningRates.Rule rule, double momentum) {
        double[][] y = targets();
        for (int seed = 0; seed < 10; seed++) {
            Kernel theta = EDGES.get(seed).theta;
            double stable = LearningRates.largestStable(rule, momentum, LearningRates.Loss.CROSS_ENTROPY, EDGES.get(seed).largest, N, K);
            double[][][] f = FunctionSteps.of(theta, LossGradient.crossEntropy(), 0.98 * stable).rule(rule, momentum)
                    .run(new double[N][K], y, 100, 500, STEPS).train();
            double[] losses = Arrays.stream(f).mapToDouble(now -> loss(now, y)).toArray();
            assertThat(losses[2]).as("seed %d", seed).isLessThan(Math.log(K)).isLessThanOrEqualTo(losses[0] + 1e-3);
        }
    }

    private static double loss(double[][] f, double[][] y) {
        double sum = 0;
        for (int i = 0; i < f.length; i++) {
            double most = Arrays.stream(f[i]).max().orElseThrow();
            double normaliser = most + Math.log(Arrays.stream(f[i]).map(v -> Math.exp(v - most)).sum());
            for (int c = 0; c < f[i].length; c++) {
                sum += y[i][c] * (normaliser - f[i][c]) / f.length;
            }
        }
        return sum;
    }
}
