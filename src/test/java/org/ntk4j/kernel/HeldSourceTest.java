package org.ntk4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;

/** Values that are computed once and stay, in memory and in files. */
class HeldSourceTest {

    /** Two rows of tiles. */
    private static final int N = 2100;

    @TempDir
    Path folder;

    /** A symmetric function of two numbers. */
    private static double value(int i, int j) {
        return Math.cos(0.01 * (i + j)) / (1 + Math.abs(i - j)) + (i == j ? 2 : 0);
    }

    /** Counts the values that are read, and stops at a row. */
    private static final class Counting implements KernelSource {

        private final AtomicLong read = new AtomicLong();
        private int stop = Integer.MAX_VALUE;
        private int nan = -1;

        @Override
        public int threads() {
            return 1;
        }

        @Override
        public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
            if (fromRow >= stop) {
                throw Failure.cancelled("stopped at row " + fromRow);
            }
            read.addAndGet((long) (toRow - fromRow) * (toColumn - fromColumn));
            for (int i = fromRow; i < toRow; i++) {
                for (int j = fromColumn; j < toColumn; j++) {
                    target[(i - fromRow) * (toColumn - fromColumn) + j - fromColumn] = i == nan && j == nan ? Double.NaN : value(i, j);
                }
            }
        }

        @Override
        public void tiles(TileVisitor visitor, Monitor monitor) {
            throw new UnsupportedOperationException();
        }
    }

    private static HeldSource held(Counting source, boolean single, Optional<Path> folder, String key) {
        return HeldSource.of(Kernel.computed("k", N, N, true, source), new HeldSource.Place(single, folder, key), 2, Monitor.silent());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void values_should_be_computed_once(boolean inFiles) {
        Counting source = new Counting();
        try (HeldSource held = held(source, false, inFiles ? Optional.of(folder) : Optional.empty(), "one")) {
            Kernel kernel = held.kernel();
            assertThat(kernel.get(7, 2090)).isEqualTo(value(7, 2090));
            assertThat(kernel.get(2090, 7)).isEqualTo(value(7, 2090));
            long once = source.read.get();
            assertThat(once).isLessThan((long) N * N * 3 / 4);
            double[] x = new Random(1).doubles(N * 3).toArray();
            double[] product;
            try (KernelProduct product1 = kernel.product(Monitor.silent())) {
                product = product1.times(x, 3);
            }
            for (int i : new int[] {0, 700, 2047, 2048, 2099}) {
                double sum = 0;
                for (int j = 0; j < N; j++) {
                    sum += value(i, j) * x[j * 3 + 1];
                }
                assertThat(product[i * 3 + 1]).isCloseTo(sum, within(1e-10));
            }
            double[] rows = new double[2 * N];
            kernel.rows(new int[] {3, 2050}, rows);
            assertThat(rows[N + 11]).isEqualTo(value(2050, 11));
            assertThat(source.read.get()).isEqualTo(once);
            assertThat(kernel.diagonal()[5]).isEqualTo(value(5, 5));
        }
    }

    @Test
    void values_of_float32_should_be_rounded_once() {
        try (HeldSource held = held(new Counting(), true, Optional.empty(), "one")) {
            assertThat(held.kernel().get(3, 2060)).isEqualTo((float) value(3, 2060));
        }
    }

    @Test
    void what_was_stopped_should_go_on() {
        Counting first = new Counting();
        first.stop = HeldSource.layout(N).top(1);
        try (HeldSource held = held(first, false, Optional.of(folder), "one")) {
            assertThatThrownBy(() -> held.kernel().get(0, 0)).isInstanceOf(Failure.class)
                    .hasMessageContaining("stopped at row " + first.stop);
        }
        Counting second = new Counting();
        try (HeldSource held = held(second, false, Optional.of(folder), "one")) {
            assertThat(held.kernel().get(100, 2000)).isEqualTo(value(100, 2000));
            assertThat(held.kernel().get(2070, 2060)).isEqualTo(value(2060, 2070));
        }
        // The rows from 1,280 on, in blocks of 640.
        assertThat(second.read.get()).isEqualTo(640L * 640 + 640 * 180 + 180 * 180);
        Counting other = new Counting();
        try (HeldSource held = held(other, false, Optional.of(folder), "two")) {
            assertThat(held.kernel().get(100, 2000)).isEqualTo(value(100, 2000));
        }
        assertThat(other.read.get()).as("another kernel's values were taken").isGreaterThan((long) N * N / 2);
    }

    @Test
    void a_value_that_is_not_finite_should_be_named() {
        Counting source = new Counting();
        source.nan = 1234;
        try (HeldSource held = held(source, true, Optional.empty(), "one")) {
            assertThatThrownBy(() -> held.kernel().get(0, 0)).isInstanceOf(Failure.class).hasMessageContaining("row 1234, column 1234");
        }
    }
}
