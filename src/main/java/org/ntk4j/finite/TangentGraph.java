package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.List;
import org.ntk4j.data.Inputs;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.family.TFloating;

/**
 * The graph of a tangent kernel: forward and backward pass of a block of examples, and the products of two blocks. What
 * enters the products of a map at one position is h and δ; at several positions its per-example gradients.
 */
final class TangentGraph {

    /** What one block contributes to the products of a map, as nodes of the graph and as places to feed. */
    private record Factor(LinearMap map, Operand<TFloating> left, Operand<TFloating> right) {
        boolean single() {
            return map.positions() == 1;
        }
    }

    private final Compiled compiled;
    private final Compiled.Pass pass;
    private final Placeholder<TFloating> batch;
    private final Placeholder<TFloating> output;
    private final List<Factor> factors = new ArrayList<>();

    private final List<Placeholder<TFloating>> feedsOfGram = new ArrayList<>();
    private final List<Operand<TFloating>> gramOfInputs = new ArrayList<>();
    private final List<Placeholder<TFloating>> grams = new ArrayList<>();
    private final List<Placeholder<TFloating>> feedsLeft = new ArrayList<>();
    private final List<Placeholder<TFloating>> feedsRight = new ArrayList<>();
    private final Operand<TFloating> share;

    TangentGraph(Compiled compiled) {
        this.compiled = compiled;
        Ops tf = compiled.tf();
        Class<TFloating> type = compiled.precision().type();
        this.batch = compiled.batch(compiled.in());
        this.pass = compiled.pass(batch);
        this.output = tf.placeholder(type, Placeholder.shape(org.tensorflow.ndarray.Shape.of(pass.count())));
        Operand<TFloating> seeds = tf.broadcastTo(output, tf.shape(pass.outputs()));
        List<LinearMap> maps = pass.maps();
        Output<?>[] z = maps.stream().map(m -> m.z().asOutput()).toArray(Output<?>[]::new);
        Output<?>[] deltas = z.length == 0 ? z : compiled.graph().addGradients("tangent", new Output<?>[] {pass.outputs().asOutput()}, z,
                new Output<?>[] {seeds.asOutput()});
        Operand<TFloating> sum = null;
        for (int i = 0; i < deltas.length; i++) {
            LinearMap m = maps.get(i);
            Operand<TFloating> delta = compiled.cast(deltas[i]);
            Operand<TFloating> part;
            double scale2 = m.scale() * m.scale();
            double bias2 = m.bias() * m.bias();
            if (m.positions() == 1) {
                factors.add(new Factor(m, tf.reshape(m.h(), tf.constant(new int[] {-1, m.in()})), tf.reshape(delta, tf.constant(new int[] {-1, m.out()}))));
                Placeholder<TFloating> a = matrix(m.in());
                Placeholder<TFloating> b = matrix(m.in());
                feedsOfGram.add(a);
                feedsOfGram.add(b);
                Operand<TFloating> gram = tf.linalg.matMul(a, b, MatMul.transposeB(true));
                gramOfInputs.add(tf.math.add(tf.math.mul(gram, Numbers.like(tf, gram, scale2)), Numbers.like(tf, gram, bias2)));
                Placeholder<TFloating> fed = tf.placeholder(type, Placeholder.shape(org.tensorflow.ndarray.Shape.of(-1, -1)));
                grams.add(fed);
                part = tf.math.mul(fed, product(m.out()));
            } else {
                Operand<TFloating> h3 = tf.reshape(m.h(), tf.constant(new int[] {-1, m.positions(), m.in()}));
                Operand<TFloating> d3 = tf.reshape(delta, tf.constant(new int[] {-1, m.positions(), m.out()}));
                Operand<TFloating> gradient = tf.train.batchMatMul(h3, d3, type, BatchMatMul.adjX(true));
                Operand<TFloating> summed = tf.reduceSum(d3, tf.constant(1));
                factors.add(new Factor(m, tf.reshape(gradient, tf.constant(new int[] {-1, m.in() * m.out()})), summed));
                Operand<TFloating> weights = product(m.in() * m.out());
                Operand<TFloating> biases = product(m.out());
                part = tf.math.add(tf.math.mul(weights, Numbers.like(tf, weights, scale2)), tf.math.mul(biases, Numbers.like(tf, biases, bias2)));
            }
            sum = sum == null ? part : tf.math.add(sum, part);
        }
        this.share = sum;
    }

