package org.ntk4j.infinite.sequence.step;

import java.util.stream.IntStream;
import org.ntk4j.infinite.sequence.path.SequencePath.Step;
import org.ntk4j.rows.KernelRows;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Window;

/**
 * Sums over windows: both positions moving alike, as in a convolution, or each on its own, as in pooling. The lines of a left example are
 * laid out once more with what stands beyond the borders of each right one: zeros, or its other side. Then an offset moves all right
 * positions of a line by the same distance, whatever the example, and sums run along lines; at the end what the strides leave is taken
 * out. Belongs to one thread.
 *
 * @param <A> the arrays of its numbers
 */
public final class SequenceWindow<A> {

    private final BatchRows<A> batches;
    private final Rows<A> rows;
    private final Space<A> wide;
    private final Space<A> sum;
    private final Space<A> half;

    SequenceWindow(BatchRows<A> batches) {
        this.batches = batches;
        this.rows = batches.rows();
        this.wide = new Space<>(rows);
        this.sum = new Space<>(rows);
        this.half = new Space<>(rows);
    }

    /** K and Θ at as many places as were wanted at once. */
    private static final class Space<A> {
        private final Rows<A> rows;
        private A k;
        private A t;
        private int size;
        private int sizeOfT;

        Space(Rows<A> rows) {
            this.rows = rows;
            this.k = rows.room(0);
            this.t = k;
        }

        void hold(int values, boolean tangents) {
            if (values > size) {
                k = rows.room(values);
                size = values;
            }
            if (tangents && values > sizeOfT) {
                t = rows.room(values);
                sizeOfT = values;
            }
        }
    }

    /**
     * An axis of positions.
     *
     * @param before how many there are
     * @param after  how many windows
     * @param filter the size of a window
     * @param stride from one window to the next
     * @param edge   positions beyond the border that are laid out in front
     * @param axis   which axis of the window it is; −1: none
     */
    private record Axis(int before, int after, int filter, int stride, int edge, int axis) {

        static Axis of(Window window, Shape before, Shape after, int axis) {
            return axis < 0 ? new Axis(1, 1, 1, 1, 0, -1) : new Axis(before.space().get(axis), after.space().get(axis),
                    window.size().get(axis), window.strides().get(axis), (window.size().get(axis) - 1) / 2, axis);
        }

        /** Positions that are laid out. */
        int wide() {
            return before + filter - 1;
        }

        /** Where the first window begins: fewer positions than there are room for in an example that has padding. */
        int first(Window window, int length) {
            return axis < 0 ? 0 : -window.before(axis, window.keepsPositions() ? before : Math.min(before, length));
        }

        /** The position that stands at a place; −1 if there is none. */
        int source(int place, boolean wraps) {
            int source = place - edge;
            return wraps ? Math.floorMod(source, before) : source >= 0 && source < before ? source : -1;
        }
    }

    /** Values of a pair of examples as they are laid out. */
    public static long wide(Window window, Shape before) {
        return IntStream.range(0, window.size().size())
                .mapToLong(axis -> before.space().get(axis) + window.size().get(axis) - 1L).reduce(1, (a, b) -> a * b);
    }

    /** A window on the positions of a batch, and how its lines are laid out. */
    private record Layout(Window window, Axis down, Axis across, boolean wraps, int each, int places, int line) {

        static Layout of(Window window, Shape before, Shape after, int rights, int lanes) {
            int axes = window.size().size();
            Axis down = Axis.of(window, before, after, axes - 2);
            Axis across = Axis.of(window, before, after, axes - 1);
            int each = down.wide() * across.wide();
            int places = (rights * each + lanes - 1) / lanes;
            // The last windows of a line look beyond its end.
            return new Layout(window, down, across, window.padding().equals(Window.CIRCULAR), each, places,
                    places * lanes + (down.filter - 1) * across.wide() + across.filter - 1);
        }

        /** The position that an offset of a window looks at; −1 if there is none. */
        int source(int after, int offset, int length) {
            int y = down.first(window, length) + after / across.after * down.stride + offset / across.filter;
            int x = across.first(window, length) + after % across.after * across.stride + offset % across.filter;
            int row = down.source(y + down.edge, wraps);
            int column = across.source(x + across.edge, wraps);
            return row < 0 || column < 0 ? -1 : row * across.before + column;
        }

        /** How far an offset lies behind the first one. */
        int at(int offset) {
            return offset / across.filter * across.wide() + offset % across.filter;
        }

        /** Where the first window of an example begins. */
        int begin(int length) {
            return (down.edge + down.first(window, length)) * across.wide() + across.edge + across.first(window, length);
        }
    }

