package org.ntk4j.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
        BothWays64 read = new BothWays64(HEIGHT, width);
        read.read(rows, count, width);
        BothWays64 widened = new BothWays64(HEIGHT, width);
        widened.readSingles(singles, count, width);
        for (int row = 0; row < count; row += BothWays64.ROWS) {
            for (int column : new int[] {0, width / 2}) {
                int some = width - column;
                double[] sums = new double[2 * BothWays64.ROWS * BothWays64.LANES];
                double[] down = new double[2 * APART];
                int apart = BothWays64.ROWS * BothWays64.LANES;
                read.multiply(row, column, some, vectors, 3, APART / 2, APART, sums, 0, apart, down, 1, APART);
                double[] sumsOfSingles = new double[sums.length];
                double[] downOfSingles = new double[down.length];
                widened.multiply(row, column, some, vectors, 3, APART / 2, APART, sumsOfSingles, 0, apart, downOfSingles, 1, APART);
                double[] plainSums = new double[sums.length];
                double[] plainDown = new double[down.length];
                for (int r = row; r < Math.min(count, row + BothWays64.ROWS); r++) {
                    for (int v = 0; v < 2; v++) {
                        for (int j = 0; j < some; j++) {
                            double value = rows.get(r * width + column + j);
                            int lane = v * apart + (r - row) * BothWays64.LANES + j % BothWays64.LANES;
                            plainSums[lane] = Math.fma(value, vectors[v * APART + 3 + j], plainSums[lane]);
                            int at = v * APART + 1 + j;
                            plainDown[at] = Math.fma(value, vectors[v * APART + APART / 2 + r - row], plainDown[at]);
                        }
                    }
                }
                assertThat(sums).isEqualTo(plainSums).isEqualTo(sumsOfSingles);
                assertThat(down).isEqualTo(plainDown).isEqualTo(downOfSingles);
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
        BothWays32 read = new BothWays32(HEIGHT, width);
        read.read(rows, count, width);
        for (int row = 0; row < count; row += BothWays32.ROWS) {
            float[] sums = new float[2 * BothWays32.ROWS * BothWays32.LANES];
            float[] down = new float[2 * APART];
            int apart = BothWays32.ROWS * BothWays32.LANES;
            read.multiply(row, 0, width, vectors, 3, APART / 2, APART, sums, 0, apart, down, 1, APART);
            float[] plainSums = new float[sums.length];
            float[] plainDown = new float[down.length];
            for (int r = row; r < Math.min(count, row + BothWays32.ROWS); r++) {
                for (int v = 0; v < 2; v++) {
                    for (int j = 0; j < width; j++) {
                        float value = rows.get(r * width + j);
                        int lane = v * apart + (r - row) * BothWays32.LANES + j % BothWays32.LANES;
                        plainSums[lane] = Math.fma(value, vectors[v * APART + 3 + j], plainSums[lane]);
                        int at = v * APART + 1 + j;
                        plainDown[at] = Math.fma(value, vectors[v * APART + APART / 2 + r - row], plainDown[at]);
                    }
                }
            }
            assertThat(sums).isEqualTo(plainSums);
            assertThat(down).isEqualTo(plainDown);
        }
    }
}
