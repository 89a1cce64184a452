package org.ntk4j.network;

import java.util.List;
import java.util.Optional;
import org.ntk4j.finite.Forward;
import org.ntk4j.finite.Signal;
import org.ntk4j.infinite.Arc;
import org.ntk4j.infinite.Covariance;
import org.ntk4j.infinite.GraphForm;
import org.ntk4j.infinite.GraphTerm;
import org.ntk4j.infinite.Pairs;
import org.ntk4j.infinite.PlaneStep;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * A function φ applied to every value. One file each: the function, its TensorFlow twin, and the two expectations that the
 * infinite width needs, for a GPU as ops as well where it says them so. To add one: a file like {@link Relu}, and its line in {@link Grammar}.
 */
public interface Activation extends Layer {

    /** φ(x). */
    double value(double x);

    /** φ at finite width, as TensorFlow ops. */
    Operand<TFloating> apply(Ops tf, Operand<TFloating> x);

    /** Writes E[φ(u)φ(v)] and E[φ'(u)φ'(v)] for Gaussian pairs (u, v). */
    void expectations(Pairs pairs);

    /** The form that the engines for many pairs know, if its expectations are of one: they then take it in vector instructions. */
    default Optional<Arc> arc() {
        return Optional.empty();
    }

    /** The expectations as ops of a graph, if it says them: without them the kernels of a network with it are not computed on a GPU. */
    default Optional<GraphForm> graph() {
        return arc().map(form -> pairs -> pairs.bend((Arc.Bend) form));
    }

    /** E[φ(u)] for u ~ N(0, variance): what layer normalization subtracts. By quadrature where neither an activation nor its form says it. */
    default double mean(double variance) {
        return arc().map(form -> form.mean(variance)).orElseGet(() -> GaussLegendre.mean(this::value, variance));
    }

    /** The same as ops of a graph. */
    default GraphTerm mean(GraphTerm variance) {
        return GaussLegendre.mean(x -> new GraphTerm(x.tf(), apply(x.tf(), x.op())), variance);
    }

    /** A scalar multiple of x that agrees with φ: only then may φ follow anything, Gaussian or not. */
    default boolean isLinear() {
        return false;
    }

    @Override
    default Shape outputShape(Shape in) {
        return in;
    }

    @Override
    default Signal forward(Forward f, Signal x) {
        return f.masked(x.with(apply(f.tf(), x.value())));
    }

    @Override
    default Covariance kernel(Covariance c) {
        return c.activate(this);
    }

    @Override
    default Optional<PlaneStep> plane(Shape in) {
        return Optional.of(new PlaneStep.Activate(this));
    }

    /** Activations have no weights of their own. */
    @Override
    default List<Weights> weights(Shape in) {
        return List.of();
    }
}
