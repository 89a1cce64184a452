package org.ntk4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Monitor;

class TiledProductTest {

    /** Three panels, the last a narrow one. Small whole numbers, so that all sums are exact. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void products_should_be_right_one_after_the_other_with_few_vectors_and_many(boolean symmetric) {
        int n = 300;
        int m = symmetric ? n : 170;
        double[] values = new double[n * m];
        Arrays.setAll(values, i -> (i / m * (i % m) + i / m + i % m) % 11 - 5);
        Kernel kernel = symmetric ? Kernel.symmetric("k", n, values) : Kernel.of("k", n, m, values);
        try (KernelProduct product = kernel.product(2, Monitor.silent())) {
            for (int k : new int[] {2, 13, 1, 200, 2}) {
                double[] b = new double[m * k];
                Arrays.setAll(b, i -> i % 7 - 3);
                assertThat(product.times(b, k)).as("%d vectors", k).isEqualTo(sums(values, n, m, b, k));
            }
        }
    }

    private static double[] sums(double[] values, int n, int m, double[] b, int k) {
        double[] sums = new double[n * k];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                for (int c = 0; c < k; c++) {
                    sums[i * k + c] += values[i * m + j] * b[j * k + c];
                }
            }
        }
        return sums;
    }
}
