package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.forward.AdditiveMap;
import org.ntk4j.forward.LinearMap;
import org.ntk4j.forward.Numbers;
import org.ntk4j.forward.TrainedMap;
import org.ntk4j.forward.UnsharedMap;
import org.ntk4j.forward.WordMap;
import org.ntk4j.tensorflow.Tensors;
import org.tensorflow.Operand;
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
 * The graph of a tangent kernel: forward and backward pass of a block of examples, and the products of two sides. Outputs go
 * back through the network several at once, so that the forward pass is not repeated for each.
 */
final class TangentGraph {

    private final CompiledNetwork compiled;
    private final Ops tf;
    private final TangentMaps maps;
    private final int together;
    private final Placeholder<TFloating> batch;
    /** Which outputs a backward pass takes together: one row each, a unit vector or zero. */
    private final Placeholder<TFloating> chosen;
    private final TangentProducts products;
    /** A run needs something to do, even where there is nothing to fetch. */
    private final Op nothing;
    /** The share of what needs no backward pass for each output, averaged over outputs; null if there is none. */
    private final @Nullable Operand<TFloating> shared;
    /** The share of all other maps; null if there is none. */
    private final @Nullable Operand<TFloating> byOutput;

    /**
     * @param batch    where the inputs of the maps' forward pass come in
     * @param together how many outputs are taken back at once
     */
    TangentGraph(CompiledNetwork compiled, Placeholder<TFloating> batch, TangentMaps maps, int together) {
        this.compiled = compiled;
        this.tf = compiled.tf();
        this.maps = maps;
        this.together = together;
        this.batch = batch;
        this.nothing = tf.noOp();
        this.chosen = tf.placeholder(Tensors.type(compiled.precision()),
                Placeholder.shape(org.tensorflow.ndarray.Shape.of(together, maps.pass().count())));
        this.products = new TangentProducts(tf, compiled.precision());
        LinearMap readout = maps.readout();
        LinearMap hidden = maps.hidden();
        Operand<TFloating> slope = readout == null || hidden == null
                ? null : gradients("slope", readout.h(), tf.onesLike(readout.h()), List.of(hidden)).get(0);
        List<Operand<TFloating>> ends = new ArrayList<>();
        if (readout != null && maps.ends().readout()) {
            ends.add(products.weighed(products.gram(List.of(products.node(List.of(flat(readout.h(), readout.in())), readout.in(), true))),
                    readout.tangent(), readout.tangentBias()));
        }
        if (readout != null && hidden != null && slope != null && maps.ends().hidden()) {
            ends.add(hidden(readout, hidden, slope));
        }
        this.shared = ends.isEmpty() ? null : products.sum(ends);
        this.byOutput = maps.others().isEmpty() ? null : others(slope);
    }

    /** δ of each output at all other maps, and their share. */
    private Operand<TFloating> others(@Nullable Operand<TFloating> slope) {
        LinearMap readout = maps.readout();
        LinearMap hidden = maps.hidden();
        Operand<TFloating> y = hidden == null ? maps.pass().outputs() : hidden.z();
        // δ of the hidden map is slope times a row of the readout's weights: from there back.
        Operand<TFloating> rows = slope == null || readout == null
                ? chosen : tf.linalg.matMul(scaledBy(chosen, readout.scale()), readout.weights(), MatMul.transposeB(true));
        List<List<Operand<TFloating>>> deltas = new ArrayList<>();
        for (int c = 0; c < together; c++) {
            Operand<TFloating> row = tf.gather(rows, tf.constant(c), tf.constant(0));
            Operand<TFloating> seed = slope == null ? tf.broadcastTo(row, tf.shape(y)) : tf.math.mul(slope, row);
            deltas.add(gradients("tangent" + c, y, seed, maps.others()));
        }
        List<Operand<TFloating>> shares = new ArrayList<>();
        for (int i = 0; i < maps.others().size(); i++) {
            int index = i;
            shares.add(share(maps.others().get(i), maps.way(i), deltas.stream().map(d -> d.get(index)).toList(), false));
        }
        return products.sum(shares);
    }

    /**
     * The share of the last hidden map, averaged over the outputs: {@code δ_c = s·W[:,c]}, and Σ_c of their products weighs channel j by
     * {@code Σ_c W_jc²}.
     */
    private Operand<TFloating> hidden(LinearMap readout, LinearMap hidden, Operand<TFloating> slope) {
        Operand<TFloating> strength = scaledBy(tf.reduceSum(tf.math.square(readout.weights()), tf.constant(1)),
                readout.scale() * readout.scale() / maps.pass().count());
        // The square root on both sides: then one node serves as left and as right factor.
        return share(hidden, maps.wayOfHidden(), List.of(tf.math.mul(slope, tf.math.sqrt(strength))), true);
    }

