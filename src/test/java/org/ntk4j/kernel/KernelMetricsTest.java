package org.ntk4j.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.ntk4j.base.Failure;

class KernelMetricsTest {

    private static final Kernel A = Kernel.of(new double[][] {{2, 1}, {1, 3}});
    private static final Kernel B = Kernel.of(new double[][] {{1, 0}, {0, 1}});
    private static final Kernel ZERO = Kernel.of(new double[2][2]);

    @Test
    void distances_are_their_formulas() {
        assertThat(A.distanceTo(B)).isCloseTo(Math.sqrt(1 + 1 + 1 + 4) / Math.sqrt(2), within(1e-15));
        assertThat(KernelMetrics.kernelDistance(A, B).getAsDouble()).isCloseTo(1 - 5 / Math.sqrt(15 * 2), within(1e-15));
        // Two inputs leave one centred direction, (1, −1).
        assertThat(KernelMetrics.cka(A, B).getAsDouble()).isCloseTo(1, within(1e-15));
    }

    @Test
    void cka_does_not_see_shifts_of_rows_and_columns_or_scale_and_centres_rectangles_alike() {
        Random random = new Random(1);
        double[] a = random.doubles(15).toArray();
        double[] b = a.clone();
        for (int i = 0; i < 15; i++) {
            b[i] = 3 * a[i] + i / 5 - 2 * (i % 5);
        }
        assertThat(KernelMetrics.cka(Kernel.of("a", 3, 5, a), Kernel.of("b", 3, 5, b)).getAsDouble()).isCloseTo(1, within(1e-12));
        assertThat(KernelMetrics.cka(Kernel.of("a", 3, 5, a), Kernel.of("c", 3, 5, random.doubles(15).toArray())).getAsDouble())
                .isBetween(-1.0, 0.9);
    }

    @Test
    void what_is_not_defined_is_empty_and_never_nan() {
        assertThat(KernelMetrics.relativeFrobenius(A, ZERO)).isEmpty();
        assertThat(KernelMetrics.relativeFrobenius(ZERO, ZERO)).hasValue(0);
        assertThat(KernelMetrics.kernelDistance(A, ZERO)).isEmpty();
        assertThat(KernelMetrics.cosine(ZERO, A)).isEmpty();
        double third = 1 / 3.0;
        Kernel constant = Kernel.of(new double[][] {{third, third, third}, {third, third, third}, {third, third, third}});
        assertThat(KernelMetrics.cka(constant, constant)).isEqualTo(OptionalDouble.empty());
        assertThat(KernelMetrics.cka(Kernel.of(new double[][] {{4}}), Kernel.of(new double[][] {{4}}))).isEmpty();
        assertThatThrownBy(() -> A.distanceTo(ZERO)).isInstanceOf(Failure.class).hasMessageContaining("not defined");
        assertThatThrownBy(() -> A.distanceTo(Kernel.of(new double[][] {{1}}))).isInstanceOf(Failure.class).hasMessageContaining("2 × 2");
    }

    @Test
    void huge_and_tiny_kernels_neither_overflow_nor_vanish() {
        for (double scale : new double[] {1e-200, 1e200}) {
            Kernel a = Kernel.symmetric("a", 2, new double[] {2 * scale, scale, scale, 3 * scale});
            Kernel b = Kernel.symmetric("b", 2, new double[] {scale, 0, 0, scale});
            assertThat(a.distanceTo(b)).isCloseTo(A.distanceTo(B), within(1e-12));
            assertThat(KernelMetrics.cka(a, b).getAsDouble()).isCloseTo(1, within(1e-12));
            assertThat(a.spectrum().effectiveRank()).isCloseTo(A.spectrum().effectiveRank(), within(1e-12));
            assertThat(a.spectrum().participationRatio()).isCloseTo(A.spectrum().participationRatio(), within(1e-12));
            assertThat(LabelMetrics.alignment(a, new double[][] {{1}, {-1}}).getAsDouble())
                    .isCloseTo(3 / (2 * Math.sqrt(15)), within(1e-12));
        }
    }

    @Test
    void the_angle_between_eigenspaces_is_exact_from_tiny_to_right() {
        for (double angle : new double[] {0, 1e-7, 0.3, 1.5, Math.PI / 2}) {
            double c = Math.cos(angle);
            double s = Math.sin(angle);
            Kernel turned = Kernel.of(new double[][] {{9 * c * c + s * s, 8 * c * s}, {8 * c * s, 9 * s * s + c * c}});
            Kernel straight = Kernel.of(new double[][] {{9, 0}, {0, 1}});
            assertThat(KernelMetrics.eigenspaceAngle(straight, turned, 1)).isCloseTo(angle, within(1e-13));
            assertThat(KernelMetrics.eigenspaceAngle(straight, turned, 2)).isCloseTo(0, within(1e-13));
        }
        assertThatThrownBy(() -> KernelMetrics.eigenspaceAngle(A, B, 3)).isInstanceOf(Failure.class);
    }

