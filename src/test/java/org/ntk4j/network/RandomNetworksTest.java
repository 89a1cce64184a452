package org.ntk4j.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.Cases;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.infinite.InfiniteKernels;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.layer.Serial;
import org.ntk4j.shape.Shape;
import org.ntk4j.base.Precision;

/** What holds for every network of the grammar. */
class RandomNetworksTest {

    private static final int QUICK = 40;

    static LongStream quick() {
        return LongStream.range(0, QUICK);
    }

    static LongStream many() {
        return LongStream.range(QUICK, 400);
    }

    @ParameterizedTest
    @MethodSource("quick")
    void a_network_should_hold_what_every_network_holds(long seed) {
        check(seed);
    }

    @Tag("slow")
    @Test
    void many_networks_should_hold_what_every_network_holds() {
        many().forEach(RandomNetworksTest::check);
    }

    @Test
    void most_of_them_should_have_a_kernel() {
        long fit = LongStream.range(0, 100).filter(seed -> {
            RandomNetworks.Sample s = RandomNetworks.of(seed);
            try {
                Network.parse(s.definition()).ntk(s.inputs(seed, 2));
                return true;
            } catch (Failure e) {
                return false;
            }
        }).count();
        assertThat(fit).isBetween(40L, 99L);
    }

    private static void check(long seed) {
        RandomNetworks.Sample s = RandomNetworks.of(seed);
        String name = seed + ": " + s.definition() + " on " + Shape.of(s.shape());
        Network network = Network.parse(s.definition());
        Inputs x = s.inputs(seed, 5);
        finite(name, network, x.slice(0, 3));
        InfiniteKernels k;
        try {
            k = network.infinite(x);
        } catch (Failure e) {
            assertThat(e.getMessage()).as(name).containsAnyOf("layer", "network.");
            return;
        } catch (RuntimeException e) {
            throw new AssertionError(name, e);
        }
        for (Kernel kernel : List.of(k.nngp(), k.ntk())) {
            assertThat(Kernel.of(kernel.toArray()).isSymmetric()).as(name).isTrue();
            assertThat(kernel.spectrum().minEigenvalue()).as(name).isGreaterThanOrEqualTo(-1e-9 * kernel.spectrum().maxEigenvalue());
        }
        Serial layers = network.layers(x.shape());
        for (int tile : new int[] {1, 2, 3}) {
            InfiniteKernels tiled = InfiniteKernels.of(layers, x, new InfiniteKernels.Plan(2, 1L << 30, tile), Monitor.silent());
            assertThat(tiled.nngp().values()).as(name).isEqualTo(k.nngp().values());
            assertThat(tiled.ntk().values()).as(name).isEqualTo(k.ntk().values());
        }
        // Where a correlation is ±1 the last digit counts for half of all digits, and (i, j) is summed in another order than (j, i).
        int[] order = {3, 0, 4, 2, 1};
        InfiniteKernels permuted = network.infinite(Cases.pick(x, order));
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 5; j++) {
                close(name, permuted.nngp().get(i, j), k.nngp().get(order[i], order[j]), 1e-7 * Cases.largest(k.nngp().values()));
                close(name, permuted.ntk().get(i, j), k.ntk().get(order[i], order[j]), 1e-7 * Cases.largest(k.ntk().values()));
            }
        }
        InfiniteKernels two = network.infinite(x, Cases.times(x, 1));
        boolean dropout = s.definition().contains("mode: train");
        for (int i = 0; i < 5; i++) {
            for (int j = 0; j < 5; j++) {
                if (i != j || !dropout) {
                    close(name, two.nngp().get(i, j), k.nngp().get(i, j), 1e-7 * Cases.largest(k.nngp().values()));
                    close(name, two.ntk().get(i, j), k.ntk().get(i, j), 1e-7 * Cases.largest(k.ntk().values()));
                }
            }
        }
    }

    private static void close(String name, double a, double b, double tolerance) {
        assertThat(Math.abs(a - b)).as(name).isLessThanOrEqualTo(tolerance);
    }

    /** The finite network runs, and its tangent kernel is the product of Jacobians by central differences. */
    private static void finite(String name, Network network, Inputs x) {
        FiniteNetwork net = network.init(3).precision(Precision.FLOAT64).on(Cases.settings());
        Map<String, double[]> weights;
        double[][] f;
        Kernel theta;
        try {
            weights = net.weights(x.shape());
            f = net.outputs(x);
            theta = net.ntk(x);
        } catch (Failure e) {
            assertThat(e.getMessage()).as(name).contains("layer");
            return;
        } catch (RuntimeException e) {
            throw new AssertionError(name, e);
        }
        int k = f[0].length;
        double[][] sums = new double[3][3];
        double h = 1e-5;
        for (String w : weights.keySet()) {
            double[] values = weights.get(w);
            double[][] steps = new double[2 * values.length][];
            for (int i = 0; i < values.length; i++) {
                for (int sign = 0; sign < 2; sign++) {
                    double[] moved = values.clone();
                    moved[i] += sign == 0 ? h : -h;
                    steps[2 * i + sign] = moved;
                }
            }
            List<double[][]> outputs = org.ntk4j.finite.Moved.outputs(net, x, w, List.of(steps));
            for (int i = 0; i < values.length; i++) {
                double[][] up = outputs.get(2 * i);
                double[][] down = outputs.get(2 * i + 1);
                for (int n = 0; n < 3; n++) {
                    for (int m = 0; m < 3; m++) {
                        for (int c = 0; c < k; c++) {
                            sums[n][m] += (up[n][c] - down[n][c]) * (up[m][c] - down[m][c]) / (4 * h * h * k);
                        }
                    }
                }
            }
        }
        double largest = Cases.largest(theta.values());
        assertThat(Cases.difference(theta.toArray(), sums)).as(name).isLessThanOrEqualTo(1e-5 * largest + 1e-9);
    }
}
