package org.ntk4j.forward;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ntk4j.shape.Shape;
import org.ntk4j.tensorflow.BatchProduct;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Attention at finite width: projections as recorded linear maps, heads side by side. */
public final class AttentionForward {

    /** A logit that softmax takes for minus infinity. */
    private static final double NEVER = -1e30;

    private final Forward f;
    private final Ops tf;
    private final Attention a;
    private final int n;

    private AttentionForward(Forward f, Attention a, int n) {
        this.f = f;
        this.tf = f.tf();
        this.a = a;
        this.n = n;
    }

    /**
     * The attention layer with all of its channels known.
     *
     * @param r covariance of the positions, {@code positions × positions}
     */
    public static Signal of(Forward f, Signal x, Attention a, double[] r) {
        return new AttentionForward(f, a, x.shape().positions()).apply(x, r);
    }

    private Signal apply(Signal x, double[] r) {
        Signal seen = a.positions().equals("none") ? x : withPositions(x, r);
        Signal valueInput = a.valuePositions() ? seen : x;
        boolean linear = a.scaling().equals("linear");
        double perInput = 1 / Math.sqrt(seen.shape().channels());
        Operand<TFloating> keys = heads(project(seen, "key", linear ? perInput : a.wKeyStd() * perInput, a.keyChannels()), a.keyChannels());
        Operand<TFloating> queries = linear ? keys : heads(project(seen, "query", a.wQueryStd() * perInput, a.keyChannels()),
                a.keyChannels());
        Operand<TFloating> products = BatchProduct.transposedRight(tf, queries, keys);
        double scale = linear ? a.wKeyStd() * a.wQueryStd() / a.keyChannels() : 1 / Math.sqrt(a.keyChannels());
        Operand<TFloating> weights = mechanism(f.scaled(products, scale), x.mask() == null ? null : x.mask().real());
        Operand<TFloating> values = heads(project(valueInput, "value", a.wValueStd() / Math.sqrt(valueInput.shape().channels()),
                a.valueChannels()), a.valueChannels());
        Operand<TFloating> mixed = BatchProduct.of(tf, weights, values);
        // Rows of the last matrix count the value's channel first and the head after it.
        int all = a.valueChannels() * a.heads();
        Operand<TFloating> beside = tf.reshape(tf.linalg.transpose(mixed, tf.constant(new int[] {0, 2, 3, 1})),
                tf.constant(new int[] {-1, n, all}));
        Signal joined = new Signal(beside, new Shape(List.of(n), all), Signal.Origin.OTHER, x.mask());
        Signal out = f.matrix(joined, f.weights("out"), a.wOutStd() / Math.sqrt(all), a.outChannels());
        Signal biased = a.bStd().isEmpty() ? out : f.bias(out, "b", a.bStd().getAsDouble());
        Shape after = x.shape().withChannels(a.outChannels());
        int[] sizes = new int[after.sizes().length + 1];
        sizes[0] = -1;
        System.arraycopy(after.sizes(), 0, sizes, 1, sizes.length - 1);
        return new Signal(tf.reshape(biased.value(), tf.constant(sizes)), after, Signal.Origin.MAP, x.mask());
    }

    /** x with trained positions added or beside it. */
    private Signal withPositions(Signal x, double[] r) {
        boolean concat = a.positions().equals("concat");
        int channels = concat ? a.posChannels() : x.shape().channels();
        Operand<TFloating> v = f.positions(x);
        Operand<TFloating> root = tf.dtypes.cast(tf.reshape(tf.constant(root(r)), tf.constant(new int[] {n, n})), v.type());
        Operand<TFloating> embedding = f.scaled(tf.expandDims(tf.linalg.matMul(root, f.weights("positions")), tf.constant(0)), a.wPosStd());
        // One embedding for each example of the batch: δ is taken per example.
        Operand<TFloating> zeros = tf.math.mul(tf.expandDims(tf.reduceSum(v, tf.constant(2)), tf.constant(2)), Numbers.like(tf, v, 0));
        Operand<TFloating> z = tf.math.add(zeros, embedding);
        f.record(new AdditiveMap(f.path(), z, n, channels, root, a.wPosStd()));
        Operand<TFloating> real = x.mask() == null ? z : tf.math.mul(z, tf.expandDims(x.mask().real(), tf.constant(2)));
        Operand<TFloating> joined = concat ? tf.concat(List.of(v, real), tf.constant(2)) : tf.math.add(v, real);
        int all = concat ? x.shape().channels() + channels : channels;
        return new Signal(joined, new Shape(List.of(n), all), Signal.Origin.OTHER, x.mask());
    }

    /** L with L Lᵀ = R. */
    private double[] root(double[] r) {
        double[] l = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = r[i * n + j];
                for (int k = 0; k < j; k++) {
                    sum -= l[i * n + k] * l[j * n + k];
                }
                l[i * n + j] = i == j ? Math.sqrt(Math.max(0, sum)) : l[j * n + j] == 0 ? 0 : sum / l[j * n + j];
            }
        }
        return l;
    }

    /** A projection for all heads at once, {@code [batch, positions, heads·channels]}. */
    private Operand<TFloating> project(Signal x, String name, double scale, int channels) {
        Operand<TFloating> byHead = f.weights(name);
        int in = x.shape().channels();
        Operand<TFloating> matrix = tf.reshape(tf.linalg.transpose(byHead, tf.constant(new int[] {1, 0, 2})),
                tf.constant(new int[] {in, a.heads() * channels}));
        return f.positions(f.matrix(x, matrix, scale, a.heads() * channels));
    }

    /** {@code [batch, heads, positions, channels]}. */
    private Operand<TFloating> heads(Operand<TFloating> all, int channels) {
        return tf.linalg.transpose(tf.reshape(all, tf.constant(new int[] {-1, n, a.heads(), channels})),
                tf.constant(new int[] {0, 2, 1, 3}));
    }

    /** What each query takes of each key; nothing of padding. */
    private Operand<TFloating> mechanism(Operand<TFloating> logits, @Nullable Operand<TFloating> mask) {
        Operand<TFloating> keys = mask == null ? null : tf.reshape(mask, tf.constant(new int[] {-1, 1, 1, n}));
        if (a.mechanism().equals("softmax")) {
            Operand<TFloating> seen = keys == null ? logits
                    : tf.math.add(logits, tf.math.mul(tf.math.sub(Numbers.like(tf, keys, 1), keys), Numbers.like(tf, keys, NEVER)));
            return tf.nn.softmax(seen);
        }
        Operand<TFloating> weights = switch (a.mechanism()) {
            case "abs" -> f.isTwice() ? TwiceDifferentiable.abs(tf, logits) : tf.math.abs(logits);
            case "relu" -> f.isTwice() ? TwiceDifferentiable.relu(tf, logits) : tf.nn.relu(logits);
            default -> logits;
        };
        return keys == null ? weights : tf.math.mul(weights, keys);
    }
}
