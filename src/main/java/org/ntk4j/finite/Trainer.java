package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.data.Split;
import org.ntk4j.forward.Padding;

/**
 * Trains a finite network. The whole step runs inside the graph, on data that lie there; of a batch only its indices are
 * fed. Ctrl-C, divergence and the ends of {@link Until} are looked at between steps.
 */
public final class Trainer {

    /** A loss this many times its first value has diverged. */
    private static final double DIVERGED = 1e6;

    private final Training training;
    private final double learningRate;
    private final double largestStable;
    private final Monitor monitor;
    private final boolean keepsFunctions;
    private final Map<String, Double> factors;
    private final ExpansionOrder order;
    /** When history is recorded; null: this many steps as the training says. */
    private final @Nullable List<Integer> watched;

    /**
     * @param learningRate  η
     * @param largestStable the largest stable learning rate, for messages
     */
    public Trainer(Training training, double learningRate, double largestStable, Monitor monitor) {
        this(training, learningRate, largestStable, monitor, false, Map.of(), ExpansionOrder.NONE, null);
    }

    private Trainer(Training training, double learningRate, double largestStable, Monitor monitor, boolean keepsFunctions,
            Map<String, Double> factors, ExpansionOrder order, @Nullable List<Integer> watched) {
        this.training = training;
        this.learningRate = learningRate;
        this.largestStable = largestStable;
        this.monitor = monitor;
        this.keepsFunctions = keepsFunctions;
        this.factors = Map.copyOf(factors);
        this.order = order;
        this.watched = watched;
    }

    /** This trainer, keeping the function on the training inputs at each step of history: {@link Trained#functions}. */
    public Trainer keepingFunctions(boolean yes) {
        return new Trainer(training, learningRate, largestStable, monitor, yes, factors, order, watched);
    }

    /** This trainer with the learning rate of some tensors of weights, by name, multiplied: see {@link FiniteNetwork#rateFactors}. */
    public Trainer rateFactors(Map<String, Double> byName) {
        return new Trainer(training, learningRate, largestStable, monitor, keepsFunctions, byName, order, watched);
    }

    /** This trainer for the network expanded in its weights: what is trained is its Taylor polynomial. */
    Trainer expanded(ExpansionOrder other) {
        return new Trainer(training, learningRate, largestStable, monitor, keepsFunctions, factors, other, watched);
    }

    /** This trainer for the network expanded to second order in its weights, in float64 where derivatives are central differences. */
    public static Trainer quadratic(FiniteNetwork start, Training training, double learningRate, Inputs x, Monitor monitor) {
        ExpansionOrder order = ExpansionOrder.of(2, start.layers(x.shape()), x.shape(), start.precision(), start.settings(),
                Padding.of(x));
        if (order.byDifferences()) {
            monitor.note("quadratic: TensorFlow has no second derivative of some layer; central differences in float64");
        }
        return new Trainer(order.byDifferences() ? training.precision("float64") : training, learningRate, Double.NaN, monitor)
                .rateFactors(start.layerRates(training.optimizer(), x.shape())).expanded(order);
    }

    /** This trainer with history at these steps, and at the first and the last. */
    public Trainer watchedAt(Collection<Integer> steps) {
        return new Trainer(training, learningRate, largestStable, monitor, keepsFunctions, factors, order, List.copyOf(steps));
    }

    /**
     * Trains from these weights on the training set; the test set is only looked at.
     *
     * @param recorded the steps at which the network is kept
     */
    public Trained train(FiniteNetwork start, Split train, Split test, Collection<Integer> recorded) {
        Inputs x = train.inputs();
        start.layers(x.shape()).checkWords(x);
        start.layers(x.shape()).checkWords(test.inputs());
        FiniteNetwork network = start.precision(training.precision()).trained(training.part()).calibrated(x);
        int outputs = network.layers(x.shape()).outputShape(x.shape()).size();
        if (outputs != train.targets()[0].length) {
            throw Failure.input("the network has " + outputs + " outputs and the data have " + train.targets()[0].length
                    + " targets; leave 'outputs' away, or set it to " + train.targets()[0].length);
        }
        int batch = Math.min(training.batch().orElse(x.count()), x.count());
        Map<String, double[]> weights = network.weights(x.shape());
        double[][] f0Train = training.centred() ? network.outputs(x) : new double[x.count()][outputs];
        double[][] f0Test = training.centred() ? network.outputs(test.inputs()) : new double[test.count()][outputs];
        try (TrainingGraph graph = new TrainingGraph(network, training, x, outputs, test.inputs(), batch < x.count(), factors,
                order)) {
            graph.start(weights, learningRate, train, test, f0Train, f0Test);
            return loop(graph, network, train, test, new Batches(x.count(), batch, network.seed().value()), recorded);
        }
    }

