package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.forward.BatchMoments;
import org.ntk4j.forward.EdgesInGraph;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Padding;
import org.ntk4j.forward.Signal;
import org.ntk4j.forward.TrainedMap;
import org.ntk4j.layer.Serial;
import org.ntk4j.layer.Weights;
import org.ntk4j.shape.Shape;
import org.ntk4j.tensorflow.SessionConfig;
import org.ntk4j.tensorflow.Tensors;
import org.ntk4j.tensorflow.EmptyGraph;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TType;

/**
 * A network in a TensorFlow graph, with its weights as resource variables. Build everything that will be needed, then
 * {@link #open()} the session and {@link #load} the weights; a graph is not changed while a session of it runs.
 */
final class CompiledNetwork implements AutoCloseable {

    /** A resource variable: how it is fed, and how it is read. */
    record Variable(Operand<? extends TType> handle, Operand<TFloating> read, Placeholder<TFloating> feed, Op assign, List<Integer> shape) {
    }

    private final Serial layers;
    private final Shape in;
    private final Precision precision;
    private final Settings settings;
    private final Padding padding;
    private final Graph graph = EmptyGraph.open();
    private final Ops tf = Ops.create(graph);
    private final Map<String, Variable> weights = new LinkedHashMap<>();
    private final Map<String, Double> rates;
    /** Set before the first use. */
    @SuppressWarnings("NullAway.Init")
    private Session session;

    CompiledNetwork(Serial layers, Shape in, Precision precision, Settings settings, Padding padding) {
        this.layers = layers;
        this.in = in;
        this.precision = precision;
        this.settings = settings;
        this.padding = padding;
        layers.checked(in);
        this.rates = LayerRates.ofSteps(layers.weights(in));
        for (Weights w : layers.weights(in)) {
            weights.put(w.name(), variable(w.name(), w.shape()));
        }
    }

    Graph graph() {
        return graph;
    }

    Ops tf() {
        return tf;
    }

    Shape in() {
        return in;
    }

    Session session() {
        return session;
    }

    Precision precision() {
        return precision;
    }

    Map<String, Variable> weights() {
        return weights;
    }

    /** A new variable of the network's precision. */
    Variable variable(String name, List<Integer> shape) {
        org.tensorflow.ndarray.Shape sizes = org.tensorflow.ndarray.Shape.of(longs(shape));
        Operand<? extends TType> handle = tf.varHandleOp(Tensors.type(precision), sizes,
                org.tensorflow.op.core.VarHandleOp.sharedName(name));
        Placeholder<TFloating> feed = tf.placeholder(Tensors.type(precision), Placeholder.shape(sizes));
        return new Variable(handle, tf.readVariableOp(handle, Tensors.type(precision)), feed, tf.assignVariableOp(handle, feed), shape);
    }

    /** A place to feed a batch of inputs of any size, as {@link #fed} has them. */
    Placeholder<TFloating> batch() {
        return tf.placeholder(Tensors.type(precision), Placeholder.shape(org.tensorflow.ndarray.Shape.of(withBatch(-1, fedShape()))));
    }

    /** The shape of an input with what it is fed with. */
    Shape fedShape() {
        return padding.graphs() == null ? in : in.withChannels(in.channels() + in.positions());
    }

    /**
     * Inputs as they are fed: where they have graphs, each node's channels are followed by the weights of the edges that enter it, tail by
     * tail.
     */
    static Inputs fed(Inputs x) {
        if (x.graphs().isEmpty()) {
            return x;
        }
        int n = x.shape().positions();
        int c = x.shape().channels();
        double[] values = new double[Math.multiplyExact(x.count(), Math.multiplyExact(n, c + n))];
        for (int i = 0; i < x.count(); i++) {
            double[] weights = x.graphs().get().of(i).matrix(n);
            for (int head = 0; head < n; head++) {
                int to = (i * n + head) * (c + n);
                System.arraycopy(x.values(), (i * n + head) * c, values, to, c);
                for (int tail = 0; tail < n; tail++) {
                    values[to + c + tail] = x.isReal(i, head) ? weights[tail * n + head] : Double.NaN;
                }
            }
        }
        return Inputs.of(values, x.count(), x.shape().withChannels(c + n));
    }

    /** A forward pass of its own over inputs that are already in the graph. */
    Pass pass(Operand<TFloating> x) {
        return pass(x, false);
    }

    /**
     * A forward pass of its own over inputs that are already in the graph.
     *
     * @param often whether many values are going to meet each weight: more examples or ways back than a map has inputs
     */
    Pass pass(Operand<TFloating> x, boolean often) {
        return pass(x, often, BatchMoments.saved());
    }

    /**
     * A forward pass of its own over inputs that are already in the graph, with statistics from elsewhere.
     *
     * @param moments where batch normalization takes its statistics from
     */
    Pass pass(Operand<TFloating> x, boolean often, BatchMoments moments) {
        return pass(x, forward(x, name -> Objects.requireNonNull(weights.get(name)).read(), often, moments));
    }

