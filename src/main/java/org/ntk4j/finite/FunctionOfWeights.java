package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.ntk4j.forward.BatchMoments;
import org.ntk4j.forward.Numbers;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.types.family.TFloating;

/** What is trained in a graph: a function of the inputs and the weights. */
interface FunctionOfWeights {

    /** Its values at some inputs. */
    interface Values {

        /** {@code [batch, outputs]}. */
        Operand<TFloating> outputs();

        /** The gradient of a loss of these outputs with respect to each of the trained weights. */
        List<Operand<TFloating>> gradients(Operand<TFloating> loss);
    }

    /**
     * The function at inputs in the graph.
     *
     * @param moments where batch normalization takes its statistics from; an expansion takes those at the weights around which it expands
     */
    Values at(Operand<TFloating> x, BatchMoments moments);

    /** Tells it the weights from which training starts, once the session is open. */
    void start(Map<String, double[]> weights);

    /**
     * The network itself.
     *
     * @param trained the names of the weights that are trained
     */
    static FunctionOfWeights network(CompiledNetwork compiled, List<String> trained) {
        return new FunctionOfWeights() {
            @Override
            public Values at(Operand<TFloating> x, BatchMoments moments) {
                Operand<TFloating> f = compiled.pass(x, false, moments).outputs();
                return new Values() {
                    @Override
                    public Operand<TFloating> outputs() {
                        return f;
                    }

                    @Override
                    public List<Operand<TFloating>> gradients(Operand<TFloating> loss) {
                        Output<?>[] reads = trained.stream().map(name -> Objects.requireNonNull(compiled.weights().get(name)).read()
                                .asOutput()).toArray(Output<?>[]::new);
                        Output<?>[] found = compiled.graph().addGradients("loss", new Output<?>[] {loss.asOutput()}, reads,
                                new Output<?>[] {Numbers.like(compiled.tf(), loss, 1).asOutput()});
                        List<Operand<TFloating>> gradients = new ArrayList<>();
                        for (Output<?> one : found) {
                            @SuppressWarnings("unchecked")
                            Operand<TFloating> typed = (Operand<TFloating>) one;
                            gradients.add(typed);
                        }
                        return gradients;
                    }
                };
            }

            @Override
            public void start(Map<String, double[]> weights) {
                // A network has no other weights than those that are trained.
            }
        };
    }
}