    /**
     * The sum over the offsets of a window, both positions moving alike, for all pairs of a batch.
     *
     * @param after where they go
     */
    void slide(Step.Slide step, SequenceBatch<A> b, SequenceBatch<A> after) {
        Layout w = Layout.of(step.window(), step.before(), step.after(), b.rights(), rows.lanes());
        KernelRows<A> kernels = batches.rows(b);
        wide.hold(b.positions() * w.line, b.tangents());
        sum.hold(w.places * rows.lanes(), b.tangents());
        for (int e = 0; e < b.lefts(); e++) {
            int[] begins = begins(w, b, e);
            for (int p = 0; p < b.positions(); p++) {
                int from = (e * b.positions() + p) * b.line();
                lay(w, b, b.k(), b.t(), from, p * w.line);
            }
            for (int p = 0; p < after.positions(); p++) {
                kernels.clear(sum.k, sum.t, 0, w.places);
                for (int offset = 0; offset < step.window().area(); offset++) {
                    int source = w.source(p, offset, length(b, e));
                    if (source >= 0) {
                        kernels.accumulate(wide.k, wide.t, source * w.line + w.at(offset), sum.k, sum.t, 0, w.places);
                    }
                }
                take(w, begins, after, e * after.positions() + p);
            }
        }
        scale(after, 1.0 / step.window().area());
    }

    /**
     * The sum, or the mean, over a window of each position on its own, for all pairs of a batch.
     *
     * @param after where they go
     */
    void pool(Step.Pool step, SequenceBatch<A> b, SequenceBatch<A> after) {
        Layout w = Layout.of(step.window(), step.before(), step.after(), b.rights(), rows.lanes());
        KernelRows<A> kernels = batches.rows(b);
        wide.hold(w.line, b.tangents());
        sum.hold(w.places * rows.lanes(), b.tangents());
        half.hold(b.line(), b.tangents());
        int n = b.line() / rows.lanes();
        int area = step.window().area();
        for (int e = 0; e < b.lefts(); e++) {
            int[] begins = begins(w, b, e);
            for (int p = 0; p < after.positions(); p++) {
                kernels.clear(half.k, half.t, 0, n);
                for (int offset = 0; offset < area; offset++) {
                    int source = w.source(p, offset, length(b, e));
                    if (source >= 0) {
                        kernels.accumulate(b.k(), b.t(), (e * b.positions() + source) * b.line(), half.k, half.t, 0, n);
                    }
                }
                lay(w, b, half.k, half.t, 0, 0);
                kernels.clear(sum.k, sum.t, 0, w.places);
                for (int offset = 0; offset < area; offset++) {
                    kernels.accumulate(wide.k, wide.t, w.at(offset), sum.k, sum.t, 0, w.places);
                }
                take(w, begins, after, e * after.positions() + p);
            }
        }
        scale(after, step.mean() ? 1.0 / area / area : 1);
    }

    private void scale(SequenceBatch<A> after, double factor) {
        if (factor != 1) {
            batches.rows(after).scale(after.k(), after.t(), 0, after.size() / rows.lanes(), factor);
        }
    }

    private static int length(SequenceBatch<?> b, int e) {
        return b.ground1().length(b.left(e, 1));
    }

    /** A line with what stands beyond the borders of its examples. */
    private void lay(Layout w, SequenceBatch<A> b, A fromK, A fromT, int from, int to) {
        batches.rows(b).clear(wide.k, wide.t, to, w.places);
        for (int j = 0; j < b.rights(); j++) {
            for (int y = 0; y < w.down.wide(); y++) {
                int source = w.down.source(y, w.wraps);
                if (source >= 0) {
                    int row = from + j * b.width() + source * w.across.before;
                    int at = to + j * w.each + y * w.across.wide();
                    lay(w, fromK, row, wide.k, at);
                    if (b.tangents()) {
                        lay(w, fromT, row, wide.t, at);
                    }
                }
            }
        }
    }

    private void lay(Layout w, A values, int from, A wide, int at) {
        Axis across = w.across;
        System.arraycopy(values, from, wide, at + across.edge, across.before);
        for (int x = 0; w.wraps && x < across.wide(); x++) {
            if (x < across.edge || x >= across.edge + across.before) {
                System.arraycopy(values, from + across.source(x, true), wide, at + x, 1);
            }
        }
    }

    /** Where the first windows of all right examples begin on a line. */
    private static int[] begins(Layout w, SequenceBatch<?> b, int e) {
        return IntStream.range(0, b.rights()).map(j -> j * w.each + w.begin(b.ground2().length(b.right(e, j)))).toArray();
    }

    /** Takes out what the windows of all right examples have summed up, to a line. */
    private void take(Layout w, int[] begins, SequenceBatch<A> after, int line) {
        int width = after.width();
        for (int j = 0; j < begins.length; j++) {
            int from = begins[j];
            int to = line * after.line() + j * width;
            for (int y = 0; y < w.down.after; y++) {
                int at = from + y * w.down.stride * w.across.wide();
                take(w.across, sum.k, at, after.k(), to + y * w.across.after);
                if (after.tangents()) {
                    take(w.across, sum.t, at, after.t(), to + y * w.across.after);
                }
            }
        }
    }

    private void take(Axis across, A from, int at, A to, int toAt) {
        if (across.stride == 1) {
            System.arraycopy(from, at, to, toAt, across.after);
        } else {
            rows.pick(from, at, across.stride, to, toAt, across.after);
        }
    }
}
