package org.ntk4j.rows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Series;

/** Vector instructions and plain Java give the same digits, on any number of lanes. */
class RowsTest {

    private static final int SIZE = 4096;
    private static final int PLACES = 14;

    /** What an operation works on: a few arrays of values between 0 and 2, the last of them 0 or 1. */
    private record Desk<A>(Rows<A> rows, List<A> arrays) {

        static <A> Desk<A> of(Rows<A> rows) {
            Random random = new Random(1);
            List<A> arrays = java.util.stream.IntStream.range(0, 7).mapToObj(i -> {
                double[] values = random.doubles(SIZE, 0, 2).map(v -> i == 6 ? Math.floor(v) : v).toArray();
                // Equal values, and some that are 0.
                values[5] = i == 6 ? 1 : 1.5;
                values[17] = 0;
                A a = rows.room(SIZE);
                rows.put(values, 0, a, 0, SIZE);
                return a;
            }).toList();
            return new Desk<>(rows, arrays);
        }

        A get(int i) {
            return arrays.get(i);
        }

        double[] values(int i) {
            double[] values = new double[SIZE];
            rows.get(get(i), 0, values, 0, SIZE);
            return values;
        }
    }

    private static <A> void compare(Rows<A> vectors, Rows<A> plain, String name, Consumer<Desk<A>> operation) {
        Desk<A> one = Desk.of(vectors);
        Desk<A> other = Desk.of(plain);
        for (int i = 0; i < 3; i++) {
            operation.accept(one);
            operation.accept(other);
        }
        for (int i = 0; i < 7; i++) {
            assertThat(java.util.Arrays.equals(one.values(i), other.values(i))).as(name + ", array " + i).isTrue();
        }
    }

    /** K alone against K beside Θ, in vector instructions and without. */
    private static <A> void alone(Rows<A> rows, String name, Consumer<Desk<A>> both, Consumer<Desk<A>> alone, int... arrays) {
        Desk<A> one = Desk.of(rows);
        Desk<A> other = Desk.of(rows);
        both.accept(one);
        alone.accept(other);
        for (int i : arrays) {
            int at = java.util.Arrays.mismatch(other.values(i), one.values(i));
            assertThat(at).as("%s, array %d: first other value, %s and not %s", name, i, at < 0 ? "" : other.values(i)[at],
                    at < 0 ? "" : one.values(i)[at]).isEqualTo(-1);
        }
    }

