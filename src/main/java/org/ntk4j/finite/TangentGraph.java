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

    /** So many values of an example may be held for the outputs of one backward pass. */
    private static final int MOST_VALUES = 1 << 16;
    private static final int MOST_OUTPUTS = 16;

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
    /** Which outputs a backward pass takes together: one row each, a unit vector or zero. */
    private final Placeholder<TFloating> chosen;
    private final int together;
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
        long values = general.stream().mapToLong(TangentGraph::values).sum();
        this.together = full || values == 0 ? 1 : (int) Math.max(1, Math.min(Math.min(pass.count(), MOST_OUTPUTS), MOST_VALUES / values));
        this.chosen = tf.placeholder(compiled.precision().type(), Placeholder.shape(org.tensorflow.ndarray.Shape.of(together, pass.count())));
        if (!general.isEmpty()) {
            List<Operand<TFloating>[]> deltas = new ArrayList<>();
            for (int c = 0; c < together; c++) {
                Operand<TFloating> seeds = tf.broadcastTo(tf.gather(chosen, tf.constant(c), tf.constant(0)), tf.shape(pass.outputs()));
                deltas.add(gradients("tangent" + c, pass.outputs(), seeds, general));
            }
            for (int i = 0; i < general.size(); i++) {
                int map = i;
                outputSum = add(outputSum, share(general.get(i), deltas.stream().map(d -> d[map]).toList()));
            }
        }
    }

    /** What one example has of one output for a map's product. */
    private static long values(TrainedMap map) {
        return map instanceof LinearMap l ? l.positions() == 1 ? l.out() : (l.in() + 1L) * l.out()
                : map instanceof UnsharedMap u ? (long) u.positions() * u.out() : (long) map.positions() * ((AdditiveMap) map).out();
    }

    /** The share of a map, summed over the outputs of the pass: the product of what they have, side by side. */
    private Operand<TFloating> share(TrainedMap map, List<Operand<TFloating>> deltas) {
        if (map instanceof UnsharedMap unshared) {
            return equalPositions(unshared, deltas);
        }
        if (map instanceof AdditiveMap additive) {
            return addition(additive, deltas);
        }
        LinearMap linear = (LinearMap) map;
        return linear.positions() == 1 ? onePosition(linear, deltas) : severalPositions(linear, deltas);
    }

    private Operand<TFloating> sideBySide(List<Operand<TFloating>> parts, int axis) {
        return parts.size() == 1 ? parts.get(0) : tf.concat(parts, tf.constant(axis));
    }

    private List<Operand<TFloating>> shaped(List<Operand<TFloating>> deltas, int... sizes) {
        return deltas.stream().<Operand<TFloating>>map(d -> tf.reshape(d, tf.constant(sizes))).toList();
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

    private Operand<TFloating> onePosition(LinearMap map, List<Operand<TFloating>> deltas) {
        factors.add(inputProduct(map));
        Placeholder<TFloating> fed = tf.placeholder(compiled.precision().type(), Placeholder.shape(org.tensorflow.ndarray.Shape.of(-1, -1)));
        fedFactors.add(fed);
        return tf.math.mul(fed, product(perOutput, sideBySide(shaped(deltas, -1, map.out()), 1), together * map.out()));
    }

    private Operand<TFloating> severalPositions(LinearMap map, List<Operand<TFloating>> deltas) {
        int size = Math.multiplyExact(map.in(), map.out());
        List<Operand<TFloating>> shaped = shaped(deltas, -1, map.positions(), map.out());
        List<Operand<TFloating>> gradients = shaped.stream().<Operand<TFloating>>map(d -> tf.reshape(
                tf.train.batchMatMul(map.h(), d, compiled.precision().type(), BatchMatMul.adjX(true)), tf.constant(new int[] {-1, size}))).toList();
        Operand<TFloating> weights = product(perOutput, sideBySide(gradients, 1), Math.multiplyExact(together, size));
        Operand<TFloating> scaled = tf.math.mul(weights, Numbers.like(tf, weights, map.scale() * map.scale()));
        if (map.bias() == 0) {
            return scaled;
        }
        List<Operand<TFloating>> sums = shaped.stream().<Operand<TFloating>>map(d -> tf.reduceSum(d, tf.constant(1))).toList();
        Operand<TFloating> biases = product(perOutput, sideBySide(sums, 1), together * map.out());
        return tf.math.add(scaled, tf.math.mul(biases, Numbers.like(tf, biases, map.bias() * map.bias())));
    }

    /** {@code Σ_p (scale²⟨h_p, h'_p⟩ + bias²)⟨δ_p, δ'_p⟩}. */
    private Operand<TFloating> equalPositions(UnsharedMap map, List<Operand<TFloating>> deltas) {
        Operand<TFloating> inputs = productAtPositions(map.h(), map.positions(), map.in());
        Operand<TFloating> all = sideBySide(shaped(deltas, -1, map.positions(), map.out()), 2);
        Operand<TFloating> products = productAtPositions(all, map.positions(), together * map.out());
        Operand<TFloating> factor = tf.math.add(tf.math.mul(inputs, Numbers.like(tf, inputs, map.scale() * map.scale())),
                Numbers.like(tf, inputs, map.bias() * map.bias()));
        return tf.reduceSum(tf.math.mul(factor, products), tf.constant(0));
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
    private Operand<TFloating> addition(AdditiveMap map, List<Operand<TFloating>> deltas) {
        int n = map.positions();
        int size = n * map.out();
        List<Operand<TFloating>> rooted = shaped(deltas, -1, n, map.out()).stream().<Operand<TFloating>>map(d -> {
            Operand<TFloating> flat = tf.reshape(tf.linalg.transpose(d, tf.constant(new int[] {0, 2, 1})), tf.constant(new int[] {-1, n}));
            return tf.reshape(tf.linalg.matMul(flat, map.root()), tf.constant(new int[] {-1, size}));
        }).toList();
        Operand<TFloating> gram = product(perOutput, sideBySide(rooted, 1), together * size);
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

    /** How many backward passes all outputs need together: none where all maps do without. */
    int backwardPasses() {
        return outputSum == null ? 0 : (pass.count() + together - 1) / together;
    }

    int products() {
        return shared.nodes.size() + perOutput.nodes.size();
    }

    long valuesOfWeights() {
        return compiled.weights().values().stream().mapToLong(v -> v.shape().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b)).sum();
    }

    /** Values of one example that do not depend on the output, and those of each backward pass. */
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

    /** What examples {@code from … to} give for the outputs of backward pass c; to be closed. */
    Result output(Inputs x, int from, int to, int c) {
        double[] rows = new double[together * pass.count()];
        for (int row = 0; row < together && c * together + row < pass.count(); row++) {
            rows[row * pass.count() + c * together + row] = 1;
        }
        try (Tensor seeds = compiled.precision().tensor(rows, new long[] {together, pass.count()})) {
            return run(compiled.session().runner().feed(chosen, seeds), perOutput, x, from, to);
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

        /** The share of the other maps in {@code J_c J_dᵀ}, from the backward passes of both blocks; summed over the outputs of a pass. */
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
