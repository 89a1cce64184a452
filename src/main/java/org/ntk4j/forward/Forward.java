package org.ntk4j.forward;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.positions.Aggregation;
import org.ntk4j.positions.PositionMap;
import org.ntk4j.shape.Shape;
import org.ntk4j.shape.Stencil;
import org.ntk4j.shape.Window;
import org.ntk4j.tensorflow.BatchProduct;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The forward pass of a finite network while it is put into a graph. Layers ask it for their weights by name, and it records
 * everything that is trained, so that tangent kernels need to know nothing about layers.
 */
public final class Forward {

    private final Ops tf;
    private final String path;
    private final Function<String, Operand<TFloating>> weights;
    private final List<TrainedMap> maps;
    private final boolean often;
    private final @Nullable EdgesInGraph edges;
    private final ToDoubleFunction<String> rates;
    private final boolean twice;
    private final BatchMoments moments;

    private Forward(Ops tf, String path, Function<String, Operand<TFloating>> weights, List<TrainedMap> maps, boolean often,
            @Nullable EdgesInGraph edges, ToDoubleFunction<String> rates, boolean twice, BatchMoments moments) {
        this.tf = tf;
        this.path = path;
        this.weights = weights;
        this.maps = maps;
        this.often = often;
        this.edges = edges;
        this.rates = rates;
        this.twice = twice;
        this.moments = moments;
    }

    /**
     * A forward pass in a graph that finds its weights by their full names.
     *
     * @param often whether each weight is going to meet more values than it has neighbours: many examples, or many ways back
     * @param edges the graphs of the inputs; null: they have none
     * @param rates by what the learning rate of the weights of a full name is multiplied
     * @param moments where batch normalization takes its statistics from
     */
    public static Forward in(Ops tf, Function<String, Operand<TFloating>> weights, boolean often,
            @Nullable EdgesInGraph edges,
            ToDoubleFunction<String> rates, BatchMoments moments) {
        return new Forward(tf, "", weights, new ArrayList<>(), often, edges, rates, false, moments);
    }

    /** This pass of operations that can be differentiated twice, as far as there are such. */
    public Forward differentiableTwice() {
        return new Forward(tf, path, weights, maps, often, edges, rates, true, moments);
    }

    /** Whether the pass is to be differentiated twice. */
    public boolean isTwice() {
        return twice;
    }

    /** TensorFlow's ops. */
    public Ops tf() {
        return tf;
    }

    /** This pass, one step further inside: names of weights get this prefix. */
    public Forward inside(String step) {
        return new Forward(tf, path.isEmpty() ? step : path + "." + step, weights, maps, often, edges, rates, twice, moments);
    }

    /** What was recorded so far, first to last. */
    public List<TrainedMap> maps() {
        return List.copyOf(maps);
    }

    /** The weights of the layer at work with this name. */
    Operand<TFloating> weights(String name) {
        return weights.apply(path + "/" + name);
    }

    /** A factor of weights in the tangent kernel. */
    private double tangent(String name, double scale) {
        return scale * Math.sqrt(rates.applyAsDouble(path + "/" + name));
    }

    /** The inputs; where some positions are padding (all NaN), they become zeros with a mask. */
    public Signal input(Operand<TFloating> x, Shape shape, Padding padding) {
        if (!padding.any()) {
            return new Signal(x, shape, Signal.Origin.OTHER, null);
        }
        Operand<TFloating> sums = tf.reduceSum(x, tf.constant(-1));
        Operand<TFloating> real = tf.dtypes.cast(tf.math.logicalNot(tf.math.isNan(sums)), x.type());
        Operand<TFloating> clean = tf.select(tf.math.isNan(x), tf.zerosLike(x), x);
        Operand<TFloating> mask = tf.reshape(real, tf.constant(new int[] {-1, shape.positions()}));
        return new Signal(clean, shape, Signal.Origin.OTHER, new Mask(mask, padding.kinds()));
    }

    /** Zeros at padding. */
    public Signal masked(Signal x) {
        return x.masked(tf);
    }

    /** {@code scale · x W} at every position, W being the weights of that name, {@code [in, units]}. */
    public Signal linear(Signal x, String name, double scale, int units) {
        return matrix(x, weights(name), scale, tangent(name, scale), units);
    }

