package org.ntk4j.infinite.tile;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntConsumer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.openblas.global.openblas;
import org.jspecify.annotations.Nullable;
import org.ntk4j.data.Inputs;
import org.ntk4j.kernel.Workers;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Block;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Ending;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.moment.Side;
import org.ntk4j.moment.Span;
import org.ntk4j.positions.Graphs;
import org.ntk4j.rows.InnerProducts;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;

/**
 * Inputs made ready for inner products. Vectors stand in {@link InnerProducts}: a value does not depend on where in a tile it stands, and
 * equal inputs have exactly their variance as covariance. Inputs with positions meet pair by pair, and lie outside the Java heap, where a
 * library's product reads them without a copy: close it when done.
 */
public final class InputGram implements AutoCloseable {

    /** Fewer values than these take less time than another thread. */
    private static final int ALONE = 1 << 18;

    private final Shape shape;
    private final int count;
    private final Span span;
    private final double[] values;
    /** The values once more, outside the heap; null for vectors. */
    private final @Nullable DoublePointer outside;
    private final double @Nullable [] real;
    private final @Nullable Graphs graphs;
    /** Whether values are indices of words, of which equal ones have the covariance 1 and others 0. */
    private final boolean words;
    private final int threads;
    private @Nullable Side side;
    private @Nullable InnerProducts<double[]> exact;
    private @Nullable InnerProducts<float[]> rounded;

    private InputGram(Shape shape, int count, Span span, double[] values, @Nullable DoublePointer outside, double @Nullable [] real,
            @Nullable Graphs graphs, boolean words, int threads) {
        this.shape = shape;
        this.count = count;
        this.span = span;
        this.values = values;
        this.outside = outside;
        this.real = real;
        this.graphs = graphs;
        this.words = words;
        this.threads = threads;
    }

    /** Where a network begins with {@code flatten}, space is gone from the start. Close it when done. */
    public static InputGram of(Serial network, Inputs x) {
        return of(network, x, 1);
    }

