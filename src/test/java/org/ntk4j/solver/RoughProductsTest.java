package org.ntk4j.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.KernelProduct;

/** Conjugate gradients with products that are right to seven digits only. */
class RoughProductsTest {

    private static final int N = 120;
    private static final int K = 3;

    /** A kernel that counts its products, exact ones and those to float32. */
    private static final class Counted implements KernelProduct {

        private final double[] values;
        private int exact;
        private int rough;

        Counted(double[] eigenvalues) {
            double[] a = new Random(1).doubles(N * N).map(v -> v - 0.5).toArray();
            double[] q = orthonormal(a);
            double[] scaled = q.clone();
            for (int i = 0; i < N * N; i++) {
                scaled[i] *= eigenvalues[i % N];
            }
            values = Blas.product(false, true, N, N, N, scaled, q);
        }

        @Override
        public int rows() {
            return N;
        }

        @Override
        public int columns() {
            return N;
        }

        @Override
        public double[] times(double[] b, int k) {
            exact++;
            return Blas.product(false, false, N, k, N, values, b);
        }

        @Override
        public Optional<double[]> roughly(double[] b, int k) {
            rough++;
            double[] product = new double[N * k];
            for (int i = 0; i < N; i++) {
                for (int c = 0; c < k; c++) {
                    float sum = 0;
                    for (int j = 0; j < N; j++) {
                        sum += (float) values[i * N + j] * (float) b[j * k + c];
                    }
                    product[i * k + c] = sum;
                }
            }
            return Optional.of(product);
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }

    /** By Gram and Schmidt, twice. */
    private static double[] orthonormal(double[] a) {
        for (int j = 0; j < N; j++) {
            for (int pass = 0; pass < 2; pass++) {
                for (int i = 0; i < j; i++) {
                    double dot = 0;
                    for (int r = 0; r < N; r++) {
                        dot += a[r * N + i] * a[r * N + j];
                    }
                    for (int r = 0; r < N; r++) {
                        a[r * N + j] -= dot * a[r * N + i];
                    }
                }
            }
            double norm = 0;
            for (int r = 0; r < N; r++) {
                norm += a[r * N + j] * a[r * N + j];
            }
            for (int r = 0; r < N; r++) {
                a[r * N + j] /= Math.sqrt(norm);
            }
        }
        return a;
    }

    private static double[] eigenvalues(double condition) {
        double[] values = new double[N];
        for (int i = 0; i < N; i++) {
            values[i] = Math.pow(condition, -i / (N - 1.0));
        }
        return values;
    }

    private static ConjugateGradients.Solution solve(Counted kernel, double[] b, double goal) {
        return ConjugateGradients.solve(kernel, 0, b, K, new double[b.length], Preconditioner.none(),
                new ConjugateGradients.Goal(goal, 20_000, (x, products) -> { }), Monitor.silent());
    }

    private static double[] targets() {
        return new Random(2).doubles(N * K).map(v -> v - 0.5).toArray();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 10, 1e2, 1e3, 1e4})
    void a_solution_should_be_right_to_the_residual_that_was_asked_for_with_few_exact_products(double condition) {
        Counted kernel = new Counted(eigenvalues(condition));
        double[] b = targets();
        ConjugateGradients.Solution solution = solve(kernel, b, 1e-11);
        assertThat(solution.reached()).isTrue();
        assertThat(kernel.exact).isLessThanOrEqualTo(7);
        assertThat(kernel.rough).isGreaterThanOrEqualTo(kernel.exact);
        assertThat(solution.iterations()).isEqualTo(kernel.exact + kernel.rough);
        double[] back = kernel.times(solution.x(), K);
        assertThat(back).containsExactly(b, within(1e-10));
        for (int i = 0; i < b.length; i++) {
            assertThat(solution.residual()[i]).isCloseTo(b[i] - back[i], within(1e-15));
        }
    }

    /** Beyond what float32 can tell, rough products gain nothing, and exact ones take over. */
    @ParameterizedTest
    @ValueSource(doubles = {1e5, 1e6})
    void products_should_be_exact_where_rough_ones_gain_nothing(double condition) {
        Counted kernel = new Counted(eigenvalues(condition));
        ConjugateGradients.Solution solution = solve(kernel, targets(), 1e-6);
        assertThat(solution.reached()).isTrue();
        assertThat(solution.relative()).isLessThanOrEqualTo(1e-6);
        assertThat(kernel.exact).isGreaterThan(kernel.rough);
    }

    @Test
    void a_negative_curvature_should_be_told_only_from_exact_products() {
        double[] values = eigenvalues(10);
        values[N - 1] = -0.5;
        Counted kernel = new Counted(values);
        assertThatThrownBy(() -> solve(kernel, targets(), 1e-11)).isInstanceOf(Failure.class).hasMessageContaining("not positive definite");
        assertThat(kernel.exact).isPositive();
    }
}
