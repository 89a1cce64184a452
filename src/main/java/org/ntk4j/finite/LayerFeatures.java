package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.List;
import org.ntk4j.data.Inputs;
import org.ntk4j.forward.LinearMap;
import org.ntk4j.forward.Numbers;
import org.ntk4j.forward.Padding;
import org.ntk4j.forward.TrainedMap;
import org.ntk4j.kernel.Blas;
import org.ntk4j.shape.Shape;
import org.ntk4j.tensorflow.Tensors;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.family.TFloating;

/**
 * What a layer with weights sees of its input, in two matrices: {@code W Wᵀ}, and the average outer product of the gradients of the outputs
 * with respect to that input, {@code 1/(n P)·Σ_n,p,c ∇_h f_c ∇_h f_cᵀ = 1/(n P)·W (Σ δ_c δ_cᵀ) Wᵀ} over examples, positions and outputs
 * (Radhakrishnan et al. 2022, who have W transposed).
 *
 * @param layer     the path of the layer
 * @param shape     of what it sees at a position: of a convolution the filter and the channels of its input
 * @param out       values of its output there
 * @param weights   W, {@code [in, out]} by rows, with its factor of the forward pass
 * @param gradients the average outer product, {@code [in, in]}
 */
public record LayerFeatures(String layer, Shape shape, int out, double[] weights, double[] gradients) {

    private static final int AT_ONCE = 128;

    /** Of all layers whose weights are the same at every position, first to last. */
    public static List<LayerFeatures> of(FiniteNetwork network, Inputs given) {
        network.layers(given.shape()).checkWords(given);
        Inputs x = CompiledNetwork.fed(given);
        try (CompiledNetwork compiled = new CompiledNetwork(network.layers(given.shape()), given.shape(), network.precision(),
                network.settings(),
                Padding.of(given))) {
            Ops tf = compiled.tf();
            Placeholder<TFloating> batch = compiled.batch();
            CompiledNetwork.Pass pass = compiled.pass(batch, true);
            List<TrainedMap> recorded = pass.maps().stream().filter(m -> m.whole() instanceof LinearMap).toList();
            List<LinearMap> maps = recorded.stream().map(m -> (LinearMap) m.whole()).toList();
            if (maps.isEmpty()) {
                return List.of();
            }
            List<List<Operand<TFloating>>> products = new ArrayList<>();
            maps.forEach(m -> products.add(new ArrayList<>()));
            for (int c = 0; c < pass.count(); c++) {
                double[] unit = new double[pass.count()];
                unit[c] = 1;
                Operand<TFloating> seed = tf.broadcastTo(tf.dtypes.cast(tf.constant(unit), Tensors.type(compiled.precision())),
                        tf.shape(pass.outputs()));
                List<Operand<TFloating>> deltas = Deltas.of(compiled, "feature" + c, pass.outputs(), seed, recorded);
                for (int i = 0; i < deltas.size(); i++) {
                    Operand<TFloating> delta = tf.reshape(deltas.get(i), tf.constant(new int[] {-1, maps.get(i).out()}));
                    products.get(i).add(tf.linalg.matMul(delta, delta, MatMul.transposeA(true)));
                }
            }
            List<Operand<TFloating>> sums = products.stream().<Operand<TFloating>>map(p -> p.size() == 1 ? p.get(0) : tf.math.addN(p))
                    .toList();
            List<Operand<TFloating>> weights = maps.stream().<Operand<TFloating>>map(
                    m -> tf.math.mul(m.weights(), Numbers.like(tf, m.weights(), m.scale()))).toList();
            compiled.open();
            compiled.load(network.weights(given.shape()));
            return computed(compiled, batch, maps, sums, weights, x);
        }
    }

    private static List<LayerFeatures> computed(CompiledNetwork compiled, Placeholder<TFloating> batch, List<LinearMap> maps,
            List<Operand<TFloating>> sums, List<Operand<TFloating>> weights, Inputs x) {
        double[][] all = new double[maps.size()][];
        int size = x.shape().size();
        for (int from = 0; from < x.count(); from += AT_ONCE) {
            int count = Math.min(AT_ONCE, x.count() - from);
            try (Tensor feed = Tensors.ofRun(compiled.precision(), x.values(), from * size, count * size,
                    CompiledNetwork.withBatch(count, x.shape()))) {
                Session.Runner runner = compiled.session().runner().feed(batch, feed);
                sums.forEach(runner::fetch);
                try (Result result = runner.run()) {
                    for (int i = 0; i < all.length; i++) {
                        double[] part = Tensors.values(compiled.precision(), result.get(i));
                        for (int j = 0; all[i] != null && j < part.length; j++) {
                            part[j] += all[i][j];
                        }
                        all[i] = part;
                    }
                }
            }
        }
        List<LayerFeatures> found = new ArrayList<>();
        for (int i = 0; i < all.length; i++) {
            LinearMap m = maps.get(i);
            double[] w = compiled.fetch(weights.get(i));
            double average = 1.0 / x.count() / m.positions();
            double[] half = Blas.product(false, false, m.in(), m.out(), m.out(), w, all[i]);
            double[] gradients = Blas.product(false, true, m.in(), m.in(), m.out(), half, w);
            for (int j = 0; j < gradients.length; j++) {
                gradients[j] *= average;
            }
            found.add(new LayerFeatures(m.name(), seen(m, x.shape()), m.out(), w, gradients));
        }
        return found;
    }

    /** For a dense layer that sees a whole flattened input, the shape before it was flattened. */
    private static Shape seen(LinearMap map, Shape input) {
        if (map.window().isEmpty()) {
            return map.in() == input.size() ? input : Shape.of(map.in());
        }
        int area = map.window().stream().reduce(1, (a, b) -> a * b);
        return new Shape(map.window(), map.in() / area);
    }

    /** The number of values that it sees at a position. */
    public int in() {
        return shape.size();
    }

    /** {@code W Wᵀ}, {@code [in, in]}. */
    public double[] squared() {
        return Blas.product(false, true, in(), in(), out, weights, weights);
    }
}
