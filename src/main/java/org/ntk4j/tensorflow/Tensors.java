package org.ntk4j.tensorflow;

import org.ntk4j.base.Precision;
import org.tensorflow.RawTensor;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** Tensors of either precision, to and from arrays of float64. */
public final class Tensors {

    /** How many values are converted at a time: they stay in the cache. */
    private static final int PORTION = 1 << 14;

    private Tensors() {
    }

    /** TensorFlow's type; the layers see it as "some floating type". */
    @SuppressWarnings("unchecked")
    public static Class<TFloating> type(Precision precision) {
        return (Class<TFloating>) (Class<?>) (precision == Precision.FLOAT32 ? TFloat32.class : TFloat64.class);
    }

    /** A tensor with these values; the caller closes it. */
    public static Tensor of(Precision precision, double[] values, long... shape) {
        return ofRun(precision, values, 0, values.length, shape);
    }

    /** A tensor with a run of these values; the caller closes it. */
    public static Tensor ofRun(Precision precision, double[] values, int from, int count, long... shape) {
        if (precision == Precision.FLOAT64) {
            return TFloat64.tensorOf(Shape.of(shape), t -> t.asRawTensor().data().asDoubles().write(values, from, count));
        }
        return TFloat32.tensorOf(Shape.of(shape), t -> {
            FloatDataBuffer data = t.asRawTensor().data().asFloats();
            float[] floats = new float[Math.min(count, PORTION)];
            for (int done = 0; done < count; done += PORTION) {
                int length = Math.min(PORTION, count - done);
                for (int i = 0; i < length; i++) {
                    floats[i] = (float) values[from + done + i];
                }
                data.offset(done).write(floats, 0, length);
            }
        });
    }

    /** A tensor of this shape whose values are still to be written; the caller closes it. */
    public static Tensor room(Precision precision, long... shape) {
        return Tensor.of(type(precision), Shape.of(shape));
    }

    /** The values of a tensor of this type. */
    public static double[] values(Precision precision, Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.shape().size())];
        portions(precision, tensor, (some, at, length) -> System.arraycopy(some, 0, values, at, length));
        return values;
    }

    /** Adds the values of a tensor of this type to as many others. */
    public static void add(Precision precision, Tensor tensor, double[] to) {
        portions(precision, tensor, (some, at, length) -> {
            for (int i = 0; i < length; i++) {
                to[at + i] += some[i];
            }
        });
    }

    /** Takes the first values of an array, which stand from a place on. */
    private interface Portion {
        void take(double[] some, int at, int length);
    }

    /** The values, some after the other: an array for all of them would be as large as a tensor of weights. */
    private static void portions(Precision precision, Tensor tensor, Portion portion) {
        RawTensor raw = tensor.asRawTensor();
        int count = Math.toIntExact(tensor.shape().size());
        double[] some = new double[Math.min(count, PORTION)];
        float[] floats = new float[precision == Precision.FLOAT32 ? some.length : 0];
        for (int at = 0; at < count; at += PORTION) {
            int length = Math.min(PORTION, count - at);
            if (precision == Precision.FLOAT64) {
                raw.data().asDoubles().offset(at).read(some, 0, length);
            } else {
                raw.data().asFloats().offset(at).read(floats, 0, length);
                for (int i = 0; i < length; i++) {
                    some[i] = floats[i];
                }
            }
            portion.take(some, at, length);
        }
    }
}