    @Test
    void alignment_centres_the_labels() {
        assertThat(LabelMetrics.alignment(A, new double[][] {{5}, {3}}).getAsDouble()).isCloseTo(3 / (2 * Math.sqrt(15)), within(1e-15));
        assertThat(LabelMetrics.alignment(A, new double[][] {{0.1}, {0.1}})).isEmpty();
        assertThat(LabelMetrics.alignment(ZERO, new double[][] {{5}, {3}})).isEmpty();
    }

    @Test
    void label_energy_is_shared_among_the_eigenvectors() {
        SymmetricEigen eigen = SymmetricEigen.of(new double[] {5, 0, 0, 1}, 2);
        double[][] y = {{3, 0}, {4, 0}};
        assertThat(LabelMetrics.labelEnergy(eigen, y, 0)).hasValue(0);
        assertThat(LabelMetrics.labelEnergy(eigen, y, 1).getAsDouble()).isCloseTo(9 / 25.0, within(1e-15));
        assertThat(LabelMetrics.labelEnergy(eigen, y, 2).getAsDouble()).isCloseTo(1, within(1e-15));
    }

    @Test
    void a_spectrum_has_its_numbers() {
        Spectrum spectrum = Kernel.of(new double[][] {{4, 0, 0}, {0, 4, 0}, {0, 0, 1}}).spectrum();
        assertThat(spectrum.eigenvalues()).containsExactly(4, 4, 1);
        assertThat(spectrum.trace()).isEqualTo(9);
        assertThat(spectrum.conditionNumber()).isEqualTo(4);
        assertThat(spectrum.participationRatio()).isCloseTo(81 / 33.0, within(1e-14));
        assertThat(spectrum.effectiveRank()).isCloseTo(Math.exp(-2 * 4 / 9.0 * Math.log(4 / 9.0) - Math.log(1 / 9.0) / 9), within(1e-14));
        assertThat(spectrum.effectiveDimension(1)).isCloseTo(0.8 + 0.8 + 0.5, within(1e-14));
        assertThat(ZERO.spectrum().conditionNumber()).isInfinite();
        assertThat(ZERO.spectrum().effectiveRank()).isZero();
        assertThat(ZERO.spectrum().toString()).doesNotContain("NaN");
        assertThatThrownBy(() -> Kernel.of(new double[0][]).spectrum()).isInstanceOf(Failure.class);
        assertThatThrownBy(() -> Kernel.of("k", 1, 2, new double[2]).spectrum()).isInstanceOf(Failure.class);
    }

    @Test
    void a_kernel_prints_as_a_summary() {
        assertThat(A.toString()).isEqualTo("kernel: 2 × 2, range 1.00000 to 3.00000, trace 5.00000, condition number 2.62");
        assertThat(Kernel.of("t", 1, 2, new double[] {1, -2}).toString()).isEqualTo("t: 1 × 2, range -2.00000 to 1.00000");
        assertThat(Kernel.of(new double[0][]).toString()).isEqualTo("kernel: 0 × 0");
    }

    @Test
    void blocks_and_transposes_keep_what_they_are() {
        Kernel k = Kernel.of(new double[][] {{1, 2, 3}, {2, 4, 5}, {3, 5, 6}});
        assertThat(k.block(0, 2, 0, 2).isSymmetric()).isTrue();
        Kernel test = k.block(2, 3, 0, 2);
        assertThat(test.toArray()).isDeepEqualTo(new double[][] {{3, 5}});
        assertThat(test.transpose().toArray()).isDeepEqualTo(new double[][] {{3}, {5}});
        assertThat(test.isSymmetric()).isFalse();
        assertThatThrownBy(() -> k.block(0, 4, 0, 1)).isInstanceOf(Failure.class);
    }

    @Test
    void products_and_factors_are_right() {
        double[] a = {1, 2, 3, 4, 5, 6};
        double[] b = {1, 0, 2, 1, 0, 1};
        assertThat(Blas.product(false, false, 2, 2, 3, a, b)).containsExactly(5, 5, 14, 11);
        assertThat(Blas.product(true, true, 3, 3, 2, a, b)).containsExactly(1, 6, 4, 2, 9, 5, 3, 12, 6);
        assertThat(Blas.product(false, true, 2, 2, 3, a, b)).containsExactly(7, 4, 16, 10);
        Cholesky cholesky = Cholesky.of(new double[] {3, 2, 2, 4}, 2, 1).orElseThrow();
        assertThat(cholesky.solve(new double[] {8, 9})).containsExactly(new double[] {22 / 16.0, 20 / 16.0}, within(1e-14));
        assertThat(cholesky.solve(new double[] {8, 16, 9, 18}, 2))
                .containsExactly(new double[] {22 / 16.0, 44 / 16.0, 20 / 16.0, 40 / 16.0}, within(1e-14));
        assertThat(Cholesky.of(new double[] {1, 2, 2, 1}, 2, 0)).isEmpty();
    }
}