    private Operand<TFloating> share(TrainedMap given, Contraction.Way way, List<Operand<TFloating>> deltas, boolean once) {
        TrainedMap map = given.whole();
        if (map instanceof LinearMap m) {
            if (way == Contraction.Way.GRADIENTS) {
                return gradientsOf(m, deltas, once);
            }
            TangentProducts.Node h = products.byPosition(List.of(flat(m.h(), m.positions() * m.in())), m.positions() * m.in(), once);
            return products.allPositions(h, m.in(), nodes(deltas, m.positions() * m.out(), once, m.positions() > 1), m.out(), m.positions(),
                    m.tangent(), m.tangentBias());
        }
        if (map instanceof UnsharedMap m) {
            if (way == Contraction.Way.GRADIENTS) {
                return gradientsOf(m, deltas, once);
            }
            TangentProducts.Node h = products.byPosition(List.of(flat(m.h(), m.positions() * m.in())), m.positions() * m.in(), once);
            return products.equalPositions(h, m.in(), nodes(deltas, m.positions() * m.out(), once, true), m.out(), m.positions(),
                    m.tangent(), m.tangentBias());
        }
        if (map instanceof WordMap m) {
            TangentProducts.Node words = products.byPosition(List.of(flat(m.words(), m.positions())), m.positions(), once);
            return products.equalWords(words, nodes(deltas, m.positions() * m.out(), once, true), m.out(), m.positions(), m.tangent());
        }
        return addition((AdditiveMap) map, deltas, once);
    }

    /** {@code Σ_p h_p ⊗ δ_p}, and {@code Σ_p δ_p} for a bias. */
    private Operand<TFloating> gradientsOf(LinearMap map, List<Operand<TFloating>> deltas, boolean once) {
        List<Operand<TFloating>> sides = sideBySide(deltas, map.positions(), map.out());
        int out = map.out() * deltas.size() / sides.size();
        List<Operand<TFloating>> gradients = sides.stream().<Operand<TFloating>>map(d -> flat(
                tf.train.batchMatMul(map.h(), d, Tensors.type(compiled.precision()), BatchMatMul.adjX(true)),
                        Math.multiplyExact(map.in(), out))).toList();
        List<Operand<TFloating>> sums = sides.stream().<Operand<TFloating>>map(d -> tf.reduceSum(d, tf.constant(1))).toList();
        return gradientsOf(gradients, map.in() * out, sums, out, map.tangent(), map.tangentBias(), once);
    }

    /** {@code h_p ⊗ δ_p} at each position, and {@code δ_p} for a bias. */
    private Operand<TFloating> gradientsOf(UnsharedMap map, List<Operand<TFloating>> deltas, boolean once) {
        List<Operand<TFloating>> sides = sideBySide(deltas, map.positions(), map.out());
        int out = map.out() * deltas.size() / sides.size();
        int size = Math.multiplyExact(map.positions() * map.in(), out);
        List<Operand<TFloating>> gradients = sides.stream().<Operand<TFloating>>map(
                d -> flat(tf.math.mul(tf.expandDims(map.h(), tf.constant(3)), tf.expandDims(d, tf.constant(2))), size)).toList();
        return gradientsOf(gradients, size, sides.stream().map(d -> flat(d, map.positions() * out)).toList(), map.positions() * out,
                map.tangent(), map.tangentBias(), once);
    }

    private Operand<TFloating> gradientsOf(List<Operand<TFloating>> weights, int size, List<Operand<TFloating>> biases, int biasSize,
            double scale, double bias, boolean once) {
        Operand<TFloating> product = products.weighed(products.gram(nodes(weights, size, once, false)), scale, 0);
        return bias == 0 ? product : tf.math.add(product, products.weighed(products.gram(nodes(biases, biasSize, once, false)), bias, 0));
    }

    /** {@code scale²⟨Lᵀδ, Lᵀδ'⟩}. */
    private Operand<TFloating> addition(AdditiveMap map, List<Operand<TFloating>> deltas, boolean once) {
        int n = map.positions();
        List<Operand<TFloating>> rooted = deltas.stream().<Operand<TFloating>>map(d -> {
            Operand<TFloating> last = flat(tf.linalg.transpose(tf.reshape(d, tf.constant(new int[] {-1, n, map.out()})),
                    tf.constant(new int[] {0, 2, 1})), n);
            return flat(tf.linalg.matMul(last, map.root()), n * map.out());
        }).toList();
        return products.weighed(products.gram(nodes(rooted, n * map.out(), once, false)), map.scale(), 0);
    }

