package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.data.Split;
import org.ntk4j.forward.BatchMoments;
import org.ntk4j.forward.Numbers;
import org.ntk4j.forward.Padding;
import org.ntk4j.layer.Weights;
import org.ntk4j.shape.Shape;
import org.ntk4j.tensorflow.Tensors;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.ReduceMax;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/** The graph of a training: data, network, loss, gradients and updates, all of it in one session. */
final class TrainingGraph implements AutoCloseable {

    /**
     * What a step saw before it updated the weights.
     *
     * @param ended the weights have reached an end of {@link Until} and were left as they are (full batches only)
     */
    record Step(double loss, double accuracy, boolean ended) {
    }

    private final CompiledNetwork compiled;
    private final FunctionOfWeights model;
    private final Training training;
    private final int outputs;
    private final CompiledNetwork.Variable x;
    private final CompiledNetwork.Variable y;
    private final CompiledNetwork.Variable f0;
    private final CompiledNetwork.Variable xTest;
    private final CompiledNetwork.Variable f0Test;
    private final CompiledNetwork.Variable rate;
    /** Of the whole training set: what batch normalization has outside of training steps. */
    private final BatchMoments moments = BatchMoments.measured();
    private final List<CompiledNetwork.Variable> slots = new ArrayList<>();
    private final Placeholder<TInt32> indices;
    private final Placeholder<TFloating> number;
    private final Operand<TFloating> loss;
    private final Operand<TFloat64> accuracy;
    private final Operand<TFloat64> ended;
    private final Operand<TFloating> trainFunction;
    private final Operand<TFloating> testFunction;
    private final List<Op> updates = new ArrayList<>();
    /** Set before anything is asked of it. */
    @SuppressWarnings("NullAway.Init")
    private Session session;

    TrainingGraph(FiniteNetwork network, Training training, Inputs inputs, int outputs, Inputs testInputs, boolean inBatches,
            Map<String, Double> factors, ExpansionOrder order) {
        this.training = training;
        this.outputs = outputs;
        Shape in = inputs.shape();
        this.compiled = new CompiledNetwork(network.layers(in), in, training.precision(), network.settings(),
                Padding.of(inputs).and(Padding.of(testInputs)));
        Ops tf = compiled.tf();
        Class<TFloating> type = Tensors.type(training.precision());
        x = compiled.variable("data/x", sizes(inputs.count(), compiled.fedShape()));
        y = compiled.variable("data/y", List.of(inputs.count(), outputs));
        f0 = compiled.variable("data/f0", List.of(inputs.count(), outputs));
        xTest = compiled.variable("data/xTest", sizes(testInputs.count(), compiled.fedShape()));
        f0Test = compiled.variable("data/f0Test", List.of(testInputs.count(), outputs));
        rate = compiled.variable("rate", List.of());
        indices = tf.placeholder(TInt32.class, Placeholder.shape(org.tensorflow.ndarray.Shape.of(-1)));
        number = tf.placeholder(type, Placeholder.shape(org.tensorflow.ndarray.Shape.scalar()));
        List<String> trained = network.layers(in).weights(in).stream().filter(Weights::trained).map(Weights::name).toList();
        model = order.of(compiled, trained);
        FunctionOfWeights.Values onTrain = model.at(x.read(), moments);
        trainFunction = scaled(tf.math.sub(onTrain.outputs(), f0.read()));
        testFunction = scaled(tf.math.sub(model.at(xTest.read(), moments.known()).outputs(), f0Test.read()));
        FunctionOfWeights.Values onBatch = inBatches ? model.at(rows(x), BatchMoments.measured()) : onTrain;
        Operand<TFloating> function = inBatches ? scaled(tf.math.sub(onBatch.outputs(), rows(f0))) : trainFunction;
        Operand<TFloating> targets = inBatches ? rows(y) : y.read();
        loss = training.loss().equals(Training.MSE) ? squaredError(function, targets) : crossEntropy(function, targets);
        Operand<TFloat64> right = tf.dtypes.cast(tf.math.equal(tf.math.argMax(function, tf.constant(1)),
                tf.math.argMax(targets, tf.constant(1))),
                TFloat64.class);
        accuracy = tf.math.div(tf.reduceSum(right, tf.constant(0)), tf.dtypes.cast(tf.size(right), TFloat64.class));
        Operand<TBool> end = inBatches ? tf.constant(false) : end();
        ended = tf.dtypes.cast(end, TFloat64.class);
        addUpdates(tf.select(end, Numbers.like(tf, loss, 0), rate.read()), factors, trained, onBatch.gradients(loss));
    }

    /** α times the function. */
    private Operand<TFloating> scaled(Operand<TFloating> f) {
        return training.outputScale() == 1 ? f : compiled.tf().math.mul(f, Numbers.like(compiled.tf(), f, training.outputScale()));
    }

    /** Whether the weights are good enough: looked at in the graph, so that the step that sees it moves them no more. */
    private Operand<TBool> end() {
        Ops tf = compiled.tf();
        Operand<TBool> low = tf.math.lessEqual(tf.dtypes.cast(loss, TFloat64.class), tf.constant(training.until().loss()));
        return training.until().trainAccuracy().isEmpty() ? low
                : tf.math.logicalOr(low, tf.math.greaterEqual(accuracy, tf.constant(training.until().trainAccuracy().getAsDouble())));
    }

    private static List<Integer> sizes(int count, Shape shape) {
        List<Integer> all = new ArrayList<>(List.of(count));
        Arrays.stream(shape.sizes()).forEach(all::add);
        return all;
    }

    private Operand<TFloating> rows(CompiledNetwork.Variable variable) {
        return compiled.tf().gather(variable.read(), indices, compiled.tf().constant(0));
    }

