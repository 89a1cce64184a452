package org.ntk4j.data;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.positions.Edges;
import org.ntk4j.positions.Graphs;
import org.ntk4j.shape.Shape;

/**
 * A batch of inputs of one shape, in float64, one after the other in C order. A position whose channels are all NaN is
 * padding; any other NaN, and an infinity, is refused.
 */
public final class Inputs {

    private final double[] values;
    private final int count;
    private final Shape shape;
    private final @Nullable Graphs graphs;

    private Inputs(double[] values, int count, Shape shape, @Nullable Graphs graphs) {
        this.values = values;
        this.count = count;
        this.shape = shape;
        this.graphs = graphs;
    }

    /**
     * Inputs from their values.
     *
     * @param values {@code count × shape.size()} values in C order; the array is taken over, not copied
     * @param count  the number of inputs
     * @param shape  the shape of each
     * @throws Failure where the number of values does not fit or a value is not finite
     */
    public static Inputs of(double[] values, int count, Shape shape) {
        Required.value(values, "values");
        Required.value(shape, "shape");
        if ((long) count * shape.size() != values.length) {
            throw Failure.input(values.length + " values are not " + count + " inputs of " + shape);
        }
        checkFinite(values, shape);
        return new Inputs(values, count, shape, null);
    }

    /** Inputs from rows, one input a row; without a shape each row is a vector. */
    public static Inputs of(double[][] rows, int... shape) {
        Required.values(rows, "rows");
        Required.value(shape, "shape");
        if (rows.length == 0) {
            throw Failure.input("no inputs: at least one row is needed");
        }
        Shape each = shape.length == 0 ? Shape.of(rows[0].length) : Shape.of(shape);
        double[] values = new double[Math.multiplyExact(rows.length, each.size())];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != each.size()) {
                throw Failure.input("row " + (i + 1) + " has " + rows[i].length + " values; " + each + " needs " + each.size());
            }
            System.arraycopy(rows[i], 0, values, i * each.size(), each.size());
        }
        return of(values, rows.length, each);
    }

    /**
     * These inputs with a graph for each: its nodes are the positions.
     *
     * @throws Failure if there is not one graph for each input, or an edge does not fit: one line each
     */
    public Inputs graphs(List<Edges> edges) {
        Required.value(edges, "edges");
        if (shape.space().size() != 1) {
            throw Failure.input("graphs belong to inputs of [nodes, channels], and these are of " + shape + "; use --shape nodes,channels");
        }
        if (edges.size() != count) {
            throw Failure.input("there are " + edges.size() + " graphs for " + count + " inputs; each needs one, be it without edges");
        }
        return new Inputs(values, count, shape, Graphs.of(edges, shape.positions(), this::isReal));
    }

    /** The graphs of these inputs, if they have any. */
    public Optional<Graphs> graphs() {
        return Optional.ofNullable(graphs);
    }

    /**
     * Whether a position of an input is no padding.
     *
     * @throws Failure if there is no such input or position
     */
    public boolean isReal(int input, int position) {
        int positions = shape.size() / shape.channels();
        if (input < 0 || input >= count || position < 0 || position >= positions) {
            throw Failure.input("there is no input " + input + ", position " + position + " among " + this + " with " + positions
                    + (positions == 1 ? " position" : " positions") + ", counted from 0");
        }
        return !Double.isNaN(values[input * shape.size() + position * shape.channels()]);
    }

    private static void checkFinite(double[] values, Shape shape) {
        int channels = shape.channels();
        for (int start = 0; start < values.length; start += channels) {
            int missing = 0;
            for (int c = start; c < start + channels; c++) {
                if (Double.isInfinite(values[c])) {
                    throw Failure.input("input " + start / shape.size() + " has an infinite value at index " + start % shape.size());
                }
                missing += Double.isNaN(values[c]) ? 1 : 0;
            }
            if (missing != 0 && (missing < channels || shape.isVector())) {
                throw Failure.input("input " + start / shape.size() + " has a NaN in position " + start % shape.size() / channels
                        + "; only a position whose channels are all NaN is padding");
            }
        }
    }

    /** The number of inputs. */
    public int count() {
        return count;
    }

    /** The shape of one input. */
    public Shape shape() {
        return shape;
    }

    /** All values in C order. Not a copy: not to be changed. */
    public double[] values() {
        return values;
    }

    /**
     * One input, flattened in C order, as a copy.
     *
     * @throws Failure if there is no such input
     */
    public double[] row(int index) {
        if (index < 0 || index >= count) {
            throw Failure.input("there is no input " + index + " among " + this + ", counted from 0");
        }
        return Arrays.copyOfRange(values, index * shape.size(), (index + 1) * shape.size());
    }

    /**
     * Inputs {@code from} (included) to {@code to} (excluded).
     *
     * @throws Failure if these are not some of the inputs
     */
    public Inputs slice(int from, int to) {
        if (from < 0 || from > to || to > count) {
            throw Failure.input("inputs " + from + " to before " + to + " are not some of " + this + ", counted from 0");
        }
        return new Inputs(Arrays.copyOfRange(values, from * shape.size(), to * shape.size()), to - from, shape,
                graphs == null ? null : graphs.slice(from, to));
    }

    /**
     * Some inputs, in any order.
     *
     * @throws Failure if there is no input of such an index
     */
    public Inputs pick(int[] indices) {
        Required.value(indices, "indices");
        double[] some = new double[Math.multiplyExact(indices.length, shape.size())];
        Inputs withGraphs = null;
        for (int i = 0; i < indices.length; i++) {
            Inputs one = slice(indices[i], indices[i] + 1);
            System.arraycopy(one.values, 0, some, i * shape.size(), shape.size());
            withGraphs = graphs == null ? null : withGraphs == null ? one : withGraphs.and(one);
        }
        return withGraphs == null ? new Inputs(some, indices.length, shape, null) : withGraphs;
    }

    /** These inputs, each flattened to a vector. */
    public Inputs flat() {
        return new Inputs(values, count, Shape.of(shape.size()), null);
    }

    /** These values in another shape of the same size. */
    public Inputs as(Shape other) {
        Required.value(other, "other");
        if (other.size() != shape.size()) {
            throw Failure.input(shape + " has " + shape.size() + " values, " + other + " has " + other.size());
        }
        return new Inputs(values, count, other, other.equals(shape) ? graphs : null);
    }

    /** Other values of the same inputs, with another number of channels; graphs stay. */
    public Inputs with(double[] others, int channels) {
        Required.value(others, "others");
        Inputs all = of(others, count, shape.withChannels(channels));
        return new Inputs(all.values, count, all.shape, graphs);
    }

    /** These inputs and others of the same shape behind them. */
    public Inputs and(Inputs others) {
        Required.value(others, "others");
        if (!shape.equals(others.shape)) {
            throw Failure.input("the inputs have different shapes: " + shape + " and " + others.shape);
        }
        double[] all = Arrays.copyOf(values, values.length + others.values.length);
        System.arraycopy(others.values, 0, all, values.length, others.values.length);
        return new Inputs(all, count + others.count, shape, graphs == null || others.graphs == null ? null : graphs.and(others.graphs));
    }

    /** True if any position is padding; one channel of it says so, and a vector has none. */
    public boolean hasPadding() {
        for (int i = 0; i < values.length && !shape.isVector(); i += shape.channels()) {
            if (Double.isNaN(values[i])) {
                return true;
            }
        }
        return false;
    }

    /** {@code 50 inputs of 28×28×1}. */
    @Override
    public String toString() {
        return count + (count == 1 ? " input of " : " inputs of ") + shape;
    }
}
