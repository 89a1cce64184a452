package org.ntk4j.activation;

import org.ntk4j.forward.TwiceDifferentiable;
import org.ntk4j.gaussian.quadrature.Quadrature;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** {@code tanh}: φ(x) = tanh x. At infinite width by quadrature. */
public final class Tanh extends ByQuadrature {

    @Override
    public String name() {
        return "tanh";
    }

    @Override
    public double value(double x) {
        return Math.tanh(x);
    }

    @Override
    Quadrature made() {
        return Quadrature.of(this::value, this::derivative);
    }

    private double derivative(double x) {
        double cosine = Math.cosh(x);
        return 1 / cosine / cosine;
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return tf.math.tanh(x);
    }

    @Override
    public Operand<TFloating> applyTwice(Ops tf, Operand<TFloating> x) {
        return TwiceDifferentiable.tanh(tf, x);
    }
}