    private Operand<TFloating> squaredError(Operand<TFloating> f, Operand<TFloating> targets) {
        Ops tf = compiled.tf();
        Operand<TFloating> mean = tf.math.mean(tf.math.square(tf.math.sub(f, targets)), tf.constant(new int[] {0, 1}));
        return tf.math.mul(mean, Numbers.like(tf, mean, 0.5));
    }

    /** Written out, because the gradient of TensorFlow's own op exists in float32 only. */
    private Operand<TFloating> crossEntropy(Operand<TFloating> f, Operand<TFloating> targets) {
        Ops tf = compiled.tf();
        Operand<TFloating> shifted = tf.math.sub(f, tf.stopGradient(tf.reduceMax(f, tf.constant(1), ReduceMax.keepDims(true))));
        Operand<TFloating> normaliser = tf.math.log(tf.reduceSum(tf.math.exp(shifted), tf.constant(1)));
        return tf.math.mean(tf.math.sub(normaliser, tf.reduceSum(tf.math.mul(targets, shifted), tf.constant(1))), tf.constant(0));
    }

    private void addUpdates(Operand<TFloating> learningRate, Map<String, Double> factors, List<String> trained,
            List<Operand<TFloating>> gradients) {
        Ops tf = compiled.tf();
        List<CompiledNetwork.Variable> weights = trained.stream().map(name -> compiled.weights().get(name)).toList();
        Optimizer optimizer = training.optimizer();
        for (int i = 0; i < gradients.size(); i++) {
            List<CompiledNetwork.Variable> own = new ArrayList<>();
            for (int s = 0; s < optimizer.slots(); s++) {
                own.add(compiled.variable("slot" + s + "/" + i, weights.get(i).shape()));
            }
            slots.addAll(own);
            double factor = factors.getOrDefault(trained.get(i), 1.0);
            Operand<TFloating> ownRate = factor == 1 ? learningRate : tf.math.mul(learningRate, Numbers.like(tf, learningRate, factor));
            updates.addAll(optimizer.update(new Optimizer.Update(tf, weights.get(i), gradients.get(i), ownRate, own, number)));
        }
    }

    /** Opens the session and gives everything its first value. */
    void start(Map<String, double[]> weights, double learningRate, Split train, Split test, double[][] f0Train, double[][] f0TestValues) {
        session = compiled.open();
        compiled.load(weights);
        model.start(weights);
        // What is large is copied by itself.
        compiled.assign(x, CompiledNetwork.fed(train.inputs()).values());
        compiled.assign(xTest, CompiledNetwork.fed(test.inputs()).values());
        compiled.assign(Map.of("rate", rate, "y", y, "f0", f0, "f0Test", f0Test),
                Map.of("rate", new double[] {learningRate}, "y", flat(targets(train)), "f0", flat(f0Train), "f0Test", flat(f0TestValues)));
        slots.forEach(s -> compiled.assign(s, new double[s.shape().stream().reduce(1, Math::multiplyExact)]));
    }

    /** Cross-entropy speaks of classes, whatever the targets are. */
    private double[][] targets(Split split) {
        if (training.loss().equals(Training.MSE)) {
            return split.targets();
        }
        double[][] oneHot = new double[split.count()][outputs];
        for (int i = 0; i < oneHot.length; i++) {
            oneHot[i][split.labels()[i]] = 1;
        }
        return oneHot;
    }

    private double[] flat(double[][] rows) {
        double[] all = new double[rows.length * outputs];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, all, i * outputs, outputs);
        }
        return all;
    }

    /** One step, on a batch or on everything. */
    Step step(int index, int @Nullable [] batch) {
        Session.Runner runner = session.runner().fetch(loss).fetch(accuracy).fetch(ended);
        updates.forEach(runner::addTarget);
        try (Tensor step = Tensors.of(training.precision(), new double[] {index});
                TInt32 rows = batch == null ? null : TInt32.vectorOf(batch);
                Result result = (rows == null ? runner : runner.feed(indices, rows)).feed(number, step).run()) {
            return new Step(Tensors.values(training.precision(), result.get(0))[0], Tensors.values(Precision.FLOAT64, result.get(1))[0],
                    Tensors.values(Precision.FLOAT64, result.get(2))[0] != 0);
        }
    }

    /** The trained function on the training inputs. */
    double[][] train() {
        return rowsOf(compiled.fetch(trainFunction));
    }

    /** The trained function on the test inputs. */
    double[][] test() {
        return rowsOf(compiled.fetch(testFunction));
    }

    private double[][] rowsOf(double[] values) {
        double[][] rows = new double[values.length / outputs][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(values, i * outputs, (i + 1) * outputs);
        }
        return rows;
    }

    /** The loss of a function, in float64. */
    double loss(double[][] f, Split split) {
        double[][] targets = targets(split);
        double sum = 0;
        for (int i = 0; i < f.length; i++) {
            if (training.loss().equals(Training.MSE)) {
                for (int c = 0; c < outputs; c++) {
                    sum += (f[i][c] - targets[i][c]) * (f[i][c] - targets[i][c]) / (2 * outputs);
                }
            } else {
                double most = Arrays.stream(f[i]).max().orElse(0);
                sum += most + Math.log(Arrays.stream(f[i]).map(v -> Math.exp(v - most)).sum()) - f[i][split.labels()[i]];
            }
        }
        return sum / f.length;
    }

    /** The weights as they are now, with the statistics that go with them. */
    Map<String, double[]> weights() {
        Map<String, double[]> values = compiled.read();
        values.putAll(compiled.measured(moments, session.runner()));
        return values;
    }

    @Override
    public void close() {
        compiled.close();
    }
}
