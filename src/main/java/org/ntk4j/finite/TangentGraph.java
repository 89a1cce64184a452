package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.ntk4j.data.Inputs;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.family.TFloating;

/**
 * The graph of a tangent kernel: forward and backward pass of a block of examples, and the products of two blocks.
 *
 * <p>A map at one position has {@code (scale²⟨h, h'⟩ + bias²)·⟨δ, δ'⟩}, where the first factor is the same for all outputs;
 * a map at several positions has products of its per-example gradients. For the mean over outputs two maps at the end need
 * no backward pass at all: the readout, whose δ_c is a unit vector, and the hidden layer before it, whose
 * {@code δ_c = φ'(z)·W[:,c]} gives {@code Σ_c ⟨δ_c, δ'_c⟩ = Σ_j φ'_j φ''_j·Σ_c W_jc²}: one product for all outputs.
 */
final class TangentGraph {

    /** What a block of examples gives, and where two blocks are fed into the products. */
    private static final class Group {
        private final List<Operand<TFloating>> nodes = new ArrayList<>();
        private final List<Placeholder<TFloating>> left = new ArrayList<>();
        private final List<Placeholder<TFloating>> right = new ArrayList<>();
        private long values;
    }

    private final Compiled compiled;
    private final Ops tf;
    private final Compiled.Pass pass;
    private final Placeholder<TFloating> batch;
    private final Placeholder<TFloating> output;
    /** What does not depend on the output, and what does. */
    private final Group shared = new Group();
    private final Group perOutput = new Group();
    /** Products of the shared group that the outputs' products are multiplied with: computed once, fed each time. */
    private final List<Operand<TFloating>> factors = new ArrayList<>();
    private final List<Placeholder<TFloating>> fedFactors = new ArrayList<>();
    /** A run needs something to do, even where a group is empty: where no map stands at one position. */
    private final Op nothing;
    private Operand<TFloating> sharedSum;
    private Operand<TFloating> outputSum;

    /**
     * @param full whether outputs are wanted one by one, and not only their mean
     */
    TangentGraph(Compiled compiled, boolean full) {
        this(compiled, full, map -> true);
    }

    /**
     * @param wanted which maps are to be looked at
     */
    TangentGraph(Compiled compiled, boolean full, Predicate<TrainedMap> wanted) {
        this.compiled = compiled;
        this.tf = compiled.tf();
        this.nothing = tf.noOp();
        this.batch = compiled.batch(compiled.in());
        this.pass = compiled.pass(batch);
        this.output = tf.placeholder(compiled.precision().type(), Placeholder.shape(org.tensorflow.ndarray.Shape.of(pass.count())));
        List<TrainedMap> maps = pass.maps();
        int last = maps.size() - 1;
        boolean readout = !full && last >= 0 && maps.get(last) instanceof LinearMap && pass.origin() == Signal.Origin.MAP && maps.get(last).positions() == 1;
        boolean hidden = readout && last >= 1 && ((LinearMap) maps.get(last)).source() == Signal.Origin.ELEMENTWISE
                && maps.get(last - 1) instanceof LinearMap before && before.positions() == 1;
        List<TrainedMap> general = maps.subList(0, last + 1 - (readout ? 1 : 0) - (hidden ? 1 : 0)).stream().filter(wanted).toList();
        if (readout && wanted.test(maps.get(last))) {
            sharedSum = add(sharedSum, inputProduct((LinearMap) maps.get(last)));
        }
        if (hidden && wanted.test(maps.get(last - 1))) {
            sharedSum = add(sharedSum, lastHidden((LinearMap) maps.get(last - 1), (LinearMap) maps.get(last)));
        }
        if (!general.isEmpty()) {
            Operand<TFloating> seeds = tf.broadcastTo(output, tf.shape(pass.outputs()));
            Operand<TFloating>[] deltas = gradients("tangent", pass.outputs(), seeds, general);
            for (int i = 0; i < general.size(); i++) {
                outputSum = add(outputSum, share(general.get(i), deltas[i]));
            }
        }
    }

