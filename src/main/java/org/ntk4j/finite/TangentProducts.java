package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.List;
import org.ntk4j.forward.Numbers;
import org.ntk4j.base.Precision;
import org.ntk4j.tensorflow.BatchProduct;
import org.ntk4j.tensorflow.Tensors;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The part of a graph that multiplies examples with examples: some rows of the left side with some of the right, over
 * everything that the forward and backward passes gave for them.
 */
final class TangentProducts {

    /**
     * Something that examples bring into a product.
     *
     * @param values  {@code [batch, columns]}: one, or one for each output that is taken back together; none: they come from elsewhere
     * @param spaced  the same at the distance that suits products, {@code [batch, stride]}: zeros behind
     * @param columns values of one example
     * @param stride  distance of two examples where they are kept
     * @param once    whether it only counts for what all outputs share
     * @param left    those of the left side that are being multiplied, {@code [rows, stride]}
     * @param right   the same of the right side
     */
    record Node(List<Operand<TFloating>> values, List<Operand<TFloating>> spaced, int columns, int stride, boolean once,
            Operand<TFloating> left, Operand<TFloating> right,
            Placeholder<TFloating> allLeft, Placeholder<TFloating> allRight) {
    }

    /** Rows whose bytes are a multiple of this fall on the same lines of a cache; they are kept a line apart. */
    private static final int SAME_LINES = 1024;
    private static final int LINE = 64;

    private final Ops tf;
    private final Precision precision;
    private final List<Node> nodes = new ArrayList<>();
    /** First row of the left side, number of rows; the same of the right side. */
    private final Placeholder<TInt32> range;
    private final Operand<TInt32> from1;
    private final Operand<TInt32> from2;
    private final Operand<TInt32> rows;
    private final Operand<TInt32> columns;

    TangentProducts(Ops tf, Precision precision) {
        this.tf = tf;
        this.precision = precision;
        this.range = tf.placeholder(TInt32.class, Placeholder.shape(org.tensorflow.ndarray.Shape.of(4)));
        this.from1 = number(0);
        this.rows = number(1);
        this.from2 = number(2);
        this.columns = number(3);
    }

    private Operand<TInt32> number(int index) {
        return tf.gather(range, tf.constant(index), tf.constant(0));
    }

    List<Node> nodes() {
        return nodes;
    }

    /** A factor of plain inner products. */
    Node node(List<Operand<TFloating>> values, int columns, boolean once) {
        boolean spaced = (long) columns * precision.bytes() % SAME_LINES == 0;
        return node(values, columns, columns + (spaced ? LINE / precision.bytes() : 0), once);
    }

    /** A factor that is looked at position by position. */
    Node byPosition(List<Operand<TFloating>> values, int columns, boolean once) {
        return node(values, columns, columns, once);
    }

    /** A factor of plain inner products, or one that is looked at by position, whose values come from elsewhere for each output. */
    Node fromElsewhere(int columns, boolean byPosition) {
        return byPosition ? byPosition(List.of(), columns, false) : node(List.of(), columns, false);
    }

    private Node node(List<Operand<TFloating>> values, int columns, int stride, boolean once) {
        Placeholder<TFloating> left = side(stride);
        Placeholder<TFloating> right = side(stride);
        Node node = new Node(values, stride == columns ? values : values.stream().map(v -> spaced(v, stride - columns)).toList(), columns,
                stride, once, slice(left, from1, rows), slice(right, from2, this.columns), left, right);
        nodes.add(node);
        return node;
    }

    private Operand<TFloating> spaced(Operand<TFloating> value, int gap) {
        return tf.pad(value, tf.constant(new int[][] {{0, 0}, {0, gap}}), Numbers.like(tf, value, 0));
    }

    private Placeholder<TFloating> side(int stride) {
        return tf.placeholder(Tensors.type(precision), Placeholder.shape(org.tensorflow.ndarray.Shape.of(-1, stride)));
    }

    /** Whole rows of what is kept: no copy. */
    private Operand<TFloating> slice(Operand<TFloating> all, Operand<TInt32> from, Operand<TInt32> count) {
        return tf.slice(all, tf.stack(List.of(from, tf.constant(0))), tf.stack(List.of(count, tf.constant(-1))));
    }

    /** {@code ⟨a, a'⟩} for each pair, summed over nodes. */
    Operand<TFloating> gram(List<Node> factors) {
        return sum(factors.stream().<Operand<TFloating>>map(n -> tf.linalg.matMul(n.left(), n.right(), MatMul.transposeB(true))).toList());
    }