    private static <A> void alone(Rows<A> rows) {
        int lanes = rows.lanes();
        Rows.Affine map = new Rows.Affine(0.7, 0.3, 0.4, 0.9, 0.1);
        for (int taps : new int[] {1, 2, 3, 4, 5, 7}) {
            for (int rowsOf : new int[] {1, 2, 3, 4, 5, 7}) {
                int[] sources = java.util.stream.IntStream.range(0, rowsOf).map(i -> i * 20).toArray();
                for (int step : new int[] {1, 2}) {
                    alone(rows, "window of " + rowsOf + " × " + taps,
                            d -> d.rows.window(d.get(0), d.get(1), sources, taps, step, d.get(2), d.get(3), 9, PLACES / step / 2, map),
                            d -> d.rows.window(d.get(0), sources, taps, step, d.get(2), 9, PLACES / step / 2, map), 0, 2);
                }
            }
        }
        int[] three = {0, 2 * lanes, 5 * lanes};
        alone(rows, "window of images that touch",
                d -> d.rows.touching(d.get(0), d.get(1), three, d.get(2), d.get(3), 9, PLACES / 2, map, d.get(6), 3),
                d -> d.rows.touching(d.get(0), three, d.get(2), 9, PLACES / 2, map, d.get(6), 3), 0, 2);
        alone(rows, "first window of images that touch",
                d -> d.rows.touchingFirst(d.get(0), three, d.get(2), d.get(3), 9, PLACES / 2, map, d.get(6), 3),
                d -> d.rows.touching(d.get(0), three, d.get(2), 9, PLACES / 2, map, d.get(6), 3), 0, 2);
        Consumer<Desk<A>> clear = d -> d.rows.clear(d.get(1), 0, 2 * PLACES);
        alone(rows, "first window of images that touch, Θ",
                clear.andThen(d -> d.rows.touchingFirst(d.get(0), three, d.get(2), d.get(3), 9, PLACES / 2, map, d.get(6), 3)),
                clear.andThen(d -> d.rows.touching(d.get(0), d.get(1), three, d.get(2), d.get(3), 9, PLACES / 2, map, d.get(6), 3)), 2, 3);
        int[] four = {0, 2 * lanes, 5 * lanes, 9 * lanes};
        int next = 9 + 8 * lanes;
        alone(rows, "two rows of windows",
                d -> d.rows.twoWindows(d.get(0), d.get(1), four, d.get(2), d.get(3), 9, next, PLACES / 2, map),
                d -> {
                    for (int r = 0; r < 2; r++) {
                        d.rows.window(d.get(0), d.get(1), java.util.Arrays.copyOfRange(four, r, r + 3), 3, 1, d.get(2), d.get(3),
                                r == 0 ? 9 : next, PLACES / 2, map);
                    }
                }, 0, 1, 2, 3);
        alone(rows, "linear", d -> d.rows.linear(d.get(0), d.get(1), 3, PLACES, map), d -> d.rows.linear(d.get(0), 3, PLACES, map), 0);
        alone(rows, "weigh", d -> d.rows.weigh(d.get(0), d.get(1), 3, d.get(4), d.get(5), 9, PLACES, d.get(2), 7, 1, d.get(3), 5, lanes),
                d -> d.rows.weigh(d.get(0), 3, d.get(4), 9, PLACES, d.get(2), 7, 1, d.get(3), 5, lanes), 4);
        alone(rows, "accumulate a map", d -> d.rows.accumulate(d.get(0), d.get(1), 3, d.get(2), d.get(3), 5, PLACES, map),
                d -> d.rows.accumulate(d.get(0), 3, d.get(2), 5, PLACES, map), 2);
        alone(rows, "mask", d -> d.rows.mask(d.get(0), d.get(1), 3, d.get(6), 3, 1, PLACES),
                d -> d.rows.mask(d.get(0), 3, d.get(6), 3, 1, PLACES), 0);
        Arc bend = new Arc.Bend(-0.3, 1.7);
        // A covariance with a variance of 0 is 0.
        Consumer<Desk<A>> own = d -> {
            d.rows.own(bend, d.get(2), d.get(1), 0, PLACES, d.get(3), d.get(4), d.get(5), 0);
            d.rows.weigh(d.get(0), 3, d.get(0), 3, PLACES, d.get(4), 5, 1, d.get(4), 2, 1);
        };
        alone(rows, "activate", own.andThen(d -> d.rows.activate(bend, d.get(0), d.get(1), 3, PLACES, d.get(3), d.get(4), 5, 1, d.get(3),
                d.get(4), d.get(5), 2, 1)), own.andThen(d -> d.rows.activate(bend, d.get(0), 3, PLACES, d.get(3), d.get(4), 5, 1, d.get(3),
                d.get(4), 2, 1)), 0);
    }

    /** A left side of each lane, all of them alike, does what one for all lanes does: a pair may come in either way. */
    private static <A> void lanes(Rows<A> rows) {
        int lanes = rows.lanes();
        Arc bend = new Arc.Bend(-0.3, 1.7);
        Consumer<Desk<A>> own = d -> {
            d.rows.own(bend, d.get(2), d.get(1), 0, PLACES, d.get(3), d.get(4), d.get(5), 0);
            for (int i : new int[] {3, 4}) {
                double[] each = d.values(i);
                double[] alike = java.util.stream.IntStream.range(0, PLACES * lanes).mapToDouble(p -> each[p / lanes]).toArray();
                d.rows.put(alike, 0, d.get(i == 3 ? 2 : 6), 0, alike.length);
            }
            d.rows.weigh(d.get(0), 3, d.get(0), 3, PLACES, d.get(4), 0, 1, d.get(4), 2, 1);
        };
        alone(rows, "activate", own.andThen(d -> d.rows.activate(bend, d.get(0), d.get(1), 3, PLACES, d.get(3), d.get(4), 0, 1, d.get(3),
                d.get(4), d.get(5), 2, 1)), own.andThen(d -> d.rows.laneActivate(bend, d.get(0), d.get(1), 3, PLACES, d.get(2), d.get(6),
                0, lanes, d.get(3), d.get(4), d.get(5), 2, 1)), 0, 1);
        alone(rows, "activate K", own.andThen(d -> d.rows.activate(bend, d.get(0), 3, PLACES, d.get(3), d.get(4), 0, 1, d.get(3),
                d.get(4), 2, 1)), own.andThen(d -> d.rows.laneActivate(bend, d.get(0), 3, PLACES, d.get(2), d.get(6), 0, lanes, d.get(3),
                d.get(4), 2, 1)), 0);
        alone(rows, "inputs", own.andThen(d -> d.rows.inputs(several(d, 3, 4), 0, several(d, 1, 5), 5, 1, d.get(0), 3, PLACES, 0.3)),
                own.andThen(d -> d.rows.laneInputs(several(d, 2, 6), 0, lanes, several(d, 1, 5), 5, 1, d.get(0), 3, PLACES, 0.3)), 0);
    }

