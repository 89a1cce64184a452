package org.ntk4j.activation;

import java.util.Optional;
import org.ntk4j.gaussian.GraphForm;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.gaussian.Pairs;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * {@code gabor}: φ(x) = exp(−x²)·sin(x). With {@code D = (1+2q11)(1+2q22) − 4q12²}, {@code s = (1+q11+q22)/D}, {@code r = q12/D} and
 * {@code e = exp((s−1)/2)/√D}: {@code E[φφ] = e·sinh r}, {@code E[φ'φ'] = e·[4r(1+s)·sinh r + (1/D + 8r²)·cosh r]}.
 */
public record Gabor() implements Activation {

    @Override
    public String name() {
        return "gabor";
    }

    @Override
    public double value(double x) {
        return Math.exp(-x * x) * Math.sin(x);
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        return tf.math.mul(tf.math.exp(tf.math.neg(tf.math.square(x))), tf.math.sin(x));
    }

    /** An odd function has none. */
    @Override
    public double mean(double variance) {
        return 0;
    }

    @Override
    public GraphTerm mean(GraphTerm variance) {
        return variance.times(0);
    }

    @Override
    public void expectations(Pairs p) {
        p.correlate();
        for (int i = 0; i < p.n; i++) {
            // D = 1 + 2(q11 + q22) + 4 q11 q22 (1 − ρ²): nothing cancels, and |r| is at most 1/4.
            double base = Math.sqrt(1 + 2 * (p.q11[i] + p.q22[i]));
            double root = Math.hypot(base, 2 * p.amplitude[i] * Math.sqrt((1 - p.rho[i]) * (1 + p.rho[i])));
            double s = (1 + p.q11[i] + p.q22[i]) / root / root;
            double r = p.q12[i] / root / root;
            double e = Math.exp((s - 1) / 2) / root;
            p.value[i] = e * Math.sinh(r);
            p.slope[i] = e * (4 * r * (1 + s) * Math.sinh(r) + (1 / root / root + 8 * r * r) * Math.cosh(r));
        }
    }

    @Override
    public Optional<GraphForm> graph() {
        return Optional.of(p -> {
            GraphTerm sum = p.q11().plus(p.q22()).plus(1);
            GraphTerm d = sum.times(2).plus(-1).plus(p.minor().times(4));
            GraphTerm s = sum.over(d);
            GraphTerm r = p.q12().over(d);
            GraphTerm e = s.plus(-1).times(0.5).exp().over(d.sqrt());
            GraphTerm sinh = r.expm1().minus(r.times(-1).expm1()).times(0.5);
            GraphTerm cosh = r.exp().plus(r.times(-1).exp()).times(0.5);
            GraphTerm slope = r.times(s.plus(1)).times(sinh).times(4).plus(d.under(1).plus(r.square().times(8)).times(cosh));
            return new GraphForm.Expectations(e.times(sinh), e.times(slope));
        });
    }
}
