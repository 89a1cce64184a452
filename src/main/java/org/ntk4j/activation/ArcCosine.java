package org.ntk4j.activation;

import org.ntk4j.gaussian.ArcTangent;
import org.ntk4j.gaussian.GraphForm;
import org.ntk4j.gaussian.GraphPairs;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.gaussian.Pairs;

/**
 * The arc-cosine kernels (Cho and Saul 2009): {@code E[u₊ⁿv₊ⁿ] = √(q11 q22)ⁿ J_n(θ)/(2π)}, θ the angle between u and v,
 * {@code J_0 = π − θ}, {@code J_1 = sin θ + (π−θ) cos θ} and {@code J_n = (2n−1) cos θ J_(n−1) + (n−1)² sin²θ J_(n−2)}.
 */
final class ArcCosine {

    private ArcCosine() {
    }

    /** Correlates, and leaves half of arcsin ρ in {@link Pairs#work}. */
    static void arcsineHalf(Pairs p) {
        p.correlate();
        for (int i = 0; i < p.n; i++) {
            p.work[i] = p.rho[i] / (1 + Math.sqrt((1 - p.rho[i]) * (1 + p.rho[i])));
        }
        ArcTangent.inPlace(p.work, p.n, p.scratch);
    }

    static void expectations(int degree, Pairs p) {
        arcsineHalf(p);
        if (degree == 0) {
            step(p);
            return;
        }
        double factor = (double) degree * degree / (2 * Math.PI);
        for (int i = 0; i < p.n; i++) {
            double rho = p.rho[i];
            double square = (1 - rho) * (1 + rho);
            double before = Math.PI / 2 + 2 * p.work[i];
            double j = Math.sqrt(square) + before * rho;
            for (int n = 2; n <= degree; n++) {
                double next = (2 * n - 1) * rho * j + (n - 1.0) * (n - 1.0) * square * before;
                before = j;
                j = next;
            }
            double power = Math.pow(p.amplitude[i], degree - 1);
            p.value[i] = power * p.amplitude[i] * j / (2 * Math.PI);
            p.slope[i] = factor * power * before;
        }
    }

    /** The step is 1 at 0: that is where a variance of 0 stays. */
    private static void step(Pairs p) {
        for (int i = 0; i < p.n; i++) {
            double value = 0.25 + p.work[i] / Math.PI;
            p.value[i] = p.q11[i] == 0 && p.q22[i] == 0 ? 1 : p.q11[i] == 0 || p.q22[i] == 0 ? 0.5 : value;
            p.slope[i] = 0;
        }
    }

    /** Both expectations from degree 1 up as ops of a graph, {@code √(q11 q22)ⁿ J_n} going through the recursion. */
    static GraphForm.Expectations expectations(int degree, GraphPairs p) {
        GraphTerm minor = p.minor();
        GraphTerm root = minor.sqrt();
        GraphTerm before = p.halfArcsine(root).times(2).plus(Math.PI / 2);
        GraphTerm j = root.plus(before.times(p.q12()));
        for (int n = 2; n <= degree; n++) {
            GraphTerm next = j.times(p.q12()).times(2 * n - 1).plus(minor.times(before).times((n - 1.0) * (n - 1.0)));
            before = j;
            j = next;
        }
        return new GraphForm.Expectations(j.times(1 / (2 * Math.PI)), before.times((double) degree * degree / (2 * Math.PI)));
    }
}
