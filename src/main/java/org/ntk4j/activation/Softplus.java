package org.ntk4j.activation;

import org.ntk4j.forward.TwiceDifferentiable;
import org.ntk4j.gaussian.quadrature.Quadrature;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** {@code softplus}: φ(x) = ln(1 + e^x). At infinite width by quadrature. */
public final class Softplus extends ByQuadrature {

    @Override
    public String name() {
        return "softplus";
    }

    @Override
    public double value(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    @Override
    Quadrature made() {
        return Quadrature.of(this::value, this::derivative);
    }

    private double derivative(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return tf.math.softplus(x);
    }

    @Override
    public Operand<TFloating> applyTwice(Ops tf, Operand<TFloating> x) {
        return TwiceDifferentiable.softplus(tf, x);
    }
}