    /** A forward pass with other weights, of operations that can be differentiated twice where there are any. */
    Pass pass(Operand<TFloating> x, Function<String, Operand<TFloating>> others) {
        return pass(x, forward(x, others, true, BatchMoments.saved()).differentiableTwice());
    }

    private Forward forward(Operand<TFloating> x, Function<String, Operand<TFloating>> from, boolean often, BatchMoments moments) {
        return Forward.in(tf, from, often, edges(x), name -> Objects.requireNonNull(rates.get(name)), moments);
    }

    private Pass pass(Operand<TFloating> x, Forward forward) {
        Signal out = layers.forward(forward, forward.input(padding.graphs() == null ? x : channels(x, 0, in.channels()), in, padding));
        int outputs = out.shape().size();
        return new Pass(tf.reshape(out.value(), tf.constant(new int[] {-1, outputs})), outputs, forward.maps(), out.origin());
    }

    /** The weights of the edges that follow the channels of inputs with graphs. */
    private @Nullable EdgesInGraph edges(Operand<TFloating> x) {
        if (padding.graphs() == null) {
            return null;
        }
        Operand<TFloating> weights = channels(x, in.channels(), in.positions());
        return new EdgesInGraph(padding.any() ? tf.select(tf.math.isNan(weights), tf.zerosLike(weights), weights) : weights, in.positions(),
                padding.graphs());
    }

    private Operand<TFloating> channels(Operand<TFloating> x, int from, int count) {
        return tf.slice(x, tf.constant(new int[] {0, 0, from}), tf.constant(new int[] {-1, -1, count}));
    }

    /**
     * A forward pass.
     *
     * @param outputs {@code [batch, count]}
     * @param count   the number of outputs of one example
     * @param maps    the linear maps on the way
     * @param origin  how the outputs come from the last of them
     */
    record Pass(Operand<TFloating> outputs, int count, List<TrainedMap> maps, Signal.Origin origin) {
    }

    /** Opens the session; nothing may be added to the graph afterwards. */
    Session open() {
        session = new Session(graph, SessionConfig.config(settings));
        return session;
    }

    /** Opens the session for few runs, in which the graph stays as it is; nothing may be added to it afterwards. */
    Session openAsWritten() {
        session = new Session(graph, SessionConfig.asWritten(settings));
        return session;
    }

    /** Sets the values of the weights, all in one run: before a run of something new TensorFlow goes through the whole graph. */
    void load(Map<String, double[]> values) {
        assign(weights, values);
    }

    /** Sets the values of variables by their names, all in one run. */
    void assign(Map<String, Variable> variables, Map<String, double[]> values) {
        List<Tensor> tensors = new ArrayList<>();
        try {
            Session.Runner runner = session.runner();
            variables.forEach((name, variable) -> {
                Tensor tensor = Tensors.of(precision, Objects.requireNonNull(values.get(name), name), longs(variable.shape()));
                tensors.add(tensor);
                runner.feed(variable.feed(), tensor).addTarget(variable.assign());
            });
            if (!tensors.isEmpty()) {
                runner.run().close();
            }
        } finally {
            tensors.forEach(Tensor::close);
        }
    }

    /** Sets the values of a variable, in C order. */
    void assign(Variable variable, double[] values) {
        try (Tensor tensor = Tensors.of(precision, values, longs(variable.shape()))) {
            session.runner().feed(variable.feed(), tensor).addTarget(variable.assign()).run().close();
        }
    }

    /** The weights as they are now. */
    Map<String, double[]> read() {
        Map<String, double[]> values = new LinkedHashMap<>();
        weights.forEach((name, variable) -> values.put(name, fetch(variable.read())));
        return values;
    }

    /** What batch normalization has measured in a pass, by the names of the weights that keep it; for inputs that are fed, or there. */
    Map<String, double[]> measured(BatchMoments moments, Session.Runner runner) {
        Map<String, double[]> values = new LinkedHashMap<>();
        if (moments.byPath().isEmpty()) {
            return values;
        }
        moments.byPath().values().forEach(pair -> runner.fetch(pair.mean()).fetch(pair.variance()));
        try (var result = runner.run()) {
            int at = 0;
            for (String path : moments.byPath().keySet()) {
                values.put(path + "/mean", Tensors.values(precision, result.get(at++)));
                values.put(path + "/variance", Tensors.values(precision, result.get(at++)));
            }
        }
        return values;
    }

    /** The values of a node that needs no feed. */
    double[] fetch(Operand<TFloating> node) {
        try (var result = session.runner().fetch(node).run()) {
            return Tensors.values(precision, result.get(0));
        }
    }

    static long[] withBatch(int batch, Shape shape) {
        int[] sizes = shape.sizes();
        long[] all = new long[sizes.length + 1];
        all[0] = batch;
        for (int i = 0; i < sizes.length; i++) {
            all[i + 1] = sizes[i];
        }
        return all;
    }

    static long[] longs(List<Integer> sizes) {
        return sizes.stream().mapToLong(Integer::longValue).toArray();
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
        }
        graph.close();
    }
}
