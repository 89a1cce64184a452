package org.ntk4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Products with a matrix outside the heap are those of an array. */
class NativeMatrixTest {

    private static final int ROWS = 5;
    private static final int COLUMNS = 8;

    private final double[] values = new Random(0).doubles(ROWS * COLUMNS).toArray();

    @Test
    void should_multiply_as_an_array_does() {
        try (NativeMatrix matrix = NativeMatrix.of(values, ROWS, COLUMNS)) {
            for (int k : new int[] {1, 3}) {
                double[] right = new Random(1).doubles(COLUMNS * k).toArray();
                double[] left = new Random(2).doubles(ROWS * k).toArray();
                assertThat(matrix.times(right, k)).containsExactly(Blas.product(false, false, ROWS, k, COLUMNS, values, right),
                        within(1e-14));
                assertThat(matrix.transposedTimes(left, k)).containsExactly(Blas.product(true, false, COLUMNS, k, ROWS, values, left),
                        within(1e-14));
                try (NativeMatrix product = NativeMatrix.of(values, ROWS, COLUMNS).replacedByProduct(left, k)) {
                    double[] expected = Blas.product(false, false, k, COLUMNS, ROWS, left, values);
                    assertThat(product.times(ones(), 1)).containsExactly(Blas.product(false, false, k, 1, COLUMNS, expected, ones()),
                            within(1e-13));
                }
            }
            assertThat(matrix.square()).containsExactly(Blas.product(false, true, ROWS, ROWS, COLUMNS, values, values), within(1e-14));
        }
    }

    @Test
    void should_take_a_product_with_its_first_rows_from_another() {
        int depth = 3;
        int height = 2;
        double[] left = new Random(3).doubles(height * depth).toArray();
        double[] expected = new Random(4).doubles(height * COLUMNS).toArray();
        double[] target = expected.clone();
        Blas.gemm(false, false, height, COLUMNS, depth, -1, left, values, 1, expected);
        try (NativeMatrix matrix = NativeMatrix.empty(ROWS, COLUMNS)) {
            matrix.put(0, 2, values, 0);
            matrix.put(2, ROWS - 2, values, 2 * COLUMNS);
            matrix.subtract(target, left, height, depth);
        }
        assertThat(target).containsExactly(expected, within(1e-14));
    }

    private static double[] ones() {
        double[] ones = new double[COLUMNS];
        Arrays.fill(ones, 1);
        return ones;
    }
}
