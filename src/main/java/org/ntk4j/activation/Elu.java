package org.ntk4j.activation;

import org.ntk4j.forward.TwiceDifferentiable;
import org.ntk4j.gaussian.quadrature.Quadrature;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** {@code elu}: φ(x) = x for x > 0, e^x − 1 else. At infinite width by quadrature. */
public final class Elu extends ByQuadrature {

    @Override
    public String name() {
        return "elu";
    }

    @Override
    public double value(double x) {
        return x > 0 ? x : Math.expm1(x);
    }

    @Override
    Quadrature made() {
        return Quadrature.of(this::value, this::derivative);
    }

    private double derivative(double x) {
        return x > 0 ? 1 : Math.exp(x);
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return tf.nn.elu(x);
    }

    @Override
    public Operand<TFloating> applyTwice(Ops tf, Operand<TFloating> x) {
        return TwiceDifferentiable.elu(tf, x, 1);
    }
}
