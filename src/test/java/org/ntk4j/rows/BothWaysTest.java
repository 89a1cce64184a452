package org.ntk4j.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The classes for all JDKs and those for new ones (the tests on a new JDK take these) compute what plain loops do, to the bit. */
class BothWaysTest {

    private static final int HEIGHT = 3 * BothWays64.ROWS;
    private static final int APART = 200;

    private static DoubleBuffer doubles(int count) {
        return ByteBuffer.allocateDirect(count * Double.BYTES).order(ByteOrder.nativeOrder()).asDoubleBuffer();
    }

    private static FloatBuffer floats(int count) {
        return ByteBuffer.allocateDirect(count * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /** As in the jar; else what follows would be about one of the two alone. */
    @Test
    void tests_on_a_new_JDK_should_take_its_classes() {
        boolean isNew = Runtime.version().feature() >= 22;
        for (Class<?> type : List.of(BothWays64.class, BothWays32.class)) {
            String place = type.getProtectionDomain().getCodeSource().getLocation().getPath();
            assertThat(place.contains("META-INF/versions/22")).isEqualTo(isNew);
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 16", "7, 37", "15, 131", "11, 3"})
    void float64_should_compute_what_plain_loops_do(int count, int width) {
        Random random = new Random(width);
        DoubleBuffer rows = doubles(count * width);
        FloatBuffer singles = floats(count * width);
        for (int i = 0; i < count * width; i++) {
            singles.put(i, (float) random.nextGaussian());
            rows.put(i, singles.get(i));
        }
        double[] vectors = random.doubles(2 * APART).toArray();
        BothWays64 given = new BothWays64(width);
        BothWays64 widened = new BothWays64(width);
        for (int row = 0; row < count; row += BothWays64.ROWS) {
            given.turnTo(rows, row, count, width);
            widened.turnToSingles(singles, row, count, width);
            for (int column : new int[] {0, width / 2}) {
                int some = width - column;
                WaySums64 sums = new WaySums64(2, HEIGHT, APART);
                given.multiply(column, some, vectors, 3, APART / 2, APART, sums, 0, row, 1);
                WaySums64 ofSingles = new WaySums64(2, HEIGHT, APART);
                widened.multiply(column, some, vectors, 3, APART / 2, APART, ofSingles, 0, row, 1);
                double[] lanes = new double[sums.lanes.length];
                double[] columns = new double[sums.columns.length];
                for (int r = row; r < Math.min(count, row + BothWays64.ROWS); r++) {
                    for (int v = 0; v < 2; v++) {
                        for (int j = 0; j < some; j++) {
                            double value = rows.get(r * width + column + j);
                            int lane = v * sums.rowsApart + r * BothWays64.LANES + j % BothWays64.LANES;
                            lanes[lane] = Math.fma(value, vectors[v * APART + 3 + j], lanes[lane]);
                            int at = v * sums.columnsApart + 1 + j;
                            columns[at] = Math.fma(value, vectors[v * APART + APART / 2 + r - row], columns[at]);
                        }
                    }
                }
                assertThat(sums.lanes).isEqualTo(lanes).isEqualTo(ofSingles.lanes);
                assertThat(sums.columns).isEqualTo(columns).isEqualTo(ofSingles.columns);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 16", "7, 37", "15, 131", "11, 3"})
    void float32_should_compute_what_plain_loops_do(int count, int width) {
        Random random = new Random(width);
        FloatBuffer rows = floats(count * width);
        for (int i = 0; i < count * width; i++) {
            rows.put(i, (float) random.nextGaussian());
        }
        float[] vectors = new float[2 * APART];
        for (int i = 0; i < vectors.length; i++) {
            vectors[i] = random.nextFloat();
        }
        BothWays32 given = new BothWays32(width);
        for (int row = 0; row < count; row += BothWays32.ROWS) {
            given.turnTo(rows, row, count, width);
            WaySums32 sums = new WaySums32(2, HEIGHT, APART);
            given.multiply(0, width, vectors, 3, APART / 2, APART, sums, 0, row, 1);
            float[] lanes = new float[sums.lanes.length];
            float[] columns = new float[sums.columns.length];
            for (int r = row; r < Math.min(count, row + BothWays32.ROWS); r++) {
                for (int v = 0; v < 2; v++) {
                    for (int j = 0; j < width; j++) {
                        float value = rows.get(r * width + j);
                        int lane = v * sums.rowsApart + r * BothWays32.LANES + j % BothWays32.LANES;
                        lanes[lane] = Math.fma(value, vectors[v * APART + 3 + j], lanes[lane]);
                        int at = v * sums.columnsApart + 1 + j;
                        columns[at] = Math.fma(value, vectors[v * APART + APART / 2 + r - row], columns[at]);
                    }
                }
            }
            assertThat(sums.lanes).isEqualTo(lanes);
            assertThat(sums.columns).isEqualTo(columns);
        }
    }

    /** In any number of rows, of numbers whose sums are exact. */
    @ParameterizedTest
    @ValueSource(ints = {1, 4, 5, 8, 15, 16, 17, 33})
    void sums_should_be_given_and_forgotten(int count) {
        WaySums64 sums = new WaySums64(2, 40, 50);
        Arrays.setAll(sums.lanes, i -> i);
        Arrays.setAll(sums.columns, i -> i);
        double[] numbers = new double[60];
        Arrays.fill(numbers, 0.5);
        sums.takeRows(1, count, numbers, 3);
        double ofLanes = BothWays64.LANES * (BothWays64.LANES - 1) / 2.0;
        for (int i = 0; i < numbers.length; i++) {
            boolean isRow = i >= 3 && i < 3 + count;
            double first = sums.rowsApart + (i - 3.0) * BothWays64.LANES;
            assertThat(numbers[i]).isEqualTo(isRow ? BothWays64.LANES * first + ofLanes : 0.5);
        }
        double[] below = numbers.clone();
        sums.takeColumns(1, count, true, below, 3);
        assertThat(below[2 + count]).isEqualTo(numbers[2 + count] + sums.columnsApart + count - 1);
        sums.takeColumns(0, count, false, below, 3);
        assertThat(below[2 + count]).isEqualTo(count - 1);
        sums.takeRows(1, count, below, 3);
        assertThat(Arrays.copyOfRange(below, 3, 3 + count)).containsOnly(0);
        sums.takeColumns(1, count, false, numbers, 3);
        assertThat(Arrays.copyOfRange(numbers, 3, 3 + count)).containsOnly(0);
        sums.takeRows(0, 1, below, 3);
        assertThat(below[3]).isEqualTo(ofLanes);
    }
}
