package org.ntk4j.network;

import org.ntk4j.infinite.ArcTangent;
import org.ntk4j.infinite.Pairs;

/**
 * The expectations of φ = a·min(x, 0) + b·max(x, 0) (Cho and Saul 2009, degree 1, for any two slopes). With ρ the
 * correlation and θ = arccos ρ: {@code E[φ'φ'] = (a²+b²)/2 − (a−b)²θ/(2π)} and
 * {@code E[φφ] = (a−b)²/(2π)·√(q11 q22)·sin θ + E[φ'φ']·q12}.
 */
final class ReluFamily {

    private ReluFamily() {
    }

    static void expectations(double a, double b, Pairs p) {
        p.correlate();
        double[] sine = p.value;
        double[] angle = p.work;
        for (int i = 0; i < p.n; i++) {
            double r = p.rho[i];
            double s = Math.sqrt((1 - r) * (1 + r));
            sine[i] = s;
            angle[i] = r / (1 + s);
        }
        // arcsin ρ = 2 arctan(ρ / (1 + √(1−ρ²))): no branch, and the argument stays within [−1, 1].
        ArcTangent.inPlace(angle, p.n, p.scratch);
        double half = (a * a + b * b) / 2;
        double bend = (a - b) * (a - b) / (2 * Math.PI);
        for (int i = 0; i < p.n; i++) {
            double theta = Math.PI / 2 - 2 * angle[i];
            double slope = half - bend * theta;
            p.slope[i] = slope;
            p.value[i] = bend * p.amplitude[i] * sine[i] + slope * p.q12[i];
        }
    }
}
