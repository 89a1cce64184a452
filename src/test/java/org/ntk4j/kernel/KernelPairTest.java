package org.ntk4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;

/** All distances between two kernels from one way through both, wherever they are. */
class KernelPairTest {

    private static final int N = 23;
    private static final int SIDE = 5;

    /** Computes values in tiles, on several threads in turn, and counts those that it was asked for. */
    private static final class Counting implements KernelSource {

        private final double[] values;
        private final int columns;
        private final boolean symmetric;
        private long read;

        Counting(double[] values, int columns, boolean symmetric) {
            this.values = values;
            this.columns = columns;
            this.symmetric = symmetric;
        }

        Kernel kernel(String name) {
            return Kernel.computed(name, values.length / columns, columns, symmetric, this);
        }

        @Override
        public int threads() {
            return 3;
        }

        @Override
        public void read(int fromRow, int toRow, int fromColumn, int toColumn, double[] target) {
            for (int i = fromRow; i < toRow; i++) {
                System.arraycopy(values, i * columns + fromColumn, target, (i - fromRow) * (toColumn - fromColumn), toColumn - fromColumn);
            }
            read += (long) (toRow - fromRow) * (toColumn - fromColumn);
        }

        @Override
        public void tiles(TileVisitor visitor, Monitor monitor) {
            int tile = 0;
            for (int i = 0; i < values.length / columns; i += SIDE) {
                for (int j = symmetric ? i : 0; j < columns && !monitor.cancelled(); j += SIDE) {
                    int height = Math.min(SIDE, values.length / columns - i);
                    int width = Math.min(SIDE, columns - j);
                    double[] part = new double[height * width];
                    read(i, i + height, j, j + width, part);
                    visitor.visit(tile++ % 3, i, j, height, width, part);
                }
            }
            if (monitor.cancelled()) {
                throw Failure.cancelled("stopped");
            }
        }
    }

    private static double[] symmetric(long seed) {
        Random random = new Random(seed);
        double[] k = new double[N * N];
        for (int i = 0; i < N; i++) {
            for (int j = 0; j <= i; j++) {
                k[i * N + j] = random.nextDouble() + (i == j ? 2 : 0);
                k[j * N + i] = k[i * N + j];
            }
        }
        return k;
    }

    private static void near(KernelPair found, Kernel a, Kernel b) {
        assertThat(found.toB().orElseThrow()).isCloseTo(KernelMetrics.relativeFrobenius(a, b).orElseThrow(), within(1e-13));
        assertThat(found.toA().orElseThrow()).isCloseTo(KernelMetrics.relativeFrobenius(b, a).orElseThrow(), within(1e-13));
        assertThat(found.kernelDistance().orElseThrow()).isCloseTo(KernelMetrics.kernelDistance(a, b).orElseThrow(), within(1e-13));
        assertThat(found.cka().orElseThrow()).isCloseTo(KernelMetrics.cka(a, b).orElseThrow(), within(1e-11));
    }

    @Test
    void each_value_of_both_is_computed_once() {
        Counting first = new Counting(symmetric(1), N, true);
        Counting second = new Counting(symmetric(2), N, true);
        KernelPair found = KernelMetrics.pair(first.kernel("a"), second.kernel("b"), 2, Monitor.silent());
        near(found, Kernel.symmetric("a", N, first.values), Kernel.symmetric("b", N, second.values));
        // Squares along the diagonal, and what lies above them.
        assertThat(first.read).isEqualTo(second.read).isEqualTo((N * N + 4 * SIDE * SIDE + 3 * 3) / 2);
    }

    @Test
    void they_are_the_same_whichever_is_in_the_heap_and_whatever_is_symmetric() {
        double[] values = symmetric(3);
        double[] other = symmetric(4);
        Kernel a = Kernel.symmetric("a", N, values);
        Kernel b = Kernel.symmetric("b", N, other);
        Kernel plain = new Counting(other, N, false).kernel("plain");
        Kernel computed = new Counting(values, N, true).kernel("computed");
        near(KernelMetrics.pair(computed, b, 2, Monitor.silent()), a, b);
        near(KernelMetrics.pair(a, plain, 2, Monitor.silent()), a, b);
        near(KernelMetrics.pair(computed, plain, 2, Monitor.silent()), a, b);
        near(KernelMetrics.pair(plain, computed, 2, Monitor.silent()), b, a);
        double[] rectangle = new Random(5).doubles(N * 7).toArray();
        double[] another = new Random(6).doubles(N * 7).toArray();
        near(KernelMetrics.pair(new Counting(rectangle, 7, false).kernel("a"), Kernel.of("b", N, 7, another), 2, Monitor.silent()),
                Kernel.of("a", N, 7, rectangle), Kernel.of("b", N, 7, another));
    }

    @Test
    void kernels_near_each_other_keep_their_digits() {
        double[] values = symmetric(7);
        double[] moved = symmetric(8);
        for (int i = 0; i < moved.length; i++) {
            moved[i] = values[i] + 1e-7 * moved[i];
        }
        double exact = KernelMetrics.kernelDistance(Kernel.symmetric("a", N, values), Kernel.symmetric("b", N, moved)).orElseThrow();
        double found = KernelMetrics.pair(new Counting(values, N, true).kernel("a"), Kernel.symmetric("b", N, moved), 1, Monitor.silent())
                .kernelDistance().orElseThrow();
        assertThat(exact).isBetween(1e-17, 1e-13);
        assertThat(found).isCloseTo(exact, within(1e-6 * exact));
    }

    @Test
    void progress_is_told_in_values_and_ctrl_c_ends_it() {
        List<String> begun = new ArrayList<>();
        List<Long> done = new ArrayList<>();
        boolean[] stop = {false};
        Monitor silent = Monitor.quiet(() -> stop[0], line -> { });
        Monitor monitor = new Monitor() {
            @Override
            public Task begin(String what, long total) {
                begun.add(what + ", " + total);
                Task task = silent.begin(what, total);
                return new Task() {
                    @Override
                    public void done(long units) {
                        done.add(units);
                    }

                    @Override
                    public void done(long units, String state) {
                        done.add(units);
                    }

                    @Override
                    public void close() {
                        task.close();
                    }
                };
            }

            @Override
            public boolean cancelled() {
                return silent.cancelled();
            }

            @Override
            public void note(String line) {
                silent.note(line);
            }
        };
        Kernel a = new Counting(symmetric(9), N, true).kernel("a");
        Kernel b = new Counting(symmetric(10), N, true).kernel("b");
        KernelMetrics.pair(a, b, 1, monitor);
        assertThat(begun).containsExactly("comparing a with b, " + N + " × " + N + ", " + N * N);
        assertThat(done).isSorted().last().isEqualTo((long) N * N);
        stop[0] = true;
        assertThatThrownBy(() -> KernelMetrics.pair(a, b, 1, monitor)).isInstanceOf(Failure.class).hasMessageContaining("stopped");
    }
}
