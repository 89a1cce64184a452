package org.ntk4j.forward;

import java.util.Arrays;
import org.ntk4j.base.Failure;
import org.ntk4j.positions.PositionMap;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Window;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.family.TFloating;

/**
 * Fixed functions of the positions: means, sums and the largest value of windows and of all positions, and linear maps.
 *
 * @param path    the layer at work
 * @param patches what positions see of others
 */
record Pools(Ops tf, String path, Patches patches) {

    /** Less than any value that a network has. */
    private static final double LOWEST = -1e30;

    /** The mean or the sum over a window. */
    Signal pool(Signal x, Window window, Shape after, boolean mean, boolean realPixels) {
        if (realPixels && x.mask() != null) {
            throw Failure.input(path + ": normalizeEdges makes the value depend on how much padding there is; leave it out");
        }
        Mask mask = patches.maskAfter(x, window);
        int positions = after.positions();
        Operand<TFloating> seen = tf.reshape(patches.of(x, window, positions, 0),
                tf.constant(new int[] {-1, positions, window.area(), x.shape().channels()}));
        Operand<TFloating> sum = tf.reduceSum(seen, tf.constant(2));
        double[] factors = new double[positions];
        int[][] sources = window.whole(x.shape());
        for (int p = 0; p < positions; p++) {
            int at = p;
            long inside = Arrays.stream(sources).filter(o -> o[at] >= 0).count();
            factors[p] = !mean ? 1 : 1.0 / (realPixels ? Math.max(1, inside) : window.area());
        }
        Operand<TFloating> factor = tf.dtypes.cast(tf.reshape(tf.constant(factors), tf.constant(new int[] {1, positions, 1})),
                x.value().type());
        return Signal.shaped(tf, tf.math.mul(sum, factor), after, x.channelwise(), mask).masked(tf);
    }

    /** The largest value of a window, channel by channel; what is outside or padding does not count. */
    Signal largest(Signal x, Window window, Shape after) {
        Mask mask = patches.maskAfter(x, window);
        Signal seen = x;
        if (x.mask() != null) {
            // Infinity times 0 would be no number: padding is masked again below.
            Operand<TFloating> real = tf.expandDims(x.mask().real(), tf.constant(2));
            Operand<TFloating> low = tf.math.mul(tf.math.sub(Numbers.like(tf, real, 1), real), Numbers.like(tf, real, LOWEST));
            seen = new Signal(tf.math.add(x.byPosition(tf), low), x.shape(), x.origin(), x.mask());
        }
        Operand<TFloating> all = tf.reshape(patches.of(seen, window, after.positions(), LOWEST),
                tf.constant(new int[] {-1, after.positions(), window.area(), x.shape().channels()}));
        return Signal.shaped(tf, tf.reduceMax(all, tf.constant(2)), after, x.channelwise(), mask).masked(tf);
    }

    /** A fixed map of the positions, {@code h' = T h}; the mask moves along. */
    Signal move(Signal x, PositionMap map, Shape after) {
        Mask mask = x.mask() == null ? null : x.mask().moved(tf, map, path);
        Operand<TFloating> v = x.byPosition(tf);
        if (map.picks()) {
            return Signal.shaped(tf, patches.picked(v, map.picked()), after, x.channelwise(), mask);
        }
        int channels = x.shape().channels();
        int[] swap = {0, 2, 1};
        Operand<TFloating> matrix = tf.dtypes.cast(tf.reshape(tf.constant(map.matrix()),
                tf.constant(new int[] {map.after(), map.before()})), v.type());
        Operand<TFloating> flat = tf.reshape(tf.linalg.transpose(v, tf.constant(swap)), tf.constant(new int[] {-1, map.before()}));
        Operand<TFloating> product = tf.linalg.matMul(flat, matrix, MatMul.transposeB(true));
        Operand<TFloating> back = tf.linalg.transpose(tf.reshape(product, tf.constant(new int[] {-1, channels, map.after()})),
                tf.constant(swap));
        return Signal.shaped(tf, back, after, x.channelwise(), mask);
    }

    /** What stands at the first position. */
    Signal firstPosition(Signal x) {
        Operand<TFloating> first = tf.reshape(patches.picked(x.byPosition(tf), new int[] {0}),
                tf.constant(new int[] {-1, x.shape().channels()}));
        return new Signal(first, Shape.of(x.shape().channels()), x.channelwise(), null);
    }

    /** The mean or the sum over all real positions. */
    Signal globalPool(Signal x, boolean mean) {
        Operand<TFloating> sum = tf.reduceSum(x.byPosition(tf), tf.constant(1));
        Shape after = Shape.of(x.shape().channels());
        if (!mean) {
            return new Signal(sum, after, x.channelwise(), null);
        }
        Operand<TFloating> count = x.mask() == null ? Numbers.like(tf, sum, x.shape().positions())
                : tf.expandDims(tf.reduceSum(x.mask().real(), tf.constant(1)), tf.constant(1));
        return new Signal(tf.math.div(sum, count), after, x.channelwise(), null);
    }
}
