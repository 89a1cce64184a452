package org.ntk4j.activation;

import org.ntk4j.forward.TwiceDifferentiable;
import org.ntk4j.gaussian.quadrature.Quadrature;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** {@code sigmoid}: φ(x) = 1/(1 + e^−x). At infinite width by quadrature. */
public final class Sigmoid extends ByQuadrature {

    @Override
    public String name() {
        return "sigmoid";
    }

    @Override
    public double value(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Override
    Quadrature made() {
        return Quadrature.of(this::value, this::derivative);
    }

    private double derivative(double x) {
        return value(x) * value(-x);
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return tf.math.sigmoid(x);
    }

    @Override
    public Operand<TFloating> applyTwice(Ops tf, Operand<TFloating> x) {
        return TwiceDifferentiable.sigmoid(tf, x);
    }
}
