package org.ntk4j.tensorflow;

import org.ntk4j.base.Precision;
import org.tensorflow.RawTensor;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DoubleDataBuffer;
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
        add(precision, tensor, values);
        return values;
    }

    /** Adds the values of a tensor of this type to as many others. */
    public static void add(Precision precision, Tensor tensor, double[] to) {
        RawTensor raw = tensor.asRawTensor();
        int most = Math.min(to.length, PORTION);
        if (precision == Precision.FLOAT64) {
            DoubleDataBuffer data = raw.data().asDoubles();
            double[] some = new double[most];
            for (int done = 0; done < to.length; done += PORTION) {
                int length = Math.min(PORTION, to.length - done);
                data.offset(done).read(some, 0, length);
                for (int i = 0; i < length; i++) {
                    to[done + i] += some[i];
                }
            }
            return;
        }
        FloatDataBuffer data = raw.data().asFloats();
        float[] some = new float[most];
        for (int done = 0; done < to.length; done += PORTION) {
            int length = Math.min(PORTION, to.length - done);
            data.offset(done).read(some, 0, length);
            for (int i = 0; i < length; i++) {
                to[done + i] += some[i];
            }
        }
    }
}
