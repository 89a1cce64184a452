package org.ntk4j.finite;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Seed;
import org.ntk4j.base.Settings;
import org.ntk4j.console.ConsoleMonitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.files.NamedArrays;
import org.ntk4j.files.Npy;
import org.ntk4j.forward.Padding;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.layer.Architecture;
import org.ntk4j.layer.Parameterization;
import org.ntk4j.layer.Serial;
import org.ntk4j.layer.TrainedPart;
import org.ntk4j.layer.Weights;
import org.ntk4j.shape.Shape;
import org.ntk4j.tensorflow.Tensors;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.family.TFloating;

/**
 * A network of finite width with its weights: NN_0 as drawn from a seed, or NN_T after training. Immutable; it holds no
 * resources of TensorFlow, each call opens and closes its own.
 */
public final class FiniteNetwork {

    /** Inputs that a forward pass takes at once. */
    static final int BATCH = 2048;

    private final Architecture network;
    private final Seed seed;
    private final @Nullable Map<String, Npy> weights;
    private final int outputs;
    private final Precision precision;
    private final Settings settings;

    private FiniteNetwork(Architecture network, Seed seed, @Nullable Map<String, Npy> weights, int outputs, Precision precision,
            Settings settings) {
        this.network = network;
        this.seed = seed;
        this.weights = weights;
        this.outputs = outputs;
        this.precision = precision;
        this.settings = settings;
    }

    /** NN_0: weights are drawn from the seed once the first inputs tell their shape; float32, one output unless the network has more. */
    public static FiniteNetwork of(Architecture network, Seed seed) {
        Required.value(network, "network");
        Required.value(seed, "seed");
        return new FiniteNetwork(network, seed, null, 1, Precision.FLOAT32, Settings.ofProcess());
    }

    /** This network with this many outputs where its definition does not say. */
    public FiniteNetwork outputs(int count) {
        return new FiniteNetwork(network, seed, weights, count, precision, settings);
    }

    /** This network in {@code float32} or {@code float64}. */
    public FiniteNetwork precision(String word) {
        Required.value(word, "word");
        return precision(Precision.of(word));
    }

    /** This network in another precision. */
    public FiniteNetwork precision(Precision other) {
        Required.value(other, "other");
        return new FiniteNetwork(network, seed, weights, outputs, other, settings);
    }

    /** This network on another device, with another memory or number of threads. */
    public FiniteNetwork on(Settings other) {
        return new FiniteNetwork(network, seed, weights, outputs, precision, other);
    }

    /** This network with only a part of its weights trained; its tangent kernels are those of that part. */
    public FiniteNetwork trained(TrainedPart part) {
        return new FiniteNetwork(part.of(network), seed, weights, outputs, precision, settings);
    }

    /** This network with these weights: name ({@code 0.dense/W}, {@code 0.dense/b}) to values in C order. */
    public FiniteNetwork weights(Map<String, double[]> values) {
        Required.value(values, "values");
        Map<String, Npy> arrays = new LinkedHashMap<>();
        values.forEach((name, array) -> arrays.put(onDisk(name), new Npy(new int[] {array.length}, array)));
        return new FiniteNetwork(network, seed, Map.copyOf(arrays), outputs, precision, settings);
    }

    /**
     * This network with weights from a file: an {@code .npz} or a folder of {@code .npy} with the names and shapes that {@link #save}
     * writes ({@code 1.dense.W}: inputs × outputs), also a flat array in C order for each. They are checked once the first inputs tell
     * the shapes.
     *
     * @throws Failure if there are none, or one is damaged
     */
    public FiniteNetwork load(Path file) {
        Required.value(file, "file");
        Map<String, Npy> arrays = new LinkedHashMap<>();
        NamedArrays.read(file).forEach((name, array) -> arrays.put(onDisk(name), array));
        return new FiniteNetwork(network, seed, Map.copyOf(arrays), outputs, precision, settings);
    }

    /**
     * Writes its weights for inputs of this shape, with names and shapes: an {@code .npz} if the name ends so, else a folder of
     * {@code .npy}.
     *
     * @throws Failure if that cannot be written
     */
    public void save(Path file, Shape in) {
        Required.value(file, "file");
        Required.value(in, "in");
        Map<String, double[]> values = weights(in);
        Map<String, Npy> arrays = new LinkedHashMap<>();
        layers(in).weights(in).forEach(w -> arrays.put(onDisk(w.name()), new Npy(sizes(w), Objects.requireNonNull(values.get(w.name())))));
        NamedArrays.write(file, arrays);
    }

