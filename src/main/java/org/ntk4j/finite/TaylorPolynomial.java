package org.ntk4j.finite;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.ntk4j.forward.BatchMoments;
import org.ntk4j.forward.Numbers;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * The Taylor polynomial of a network in its weights around θ_0, with δ = θ − θ_0: {@code f(θ_0) + Jδ}, of order 2 also
 * {@code + ½ δᵀHδ}.
 *
 * <p>Without Jacobians: for any u, {@code a(u) = ∂(u·f)/∂θ · δ} is linear in u, and its derivative with respect to u is Jδ; the derivative
 * of a(u) with respect to θ_0 is H(u)δ, and half of its product with δ has the derivative ½ δᵀHδ with respect to u. A loss whose derivative
 * with respect to the polynomial is r has the gradient {@code Jᵀr + H(r)δ}.
 *
 * <p>Where TensorFlow has no second derivatives: {@code Jδ = (f(θ_0 + εδ) − f(θ_0 − εδ))/(2ε)} and so on, with εδ a {@link #step} of the
 * length of θ_0.
 */
final class TaylorPolynomial implements FunctionOfWeights {

    /** The length of a difference's step over that of θ_0: cut-off and rounding are both about its square in float64. */
    static final double STEP = 1e-4;

    private final CompiledNetwork compiled;
    private final Ops tf;
    private final List<String> trained;
    private final ExpansionOrder order;
    /** θ_0. */
    private final Map<String, CompiledNetwork.Variable> start = new LinkedHashMap<>();
    private final CompiledNetwork.Variable step;
    private int passes;

    TaylorPolynomial(CompiledNetwork compiled, List<String> trained, ExpansionOrder order) {
        this.compiled = compiled;
        this.tf = compiled.tf();
        this.trained = trained;
        this.order = order;
        compiled.weights().forEach((name, w) -> start.put(name, compiled.variable("start/" + name, w.shape())));
        this.step = compiled.variable("start/step", List.of());
    }

    @Override
    public void start(Map<String, double[]> weights) {
        compiled.assign(start, weights);
        step(STEP);
    }

    /** Another step of the differences. */
    void step(double length) {
        compiled.assign(step, new double[] {length});
    }

    @Override
    public Values at(Operand<TFloating> x, BatchMoments moments) {
        Side centre = new Side(x, "centre" + passes++, name -> read(start, name));
        return order.byDifferences() ? new ByDifferences(x, centre) : new Exact(centre);
    }

    private static Operand<TFloating> read(Map<String, CompiledNetwork.Variable> variables, String name) {
        return Objects.requireNonNull(variables.get(name), name).read();
    }

    /** δ of each trained tensor, as a number that nothing depends on. */
    private List<Operand<TFloating>> moves() {
        return trained.stream().<Operand<TFloating>>map(
                name -> tf.stopGradient(tf.math.sub(read(compiled.weights(), name), read(start, name)))).toList();
    }

    /** The network with some weights, and its derivatives there. */
    private final class Side {

        private final String name;
        private final List<Operand<TFloating>> weights;
        private final Operand<TFloating> f;
        private int derivatives;

        Side(Operand<TFloating> x, String name, Function<String, Operand<TFloating>> weights) {
            this.name = name;
            this.weights = trained.stream().map(weights).toList();
            Map<String, Operand<TFloating>> own = new LinkedHashMap<>();
            for (int i = 0; i < trained.size(); i++) {
                own.put(trained.get(i), this.weights.get(i));
            }
            this.f = compiled.pass(x, n -> own.computeIfAbsent(n, other -> read(start, other))).outputs();
        }

        /** {@code ∂(u·y)/∂θ} of each tensor; zeros where nothing depends on it. */
        List<Operand<TFloating>> byWeights(Operand<TFloating> y, Operand<TFloating> u) {
            List<Operand<TFloating>> found = gradients(name + "/" + derivatives++, y, weights, u);
            List<Operand<TFloating>> all = new ArrayList<>();
            for (int i = 0; i < found.size(); i++) {
                all.add(isNone(found.get(i)) ? tf.zerosLike(weights.get(i)) : found.get(i));
            }
            return all;
        }

        /** The derivative of a number with respect to u. */
        Operand<TFloating> by(Operand<TFloating> u, Operand<TFloating> y) {
            Operand<TFloating> found = gradients(name + "/" + derivatives++, y, List.of(u), Numbers.like(tf, y, 1)).get(0);
            return isNone(found) ? tf.zerosLike(u) : found;
        }
    }

    private static boolean isNone(Operand<TFloating> gradient) {
        return gradient.asOutput().isClosed();
    }

    private List<Operand<TFloating>> gradients(String name, Operand<TFloating> y, List<Operand<TFloating>> of, Operand<TFloating> seed) {
        List<Operand<TFloating>> all = new ArrayList<>();
        for (Output<?> one : compiled.graph().addGradients(name, new Output<?>[] {y.asOutput()},
                of.stream().map(Operand::asOutput).toArray(Output<?>[]::new), new Output<?>[] {seed.asOutput()})) {
            @SuppressWarnings("unchecked")
            Operand<TFloating> typed = (Operand<TFloating>) one;
            all.add(typed);
        }
        return all;
    }

    /** Σ of the products, over all tensors. */
    private Operand<TFloating> product(List<Operand<TFloating>> a, List<Operand<TFloating>> b) {
        List<Operand<TFloating>> terms = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            Operand<TFloating> flat = tf.reshape(tf.math.mul(a.get(i), b.get(i)), tf.constant(new int[] {-1}));
            terms.add(tf.reduceSum(flat, tf.constant(0)));
        }
        return terms.size() == 1 ? terms.get(0) : tf.math.addN(terms);
    }

    private Operand<TFloating> one(Operand<TFloating> like) {
        return Numbers.like(tf, like, 1);
    }

    private Operand<TFloating> derivative(Operand<TFloating> loss, Operand<TFloating> outputs) {
        return tf.stopGradient(gradients("loss", loss, List.of(outputs), one(loss)).get(0));
    }

    private List<Operand<TFloating>> sums(List<Operand<TFloating>> a, List<Operand<TFloating>> b) {
        List<Operand<TFloating>> sums = new ArrayList<>();
        for (int i = 0; i < a.size(); i++) {
            sums.add(tf.math.add(a.get(i), b.get(i)));
        }
        return sums;
    }

    /** By TensorFlow's derivatives. */
    private final class Exact implements Values {

        private final Side side;
        private final List<Operand<TFloating>> moves = moves();
        private final Operand<TFloating> outputs;

        Exact(Side side) {
            this.side = side;
            Operand<TFloating> u = tf.stopGradient(tf.zerosLike(side.f));
            Operand<TFloating> a = product(side.byWeights(side.f, u), moves);
            Operand<TFloating> sum = tf.math.add(side.f, side.by(u, a));
            if (order.order() == 2) {
                Operand<TFloating> b = tf.math.mul(product(side.byWeights(a, one(a)), moves), Numbers.like(tf, a, 0.5));
                sum = tf.math.add(sum, side.by(u, b));
            }
            outputs = sum;
        }

        @Override
        public Operand<TFloating> outputs() {
            return outputs;
        }

        @Override
        public List<Operand<TFloating>> gradients(Operand<TFloating> loss) {
            List<Operand<TFloating>> first = side.byWeights(side.f, derivative(loss, outputs));
            if (order.order() == 1) {
                return first;
            }
            Operand<TFloating> a = product(first, moves);
            return sums(first, side.byWeights(a, one(a)));
        }
    }

    /** By central differences of values and of first derivatives. */
    private final class ByDifferences implements Values {

        private final Side centre;
        private final Side above;
        private final Side below;
        private final Operand<TFloating> epsilon;
        private final Operand<TFloating> outputs;

        ByDifferences(Operand<TFloating> x, Side centre) {
            this.centre = centre;
            List<Operand<TFloating>> moves = moves();
            Operand<TFloating> size = tf.math.sqrt(product(centre.weights, centre.weights));
            Operand<TFloating> length = tf.math.add(tf.math.sqrt(product(moves, moves)), Numbers.like(tf, size, 1e-30));
            this.epsilon = tf.stopGradient(tf.math.div(tf.math.mul(size, step.read()), length));
            Map<String, Operand<TFloating>> steps = new LinkedHashMap<>();
            for (int i = 0; i < moves.size(); i++) {
                steps.put(trained.get(i), tf.math.mul(moves.get(i), epsilon));
            }
            this.above = new Side(x, centre.name + "/above", n -> tf.math.add(read(start, n), Objects.requireNonNull(steps.get(n))));
            this.below = new Side(x, centre.name + "/below", n -> tf.math.sub(read(start, n), Objects.requireNonNull(steps.get(n))));
            Operand<TFloating> twice = tf.math.add(epsilon, epsilon);
            Operand<TFloating> sum = tf.math.add(centre.f, tf.math.div(tf.math.sub(above.f, below.f), twice));
            if (order.order() == 2) {
                Operand<TFloating> bend = tf.math.sub(tf.math.add(above.f, below.f), tf.math.add(centre.f, centre.f));
                sum = tf.math.add(sum, tf.math.div(bend, tf.math.mul(twice, epsilon)));
            }
            outputs = sum;
        }

        @Override
        public Operand<TFloating> outputs() {
            return outputs;
        }

        @Override
        public List<Operand<TFloating>> gradients(Operand<TFloating> loss) {
            Operand<TFloating> r = derivative(loss, outputs);
            List<Operand<TFloating>> first = centre.byWeights(centre.f, r);
            if (order.order() == 1) {
                return first;
            }
            List<Operand<TFloating>> up = above.byWeights(above.f, r);
            List<Operand<TFloating>> down = below.byWeights(below.f, r);
            List<Operand<TFloating>> bends = new ArrayList<>();
            for (int i = 0; i < up.size(); i++) {
                bends.add(tf.math.div(tf.math.sub(up.get(i), down.get(i)), tf.math.add(epsilon, epsilon)));
            }
            return sums(first, bends);
        }
    }
}