    @Test
    void should_take_a_left_side_of_each_lane() {
        lanes(Rows.float64());
        lanes(Rows.float32());
        lanes(new PlainRows64(4));
        lanes(new PlainRows32(8));
    }

    /** Correlations of all sizes, so that sums have any number of terms. */
    private static <A> void series(Rows<A> vectors, Rows<A> plain) {
        for (Series.Powers powers : List.of(new Series.Powers(0, 1), new Series.Powers(0, 2), new Series.Powers(1, 2))) {
            for (int leftStep : new int[] {0, 1}) {
                Consumer<Desk<A>> both = d -> d.rows.series(powers, d.get(0), d.get(1), 3, 6, d.get(2), 7, terms(d, 3), 5, leftStep,
                        d.get(4), 2, terms(d, 5), 1, d.rows.lanes());
                Consumer<Desk<A>> alone = d -> d.rows.series(powers, d.get(0), null, 3, 6, d.get(2), 7, terms(d, 3), 5, leftStep,
                        d.get(4), 2, terms(d, 5), 1, d.rows.lanes());
                compare(vectors, plain, "series", both);
                compare(vectors, plain, "series of K", alone);
                alone(vectors, "series", both, alone, 0);
            }
        }
    }

    private static <A> A[] several(Desk<A> desk, int... arrays) {
        A[] several = desk.rows.arrays(arrays.length);
        for (int i = 0; i < arrays.length; i++) {
            several[i] = desk.get(arrays[i]);
        }
        return several;
    }

    private static <A> Terms<A> terms(Desk<A> desk, int array) {
        return new Terms<>(desk.get(array), 35, 112, true);
    }

    @Test
    void should_sum_series_to_the_same_digits() {
        series(Rows.float64(), new PlainRows64(Rows.float64().lanes()));
        series(Rows.float32(), new PlainRows32(Rows.float32().lanes()));
    }

    @Test
    void should_give_k_alone_as_beside_the_tangent_kernel() {
        alone(Rows.float64());
        alone(Rows.float32());
        alone(new PlainRows64(4));
        alone(new PlainRows32(8));
    }