    /** A slash would mean a folder. */
    private static String onDisk(String name) {
        return name.replace('/', '.');
    }

    private static int[] sizes(Weights w) {
        return w.shape().stream().mapToInt(Integer::intValue).toArray();
    }

    /** Its weights for inputs of this shape, by name, in C order. */
    public Map<String, double[]> weights(Shape in) {
        Required.value(in, "in");
        List<Weights> wanted = layers(in).weights(in);
        if (weights == null) {
            return WeightDraw.draw(seed, wanted, settings.threads());
        }
        List<String> known = wanted.stream().map(w -> onDisk(w.name())).toList();
        List<String> others = weights.keySet().stream().filter(name -> !known.contains(name)).sorted().toList();
        List<String> mistakes = new ArrayList<>();
        Map<String, double[]> values = new LinkedHashMap<>();
        for (Weights w : wanted) {
            Npy given = weights.get(onDisk(w.name()));
            if (given == null) {
                mistakes.add("weights '" + w.name() + "' of " + w.shape() + " are missing"
                        + (others.isEmpty() ? "; there are: " + new TreeMap<>(weights).keySet()
                        : Mistakes.suggestion(onDisk(w.name()), others)));
            } else if (given.values().length != w.size() || given.shape().length != 1 && !Arrays.equals(given.shape(), sizes(w))) {
                mistakes.add("weights '" + w.name() + "' are " + Arrays.toString(given.shape()) + " and should be " + w.shape()
                        + (w.shape().size() == 2 && Arrays.equals(given.shape(), new int[] {w.shape().get(1), w.shape().get(0)})
                                ? ": transpose them (inputs × outputs here)" : ""));
            } else {
                values.put(w.name(), given.values());
            }
        }
        others.forEach(name -> mistakes.add("weights '" + name + "' belong to no layer of this network"
                + Mistakes.suggestion(name, known)));
        if (!mistakes.isEmpty()) {
            throw Failure.input(mistakes);
        }
        return values;
    }

    /**
     * Trains from these weights.
     *
     * @param x        n inputs
     * @param y        n rows of targets, one number for each output
     * @param training such as {@code gradientDescent().until(trainLoss(1e-3))}; a learning rate {@code auto} is half of the largest stable
     *                 one
     * @return the trained network; after Ctrl-C as far as it came
     * @throws Failure if inputs and targets do not fit the network, or the training diverges
     */
    public TrainedNetwork train(Inputs x, double[][] y, Training training) {
        Required.value(x, "x");
        Required.values(y, "y");
        Required.value(training, "training");
        return TrainedNetwork.of(this, x, y, training, ConsoleMonitor.ofProcess());
    }

    /** Trains from these weights on vectors, one a row. */
    public TrainedNetwork train(double[][] x, double[][] y, Training training) {
        Required.values(x, "x");
        Required.values(y, "y");
        Required.value(training, "training");
        return train(Inputs.of(x), y, training);
    }

    /**
     * Its Taylor polynomial in the weights, around those that it has: of order 1 the linearised network, of order 2 with its second
     * derivatives as well.
     *
     * @param order 1 or 2
     */
    public Expansion expand(int order) {
        return new Expansion(this, order);
    }

    /** f(x): one row of outputs for each row of inputs. */
    public double[][] predict(double[][] x) {
        Required.values(x, "x");
        return outputs(Inputs.of(x));
    }

    /**
     * f(x): one row of outputs for each input.
     *
     * @throws Failure naming the layer whose values the network's precision does not hold
     */
    public double[][] predict(Inputs x) {
        return outputs(x);
    }

