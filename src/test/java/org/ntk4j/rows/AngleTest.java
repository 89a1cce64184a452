package org.ntk4j.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** The angle that a quotient gives, from one end to the other, in half turns. */
class AngleTest {

    /** The sine of an angle whose cosine is given, without a digit lost near the ends. */
    private static double sine(double cosine) {
        return Math.sqrt((1 - cosine) * (1 + cosine));
    }

    private static double error(double cosine) {
        double acute = sine(cosine) * Angle.quotient(cosine);
        return Math.abs((cosine < 0 ? Math.PI - acute : acute) - StrictMath.acos(cosine)) / Math.PI;
    }

    private static double error32(float cosine) {
        double acute = sine(cosine) * Angle.quotient(cosine);
        return Math.abs((cosine < 0 ? Math.PI - acute : acute) - StrictMath.acos(cosine)) / Math.PI;
    }

    @Test
    void should_stay_below_4e_16() {
        double worst = 0;
        for (int i = -400_000; i <= 400_000; i++) {
            worst = Math.max(worst, error(i / 400_000.0));
        }
        for (double gap = 0x1p-53; gap < 0.1; gap *= 1.7) {
            worst = Math.max(worst, Math.max(error(1 - gap), error(gap - 1)));
        }
        assertThat(worst).isLessThan(4e-16);
    }

    @Test
    void should_stay_below_1e_7_in_float32() {
        double worst = 0;
        for (int bits = Float.floatToIntBits(0x1p-20f); bits <= Float.floatToIntBits(1f); bits += 17) {
            float c = Float.intBitsToFloat(bits);
            worst = Math.max(worst, Math.max(error32(c), error32(-c)));
        }
        assertThat(worst).isLessThan(1e-7);
    }

    /** Relative to the angle, so that a small one is as exact as its sine. */
    @Test
    void should_keep_all_digits_of_small_angles() {
        for (double angle = 1.5; angle > 1e-150; angle /= 3) {
            assertThat(Math.sin(angle) * Angle.quotient(Math.cos(angle))).isCloseTo(angle, within(8e-16 * angle));
            assertThat(Math.sin(angle) * Angle.quotient((float) Math.cos(angle))).isCloseTo(angle, within(3e-7 * angle));
        }
    }

    @Test
    void should_be_right_at_both_ends_and_beyond() {
        assertThat(Angle.quotient(1.0)).isCloseTo(1, within(4e-16));
        assertThat(Angle.quotient(0.0)).isCloseTo(Math.PI / 2, within(4e-16));
        assertThat((double) Angle.quotient(1f)).isCloseTo(1, within(2e-7));
        assertThat((double) Angle.quotient(0f)).isCloseTo(Math.PI / 2, within(2e-7));
        assertThat(Angle.quotient(1 + 1e-9)).as("beyond 1 by rounding").isCloseTo(1, within(1e-9));
    }
}
