package org.ntk4j.infinite;

import java.util.Arrays;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;
import org.ntk4j.data.Inputs;
import org.ntk4j.network.Flatten;
import org.ntk4j.network.Identity;
import org.ntk4j.network.Layer;
import org.ntk4j.network.Serial;
import org.ntk4j.network.Shape;

/**
 * Inputs made ready for inner products: padded with zero rows to blocks of fixed size, so that every product runs over
 * operands of the same shape and a value does not depend on where in a tile it stands; and the variance of each input at
 * each position, taken by the same product, so that equal inputs have exactly their variance as covariance. The values lie
 * outside the Java heap, where the product reads them without a copy: close it when done.
 */
final class InputGram implements AutoCloseable {

    private static final int BLOCK = 128;

    private final Shape shape;
    private final int count;
    private final DoublePointer padded;
    private final double[] variances;

    private InputGram(Shape shape, int count, DoublePointer padded) {
        this.shape = shape;
        this.count = count;
        this.padded = padded;
        this.variances = new double[count * shape.positions()];
        double[] product = new double[BLOCK * BLOCK];
        try (DoublePointer room = new DoublePointer(BLOCK * BLOCK)) {
            for (int p = 0; p < shape.positions(); p++) {
                for (int i = 0; i < count; i += BLOCK) {
                    multiply(this, i, this, i, p, room, product);
                    for (int k = i; k < Math.min(count, i + BLOCK); k++) {
                        variances[k * shape.positions() + p] = product[(k - i) * (BLOCK + 1)];
                    }
                }
            }
        }
    }

    /** Where a network begins with {@code flatten}, space is gone from the start. Close it when done. */
    static InputGram of(Serial network, Inputs x) {
        Shape shape = shape(network, x.shape());
        long padding = (long) ((x.count() + BLOCK - 1) / BLOCK * BLOCK - x.count()) * shape.size();
        DoublePointer padded = new DoublePointer(x.values().length + padding);
        padded.put(x.values(), 0, x.values().length);
        padded.getPointer(x.values().length).limit(padding).zero();
        return new InputGram(shape, x.count(), padded);
    }

    /** The shape that inner products are taken in. */
    static Shape shape(Serial network, Shape in) {
        Layer first = network.layers().stream().filter(l -> !(l instanceof Identity)).findFirst().orElse(new Identity());
        return first instanceof Flatten ? Shape.of(in.size()) : in;
    }

    int count() {
        return count;
    }

    /** The covariance of the inputs {@code i0 … i1} of one side with {@code j0 … j1} of the other. */
    static Covariance covariance(InputGram a, int i0, int i1, InputGram b, int j0, int j1) {
        int positions = a.shape.positions();
        int rows = i1 - i0;
        int columns = j1 - j0;
        double[] k = new double[rows * columns * positions];
        double[] product = new double[BLOCK * BLOCK];
        try (DoublePointer room = new DoublePointer(BLOCK * BLOCK)) {
            for (int p = 0; p < positions; p++) {
                for (int i = i0 / BLOCK * BLOCK; i < i1; i += BLOCK) {
                    for (int j = j0 / BLOCK * BLOCK; j < j1; j += BLOCK) {
                        multiply(a, i, b, j, p, room, product);
                        for (int r = Math.max(i, i0); r < Math.min(i + BLOCK, i1); r++) {
                            for (int c = Math.max(j, j0); c < Math.min(j + BLOCK, j1); c++) {
                                k[((r - i0) * columns + c - j0) * positions + p] = product[(r - i) * BLOCK + c - j];
                            }
                        }
                    }
                }
            }
        }
        return Covariance.ofInputs(a.shape, rows, columns, k,
                Arrays.copyOfRange(a.variances, i0 * positions, i1 * positions),
                Arrays.copyOfRange(b.variances, j0 * positions, j1 * positions));
    }

    /** The inner products of two blocks at one position, divided by the channels. */
    private static void multiply(InputGram a, int i, InputGram b, int j, int position, DoublePointer room, double[] product) {
        int size = a.shape.size();
        int channels = a.shape.channels();
        long offset = (long) position * channels;
        // Views into the padded values: they are not closed, the whole is.
        DoublePointer left = a.padded.getPointer((long) i * size + offset);
        DoublePointer right = b.padded.getPointer((long) j * size + offset);
        openblas.cblas_dgemm(openblas.CblasRowMajor, openblas.CblasNoTrans, openblas.CblasTrans, BLOCK, BLOCK, channels,
                1.0, left, size, right, size, 0.0, room, BLOCK);
        room.get(product);
        for (int k = 0; k < product.length; k++) {
            product[k] /= channels;
        }
    }

    @Override
    public void close() {
        padded.close();
    }
}
