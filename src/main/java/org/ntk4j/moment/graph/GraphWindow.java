package org.ntk4j.moment.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Stencil;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.StridedSlice;
import org.tensorflow.types.TInt32;

/**
 * Sums over windows in a graph, one axis of space after the other: as many slices as the window is long along the axis, and their sum.
 * Values are {@code [pair, position]} or {@code [pair, position of the left, position of the right]}, positions in C order.
 */
final class GraphWindow {

    private final int[][][] along;
    private final List<Integer> before;

    /** The windows of a stencil over inputs of this shape without padding. */
    GraphWindow(Stencil stencil, Shape in) {
        this.along = stencil.along(in);
        this.before = in.space();
    }

    /** The sum over the offsets, both positions moving alike. */
    GraphTerm alike(GraphTerm x, Span span) {
        int axes = before.size();
        int[] sizes = sizes(span);
        GraphTerm y = x.shaped(sizes);
        for (int axis = 0; axis < axes; axis++) {
            y = sum(y, sizes, along[axis], span == Span.EQUAL ? new int[] {1 + axis} : new int[] {1 + axis, 1 + axes + axis});
        }
        return flat(y, sizes, span);
    }

    /** The sum over the offsets of both positions, each moving on its own. */
    GraphTerm apart(GraphTerm x, Span span) {
        int axes = before.size();
        int[] sizes = sizes(span);
        GraphTerm y = x.shaped(sizes);
        for (int axis = 1; axis < sizes.length; axis++) {
            y = sum(y, sizes, along[(axis - 1) % axes], axis);
        }
        return flat(y, sizes, span);
    }

    private int[] sizes(Span span) {
        int axes = before.size();
        int[] sizes = new int[1 + (span == Span.EQUAL ? axes : 2 * axes)];
        sizes[0] = -1;
        for (int i = 1; i < sizes.length; i++) {
            sizes[i] = before.get((i - 1) % axes);
        }
        return sizes;
    }

    private GraphTerm flat(GraphTerm y, int[] sizes, Span span) {
        int positions = 1;
        for (int axis = 1; axis <= before.size(); axis++) {
            positions *= sizes[axis];
        }
        return span == Span.EQUAL ? y.shaped(-1, positions) : y.shaped(-1, positions, positions);
    }

    /** The sum over the offsets of a table along some axes that move together; their sizes become those after it. */
    private static GraphTerm sum(GraphTerm x, int[] sizes, int[][] table, int... moved) {
        int n = sizes[moved[0]];
        int after = table[0].length;
        int stride = stride(table, n);
        GraphTerm y = stride > 0 ? slices(x, sizes, table, stride, moved) : gathers(x, sizes, table, moved);
        for (int axis : moved) {
            sizes[axis] = after;
        }
        return y;
    }

    /** The stride of a window whose offsets all see runs of positions, those outside being 0; 0 for other tables. */
    private static int stride(int[][] table, int n) {
        int after = table[0].length;
        int stride = 1;
        for (int[] sources : table) {
            for (int p = 1; p < after; p++) {
                stride = sources[p] >= 0 && sources[p - 1] >= 0 ? Math.max(1, sources[p] - sources[p - 1]) : stride;
            }
        }
        int first = first(table, stride);
        for (int o = 0; o < table.length; o++) {
            for (int p = 0; p < after; p++) {
                int source = first + p * stride + o;
                if (table[o][p] != (source >= 0 && source < n ? source : -1)) {
                    return 0;
                }
            }
        }
        return stride;
    }

    /** Where the first offset of the first position stands; before 0 there are zeros. */
    private static int first(int[][] table, int stride) {
        for (int o = 0; o < table.length; o++) {
            for (int p = 0; p < table[o].length; p++) {
                if (table[o][p] >= 0) {
                    return table[o][p] - p * stride - o;
                }
            }
        }
        return 0;
    }

    private static GraphTerm slices(GraphTerm x, int[] sizes, int[][] table, int stride, int[] moved) {
        int n = sizes[moved[0]];
        int after = table[0].length;
        int first = first(table, stride);
        if (table.length == 1 && first == 0 && stride == 1 && after == n) {
            return x;
        }
        int zeros = Math.max(0, -first);
        GraphTerm padded = padded(x, sizes.length, zeros, Math.max(0, first + (after - 1) * stride + table.length - n), moved);
        Ops tf = x.tf();
        long all = (1L << sizes.length) - 1;
        for (int axis : moved) {
            all &= ~(1L << axis);
        }
        List<GraphTerm> slices = new ArrayList<>();
        for (int o = 0; o < table.length; o++) {
            int[] begin = new int[sizes.length];
            int[] end = new int[sizes.length];
            int[] step = new int[sizes.length];
            Arrays.fill(step, 1);
            for (int axis : moved) {
                begin[axis] = first + zeros + o;
                end[axis] = begin[axis] + (after - 1) * stride + 1;
                step[axis] = stride;
            }
            slices.add(new GraphTerm(tf, tf.stridedSlice(padded.op(), tf.constant(begin), tf.constant(end), tf.constant(step),
                    StridedSlice.beginMask(all), StridedSlice.endMask(all))));
        }
        return GraphTerm.sum(slices);
    }

    /** For windows that wrap around, or leave gaps. */
    private static GraphTerm gathers(GraphTerm x, int[] sizes, int[][] table, int[] moved) {
        int n = sizes[moved[0]];
        Ops tf = x.tf();
        GraphTerm padded = padded(x, sizes.length, 0, Arrays.stream(table).flatMapToInt(Arrays::stream).anyMatch(s -> s < 0) ? 1 : 0,
                moved);
        List<GraphTerm> terms = new ArrayList<>();
        for (int[] sources : table) {
            Operand<TInt32> index = tf.constant(Arrays.stream(sources).map(s -> s < 0 ? n : s).toArray());
            GraphTerm y = padded;
            for (int axis : moved) {
                y = new GraphTerm(tf, tf.gather(y.op(), index, tf.constant(axis)));
            }
            terms.add(y);
        }
        return GraphTerm.sum(terms);
    }

    private static GraphTerm padded(GraphTerm x, int rank, int front, int behind, int[] moved) {
        if (front == 0 && behind == 0) {
            return x;
        }
        int[][] zeros = new int[rank][2];
        for (int axis : moved) {
            zeros[axis] = new int[] {front, behind};
        }
        return new GraphTerm(x.tf(), x.tf().pad(x.op(), x.tf().constant(zeros), x.number(0).op()));
    }

    /** What stands at equal positions: {@code [pair, position]}. */
    static GraphTerm diagonal(GraphTerm x, int positions) {
        Ops tf = x.tf();
        return new GraphTerm(tf, tf.stridedSlice(x.shaped(-1, positions * positions).op(), tf.constant(new int[] {0, 0}),
                tf.constant(new int[] {0, positions * positions}),
                tf.constant(new int[] {1, positions + 1}), StridedSlice.beginMask(3L), StridedSlice.endMask(3L)));
    }
}
