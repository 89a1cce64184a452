package org.ntk4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.report.FunctionMetrics;

/** Predicted errors against many regressions on examples drawn from a sphere. */
class EigenlearningTest {

    private static final int M = 240;

    private static final int DIMENSION = 8;

    /** Of points on a sphere: {@code exp(2 cos θ)}. */
    private static Kernel kernel(double[][] x) {
        double[] values = new double[M * M];
        for (int i = 0; i < M; i++) {
            for (int j = 0; j <= i; j++) {
                double cosine = 0;
                for (int d = 0; d < DIMENSION; d++) {
                    cosine += x[i][d] * x[j][d];
                }
                values[i * M + j] = Math.exp(2 * cosine);
                values[j * M + i] = values[i * M + j];
            }
        }
        return Kernel.symmetric("sphere", M, values);
    }

    private static double[][] points() {
        Random random = new Random(7);
        double[][] x = new double[M][DIMENSION];
        for (double[] row : x) {
            double squares = 0;
            for (int d = 0; d < DIMENSION; d++) {
                row[d] = random.nextGaussian();
                squares += row[d] * row[d];
            }
            for (int d = 0; d < DIMENSION; d++) {
                row[d] /= Math.sqrt(squares);
            }
        }
        return x;
    }

    @ParameterizedTest
    @CsvSource({"15, 0", "40, 0", "70, 0", "40, 0.5"})
    void should_be_what_regressions_find(int n, double ridge) {
        double[][] x = points();
        Kernel kernel = kernel(x);
        double[][] y = new double[M][1];
        for (int i = 0; i < M; i++) {
            y[i][0] = x[i][0] + 2 * x[i][1] * x[i][2];
        }
        Eigenlearning expected = Eigenlearning.of(kernel, y, n, ridge);
        Random random = new Random(3);
        double sum = 0;
        int draws = 100;
        for (int d = 0; d < draws; d++) {
            double[] keys = random.doubles(M).toArray();
            int[] order = IntStream.range(0, M).boxed().sorted(Comparator.comparingDouble(i -> keys[i])).mapToInt(Integer::intValue)
                    .toArray();
            sum += error(kernel, y, order, n, ridge) / draws;
        }
        assertThat(expected.mse()).isCloseTo(sum, within(0.12 * sum));
        assertThat(expected.learnability()[0]).isGreaterThan(expected.learnability()[20]).isBetween(0.5, 1.0);
        assertThat(IntStream.range(0, M).mapToDouble(i -> expected.learnability()[i]).sum() + ridge / expected.kappa())
                .as("they sum up to n").isCloseTo(n, within(1e-6));
    }

    private static double error(Kernel kernel, double[][] y, int[] order, int n, double ridge) {
        double[] train = new double[n * n];
        double[] test = new double[(M - n) * n];
        double[][] known = new double[n][];
        double[][] rest = new double[M - n][];
        for (int i = 0; i < M; i++) {
            for (int j = 0; j < n; j++) {
                if (i < n) {
                    train[i * n + j] = kernel.get(order[i], order[j]);
                } else {
                    test[(i - n) * n + j] = kernel.get(order[i], order[j]);
                }
            }
            if (i < n) {
                known[i] = y[order[i]];
            } else {
                rest[i - n] = y[order[i]];
            }
        }
        return FunctionMetrics.mse(Regression.of(Kernel.symmetric("train", n, train)).absoluteRidge(ridge).fit(known)
                .predict(Kernel.of("test", M - n, n, test)), rest);
    }
}
