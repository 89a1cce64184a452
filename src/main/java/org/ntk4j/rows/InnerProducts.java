package org.ntk4j.rows;

import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * Vectors laid out for their inner products: as many side by side as a panel is wide, channel after channel, so that the product of four of
 * them with a whole panel reads straight on and keeps its sums in registers.
 *
 * <p>By hand, so that an inner product is one sum over the channels from first to last, of fused multiplications: its last digit depends
 * neither on where a vector stands in a tile nor on how wide a machine's registers are, which no library promises. It is also a little
 * faster than one that arranges its operands anew for each tile.
 *
 * @param <A> the arrays of its numbers
 */
public final class InnerProducts<A> {

    /** So many channels of a panel stay in the second-level cache. Fewer would in the first, but sums that go on cost more than that. */
    private static final int CHANNELS_AT_ONCE = 1024;
    /** Of so many channels at once a panel takes its values, which stand vector by vector before. */
    private static final int TURNED_AT_ONCE = 112;

    private final int channels;
    private final int width;
    private final List<A> panels;
    private final A variances;
    private final int count;

    private InnerProducts(int channels, int width, List<A> panels, A variances, int count) {
        this.channels = channels;
        this.width = width;
        this.panels = panels;
        this.variances = variances;
        this.count = count;
    }

    /** Does something with each number below a count, in any order, several at once if it likes. */
    public interface Each {

        /** One after the other. */
        Each ALONE = (count, action) -> IntStream.range(0, count).forEach(action);

        void of(int count, IntConsumer action);
    }

    /** The vectors with these values, one after the other. */
    public static <A> InnerProducts<A> of(Rows<A> rows, double[] values, int count, int channels) {
        return of(rows, values, count, channels, Each.ALONE);
    }

    /** The vectors with these values; each panel belongs to one thread. */
    public static <A> InnerProducts<A> of(Rows<A> rows, double[] values, int count, int channels, Each each) {
        int width = rows.panel();
        A variances = rows.room(count);
        A[] panels = rows.arrays((count + width - 1) / width);
        IntConsumer make = p -> panels[p] = panel(rows.another(), values, p * width, count, channels, variances);
        each.of(panels.length, make);
        return new InnerProducts<>(channels, width, List.of(panels), variances, count);
    }

    private static <A> A panel(Rows<A> rows, double[] values, int first, int count, int channels, A variances) {
        int width = rows.panel();
        int there = Math.min(count - first, width);
        A panel = panel(rows, values, first, there, channels);
        A own = rows.room(width);
        for (int c = 0; c < channels; c++) {
            rows.squares(panel, c * width, own, 0, width / rows.lanes(), c == 0);
        }
        rows.scale(own, 0, width / rows.lanes(), 1.0 / channels);
        System.arraycopy(own, 0, variances, first, there);
        return panel;
    }

    private static <A> A panel(Rows<A> rows, double[] values, int first, int there, int channels) {
        int width = rows.panel();
        A panel = rows.room(channels * width);
        double[] some = new double[Math.min(channels, TURNED_AT_ONCE) * width];
        for (int from = 0; from < channels; from += TURNED_AT_ONCE) {
            int to = Math.min(channels, from + TURNED_AT_ONCE);
            for (int v = 0; v < there; v++) {
                for (int c = from; c < to; c++) {
                    some[(c - from) * width + v] = values[(first + v) * channels + c];
                }
            }
            rows.put(some, 0, panel, from * width, (to - from) * width);
        }
        return panel;
    }

    /** How many vectors. */
    public int count() {
        return count;
    }

    /** Each vector with itself, divided by the channels. */
    public A variances() {
        return variances;
    }

    /** The products of {@code i0 … i1} with {@code j0 … j1} of another, divided by the channels, rows {@code line} values apart. */
    public void products(Rows<A> rows, int i0, int i1, InnerProducts<A> other, int j0, int j1, A to, int line) {
        products(rows, i0, i1, other, j0, j1, to, line, new SpareArrays<>(rows));
    }

    /** The same, with room that is used again. */
    public void products(Rows<A> rows, int i0, int i1, InnerProducts<A> other, int j0, int j1, A to, int line, SpareArrays<A> spare) {
        products(rows, i0, i1, other, j0, j1, to, line, false, spare);
    }

    /** The products of {@code i0 … i1} with themselves from the diagonal on; what stands before it may be anything. */
    public void upper(Rows<A> rows, int i0, int i1, A to, int line) {
        products(rows, i0, i1, this, i0, i1, to, line, true, new SpareArrays<>(rows));
    }

    private void products(Rows<A> rows, int i0, int i1, InnerProducts<A> other, int j0, int j1, A to, int line, boolean upper,
            SpareArrays<A> spare) {
        int firstRow = i0 / Rows.TOGETHER * Rows.TOGETHER;
        int firstColumn = j0 / width * width;
        int height = multiple(i1 - firstRow, Rows.TOGETHER);
        for (int column = firstColumn; column < j1; column += width) {
            int last = upper ? Math.min(height, column + width - firstRow) : height;
            boolean inside = height == i1 - i0 && column >= j0 && column + width <= j1;
            A sums = inside ? to : spare.array(height * width);
            int at = inside ? column - j0 : 0;
            strip(rows, firstRow, last, other.panels.get(column / width), sums, at, inside ? line : width);
            if (!inside) {
                int from = Math.max(column, j0);
                for (int r = i0 - firstRow; r < Math.min(last, i1 - firstRow); r++) {
                    System.arraycopy(sums, r * width + from - column, to, (firstRow + r - i0) * line + from - j0,
                            Math.min(column + width, j1) - from);
                }
                spare.release(sums, height * width);
            }
        }
    }

    /** Rows with a panel: some of its channels at a time, which a cache holds while all rows meet them. */
    private void strip(Rows<A> rows, int firstRow, int height, A right, A sums, int j, int step) {
        for (int c = 0; c < channels; c += CHANNELS_AT_ONCE) {
            int some = Math.min(CHANNELS_AT_ONCE, channels - c);
            double factor = c + some == channels ? 1.0 / channels : 1;
            for (int i = 0; i < height; i += Rows.TOGETHER) {
                int row = firstRow + i;
                rows.inner(panels.get(row / width), c * width + row % width, right, c * width, some, sums, i * step + j, step, c == 0,
                        factor);
            }
        }
    }

    private static int multiple(int number, int of) {
        return (number + of - 1) / of * of;
    }
}
