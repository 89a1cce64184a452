package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.forward.AdditiveMap;
import org.ntk4j.forward.LinearMap;
import org.ntk4j.forward.Numbers;
import org.ntk4j.forward.TrainedMap;
import org.ntk4j.forward.UnsharedMap;
import org.ntk4j.forward.WordMap;
import org.ntk4j.tensorflow.BatchProduct;
import org.ntk4j.tensorflow.Tensors;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
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
    /** What goes back outside of the graph; null: nothing. */
    private final @Nullable TangentChain<?> chain;
    /** What needs no backward pass for each output, averaged over outputs: for each share the sum; null if there is none. */
    private final List<@Nullable Operand<TFloating>> shared;
    /** All other maps alike. */
    private final List<@Nullable Operand<TFloating>> byOutput;

    /** The products of one map. */
    private record OfMap(String layer, Operand<TFloating> product) {
    }

    /**
     * @param batch    where the inputs of the maps' forward pass come in
     * @param plan     tells how many outputs are taken back at once
     * @param layers   the layers each of which is a share of its own; none: all of them are one
     */
    TangentGraph(CompiledNetwork compiled, Placeholder<TFloating> batch, TangentMaps maps, TangentPlan plan, List<String> layers) {
        this.compiled = compiled;
        this.tf = compiled.tf();
        this.maps = maps;
        this.together = plan.together();
        this.batch = batch;
        this.nothing = tf.noOp();
        this.chosen = tf.placeholder(Tensors.type(compiled.precision()),
                Placeholder.shape(org.tensorflow.ndarray.Shape.of(together, maps.pass().count())));
        this.products = new TangentProducts(tf, compiled.precision());
        LinearMap readout = maps.readout();
        LinearMap hidden = maps.hidden();
        Operand<TFloating> slope = readout == null || hidden == null
                ? null : gradients("slope", readout.h(), tf.onesLike(readout.h()), List.of(hidden)).get(0);
        List<OfMap> ends = new ArrayList<>();
        if (readout != null && maps.ends().readout()) {
            TangentProducts.Node h = products.node(List.of(flat(readout.h(), readout.in())), readout.in(), true);
            ends.add(new OfMap(readout.name(), products.weighed(products.gram(List.of(h)), readout.tangent(), readout.tangentBias())));
        }
        if (readout != null && hidden != null && slope != null && maps.ends().hidden()) {
            ends.add(new OfMap(hidden.name(), hidden(readout, hidden, slope)));
        }
        this.shared = sums(ends, layers);
        this.chain = maps.chain() == null ? null : TangentChain.of(compiled, maps, maps.chain(), slope, plan);
        this.byOutput = sums(maps.others().isEmpty() ? List.of() : chain == null ? others(slope) : chained(chain), layers);
    }

    private List<@Nullable Operand<TFloating>> sums(List<OfMap> all, List<String> layers) {
        List<@Nullable Operand<TFloating>> sums = new ArrayList<>();
        for (int share = 0; share < Math.max(1, layers.size()); share++) {
            String layer = layers.isEmpty() ? "" : layers.get(share);
            List<Operand<TFloating>> some = all.stream().filter(m -> layers.isEmpty() || m.layer.equals(layer)).map(OfMap::product)
                    .toList();
            sums.add(some.isEmpty() ? null : products.sum(some));
        }
        return sums;
    }

    /** δ of each output at all other maps, and their products. */
    private List<OfMap> others(@Nullable Operand<TFloating> slope) {
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
        List<OfMap> all = new ArrayList<>();
        for (int i = 0; i < maps.others().size(); i++) {
            int index = i;
            TrainedMap map = maps.others().get(i);
            all.add(new OfMap(map.name(), share(map, maps.way(i), deltas.stream().map(d -> d.get(index)).toList(), false)));
        }
        return all;
    }

    /** The products of what a chain gives for all other maps. */
    private List<OfMap> chained(TangentChain<?> from) {
        List<OfMap> all = new ArrayList<>();
        for (int i = 0; i < maps.others().size(); i++) {
            LinearMap map = (LinearMap) maps.others().get(i);
            int link = maps.pass().maps().indexOf(map);
            if (maps.way(i) == Contraction.Way.GRADIENTS) {
                TangentProducts.Node weights = products.fromElsewhere(Math.multiplyExact(map.in(), map.out() * together), false);
                from.putGradients(link, products.nodes().size() - 1, weights);
                Operand<TFloating> product = products.weighed(products.gram(List.of(weights)), map.tangent(), 0);
                if (map.tangentBias() != 0) {
                    TangentProducts.Node biases = products.fromElsewhere(map.out() * together, false);
                    from.putBiases(link, products.nodes().size() - 1, biases);
                    product = tf.math.add(product, products.weighed(products.gram(List.of(biases)), map.tangentBias(), 0));
                }
                all.add(new OfMap(map.name(), product));
            } else {
                TangentProducts.Node h = byPosition(map, false);
                List<TangentProducts.Node> deltas = new ArrayList<>();
                for (int c = 0; c < together; c++) {
                    deltas.add(products.fromElsewhere(map.positions() * map.out(), map.positions() > 1));
                    from.putDeltas(link, c, products.nodes().size() - 1, deltas.get(c));
                }
                all.add(new OfMap(map.name(), ofPairs(map, h, deltas)));
            }
        }
        return all;
    }

    private TangentProducts.Node byPosition(LinearMap m, boolean once) {
        return products.byPosition(List.of(flat(m.h(), m.positions() * m.in())), m.positions() * m.in(), once);
    }

    private Operand<TFloating> ofPairs(LinearMap m, TangentProducts.Node h, List<TangentProducts.Node> deltas) {
        return products.allPositions(h, m.in(), deltas, m.out(), m.positions(), m.tangent(), m.tangentBias());
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
            TangentProducts.Node h = byPosition(m, once);
            return ofPairs(m, h, nodes(deltas, m.positions() * m.out(), once, m.positions() > 1));
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

    /** {@code Σ_p δ_p ⊗ h_p}, and {@code Σ_p δ_p} for a bias. */
    private Operand<TFloating> gradientsOf(LinearMap map, List<Operand<TFloating>> deltas, boolean once) {
        List<Operand<TFloating>> sides = sideBySide(deltas, map.positions(), map.out());
        int out = map.out() * deltas.size() / sides.size();
        List<Operand<TFloating>> gradients = sides.stream().<Operand<TFloating>>map(d -> flat(
                BatchProduct.transposedLeft(tf, d, map.h()), Math.multiplyExact(map.in(), out))).toList();
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

    /** Sets the weights. */
    void load(Map<String, double[]> weights) {
        compiled.load(weights);
        if (chain != null) {
            chain.load();
        }
    }

    /** What goes back outside of the graph; null: nothing. */
    @Nullable TangentChain<?> chain() {
        return chain;
    }

    List<TangentProducts.Node> nodes() {
        return products.nodes();
    }

    /** How many backward passes all outputs need; one to look at all examples where none is needed. */
    int passes() {
        return maps.others().isEmpty() ? 1 : (maps.pass().count() + together - 1) / together;
    }

    /** How many outputs a pass has: the last may have fewer. */
    int outputsOf(int pass) {
        return Math.min(together, maps.pass().count() - pass * together);
    }

    /** Whether there is nothing to multiply. */
    boolean isEmpty() {
        return shared.stream().allMatch(Objects::isNull) && byOutput.stream().allMatch(Objects::isNull);
    }

    /** How many kernels come of it. */
    int shares() {
        return shared.size();
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
     * The products of rows {@code i0 … i1} of the left side with {@code j0 … j1} of the right that all outputs have in common, for each
     * share; null where there is nothing of it.
     */
    List<double @Nullable []> shared(TangentRows left, TangentRows right, int i0, int i1, int j0, int j1) {
        return multiply(shared, left, 0, right, 0, i0, i1, j0, j1);
    }

    /**
     * The products for the c-th output on the left with the d-th on the right; for the mean: the sum over the outputs of the pass. For each
     * share; null where there is nothing of it.
     */
    List<double @Nullable []> byOutput(TangentRows left, int c, TangentRows right, int d, int i0, int i1, int j0, int j1) {
        return multiply(byOutput, left, c, right, d, i0, i1, j0, j1);
    }

    @SuppressWarnings("try")
    private List<double @Nullable []> multiply(List<@Nullable Operand<TFloating>> what, TangentRows left, int c, TangentRows right, int d,
            int i0, int i1, int j0, int j1) {
        List<Operand<TFloating>> there = what.stream().flatMap(Stream::ofNullable).toList();
        if (there.isEmpty()) {
            return List.of();
        }
        Session.Runner runner = compiled.session().runner();
        there.forEach(runner::fetch);
        for (int n = 0; n < nodes().size(); n++) {
            runner.feed(nodes().get(n).allLeft(), left.get(n, c)).feed(nodes().get(n).allRight(), right.get(n, d));
        }
        List<double @Nullable []> values = new ArrayList<>();
        try (Tensor range = products.choose(runner, i0, i1, j0, j1); Result result = runner.run()) {
            int fetched = 0;
            for (Operand<TFloating> of : what) {
                values.add(of == null ? null : Tensors.values(compiled.precision(), result.get(fetched++)));
            }
        }
        return values;
    }
}
