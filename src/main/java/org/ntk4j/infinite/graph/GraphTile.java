package org.ntk4j.infinite.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Settings;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.ArrayMoments;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Side;
import org.ntk4j.moment.Span;
import org.ntk4j.moment.graph.GraphBlock;
import org.ntk4j.moment.graph.GraphMoments;
import org.ntk4j.moment.graph.GraphOwn;
import org.ntk4j.moment.graph.GraphSide;
import org.ntk4j.moment.graph.GraphWatch;
import org.ntk4j.shape.Shape;
import org.ntk4j.tensorflow.SessionConfig;
import org.ntk4j.base.Precision;
import org.ntk4j.tensorflow.Tensors;
import org.ntk4j.tensorflow.EmptyGraph;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.OptimizerOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TInt32;

/**
 * The kernels of a network as one TensorFlow graph with its session: made once, run for tiles of any size. Covariances of positions are
 * taken within the graph from inputs of few channels, so that little is carried to a GPU; others come from {@link InputGram}.
 */
final class GraphTile implements AutoCloseable {

    /** The most products of single channels that are added in the graph; more would take longer than to carry their sum there. */
    private static final int MOST_CHANNELS = 8;

    private final Shape shape;
    private final Span span;
    private final boolean padded;
    private final boolean shared;
    private final boolean within;
    private final Precision precision;
    private final Graph graph = EmptyGraph.open();
    private final Ops tf = Ops.create(graph);
    private final Map<String, Placeholder<?>> feeds = new HashMap<>();
    private final List<Operand<?>> fetched = new ArrayList<>();
    /** Set before anything is asked of it. */
    @SuppressWarnings("NullAway.Init")
    private Session session;

    /**
     * The graph of a network, without its session.
     *
     * @param in     the shape of the inputs
     * @param padded whether positions of some inputs are padding
     * @param shared whether rows and columns of a tile are the same examples
     * @throws GraphMoments.Missing      if something in it has no graph form
     * @throws org.ntk4j.base.Failure if its layers do not go together, as any engine says it
     */
    GraphTile(Serial network, Shape in, boolean padded, boolean shared, Precision precision) {
        this.shape = InputGram.shape(network, in);
        this.span = shape.isVector() ? Span.EQUAL : network.needs(in, Span.EQUAL);
        this.padded = padded;
        this.shared = shared;
        this.precision = precision;
        this.within = span == Span.ALL && network.words().isEmpty() && shape.channels() <= MOST_CHANNELS;
        GraphMoments end;
        try {
            end = (GraphMoments) network.kernel(Covariance.ofInputs(shape, begin()), Span.EQUAL).flattened().moments();
        } catch (RuntimeException | Error e) {
            graph.close();
            throw e;
        }
        fetch(end.watch().left(), end.cross().k().op(), end.cross().tOrZero().op());
        if (shared) {
            fetch(end.self1().all().k().op(), end.self1().all().tOrZero().op());
        }
    }

    /** An op of its own for each: none may be fetched twice, or fed as well. */
    private void fetch(Operand<?>... values) {
        for (Operand<?> value : values) {
            fetched.add(tf.identity(value));
        }
    }

    private GraphMoments begin() {
        int n = shape.positions();
        GraphBlock.Pairing pairing = new GraphBlock.Pairing(indices("left"), indices("right"));
        GraphTerm x1 = within ? values("x1", n, shape.channels()) : null;
        GraphTerm x2 = !within || shared ? x1 : values("x2", n, shape.channels());
        GraphBlock cross = x1 != null && x2 != null ? products(pairing, Span.ALL, x1, x2) : block("cross", pairing);
        GraphOwn self1 = own("self1", x1);
        GraphOwn self2 = shared ? self1 : own("self2", x2);
        GraphSide side1 = side("1", n);
        return new GraphMoments(cross, self1, self2, side1, shared ? side1 : side("2", n), new GraphWatch(tf));
    }

    private GraphSide side(String which, int n) {
        return new GraphSide(n, values("mean" + which, n), padded ? values("real" + which, n) : null);
    }

    private GraphOwn own(String name, @Nullable GraphTerm x) {
        return x != null ? new GraphOwn(products(null, Span.ALL, x, x), products(null, Span.EQUAL, x, x))
                : GraphOwn.of(block(name, null), shape.positions());
    }

    private GraphBlock block(String name, GraphBlock.@Nullable Pairing pairing) {
        int n = shape.positions();
        return new GraphBlock(pairing, span, 1, span == Span.EQUAL ? values(name, n) : values(name, n, n), null);
    }

    /** Products of the inputs over the channels. */
    private GraphBlock products(GraphBlock.@Nullable Pairing pairing, Span positions, GraphTerm x1, GraphTerm x2) {
        // Only its pairing and span are asked for.
        GraphBlock none = new GraphBlock(pairing, positions, 1.0 / shape.channels(), channel(x1, 0), null);
        return new GraphBlock(pairing, positions, none.weight(), GraphTerm.sum(IntStream.range(0, shape.channels())
                .mapToObj(c -> none.left(channel(x1, c)).times(none.right(channel(x2, c)))).toList()), null);
    }