    private Trained loop(TrainingGraph graph, FiniteNetwork network, Split train, Split test, Batches batches, Collection<Integer> keep) {
        long began = System.nanoTime();
        List<Trained.Point> history = new ArrayList<>();
        Set<Integer> recorded = watched == null ? recordedSteps(training.until().steps(), training.record()) : new TreeSet<>(watched);
        Map<Integer, double[][]> functions = new TreeMap<>();
        Map<Integer, double[][]> onTest = new TreeMap<>();
        record(graph, history, functions, onTest, 0, began, train, test);
        double first = history.get(0).loss();
        String ended = reached(first, history.get(0).accuracy()).orElse(null);
        Failure failure = null;
        int step = 0;
        Map<Integer, FiniteNetwork> kept = new TreeMap<>();
        if (keep.contains(0)) {
            kept.put(0, network);
        }
        String what = order.order() == 0 ? "training" : "training of order " + order.order();
        try (Monitor.Task task = monitor.begin(what, training.until().steps())) {
            while (ended == null && step < training.until().steps()) {
                if (monitor.cancelled()) {
                    ended = Trained.INTERRUPTED;
                    break;
                }
                TrainingGraph.Step done = graph.step(step + 1, batches.at(step));
                if (hasDiverged(done.loss(), first)) {
                    step++;
                    failure = divergence(step - 1, done.loss(), first);
                    break;
                }
                if (done.ended()) {
                    ended = reached(done.loss(), done.accuracy()).orElse("trainLoss " + training.until().loss());
                    break;
                }
                step++;
                if (keep.contains(step)) {
                    kept.put(step, network.weights(graph.weights()));
                }
                if (recorded.contains(step)) {
                    record(graph, history, functions, onTest, step, began, train, test);
                }
                if (!batches.full() && step % batches.perEpoch() == 0) {
                    double[][] f = graph.train();
                    ended = reached(graph.loss(f, train), accuracy(f, train)).orElse(null);
                }
                ended = ended == null && late(began) ? "maxTime " + training.until().maxTime().get().toMillis() / 1000.0 + "s" : ended;
                task.done(step, String.format(Locale.ROOT, "loss %.3g", done.loss()));
            }
        }
        if (failure == null) {
            if (history.get(history.size() - 1).step() != step) {
                record(graph, history, functions, onTest, step, began, train, test);
            }
            Trained.Point last = history.get(history.size() - 2);
            failure = hasDiverged(last.loss(), first) ? divergence(step, last.loss(), first) : null;
            ended = ended == null ? reached(last.loss(), last.accuracy()).orElse("maxSteps") : ended;
        }
        FiniteNetwork trained = network.weights(graph.weights());
        return new Trained(trained, step, learningRate, failure == null ? Objects.requireNonNull(ended) : "diverged", history,
                graph.train(), graph.test(), kept,
                functions, onTest, Optional.ofNullable(failure));
    }

    private static boolean hasDiverged(double loss, double first) {
        return !(Math.abs(loss) <= DIVERGED * Math.max(first, 1e-3));
    }

    /** Adam's steps have no largest stable rate. */
    private Failure divergence(int step, double loss, double first) {
        String stable = Double.isNaN(largestStable) ? "" : String.format(Locale.ROOT, ", the largest stable one %.4g", largestStable);
        return Failure.run(String.format(Locale.ROOT, "training diverged at step %d: the loss is %.4g (%.4g at the start); the learning "
                + "rate is %.4g%s; "
                + "use learningRate: auto or a smaller number", step, loss, first, learningRate, stable));
    }

    /** Which end of training this loss and accuracy have reached, if any. */
    private Optional<String> reached(double loss, double accuracy) {
        Until until = training.until();
        if (loss <= until.loss()) {
            return Optional.of("trainLoss " + until.loss());
        }
        return until.trainAccuracy().isPresent() && accuracy >= until.trainAccuracy().getAsDouble()
                ? Optional.of("trainAccuracy " + until.trainAccuracy().getAsDouble()) : Optional.empty();
    }

    private boolean late(long began) {
        return training.until().maxTime().isPresent() && System.nanoTime() - began >= training.until().maxTime().get().toNanos();
    }

    private void record(TrainingGraph graph, List<Trained.Point> history, Map<Integer, double[][]> functions,
            Map<Integer, double[][]> onTest, int step, long began, Split train, Split test) {
        double seconds = (System.nanoTime() - began) / 1e9;
        double[][] f = graph.train();
        if (keepsFunctions) {
            functions.put(step, f);
        }
        history.add(new Trained.Point(step, training.timeOfStep(learningRate) * step, seconds, "train", graph.loss(f, train),
                accuracy(f, train)));
        double[][] g = graph.test();
        if (keepsFunctions) {
            onTest.put(step, g);
        }
        history.add(new Trained.Point(step, training.timeOfStep(learningRate) * step, seconds, "test", graph.loss(g, test),
                accuracy(g, test)));
    }

    /** A function with NaN in it is right nowhere. */
    private static double accuracy(double[][] f, Split split) {
        boolean finite = Arrays.stream(f).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
        return finite ? split.accuracy(f) : 0;
    }

    /** This many whole numbers between 1 and the last step, spaced logarithmically. */
    static TreeSet<Integer> recordedSteps(int last, int count) {
        TreeSet<Integer> steps = new TreeSet<>();
        for (int i = 0; i < count && last > 0; i++) {
            double exponent = count == 1 ? 1 : (double) i / (count - 1);
            steps.add((int) Math.round(Math.pow(last, exponent)));
        }
        return steps;
    }
}
