package org.ntk4j.gaussian;

/**
 * A closed form in the angle between two Gaussian variables, for the engines that take many pairs at once: with
 * {@code R = √(q11 q22 − q12²)} and θ = arccos(q12/√(q11 q22)) both expectations are linear in R, θ and q12. An activation that names its
 * form is computed in vector instructions; any other through its {@link Nonlinearity#expectations}, whose values both must agree.
 */
public sealed interface Arc {

    /** 1/√q, which makes a covariance a correlation; 0 for a variance of 0. */
    static double inverseRoot(double q) {
        return q == 0 ? 0 : 1 / Math.sqrt(q);
    }

    /** E[φ(u)] for u ~ N(0, q). */
    double mean(double q);

    /** E[φ'φ'] at θ = π/2, which also stands where a variance is 0. */
    double flat();

    /**
     * φ = a·min(x, 0) + b·max(x, 0): {@code E[φ'φ'] = (a²+b²)/2 − (a−b)²/(2π)·θ} and {@code E[φφ] = (a−b)²/(2π)·R + E[φ'φ']·q12}
     * (Cho and Saul 2009, degree 1, for any two slopes).
     */
    record Bend(double a, double b) implements Arc {

        @Override
        public double mean(double q) {
            return (b - a) * Math.sqrt(q / (2 * Math.PI));
        }

        /** (a−b)²/(2π), the factor of R and of −θ. */
        public double bend() {
            return (a - b) * (a - b) / (2 * Math.PI);
        }

        /** ab, the slope at θ = π. */
        public double least() {
            return a * b;
        }

        /** (a²+b²)/2, the slope at θ = 0. */
        public double most() {
            return (a * a + b * b) / 2;
        }

        @Override
        public double flat() {
            return (least() + most()) / 2;
        }
    }
}