    private static <A> void all(Rows<A> vectors, Rows<A> plain) {
        int lanes = vectors.lanes();
        assertThat(plain.lanes()).isEqualTo(lanes);
        Rows.Affine map = new Rows.Affine(0.7, 0.3, 0.4, 0.9, 0.1);
        Arc relu = new Arc.Bend(0, 1);
        compare(vectors, plain, "products", d -> d.rows.products(d.get(0), 3, d.get(1), 5, lanes, d.get(2), lanes, PLACES));
        compare(vectors, plain, "inputs",
                d -> d.rows.inputs(several(d, 0, 1, 2), 3, several(d, 1, 2, 0), 5, 1, d.get(3), lanes, PLACES, 0.3));
        compare(vectors, plain, "two inputs",
                d -> d.rows.inputs(several(d, 0, 1), 3, several(d, 1, 2), 5, lanes, d.get(3), lanes, PLACES, 0.3));
        compare(vectors, plain, "inputs of each lane",
                d -> d.rows.laneInputs(several(d, 0, 1), 3, lanes, several(d, 1, 2), 5, 2 * lanes, d.get(3), lanes, PLACES, 0.3));
        compare(vectors, plain, "blocks of two", d -> d.rows.blocks(d.get(0), 3, new int[] {1, 0, 4}, 2, 5, d.get(1), 2));
        compare(vectors, plain, "blocks of three", d -> d.rows.blocks(d.get(0), 1, new int[] {2, 0}, 3, 4, d.get(1), 2));
        compare(vectors, plain, "rows of blocks of 2 × 2", d -> d.rows.halved(d.get(0), 3, d.get(1), 1, d.get(2), 0, d.get(4), 2, lanes + 1,
                PLACES / 2));
        compare(vectors, plain, "sum of two rows", d -> d.rows.plus(d.get(0), 3, d.get(1), 1, d.get(2), 0, PLACES));
        for (int around : new int[] {lanes / 2, lanes, 3 * lanes / 2, 2 * lanes}) {
            int line = around + 2 * lanes;
            compare(vectors, plain, "blocks of 2 × 2, " + around + " around", d -> {
                d.rows.joined(d.get(0), 3, around + lanes, around, d.get(1), line, 2, 0.3);
                d.rows.turned(d.get(1), line, around, d.get(2), 1, 3 * lanes, 5 * lanes / 2, 2);
                d.rows.clear(d.get(1), 0, 2 * line / lanes);
            });
        }
        compare(vectors, plain, "two rows added", d -> d.rows.accumulate(d.get(0), 3, d.get(1), 1, d.get(2), 5, PLACES));
        compare(vectors, plain, "picked from anywhere", d -> d.rows.pick(d.get(0), 3, new int[] {4, 0, 7, 7}, d.get(1), 2, 4));
        compare(vectors, plain, "squares", d -> d.rows.squares(d.get(0), 3, d.get(1), 5, PLACES, false));
        for (int count : new int[] {1, 3, 4, 6}) {
            for (int n = 1; n <= 5; n++) {
                int places = n;
                compare(vectors, plain, "product of matrices", d -> d.rows.multiply(d.get(0), 3, 2, 7, d.get(1), 5, 4, 6, d.get(2), 1,
                        places * lanes, count, places));
            }
        }
        compare(vectors, plain, "scale", d -> d.rows.scale(d.get(0), 3, PLACES, 1.0 / 3));
        for (int taps : new int[] {1, 2, 3, 4, 5, 7}) {
            for (int rowsOf : new int[] {1, 2, 3, 4, 5, 7}) {
                int[] sources = java.util.stream.IntStream.range(0, rowsOf).map(i -> i * 20).toArray();
                compare(vectors, plain, "window of " + rowsOf + " × " + taps,
                        d -> d.rows.window(d.get(0), d.get(1), sources, taps, 1, d.get(2), d.get(3), 9, PLACES, map));
                compare(vectors, plain, "window in strides",
                        d -> d.rows.window(d.get(0), d.get(1), sources, taps, 2, d.get(2), d.get(3), 9, PLACES / 3, map));
            }
        }
        int[] three = {0, 2 * lanes, 5 * lanes};
        int[] four = {0, 2 * lanes, 5 * lanes, 9 * lanes};
        compare(vectors, plain, "two rows of windows",
                d -> d.rows.twoWindows(d.get(0), d.get(1), four, d.get(2), d.get(3), 9, 999, PLACES / 2, map));
        compare(vectors, plain, "window of images that touch",
                d -> d.rows.touching(d.get(0), d.get(1), three, d.get(2), d.get(3), 9, PLACES / 2, map, d.get(6), 3));
        compare(vectors, plain, "first window of images that touch",
                d -> d.rows.touchingFirst(d.get(0), three, d.get(2), d.get(3), 9, PLACES / 2, map, d.get(6), 3));
        compare(vectors, plain, "linear", d -> d.rows.linear(d.get(0), d.get(1), 3, PLACES, map));
        compare(vectors, plain, "activate", d -> d.rows.activate(relu, d.get(0), d.get(1), 3, PLACES, d.get(2), d.get(3), 5, 1, d.get(4),
                d.get(5), d.get(6), 2, 1));
        compare(vectors, plain, "activate a row", d -> d.rows.activate(relu, d.get(0), d.get(1), 3, PLACES, d.get(2), d.get(3), 5, 0,
                d.get(4), d.get(5), d.get(6), 2, lanes));
        compare(vectors, plain, "activate with a left side of each lane", d -> d.rows.laneActivate(relu, d.get(0), d.get(1), 3, PLACES,
                d.get(2), d.get(3), 5, lanes, d.get(4), d.get(5), d.get(6), 2, 2 * lanes));
        compare(vectors, plain, "activate K with a left side of each lane", d -> d.rows.laneActivate(relu, d.get(0), 3, PLACES, d.get(2),
                d.get(3), 5, lanes, d.get(4), d.get(5), 2, 2 * lanes));
        // Plain rows do one after the other.
        for (int leftStep : new int[] {0, 1}) {
            compare(vectors, plain, "linear and activate", d -> d.rows.activate(map, relu, d.get(0), d.get(1), 3, PLACES, d.get(2),
                    d.get(3), 5, leftStep, d.get(4), d.get(5), d.get(6), 2, lanes));
        }
        compare(vectors, plain, "own", d -> d.rows.own(new Arc.Bend(-0.3, 1.7), d.get(0), d.get(1), 3, PLACES, d.get(2), d.get(3), d.get(4),
                5));
        compare(vectors, plain, "activate K", d -> d.rows.activate(relu, d.get(0), 3, PLACES, d.get(2), d.get(3), 5, 1, d.get(4), d.get(5),
                2, 1));
        compare(vectors, plain, "weigh", d -> d.rows.weigh(d.get(0), d.get(1), 3, d.get(4), d.get(5), 9, PLACES, d.get(2), 7, 1, d.get(3),
                5, lanes));
        compare(vectors, plain, "weigh in its place", d -> d.rows.weigh(d.get(0), d.get(1), 3, d.get(0), d.get(1), 3, PLACES, d.get(2), 7,
                1, d.get(3), 5, lanes));
        compare(vectors, plain, "accumulate a map",
                d -> d.rows.accumulate(d.get(0), d.get(1), 3, d.get(2), d.get(3), 5, PLACES, map));
        compare(vectors, plain, "ownWeigh", d -> d.rows.ownWeigh(1e-12, d.get(0), d.get(1), 3, PLACES, d.get(2), 7));
        compare(vectors, plain, "add", d -> d.rows.add(d.get(0), d.get(1), 3, PLACES));
        compare(vectors, plain, "mask", d -> d.rows.mask(d.get(0), d.get(1), 3, d.get(6), 3, 1, PLACES));
        compare(vectors, plain, "pick", d -> d.rows.pick(d.get(0), 3, lanes, d.get(1), 5, PLACES));
        compare(vectors, plain, "take", d -> d.rows.take(d.get(0), 3, 7, 1, d.get(1), 5, PLACES));
        compare(vectors, plain, "take in strides", d -> d.rows.take(d.get(0), 3, 1, 2, d.get(1), 5, PLACES / 2));
        compare(vectors, plain, "spread", d -> d.rows.spread(d.get(0), 3, d.get(1), 5, 2, PLACES));
        compare(vectors, plain, "addSpread", d -> d.rows.addSpread(d.get(0), 3, d.get(1), 5, 2, PLACES));
        compare(vectors, plain, "accumulate", d -> d.rows.accumulate(d.get(0), 3, d.get(1), 5, PLACES));
        compare(vectors, plain, "sum", d -> d.rows.sum(d.get(0), 3, PLACES, d.get(1)));
        compare(vectors, plain, "sums", d -> d.rows.sums(d.get(0), d.get(1), 3, d.get(6), d.get(6), 3, PLACES, d.get(2)));
    }

    @Test
    void should_give_the_same_digits_in_float64() {
        all(Rows.float64(), new PlainRows64(Rows.float64().lanes()));
    }

    @Test
    void should_give_the_same_digits_in_float32() {
        all(Rows.float32(), new PlainRows32(Rows.float32().lanes()));
    }

    @Test
    void should_be_tested_with_vector_instructions() {
        assertThat(Rows.vectors()).isTrue();
    }
}
