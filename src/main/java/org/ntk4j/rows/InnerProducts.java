package org.ntk4j.rows;

import java.util.List;
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

    private static final int CHANNELS_AT_ONCE = 96;

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

    /** The vectors with these values, one after the other. */
    public static <A> InnerProducts<A> of(Rows<A> rows, double[] values, int count, int channels) {
        int width = rows.panel();
        A variances = rows.room(count);
        List<A> panels = IntStream.range(0, (count + width - 1) / width).parallel().mapToObj(p -> {
            int first = p * width;
            int there = Math.min(count - first, width);
            A panel = panel(rows, values, first, there, channels);
            A own = rows.room(width);
            for (int c = 0; c < channels; c++) {
                rows.squares(panel, c * width, own, 0, width / rows.lanes(), c == 0);
            }
            rows.scale(own, 0, width / rows.lanes(), 1.0 / channels);
            System.arraycopy(own, 0, variances, first, there);
            return panel;
        }).toList();
        return new InnerProducts<>(channels, width, panels, variances, count);
    }

    private static <A> A panel(Rows<A> rows, double[] values, int first, int there, int channels) {
        int width = rows.panel();
        A panel = rows.room(channels * width);
        double[] some = new double[Math.min(channels, CHANNELS_AT_ONCE) * width];
        for (int from = 0; from < channels; from += CHANNELS_AT_ONCE) {
            int to = Math.min(channels, from + CHANNELS_AT_ONCE);
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
        int first = i0 / Rows.TOGETHER * Rows.TOGETHER;
        int count = (i1 - first + Rows.TOGETHER - 1) / Rows.TOGETHER * Rows.TOGETHER;
        A block = rows.room(count * width);
        for (int j = j0 / width * width; j < j1; j += width) {
            A right = other.panels.get(j / width);
            // Some channels of a panel at a time, which the first-level cache holds while all rows meet them.
            for (int c = 0; c < channels; c += CHANNELS_AT_ONCE) {
                int some = Math.min(CHANNELS_AT_ONCE, channels - c);
                for (int i = first; i < first + count; i += Rows.TOGETHER) {
                    rows.inner(panels.get(i / width), c * width + i % width, right, c * width, some, block, (i - first) * width, c == 0);
                }
            }
            rows.scale(block, 0, count * width / rows.lanes(), 1.0 / channels);
            int from = Math.max(j, j0);
            for (int r = i0; r < i1; r++) {
                System.arraycopy(block, (r - first) * width + from - j, to, (r - i0) * line + from - j0, Math.min(j + width, j1) - from);
            }
        }
    }
}
