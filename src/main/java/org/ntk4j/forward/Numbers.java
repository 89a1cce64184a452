package org.ntk4j.forward;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** Constants of the floating type of another value. */
public final class Numbers {

    private Numbers() {
    }

    /** A scalar of the type of {@code x}. */
    public static Operand<TFloating> like(Ops tf, Operand<TFloating> x, double value) {
        return tf.dtypes.cast(tf.constant(value), x.type());
    }
}
