package org.ntk4j.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums over named terms are those of plain loops in the order of the lists, to the bit; nothing else is written. */
class NamedSumsTest {

    private static final int FIRST = 2;
    private static final int SHIFT = 3;
    private static final int AT = 7;

    private static int[] places(Random random, int terms, int most) {
        return random.ints(terms, 0, most).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 29})
    void float64_should_be_what_plain_loops_give(int terms) {
        Random random = new Random(terms);
        int width = NamedSums64.WIDTH;
        int line = width + 5;
        double[] a = random.doubles(100).map(u -> u - 0.5).toArray();
        double[] b = random.doubles(60 + width).map(u -> u - 0.5).toArray();
        int[] columns = places(random, terms + 2, 90);
        int[] rows = places(random, terms + 2, 50);
        double[] sums = random.doubles(AT + NamedSums64.COLUMN * line).toArray();
        double[] expected = sums.clone();
        for (int r = 0; r < NamedSums64.COLUMN; r++) {
            for (int i = 0; i < width; i++) {
                double sum = 0;
                for (int t = 1; t <= terms; t++) {
                    sum = Math.fma(a[columns[t] + FIRST + r], b[rows[t] + SHIFT + i], sum);
                }
                expected[AT + r * line + i] = sum;
            }
        }
        NamedSums64.sum(1, 1 + terms, columns, a, FIRST, rows, b, SHIFT, sums, AT, line);
        assertThat(sums).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 29})
    void float32_should_be_what_plain_loops_give(int terms) {
        Random random = new Random(terms);
        int width = NamedSums32.WIDTH;
        int line = width + 5;
        float[] a = floats(random, 100);
        float[] b = floats(random, 60 + width);
        int[] columns = places(random, terms + 2, 90);
        int[] rows = places(random, terms + 2, 50);
        float[] sums = floats(random, AT + NamedSums32.COLUMN * line);
        float[] expected = sums.clone();
        for (int r = 0; r < NamedSums32.COLUMN; r++) {
            for (int i = 0; i < width; i++) {
                float sum = 0;
                for (int t = 1; t <= terms; t++) {
                    sum = Math.fma(a[columns[t] + FIRST + r], b[rows[t] + SHIFT + i], sum);
                }
                expected[AT + r * line + i] = sum;
            }
        }
        NamedSums32.sum(1, 1 + terms, columns, a, FIRST, rows, b, SHIFT, sums, AT, line);
        assertThat(sums).isEqualTo(expected);
    }

    private static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = random.nextFloat() - 0.5f;
        }
        return values;
    }
}
