package org.ntk4j.tensorflow;

import org.ntk4j.base.Failure;
import org.tensorflow.RawTensor;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DoubleDataBuffer;
import org.tensorflow.ndarray.buffer.FloatDataBuffer;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TFloating;

/** The floating type of a finite network. */
public enum Precision {
    /** 32 bits: the default of networks. */
    FLOAT32("float32", 4),
    /** 64 bits. */
    FLOAT64("float64", 8);

    /** So many values are converted at a time: they stay in the cache. */
    private static final int PORTION = 1 << 14;

    private final String word;
    private final int bytes;

    Precision(String word, int bytes) {
        this.word = word;
        this.bytes = bytes;
    }

    /**
     * The one with this name in the grammar.
     *
     * @throws Failure for any other name
     */
    public static Precision of(String word) {
        for (Precision p : values()) {
            if (p.word.equals(word)) {
                return p;
            }
        }
        throw Failure.input("precision '" + word + "' is not known; allowed: float32, float64");
    }

    /** Bytes of a value. */
    public int bytes() {
        return bytes;
    }

    /** Its name in the grammar. */
    @Override
    public String toString() {
        return word;
    }

    /** TensorFlow's type; the layers see it as "some floating type". */
    @SuppressWarnings("unchecked")
    public Class<TFloating> type() {
        return (Class<TFloating>) (Class<?>) (this == FLOAT32 ? TFloat32.class : TFloat64.class);
    }

    /** A tensor with these values; the caller closes it. */
    public Tensor tensor(double[] values, long... shape) {
        return tensorOfRun(values, 0, values.length, shape);
    }

    /** A tensor with a run of these values; the caller closes it. */
    public Tensor tensorOfRun(double[] values, int from, int count, long... shape) {
        if (this == FLOAT64) {
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
    public Tensor room(long... shape) {
        return Tensor.of(type(), Shape.of(shape));
    }

    /** The values of a tensor of this type. */
    public double[] values(Tensor tensor) {
        RawTensor raw = tensor.asRawTensor();
        double[] values = new double[Math.toIntExact(tensor.shape().size())];
        if (this == FLOAT64) {
            DoubleDataBuffer data = raw.data().asDoubles();
            data.read(values);
        } else {
            FloatDataBuffer data = raw.data().asFloats();
            float[] floats = new float[values.length];
            data.read(floats);
            for (int i = 0; i < floats.length; i++) {
                values[i] = floats[i];
            }
        }
        return values;
    }
}
