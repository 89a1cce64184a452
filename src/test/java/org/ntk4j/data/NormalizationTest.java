package org.ntk4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizationTest {

    private static final double NAN = Double.NaN;
    private static final Inputs TRAIN = Inputs.of(new double[][] {{1, 10, 5}, {3, 20, 5}, {5, 60, 5}});

    private static double[] scaled(String how, Inputs train, double... input) {
        return Normalization.of(how).fit(() -> train).apply(input);
    }

    @Test
    void centred_subtracts_the_mean_input_of_the_training_set() {
        assertThat(scaled("centred", TRAIN, 4, 20, 6)).containsExactly(new double[] {1, -10, 1}, within(1e-12));
    }

    @Test
    void per_pixel_also_divides_each_value_by_its_own_deviation() {
        assertThat(scaled("perPixel", TRAIN, 3 + Math.sqrt(8.0 / 3), 30, 7)).containsExactly(new double[] {1, 0, 2}, within(1e-12));
    }

    @Test
    void padding_does_not_count_and_stays() {
        Inputs train = Inputs.of(new double[][] {{1, 2, NAN, NAN}, {3, 4, 7, 8}}, 2, 2);
        assertThat(scaled("centred", train, 5, 5, NAN, NAN)).containsExactly(new double[] {3, 2, NAN, NAN}, within(1e-12));
        assertThat(scaled("perPixel", train, 5, 5, 9, 9)).containsExactly(new double[] {3, 2, 2, 1}, within(1e-12));
    }

    /** The sum of squares of such values overflows, or is 0. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 1e160, 1e300, 1e-170, 1e-320})
    void size_does_not_matter(double size) {
        double accuracy = size < 1e-300 ? 1e-2 : 1e-12;
        double[] input = {size, 0, -size / 2};
        assertThat(scaled("unit", TRAIN, input)).containsExactly(scaled("unit", TRAIN, 1, 0, -0.5), within(accuracy));
        double[][] rows = {{size, 0}, {-size, size / 2}, {size, size}};
        double[][] small = {{1, 0}, {-1, 0.5}, {1, 1}};
        for (String how : new String[] {"standard", "perPixel"}) {
            assertThat(scaled(how, Inputs.of(rows), size, 0)).as(how)
                    .containsExactly(scaled(how, Inputs.of(small), 1, 0), within(accuracy));
        }
    }

    @Test
    void what_is_constant_becomes_zero_and_nothing_else() {
        double[] values = new double[7];
        Arrays.fill(values, 0.1);
        Inputs train = Inputs.of(new double[][] {values, values, values});
        for (String how : new String[] {"standard", "centred", "perPixel"}) {
            assertThat(scaled(how, train, values)).as(how).containsOnly(0);
        }
    }
}
