package org.ntk4j.finite;

import java.util.List;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.forward.BatchMoments;
import org.ntk4j.forward.Padding;
import org.ntk4j.layer.Serial;
import org.ntk4j.layer.Weights;
import org.ntk4j.shape.Shape;
import org.tensorflow.exceptions.TensorFlowException;

/**
 * How far the network that is trained is expanded in its weights.
 *
 * @param order         0: it is trained itself; 1: linearised; 2: with its second derivatives
 * @param byDifferences whether derivatives are central differences, where TensorFlow has none of second order
 */
record ExpansionOrder(int order, boolean byDifferences) {

    /** The network itself. */
    static final ExpansionOrder NONE = new ExpansionOrder(0, false);

    /** By TensorFlow's derivatives if it has those of all layers, otherwise by differences. */
    static ExpansionOrder of(int order, Serial layers, Shape in, Precision precision, Settings settings, Padding padding) {
        ExpansionOrder exact = new ExpansionOrder(order, false);
        List<String> trained = layers.weights(in).stream().filter(Weights::trained).map(Weights::name).toList();
        try (CompiledNetwork compiled = new CompiledNetwork(layers, in, precision, settings, padding)) {
            FunctionOfWeights.Values values = exact.of(compiled, trained).at(compiled.batch(), BatchMoments.saved());
            values.gradients(compiled.tf().math.mean(compiled.tf().math.square(values.outputs()),
                    compiled.tf().constant(new int[] {0, 1})));
            return exact;
        } catch (TensorFlowException | IllegalArgumentException e) {
            return new ExpansionOrder(order, true);
        }
    }

    /** The function that is trained. */
    FunctionOfWeights of(CompiledNetwork compiled, List<String> trained) {
        return order == 0 ? FunctionOfWeights.network(compiled, trained) : new TaylorPolynomial(compiled, trained, this);
    }
}
