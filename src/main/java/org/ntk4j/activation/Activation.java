package org.ntk4j.activation;

import java.util.Optional;
import org.ntk4j.forward.Forward;
import org.ntk4j.forward.Signal;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.gaussian.quadrature.GaussLegendre;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Propagation;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.shape.Shape;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * A function φ applied to every value. One file each: the function, its TensorFlow twin, and the two expectations that the
 * infinite width needs, for a GPU as ops as well where it says them so. To add one: a file like {@link Relu}, and its line in the grammar
 * ({@code network.Grammar}).
 */
public interface Activation extends Layer, Nonlinearity {

    @Override
    String name();

    @Override
    double value(double x);

    /** φ at finite width, as TensorFlow ops. */
    Operand<TFloating> apply(Ops tf, Operand<TFloating> x);

    /** φ at finite width by operations that can be differentiated twice; those of {@link #apply} where nothing else is said. */
    default Operand<TFloating> applyTwice(Ops tf, Operand<TFloating> x) {
        return apply(tf, x);
    }

    /** E[φ(u)] for u ~ N(0, variance), by quadrature where neither an activation nor its form says it. */
    @Override
    default double mean(double variance) {
        return arc().map(form -> form.mean(variance)).orElseGet(() -> GaussLegendre.mean(this::value, variance));
    }

    @Override
    default GraphTerm mean(GraphTerm variance) {
        return GaussLegendre.mean(x -> new GraphTerm(x.tf(), apply(x.tf(), x.op())), variance);
    }

    @Override
    default Shape outputShape(Shape in) {
        return in;
    }

    @Override
    default Signal forward(Forward f, Signal x) {
        return f.masked(after(x, f.isTwice() ? applyTwice(f.tf(), x.value()) : apply(f.tf(), x.value())));
    }

    /** The values that it gave for a signal, as one. */
    default Signal after(Signal x, Operand<TFloating> values) {
        return x.with(values);
    }

    @Override
    default Covariance kernel(Covariance c) {
        return c.activate(this);
    }

    @Override
    default boolean propagate(Propagation way) {
        return way.activate(this);
    }

    @Override
    default Optional<PlaneStep> plane(Shape in) {
        return Optional.of(new PlaneStep.Activate(this));
    }
}
