package org.ntk4j.finite;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.console.ConsoleMonitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.forward.BatchMoments;
import org.ntk4j.forward.Padding;
import org.ntk4j.layer.Serial;
import org.ntk4j.layer.Weights;
import org.ntk4j.shape.Shape;
import org.tensorflow.Session;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.family.TFloating;

/**
 * The Taylor polynomial of a finite network in its weights, around θ_0: the network linearised (order 1), {@code f(θ_0) + J(θ − θ_0)}, or
 * of second order, {@code … + ½ (θ − θ_0)ᵀH(θ − θ_0)}. As a function of the weights, and trained like the network itself. Where TensorFlow
 * has no second derivative of a layer, central differences in float64 take its place; each prediction then says how accurate they are.
 */
public final class Expansion {

    private static final List<Integer> ORDERS = List.of(1, 2);

    private final FiniteNetwork start;
    private final int order;
    private final @Nullable Map<String, double[]> weights;

    Expansion(FiniteNetwork start, int order) {
        this(start, order, null);
    }

    private Expansion(FiniteNetwork start, int order, @Nullable Map<String, double[]> weights) {
        if (!ORDERS.contains(order)) {
            throw Failure.input("expand: an order of " + order + "; allowed: 1 (linearised), 2 (with second derivatives)");
        }
        this.start = start;
        this.order = order;
        this.weights = weights;
    }

    /** 1 or 2. */
    public int order() {
        return order;
    }

    /** The network that it expands, at θ_0. */
    public FiniteNetwork initial() {
        return start;
    }

    /** The polynomial at other weights: name ({@code 0.dense/W}) to values in C order, as {@link FiniteNetwork#weights} has them. */
    public Expansion at(Map<String, double[]> values) {
        Required.value(values, "values");
        return new Expansion(start, order, Map.copyOf(values));
    }

    /** The polynomial at the weights of another network of the same layers, such as the trained one. */
    public Expansion at(FiniteNetwork other, Shape in) {
        Required.value(other, "other");
        Required.value(in, "in");
        return at(other.weights(in));
    }

    /** Whether its derivatives at these inputs, with their shape and padding, are TensorFlow's; else they are central differences. */
    public boolean isExact(Inputs x) {
        Required.value(x, "x");
        return !order(x.shape(), Padding.of(x)).byDifferences();
    }

    private ExpansionOrder order(Shape in, Padding padding) {
        return ExpansionOrder.of(order, start.layers(in), in, start.precision(), start.settings(), padding);
    }

    /** The polynomial's values: one row of outputs for each input. */
    public double[][] predict(Inputs x) {
        Required.value(x, "x");
        return predict(x, ConsoleMonitor.ofProcess());
    }

    /** The polynomial's values at inputs that are vectors, one a row. */
    public double[][] predict(double[][] x) {
        Required.values(x, "x");
        return predict(Inputs.of(x));
    }

    double[][] predict(Inputs x, Monitor monitor) {
        Shape in = x.shape();
        Serial layers = start.layers(in);
        ExpansionOrder how = order(in, Padding.of(x));
        Precision precision = how.byDifferences() ? Precision.FLOAT64 : start.precision();
        List<String> names = layers.weights(in).stream().map(Weights::name).toList();
        Map<String, double[]> from = start.weights(in);
        Map<String, double[]> to = weights == null ? from : start.weights(weights).weights(in);
        try (CompiledNetwork compiled = new CompiledNetwork(layers, in, precision, start.settings(), Padding.of(x))) {
            Placeholder<TFloating> batch = compiled.batch();
            TaylorPolynomial polynomial = new TaylorPolynomial(compiled, names, how);
            FunctionOfWeights.Values values = polynomial.at(batch, BatchMoments.saved());
            Session session = x.count() <= FiniteNetwork.BATCH ? compiled.openAsWritten() : compiled.open();
            compiled.load(to);
            polynomial.start(from);
            int k = layers.outputShape(in).size();
            double[][] f = FiniteNetwork.rows(CompiledNetwork.fed(x), session, batch, values.outputs(), k, precision);
            if (how.byDifferences()) {
                polynomial.step(2 * TaylorPolynomial.STEP);
                double[][] doubled = FiniteNetwork.rows(CompiledNetwork.fed(x), session, batch, values.outputs(), k, precision);
                monitor.note(String.format(Locale.ROOT, "expand(%d): derivatives are central differences, as TensorFlow has no second "
                        + "derivative of some layer here; twice the step changes the values by %.1e of the largest", order,
                        change(f, doubled)));
            }
            return f;
        }
    }

    private static double change(double[][] f, double[][] other) {
        double largest = Double.MIN_NORMAL;
        double change = 0;
        for (int i = 0; i < f.length; i++) {
            for (int c = 0; c < f[i].length; c++) {
                largest = Math.max(largest, Math.abs(f[i][c]));
                change = Math.max(change, Math.abs(f[i][c] - other[i][c]));
            }
        }
        return change / largest;
    }

    /**
     * Trains the polynomial from θ_0, as {@link FiniteNetwork#train} trains the network; a learning rate {@code auto} is that of the
     * network.
     *
     * @param x n inputs
     * @param y n rows of targets, one number for each output
     */
    public TrainedExpansion train(Inputs x, double[][] y, Training training) {
        Required.value(x, "x");
        Required.values(y, "y");
        Required.value(training, "training");
        return train(x, y, training, ConsoleMonitor.ofProcess());
    }

    /** Trains on vectors, one a row. */
    public TrainedExpansion train(double[][] x, double[][] y, Training training) {
        Required.values(x, "x");
        Required.values(y, "y");
        Required.value(training, "training");
        return train(Inputs.of(x), y, training);
    }

    TrainedExpansion train(Inputs x, double[][] y, Training training, Monitor monitor) {
        FiniteNetwork network = start.outputs(y.length == 0 ? 1 : y[0].length).precision(training.precision());
        Expansion polynomial = new Expansion(network, order);
        ExpansionOrder how = polynomial.order(x.shape(), Padding.of(x));
        Training own = how.byDifferences() ? training.precision("float64") : training;
        if (how.byDifferences() && training.precision() != Precision.FLOAT64) {
            monitor.note("expand(" + order + "): derivatives are central differences, in float64");
        }
        return new TrainedExpansion(polynomial, TrainedNetwork.of(network, x, y, own, monitor, how), x.shape());
    }

    /** {@code Taylor polynomial of order 2 of} the network. */
    @Override
    public String toString() {
        return "Taylor polynomial of order " + order + " in the weights" + (weights == null ? ", at its centre" : "") + ", of "
                + start;
    }
}