    /** {@code scale · x W} at every position, for weights already at hand. */
    Signal matrix(Signal x, Operand<TFloating> w, double scale, int units) {
        return matrix(x, w, scale, scale, units);
    }

    private Signal matrix(Signal x, Operand<TFloating> w, double scale, double tangent, int units) {
        int in = x.shape().channels();
        int positions = x.shape().positions();
        Operand<TFloating> flat = tf.reshape(x.value(), tf.constant(new int[] {-1, in}));
        // The factor goes to whichever has fewer values, the weights or what they give.
        boolean early = often || positions > 1;
        Operand<TFloating> product = early ? tf.linalg.matMul(flat, scaled(w, scale)) : scaled(tf.linalg.matMul(flat, w), scale);
        Operand<TFloating> z = tf.reshape(product, tf.constant(new int[] {-1, positions, units}));
        Operand<TFloating> h = tf.reshape(flat, tf.constant(new int[] {-1, positions, in}));
        maps.add(new LinearMap(path, w, x, null, h, z, positions, List.of(), in, units, scale, 0, tangent, 0));
        return masked(shaped(z, x.shape().withChannels(units), Signal.Origin.MAP, x.mask()));
    }

    /** {@code scale · W[word]} at every position, W being the weights of that name, {@code [vocabulary, channels]}. */
    public Signal embedding(Signal x, String name, double scale, int vocabulary, int channels) {
        int positions = x.shape().positions();
        Operand<TFloating> words = tf.reshape(x.value(), tf.constant(new int[] {-1, positions}));
        Operand<TInt32> indices = tf.dtypes.cast(tf.math.rint(words), TInt32.class);
        Operand<TFloating> z = scaled(tf.gather(weights(name), indices, tf.constant(0)), scale);
        maps.add(new WordMap(path, words, z, positions, vocabulary, channels, tangent(name, scale)));
        return masked(shaped(z, x.shape().withChannels(channels), Signal.Origin.OTHER, x.mask()));
    }

    /** {@code x + scale · b} at every position, b being the weights of that name, {@code [channels]}; right after a linear map. */
    public Signal bias(Signal x, String name, double scale) {
        LinearMap map = (LinearMap) maps.remove(maps.size() - 1);
        Operand<TFloating> z = tf.math.add(map.z(), scaled(weights(name), scale));
        maps.add(new LinearMap(map.name(), map.weights(), map.input(), map.stencil(), map.h(), z, map.positions(), map.window(), map.in(),
                map.out(), map.scale(), scale, map.tangent(), tangent(name, scale)));
        return masked(shaped(z, x.shape(), Signal.Origin.MAP, x.mask()));
    }

    /** A convolution with weights {@code [filter…, in, out]} of that name. */
    public Signal convolution(Signal x, String name, double scale, Window window, Shape after) {
        // TensorFlow's convolution has no second derivative.
        if (twice || x.mask() != null && !window.keepsPositions()) {
            return gathered(x, name, scale, window, after);
        }
        int axes = x.shape().space().size();
        int in = x.shape().channels();
        int out = after.channels();
        int rows = axes == 1 ? 1 : window.size().get(0);
        int columns = window.size().get(axes - 1);
        int height = axes == 1 ? 1 : x.shape().space().get(0);
        int width = x.shape().space().get(axes - 1);
        Operand<TFloating> image = tf.reshape(x.value(), tf.constant(new int[] {-1, height, width, in}));
        String border = window.padding();
        if (border.equals("circular")) {
            image = axes == 1 ? image : patches().wrapped(image, 1, height, window.size().get(0), window.strides().get(0));
            image = patches().wrapped(image, 2, width, columns, window.strides().get(axes - 1));
        }
        Operand<TFloating> w = weights(name);
        Operand<TFloating> filter = tf.reshape(scaled(w, scale), tf.constant(new int[] {rows, columns, in, out}));
        long strideRows = axes == 1 ? 1 : window.strides().get(0);
        List<Long> strides = List.of(1L, strideRows, (long) window.strides().get(axes - 1), 1L);
        Operand<TFloating> product = tf.nn.conv2d(image, filter, strides, border.equals("same") ? "SAME" : "VALID");
        int positions = after.positions();
        Operand<TFloating> z = tf.reshape(product, tf.constant(new int[] {-1, positions, out}));
        Operand<TFloating> matrix = tf.reshape(w, tf.constant(new int[] {-1, out}));
        maps.add(new LinearMap(path, matrix, x, window, patches().of(x, window, positions, 0), z, positions, window.size(),
                in * window.area(), out, scale, 0, tangent(name, scale), 0));
        return masked(shaped(z, after, Signal.Origin.MAP, x.mask()));
    }

