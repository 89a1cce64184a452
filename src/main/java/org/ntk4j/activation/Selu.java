package org.ntk4j.activation;

import org.ntk4j.forward.Numbers;
import org.ntk4j.forward.TwiceDifferentiable;
import org.ntk4j.gaussian.quadrature.Quadrature;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** {@code selu}: φ(x) = λx for x > 0, λα(e^x − 1) else, with the constants of Klambauer et al. 2017. At infinite width by quadrature. */
public final class Selu extends ByQuadrature {

    private static final double SCALE = 1.0507009873554804934193349852946;
    private static final double ALPHA = 1.6732632423543772848170429916717;

    @Override
    public String name() {
        return "selu";
    }

    @Override
    public double value(double x) {
        return SCALE * (x > 0 ? x : ALPHA * Math.expm1(x));
    }

    @Override
    Quadrature made() {
        return Quadrature.of(this::value, this::derivative);
    }

    private double derivative(double x) {
        return SCALE * (x > 0 ? 1 : ALPHA * Math.exp(x));
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return tf.nn.selu(x);
    }

    @Override
    public Operand<TFloating> applyTwice(Ops tf, Operand<TFloating> x) {
        return tf.math.mul(TwiceDifferentiable.elu(tf, x, ALPHA), Numbers.like(tf, x, SCALE));
    }
}
