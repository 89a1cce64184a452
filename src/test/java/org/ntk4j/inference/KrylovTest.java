package org.ntk4j.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.Kernel;

/** The Krylov space gives what the eigendecomposition gives. */
class KrylovTest {

    /** Of one right-hand side: more columns than that add nothing to a kernel whose eigenvalues fall so fast. */
    private static final int MOST_DIRECTIONS = 800;
    private static final int M = 40;

    private final Random random = new Random(4);

    private double[] draw(int count) {
        return random.doubles(count, -1, 1).toArray();
    }

    private static double[][] column(double[] values) {
        double[][] rows = new double[values.length][1];
        for (int i = 0; i < rows.length; i++) {
            rows[i][0] = values[i];
        }
        return rows;
    }

    /** Eigenvalues that fall over many decades, as those of tangent kernels do. */
    private double[] factor(int rows, int directions) {
        double[] a = draw(rows * directions);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < directions; j++) {
                a[i * directions + j] *= Math.pow(j + 1, -1.5);
            }
        }
        return a;
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 700})
    void every_rule_and_moment_should_agree(int n) {
        agree(n);
    }

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(ints = {1500, 3000})
    void every_rule_and_moment_should_agree_in_large(int n) {
        agree(n);
    }

    private void agree(int n) {
        int directions = Math.min(n, MOST_DIRECTIONS);
        double[] a = factor(n + M, directions);
        double[] all = Blas.product(false, true, n + M, n + M, directions, a, a);
        double[] train = new double[n * n];
        double[] test = new double[M * n];
        for (int i = 0; i < n + M; i++) {
            System.arraycopy(all, i * (n + M), i < n ? train : test, (i < n ? i : i - n) * n, n);
        }
        Kernel kTrain = Kernel.symmetric("k", n, train);
        Kernel kTest = Kernel.of("k", M, n, test);
        double[] f0 = draw(n);
        double[] y = draw(n);
        double[] f0Test = draw(M);
        double rate = 1.2 * n / kTrain.spectrum().maxEigenvalue();
        List<Moment> moments = List.of(Moment.steps(0), Moment.steps(7).learningRate(rate), Moment.steps(500).learningRate(rate),
                Moment.steps(20000).learningRate(rate),
                Moment.steps(300).learningRate(rate).momentum(0.9), Moment.steps(3000).learningRate(rate).nesterov(0.9),
                        Moment.flow(1000 * rate));
        Curves curves = Dynamics.of(kTrain).from(column(f0)).fit(column(y));
        double[][][] onTrain = curves.train(moments.toArray(Moment[]::new));
        double[][][] onTest = curves.test(kTest, column(f0Test), moments.toArray(Moment[]::new));
        Krylov space = Krylov.of(kTrain, f0, y, moments, Monitor.silent());
        double[][] foundTrain = space.train();
        double[][] foundTest = space.test(kTest, f0Test);
        for (int s = 0; s < moments.size(); s++) {
            for (int i = 0; i < n; i++) {
                assertThat(Math.abs(foundTrain[s][i] - onTrain[s][i][0])).as("%s train %d", moments.get(s), i).isLessThan(1e-8);
            }
            for (int i = 0; i < M; i++) {
                assertThat(Math.abs(foundTest[s][i] - onTest[s][i][0])).as("%s test %d", moments.get(s), i).isLessThan(1e-8);
            }
        }
        assertThat(Krylov.of(kTrain, f0, y, moments.subList(0, 2), Monitor.silent()).size()).as("few steps need few vectors")
                .isLessThanOrEqualTo(20);
    }

    @Test
    void nothing_to_learn_and_divergence_should_be_told() {
        Kernel k = Kernel.of(new double[][] {{2, 1}, {1, 2}});
        double[] f0 = {0.5, -1};
        assertThat(Krylov.of(k, f0, f0, List.of(Moment.steps(3).learningRate(0.1)), Monitor.silent()).train()[0]).containsExactly(0.5, -1);
        assertThat(Krylov.of(k, f0, new double[] {1, 1}, List.of(Moment.steps(100000).learningRate(0.1)), Monitor.silent()).train()[0])
                .satisfies(f -> {
            assertThat(Math.abs(f[0] - 1)).isLessThan(1e-12);
            assertThat(Math.abs(f[1] - 1)).isLessThan(1e-12);
        });
        assertThatThrownBy(() -> Krylov.of(k, f0, new double[] {1, 1}, List.of(Moment.steps(100000).learningRate(10)), Monitor.silent()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("diverged");
    }
}
