package org.ntk4j.finite;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.data.Split;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.shape.Shape;

/**
 * A network that was trained on inputs and targets. The trained function is {@code f − f_0} where the training is centred, as it is by
 * default; {@link #predict} gives that function.
 */
public final class TrainedNetwork {

    private final FiniteNetwork initial;
    private final Training training;
    private final Trained trained;
    private final Shape shape;

    private TrainedNetwork(FiniteNetwork initial, Training training, Trained trained, Shape shape) {
        this.initial = initial;
        this.training = training;
        this.trained = trained;
        this.shape = shape;
    }

    /**
     * Trains a network.
     *
     * @param x n inputs
     * @param y n rows of targets, one number for each output
     * @throws Failure if they do not fit each other or the network, or the training diverges
     */
    static TrainedNetwork of(FiniteNetwork start, Inputs x, double[][] y, Training training, Monitor monitor) {
        return of(start, x, y, training, monitor, ExpansionOrder.NONE);
    }

    /** Trains the network expanded in its weights; its {@link #network} has the weights that the polynomial ends with. */
    static TrainedNetwork of(FiniteNetwork start, Inputs x, double[][] y, Training training, Monitor monitor, ExpansionOrder order) {
        Split split = split(x, y);
        int outputs = y[0].length;
        if (training.until().trainAccuracy().isPresent() && outputs == 1) {
            throw Failure.input("trainAccuracy needs classes, and the targets have one column; use trainLoss");
        }
        if (training.loss().equals(Training.CROSS_ENTROPY) && outputs == 1) {
            throw Failure.input("loss crossEntropy needs a column of targets for each class, at least two, and there is one; use mse");
        }
        FiniteNetwork network = start.outputs(outputs).precision(training.precision()).trained(training.part()).calibrated(x);
        LearningRate rate = LearningRate.of(network, x, outputs, training, monitor);
        Split looked = new Split(x.slice(0, 1), new double[][] {y[0]}, new int[] {split.labels()[0]}, new int[] {0});
        Trained trained = new Trainer(training, rate.value(), rate.largestStable(), monitor)
                .rateFactors(network.layerRates(training.optimizer(), x.shape())).expanded(order)
                .train(network, split, looked, List.of());
        trained.failure().ifPresent(failure -> {
            throw failure;
        });
        return new TrainedNetwork(network, training, trained, x.shape());
    }

    private static Split split(Inputs x, double[][] y) {
        if (x.count() == 0 || y.length != x.count()) {
            throw Failure.input("there are " + x.count() + " inputs and " + y.length
                    + " rows of targets; training needs one row for each input");
        }
        int[] labels = new int[y.length];
        for (int i = 0; i < y.length; i++) {
            if (y[i].length == 0 || y[i].length != y[0].length) {
                throw Failure.input("row " + i + " of the targets has " + y[i].length + " numbers, row 0 has " + y[0].length);
            }
            for (int c = 0; c < y[i].length; c++) {
                if (!Double.isFinite(y[i][c])) {
                    throw Failure.input("row " + i + " of the targets has " + y[i][c] + " in column " + c);
                }
                labels[i] = y[i][c] > y[i][labels[i]] ? c : labels[i];
            }
        }
        return new Split(x, y, labels, IntStream.range(0, y.length).toArray());
    }

    /** The trained function: one row of outputs for each input. */
    public double[][] predict(Inputs x) {
        Required.value(x, "x");
        check(x);
        return centred(trained.network().outputs(x), x);
    }

    /** The weights may suit inputs of another shape, such as larger images. */
    private void check(Inputs x) {
        if (!x.shape().equals(shape)) {
            try {
                trained.network().weights(x.shape());
            } catch (Failure e) {
                throw Failure.input("inputs of " + x.shape() + " do not suit a network that was trained on inputs of " + shape);
            }
        }
    }

    /** The trained function of these outputs on these inputs. */
    double[][] centred(double[][] f, Inputs x) {
        double[][] f0 = training.centred() ? initial.outputs(x) : null;
        for (int i = 0; i < f.length; i++) {
            for (int c = 0; c < f[i].length; c++) {
                f[i][c] = training.outputScale() * (f[i][c] - (f0 == null ? 0 : f0[i][c]));
            }
        }
        return f;
    }

    /** The trained function at inputs that are vectors, one a row. */
    public double[][] predict(double[][] x) {
        Required.values(x, "x");
        return predict(Inputs.of(x));
    }

    /** Θ_T: its tangent kernel with the inputs themselves, the mean over outputs. */
    public Kernel ntk(Inputs x) {
        Required.value(x, "x");
        check(x);
        return trained.network().ntk(x).named("ntk.trained");
    }

    /** Θ_T of {@code x} (rows) with {@code x2} (columns). */
    public Kernel ntk(Inputs x, Inputs x2) {
        Required.value(x, "x");
        Required.value(x2, "x2");
        check(x);
        check(x2);
        return trained.network().ntk(x, x2).named("ntk.trained");
    }

    /** Loss along the training. */
    public History history() {
        boolean classes = trained.train()[0].length > 1;
        return new History(trained.history().stream().filter(p -> p.split().equals("train")).toList(), classes);
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
        List<Trained.Point> points = history().points();
        return points.get(points.size() - 1).loss();
    }

    /** NN_T with its weights; its outputs are f, without f_0 taken away. */
    public FiniteNetwork network() {
        return trained.network();
    }

    /** NN_0, from which it was trained. */
    public FiniteNetwork initial() {
        return initial;
    }

    /** Its weights by name ({@code 0.dense/W}), in C order. */
    public Map<String, double[]> weights() {
        return trained.network().weights(shape);
    }

    /**
     * Writes its weights with names and shapes: an {@code .npz} if the name ends so, else a folder of {@code .npy}; {@code net.load(path)}
     * reads them. The function f_0 of a centred training is not among them: it is that of the seed.
     *
     * @throws Failure if that cannot be written
     */
    public void save(Path file) {
        Required.value(file, "file");
        trained.network().save(file, shape);
    }

    /** {@code NN_T: 134 steps, learning rate 0.23, train loss 0.001 (trainLoss 0.001)}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "NN_T%s: %d steps, learning rate %.4g, train loss %.3g (%s)", training.centred() ? " − NN_0" : "",
                steps(), learningRate(), loss(), trained.ended());
    }
}
