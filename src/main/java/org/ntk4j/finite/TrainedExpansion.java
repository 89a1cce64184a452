package org.ntk4j.finite;

import java.util.Map;
import org.ntk4j.data.Inputs;
import org.ntk4j.shape.Shape;

/**
 * A Taylor polynomial of a network that was trained on inputs and targets. The trained function is {@code f − f_0} where the training is
 * centred, as it is by default; {@link #predict} gives that function.
 */
public final class TrainedExpansion {

    private final Expansion start;
    private final TrainedNetwork trained;
    private final Shape shape;

    TrainedExpansion(Expansion start, TrainedNetwork trained, Shape shape) {
        this.start = start;
        this.trained = trained;
        this.shape = shape;
    }

    /** The trained function: one row of outputs for each input. */
    public double[][] predict(Inputs x) {
        return trained.centred(expansion().predict(x), x);
    }

    /** The trained function at inputs that are vectors, one a row. */
    public double[][] predict(double[][] x) {
        return predict(Inputs.of(x));
    }

    /** The polynomial at the weights that training has led to; without f_0 taken away. */
    public Expansion expansion() {
        return start.at(weights());
    }

    /** Its weights by name ({@code 0.dense/W}), in C order. */
    public Map<String, double[]> weights() {
        return trained.network().weights(shape);
    }

    /** Loss along the training. */
    public History history() {
        return trained.history();
    }

    /** How many steps were done. */
    public int steps() {
        return trained.steps();
    }

    /** η, as it was given or chosen. */
    public double learningRate() {
        return trained.learningRate();
    }

    /** The loss on the training set at the last step. */
    public double loss() {
        return trained.loss();
    }

    /** {@code polynomial of order 2, NN_T − NN_0: 134 steps, learning rate 0.23, train loss 0.001 (trainLoss 0.001)}. */
    @Override
    public String toString() {
        return "polynomial of order " + start.order() + ", " + trained;
    }
}
