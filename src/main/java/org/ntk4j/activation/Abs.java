package org.ntk4j.activation;

import java.util.Optional;
import org.ntk4j.forward.TwiceDifferentiable;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Pairs;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** {@code abs}: φ(x) = |x|. */
public record Abs() implements Activation {

    @Override
    public String name() {
        return "abs";
    }

    @Override
    public double value(double x) {
        return Math.abs(x);
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return tf.math.abs(x);
    }

    @Override
    public Operand<TFloating> applyTwice(Ops tf, Operand<TFloating> x) {
        return TwiceDifferentiable.abs(tf, x);
    }

    @Override
    public Optional<Arc> arc() {
        return Optional.of(ReluFamily.arc(-1, 1));
    }

    @Override
    public void expectations(Pairs p) {
        ReluFamily.expectations(-1, 1, p);
    }
}
