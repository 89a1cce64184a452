package org.ntk4j.gaussian.quadrature;

import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleUnaryOperator;
import org.ntk4j.base.Failure;
import org.ntk4j.gaussian.Pairs;

/**
 * Whether E[φ(u)²] and E[φ'(u)²] exist for a Gaussian u: quadrature sees φ at some points only, and would make up a number where there is
 * none. Each variance is looked at once.
 *
 * @param phi     the function
 * @param checked the variances that were looked at, to twelve digits
 */
record FiniteMoments(DoubleUnaryOperator phi, Set<Long> checked) {

    /** This many deviations hold all of a Gaussian that float64 sees. */
    private static final double EDGE = 7.5;
    private static final int LOOKS = 40;
    private static final double[] SCALES = {1e-5, 1e-7};
    /** This near to 0, a value this many times the largest elsewhere is a pole. */
    private static final double NEAR = 1e-7;
    private static final double POLE = 100;
    /** {@code |x|^p} has E[φ²] from p = −½ on, and E[φ'²] from p = ½ on; the powers are estimated. */
    private static final double HALF = 0.5;
    private static final double DOUBT = 0.02;

    static FiniteMoments of(DoubleUnaryOperator phi) {
        return new FiniteMoments(phi, ConcurrentHashMap.newKeySet());
    }

    /** A variance to twelve digits: results change by no more, and rounding does not tell equal variances apart. */
    static long key(double q) {
        return Double.doubleToLongBits(q) + (1L << 11) >> 12;
    }

    /**
     * Looks at a variance.
     *
     * @throws Failure if a moment is not finite
     */
    void check(double q) {
        long key = key(q);
        if (!(q > 0) || checked.contains(key)) {
            return;
        }
        double reach = EDGE * Math.sqrt(q);
        double largest = 0;
        double value = 0;
        // Not at 0, where a function may have a pole and yet moments.
        for (int k = 1; k <= 2 * LOOKS; k++) {
            double x = (k % 2 == 0 ? 1 : -1) * ((k + 1) / 2) * reach / LOOKS;
            largest = Math.max(largest, square(x, q));
            value = Math.max(value, Math.abs(phi.applyAsDouble(x)));
        }
        for (double end : new double[] {-reach, reach}) {
            double last = square(end, q);
            // Still rising where a Gaussian has long fallen.
            boolean rising = !(last <= 1e-12 * largest) && !(last <= square(0.95 * end, q));
            if (rising || !Double.isFinite(largest)) {
                throw Failure.run(String.format(Locale.ROOT, "E[φ(u)²] is not finite for u of variance %.4g: the function grows faster"
                        + " than a Gaussian falls, or is not a number there; smaller wStd and inputs, or another function", q));
            }
        }
        double near = Math.max(Math.abs(phi.applyAsDouble(NEAR)), Math.abs(phi.applyAsDouble(-NEAR)));
        if (near > POLE * value) {
            checkPowers(q, 0);
        }
        checked.add(key);
    }

    /**
     * Looks at how steep φ is where it is not smooth.
     *
     * @throws Failure if a moment is not finite
     */
    void checkPowers(double q, double... breaks) {
        for (double at : breaks) {
            if (Math.abs(at) < EDGE * Math.sqrt(q)) {
                checkPower(at, q);
            }
        }
    }

    private double square(double x, double q) {
        double value = phi.applyAsDouble(x);
        return value * value * Math.exp(-x * x / (2 * q));
    }

    /** Near a break φ changes like a power of the distance, on either side. */
    private void checkPower(double at, double q) {
        for (int side = -1; side <= 1; side += 2) {
            double power = Double.NEGATIVE_INFINITY;
            for (double scale : SCALES) {
                double h = side * scale * Math.max(1, Math.abs(at));
                double near = phi.applyAsDouble(at + 2 * h) - phi.applyAsDouble(at + h);
                double far = phi.applyAsDouble(at + 4 * h) - phi.applyAsDouble(at + 2 * h);
                double size = Math.abs(phi.applyAsDouble(at + h)) * 1e-12;
                // What does not change is smooth; so is what is not a number here, which was told above.
                boolean changes = Math.abs(near) > size && Math.abs(far) > size;
                power = Math.max(power, changes ? Math.log(Math.abs(far / near)) / Math.log(2) : 1);
            }
            if (power <= HALF + DOUBT) {
                boolean ofValues = power <= -HALF + DOUBT;
                throw Failure.run(String.format(Locale.ROOT, "E[%s(u)²] is not finite for u of variance %.4g: near %.4g the function "
                        + "changes like |x|^%.2g%s; use a function that is %s there", ofValues ? "φ" : "φ'", q, at, power,
                        ofValues ? "" : ", so there is no tangent kernel", ofValues ? "bounded" : "less steep"));
            }
        }
    }

    /** A quadrature that looks at both variances of each pair first. */
    Quadrature before(Quadrature quadrature) {
        return new Quadrature() {
            @Override
            public void expectations(Pairs pairs) {
                for (int i = 0; i < pairs.n; i++) {
                    check(pairs.q11[i]);
                    check(pairs.q22[i]);
                }
                quadrature.expectations(pairs);
            }

            @Override
            public double error() {
                return quadrature.error();
            }
        };
    }
}