    /** {@code Σ_pq (scale²⟨h_p, h'_q⟩ + bias²)⟨δ_p, δ'_q⟩}, summed over nodes of δ. */
    Operand<TFloating> allPositions(Node h, int in, List<Node> deltas, int out, int positions, double scale, double bias) {
        Operand<TFloating> inputs = weighed(positions == 1 ? gram(List.of(h)) : everyPosition(h, in), scale, bias);
        Operand<TFloating> products = positions == 1 ? gram(deltas) : sum(deltas.stream().map(d -> everyPosition(d, out)).toList());
        Operand<TFloating> both = tf.math.mul(inputs, products);
        if (positions == 1) {
            return both;
        }
        Operand<TInt32> sizes = tf.stack(List.of(rows, tf.constant(positions), columns, tf.constant(positions)));
        return tf.reduceSum(tf.reshape(both, sizes), tf.constant(new int[] {1, 3}));
    }

    /** {@code scale² Σ_pq 1[w_p = w'_q]⟨δ_p, δ'_q⟩}, summed over nodes of δ. */
    Operand<TFloating> equalWords(Node words, List<Node> deltas, int out, int positions, double scale) {
        Operand<TFloating> left = tf.reshape(words.left(), tf.constant(new int[] {-1, 1}));
        Operand<TFloating> right = tf.reshape(words.right(), tf.constant(new int[] {1, -1}));
        Operand<TFloating> equal = weighed(tf.dtypes.cast(tf.math.equal(left, right), Tensors.type(precision)), scale, 0);
        Operand<TFloating> products = sum(deltas.stream().map(d -> everyPosition(d, out)).toList());
        Operand<TInt32> sizes = tf.stack(List.of(rows, tf.constant(positions), columns, tf.constant(positions)));
        return tf.reduceSum(tf.reshape(tf.math.mul(equal, products), sizes), tf.constant(new int[] {1, 3}));
    }

    /** {@code [rows·positions, columns·positions]}. */
    private Operand<TFloating> everyPosition(Node node, int channels) {
        Operand<TInt32> sizes = tf.constant(new int[] {-1, channels});
        return tf.linalg.matMul(tf.reshape(node.left(), sizes), tf.reshape(node.right(), sizes), MatMul.transposeB(true));
    }

    /** {@code Σ_p (scale²⟨h_p, h'_p⟩ + bias²)⟨δ_p, δ'_p⟩}, summed over nodes of δ. */
    Operand<TFloating> equalPositions(Node h, int in, List<Node> deltas, int out, int positions, double scale, double bias) {
        Operand<TFloating> inputs = weighed(equalPositions(h, in, positions), scale, bias);
        Operand<TFloating> products = sum(deltas.stream().map(d -> equalPositions(d, out, positions)).toList());
        return tf.reduceSum(tf.math.mul(inputs, products), tf.constant(0));
    }

    /** {@code [positions, rows, columns]}. */
    private Operand<TFloating> equalPositions(Node node, int channels, int positions) {
        return BatchProduct.transposedRight(tf, positionsFirst(node.left(), channels, positions),
                positionsFirst(node.right(), channels, positions));
    }

    private Operand<TFloating> positionsFirst(Operand<TFloating> x, int channels, int positions) {
        return tf.linalg.transpose(tf.reshape(x, tf.constant(new int[] {-1, positions, channels})), tf.constant(new int[] {1, 0, 2}));
    }

    /** {@code scale² x + bias²}. */
    Operand<TFloating> weighed(Operand<TFloating> x, double scale, double bias) {
        Operand<TFloating> scaled = scale == 1 ? x : tf.math.mul(x, Numbers.like(tf, x, scale * scale));
        return bias == 0 ? scaled : tf.math.add(scaled, Numbers.like(tf, x, bias * bias));
    }

    Operand<TFloating> sum(List<Operand<TFloating>> parts) {
        return parts.size() == 1 ? parts.get(0) : tf.math.addN(parts);
    }

    /** Which rows of either side are multiplied; to be closed when the products are there. */
    Tensor choose(Session.Runner runner, int i0, int i1, int j0, int j1) {
        Tensor numbers = org.tensorflow.types.TInt32.vectorOf(i0, i1 - i0, j0, j1 - j0);
        runner.feed(range, numbers);
        return numbers;
    }
}