    private Operand<TFloating> share(TrainedMap map, Operand<TFloating> delta) {
        if (map instanceof UnsharedMap unshared) {
            return equalPositions(unshared, delta);
        }
        if (map instanceof AdditiveMap additive) {
            return addition(additive, delta);
        }
        LinearMap linear = (LinearMap) map;
        return linear.positions() == 1 ? onePosition(linear, delta) : severalPositions(linear, delta);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private Operand<TFloating>[] gradients(String name, Operand<TFloating> y, Operand<TFloating> seed, List<? extends TrainedMap> maps) {
        Output<?>[] z = maps.stream().map(m -> m.z().asOutput()).toArray(Output<?>[]::new);
        return (Operand[]) compiled.graph().addGradients(name, new Output<?>[] {y.asOutput()}, z, new Output<?>[] {seed.asOutput()});
    }

    /** {@code scale²⟨h, h'⟩ + bias²}. */
    private Operand<TFloating> inputProduct(LinearMap map) {
        Operand<TFloating> gram = product(shared, tf.reshape(map.h(), tf.constant(new int[] {-1, map.in()})), map.in());
        Operand<TFloating> scaled = tf.math.mul(gram, Numbers.like(tf, gram, map.scale() * map.scale()));
        return map.bias() == 0 ? scaled : tf.math.add(scaled, Numbers.like(tf, gram, map.bias() * map.bias()));
    }

    /** The share of the last hidden layer, averaged over the outputs. */
    private Operand<TFloating> lastHidden(LinearMap map, LinearMap readout) {
        Operand<TFloating> ones = tf.onesLike(readout.h());
        Operand<TFloating> slope = tf.reshape(gradients("slope", readout.h(), ones, List.of(map))[0], tf.constant(new int[] {-1, map.out()}));
        Operand<TFloating> square = tf.math.square(readout.weights());
        Operand<TFloating> strength = tf.math.mul(tf.reduceSum(square, tf.constant(1)),
                Numbers.like(tf, square, readout.scale() * readout.scale() / pass.count()));
        // The square root on both sides: then one node serves as left and as right factor.
        Operand<TFloating> weighted = tf.math.mul(slope, tf.math.sqrt(strength));
        return tf.math.mul(inputProduct(map), product(shared, weighted, map.out()));
    }

    private Operand<TFloating> onePosition(LinearMap map, Operand<TFloating> delta) {
        factors.add(inputProduct(map));
        Placeholder<TFloating> fed = tf.placeholder(compiled.precision().type(), Placeholder.shape(org.tensorflow.ndarray.Shape.of(-1, -1)));
        fedFactors.add(fed);
        return tf.math.mul(fed, product(perOutput, tf.reshape(delta, tf.constant(new int[] {-1, map.out()})), map.out()));
    }

    private Operand<TFloating> severalPositions(LinearMap map, Operand<TFloating> delta) {
        Operand<TFloating> d = tf.reshape(delta, tf.constant(new int[] {-1, map.positions(), map.out()}));
        Operand<TFloating> gradient = tf.train.batchMatMul(map.h(), d, compiled.precision().type(), BatchMatMul.adjX(true));
        int size = Math.multiplyExact(map.in(), map.out());
        Operand<TFloating> weights = product(perOutput, tf.reshape(gradient, tf.constant(new int[] {-1, size})), size);
        Operand<TFloating> scaled = tf.math.mul(weights, Numbers.like(tf, weights, map.scale() * map.scale()));
        if (map.bias() == 0) {
            return scaled;
        }
        Operand<TFloating> biases = product(perOutput, tf.reduceSum(d, tf.constant(1)), map.out());
        return tf.math.add(scaled, tf.math.mul(biases, Numbers.like(tf, biases, map.bias() * map.bias())));
    }

    /** {@code Σ_p (scale²⟨h_p, h'_p⟩ + bias²)⟨δ_p, δ'_p⟩}. */
    private Operand<TFloating> equalPositions(UnsharedMap map, Operand<TFloating> delta) {
        Operand<TFloating> inputs = productAtPositions(map.h(), map.positions(), map.in());
        Operand<TFloating> deltas = productAtPositions(delta, map.positions(), map.out());
        Operand<TFloating> factor = tf.math.add(tf.math.mul(inputs, Numbers.like(tf, inputs, map.scale() * map.scale())),
                Numbers.like(tf, inputs, map.bias() * map.bias()));
        return tf.reduceSum(tf.math.mul(factor, deltas), tf.constant(0));
    }

    /** The inner products at each position, {@code [positions, left, right]}. */
    private Operand<TFloating> productAtPositions(Operand<TFloating> node, int positions, int columns) {
        Operand<TFloating> first = tf.linalg.transpose(tf.reshape(node, tf.constant(new int[] {-1, positions, columns})), tf.constant(new int[] {1, 0, 2}));
        Placeholder.Options shape = Placeholder.shape(org.tensorflow.ndarray.Shape.of(positions, -1, columns));
        Placeholder<TFloating> left = tf.placeholder(compiled.precision().type(), shape);
        Placeholder<TFloating> right = tf.placeholder(compiled.precision().type(), shape);
        perOutput.nodes.add(first);
        perOutput.left.add(left);
        perOutput.right.add(right);
        perOutput.values += (long) positions * columns;
        return tf.train.batchMatMul(left, right, compiled.precision().type(), BatchMatMul.adjY(true));
    }

    /** {@code scale²⟨Lᵀδ, Lᵀδ'⟩}. */
    private Operand<TFloating> addition(AdditiveMap map, Operand<TFloating> delta) {
        int n = map.positions();
        Operand<TFloating> d = tf.reshape(delta, tf.constant(new int[] {-1, n, map.out()}));
        Operand<TFloating> flat = tf.reshape(tf.linalg.transpose(d, tf.constant(new int[] {0, 2, 1})), tf.constant(new int[] {-1, n}));
        int size = n * map.out();
        Operand<TFloating> rooted = tf.reshape(tf.linalg.matMul(flat, map.root()), tf.constant(new int[] {-1, size}));
        Operand<TFloating> gram = product(perOutput, rooted, size);
        return tf.math.mul(gram, Numbers.like(tf, gram, map.scale() * map.scale()));
    }

    /** The inner products of a node's rows for two blocks of examples. */
    private Operand<TFloating> product(Group group, Operand<TFloating> node, int columns) {
        Placeholder.Options shape = Placeholder.shape(org.tensorflow.ndarray.Shape.of(-1, columns));
        Placeholder<TFloating> left = tf.placeholder(compiled.precision().type(), shape);
        Placeholder<TFloating> right = tf.placeholder(compiled.precision().type(), shape);
        group.nodes.add(node);
        group.left.add(left);
        group.right.add(right);
        group.values += columns;
        return tf.linalg.matMul(left, right, MatMul.transposeB(true));
    }

    private Operand<TFloating> add(Operand<TFloating> sum, Operand<TFloating> part) {
        return sum == null ? part : tf.math.add(sum, part);
    }

    int outputs() {
        return pass.count();
    }

    /** How many outputs need backward passes of their own: all, or none. */
    int backwardPasses() {
        return outputSum == null ? 0 : pass.count();
    }

    int products() {
        return shared.nodes.size() + perOutput.nodes.size();
    }

    long valuesOfWeights() {
        return compiled.weights().values().stream().mapToLong(v -> v.shape().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b)).sum();
    }

