package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ntk4j.data.Inputs;
import org.ntk4j.forward.AdditiveMap;
import org.ntk4j.forward.LinearMap;
import org.ntk4j.forward.Numbers;
import org.ntk4j.forward.Padding;
import org.ntk4j.forward.TrainedMap;
import org.ntk4j.forward.UnsharedMap;
import org.ntk4j.forward.WordMap;
import org.ntk4j.kernel.SymmetricProduct;
import org.ntk4j.layer.Weights;
import org.ntk4j.base.Precision;
import org.ntk4j.tensorflow.BatchProduct;
import org.ntk4j.tensorflow.Tensors;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The tangent kernel of all outputs with all outputs as a product with vectors, without being stored: {@code J(Jᵀv)}. One backward pass
 * from v gives for each trained map {@code U = Σ_n,p h_p ⊗ δ_p}; then each output's own δ_c meets what U does to its inputs,
 * {@code Σ_p ⟨h_p U, δ_cp⟩}. A product costs k + 1 backward passes of all examples; the memory is that of some examples and of the weights.
 */
public final class TangentOperator implements SymmetricProduct, AutoCloseable {

    /** Values of the maps' inputs and outputs that examples which go through the network at once may have. */
    private static final long VALUES_AT_ONCE = 16L << 20;

    private final Inputs x;
    private final Inputs test;
    private final CompiledNetwork compiled;
    private final Ops tf;
    private final int outputs;
    private final int block;
    private final Placeholder<TFloating> batch;
    private final Placeholder<TFloating> seeds;
    /** What a backward pass leaves for each tensor of weights, and where its sum over all examples comes in again. */
    private final List<Operand<TFloating>> sums = new ArrayList<>();
    private final List<Placeholder<TFloating>> moves = new ArrayList<>();
    /** The sums over all examples of the last vector: as many values as weights, which would be garbage after each product. */
    private final double[][] moved;
    private final @Nullable Operand<TFloating> product;
    /** One for each output: what {@link #product} stacks. */
    private final List<Operand<TFloating>> columns = new ArrayList<>();

    /** The operator of a network on inputs, to be closed. */
    public TangentOperator(FiniteNetwork network, Inputs x) {
        this(network, x, x);
    }

    /**
     * The operator of a network on inputs, to be closed.
     *
     * @param test other inputs, whose products with these are wanted too
     */
    public TangentOperator(FiniteNetwork network, Inputs x, Inputs test) {
        network.layers(x.shape()).checkWords(x);
        network.layers(x.shape()).checkWords(test);
        this.x = CompiledNetwork.fed(x);
        this.test = CompiledNetwork.fed(test);
        this.compiled = new CompiledNetwork(network.layers(x.shape()), x.shape(), network.precision(), network.settings(),
                Padding.of(x).and(Padding.of(test)));
        this.tf = compiled.tf();
        this.batch = compiled.batch();
        CompiledNetwork.Pass pass = compiled.pass(batch, true);
        Set<String> trained = network.layers(x.shape()).weights(x.shape()).stream().filter(Weights::trained).map(Weights::layer)
                .collect(Collectors.toSet());
        List<TrainedMap> maps = pass.maps().stream().filter(m -> trained.contains(m.name())).toList();
        this.outputs = pass.count();
        this.seeds = tf.placeholder(Tensors.type(compiled.precision()), Placeholder.shape(org.tensorflow.ndarray.Shape.of(-1, outputs)));
        long values = maps.stream().mapToLong(m -> (long) m.positions() * (m.in() + (4L + outputs) * m.out())).sum();
        this.block = (int) Math.max(1, Math.min(x.count(), VALUES_AT_ONCE / Math.max(1, values)));
        List<Operand<TFloating>> back = gradients("back", pass, maps, seeds);
        List<Operand<TFloating>> changes = new ArrayList<>();
        for (int i = 0; i < back.size(); i++) {
            changes.add(moved(maps.get(i), back.get(i)));
        }
        this.moved = moves.stream().map(m -> new double[(int) m.shape().size()]).toArray(double[][]::new);
        for (int c = 0; c < outputs && !changes.isEmpty(); c++) {
            double[] unit = new double[outputs];
            unit[c] = 1;
            Operand<TFloating> one = tf.dtypes.cast(tf.constant(unit), Tensors.type(compiled.precision()));
            List<Operand<TFloating>> deltas = gradients("output" + c, pass, maps, tf.broadcastTo(one, tf.shape(pass.outputs())));
            List<Operand<TFloating>> shares = new ArrayList<>();
            for (int i = 0; i < deltas.size(); i++) {
                shares.add(tf.reduceSum(tf.math.mul(changes.get(i), deltas.get(i)), tf.constant(new int[] {1, 2})));
            }
            columns.add(shares.size() == 1 ? shares.get(0) : tf.math.addN(shares));
        }
        this.product = columns.isEmpty() ? null : tf.stack(columns, org.tensorflow.op.core.Stack.axis(1L));
        compiled.open();
        compiled.load(network.weights(x.shape()));
    }

