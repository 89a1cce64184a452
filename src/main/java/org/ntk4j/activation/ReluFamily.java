package org.ntk4j.activation;

import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.ArcTangent;
import org.ntk4j.gaussian.Pairs;

/**
 * The expectations of φ = a·min(x, 0) + b·max(x, 0) (Cho and Saul 2009, degree 1, for any two slopes). With ρ the
 * correlation and θ = arccos ρ: {@code E[φ'φ'] = (a²+b²)/2 − (a−b)²θ/(2π)} and
 * {@code E[φφ] = (a−b)²/(2π)·√(q11 q22)·sin θ + E[φ'φ']·q12}.
 */
final class ReluFamily {

    private ReluFamily() {
    }

    static Arc arc(double a, double b) {
        return new Arc.Bend(a, b);
    }

    static void expectations(double a, double b, Pairs p) {
        p.correlate();
        int n = p.n;
        double[] rho = p.rho;
        double[] sine = p.value;
        double[] angle = p.work;
        double[] slope = p.slope;
        // Short loops over arrays in the first-level cache: each of them becomes vector instructions, a long one does not.
        for (int i = 0; i < n; i++) {
            sine[i] = Math.sqrt((1 - rho[i]) * (1 + rho[i]));
        }
        // arcsin ρ = 2 arctan(ρ / (1 + √(1−ρ²))): no branch, and the argument stays within [−1, 1].
        for (int i = 0; i < n; i++) {
            angle[i] = rho[i] / (1 + sine[i]);
        }
        ArcTangent.inPlace(angle, n, p.scratch);
        double bend = (a - b) * (a - b) / (2 * Math.PI);
        double half = (a * a + b * b) / 2;
        for (int i = 0; i < n; i++) {
            slope[i] = half - bend * (Math.PI / 2 - 2 * angle[i]);
        }
        double[] amplitude = p.amplitude;
        double[] q12 = p.q12;
        double[] value = p.value;
        for (int i = 0; i < n; i++) {
            value[i] = bend * amplitude[i] * value[i] + slope[i] * q12[i];
        }
    }
}
