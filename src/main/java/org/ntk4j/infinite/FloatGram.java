package org.ntk4j.infinite;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.openblas.global.openblas;

/**
 * Vectors in float32, made ready for inner products as {@link InputGram} does in float64: padded with zero rows to blocks of fixed size, outside the
 * Java heap. Close it when done.
 */
final class FloatGram implements AutoCloseable {

    private static final int BLOCK = 128;

    private final FloatPointer padded;
    private final int channels;
    private final float[] variances;

    private FloatGram(FloatPointer padded, int count, int channels) {
        this.padded = padded;
        this.channels = channels;
        this.variances = new float[count];
        float[] product = new float[BLOCK * BLOCK];
        try (FloatPointer room = new FloatPointer((long) BLOCK * BLOCK)) {
            for (int i = 0; i < count; i += BLOCK) {
                multiply(i, this, i, room, product);
                for (int k = i; k < Math.min(count, i + BLOCK); k++) {
                    variances[k] = product[(k - i) * (BLOCK + 1)];
                }
            }
        }
    }

    /** The rounded values of {@code count} vectors, padded already. */
    static FloatGram of(DoublePointer values, int count, int channels) {
        int rows = (count + BLOCK - 1) / BLOCK * BLOCK;
        FloatPointer padded = new FloatPointer((long) rows * channels);
        double[] row = new double[channels];
        float[] rounded = new float[channels];
        for (int i = 0; i < rows; i++) {
            values.getPointer((long) i * channels).get(row);
            for (int c = 0; c < channels; c++) {
                rounded[c] = (float) row[c];
            }
            padded.getPointer((long) i * channels).put(rounded);
        }
        return new FloatGram(padded, count, channels);
    }

    /** Those of each vector with itself. */
    float[] variances() {
        return variances;
    }

    /** The products of {@code i0 … i1} with {@code j0 … j1} of another, rows {@code line} values apart. */
    void products(int i0, int i1, FloatGram other, int j0, int j1, float[] to, int line) {
        float[] product = new float[BLOCK * BLOCK];
        try (FloatPointer room = new FloatPointer((long) BLOCK * BLOCK)) {
            for (int i = i0 / BLOCK * BLOCK; i < i1; i += BLOCK) {
                for (int j = j0 / BLOCK * BLOCK; j < j1; j += BLOCK) {
                    multiply(i, other, j, room, product);
                    int first = Math.max(j, j0);
                    int length = Math.min(j + BLOCK, j1) - first;
                    for (int r = Math.max(i, i0); r < Math.min(i + BLOCK, i1); r++) {
                        System.arraycopy(product, (r - i) * BLOCK + first - j, to, (r - i0) * line + first - j0, length);
                    }
                }
            }
        }
    }

    private void multiply(int i, FloatGram other, int j, FloatPointer room, float[] product) {
        // Views into the padded values: they are not closed, the whole is.
        FloatPointer left = padded.getPointer((long) i * channels);
        FloatPointer right = other.padded.getPointer((long) j * channels);
        openblas.cblas_sgemm(openblas.CblasRowMajor, openblas.CblasNoTrans, openblas.CblasTrans, BLOCK, BLOCK, channels,
                1f, left, channels, right, channels, 0f, room, BLOCK);
        room.get(product);
        float weight = 1f / channels;
        for (int k = 0; k < product.length; k++) {
            product[k] *= weight;
        }
    }

    @Override
    public void close() {
        padded.close();
    }
}
