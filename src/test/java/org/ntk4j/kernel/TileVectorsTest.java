package org.ntk4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.tiles.TileLayout;
import org.ntk4j.kernel.tiles.TileStore;

class TileVectorsTest {

    @TempDir
    Path folder;

    /** A symmetric matrix, whatever stands below the diagonal of its tiles. */
    private static double[] fill(TileStore store, int n) {
        Random random = new Random(n);
        double[] k = new double[n * n];
        double[] row = new double[n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                double value = j < i ? Double.NaN : random.nextGaussian();
                row[j] = store.isSingle() ? (float) value : value;
                k[i * n + j] = row[j];
            }
            store.put(i, 0, 1, n, row);
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                k[i * n + j] = k[j * n + i];
            }
        }
        return k;
    }

    private static void assertProducts(TileStore store, int n) {
        double[] k = fill(store, n);
        for (int count : new int[] {1, 3, 10}) {
            double[] b = new Random(count).doubles((long) n * count).map(v -> v - 0.5).toArray();
            double[] product = TileVectors.times(store, b, count, false, 1, Monitor.silent());
            assertThat(product).containsExactly(Blas.product(false, false, n, count, n, k, b), within(1e-13 * n));
            for (int threads = 2; threads < 5; threads++) {
                assertThat(TileVectors.times(store, b, count, false, threads, Monitor.silent())).isEqualTo(product);
            }
        }
    }

    /** In float32 to its digits, whatever the size of the vectors is, and to the bit with any number of threads. */
    @ParameterizedTest
    @CsvSource({"1, 1", "5, 8", "150, 37", "203, 100", "700, 600"})
    void products_in_float32_should_be_right_to_its_digits(int n, int side) {
        try (TileStore store = TileStore.inMemory(TileLayout.ofSquares(n, side), true)) {
            double[] k = fill(store, n);
            double[] sizes = Arrays.stream(k).map(Math::abs).toArray();
            double[] b = new Random(n).doubles(n * 3L).map(v -> v - 0.5).toArray();
            for (int i = 0; i < n; i++) {
                b[i * 3] *= 1e-200;
                b[i * 3 + 1] *= 1e250;
            }
            double[] exact = Blas.product(false, false, n, 3, n, k, b);
            double[] most = Blas.product(false, false, n, 3, n, sizes, Arrays.stream(b).map(Math::abs).toArray());
            double[] product = TileVectors.times(store, b, 3, true, 1, Monitor.silent());
            for (int i = 0; i < exact.length; i++) {
                assertThat(product[i]).isCloseTo(exact[i], within(2e-7 * most[i]));
            }
            for (int threads = 2; threads < 5; threads++) {
                assertThat(TileVectors.times(store, b, 3, true, threads, Monitor.silent())).isEqualTo(product);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "3, 2, 2", "3, 2, 4", "5, 8, 8", "64, 16, 16", "64, 16, 48", "150, 37, 37", "150, 37, 74", "150, 200, 200",
            "150, 200, 400", "203, 100, 100", "203, 20, 100"})
    void products_should_be_those_of_the_whole_matrix_to_the_bit_with_any_number_of_threads(int n, int tall, int wide) {
        TileLayout layout = new TileLayout(n, tall, wide);
        for (boolean single : new boolean[] {true, false}) {
            try (TileStore store = TileStore.inMemory(layout, single)) {
                assertProducts(store, n);
            }
            try (TileStore store = TileStore.inFolder(layout, single, folder)) {
                assertProducts(store, n);
                store.delete();
            }
        }
    }

    /** So large that a kernel's product goes this way. */
    @ParameterizedTest
    @CsvSource({"512, 512", "400, 1200"})
    void large_kernels_in_tiles_should_be_multiplied_to_the_bit_with_any_number_of_threads(int tall, int wide) {
        int n = 2053;
        try (TileStore store = TileStore.inMemory(new TileLayout(n, tall, wide), true)) {
            double[] k = fill(store, n);
            double[] b = new Random(3).doubles(n * 2L).toArray();
            double[] product = Kernel.inTiles("k", store).product(1, Monitor.silent()).times(b, 2);
            assertThat(product).containsExactly(Blas.product(false, false, n, 2, n, k, b), within(1e-10));
            assertThat(Kernel.inTiles("k", store).product(3, Monitor.silent()).times(b, 2)).isEqualTo(product);
            store.put(700, 1900, 1, 1, new double[] {Double.POSITIVE_INFINITY});
            assertThatThrownBy(() -> Kernel.inTiles("k", store).product(2, Monitor.silent()).times(b, 2)).isInstanceOf(Failure.class)
                    .hasMessageContaining("row 700, column 1900 is Infinity");
            Monitor cancelled = Monitor.quiet(() -> true, line -> { });
            assertThatThrownBy(() -> Kernel.inTiles("k", store).product(2, cancelled).times(b, 2)).isInstanceOf(Failure.class)
                    .hasMessageContaining("stopped");
        }
    }
}
