package org.ntk4j.finite;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ntk4j.data.Inputs;
import org.ntk4j.forward.BatchMoments;
import org.ntk4j.forward.Padding;
import org.ntk4j.layer.Serial;
import org.ntk4j.layer.Weights;
import org.ntk4j.shape.Shape;
import org.ntk4j.tensorflow.Tensors;
import org.tensorflow.Tensor;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.family.TFloating;

/** What batch normalization measures on all inputs at once, for one set of weights after the other; to be closed. */
final class Statistics implements AutoCloseable {

    private final Inputs x;
    /** Null where nothing is measured. */
    private final @Nullable CompiledNetwork compiled;
    private @Nullable Placeholder<TFloating> batch;
    private final BatchMoments moments = BatchMoments.measured();

    Statistics(FiniteNetwork network, Inputs x) {
        this.x = CompiledNetwork.fed(x);
        Serial layers = network.layers(x.shape());
        layers.checkWords(x);
        this.compiled = measures(layers, x.shape())
                ? new CompiledNetwork(layers, x.shape(), network.precision(), network.settings(), Padding.of(x)) : null;
        if (compiled != null) {
            batch = compiled.batch();
            compiled.pass(batch, false, moments);
            compiled.open();
        }
    }

    /** Whether some layer of a network measures anything. */
    static boolean measures(Serial layers, Shape in) {
        return layers.weights(in).stream().map(Weights::measured).anyMatch(java.util.OptionalDouble::isPresent);
    }

    /** These weights, with the statistics among them measured anew. */
    Map<String, double[]> of(Map<String, double[]> weights) {
        if (compiled == null || batch == null) {
            return weights;
        }
        compiled.load(weights);
        Map<String, double[]> all = new LinkedHashMap<>(weights);
        try (Tensor feed = Tensors.of(compiled.precision(), x.values(), CompiledNetwork.withBatch(x.count(), x.shape()))) {
            all.putAll(compiled.measured(moments, compiled.session().runner().feed(batch, feed)));
        }
        return all;
    }

    @Override
    public void close() {
        if (compiled != null) {
            compiled.close();
        }
    }
}