    /** The same, made ready by so many threads. */
    public static InputGram of(Serial network, Inputs x, int threads) {
        Shape shape = shape(network, x.shape());
        Span span = network.needs(x.shape(), Span.EQUAL);
        double[] real = shape.isVector() || !x.hasPadding() ? null : reality(x);
        double[] values = real == null ? x.values() : Arrays.stream(x.values()).map(v -> Double.isNaN(v) ? 0 : v).toArray();
        return new InputGram(shape, x.count(), span, values, shape.isVector() ? null : new DoublePointer(values), real,
                shape.isVector() ? null : x.graphs().orElse(null), network.words().isPresent(), threads);
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
    public static Shape shape(Serial network, Shape in) {
        boolean flattens = network.parts().filter(l -> !(l.plane(in).orElse(null) instanceof PlaneStep.Pass)).findFirst()
                .flatMap(Layer::ending).filter(Ending.EQUAL_POSITIONS::equals).isPresent();
        return flattens ? Shape.of(in.size()) : in;
    }

    /** The values of one input; padding is 0. */
    public double[] example(int index) {
        return Arrays.copyOfRange(values, index * shape.size(), (index + 1) * shape.size());
    }

    public Shape shape() {
        return shape;
    }

    /** Which pairs of positions of two examples meet. */
    Span span() {
        return shape.isVector() ? Span.EQUAL : span;
    }

    /** What is known of the examples {@code from … to} beside their values. */
    public Side side(int from, int to) {
        return side().slice(from, to);
    }

    /** Made when it is first asked for: not all engines do. */
    private synchronized Side side() {
        var made = side == null ? new Side(count, shape.positions(),
                words ? new double[values.length] : means(values, shape.channels()), real, graphs) : side;
        side = made;
        return made;
    }

    public boolean hasPadding() {
        return real != null;
    }

    public int count() {
        return count;
    }

    /** Whether values are indices of words, of which equal ones have the covariance 1 and others 0. */
    public boolean ofWords() {
        return words;
    }

    /** 1 for equal words at two positions, counted over all inputs; 0 for others, and for padding. */
    public double equal(int position, InputGram other, int with) {
        return isReal(position) && other.isReal(with) && values[position] == other.values[with] ? 1 : 0;
    }

    /** The covariance of the inputs {@code i0 … i1} of one side with {@code j0 … j1} of the other. */
    public static Covariance covariance(InputGram a, int i0, int i1, InputGram b, int j0, int j1) {
        boolean same = a == b && i0 == j0 && i1 == j1;
        Block cross = a.shape.isVector() ? vectors(a, i0, i1, b, j0, j1) : positions(a, i0, i1, b, j0, j1, true);
        Block self1 = a.own(i0, i1);
        Block self2 = same ? self1 : b.own(j0, j1);
        Side side1 = a.side(i0, i1);
        return Covariance.ofInputs(a.shape, cross, self1, self2, side1, same ? side1 : b.side(j0, j1));
    }

    /** The vectors in float64: made when they are first asked for, as float32 has its own. */
    private synchronized InnerProducts<double[]> exact() {
        var made = exact == null ? InnerProducts.of(Rows.float64(), values, count, shape.size(), this::eachOfValues) : exact;
        exact = made;
        return made;
    }

    /** The vectors in float32. */
    private synchronized InnerProducts<float[]> rounded() {
        var made = rounded == null ? InnerProducts.of(Rows.float32(), values, count, shape.size(), this::eachOfValues) : rounded;
        rounded = made;
        return made;
    }

    /** Does something with each of so many parts of the inputs, on the threads that they are made ready by. */
    public void each(int parts, IntConsumer action) {
        Workers.each(threads, parts, "inputs", action);
    }

    /** Few values are read sooner than a thread is started. */
    private void eachOfValues(int parts, IntConsumer action) {
        Workers.each(values.length < ALONE ? 1 : threads, parts, "inputs", action);
    }

    /** Inputs {@code from … to}, each with itself. */
    Block own(int from, int to) {
        if (!shape.isVector()) {
            return positions(this, from, to, this, from, to, false);
        }
        return new Block(to - from, 0, 1, Span.EQUAL, Arrays.copyOfRange(exact().variances(), from, to), new double[to - from]);
    }

    /** The covariance of vectors, and nothing but the pairs of the tile. */
    static Block vectors(InputGram a, int i0, int i1, InputGram b, int j0, int j1) {
        int rows = i1 - i0;
        int columns = j1 - j0;
        double[] k = new double[rows * columns];
        a.exact().products(Rows.float64(), i0, i1, b.exact(), j0, j1, k, columns);
        return new Block(rows * columns, columns, 1, Span.EQUAL, k, new double[k.length]);
    }

    /**
     * Both sides in the numbers of an engine.
     *
     * @param side2 the same object if it is the same side
     * @param <A>   the arrays of these numbers
     */
    public record Vectors<A>(InnerProducts<A> side1, InnerProducts<A> side2) {
    }

    /** In float64. */
    public static Vectors<double[]> vectors64(InputGram a, InputGram b) {
        return new Vectors<>(a.exact(), b.exact());
    }

    /** In float32. */
    public static Vectors<float[]> vectors32(InputGram a, InputGram b) {
        return new Vectors<>(a.rounded(), b.rounded());
    }

    /** All positions of one example with all of another, pair by pair; or each example with itself. */
    private static Block positions(InputGram a, int i0, int i1, InputGram b, int j0, int j1, boolean cross) {
        int n = a.shape.positions();
        int columns = cross ? j1 - j0 : 0;
        int pairs = cross ? (i1 - i0) * columns : i1 - i0;
        int size = Block.size(n, a.span);
        double[] k = new double[Math.multiplyExact(pairs, size)];
        if (a.words) {
            return equalWords(a, i0, b, j0, pairs, columns, k);
        }
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

    /** 1 where two positions have the same word, and neither is padding. */
    private static Block equalWords(InputGram a, int i0, InputGram b, int j0, int pairs, int columns, double[] k) {
        int n = a.shape.positions();
        int others = a.span == Span.EQUAL ? 1 : n;
        for (int pair = 0; pair < pairs; pair++) {
            int i = (i0 + (columns > 0 ? pair / columns : pair)) * n;
            int j = (j0 + (columns > 0 ? pair % columns : pair)) * n;
            for (int p = 0; p < n; p++) {
                for (int o = 0; o < others; o++) {
                    int q = others == 1 ? p : o;
                    k[(pair * n + p) * others + o] = a.equal(i + p, b, j + q);
                }
            }
        }
        return new Block(pairs, columns, n, a.span, k, new double[k.length]);
    }

    private boolean isReal(int position) {
        return real == null || real[position] != 0;
    }

    private static Block equalPositions(InputGram a, int i0, InputGram b, int j0, int pairs, int columns) {
        int n = a.shape.positions();
        int channels = a.shape.channels();
        double[] k = new double[pairs * n];
        double[] left = new double[n * channels];
        double[] right = new double[n * channels];
        for (int pair = 0; pair < pairs; pair++) {
            System.arraycopy(a.values, (i0 + (columns > 0 ? pair / columns : pair)) * n * channels, left, 0, left.length);
            System.arraycopy(b.values, (j0 + (columns > 0 ? pair % columns : pair)) * n * channels, right, 0, right.length);
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
        // Views into the values: they are not closed, the whole is.
        DoublePointer left = Objects.requireNonNull(a.outside).getPointer((long) i * channels);
        DoublePointer right = Objects.requireNonNull(b.outside).getPointer((long) j * channels);
        openblas.cblas_dgemm(openblas.CblasRowMajor, openblas.CblasNoTrans, openblas.CblasTrans, size, size, channels,
                1.0, left, channels, right, channels, 0.0, room, size);
        room.get(product);
        for (int k = 0; k < product.length; k++) {
            product[k] /= channels;
        }
    }

    /** Closes both sides of a tile, which may be one. */
    public static void close(InputGram rows, InputGram columns) {
        rows.close();
        if (columns != rows) {
            columns.close();
        }
    }

    @Override
    public void close() {
        if (outside != null) {
            outside.close();
        }
    }
}
