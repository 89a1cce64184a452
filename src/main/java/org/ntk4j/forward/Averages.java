package org.ntk4j.forward;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * Normalization, and the means and variances that it divides by.
 *
 * @param twice whether they are to be differentiated twice
 */
record Averages(Ops tf, boolean twice) {

    /** Layer normalization over the channels, or over channels and space. */
    Signal normalized(Signal x, boolean overAll, double epsilon) {
        Operand<TFloating> v = x.byPosition(tf);
        Operand<TFloating> mean = average(v, x, overAll);
        Operand<TFloating> around = tf.math.sub(v, mean);
        Operand<TFloating> centred = x.mask() == null ? around : tf.math.mul(around, tf.expandDims(x.mask().real(), tf.constant(2)));
        Operand<TFloating> variance = average(tf.math.square(centred), x, overAll);
        Operand<TFloating> normal = tf.math.mul(centred, rsqrt(tf.math.add(variance, Numbers.like(tf, v, epsilon))));
        return Signal.shaped(tf, normal, x.shape(), Signal.Origin.OTHER, x.mask());
    }

    /** Of each channel, over examples and real positions. */
    BatchMoments.Pair moments(Operand<TFloating> v, @Nullable Mask mask) {
        Operand<TInt32> axes = tf.constant(new int[] {0, 1});
        if (mask == null) {
            Operand<TFloating> mean = tf.math.mean(v, axes);
            return new BatchMoments.Pair(mean, tf.math.mean(tf.math.square(tf.math.sub(v, mean)), axes));
        }
        Operand<TFloating> real = tf.expandDims(mask.real(), tf.constant(2));
        Operand<TFloating> count = tf.reduceSum(real, axes);
        Operand<TFloating> mean = tf.math.div(tf.reduceSum(tf.math.mul(v, real), axes), count);
        Operand<TFloating> squares = tf.math.mul(tf.math.square(tf.math.sub(v, mean)), real);
        return new BatchMoments.Pair(mean, tf.math.div(tf.reduceSum(squares, axes), count));
    }

    /** The mean over channels, or over channels and real positions, ready to be subtracted from {@code [batch, positions, channels]}. */
    Operand<TFloating> average(Operand<TFloating> v, Signal x, boolean overAll) {
        Operand<TFloating> channels = tf.expandDims(tf.math.mean(v, tf.constant(2)), tf.constant(2));
        if (!overAll) {
            return channels;
        }
        Operand<TFloating> sum = tf.expandDims(tf.reduceSum(channels, tf.constant(1)), tf.constant(1));
        Operand<TFloating> count = x.mask() == null ? Numbers.like(tf, v, x.shape().positions())
                : tf.expandDims(tf.expandDims(tf.reduceSum(x.mask().real(), tf.constant(1)), tf.constant(1)), tf.constant(1));
        return tf.math.div(sum, count);
    }

    Operand<TFloating> rsqrt(Operand<TFloating> x) {
        return twice ? TwiceDifferentiable.rsqrt(tf, x) : tf.math.rsqrt(x);
    }
}
