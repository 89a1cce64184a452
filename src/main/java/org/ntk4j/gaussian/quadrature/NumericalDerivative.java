package org.ntk4j.gaussian.quadrature;

import java.util.function.DoubleUnaryOperator;

/**
 * The derivative of a function that is smooth on either side of 0, by the derivative of the polynomial through some of its
 * values: seven around x in steps of |x|/128, or, near 0, nine between 0 and ±1/16. Good to about 1e-12.
 */
final class NumericalDerivative implements DoubleUnaryOperator {

    private final DoubleUnaryOperator phi;
    private final double near;
    private final double[] right = new double[9];
    private final double[] left = new double[9];

    /** The derivative of φ. */
    NumericalDerivative(DoubleUnaryOperator phi) {
        this(phi, 1.0 / 32);
    }

    /** The derivative of φ, where {@code near} and nearer counts as near 0: values are taken up to twice of it. */
    NumericalDerivative(DoubleUnaryOperator phi, double near) {
        this.phi = phi;
        this.near = near;
        for (int k = 0; k < right.length; k++) {
            double x = k == 0 ? Double.MIN_NORMAL : k * near / 4;
            right[k] = phi.applyAsDouble(x);
            left[k] = phi.applyAsDouble(-x);
        }
    }

    @Override
    public double applyAsDouble(double x) {
        double size = Math.abs(x);
        if (size < near) {
            return Math.signum(x) * nearZero(x > 0 ? right : left, size * 4 / near) * 4 / near;
        }
        double d = size / 128;
        return ((phi.applyAsDouble(x + 3 * d) - phi.applyAsDouble(x - 3 * d))
                - 9 * (phi.applyAsDouble(x + 2 * d) - phi.applyAsDouble(x - 2 * d))
                + 45 * (phi.applyAsDouble(x + d) - phi.applyAsDouble(x - d))) / (60 * d);
    }

    /** The derivative at t of the polynomial with these values at 0, 1, 2, …: Newton's form, differentiated along the way. */
    private static double nearZero(double[] values, double t) {
        double[] differences = values.clone();
        for (int order = 1; order < differences.length; order++) {
            for (int k = differences.length - 1; k >= order; k--) {
                differences[k] = (differences[k] - differences[k - 1]) / order;
            }
        }
        double value = 0;
        double slope = 0;
        for (int k = differences.length - 1; k >= 0; k--) {
            slope = slope * (t - k) + value;
            value = value * (t - k) + differences[k];
        }
        return slope;
    }
}
