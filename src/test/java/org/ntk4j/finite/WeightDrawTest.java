package org.ntk4j.finite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.ntk4j.base.Seed;
import org.ntk4j.layer.Weights;
import org.ntk4j.network.Network;
import org.ntk4j.shape.Shape;

class WeightDrawTest {

    private static List<Weights> tensors() {
        return Network.parse("mlp: {width: 70, depth: 5, bStd: 0.1}").layers(Shape.of(30), 3).weights(Shape.of(30));
    }

    @Test
    void should_not_depend_on_threads_or_order() {
        Map<String, double[]> expected = WeightDraw.draw(new Seed(5), tensors(), 1);
        List<Weights> reversed = new ArrayList<>(tensors());
        Collections.reverse(reversed);
        for (int threads : new int[] {1, 2, 7}) {
            Map<String, double[]> drawn = WeightDraw.draw(new Seed(5), reversed, threads);
            assertThat(drawn.keySet()).isEqualTo(expected.keySet());
            drawn.forEach((name, values) -> assertThat(values).isEqualTo(expected.get(name)));
        }
    }

    /** Values that must never change: results that someone published would no longer be found again. */
    @Test
    void should_stay_what_it_is() {
        Map<String, double[]> drawn = WeightDraw.draw(new Seed(0), tensors(), 2);
        assertThat(Arrays.copyOf(drawn.get("0.dense/W"), 3)).containsExactly(FIRST, within(0.0));
    }

    private static final double[] FIRST = {-0.900084905735007, 1.626243346377189, -0.5513784774958422};

    @Test
    void seeds_and_tensors_should_differ() {
        Map<String, double[]> a = WeightDraw.draw(new Seed(0), tensors(), 2);
        Map<String, double[]> b = WeightDraw.draw(new Seed(1), tensors(), 2);
        for (String name : a.keySet()) {
            assertThat(correlation(a.get(name), b.get(name))).isCloseTo(0, within(5 / Math.sqrt(a.get(name).length)));
        }
        assertThat(correlation(a.get("2.dense/W"), a.get("4.dense/W"))).isCloseTo(0, within(5 / Math.sqrt(4900)));
        assertThat(a.get("2.dense/b")).isNotEqualTo(a.get("4.dense/b"));
    }

    @Test
    void should_be_standard_normal_times_the_deviation() {
        double[] w = WeightDraw.draw(new Seed(7), List.of(Weights.of(0.5, 400, 500)), 1).get("W");
        double mean = Arrays.stream(w).average().orElseThrow();
        double square = Arrays.stream(w).map(v -> v * v).average().orElseThrow();
        double fourth = Arrays.stream(w).map(v -> v * v * v * v).average().orElseThrow();
        assertThat(mean).isCloseTo(0, within(5 * 0.5 / Math.sqrt(w.length)));
        assertThat(square).isCloseTo(0.25, within(5 * 0.25 * Math.sqrt(2.0 / w.length)));
        assertThat(fourth / square / square).isCloseTo(3, within(0.06));
    }

    private static double correlation(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum / a.length;
    }
}