    private GraphTerm channel(GraphTerm x, int c) {
        return new GraphTerm(tf, tf.gather(x.op(), tf.constant(c), tf.constant(2)));
    }

    private Operand<TInt32> indices(String name) {
        Placeholder<TInt32> feed = tf.placeholder(TInt32.class, Placeholder.shape(org.tensorflow.ndarray.Shape.of(-1)));
        feeds.put(name, feed);
        return feed;
    }

    private GraphTerm values(String name, int... sizes) {
        var feed = tf.placeholder(Tensors.type(precision), Placeholder.shape(org.tensorflow.ndarray.Shape.of(withCount(-1, sizes))));
        feeds.put(name, feed);
        return new GraphTerm(tf, feed);
    }

    private static long[] withCount(int count, int... sizes) {
        return IntStream.concat(IntStream.of(count), IntStream.of(sizes)).asLongStream().toArray();
    }

    /** Opens the session. */
    GraphTile open(Settings settings) {
        // Formulas stay as they are written: rewriting them takes longer than most kernels and could change digits.
        GraphOptions asWritten = GraphOptions.newBuilder().setRewriteOptions(RewriterConfig.newBuilder().setDisableMetaOptimizer(true))
                .setOptimizerOptions(OptimizerOptions.newBuilder().setOptLevel(OptimizerOptions.Level.L0)).build();
        session = new Session(graph, SessionConfig.config(settings).toBuilder().setGraphOptions(asWritten).build());
        return this;
    }

    /** Both kernels on a tile; empty if a value on the way leaves the range. Of a symmetric kernel's diagonal, both halves. */
    Optional<TileValues> values(InputGram rows, InputGram columns, Tile t) {
        Map<String, Tensor> tensors = new HashMap<>();
        try {
            feed(rows, columns, t, tensors);
            Session.Runner runner = session.runner();
            tensors.forEach((name, tensor) -> runner.feed(feeds.get(name), tensor));
            fetched.forEach(runner::fetch);
            try (Result result = runner.run()) {
                double[] nngp = Tensors.values(precision, result.get(1));
                double[] ntk = Tensors.values(precision, result.get(2));
                if (shared) {
                    onDiagonal(nngp, Tensors.values(precision, result.get(3)));
                    onDiagonal(ntk, Tensors.values(precision, result.get(4)));
                }
                boolean left = ((TBool) result.get(0)).getBoolean();
                boolean finite = Arrays.stream(nngp).allMatch(Double::isFinite) && Arrays.stream(ntk).allMatch(Double::isFinite);
                return left || !finite ? Optional.empty() : Optional.of(new TileValues(t, nngp, ntk));
            }
        } finally {
            tensors.values().forEach(Tensor::close);
        }
    }

    private static void onDiagonal(double[] square, double[] own) {
        for (int i = 0; i < own.length; i++) {
            square[i * (own.length + 1)] = own[i];
        }
    }

    private void feed(InputGram rows, InputGram columns, Tile t, Map<String, Tensor> tensors) {
        int n1 = t.rows();
        int n2 = t.columns();
        tensors.put("left", TInt32.vectorOf(IntStream.range(0, n1 * n2).map(i -> i / n2).toArray()));
        tensors.put("right", TInt32.vectorOf(IntStream.range(0, n1 * n2).map(i -> i % n2).toArray()));
        side("1", rows, t.i0(), t.i1(), tensors);
        if (!shared) {
            side("2", columns, t.j0(), t.j1(), tensors);
        }
        if (within) {
            return;
        }
        ArrayMoments products = InputGram.covariance(rows, t.i0(), t.i1(), columns, t.j0(), t.j1()).arrays();
        tensors.put("cross", tensor(products.cross().k(), n1 * n2));
        tensors.put("self1", tensor(products.self1().k(), n1));
        if (!shared) {
            tensors.put("self2", tensor(products.self2().k(), n2));
        }
    }

    private Tensor tensor(double[] k, int count) {
        int n = shape.positions();
        return Tensors.of(precision, k, span == Span.EQUAL ? withCount(count, n) : withCount(count, n, n));
    }

    private void side(String which, InputGram gram, int from, int to, Map<String, Tensor> tensors) {
        int n = shape.positions();
        Side side = gram.side(from, to);
        tensors.put("mean" + which, Tensors.of(precision, side.meanOrZero(), to - from, n));
        if (padded) {
            double[] real = side.real();
            if (real == null) {
                real = new double[(to - from) * n];
                Arrays.fill(real, 1);
            }
            tensors.put("real" + which, Tensors.of(precision, real, to - from, n));
        }
        if (within) {
            double[] x = IntStream.range(from, to).boxed().flatMapToDouble(i -> Arrays.stream(gram.example(i))).toArray();
            tensors.put("x" + which, Tensors.of(precision, x, to - from, n, shape.channels()));
        }
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
        }
        graph.close();
    }
}
