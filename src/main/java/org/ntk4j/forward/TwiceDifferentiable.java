package org.ntk4j.forward;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Functions by operations whose derivatives TensorFlow can differentiate again: those of its own relu, tanh, sigmoid, softplus and elu it
 * cannot. A kink counts with its slope on one side, so the second derivative of relu is 0.
 */
public final class TwiceDifferentiable {

    private TwiceDifferentiable() {
    }

    /** max(x, 0). */
    public static Operand<TFloating> relu(Ops tf, Operand<TFloating> x) {
        return tf.math.mul(x, tf.stopGradient(tf.dtypes.cast(tf.math.greater(x, Numbers.like(tf, x, 0)), x.type())));
    }

    /** |x|. */
    public static Operand<TFloating> abs(Ops tf, Operand<TFloating> x) {
        return tf.math.mul(x, side(tf, x));
    }

    /** tanh x, from {@code e^(−2|x|)}, which never overflows. */
    public static Operand<TFloating> tanh(Ops tf, Operand<TFloating> x) {
        Operand<TFloating> one = Numbers.like(tf, x, 1);
        Operand<TFloating> t = tf.math.exp(tf.math.mul(abs(tf, x), Numbers.like(tf, x, -2)));
        return tf.math.mul(side(tf, x), tf.math.div(tf.math.sub(one, t), tf.math.add(one, t)));
    }

    /** 1/(1 + e^(−x)). */
    public static Operand<TFloating> sigmoid(Ops tf, Operand<TFloating> x) {
        Operand<TFloating> half = Numbers.like(tf, x, 0.5);
        return tf.math.add(half, tf.math.mul(half, tanh(tf, tf.math.mul(half, x))));
    }

    /** log(1 + e^x). */
    public static Operand<TFloating> softplus(Ops tf, Operand<TFloating> x) {
        Operand<TFloating> slope = sigmoid(tf, x);
        return of(tf, x, tf.math.softplus(x), slope, tf.math.mul(slope, tf.math.sub(Numbers.like(tf, x, 1), slope)));
    }

    /** 1/√x. */
    static Operand<TFloating> rsqrt(Ops tf, Operand<TFloating> x) {
        Operand<TFloating> r = tf.math.rsqrt(x);
        Operand<TFloating> slope = tf.math.mul(tf.math.div(r, x), Numbers.like(tf, x, -0.5));
        return of(tf, x, r, slope, tf.math.mul(tf.math.div(slope, x), Numbers.like(tf, x, -1.5)));
    }

    /** What stands at these places along the second of three axes. */
    static Operand<TFloating> gather(Ops tf, Operand<TFloating> x, int[] places) {
        Operand<TInt32> swap = tf.constant(new int[] {1, 0, 2});
        Operand<TInt32> rows = tf.reshape(tf.constant(places), tf.constant(new int[] {places.length, 1}));
        return tf.linalg.transpose(tf.gatherNd(tf.linalg.transpose(x, swap), rows), swap);
    }

    /** A function from its value and its first two derivatives: its Taylor polynomial where it stands. */
    private static Operand<TFloating> of(Ops tf, Operand<TFloating> x, Operand<TFloating> value, Operand<TFloating> first,
            Operand<TFloating> second) {
        Operand<TFloating> zero = tf.math.sub(x, tf.stopGradient(x));
        Operand<TFloating> bend = tf.math.mul(tf.math.mul(zero, Numbers.like(tf, x, 0.5)), tf.stopGradient(second));
        return tf.math.add(tf.stopGradient(value), tf.math.mul(zero, tf.math.add(tf.stopGradient(first), bend)));
    }

    /** x for x > 0, else {@code scale (e^x − 1)}. */
    public static Operand<TFloating> elu(Ops tf, Operand<TFloating> x, double scale) {
        Operand<TFloating> below = tf.math.exp(tf.math.neg(relu(tf, tf.math.neg(x))));
        return tf.math.add(relu(tf, x), tf.math.mul(tf.math.sub(below, Numbers.like(tf, x, 1)), Numbers.like(tf, x, scale)));
    }

    /** 1 for x ≥ 0, else −1, as a number. */
    private static Operand<TFloating> side(Ops tf, Operand<TFloating> x) {
        Operand<TFloating> right = tf.dtypes.cast(tf.math.greaterEqual(x, Numbers.like(tf, x, 0)), x.type());
        return tf.stopGradient(tf.math.sub(tf.math.add(right, right), Numbers.like(tf, x, 1)));
    }
}