    /**
     * This function in {@code ntk} or {@code standard} parameterization. Where the one has {@code z = s·xW} and W of deviation 1, the
     * other has {@code z = xV} and V = sW of deviation s = wStd/√fanIn (a bias: s = bStd). So V is sW; and a step of gradient descent moves
     * V by s·(−η ∂L/∂W) = −η s² ∂L/∂V: a network in standard parameterization trains like the one in NTK parameterization if the learning
     * rate of each tensor is multiplied by its s², see {@link #rateFactors}. Adam's steps do not depend on the scale of gradients: there
     * the factor is s. In {@code meanField} and {@code muP} it is 1/√n times the function, n being the fan-in of the readout.
     */
    public FiniteNetwork parameterization(String word, Shape in) {
        Required.value(word, "word");
        Required.value(in, "in");
        Architecture twin = network.parameterized(Parameterization.of(word), in, outputs);
        Map<String, Double> from = deviations(layers(in), in);
        Map<String, Double> to = deviations(twin.layers(in), in);
        Map<String, double[]> converted = new LinkedHashMap<>();
        weights(in).forEach((name, values) -> {
            double deviation = Objects.requireNonNull(from.get(name), name);
            double other = Objects.requireNonNull(to.get(name), name);
            // Of what is measured and not drawn both are 0.
            double factor = deviation != 0 ? other / deviation : other == 0 ? 1 : 0;
            converted.put(name, Arrays.stream(values).map(v -> v * factor).toArray());
        });
        return new FiniteNetwork(twin, seed, null, outputs, precision, settings).weights(converted);
    }

    /**
     * By what the learning rate of each tensor of weights is to be multiplied so that gradient descent (momentum and Nesterov too) moves
     * this network as it moves its twin in NTK parameterization: the variance of its draw, {@code wStd²/fanIn} and {@code bStd²} in
     * standard parameterization, 1 in NTK parameterization; in {@code meanField} and {@code muP} n times that, n being the fan-in of the
     * readout, where the twin has the output scale 1/√n.
     */
    public Map<String, Double> rateFactors(Shape in) {
        Required.value(in, "in");
        Map<String, Double> byWidth = LayerRates.ofSteps(layers(in).weights(in));
        Map<String, Double> factors = new LinkedHashMap<>();
        layers(in).weights(in)
                .forEach(w -> factors.put(w.name(), w.byWidth() ? byWidth.get(w.name()) : Double.valueOf(w.deviation() * w.deviation())));
        return factors;
    }

    /**
     * By what a training multiplies the learning rate of each tensor of weights: 1, except in the parameterizations {@code meanField} and
     * {@code muP}, which include such factors.
     */
    public Map<String, Double> layerRates(Optimizer optimizer, Shape in) {
        Required.value(optimizer, "optimizer");
        Required.value(in, "in");
        return optimizer.isAdaptive() ? LayerRates.ofAdam(layers(in).weights(in)) : LayerRates.ofSteps(layers(in).weights(in));
    }

    private static Map<String, Double> deviations(Serial layers, Shape in) {
        Map<String, Double> deviations = new LinkedHashMap<>();
        layers.weights(in).forEach(w -> deviations.put(w.name(), w.deviation()));
        return deviations;
    }

    /**
     * This network with the statistics of its batch normalization measured on these inputs, which is done with the training set before and
     * after a training. Without it they are 0 and 1. A network without such layers stays as it is.
     */
    public FiniteNetwork calibrated(Inputs x) {
        Required.value(x, "x");
        if (!Statistics.measures(layers(x.shape()), x.shape())) {
            return this;
        }
        try (Statistics statistics = new Statistics(this, x)) {
            return weights(statistics.of(weights(x.shape())));
        }
    }

    /** Its layers for inputs of this shape. */
    public Serial layers(Shape in) {
        Required.value(in, "in");
        return network.layers(in, outputs);
    }

    /** How the network is written down, without what is frozen of it. */
    public Architecture architecture() {
        return network;
    }

    /** How many outputs it has where its definition does not say. */
    public int outputs() {
        return outputs;
    }

    /** {@code float32} or {@code float64}. */
    public Precision precision() {
        return precision;
    }

    /** The device, memory and threads that it computes with. */
    public Settings settings() {
        return settings;
    }

    Seed seed() {
        return seed;
    }

    /**
     * f(x): one row of outputs for each input.
     *
     * @throws Failure naming the layer whose values the network's precision does not hold
     */
    public double[][] outputs(Inputs x) {
        Required.value(x, "x");
        List<double[][]> one = new ArrayList<>(1);
        outputs(x, List.of(weights(x.shape())), one::add);
        return one.get(0);
    }

