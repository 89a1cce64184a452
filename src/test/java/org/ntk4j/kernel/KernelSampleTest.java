package org.ntk4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ntk4j.Ntk;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.network.Network;
import org.ntk4j.solver.BlockLanczos;

/** Estimates of an empirical kernel that is not stored, next to the exact values of the same kernel in memory. */
class KernelSampleTest {

    private static final int N = 150;
    private static Inputs x;
    private static double[][] y;
    private static Kernel exact;
    private static Kernel anew;
    private static Kernel infinite;

    @BeforeAll
    static void kernels() {
        Random random = new Random(1);
        double[][] values = new double[N][10];
        y = new double[N][3];
        for (int i = 0; i < N; i++) {
            Arrays.setAll(values[i], c -> 0.7 + random.nextGaussian());
            y[i][(values[i][0] > 0.7 ? 1 : 0) + (values[i][1] > 0.7 ? 1 : 0)] = 1;
        }
        x = Ntk.inputs(values);
        Network net = Ntk.network("{mlp: {width: 64, depth: 2, activation: relu, wStd: 1.4, bStd: 0.1, outputs: 3}}");
        FiniteNetwork finite = net.init(Ntk.seed(0));
        exact = finite.ntk(x);
        anew = finite.ntkAnew(x);
        infinite = net.ntk(x);
    }

    private static void near(Estimate estimate, double truth, String what) {
        assertThat(estimate.value()).as(what + ": " + estimate).isCloseTo(truth, within(4 * estimate.error() + 1e-5 * Math.abs(truth)));
    }

    @Test
    void estimates_should_be_within_four_standard_errors_of_the_exact_values() {
        int away = 0;
        for (int seed = 0; seed < 5; seed++) {
            KernelSample a = KernelSample.of(anew, 40, seed);
            KernelSample b = KernelSample.of(infinite, 40, seed);
            assertThat(a.samples()).isEqualTo(40);
            near(a.trace(), exact.trace(), "trace");
            double norm = Math.sqrt(Arrays.stream(exact.values()).map(v -> v * v).sum());
            near(a.frobenius(), norm, "Frobenius norm");
            near(a.participationRatio(), exact.spectrum().participationRatio(), "participation ratio");
            near(a.alignment(y), LabelMetrics.alignment(exact, y).orElseThrow(), "alignment");
            near(a.relativeFrobenius(b), KernelMetrics.relativeFrobenius(exact, infinite).orElseThrow(), "distance");
            near(a.kernelDistance(b), KernelMetrics.kernelDistance(exact, infinite).orElseThrow(), "kernel distance");
            near(a.cka(b), KernelMetrics.cka(exact, infinite).orElseThrow(), "cka");
            away += Math.abs(a.frobenius().value() - norm) > a.frobenius().error() ? 1 : 0;
            assertThat(a.frobenius().error()).isBetween(1e-4 * norm, 0.1 * norm);
        }
        assertThat(away).as("estimates more than one standard error away").isLessThan(5);
    }

    @Test
    void all_rows_should_be_exact() {
        KernelSample a = anew.sample(N);
        KernelSample b = infinite.sample(N);
        assertThat(a.cka(b).value()).isCloseTo(KernelMetrics.cka(exact, infinite).orElseThrow(), within(1e-5));
        assertThat(a.alignment(y).error()).isZero();
        assertThat(a.alignment(y).value()).isCloseTo(LabelMetrics.alignment(exact, y).orElseThrow(), within(1e-5));
    }

    @Test
    void eigenvalues_should_come_from_products_through_the_network() {
        Spectrum spectrum = exact.spectrum();
        near(anew.sample(10).effectiveRank(8, 3, Monitor.silent()), spectrum.effectiveRank(), "effective rank");
        try (KernelProduct product = anew.product(Monitor.silent())) {
            assertThat(BlockLanczos.largest(product, 1e-4, Monitor.silent()))
                    .isCloseTo(spectrum.maxEigenvalue(), within(1e-3 * spectrum.maxEigenvalue()));
            double[] b = new Random(2).doubles(2 * N).toArray();
            double[] there = product.times(b, 2);
            double[] here = Blas.product(false, false, N, 2, N, exact.values(), b);
            for (int i = 0; i < here.length; i++) {
                assertThat(there[i]).isCloseTo(here[i], within(1e-4 * spectrum.maxEigenvalue()));
            }
        }
    }

    @Test
    void a_kernel_that_is_not_stored_should_be_read_as_one_that_is() {
        assertThat(KernelMetrics.relativeFrobenius(anew, exact).orElseThrow()).isLessThan(1e-5);
        assertThat(anew.get(7, 90)).isCloseTo(exact.get(7, 90), within(1e-4));
        assertThat(anew.trace()).isCloseTo(exact.trace(), within(1e-4 * exact.trace()));
    }

    @Test
    void too_few_rows_and_other_rows_should_be_refused() {
        assertThatThrownBy(() -> exact.sample(1)).isInstanceOf(Failure.class).hasMessageContaining("at least 2");
        KernelSample other = KernelSample.of(infinite, 10, 1);
        assertThatThrownBy(() -> exact.sample(10).cka(other)).isInstanceOf(Failure.class).hasMessageContaining("the same rows");
    }
}
