package org.ntk4j.infinite;

import java.util.Arrays;
import java.util.Optional;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;
import org.ntk4j.data.Inputs;
import org.ntk4j.network.Flatten;
import org.ntk4j.network.Identity;
import org.ntk4j.network.Layer;
import org.ntk4j.network.Serial;
import org.ntk4j.network.Shape;

/**
 * Inputs made ready for inner products. Vectors are padded with zero rows to blocks of fixed size, so that every product runs
 * over operands of the same shape and a value does not depend on where in a tile it stands; the variance of each input is
 * taken by the same product, so that equal inputs have exactly their variance as covariance. Inputs with positions meet pair
 * by pair. The values lie outside the Java heap, where the product reads them without a copy: close it when done.
 */
final class InputGram implements AutoCloseable {

    private static final int BLOCK = 128;

    private final Shape shape;
    private final int count;
    private final Span span;
    private final DoublePointer padded;
    private final Side side;
    private double[] variances;
    private FloatGram rounded;

    private InputGram(Shape shape, int count, Span span, DoublePointer padded, Side side) {
        this.shape = shape;
        this.count = count;
        this.span = span;
        this.padded = padded;
        this.side = side;
    }

    /** Where a network begins with {@code flatten}, space is gone from the start. Close it when done. */
    static InputGram of(Serial network, Inputs x) {
        Shape shape = shape(network, x.shape());
        Span span = network.needs(x.shape(), Span.EQUAL);
        double[] real = shape.isVector() || !x.hasPadding() ? null : reality(x);
        double[] values = real == null ? x.values() : Arrays.stream(x.values()).map(v -> Double.isNaN(v) ? 0 : v).toArray();
        long padding = shape.isVector() ? (long) ((x.count() + BLOCK - 1) / BLOCK * BLOCK - x.count()) * shape.size() : 0;
        DoublePointer padded = new DoublePointer(values.length + padding);
        padded.put(values, 0, values.length);
        if (padding > 0) {
            padded.getPointer(values.length).limit(padding).zero();
        }
        return new InputGram(shape, x.count(), span, padded, new Side(x.count(), shape.positions(), means(values, shape.channels()), real));
    }

    private static double[] reality(Inputs x) {
        int channels = x.shape().channels();
        double[] real = new double[x.values().length / channels];
        for (int i = 0; i < real.length; i++) {
            real[i] = Double.isNaN(x.values()[i * channels]) ? 0 : 1;
        }
        return real;
    }

    private static double[] means(double[] values, int channels) {
        double[] means = new double[values.length / channels];
        for (int i = 0; i < means.length; i++) {
            double sum = 0;
            for (int c = i * channels; c < (i + 1) * channels; c++) {
                sum += values[c];
            }
            means[i] = sum / channels;
        }
        return means;
    }

    /** The shape that inner products are taken in. */
    static Shape shape(Serial network, Shape in) {
        Layer first = network.layers().stream().filter(l -> !(l instanceof Identity)).findFirst().orElse(new Identity());
        return first instanceof Flatten ? Shape.of(in.size()) : in;
    }

    /** How many values a pair of examples has at once: at the input, or where planes leave it. */
    static long valuesOfPair(Serial network, Shape in) {
        Optional<Planes> planes = Planes.of(network, in);
        if (planes.isPresent()) {
            return planes.get().valuesAfter();
        }
        Shape shape = shape(network, in);
        return Block.size(shape.positions(), shape.isVector() ? Span.EQUAL : network.needs(in, Span.EQUAL));
    }

    /** The values of one input; padding is 0. */
    double[] example(int index) {
        double[] values = new double[shape.size()];
        padded.getPointer((long) index * shape.size()).get(values);
        return values;
    }

    Shape shape() {
        return shape;
    }

    /** Which pairs of positions of two examples meet. */
    Span span() {
        return shape.isVector() ? Span.EQUAL : span;
    }

