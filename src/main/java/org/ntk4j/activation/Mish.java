package org.ntk4j.activation;

import org.ntk4j.forward.TwiceDifferentiable;
import org.ntk4j.gaussian.quadrature.Quadrature;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** {@code mish}: φ(x) = x·tanh(ln(1 + e^x)). At infinite width by quadrature. */
public final class Mish extends ByQuadrature {

    /** tanh(ln(1 + e^x)) as a quotient, of e^x on the left and of e^−x on the right. */
    private static double gate(double x) {
        double e = Math.exp(-Math.abs(x));
        return x < 0 ? e * (e + 2) / (e * (e + 2) + 2) : (1 + 2 * e) / (1 + 2 * e + 2 * e * e);
    }

    @Override
    public String name() {
        return "mish";
    }

    @Override
    public double value(double x) {
        return x * gate(x);
    }

    @Override
    Quadrature made() {
        return Quadrature.of(this::value, this::derivative);
    }

    private double derivative(double x) {
        double gate = gate(x);
        return gate + (x < -700 ? 0 : x * (1 - gate) * (1 + gate) / (1 + Math.exp(-x)));
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return tf.math.mul(x, tf.math.tanh(tf.math.softplus(x)));
    }

    @Override
    public Operand<TFloating> applyTwice(Ops tf, Operand<TFloating> x) {
        return tf.math.mul(x, TwiceDifferentiable.tanh(tf, TwiceDifferentiable.softplus(tf, x)));
    }
}