    private Placeholder<TFloating> matrix(int columns) {
        return compiled.tf().placeholder(compiled.precision().type(), Placeholder.shape(org.tensorflow.ndarray.Shape.of(-1, columns)));
    }

    private Operand<TFloating> product(int columns) {
        Placeholder<TFloating> left = matrix(columns);
        Placeholder<TFloating> right = matrix(columns);
        feedsLeft.add(left);
        feedsRight.add(right);
        return compiled.tf().linalg.matMul(left, right, MatMul.transposeB(true));
    }

    int outputs() {
        return pass.count();
    }

    int maps() {
        return factors.size();
    }

    long valuesOfWeights() {
        return compiled.weights().values().stream().mapToLong(v -> v.shape().stream().mapToLong(Integer::longValue).reduce(1, (a, b) -> a * b)).sum();
    }

    /** Values of one example that do not depend on the output. */
    long valuesOfForward() {
        return factors.stream().mapToLong(f -> (long) f.map.positions() * f.map.in()).sum();
    }

    /** Values of one example for one output. */
    long valuesOfBackward() {
        return factors.stream().mapToLong(f -> f.single() ? f.map.out() : (long) f.map.in() * f.map.out() + (long) f.map.positions() * f.map.out()).sum();
    }

    /** The inputs h of the maps at one position, for examples {@code from … to}; to be closed. */
    Result inputs(Inputs x, int from, int to) {
        Session.Runner runner = compiled.session().runner();
        factors.stream().filter(Factor::single).forEach(f -> runner.fetch(f.left));
        return run(runner, x, from, to);
    }

    /** What output c contributes, for examples {@code from … to}; to be closed. */
    Result backward(Inputs x, int from, int to, int c) {
        Session.Runner runner = compiled.session().runner();
        factors.forEach(f -> {
            if (!f.single()) {
                runner.fetch(f.left);
            }
            runner.fetch(f.right);
        });
        double[] one = new double[pass.count()];
        one[c] = 1;
        try (Tensor seed = compiled.precision().tensor(one, one.length)) {
            return run(runner.feed(output, seed), x, from, to);
        }
    }

    private Result run(Session.Runner runner, Inputs x, int from, int to) {
        if (runner.isEmpty()) {
            return null;
        }
        int size = x.shape().size();
        try (Tensor feed = compiled.precision().tensor(x.values(), from * size, (to - from) * size, Compiled.withBatch(to - from, x.shape()))) {
            return runner.feed(batch, feed).run();
        }
    }

    /** The products of the inputs of two blocks, which all outputs share; to be closed. */
    Grams grams(Result left, Result right) {
        if (gramOfInputs.isEmpty()) {
            return new Grams(null);
        }
        Session.Runner runner = compiled.session().runner();
        for (int i = 0; i < gramOfInputs.size(); i++) {
            runner.feed(feedsOfGram.get(2 * i), left.get(i)).feed(feedsOfGram.get(2 * i + 1), right.get(i)).fetch(gramOfInputs.get(i));
        }
        return new Grams(runner.run());
    }

    /** The products of the inputs of two blocks. */
    final class Grams implements AutoCloseable {
        private final Result products;

        private Grams(Result products) {
            this.products = products;
        }

        /** {@code J_c J_dᵀ} between the blocks, row by row, from the backward passes of both. */
        double[] share(Result left, Result right) {
            Session.Runner runner = compiled.session().runner();
            for (int i = 0; i < grams.size(); i++) {
                runner.feed(grams.get(i), products.get(i));
            }
            for (int i = 0; i < feedsLeft.size(); i++) {
                runner.feed(feedsLeft.get(i), left.get(i)).feed(feedsRight.get(i), right.get(i));
            }
            try (Result result = runner.fetch(share).run()) {
                return compiled.precision().values(result.get(0));
            }
        }

        @Override
        public void close() {
            if (products != null) {
                products.close();
            }
        }
    }
}