    /** What is known of the examples {@code from … to} beside their values. */
    Side side(int from, int to) {
        return side.slice(from, to);
    }

    boolean hasPadding() {
        return side.real() != null;
    }

    int count() {
        return count;
    }

    /** The covariance of the inputs {@code i0 … i1} of one side with {@code j0 … j1} of the other. */
    static Covariance covariance(InputGram a, int i0, int i1, InputGram b, int j0, int j1) {
        boolean same = a == b && i0 == j0 && i1 == j1;
        Block cross = a.shape.isVector() ? vectors(a, i0, i1, b, j0, j1) : positions(a, i0, i1, b, j0, j1, true);
        Block self1 = a.own(i0, i1);
        Block self2 = same ? self1 : b.own(j0, j1);
        Side side1 = a.side.slice(i0, i1);
        return Covariance.ofInputs(a.shape, cross, self1, self2, side1, same ? side1 : b.side.slice(j0, j1));
    }

    /** Each input with itself, where space is gone: made when they are first asked for, as float32 has its own. */
    private synchronized double[] variances() {
        if (variances == null) {
            variances = new double[count];
            double[] product = new double[BLOCK * BLOCK];
            try (DoublePointer room = new DoublePointer(BLOCK * BLOCK)) {
                for (int i = 0; i < count; i += BLOCK) {
                    multiply(this, i, this, i, BLOCK, room, product);
                    for (int k = i; k < Math.min(count, i + BLOCK); k++) {
                        variances[k] = product[(k - i) * (BLOCK + 1)];
                    }
                }
            }
        }
        return variances;
    }

    /** Inputs {@code from … to}, each with itself. */
    Block own(int from, int to) {
        if (!shape.isVector()) {
            return positions(this, from, to, this, from, to, false);
        }
        return new Block(to - from, 0, 1, Span.EQUAL, Arrays.copyOfRange(variances(), from, to), new double[to - from]);
    }

    /** The same without space, and nothing but the pairs of the tile. */
    static Block vectors(InputGram a, int i0, int i1, InputGram b, int j0, int j1) {
        int rows = i1 - i0;
        int columns = j1 - j0;
        double[] k = new double[rows * columns];
        vectors(a, i0, i1, b, j0, j1, k, columns);
        return new Block(rows * columns, columns, 1, Span.EQUAL, k, new double[k.length]);
    }

    private static void vectors(InputGram a, int i0, int i1, InputGram b, int j0, int j1, double[] k, int line) {
        double[] product = new double[BLOCK * BLOCK];
        try (DoublePointer room = new DoublePointer(BLOCK * BLOCK)) {
            for (int i = i0 / BLOCK * BLOCK; i < i1; i += BLOCK) {
                for (int j = j0 / BLOCK * BLOCK; j < j1; j += BLOCK) {
                    multiply(a, i, b, j, BLOCK, room, product);
                    int first = Math.max(j, j0);
                    int length = Math.min(j + BLOCK, j1) - first;
                    for (int r = Math.max(i, i0); r < Math.min(i + BLOCK, i1); r++) {
                        System.arraycopy(product, (r - i) * BLOCK + first - j, k, (r - i0) * line + first - j0, length);
                    }
                }
            }
        }
    }

    /**
     * Inner products in the numbers of an engine, divided by the channels.
     *
     * @param <A> the arrays of these numbers
     */
    interface Products<A> {

        /** Those of each input of the first side with itself. */
        A variances1();

        /** The same of the second side; the same array if it is the same side. */
        A variances2();

        /** The number of inputs with these variances. */
        int count(A variances);

        /** Writes the products of a tile, its rows {@code line} values apart. */
        void fill(int i0, int i1, int j0, int j1, A to, int line);
    }

