package org.ntk4j.activation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.forward.Numbers;
import org.ntk4j.gaussian.ArcTangent;
import org.ntk4j.gaussian.GraphForm;
import org.ntk4j.gaussian.GraphPairs;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.grammar.Options;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TFloating;

/**
 * {@code erf}: φ(x) = a·erf(b x) + c (Williams 1997). With variances scaled by b² and
 * {@code D = √((1+2q11)(1+2q22) − 4q12²)}: {@code E[φφ] = a²·(2/π)·arctan(2q12/D) + c²} and
 * {@code E[φ'φ'] = a²b²·(4/π)/D}.
 *
 * @param a the factor outside
 * @param b the factor inside
 * @param c the offset
 */
public record Erf(double a, double b, double c) implements Activation {

    public Erf {
        if (!Double.isFinite(a) || !Double.isFinite(b) || !Double.isFinite(c)) {
            throw Failure.input("erf: a, b and c must be numbers, not " + a + ", " + b + ", " + c);
        }
    }

    public static Erf read(Options o) {
        return new Erf(o.real("a", 1, -Double.MAX_VALUE, Double.MAX_VALUE), o.real("b", 1, -Double.MAX_VALUE, Double.MAX_VALUE),
                o.real("c", 0, -Double.MAX_VALUE, Double.MAX_VALUE));
    }

    @Override
    public String name() {
        return "erf";
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("a", a);
        options.put("b", b);
        options.put("c", c);
        return options;
    }

    @Override
    public double value(double x) {
        return a * org.hipparchus.special.Erf.erf(b * x) + c;
    }

    @Override
    public Operand<TFloating> apply(Ops tf, Operand<TFloating> x) {
        Operand<TFloating> y = tf.math.erf(b == 1 ? x : tf.math.mul(Numbers.like(tf, x, b), x));
        Operand<TFloating> scaled = a == 1 ? y : tf.math.mul(Numbers.like(tf, x, a), y);
        return c == 0 ? scaled : tf.math.add(scaled, Numbers.like(tf, x, c));
    }

    @Override
    public double mean(double variance) {
        return c;
    }

    @Override
    public void expectations(Pairs p) {
        p.correlate();
        double b2 = b * b;
        double[] angle = p.work;
        for (int i = 0; i < p.n; i++) {
            double u = 1 + 2 * b2 * p.q11[i];
            double v = 1 + 2 * b2 * p.q22[i];
            // D² = 1 + 2(q11 + q22) + 4 q11 q22 (1 − ρ²): nothing cancels, however large the variances are.
            double base = Math.sqrt(u + v - 1);
            double cross = 2 * b2 * p.amplitude[i] * Math.sqrt((1 - p.rho[i]) * (1 + p.rho[i]));
            double largest = Math.max(base, cross);
            double d = largest * Math.sqrt((base / largest) * (base / largest) + (cross / largest) * (cross / largest));
            p.slope[i] = a * a * b2 * (4 / Math.PI) / d;
            // arctan(2q/D) = 2 arctan(2q / (D + √((1+2q11)(1+2q22)))), whose argument stays within [−1, 1].
            angle[i] = 2 * b2 * p.q12[i] / (d + Math.sqrt(u) * Math.sqrt(v));
        }
        ArcTangent.inPlace(angle, p.n, p.scratch);
        for (int i = 0; i < p.n; i++) {
            p.value[i] = a * a * (4 / Math.PI) * angle[i] + c * c;
        }
    }

    @Override
    public Optional<GraphForm> graph() {
        return Optional.of(p -> {
            double b2 = b * b;
            GraphTerm u = p.q11().times(2 * b2).plus(1);
            GraphTerm v = p.q22().times(2 * b2).plus(1);
            GraphTerm d = u.plus(v.plus(-1)).plus(p.minor().times(4 * b2 * b2)).sqrt();
            GraphTerm angle = GraphPairs.arctangent(p.q12().times(2 * b2), d, u.sqrt().times(v.sqrt()));
            return new GraphForm.Expectations(angle.times(a * a * (4 / Math.PI)).plus(c * c), d.under(a * a * b2 * (4 / Math.PI)));
        });
    }
}