    /** Values of one example that do not depend on the output, and those of each output. */
    long valuesOfShared() {
        return shared.values;
    }

    long valuesOfOutput() {
        return perOutput.values;
    }

    /** What examples {@code from … to} give for all outputs alike; to be closed. */
    Result shared(Inputs x, int from, int to) {
        return run(compiled.session().runner(), shared, x, from, to);
    }

    /** What examples {@code from … to} give for output c; to be closed. */
    Result output(Inputs x, int from, int to, int c) {
        double[] one = new double[pass.count()];
        one[c] = 1;
        try (Tensor seed = compiled.precision().tensor(one, one.length)) {
            return run(compiled.session().runner().feed(output, seed), perOutput, x, from, to);
        }
    }

    private Result run(Session.Runner runner, Group group, Inputs x, int from, int to) {
        runner.addTarget(nothing);
        group.nodes.forEach(runner::fetch);
        int size = x.shape().size();
        try (Tensor feed = compiled.precision().tensor(x.values(), from * size, (to - from) * size, Compiled.withBatch(to - from, x.shape()))) {
            return runner.feed(batch, feed).run();
        }
    }

    /** The products of two blocks that do not depend on the output; to be closed. */
    Tile tile(Result left, Result right) {
        Session.Runner runner = compiled.session().runner().addTarget(nothing);
        feed(runner, shared, left, right);
        factors.forEach(runner::fetch);
        if (sharedSum != null) {
            runner.fetch(sharedSum);
        }
        return new Tile(runner.run());
    }

    private static void feed(Session.Runner runner, Group group, Result left, Result right) {
        for (int i = 0; i < group.nodes.size(); i++) {
            runner.feed(group.left.get(i), left.get(i)).feed(group.right.get(i), right.get(i));
        }
    }

    /** The products of two blocks. */
    final class Tile implements AutoCloseable {
        private final Result products;

        private Tile(Result products) {
            this.products = products;
        }

        /** The share of the maps that need no backward pass, averaged over outputs; null if there is none. */
        double[] shared() {
            return sharedSum == null ? null : compiled.precision().values(products.get(factors.size()));
        }

        /** The share of the other maps in {@code J_c J_dᵀ}, from the backward passes of both blocks. */
        double[] output(Result left, Result right) {
            Session.Runner runner = compiled.session().runner();
            for (int i = 0; i < fedFactors.size(); i++) {
                runner.feed(fedFactors.get(i), products.get(i));
            }
            feed(runner, perOutput, left, right);
            try (Result result = runner.fetch(outputSum).run()) {
                return compiled.precision().values(result.get(0));
            }
        }

        @Override
        public void close() {
            products.close();
        }
    }
}