    /** Where only the sum over outputs counts, their δ stand beside each other: one product for all. */
    private List<Operand<TFloating>> sideBySide(List<Operand<TFloating>> deltas, int positions, int out) {
        List<Operand<TFloating>> shaped = deltas.stream().<Operand<TFloating>>map(
                d -> tf.reshape(d, tf.constant(new int[] {-1, positions, out}))).toList();
        return maps.full() || shaped.size() == 1 ? shaped : List.of(tf.concat(shaped, tf.constant(2)));
    }

    /** Outputs one by one are one node with a value for each; for their sum, each is a node of its own. */
    private List<TangentProducts.Node> nodes(List<Operand<TFloating>> values, int columns, boolean once, boolean byPosition) {
        List<Operand<TFloating>> flat = values.stream().map(v -> flat(v, columns)).toList();
        List<List<Operand<TFloating>>> groups = maps.full() ? List.of(flat) : flat.stream().map(List::of).toList();
        return groups.stream().map(g -> byPosition ? products.byPosition(g, columns, once) : products.node(g, columns, once)).toList();
    }

    private Operand<TFloating> flat(Operand<TFloating> x, int columns) {
        return tf.reshape(x, tf.constant(new int[] {-1, columns}));
    }

    private Operand<TFloating> scaledBy(Operand<TFloating> x, double factor) {
        return tf.math.mul(x, Numbers.like(tf, x, factor));
    }

    private List<Operand<TFloating>> gradients(String name, Operand<TFloating> y, Operand<TFloating> seed, List<? extends TrainedMap> of) {
        return Deltas.of(compiled, name, y, seed, of);
    }

    Precision precision() {
        return compiled.precision();
    }

    List<TangentProducts.Node> nodes() {
        return products.nodes();
    }

    /** How many backward passes all outputs need; one to look at all examples where none is needed. */
    int passes() {
        return byOutput == null ? 1 : (maps.pass().count() + together - 1) / together;
    }

    /** How many outputs a pass has: the last may have fewer. */
    int outputsOf(int pass) {
        return Math.min(together, maps.pass().count() - pass * together);
    }

    /** Whether there is any share at all. */
    boolean isEmpty() {
        return shared == null && byOutput == null;
    }

    /** What examples {@code from … to} give for some values, for the outputs of a pass; to be closed. */
    Result run(List<Operand<TFloating>> values, Inputs x, int from, int to, int pass) {
        Session.Runner runner = compiled.session().runner().addTarget(nothing);
        values.forEach(runner::fetch);
        int k = maps.pass().count();
        double[] units = new double[together * k];
        for (int row = 0; row < outputsOf(pass); row++) {
            units[row * k + pass * together + row] = 1;
        }
        int size = x.shape().size();
        try (Tensor seeds = Tensors.of(compiled.precision(), units, new long[] {together, k});
                Tensor feed = Tensors.ofRun(compiled.precision(), x.values(), from * size, (to - from) * size,
                        CompiledNetwork.withBatch(to - from, x.shape()))) {
            return runner.feed(chosen, seeds).feed(batch, feed).run();
        }
    }

    /**
     * The products of rows {@code i0 … i1} of the left side with {@code j0 … j1} of the right that all outputs share; null if there is no
     * such share.
     */
    double @Nullable [] shared(TangentRows left, TangentRows right, int i0, int i1, int j0, int j1) {
        return shared == null ? null : multiply(shared, left, 0, right, 0, i0, i1, j0, j1);
    }

    /**
     * The products for the c-th output on the left with the d-th on the right; for the mean: the sum over the outputs of the pass. Null if
     * there are none.
     */
    double @Nullable [] byOutput(TangentRows left, int c, TangentRows right, int d, int i0, int i1, int j0, int j1) {
        return byOutput == null ? null : multiply(byOutput, left, c, right, d, i0, i1, j0, j1);
    }

    @SuppressWarnings("try")
    private double[] multiply(Operand<TFloating> what, TangentRows left, int c, TangentRows right, int d, int i0, int i1, int j0, int j1) {
        Session.Runner runner = compiled.session().runner().fetch(what);
        for (int n = 0; n < nodes().size(); n++) {
            runner.feed(nodes().get(n).allLeft(), left.get(n, c)).feed(nodes().get(n).allRight(), right.get(n, d));
        }
        try (Tensor range = products.choose(runner, i0, i1, j0, j1); Result result = runner.run()) {
            return Tensors.values(compiled.precision(), result.get(0));
        }
    }
}
