package org.ntk4j.activation;

import java.util.Optional;
import org.ntk4j.forward.Signal;
import org.ntk4j.forward.TwiceDifferentiable;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Pairs;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** {@code relu}: φ(x) = max(x, 0). */
public record Relu() implements Activation {

    @Override
    public String name() {
        return "relu";
    }

    @Override
    public double value(double x) {
        return Math.max(x, 0);
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return tf.nn.relu(x);
    }

    @Override
    public Operand<TFloating> applyTwice(Ops tf, Operand<TFloating> x) {
        return TwiceDifferentiable.relu(tf, x);
    }

    @Override
    public Signal after(Signal x, Operand<TFloating> values) {
        return x.rectified(values);
    }

    @Override
    public Optional<Arc> arc() {
        return Optional.of(ReluFamily.arc(0, 1));
    }

    @Override
    public void expectations(Pairs pairs) {
        ReluFamily.expectations(0, 1, pairs);
    }
}
