package org.ntk4j.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InnerProductsTest {

    private static final int COUNT = 101;
    private static final int CHANNELS = 37;

    private static double[] vectors(long seed) {
        double[] values = new Random(seed).doubles(COUNT * CHANNELS, -1, 1).toArray();
        // The same vector at two places of different panels.
        System.arraycopy(values, 3 * CHANNELS, values, 98 * CHANNELS, CHANNELS);
        return values;
    }

    private static <A> double[] products(Rows<A> rows, int i0, int i1, int j0, int j1) {
        InnerProducts<A> one = InnerProducts.of(rows, vectors(1), COUNT, CHANNELS);
        InnerProducts<A> other = InnerProducts.of(rows, vectors(2), COUNT, CHANNELS);
        A room = rows.room((i1 - i0) * (j1 - j0));
        one.products(rows, i0, i1, other, j0, j1, room, j1 - j0);
        double[] values = new double[(i1 - i0) * (j1 - j0)];
        rows.get(room, 0, values, 0, values.length);
        return values;
    }

    @Test
    void should_give_inner_products_over_the_channels() {
        double[] a = vectors(1);
        double[] b = vectors(2);
        double[] exact = products(Rows.float64(), 0, COUNT, 0, COUNT);
        double[] rounded = products(Rows.float32(), 0, COUNT, 0, COUNT);
        for (int i = 0; i < COUNT; i++) {
            for (int j = 0; j < COUNT; j++) {
                double sum = 0;
                for (int c = 0; c < CHANNELS; c++) {
                    sum += a[i * CHANNELS + c] * b[j * CHANNELS + c];
                }
                assertThat(exact[i * COUNT + j]).isCloseTo(sum / CHANNELS, within(1e-15));
                assertThat(rounded[i * COUNT + j]).isCloseTo(sum / CHANNELS, within(3e-7));
            }
        }
    }

    @Test
    void should_depend_neither_on_lanes_nor_on_where_a_vector_stands() {
        double[] whole = products(Rows.float64(), 0, COUNT, 0, COUNT);
        double[] whole32 = products(Rows.float32(), 0, COUNT, 0, COUNT);
        for (int lanes : new int[] {1, 2, 3, 4, 8}) {
            assertThat(products(new PlainRows64(lanes), 0, COUNT, 0, COUNT)).isEqualTo(whole);
            assertThat(products(new PlainRows32(lanes), 0, COUNT, 0, COUNT)).isEqualTo(whole32);
        }
        double[] part = products(Rows.float64(), 5, 58, 43, 101);
        for (int i = 5; i < 58; i++) {
            for (int j = 43; j < 101; j++) {
                assertThat(part[(i - 5) * 58 + j - 43]).isEqualTo(whole[i * COUNT + j]);
            }
        }
    }

    /** More channels than are taken at once. */
    @Test
    void should_give_one_sum_over_many_channels_from_first_to_last() {
        int channels = 1111;
        double[] a = new Random(1).doubles(50L * channels, -1, 1).toArray();
        InnerProducts<double[]> panels = InnerProducts.of(Rows.float64(), a, 50, channels);
        double[] products = new double[2500];
        panels.products(Rows.float64(), 0, 50, panels, 0, 50, products, 50);
        for (int i = 0; i < 50; i++) {
            for (int j = 0; j < 50; j++) {
                double sum = 0;
                for (int c = 0; c < channels; c++) {
                    sum = Math.fma(a[i * channels + c], a[j * channels + c], sum);
                }
                assertThat(products[i * 50 + j]).isEqualTo(sum * (1.0 / channels));
            }
        }
    }

    @Test
    void should_leave_what_lies_between_the_rows() {
        betweenRows(Rows.float64());
        betweenRows(Rows.float32());
        betweenRows(new PlainRows64(8));
    }

    /** Whole panels go straight to where they are wanted, others by a detour. */
    private static <A> void betweenRows(Rows<A> rows) {
        InnerProducts<A> one = InnerProducts.of(rows, vectors(1), COUNT, CHANNELS);
        InnerProducts<A> other = InnerProducts.of(rows, vectors(2), COUNT, CHANNELS);
        double[] all = products(rows, 0, COUNT, 0, COUNT);
        for (int to : new int[] {96, 95}) {
            A room = rows.room(48 * 50);
            one.products(rows, 48, 96, other, 48, to, room, 50);
            double[] values = new double[48 * 50];
            rows.get(room, 0, values, 0, values.length);
            for (int i = 0; i < 48; i++) {
                for (int j = 0; j < 50; j++) {
                    assertThat(values[i * 50 + j]).isEqualTo(48 + j < to ? all[(48 + i) * COUNT + 48 + j] : 0);
                }
            }
        }
    }

    @Test
    void should_give_from_the_diagonal_on_what_a_whole_product_has_there() {
        fromTheDiagonal(Rows.float64());
        fromTheDiagonal(Rows.float32());
        fromTheDiagonal(new PlainRows64(2));
    }

    private static <A> void fromTheDiagonal(Rows<A> rows) {
        InnerProducts<A> panels = InnerProducts.of(rows, vectors(1), COUNT, CHANNELS);
        for (int from : new int[] {0, 48, 50}) {
            int size = COUNT - from;
            A whole = rows.room(size * size);
            panels.products(rows, from, COUNT, panels, from, COUNT, whole, size);
            A upper = rows.room(size * size);
            panels.upper(rows, from, COUNT, upper, size);
            double[] one = new double[size * size];
            double[] other = new double[size * size];
            rows.get(whole, 0, one, 0, one.length);
            rows.get(upper, 0, other, 0, other.length);
            for (int i = 0; i < size; i++) {
                for (int j = i; j < size; j++) {
                    assertThat(other[i * size + j]).isEqualTo(one[i * size + j]).isNotZero();
                }
            }
        }
    }

    @Test
    void should_be_the_same_in_whichever_order_its_panels_are_made() {
        InnerProducts.Each backwards = (count, action) -> IntStream.rangeClosed(1, count).forEach(i -> action.accept(count - i));
        InnerProducts<float[]> one = InnerProducts.of(Rows.float32(), vectors(1), COUNT, CHANNELS);
        InnerProducts<float[]> other = InnerProducts.of(Rows.float32(), vectors(1), COUNT, CHANNELS, backwards);
        float[] products = new float[COUNT * COUNT];
        float[] again = new float[COUNT * COUNT];
        one.products(Rows.float32(), 0, COUNT, one, 0, COUNT, products, COUNT);
        other.products(Rows.float32(), 0, COUNT, other, 0, COUNT, again, COUNT);
        assertThat(again).isEqualTo(products);
        assertThat(other.variances()).isEqualTo(one.variances());
    }

    @Test
    void should_give_equal_vectors_exactly_their_variance() {
        equalVectors(Rows.float64());
        equalVectors(Rows.float32());
    }

    private static <A> void equalVectors(Rows<A> rows) {
        InnerProducts<A> panels = InnerProducts.of(rows, vectors(1), COUNT, CHANNELS);
        A room = rows.room(1);
        panels.products(rows, 3, 4, panels, 98, 99, room, 1);
        double[] product = new double[1];
        rows.get(room, 0, product, 0, 1);
        double[] variances = new double[COUNT];
        rows.get(panels.variances(), 0, variances, 0, COUNT);
        assertThat(variances[3]).isEqualTo(product[0]).isEqualTo(variances[98]);
    }
}
