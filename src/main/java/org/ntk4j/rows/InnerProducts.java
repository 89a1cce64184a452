package org.ntk4j.rows;

import java.util.Arrays;
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
        double[] panel = new double[channels * width];
        List<A> panels = IntStream.range(0, (count + width - 1) / width)
                .mapToObj(p -> panel(rows, values, p * width, Math.min(count - p * width, width), channels, panel)).toList();
        A variances = rows.room(count);
        A own = rows.room(width);
        for (int p = 0; p < panels.size(); p++) {
            for (int c = 0; c < channels; c++) {
                rows.squares(panels.get(p), c * width, own, 0, width / rows.lanes(), c == 0);
            }
            rows.scale(own, 0, width / rows.lanes(), 1.0 / channels);
            System.arraycopy(own, 0, variances, p * width, Math.min(width, count - p * width));
        }
        return new InnerProducts<>(channels, width, panels, variances, count);
    }

    private static <A> A panel(Rows<A> rows, double[] values, int first, int there, int channels, double[] panel) {
        int width = panel.length / channels;
        if (there < width) {
            Arrays.fill(panel, 0);
        }
        for (int c = 0; c < channels; c++) {
            for (int v = 0; v < there; v++) {
                panel[c * width + v] = values[(first + v) * channels + c];
            }
        }
        A made = rows.room(panel.length);
        rows.put(panel, 0, made, 0, panel.length);
        return made;
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