    /**
     * About the bytes that it takes while it multiplies.
     *
     * @param examples how many inputs
     * @param values   what the network's maps give for one of them
     * @param weights  how many the network has
     */
    public static long bytes(long examples, double values, int outputs, long weights, Precision precision) {
        return (long) (precision.bytes() * Math.min(VALUES_AT_ONCE, examples * values * (5.0 + outputs))
                + weights * (Double.BYTES + 2.0 * precision.bytes()));
    }

    /** How the map's output moves if its weights move by the sum of {@code h ⊗ δ} over all examples. */
    private Operand<TFloating> moved(TrainedMap given, Operand<TFloating> delta) {
        TrainedMap map = given.whole();
        if (map instanceof AdditiveMap m) {
            Operand<TFloating> all = tf.reduceSum(delta, tf.constant(0));
            Operand<TFloating> move = sum(tf.linalg.matMul(m.root(), all, MatMul.transposeA(true)), m.positions(), m.out());
            return tf.expandDims(scaled(tf.linalg.matMul(m.root(), move), m.scale() * m.scale()), tf.constant(0));
        }
        if (map instanceof UnsharedMap m) {
            int[] swap = {1, 0, 2};
            Operand<TFloating> h = tf.linalg.transpose(m.h(), tf.constant(swap));
            Operand<TFloating> d = tf.linalg.transpose(delta, tf.constant(swap));
            Operand<TFloating> move = sum(BatchProduct.transposedLeft(tf, h, d), m.positions(), m.in(), m.out());
            Operand<TFloating> z = scaled(tf.linalg.transpose(BatchProduct.of(tf, h, move), tf.constant(swap)),
                    m.tangent() * m.tangent());
            return m.tangentBias() == 0 ? z : tf.math.add(z,
                    scaled(sum(tf.reduceSum(delta, tf.constant(0)), m.positions(), m.out()), m.tangentBias() * m.tangentBias()));
        }
        if (map instanceof WordMap m) {
            Operand<TInt32> words = tf.dtypes.cast(tf.math.rint(tf.reshape(m.words(), tf.constant(new int[] {-1}))), TInt32.class);
            Operand<TFloating> move = sum(tf.math.unsortedSegmentSum(tf.reshape(delta, tf.constant(new int[] {-1, m.out()})), words,
                    tf.constant(m.vocabulary())), m.vocabulary(), m.out());
            return tf.reshape(scaled(tf.gather(move, words, tf.constant(0)), m.tangent() * m.tangent()),
                    tf.constant(new int[] {-1, m.positions(), m.out()}));
        }
        LinearMap m = (LinearMap) map;
        Operand<TFloating> h = tf.reshape(m.h(), tf.constant(new int[] {-1, m.in()}));
        Operand<TFloating> d = tf.reshape(delta, tf.constant(new int[] {-1, m.out()}));
        Operand<TFloating> move = sum(tf.linalg.matMul(h, d, MatMul.transposeA(true)), m.in(), m.out());
        Operand<TFloating> z = tf.reshape(scaled(tf.linalg.matMul(h, move), m.tangent() * m.tangent()),
                tf.constant(new int[] {-1, m.positions(), m.out()}));
        return m.tangentBias() == 0
                ? z : tf.math.add(z, scaled(sum(tf.reduceSum(d, tf.constant(0)), m.out()), m.tangentBias() * m.tangentBias()));
    }

