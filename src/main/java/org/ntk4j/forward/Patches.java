package org.ntk4j.forward;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.shape.Stencil;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Gather;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * What positions see of others: through a window, or one by one; sentences as if their padding were not there.
 *
 * @param path  the layer at work
 * @param twice whether it is to be differentiated twice
 */
record Patches(Ops tf, String path, boolean twice) {

    /** What stands at these positions. */
    Operand<TFloating> picked(Operand<TFloating> positions, int[] places) {
        return twice ? TwiceDifferentiable.gather(tf, positions, places) : tf.gather(positions, tf.constant(places), tf.constant(1));
    }

    /** What each position sees through a window, {@code [batch, positions after, offsets·channels]}, with this value outside. */
    Operand<TFloating> of(Signal x, Stencil stencil, int after, double outside) {
        int positions = x.shape().positions();
        int channels = x.shape().channels();
        Operand<TFloating> border = tf.pad(x.byPosition(tf), tf.constant(new int[][] {{0, 0}, {0, 1}, {0, 0}}),
                Numbers.like(tf, x.value(), outside));
        int[] sizes = {-1, after, stencil.area() * channels};
        if (x.mask() == null || stencil.keepsPositions()) {
            int[] indices = indices(stencil.whole(x.shape()), after, positions);
            return tf.reshape(picked(border, indices), tf.constant(sizes));
        }
        // As if the padding were not there: each example looks where a sentence of its own length would.
        int[][] byLength = new int[positions + 1][];
        for (int n = 0; n <= positions; n++) {
            byLength[n] = n == 0 || stencil.lengthAfter(n) < 1
                    ? nowhere(after * stencil.area(), positions) : indices(stencil.sentence(x.shape(), n), after, positions);
        }
        Operand<TInt32> own = tf.gather(tf.constant(byLength), lengths(x.mask()), tf.constant(0));
        return tf.reshape(tf.gather(border, own, tf.constant(1), Gather.batchDims(1L)), tf.constant(sizes));
    }

    private static int[] indices(int[][] sources, int after, int outside) {
        int[] indices = nowhere(after * sources.length, outside);
        for (int o = 0; o < sources.length; o++) {
            for (int p = 0; p < Math.min(after, sources[o].length); p++) {
                indices[p * sources.length + o] = sources[o][p] < 0 ? outside : sources[o][p];
            }
        }
        return indices;
    }

    private static int[] nowhere(int count, int outside) {
        int[] indices = new int[count];
        Arrays.fill(indices, outside);
        return indices;
    }

    /** The number of real positions of each example. */
    private Operand<TInt32> lengths(Mask mask) {
        return tf.dtypes.cast(tf.math.rint(tf.reduceSum(mask.real(), tf.constant(1))), TInt32.class);
    }

    /** An axis with as much of itself around it as a circular window sees. */
    Operand<TFloating> wrapped(Operand<TFloating> image, int axis, int n, int f, int s) {
        int out = (n + s - 1) / s;
        int total = Math.max((out - 1) * s + f - n, 0);
        int length = (out - 1) * s + f;
        int[] indices = new int[length];
        for (int i = 0; i < length; i++) {
            indices[i] = Math.floorMod(i - total / 2, n);
        }
        return tf.gather(image, tf.constant(indices), tf.constant(axis));
    }

    /** The mask after a window has moved over the positions. */
    @Nullable Mask maskAfter(Signal x, Stencil stencil) {
        Mask mask = x.mask();
        if (mask == null || stencil.keepsPositions()) {
            return mask;
        }
        if (stencil.border().equals("circular")) {
            throw Failure.input(path + ": circular padding makes the value depend on how much padding there is; use same");
        }
        if (x.shape().space().size() != 1 || !mask.atEnd()) {
            throw Failure.input(path + ": strides, windows and valid padding need sentences whose padding stands at the end; use same with "
                    + "stride 1, or pad at the end");
        }
        int shortest = stencil.lengthAfter(mask.shortest());
        if (shortest < 1) {
            throw Failure.input(path + ": a sentence of " + mask.shortest() + " words is too short for a window of " + stencil.area()
                    + "; use same");
        }
        int positions = x.shape().positions();
        int after = Math.max(1, stencil.lengthAfter(positions));
        double[][] real = new double[positions + 1][after];
        for (int n = 1; n <= positions; n++) {
            Arrays.fill(real[n], 0, Math.min(after, Math.max(0, stencil.lengthAfter(n))), 1);
        }
        Operand<TFloating> table = tf.dtypes.cast(tf.constant(real), x.value().type());
        return new Mask(tf.gather(table, lengths(mask), tf.constant(0)),
                mask.kinds().stream().map(k -> k.first(Math.min(after, Math.max(0, stencil.lengthAfter(k.length()))), after)).toList());
    }
}
