package org.ntk4j.gaussian.quadrature;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * {@code a_n(s) = E[φ(s x) h_n(x)]} for a standard Gaussian x and the normalized Hermite polynomials h_n: by the trapezoidal rule, which
 * converges exponentially for a smooth φ.
 */
public final class HermiteCoefficients {

    /** How many there are. */
    static final int MOST = 1024;
    private static final double STEP = 1.0 / 32;
    /** Where the nodes end. */
    private static final int LARGEST = 12;
    /** Between these deviations nodes stand closer and closer: φ(s x) becomes as steep as s is large. */
    private static final double STEEP = 12;
    private static final double STEEPEST = 96;
    /** What h_{n+1} has of x h_n, and less of h_{n−1}. */
    private static final double[] OF_X = new double[MOST];
    private static final double[] OF_LAST = new double[MOST];
    private static final int LAST = 64;
    /** What the last coefficients may have of the sum of squares, each weighed by n², for all to be right to more than ten digits. */
    private static final double CONVERGED = 1e-13;

    private HermiteCoefficients() {
    }

    static {
        Arrays.setAll(OF_X, n -> 1 / Math.sqrt(n + 1.0));
        Arrays.setAll(OF_LAST, n -> Math.sqrt(n / (n + 1.0)));
    }

    /** All coefficients; where the function is not smooth the last ones still count. */
    static double[] of(DoubleUnaryOperator phi, double s) {
        double[] sums = new double[MOST];
        double step = STEP;
        for (double steep = Math.min(s, STEEPEST); steep > STEEP; steep /= 2) {
            step /= 2;
        }
        for (int k = 0; k * step <= LARGEST; k++) {
            double x = k * step;
            double right = phi.applyAsDouble(s * x);
            double left = phi.applyAsDouble(-s * x);
            double root = Math.exp(-x * x / 4) / Math.sqrt(Math.sqrt(2 * Math.PI));
            double weight = root * step * (k == 0 ? 0.5 : 1);
            double even = (right + left) * weight;
            double odd = (right - left) * weight;
            double before = 0;
            double now = root;
            for (int n = 0; n < MOST; n++) {
                sums[n] += n % 2 == 0 ? even * now : odd * now;
                double next = x * OF_X[n] * now - OF_LAST[n] * before;
                before = now;
                now = next;
            }
        }
        return sums;
    }

    /** All coefficients of φ, by which φ' and φ'' are known too; empty where these do not come to an end. */
    public static Optional<double[]> ofSmooth(DoubleUnaryOperator phi, double s) {
        double[] all = of(phi, s);
        double sum = 0;
        double last = 0;
        for (int n = 0; n < MOST; n++) {
            double square = all[n] * all[n] * n * n;
            sum += square;
            last += n >= MOST - LAST ? square : 0;
        }
        return last <= CONVERGED * sum && Double.isFinite(sum) ? Optional.of(all) : Optional.empty();
    }
}
