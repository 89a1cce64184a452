package org.ntk4j.infinite.strip;

import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.quadrature.HermiteCoefficients;
import org.ntk4j.rows.Rows;

/**
 * Two inputs on their way through a dense network, with what a covariance alone loses where they nearly agree: {@link ClosePairs} says what
 * is carried and why.
 */
final class PairState {

    /** Below this angle the first terms of a series are right to the last digit. */
    private static final double SMALL = 0.05;
    /** Gauss and Legendre's rule of four nodes between 0 and 1. */
    private static final double[] NODES = {0.06943184420297371, 0.33000947820757187, 0.6699905217924281, 0.9305681557970263};
    private static final double[] WEIGHTS = {0.17392742256872693, 0.32607257743127307, 0.32607257743127307, 0.17392742256872693};

    /** Covariances, of which the last loses digits as half a sum less d where the variances differ, and (q11 − q22)/2, d, A. */
    private double q11;
    private double q22;
    private double q12;
    private double spread;
    private double d;
    private double a;
    /** The same of Θ: half the difference of its diagonal, and e = (t11 + t22)/2 − t12. */
    private double t11;
    private double t22;
    private double t12;
    private double spreadT;
    private double e;

    PairState(double[] x, double[] y) {
        LongSum xx = LongSum.product(x, x);
        LongSum yy = LongSum.product(y, y);
        LongSum xy = LongSum.product(x, y);
        double n = x.length;
        q11 = xx.value() / n;
        q22 = yy.value() / n;
        q12 = xy.value() / n;
        spread = xx.minus(yy).times(0.5).value() / n;
        d = xx.plus(yy).times(0.5).minus(xy).value() / n;
        a = Math.max(0, xx.times(yy).minus(xy.times(xy)).value() / n / n);
    }

    ClosePairs.Pair pair() {
        return new ClosePairs.Pair(q12, t12, d, e);
    }

    /** {@code q' = s q + b}, {@code Θ' = f q + g Θ + h}. */
    void linear(Rows.Affine map) {
        t11 = map.fromK() * q11 + map.fromT() * t11 + map.biasT();
        t22 = map.fromK() * q22 + map.fromT() * t22 + map.biasT();
        t12 = map.fromK() * q12 + map.fromT() * t12 + map.biasT();
        e = map.fromK() * d + map.fromT() * e;
        spreadT = map.fromK() * spread + map.fromT() * spreadT;
        a = map.scale() * map.scale() * a + 2 * map.scale() * map.bias() * d;
        d *= map.scale();
        spread *= map.scale();
        q11 = map.scale() * q11 + map.bias();
        q22 = map.scale() * q22 + map.bias();
        q12 = map.scale() * q12 + map.bias();
    }

    /** An activation of two slopes. */
    void bend(Arc.Bend form) {
        double c = form.most();
        double angle = Math.atan2(Math.sqrt(a), q12);
        double w = form.bend() * Math.sqrt(a + q12 * q12) * bow(angle);
        e = c * e + form.bend() * angle * t12;
        t12 *= c - form.bend() * angle;
        spreadT *= c;
        t11 *= c;
        t22 *= c;
        a = Math.max(0, c * c * a - 2 * c * q12 * w - w * w);
        d = c * d - w;
        spread *= c;
        q11 *= c;
        q22 *= c;
        q12 = c * q12 + w;
    }

    /**
     * A smooth activation: with its coefficients at both deviations, a_n and b_n,
     * {@code d' = Σ (a_n − b_n)²/2 + Σ a_n b_n (1 − ρⁿ)}, and the same for φ', whose coefficients are {@code √(n+1) a_{n+1}/s}. What the
     * deviations make is integrated: {@code da_n/d log s = n a_n + √((n+1)(n+2)) a_{n+2}}.
     *
     * @return false where φ is not smooth enough to know
     */
    boolean smooth(DoubleUnaryOperator phi) {
        double s1 = Math.sqrt(q11);
        double s2 = Math.sqrt(q22);
        Optional<double[]> ofOne = HermiteCoefficients.ofSmooth(phi, s1);
        Optional<double[]> ofOther = spread == 0 ? ofOne : HermiteCoefficients.ofSmooth(phi, s2);
        Optional<double[]> change = spread == 0 ? ofOne.map(c -> new double[c.length]) : change(phi, s2, Math.log1p(2 * spread / q22) / 2);
        if (ofOne.isEmpty() || ofOther.isEmpty() || change.isEmpty() || !(s1 > 0 && s2 > 0)) {
            return false;
        }
        double[] one = ofOne.get();
        double[] other = ofOther.get();
        // −log ρ, from √(q11 q22) − q12 = A/(√(q11 q22) + q12).
        double fall = -Math.log1p(-a / (s1 * s2 + q12) / (s1 * s2));
        Sums values = new Sums();
        Sums slopes = new Sums();
        // 1/s1 − 1/s2
        double inverse = -2 * spread / (s1 + s2) / (s1 * s2);
        for (int n = 0; n < one.length - 2; n++) {
            double lost = -Math.expm1(-n * fall);
            values.add(one[n], other[n], change.get()[n], lost);
            double root = Math.sqrt(n + 1.0);
            slopes.add(root * one[n + 1] / s1, root * other[n + 1] / s2,
                    root * (change.get()[n + 1] / s1 + other[n + 1] * inverse), lost);
        }
        double mean = (t11 + t22) / 2;
        double slope = (slopes.one + slopes.other) / 2;
        e = spreadT * slopes.spread + mean * slopes.half + e * (slope - slopes.half);
        spreadT = mean * slopes.spread + spreadT * slope;
        t11 *= slopes.one;
        t22 *= slopes.other;
        t12 *= slopes.cross;
        q12 = values.cross;
        q11 = values.one;
        q22 = values.other;
        d = values.half;
        spread = values.spread;
        a = Math.max(0, (q11 + q22) * d - d * d - spread * spread);
        return true;
    }

    /** By how much the coefficients change from a deviation on, over a step of its logarithm. */
    private static Optional<double[]> change(DoubleUnaryOperator phi, double from, double step) {
        double[] change = new double[0];
        for (int k = 0; k < NODES.length; k++) {
            Optional<double[]> found = HermiteCoefficients.ofSmooth(phi, from * Math.exp(step * NODES[k]));
            if (found.isEmpty()) {
                return found;
            }
            double[] all = found.get();
            change = k == 0 ? new double[all.length] : change;
            for (int n = 0; n < all.length - 2; n++) {
                change[n] += step * WEIGHTS[k] * (n * all[n] + Math.sqrt((n + 1.0) * (n + 2.0)) * all[n + 2]);
            }
        }
        return Optional.of(change);
    }

    /** Sums over the coefficients of a function at two deviations. */
    private static final class Sums {

        private double one;
        private double other;
        private double spread;
        private double half;
        private double cross;

        void add(double a, double b, double difference, double lost) {
            one += a * a;
            other += b * b;
            spread += difference * (a + b) / 2;
            half += difference * difference / 2 + a * b * lost;
            cross += a * b * (1 - lost);
        }
    }

    /** sin θ − θ cos θ. */
    private static double bow(double angle) {
        if (angle > SMALL) {
            return Math.sin(angle) - angle * Math.cos(angle);
        }
        double square = angle * angle;
        return angle * square / 3 * (1 - square / 10 * (1 - square / 28 * (1 - square / 54 * (1 - square / 88))));
    }
}