    /** f(x) for one set of weights after the other, from one graph. */
    void outputs(Inputs x, Iterable<Map<String, double[]>> draws, Consumer<double[][]> use) {
        layers(x.shape()).checkWords(x);
        try (CompiledNetwork compiled = new CompiledNetwork(layers(x.shape()), x.shape(), precision, settings, Padding.of(x))) {
            Placeholder<TFloating> batch = compiled.batch();
            CompiledNetwork.Pass pass = compiled.pass(batch);
            Session session = compiled.open();
            Inputs fed = CompiledNetwork.fed(x);
            for (Map<String, double[]> draw : draws) {
                compiled.load(draw);
                double[][] rows = rows(fed, session, batch, pass);
                for (int i = 0; i < rows.length; i++) {
                    if (!Arrays.stream(rows[i]).allMatch(Double::isFinite)) {
                        throw Overflow.ofOutputs(compiled, batch, pass.maps(), fed, i);
                    }
                }
                use.accept(rows);
            }
        }
    }

    private double[][] rows(Inputs x, Session session, Placeholder<TFloating> batch, CompiledNetwork.Pass pass) {
        return rows(x, session, batch, pass.outputs(), pass.count(), precision);
    }

    /** The values of {@code outputs} for all inputs, as they are fed. */
    static double[][] rows(Inputs x, Session session, Placeholder<TFloating> batch, Operand<TFloating> outputs, int k,
            Precision precision) {
        double[][] rows = new double[x.count()][k];
        int size = x.shape().size();
        for (int from = 0; from < x.count(); from += BATCH) {
            int count = Math.min(BATCH, x.count() - from);
            try (Tensor feed = Tensors.ofRun(precision, x.values(), from * size, count * size, CompiledNetwork.withBatch(count, x.shape()));
                    var result = session.runner().feed(batch, feed).fetch(outputs).run()) {
                double[] values = Tensors.values(precision, result.get(0));
                for (int i = 0; i < count; i++) {
                    System.arraycopy(values, i * k, rows[from + i], 0, k);
                }
            }
        }
        return rows;
    }

    /** Its tangent kernel with the inputs themselves, the mean over outputs: {@code (1/k) Σ_c J_c J_cᵀ}. */
    public Kernel ntk(Inputs x) {
        Required.value(x, "x");
        return TangentTiles.mean(this, x, Optional.empty(), ConsoleMonitor.ofProcess());
    }

    /**
     * {@link #ntk(Inputs)} without storing it, for any number of inputs: its values are computed anew whenever they are read, its products
     * with vectors go through the network. {@code net.ntkAnew(x).sample(256)} estimates what is to be said of all of it.
     */
    public Kernel ntkAnew(Inputs x) {
        Required.value(x, "x");
        return EmpiricalSource.kernel("ntk", this, x, 0, ConsoleMonitor.ofProcess());
    }

    /** Its tangent kernel of {@code x} (rows) with {@code x2} (columns), the mean over outputs. */
    public Kernel ntk(Inputs x, Inputs x2) {
        Required.value(x, "x");
        Required.value(x2, "x2");
        return TangentTiles.mean(this, x, Optional.of(x2), ConsoleMonitor.ofProcess());
    }

    /**
     * Which share of the tangent kernel comes from which layer: the path of each layer with weights ({@code 0.dense}), first to last, and
     * its part of {@link #ntk(Inputs)}, which is their sum.
     */
    public Map<String, Kernel> ntkByLayer(Inputs x) {
        Required.value(x, "x");
        return new EmpiricalKernel(this).byLayer(x, null, ConsoleMonitor.ofProcess());
    }

    /** Which share of the tangent kernel of {@code x} (rows) with {@code x2} (columns) comes from which layer. */
    public Map<String, Kernel> ntkByLayer(Inputs x, Inputs x2) {
        Required.value(x, "x");
        Required.value(x2, "x2");
        return new EmpiricalKernel(this).byLayer(x, x2, ConsoleMonitor.ofProcess());
    }

    /** The full tangent kernel: entry {@code (n k + c, m k + d)} is {@code ∂f_c(x_n)/∂w · ∂f_d(x2_m)/∂w} summed over all weights. */
    public Kernel ntkPerOutput(Inputs x, Inputs x2) {
        Required.value(x, "x");
        Required.value(x2, "x2");
        return x == x2 ? new EmpiricalKernel(this).full(x, ConsoleMonitor.ofProcess())
                : new EmpiricalKernel(this).full(x, x2, ConsoleMonitor.ofProcess());
    }

    /** {@code NN_0, seed 3, float32} and the layers. */
    @Override
    public String toString() {
        return (weights == null ? "NN_0 of seed " + seed.value() : "network with given weights") + ", " + precision
                + System.lineSeparator() + network;
    }
}
