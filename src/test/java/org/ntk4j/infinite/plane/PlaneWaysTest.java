package org.ntk4j.infinite.plane;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.rows.PlainRows64;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;

/**
 * Random networks with ways side by side, pooled or not, summed, multiplied or concatenated: planes
 * give what all pairs of positions give.
 */
class PlaneWaysTest {

    private static final int NETWORKS = 40;

    static LongStream seeds() {
        return LongStream.range(0, NETWORKS);
    }

    /** A network of blocks, each of which keeps the size or halves it. */
    private record Draw(Random random, boolean image, boolean pools, boolean circular) {

        static PlanesTest.Sample sample(long seed) {
            Random random = new Random(seed);
            Draw draw = new Draw(random, random.nextInt(4) > 0, seed % 4 > 0, seed % 4 == 1);
            int height = 4 + (draw.circular ? 2 * random.nextInt(2) : random.nextInt(4));
            int width = 4 + (draw.circular ? 2 * random.nextInt(2) : random.nextInt(4));
            Shape shape = draw.image ? Shape.of(height, width, 2) : Shape.of(2 * width, 2);
            StringBuilder text = new StringBuilder("[" + draw.conv(false));
            boolean bent = false;
            boolean halved = false;
            for (int block = 1 + random.nextInt(3); block > 0; block--) {
                boolean halves = draw.pools && !halved && random.nextInt(3) == 0;
                halved |= halves;
                String merge = List.of("concat", "sum", "product", "sum").get(random.nextInt(4));
                boolean concat = !merge.equals("sum");
                text.append(bent ? ", " + draw.conv(false) : "").append(concat && random.nextBoolean() ? ", relu" : "").append(", ")
                        .append(draw.block(halves, merge, draw.pools ? 2 : 0));
                bent = concat;
            }
            text.append(bent ? ", " + draw.conv(false) : "").append(", ").append(draw.activation()).append(", ")
                    .append(random.nextBoolean() ? "globalAvgPool" : draw.pools ? "flatten" : "globalSumPool").append("]");
            return new PlanesTest.Sample(shape, text.toString(), !draw.pools && random.nextBoolean());
        }

        private String activation() {
            return List.of("relu", "erf", "{leakyRelu: {alpha: 0.3}}", "gelu").get(random.nextInt(4));
        }

        private String sizes(int one) {
            return image ? "[" + one + ", " + one + "]" : "[" + one + "]";
        }

        private String conv(boolean halves) {
            int filter = 1 + random.nextInt(3);
            return "{conv: {channels: 4, filter: " + sizes(filter) + ", strides: " + sizes(halves ? 2 : 1) + ", padding: "
                    + (circular && random.nextBoolean() ? "circular" : "same") + (random.nextBoolean() ? ", bStd: 0.2" : "")
                    + ", wStd: 1.3}}";
        }

        private String pool(boolean halves) {
            return "{" + (random.nextBoolean() ? "avgPool" : "sumPool") + ": {window: " + sizes(2 + random.nextInt(2)) + ", strides: "
                    + sizes(halves ? 2 : 1) + ", padding: same}}";
        }

        /** Layers that make what halves, by a pooling or a stride, and end in weights. */
        private String way(boolean halves, int depth) {
            boolean pooled = pools && random.nextBoolean();
            String first = random.nextBoolean() ? activation() + ", " : "";
            String middle = pooled ? pool(halves) + ", " + conv(false) : conv(halves);
            String last = random.nextInt(3) > 0 ? "" : ", " + (depth > 0 && random.nextBoolean() ? block(false, "sum", depth - 1)
                    : activation() + ", " + conv(false));
            return first + middle + last;
        }

        private String block(boolean halves, String merge, int depth) {
            boolean concat = !merge.equals("sum");
            // A concatenation or a product may follow an activation, and behind that only weights may come.
            String ways = String.join("], [", IntStream.range(0, 1 + random.nextInt(3)).mapToObj(i -> concat
                    ? conv(halves) + (random.nextBoolean() ? ", " + activation() : "") + (random.nextBoolean() ? ", " + conv(false) : "")
                    : way(halves, depth)).toList());
            boolean pooled = pools && !merge.equals("product");
            String short1 = halves ? pooled && random.nextBoolean() ? pool(true) : conv(true)
                    : pooled && random.nextInt(3) == 0 ? pool(false) : "";
            return "{parallel: {merge: " + merge + ", branches: [[" + ways + "], [" + short1 + "]]}}";
        }
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void should_give_what_all_pairs_of_positions_give(long seed) {
        PlanesTest.Sample sample = Draw.sample(seed);
        PlanesTest.check(sample, Precision.FLOAT64, sample.tolerance());
        PlanesTest.check(sample, Precision.FLOAT32, 1e-5);
        PlaneStages planes = sample.planes();
        try (InputGram gram = InputGram.of(sample.network(), sample.inputs())) {
            PlanesTest.alone(PlanesTest.tile(planes, Rows.float64(), gram, false), PlanesTest.tile(planes, new PlainRows64(3), gram, true));
        }
    }

    @Test
    void should_have_sums_of_ways_that_pool_among_them() {
        assertThat(seeds().mapToObj(seed -> Draw.sample(seed).planes())
                .filter(planes -> planes.stages().stream().anyMatch(s -> s.pool() != null && s.pool().isNone())).count())
                .isGreaterThan(NETWORKS / 3);
    }
}
