package org.ntk4j.gaussian.quadrature;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.ntk4j.gaussian.Pairs;

/** How the expectations of an activation without a closed form are computed. Made for one function, shared by threads. */
public interface Quadrature {

    /** Beyond this difference from a doubled rule a function is taken not to be smooth. */
    double SMOOTH = 1e-8;

    /** For φ with its derivative, both smooth but for 0. */
    static Quadrature of(DoubleUnaryOperator phi, DoubleUnaryOperator slope) {
        return new EqualVariances(PolarQuadrature.of(phi, slope));
    }

    /** For a function of which only the values are known: it may have kinks and jumps anywhere, where its derivative is left out. */
    static Quadrature of(DoubleUnaryOperator phi) {
        Quadrature polar = PolarQuadrature.of(phi, new NumericalDerivative(phi));
        return polar.error() <= SMOOTH ? new EqualVariances(FiniteMoments.of(phi).before(polar)) : PlanarQuadrature.of(phi);
    }

    /** Writes E[φ(u)φ(v)] and E[φ'(u)φ'(v)]. */
    void expectations(Pairs pairs);

    /**
     * The largest difference from a rule with twice as many nodes, over some variances around 1 and correlations from −1 to 1, relative to
     * {@code √(E[φ(u)²] E[φ(v)²])}, or the same with φ'.
     */
    double error();

    /** The difference between two rules at these variances, as in {@link #error()}. */
    static double difference(Quadrature rule, Quadrature other, double... variances) {
        double[] rhos = {1, -1, 0.9, 0.4, -0.6};
        double worst = 0;
        for (double q1 : variances) {
            double[] first = moments(other, q1, q1, rhos);
            for (double q2 : variances) {
                double[] here = moments(rule, q1, q2, rhos);
                double[] there = q1 == q2 ? first : moments(other, q1, q2, rhos);
                double[] second = q1 == q2 ? first : moments(other, q2, q2, rhos);
                for (int k = 0; k < here.length; k++) {
                    int diagonal = k < rhos.length ? 0 : rhos.length;
                    double scale = Math.sqrt(first[diagonal]) * Math.sqrt(second[diagonal]);
                    worst = Math.max(worst, Math.abs(here[k] - there[k]) / Math.max(scale, Double.MIN_NORMAL));
                }
            }
        }
        return Double.isNaN(worst) ? Double.POSITIVE_INFINITY : worst;
    }

    /** E[φφ] for every correlation, then E[φ'φ']. */
    private static double[] moments(Quadrature quadrature, double q1, double q2, double[] rhos) {
        int n = rhos.length;
        double[] q11 = new double[n];
        double[] q22 = new double[n];
        double[] q12 = new double[n];
        for (int k = 0; k < n; k++) {
            q11[k] = q1;
            q22[k] = q2;
            q12[k] = rhos[k] * Math.sqrt(q1 * q2);
        }
        Pairs p = Pairs.of(q11, q22, q12);
        quadrature.expectations(p);
        double[] both = Arrays.copyOf(p.value, 2 * n);
        System.arraycopy(p.slope, 0, both, n, n);
        return both;
    }
}