    /** A convolution by looking each position up: for windows that TensorFlow's convolutions do not have. */
    public Signal gathered(Signal x, String name, double scale, Stencil stencil, Shape after) {
        Mask mask = patches().maskAfter(x, stencil);
        int in = x.shape().channels() * stencil.area();
        Operand<TFloating> h = patches().of(x, stencil, after.positions(), 0);
        Operand<TFloating> matrix = tf.reshape(weights(name), tf.constant(new int[] {in, after.channels()}));
        Operand<TFloating> product = tf.linalg.matMul(tf.reshape(h, tf.constant(new int[] {-1, in})), scaled(matrix, scale));
        Operand<TFloating> z = tf.reshape(product, tf.constant(new int[] {-1, after.positions(), after.channels()}));
        maps.add(new LinearMap(path, matrix, x, stencil, h, z, after.positions(), List.of(stencil.area()), in, after.channels(),
                scale, 0, tangent(name, scale), 0));
        return masked(shaped(z, after, Signal.Origin.MAP, mask));
    }

    /**
     * A convolution with weights W {@code [position…, in·filter, out]} and biases b {@code [position…, out]} of its own at every position.
     */
    public Signal unshared(Signal x, Window window, double scale, double bias, Shape after) {
        Mask mask = patches().maskAfter(x, window);
        int positions = after.positions();
        int channels = x.shape().channels();
        int in = channels * window.area();
        int out = after.channels();
        // The weights count the channel first and the offset after it.
        Operand<TFloating> byOffset = tf.reshape(patches().of(x, window, positions, 0),
                tf.constant(new int[] {-1, positions, window.area(), channels}));
        Operand<TFloating> h = tf.reshape(tf.linalg.transpose(byOffset, tf.constant(new int[] {0, 1, 3, 2})),
                tf.constant(new int[] {-1, positions, in}));
        Operand<TFloating> w = tf.reshape(weights("W"), tf.constant(new int[] {positions, in, out}));
        int[] swap = {1, 0, 2};
        Operand<TFloating> product = tf.linalg.transpose(BatchProduct.of(tf, tf.linalg.transpose(h, tf.constant(swap)), w),
                tf.constant(swap));
        Operand<TFloating> z = scaled(product, scale);
        if (bias != 0) {
            z = tf.math.add(z, scaled(tf.reshape(weights("b"), tf.constant(new int[] {1, positions, out})), bias));
        }
        maps.add(new UnsharedMap(path, h, z, positions, in, out, tangent("W", scale), bias == 0 ? 0 : tangent("b", bias)));
        return masked(shaped(z, after, Signal.Origin.OTHER, mask));
    }

    /**
     * Layers repeated with the same weights: what they record in all rounds is one map.
     *
     * @param layers what is done in a round
     */
    public Signal repeated(Signal x, int times, UnaryOperator<Signal> layers) {
        int first = maps.size();
        List<List<TrainedMap>> rounds = new ArrayList<>();
        Signal signal = x;
        for (int t = 0; t < times; t++) {
            signal = layers.apply(signal);
            List<TrainedMap> recorded = maps.subList(first, maps.size());
            rounds.add(List.copyOf(recorded));
            recorded.clear();
        }
        for (int i = 0; times > 0 && i < rounds.get(0).size(); i++) {
            int map = i;
            List<TrainedMap> same = rounds.stream().map(r -> r.get(map)).toList();
            if (times > 1 && same.get(0).whole() instanceof UnsharedMap) {
                throw Failure.input("network." + path + ": convLocal has weights of its own at every position, which repeat with shared: "
                        + "true does not put together; use conv, or leave shared out");
            }
            maps.add(times == 1 ? same.get(0) : TiedMap.of(tf, same));
        }
        return signal;
    }

    /** The mean or the sum over a window. */
    public Signal pool(Signal x, Window window, Shape after, boolean mean, boolean realPixels) {
        return pools().pool(x, window, after, mean, realPixels);
    }

