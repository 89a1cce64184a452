package org.ntk4j.activation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.gaussian.GraphForm;
import org.ntk4j.gaussian.GraphPairs;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.grammar.Options;

/**
 * A wave φ(x) = a·w(b x + c), w a sine or a cosine. With {@code E∓ = exp(−b²·E[(u∓v)²]/2)}, s = w(c) and d = w'(c):
 * {@code E[φφ] = a²/2·(s²·(E₋+E₊) + d²·(E₋−E₊))} and {@code E[φ'φ']} the same with a b for a and the squares
 * exchanged. Written so, a small variance keeps all of its digits.
 */
interface Wave extends Activation {

    /** The factor outside. */
    double a();

    /** The factor inside. */
    double b();

    /** The phase. */
    double c();

    /** w(c). */
    double atPhase();

    /** w'(c). */
    double slopeAtPhase();

    /** The number in an option of a wave, which may be any. */
    static double read(Options o, String key, double standard) {
        return o.real(key, standard, -Double.MAX_VALUE, Double.MAX_VALUE);
    }

    /** Refuses what is no number. */
    static void check(String name, double a, double b, double c) {
        if (!Double.isFinite(a) || !Double.isFinite(b) || !Double.isFinite(c)) {
            throw Failure.input(name + ": a, b and c must be numbers, not " + a + ", " + b + ", " + c);
        }
    }

    @Override
    default Map<String, Object> options() {
        Map<String, Object> options = new LinkedHashMap<>();
        options.put("a", a());
        options.put("b", b());
        options.put("c", c());
        return options;
    }

    @Override
    default double mean(double variance) {
        return a() * atPhase() * Math.exp(-b() * b() * variance / 2);
    }

    @Override
    default void expectations(Pairs p) {
        expectations(a(), b(), atPhase(), slopeAtPhase(), p);
    }

    @Override
    default Optional<GraphForm> graph() {
        return Optional.of(p -> expectations(a(), b(), atPhase(), slopeAtPhase(), p));
    }

    /** Writes the expectations of a·w(b x + c). */
    static void expectations(double a, double b, double s, double d, Pairs p) {
        p.correlate();
        int n = p.n;
        double[] apart = p.work;
        double[] twice = p.value;
        double b2 = b * b;
        // E[(u−v)²] = (√q11 − √q22)² + 2√(q11 q22)(1 − ρ), without the cancellation of q11 + q22 − 2 q12.
        for (int i = 0; i < n; i++) {
            double difference = (p.q11[i] - p.q22[i]) / Math.max(Math.sqrt(p.q11[i]) + Math.sqrt(p.q22[i]), Double.MIN_NORMAL);
            apart[i] = b2 * (difference * difference + 2 * p.amplitude[i] * (1 - Math.abs(p.rho[i])));
            twice[i] = 2 * b2 * p.amplitude[i] * p.rho[i];
        }
        double same = a * a / 2;
        double s2 = s * s;
        double c2 = d * d;
        for (int i = 0; i < n; i++) {
            // The larger of E₋ and E₊, and what the smaller one is below it.
            double larger = Math.exp(-apart[i] / 2);
            double drop = -larger * Math.expm1(-Math.abs(twice[i]));
            double sum = 2 * larger - drop;
            double difference = Math.copySign(drop, twice[i]);
            p.value[i] = same * (s2 * sum + c2 * difference);
            p.slope[i] = same * b2 * (c2 * sum + s2 * difference);
        }
    }

    /** The expectations of a·w(b x + c) as ops of a graph. */
    static GraphForm.Expectations expectations(double a, double b, double s, double d, GraphPairs p) {
        GraphTerm roots = p.q11().sqrt().minus(p.q22().sqrt()).square();
        GraphTerm apart = roots.plus(p.amplitude().minus(p.q12().abs()).atLeast(0).times(2));
        GraphTerm larger = apart.times(-b * b / 2).exp();
        GraphTerm drop = larger.times(p.q12().abs().times(-2 * b * b).expm1()).times(-1);
        GraphTerm sum = larger.times(2).minus(drop);
        GraphTerm difference = drop.times(p.q12().sign());
        double same = a * a / 2;
        double s2 = same * s * s;
        double c2 = same * d * d;
        return new GraphForm.Expectations(sum.times(s2).plus(difference.times(c2)),
                sum.times(c2 * b * b).plus(difference.times(s2 * b * b)));
    }
}
