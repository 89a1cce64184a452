package org.ntk4j.activation;

import java.util.Optional;
import org.ntk4j.forward.Numbers;
import org.ntk4j.gaussian.ArcTangent;
import org.ntk4j.gaussian.GraphForm;
import org.ntk4j.gaussian.GraphPairs;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.gaussian.Pairs;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * {@code gelu}, the exact one: φ(x) = x·Φ(x), Φ the normal distribution. With {@code Δ = (1+q11)(1+q22) − q12²} and
 * {@code P = E[ΦΦ] = ¼ + arcsin(q12/√((1+q11)(1+q22)))/(2π)}, by partial integration twice:
 * {@code E[φφ] = q12 P + (q11 q22 − q12² + q12²/(1+q11) + q12²/(1+q22))/(2π√Δ)} and
 * {@code E[φ'φ'] = P + q12/(2π√Δ)·(1/(1+q11) + 1/(1+q22) + 1/Δ)}.
 */
public record Gelu() implements Activation {

    @Override
    public String name() {
        return "gelu";
    }

    @Override
    public double value(double x) {
        return 0.5 * x * org.hipparchus.special.Erf.erfc(-x * Math.sqrt(0.5));
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        Operand<TFloating> erf = tf.math.erf(tf.math.mul(x, Numbers.like(tf, x, Math.sqrt(0.5))));
        return tf.math.mul(tf.math.mul(x, Numbers.like(tf, x, 0.5)), tf.math.add(erf, Numbers.like(tf, x, 1)));
    }

    /** E[u Φ(u)] = q E[Φ'(u)], by Stein's lemma. */
    @Override
    public double mean(double variance) {
        return variance / Math.sqrt(2 * Math.PI * (1 + variance));
    }

    @Override
    public void expectations(Pairs p) {
        p.correlate();
        int n = p.n;
        double[] q11 = p.q11;
        double[] q22 = p.q22;
        double[] q12 = p.q12;
        double[] angle = p.work;
        double[] cross = p.value;
        double[] root = p.slope;
        for (int i = 0; i < n; i++) {
            cross[i] = p.amplitude[i] * Math.sqrt((1 - p.rho[i]) * (1 + p.rho[i]));
        }
        // √Δ, where Δ = 1 + q11 + q22 + q11 q22 (1 − ρ²): nothing cancels and nothing overflows.
        for (int i = 0; i < n; i++) {
            double base = Math.sqrt(1 + q11[i] + q22[i]);
            double largest = Math.max(base, cross[i]);
            root[i] = largest * Math.sqrt((base / largest) * (base / largest) + (cross[i] / largest) * (cross[i] / largest));
        }
        for (int i = 0; i < n; i++) {
            angle[i] = q12[i] / (root[i] + Math.sqrt(1 + q11[i]) * Math.sqrt(1 + q22[i]));
        }
        ArcTangent.inPlace(angle, n, p.scratch);
        for (int i = 0; i < n; i++) {
            double both = 0.25 + angle[i] / Math.PI;
            double c = q12[i];
            double d = root[i];
            double sides = c / (1 + q11[i]) + c / (1 + q22[i]);
            p.value[i] = c * both + (cross[i] * (cross[i] / d) + c * (sides / d)) / (2 * Math.PI);
            p.slope[i] = both + (sides / d + c / d / d / d) / (2 * Math.PI);
        }
    }

    @Override
    public Optional<GraphForm> graph() {
        return Optional.of(p -> {
            GraphTerm u = p.q11().plus(1);
            GraphTerm v = p.q22().plus(1);
            GraphTerm minor = p.minor();
            GraphTerm root = u.plus(p.q22()).plus(minor).sqrt();
            GraphTerm both = GraphPairs.arctangent(p.q12(), root, u.sqrt().times(v.sqrt())).times(1 / Math.PI).plus(0.25);
            GraphTerm sides = p.q12().times(u.under(1).plus(v.under(1)));
            GraphTerm area = root.times(2 * Math.PI);
            GraphTerm value = p.q12().times(both).plus(minor.plus(p.q12().times(sides)).over(area));
            GraphTerm slope = both.plus(sides.plus(p.q12().over(root.square())).over(area));
            return new GraphForm.Expectations(value, slope);
        });
    }
}
