package org.ntk4j.activation;

import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Numbers;
import org.ntk4j.forward.TwiceDifferentiable;
import org.ntk4j.gaussian.GraphForm;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.grammar.Options;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * {@code rectifiedMonomial}: φ(x) = x^degree for x ≥ 0, 0 else; degree 0 is the step function, whose derivative is 0 almost
 * everywhere. The expectations are those of {@link ArcCosine}.
 *
 * @param degree 0 to 100
 */
public record RectifiedMonomial(int degree) implements Activation {

    public RectifiedMonomial {
        if (degree < 0 || degree > Monomial.HIGHEST) {
            throw Failure.input("rectifiedMonomial: a degree of " + degree + " is not between 0 and " + Monomial.HIGHEST);
        }
    }

    public static RectifiedMonomial read(Options o) {
        return new RectifiedMonomial(o.requiredInteger("degree", 0, Monomial.HIGHEST));
    }

    @Override
    public String name() {
        return "rectifiedMonomial";
    }

    @Override
    public Map<String, Object> options() {
        return Map.of("degree", degree);
    }

    @Override
    public double value(double x) {
        return x >= 0 ? Math.pow(x, degree) : 0;
    }

    /** The step as 1 + ½s(1 − s), s the sign: 1 at 0 too, and sign has a gradient where a comparison has none. */
    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        if (degree > 0) {
            return Monomial.power(tf, tf.nn.relu(x), degree);
        }
        Operand<TFloating> sign = tf.math.sign(x);
        Operand<TFloating> half = tf.math.mul(sign, Numbers.like(tf, x, 0.5));
        return tf.math.add(tf.math.mul(half, tf.math.sub(Numbers.like(tf, x, 1), sign)), Numbers.like(tf, x, 1));
    }

    @Override
    public Operand<TFloating> applyTwice(Ops tf, Operand<TFloating> x) {
        return degree > 0 ? Monomial.power(tf, TwiceDifferentiable.relu(tf, x), degree) : apply(tf, x);
    }

    @Override
    public void expectations(Pairs p) {
        if (degree == 1) {
            ReluFamily.expectations(0, 1, p);
        } else {
            ArcCosine.expectations(degree, p);
        }
    }

    /** Not for the step, whose values at a variance of 0 are of their own. */
    @Override
    public Optional<GraphForm> graph() {
        return degree == 0 ? Optional.empty() : Optional.of(p -> ArcCosine.expectations(degree, p));
    }
}
