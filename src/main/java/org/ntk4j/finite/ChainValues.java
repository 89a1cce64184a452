package org.ntk4j.finite;

import java.util.List;
import org.ntk4j.base.Precision;
import org.ntk4j.chain.Chain;
import org.ntk4j.chain.Link;
import org.ntk4j.chain.WayBack;
import org.ntk4j.chain.WayBack32;
import org.ntk4j.chain.WayBack64;
import org.tensorflow.Tensor;

/**
 * The numbers of a chain in one of the precisions: to and from tensors, and the way back with them.
 *
 * @param <A> {@code double[]} or {@code float[]}
 */
sealed interface ChainValues<A> {

    /** Those of a precision. */
    static ChainValues<?> of(Precision precision) {
        return precision == Precision.FLOAT32 ? new Singles() : new Doubles();
    }

    /** The bytes of a way back. */
    static long bytes(Precision precision, Chain chain, int outputs) {
        return precision == Precision.FLOAT32 ? WayBack32.bytes(chain, outputs) : WayBack64.bytes(chain, outputs);
    }

    /** The bytes of the weights of a link as they are put for it. */
    static long bytes(Precision precision, Link link) {
        return precision.bytes() * (precision == Precision.FLOAT32 ? WayBack32.weights(link) : WayBack64.weights(link));
    }

    /** Room for numbers, all 0. */
    A room(int count);

    /** A number. */
    double get(A values, int at);

    /** Sets a number. */
    void set(A values, int at, double value);

    /** Reads numbers of a tensor, from a place on. */
    void read(Tensor from, long at, A to, int count);

    /** Writes numbers from a place on into a tensor. */
    void write(A from, int at, int count, Tensor to, long toAt);

    /** A link's weights for the way back. */
    A turned(Link link, A weights, double scale, int threads);

    /** The way back of a thread. */
    WayBack<A> wayBack(Chain chain, List<A> weights, int outputs);

    /** Float64. */
    record Doubles() implements ChainValues<double[]> {

        @Override
        public double[] room(int count) {
            return new double[count];
        }

        @Override
        public double get(double[] values, int at) {
            return values[at];
        }

        @Override
        public void set(double[] values, int at, double value) {
            values[at] = value;
        }

        @Override
        public void read(Tensor from, long at, double[] to, int count) {
            from.asRawTensor().data().asDoubles().offset(at).read(to, 0, count);
        }

        @Override
        public void write(double[] from, int at, int count, Tensor to, long toAt) {
            to.asRawTensor().data().asDoubles().offset(toAt).write(from, at, count);
        }

        @Override
        public double[] turned(Link link, double[] weights, double scale, int threads) {
            return WayBack64.turned(link, weights, scale, threads);
        }

        @Override
        public WayBack<double[]> wayBack(Chain chain, List<double[]> weights, int outputs) {
            return new WayBack64(chain, weights, outputs);
        }
    }

    /** Float32. */
    record Singles() implements ChainValues<float[]> {

        @Override
        public float[] room(int count) {
            return new float[count];
        }

        @Override
        public double get(float[] values, int at) {
            return values[at];
        }

        @Override
        public void set(float[] values, int at, double value) {
            values[at] = (float) value;
        }

        @Override
        public void read(Tensor from, long at, float[] to, int count) {
            from.asRawTensor().data().asFloats().offset(at).read(to, 0, count);
        }

        @Override
        public void write(float[] from, int at, int count, Tensor to, long toAt) {
            to.asRawTensor().data().asFloats().offset(toAt).write(from, at, count);
        }

        @Override
        public float[] turned(Link link, float[] weights, double scale, int threads) {
            return WayBack32.turned(link, weights, (float) scale, threads);
        }

        @Override
        public WayBack<float[]> wayBack(Chain chain, List<float[]> weights, int outputs) {
            return new WayBack32(chain, weights, outputs);
        }
    }
}