    /** A sum over the examples of a block; what comes in again is the sum over all. */
    private Operand<TFloating> sum(Operand<TFloating> ofBlock, int... sizes) {
        long[] all = new long[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            all[i] = sizes[i];
        }
        Placeholder<TFloating> move = tf.placeholder(Tensors.type(compiled.precision()),
                Placeholder.shape(org.tensorflow.ndarray.Shape.of(all)));
        sums.add(ofBlock);
        moves.add(move);
        return move;
    }

    private Operand<TFloating> scaled(Operand<TFloating> value, double factor) {
        return factor == 1 ? value : tf.math.mul(value, Numbers.like(tf, value, factor));
    }

    private List<Operand<TFloating>> gradients(String name, CompiledNetwork.Pass pass, List<TrainedMap> maps, Operand<TFloating> seed) {
        return Deltas.of(compiled, name, pass.outputs(), seed, maps);
    }

    @Override
    public int size() {
        return x.count() * outputs;
    }

    @Override
    public double[] times(double[] v) {
        return times(v, x);
    }

    /**
     * {@code (1/k) Σ_c J_c J_cᵀ v}, the mean over outputs applied to a vector of one value for each input: k products, each with one
     * backward pass.
     */
    public double[] mean(double[] v) {
        double[] sum = new double[x.count()];
        for (int c = 0; c < outputs && !columns.isEmpty(); c++) {
            double[] seed = new double[size()];
            for (int i = 0; i < v.length; i++) {
                seed[i * outputs + c] = v[i];
            }
            double[] one = times(seed, x, columns.get(c), 1);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += one[i] / outputs;
            }
        }
        return sum;
    }

    /** {@code Θ(test, train) v}: one value for each test input and output. */
    public double[] test(double[] v) {
        return times(v, test);
    }

    private double[] times(double[] v, Inputs on) {
        return product == null ? new double[on.count() * outputs] : times(v, on, product, outputs);
    }

    /** What a node gives for each input, {@code width} numbers each. */
    private double[] times(double[] v, Inputs on, Operand<TFloating> node, int width) {
        double[] all = new double[on.count() * width];
        List<Tensor> feeds = new ArrayList<>();
        try {
            back(v);
            for (int i = 0; i < moved.length; i++) {
                feeds.add(Tensors.of(compiled.precision(), moved[i], moves.get(i).shape().asArray()));
            }
            for (int from = 0; from < on.count(); from += block) {
                int to = Math.min(on.count(), from + block);
                try (Tensor feed = inputs(on, from, to)) {
                    Session.Runner runner = compiled.session().runner().feed(batch, feed).fetch(node);
                    for (int i = 0; i < feeds.size(); i++) {
                        runner.feed(moves.get(i), feeds.get(i));
                    }
                    try (Result result = runner.run()) {
                        System.arraycopy(Tensors.values(compiled.precision(), result.get(0)), 0, all, from * width,
                                (to - from) * width);
                    }
                }
            }
        } finally {
            feeds.forEach(Tensor::close);
        }
        return all;
    }

    /** {@code Jᵀv}, into {@link #moved}. */
    private void back(double[] v) {
        for (double[] move : moved) {
            Arrays.fill(move, 0);
        }
        for (int from = 0; from < x.count(); from += block) {
            int to = Math.min(x.count(), from + block);
            try (Tensor seed = Tensors.ofRun(compiled.precision(), v, from * outputs, (to - from) * outputs, to - from, outputs);
                    Tensor feed = inputs(x, from, to)) {
                Session.Runner runner = compiled.session().runner().feed(batch, feed).feed(seeds, seed);
                sums.forEach(runner::fetch);
                try (Result result = runner.run()) {
                    for (int i = 0; i < moved.length; i++) {
                        Tensors.add(compiled.precision(), result.get(i), moved[i]);
                    }
                }
            }
        }
    }

    private Tensor inputs(Inputs of, int from, int to) {
        int size = x.shape().size();
        return Tensors.ofRun(compiled.precision(), of.values(), from * size, (to - from) * size,
                CompiledNetwork.withBatch(to - from, x.shape()));
    }

    @Override
    public void close() {
        compiled.close();
    }
}
