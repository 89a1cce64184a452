package org.ntk4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.solver.BlockLanczos;

/** Estimates that are stopped in the middle and go on from what was kept. */
class KeptSourceTest {

    private static final int N = 60;

    @TempDir
    Path folder;

    /** A kernel of features that counts what is asked of it, and stops after so many vectors. */
    private static final class Counting implements KernelSource {

        private final double[] values;
        private final int most;
        private int asked;

        Counting(long seed, int most) {
            double[] a = new Random(seed).doubles(N * 4).toArray();
            this.values = Blas.product(false, true, N, N, 4, a, a);
            this.most = most;
        }

        private void ask(int vectors) {
            asked += vectors;
            if (asked > most) {
                throw Failure.cancelled("stopped");
            }
        }

        @Override
        public int threads() {
            return 1;
        }

        @Override
        public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
            ask(toRow - fromRow);
            for (int i = fromRow; i < toRow; i++) {
                System.arraycopy(values, i * N + fromColumn, target, (i - fromRow) * (toColumn - fromColumn), toColumn - fromColumn);
            }
        }

        @Override
        public void tiles(TileVisitor visitor, Monitor monitor) {
            visitor.visit(0, 0, 0, N, N, values);
        }

        @Override
        public Optional<double[]> diagonal() {
            ask(1);
            double[] diagonal = new double[N];
            Arrays.setAll(diagonal, i -> values[i * N + i]);
            return Optional.of(diagonal);
        }

        @Override
        public Optional<KernelProduct> product(Monitor monitor) {
            return Optional.of(new KernelProduct() {

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
                    ask(k);
                    return Blas.product(false, false, N, k, N, values, b);
                }

                @Override
                public void close() {
                    // Nothing is open.
                }
            });
        }
    }

    private List<Double> estimates(KernelSource source, String key) {
        Kernel kernel = Kernel.computed("k", N, N, true, KeptSource.of(source, folder.resolve("kept"), key, 0));
        KernelSample sample = KernelSample.of(kernel, 10, 0);
        try (KernelProduct product = kernel.product(Monitor.silent())) {
            double largest = BlockLanczos.largest(product, 1e-4, Monitor.silent());
            Estimate rank = sample.effectiveRank(product, 4, 0, Monitor.silent());
            return List.of(sample.trace().value(), sample.frobenius().value(), largest, rank.value(), rank.error());
        }
    }

    @Test
    void what_was_stopped_should_go_on_to_the_same_bits() {
        Counting whole = new Counting(1, Integer.MAX_VALUE);
        Kernel plain = Kernel.computed("k", N, N, true, whole);
        List<Double> expected = estimates(new Counting(1, Integer.MAX_VALUE), "another");
        assertThat(expected.get(1)).isEqualTo(KernelSample.of(plain, 10, 0).frobenius().value());
        int all = 0;
        int runs = 0;
        // Each run comes seven vectors further, wherever it is stopped.
        for (boolean done = false; !done; runs++) {
            Counting some = new Counting(1, 17);
            try {
                assertThat(estimates(some, "one")).isEqualTo(expected);
                done = true;
            } catch (Failure e) {
                assertThat(e.getMessage()).contains("stopped");
            }
            all += Math.min(some.asked, 17);
        }
        Counting again = new Counting(1, Integer.MAX_VALUE);
        assertThat(estimates(again, "one")).isEqualTo(expected);
        assertThat(again.asked).as("computed anew, though all of it was kept").isZero();
        assertThat(runs).isGreaterThan(2);
        assertThat(all).isLessThan(200);
    }

    @Test
    void another_kernel_should_not_find_what_was_kept() {
        List<Double> one = estimates(new Counting(1, Integer.MAX_VALUE), "one");
        List<Double> two = estimates(new Counting(2, Integer.MAX_VALUE), "two");
        assertThat(two).isNotEqualTo(one);
        assertThat(estimates(new Counting(1, 0), "one")).isEqualTo(one);
    }

    @Test
    void what_is_fast_should_leave_no_file() throws IOException {
        Kernel kernel = Kernel.computed("k", N, N, true, KeptSource.of(new Counting(1, Integer.MAX_VALUE), folder.resolve("kept"), "one"));
        assertThat(KernelSample.of(kernel, 10, 0).trace().value()).isPositive();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void a_file_that_was_cut_short_should_be_named() throws IOException {
        estimates(new Counting(1, Integer.MAX_VALUE), "one");
        try (Stream<Path> files = Files.list(folder.resolve("kept"))) {
            for (Path file : files.toList()) {
                Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 100));
            }
        }
        assertThatThrownBy(() -> estimates(new Counting(1, Integer.MAX_VALUE), "one")).isInstanceOf(Failure.class)
                .hasMessageContaining("kept");
    }
}
