package org.ntk4j.infinite;

/**
 * A closed form whose heart is an arc tangent, for the engines that take many pairs at once. With {@code E = q11 q22 − q12²} and
 * {@code g(q)} a function of a variance alone, all of them need a root S and the angle {@code α = arctan(c q12 / (S + g(q11) g(q22)))}, whose
 * argument stays within [−1, 1]. An activation that names its form is computed in vector instructions; any other through its
 * {@link org.ntk4j.network.Activation#expectations}, whose values both must agree.
 */
public sealed interface Arc {

    /** g(q). */
    double root(double q);

    /** E[φ(u)] for u ~ N(0, q). */
    double mean(double q);

    /**
     * φ = a·min(x, 0) + b·max(x, 0): {@code S = √E}, {@code g = √q}; {@code E[φ'φ'] = (a²+b²)/2 − (a−b)²/(2π)·(π/2 − 2α)},
     * {@code E[φφ] = (a−b)²/(2π)·S + E[φ'φ']·q12}.
     */
    record Bend(double a, double b) implements Arc {

        @Override
        public double root(double q) {
            return Math.sqrt(q);
        }

        @Override
        public double mean(double q) {
            return (b - a) * Math.sqrt(q / (2 * Math.PI));
        }

        /** (a−b)²/(2π), the factor of S. */
        public double bend() {
            return (a - b) * (a - b) / (2 * Math.PI);
        }

        /** The slope at α = 0. */
        public double flat() {
            return (a * a + b * b) / 2 - bend() * (Math.PI / 2);
        }

        /** The factor of α in the slope. */
        public double turn() {
            return 2 * bend();
        }
    }
}
