package org.ntk4j.activation;

import org.ntk4j.forward.TwiceDifferentiable;
import org.ntk4j.gaussian.quadrature.Quadrature;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** {@code silu}: φ(x) = x/(1 + e^−x). At infinite width by quadrature. */
public final class Silu extends ByQuadrature {

    @Override
    public String name() {
        return "silu";
    }

    @Override
    public double value(double x) {
        return x / (1 + Math.exp(-x));
    }

    @Override
    Quadrature made() {
        return Quadrature.of(this::value, this::derivative);
    }

    private double derivative(double x) {
        double sigmoid = 1 / (1 + Math.exp(-x));
        return x < -700 ? 0 : sigmoid * (1 + x / (1 + Math.exp(x)));
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return tf.math.mul(x, tf.math.sigmoid(x));
    }

    @Override
    public Operand<TFloating> applyTwice(Ops tf, Operand<TFloating> x) {
        return tf.math.mul(x, TwiceDifferentiable.sigmoid(tf, x));
    }
}