    /** In float64. */
    static Products<double[]> products64(InputGram a, InputGram b) {
        return new Products<>() {
            @Override
            public double[] variances1() {
                return a.variances();
            }

            @Override
            public double[] variances2() {
                return b.variances();
            }

            @Override
            public int count(double[] variances) {
                return variances.length;
            }

            @Override
            public void fill(int i0, int i1, int j0, int j1, double[] to, int line) {
                vectors(a, i0, i1, b, j0, j1, to, line);
            }
        };
    }

    /** In float32. */
    static Products<float[]> products32(InputGram a, InputGram b) {
        FloatGram one = a.rounded();
        FloatGram other = b == a ? one : b.rounded();
        return new Products<>() {
            @Override
            public float[] variances1() {
                return one.variances();
            }

            @Override
            public float[] variances2() {
                return other.variances();
            }

            @Override
            public int count(float[] variances) {
                return variances.length;
            }

            @Override
            public void fill(int i0, int i1, int j0, int j1, float[] to, int line) {
                one.products(i0, i1, other, j0, j1, to, line);
            }
        };
    }

    /** The same inputs in float32; closed with these. */
    private FloatGram rounded() {
        if (rounded == null) {
            rounded = FloatGram.of(padded, count, shape.size());
        }
        return rounded;
    }

    /** All positions of one example with all of another, pair by pair; or each example with itself. */
    private static Block positions(InputGram a, int i0, int i1, InputGram b, int j0, int j1, boolean cross) {
        int n = a.shape.positions();
        int columns = cross ? j1 - j0 : 0;
        int pairs = cross ? (i1 - i0) * columns : i1 - i0;
        int size = Block.size(n, a.span);
        double[] k = new double[Math.multiplyExact(pairs, size)];
        if (a.span == Span.EQUAL) {
            return equalPositions(a, i0, b, j0, pairs, columns);
        }
        double[] product = new double[n * n];
        try (DoublePointer room = new DoublePointer((long) n * n)) {
            for (int pair = 0; pair < pairs; pair++) {
                int i = i0 + (cross ? pair / columns : pair);
                int j = j0 + (cross ? pair % columns : pair);
                multiply(a, i * n, b, j * n, n, room, product);
                System.arraycopy(product, 0, k, pair * size, size);
            }
        }
        return new Block(pairs, columns, n, a.span, k, new double[k.length]);
    }

    private static Block equalPositions(InputGram a, int i0, InputGram b, int j0, int pairs, int columns) {
        int n = a.shape.positions();
        int channels = a.shape.channels();
        double[] k = new double[pairs * n];
        double[] left = new double[n * channels];
        double[] right = new double[n * channels];
        for (int pair = 0; pair < pairs; pair++) {
            a.padded.getPointer((long) (i0 + (columns > 0 ? pair / columns : pair)) * n * channels).get(left);
            b.padded.getPointer((long) (j0 + (columns > 0 ? pair % columns : pair)) * n * channels).get(right);
            for (int p = 0; p < n; p++) {
                double sum = 0;
                for (int c = p * channels; c < (p + 1) * channels; c++) {
                    sum += left[c] * right[c];
                }
                k[pair * n + p] = sum / channels;
            }
        }
        return new Block(pairs, columns, n, Span.EQUAL, k, new double[k.length]);
    }

    /** The inner products of {@code size} rows of channels with as many others, divided by the channels. */
    private static void multiply(InputGram a, int i, InputGram b, int j, int size, DoublePointer room, double[] product) {
        int channels = a.shape.channels();
        // Views into the padded values: they are not closed, the whole is.
        DoublePointer left = a.padded.getPointer((long) i * channels);
        DoublePointer right = b.padded.getPointer((long) j * channels);
        openblas.cblas_dgemm(openblas.CblasRowMajor, openblas.CblasNoTrans, openblas.CblasTrans, size, size, channels,
                1.0, left, channels, right, channels, 0.0, room, size);
        room.get(product);
        for (int k = 0; k < product.length; k++) {
            product[k] /= channels;
        }
    }

    @Override
    public void close() {
        if (rounded != null) {
            rounded.close();
        }
        padded.close();
    }
}
