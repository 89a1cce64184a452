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
        /** Whether it has products to float32. */
        private final boolean single;
        private int exact;
        private int rough;

        Counted(double[] eigenvalues) {
            this(eigenvalues, true);
        }

        Counted(double[] eigenvalues, boolean single) {
            this.single = single;
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
            if (!single) {
                return Optional.empty();
            }
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
        // At condition 1 there are the first product, which says how rough the others are, and the residual at the end.
        assertThat(kernel.rough).isGreaterThanOrEqualTo(condition > 1 ? kernel.exact : kernel.exact - 1);
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

    /**
     * An input that comes twice leaves an eigenvalue as small as the ridge: rounding to float32 is as large as the product with its
     * eigenvector, and what it leaves there after each step would have to be found again each time that the residual has fallen.
     */
    @ParameterizedTest
    @ValueSource(doubles = {1e-5, 1e-6})
    void few_small_eigenvalues_should_take_half_as_many_products_again_as_in_float64_at_most(double smallest) {
        double[] values = eigenvalues(20);
        values[0] = 20;
        values[N - 2] = 3 * smallest;
        values[N - 1] = smallest;
        for (double goal : new double[] {1e-6, 1e-8}) {
            Counted inFloat64 = new Counted(values, false);
            assertThat(solve(inFloat64, targets(), goal).reached()).isTrue();
            Counted kernel = new Counted(values);
            double[] b = targets();
            ConjugateGradients.Solution solution = solve(kernel, b, goal);
            assertThat(solution.reached()).isTrue();
            assertThat(kernel.exact + kernel.rough).as("%s", goal).isLessThanOrEqualTo(inFloat64.exact * 3 / 2);
            double[] back = kernel.times(solution.x(), K);
            for (int i = 0; i < b.length; i++) {
                assertThat(solution.residual()[i]).isCloseTo(b[i] - back[i], within(1e-14));
            }
        }
    }

    /** The residual grows to several times the targets over hundreds of iterations there, while the solution comes nearer. */
    @Test
    void products_in_float64_should_go_on_where_the_residual_falls_late() {
        Counted kernel = new Counted(eigenvalues(1e6), false);
        ConjugateGradients.Solution solution = solve(kernel, targets(), 1e-6);
        assertThat(solution.reached()).isTrue();
        assertThat(solution.iterations()).isGreaterThan(400);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void it_should_end_where_the_numbers_allow_no_more(boolean single) {
        ConjugateGradients.Solution solution = solve(new Counted(eigenvalues(1e4), single), targets(), 1e-16);
        assertThat(solution.reached()).isFalse();
        assertThat(solution.relative()).isLessThan(1e-11);
        assertThat(solution.iterations()).isLessThan(5000);
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
