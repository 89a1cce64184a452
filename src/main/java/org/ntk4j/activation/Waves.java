package org.ntk4j.activation;

import org.ntk4j.gaussian.GraphForm;
import org.ntk4j.gaussian.GraphPairs;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.gaussian.Pairs;

/**
 * The expectations of a wave φ = a·sin(b x + c). With {@code E∓ = exp(−b²·E[(u∓v)²]/2)}:
 * {@code E[φφ] = a²/2·(sin²c·(E₋+E₊) + cos²c·(E₋−E₊))} and {@code E[φ'φ']} the same with a b for a and the squares
 * exchanged. Written so, a small variance keeps all of its digits.
 */
final class Waves {

    private Waves() {
    }

    /**
     * @param sine   sin c
     * @param cosine cos c
     */
    static void expectations(double a, double b, double sine, double cosine, Pairs p) {
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
        double s2 = sine * sine;
        double c2 = cosine * cosine;
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

    /** The same as ops of a graph. */
    static GraphForm.Expectations expectations(double a, double b, double sine, double cosine, GraphPairs p) {
        GraphTerm roots = p.q11().sqrt().minus(p.q22().sqrt()).square();
        GraphTerm apart = roots.plus(p.amplitude().minus(p.q12().abs()).atLeast(0).times(2));
        GraphTerm larger = apart.times(-b * b / 2).exp();
        GraphTerm drop = larger.times(p.q12().abs().times(-2 * b * b).expm1()).times(-1);
        GraphTerm sum = larger.times(2).minus(drop);
        GraphTerm difference = drop.times(p.q12().sign());
        double same = a * a / 2;
        double s2 = same * sine * sine;
        double c2 = same * cosine * cosine;
        return new GraphForm.Expectations(sum.times(s2).plus(difference.times(c2)), sum.times(c2 * b * b).plus(difference.times(s2 * b * b)));
    }
}
