package org.ntk4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The factor and the matrix that lies beside it, at sizes around those of its blocks. */
class CholeskyTest {

    private static final double SHIFT = 0.5;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 255, 256, 257, 513})
    void should_solve_and_multiply_as_the_matrix_does(int n) {
        double[] matrix = positive(n);
        for (int k : new int[] {1, 2, 7}) {
            double[] x = new Random(k).doubles((long) n * k).map(v -> v - 0.5).toArray();
            double[] plain = Blas.product(false, false, n, k, n, matrix, x);
            double[] shifted = new double[n * k];
            for (int i = 0; i < shifted.length; i++) {
                shifted[i] = plain[i] + SHIFT * x[i];
            }
            try (Cholesky factor = Cholesky.of(matrix, n, SHIFT).orElseThrow()) {
                assertThat(factor.times(x, k)).as("the product knows nothing of the shift").containsExactly(plain, within(1e-12 * n));
                assertThat(factor.solve(shifted, k)).containsExactly(x, within(1e-10 * n));
                assertThat(factor.times(x, k)).as("solving leaves the matrix as it is").containsExactly(plain, within(1e-12 * n));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 257})
    void should_turn_the_matrix_into_one_by_its_inverse(int n) {
        double[] matrix = positive(n);
        try (Cholesky factor = Cholesky.of(matrix, n, 0).orElseThrow(); Cholesky again = Cholesky.of(matrix, n, 0).orElseThrow()) {
            double[] inverse = factor.inverse();
            double[] one = Blas.product(false, false, n, n, n, inverse, matrix);
            double[] diagonal = again.inverseDiagonal();
            for (int i = 0; i < n; i++) {
                assertThat(diagonal[i]).isCloseTo(inverse[i * n + i], within(1e-14));
                for (int j = 0; j < n; j++) {
                    assertThat(one[i * n + j]).isCloseTo(i == j ? 1 : 0, within(1e-10 * n));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 257})
    void should_tell_the_first_pivot_that_is_not_positive(int n) {
        double[] matrix = positive(n);
        int bad = n / 2;
        matrix[bad * n + bad] = -1;
        assertThat(Cholesky.pivot(matrix, n, 0)).hasValue(bad);
        assertThat(Cholesky.of(matrix, n, 0)).isEmpty();
    }

    /** {@code BBᵀ/n + 1} of random numbers. */
    private static double[] positive(int n) {
        double[] b = new Random(n).doubles((long) n * n).map(v -> v - 0.5).toArray();
        double[] matrix = Blas.product(false, true, n, n, n, b, b);
        for (int i = 0; i < matrix.length; i++) {
            matrix[i] = matrix[i] / n + (i % (n + 1) == 0 ? 1 : 0);
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                matrix[i * n + j] = matrix[j * n + i];
            }
        }
        return matrix;
    }
}
