package org.ntk4j.forward;

import org.jspecify.annotations.Nullable;
import org.ntk4j.shape.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * What flows between the layers of a finite network: a batch of values and the shape of one example.
 *
 * @param value  {@code [batch, space…, channels]}
 * @param shape  the shape of one example
 * @param origin where the values come from, for the tangent kernel
 * @param mask   which positions are real; null: all
 */
public record Signal(Operand<TFloating> value, Shape shape, Origin origin, @Nullable Mask mask) {

    /** How values come from the linear map recorded last. */
    public enum Origin {
        /** They are what the map gave. */
        MAP,
        /** Each is what the map gave where that is positive, and 0 elsewhere. */
        RECTIFIED,
        /** Each channel is a function of the same channel of what the map gave, at whatever positions: activations, pooling. */
        CHANNELWISE,
        /** Neither, or there was no map. */
        OTHER
    }

    /** A function of each value. */
    public Signal with(Operand<TFloating> other) {
        return new Signal(other, shape, channelwise(), mask);
    }

    /** Each value where it is positive, and 0 elsewhere. */
    public Signal rectified(Operand<TFloating> other) {
        return new Signal(other, shape, origin == Origin.MAP ? Origin.RECTIFIED : channelwise(), mask);
    }

    /** Values in the shape that an example of them has. */
    static Signal shaped(Ops tf, Operand<TFloating> value, Shape shape, Origin origin, @Nullable Mask mask) {
        return new Signal(tf.reshape(value, tf.constant(sizes(shape))), shape, origin, mask);
    }

    private static int[] sizes(Shape shape) {
        int[] sizes = new int[shape.sizes().length + 1];
        sizes[0] = -1;
        System.arraycopy(shape.sizes(), 0, sizes, 1, sizes.length - 1);
        return sizes;
    }

    /** With zeros at padding. */
    Signal masked(Ops tf) {
        return mask == null ? this
                : shaped(tf, tf.math.mul(byPosition(tf), tf.expandDims(mask.real(), tf.constant(2))), shape, origin, mask);
    }

    /** The values as {@code [batch, positions, channels]}. */
    Operand<TFloating> byPosition(Ops tf) {
        return tf.reshape(value, tf.constant(new int[] {-1, shape.positions(), shape.channels()}));
    }

    /** This signal as one that comes from several maps. */
    Signal mixed() {
        return new Signal(value, shape, Origin.OTHER, mask);
    }

    /** Where something comes from that was made of each channel by itself. */
    Origin channelwise() {
        return origin == Origin.OTHER ? Origin.OTHER : Origin.CHANNELWISE;
    }
}
