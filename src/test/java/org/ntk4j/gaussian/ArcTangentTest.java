package org.ntk4j.gaussian;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ArcTangentTest {

    @Test
    void should_agree_with_the_library_between_minus_one_and_one() {
        int n = 400_001;
        double[] x = new double[n];
        Random random = new Random(1);
        for (int i = 0; i < n; i++) {
            x[i] = i < n / 2 ? -1 + 4.0 * i / (n - 1) : 2 * random.nextDouble() - 1;
        }
        x[0] = -1;
        x[1] = 1;
        x[2] = Math.nextDown(1.0);
        x[3] = -Math.nextDown(1.0);
        double[] y = arcTangents(x);
        double worst = 0;
        for (int i = 0; i < n; i++) {
            worst = Math.max(worst, Math.abs(y[i] - StrictMath.atan(x[i])));
        }
        assertThat(worst).isLessThan(3e-16);
    }

    @Test
    void should_keep_all_digits_of_small_arguments() {
        double[] x = new double[1000];
        Random random = new Random(2);
        for (int i = 0; i < x.length; i++) {
            x[i] = (random.nextBoolean() ? 1 : -1) * Math.pow(10, -300 * random.nextDouble());
        }
        x[0] = 0.0;
        x[1] = -0.0;
        x[2] = Double.MIN_VALUE;
        x[3] = Double.MIN_NORMAL;
        double[] y = arcTangents(x);
        for (int i = 0; i < x.length; i++) {
            assertThat(Math.abs(y[i] - StrictMath.atan(x[i]))).isLessThanOrEqualTo(4e-16 * Math.abs(x[i]));
        }
    }

    @Test
    void should_be_odd_and_touch_only_what_it_is_given() {
        double[] x = {0.3, -0.3, 1, -1, 0.7};
        ArcTangent.inPlace(x, 4, new double[8]);
        assertThat(x[1]).isEqualTo(-x[0]);
        assertThat(x[3]).isEqualTo(-x[2]);
        assertThat(x[4]).isEqualTo(0.7);
    }

    private static double[] arcTangents(double[] x) {
        double[] y = x.clone();
        ArcTangent.inPlace(y, y.length, new double[2 * y.length]);
        return y;
    }
}
