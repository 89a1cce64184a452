package org.ntk4j.activation;

import java.util.Optional;
import org.ntk4j.gaussian.GraphForm;
import org.ntk4j.gaussian.Pairs;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * {@code sign}: φ(x) = −1, 0 or 1. {@code E[φφ] = (2/π)·arcsin ρ} (Cho and Saul 2009, degree 0); its derivative is 0
 * almost everywhere, so the tangent kernel starts anew after it.
 */
public record Sign() implements Activation {

    @Override
    public String name() {
        return "sign";
    }

    @Override
    public double value(double x) {
        return Math.signum(x);
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return tf.math.sign(x);
    }

    @Override
    public void expectations(Pairs p) {
        ArcCosine.arcsineHalf(p);
        for (int i = 0; i < p.n; i++) {
            p.value[i] = 4 / Math.PI * p.work[i];
            p.slope[i] = 0;
        }
    }

    @Override
    public Optional<GraphForm> graph() {
        return Optional.of(p -> new GraphForm.Expectations(p.halfArcsine(p.minor().sqrt()).times(4 / Math.PI), null));
    }
}
