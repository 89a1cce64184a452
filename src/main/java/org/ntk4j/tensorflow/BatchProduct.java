package org.ntk4j.tensorflow;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * Products of matrices, one for each example.
 *
 * <p>TensorFlow has the same operation in three versions. The latest, which {@code tf.train.batchMatMul} makes, is not among those that it
 * hands to oneDNN, and takes up to twice as long on a CPU.
 */
public final class BatchProduct {

    private static final String OPERATION = "BatchMatMulV2";

    private BatchProduct() {
    }

    /** {@code A·B}: of {@code [batch…, m, k]} and {@code [batch…, k, n]} it is {@code [batch…, m, n]}. */
    public static Operand<TFloating> of(Ops tf, Operand<TFloating> a, Operand<TFloating> b) {
        return of(tf, a, false, b, false);
    }

    /** {@code Aᵀ·B}: of {@code [batch…, k, m]} and {@code [batch…, k, n]} it is {@code [batch…, m, n]}. */
    public static Operand<TFloating> transposedLeft(Ops tf, Operand<TFloating> a, Operand<TFloating> b) {
        return of(tf, a, true, b, false);
    }

    /** {@code A·Bᵀ}: of {@code [batch…, m, k]} and {@code [batch…, n, k]} it is {@code [batch…, m, n]}. */
    public static Operand<TFloating> transposedRight(Ops tf, Operand<TFloating> a, Operand<TFloating> b) {
        return of(tf, a, false, b, true);
    }

    private static Operand<TFloating> of(Ops tf, Operand<TFloating> a, boolean transposeA, Operand<TFloating> b, boolean transposeB) {
        return tf.scope().opBuilder(OPERATION, OPERATION).addInput(a.asOutput()).addInput(b.asOutput()).setAttr("adj_x", transposeA)
                .setAttr("adj_y", transposeB).build().output(0);
    }
}
