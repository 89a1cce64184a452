package org.ntk4j.activation;

import java.util.Optional;
import org.ntk4j.gaussian.GraphForm;
import org.ntk4j.gaussian.Pairs;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/** {@code sigmoidLike}: φ(x) = ½·erf(x / 2.4020563531719796) + ½, an {@link Erf} close to the logistic function. */
public record SigmoidLike() implements Activation {

    private static final Erf ERF = new Erf(0.5, 1 / 2.4020563531719796, 0.5);

    @Override
    public String name() {
        return "sigmoidLike";
    }

    @Override
    public double value(double x) {
        return ERF.value(x);
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return ERF.apply(tf, x);
    }

    @Override
    public double mean(double variance) {
        return 0.5;
    }

    @Override
    public void expectations(Pairs p) {
        ERF.expectations(p);
    }

    @Override
    public Optional<GraphForm> graph() {
        return ERF.graph();
    }
}