    /** The largest value of a window, channel by channel; what is outside or padding does not count. */
    public Signal largest(Signal x, Window window, Shape after) {
        return pools().largest(x, window, after);
    }

    /** A fixed map of the positions, {@code h' = T h}; the mask moves along. */
    public Signal move(Signal x, PositionMap map, Shape after) {
        return pools().move(x, map, after);
    }

    /**
     * Each node's sum over the edges that enter it, by its example's graph.
     *
     * @throws Failure naming the layer, if the inputs have no graphs or their weights do not suit the rule
     */
    public Signal aggregate(Signal x, Aggregation rule) {
        if (edges == null) {
            throw Failure.input("network." + path + ": " + Aggregation.NO_GRAPH);
        }
        edges.graphs().checked(rule, "network." + path);
        Operand<TFloating> moved = BatchProduct.of(tf, edges.map(tf, rule, x.mask()), positions(x));
        return shaped(moved, x.shape(), x.channelwise(), x.mask());
    }

    /**
     * This signal, if no position is padding.
     *
     * @param layer which layer's value would depend on how much padding there is
     * @param way   what to do instead
     */
    public Signal unpadded(Signal x, String layer, String way) {
        if (x.mask() != null) {
            throw Failure.input("network." + path + ": " + layer + " makes the value depend on how much padding there is; " + way);
        }
        return x;
    }

    /** What stands at the first position. */
    public Signal firstPosition(Signal x) {
        return pools().firstPosition(x);
    }

    /** The mean or the sum over all real positions. */
    public Signal globalPool(Signal x, boolean mean) {
        return pools().globalPool(x, mean);
    }

    /** Layer normalization over the channels, or over channels and space. */
    public Signal normalize(Signal x, boolean overAll, double epsilon) {
        return new Averages(tf, twice).normalized(x, overAll, epsilon);
    }

    /** Batch normalization: each channel by its mean and variance over examples and real positions, or by those that are known. */
    public Signal normalizeBatch(Signal x, double epsilon) {
        Averages averages = new Averages(tf, twice);
        Operand<TFloating> v = positions(x);
        BatchMoments.Pair pair = moments.of(path, () -> averages.moments(v, x.mask()),
                () -> new BatchMoments.Pair(weights("mean"), weights("variance")));
        Operand<TFloating> factor = averages.rsqrt(tf.math.add(pair.variance(), Numbers.like(tf, v, epsilon)));
        return masked(shaped(tf.math.mul(tf.math.sub(v, pair.mean()), factor), x.shape(), x.channelwise(), x.mask()));
    }

    /** The sum of branches; a position is padding where all branches' are. */
    public Signal sum(List<Signal> branches) {
        return new Branches(tf).sum(branches);
    }

    /** The product of branches. */
    public Signal product(List<Signal> branches) {
        return new Branches(tf).product(branches);
    }

    /** Branches beside each other as channels. */
    public Signal concat(List<Signal> branches) {
        return new Branches(tf).concat(branches);
    }

    /** The signal's values in another shape. */
    public Signal reshape(Signal x, Shape shape) {
        if (x.mask() != null) {
            throw Failure.input(path + ": flatten makes the value depend on how much padding there is; use globalAvgPool");
        }
        // What rectified values are is known of each by itself.
        Signal.Origin origin = x.origin() == Signal.Origin.RECTIFIED ? x.origin() : Signal.Origin.OTHER;
        return x.shape().equals(shape) ? x : shaped(x.value(), shape, origin, null);
    }

    /** Something trained whose output is at hand. */
    void record(TrainedMap map) {
        maps.add(map);
    }

    /** The path of the layer at work. */
    public String path() {
        return path;
    }

    /** {@code [batch, positions, channels]}. */
    Operand<TFloating> positions(Signal x) {
        return x.byPosition(tf);
    }

    Operand<TFloating> scaled(Operand<TFloating> x, double scale) {
        return scale == 1 ? x : tf.math.mul(x, Numbers.like(tf, x, scale));
    }

    private Patches patches() {
        return new Patches(tf, path, twice);
    }

    private Pools pools() {
        return new Pools(tf, path, patches());
    }

    private Signal shaped(Operand<TFloating> value, Shape shape, Signal.Origin origin, @Nullable Mask mask) {
        return Signal.shaped(tf, value, shape, origin, mask);
    }
}
