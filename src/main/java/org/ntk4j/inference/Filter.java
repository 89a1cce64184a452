package org.ntk4j.inference;

import java.util.Locale;
import org.ntk4j.base.Failure;
import org.ntk4j.inference.LearningRates.Rule;

/**
 * What training to a moment does to one eigendirection: it multiplies the residual by p(μ), where μ is the eigenvalue with
 * the ridge, and the weights of the prediction by {@code gain(μ) = (1 − p(μ))/μ}. The gain is computed whole, so that it
 * tends to its limit as μ → 0 where a division would give NaN.
 */
final class Filter {

    private static final double ROUNDING = 1e-12;

    private final Moment moment;
    private final double samples;
    private final double largestStable;
    private final double rate;

    private Filter(Moment moment, double samples, double largestStable) {
        this.moment = moment;
        this.samples = samples;
        this.largestStable = largestStable;
        this.rate = moment.rate().orElse(Double.isFinite(largestStable) ? largestStable / 2 : 1);
    }

    /** The filter of a moment; the largest eigenvalue, with the ridge, serves an automatic learning rate. */
    static Filter of(Moment moment, double lambdaMax, int inputs, int outputs) {
        return new Filter(moment, (double) inputs * outputs, LearningRates.largestStable(moment.rule(), moment.decay(),
                LearningRates.Loss.MSE, Math.max(lambdaMax, 0), inputs, outputs));
    }

    /** {@code (1 − p(μ))/μ} for μ ≥ 0. */
    double gain(double mu) {
        return switch (moment.kind()) {
            case INFINITY -> 1 / mu;
            case FLOW -> flow(mu, moment.amount() / samples);
            case STEPS -> moment.rule() == Rule.GRADIENT_DESCENT || moment.decay() == 0 ? steps(mu) : withMomentum(mu);
        };
    }

    /** A gain that has left the range of float64: training at this learning rate diverges. */
    Failure divergence() {
        return Failure.run(String.format(Locale.ROOT, "%s, training has diverged: the largest stable learning rate is %.6g",
                moment.rate().isPresent() ? moment : moment + " " + rate, largestStable));
    }

    private static double flow(double mu, double time) {
        double exponent = mu * time;
        return exponent < Double.MIN_NORMAL ? time : -Math.expm1(-exponent) / mu;
    }

    private double steps(double mu) {
        double n = moment.amount();
        double a = rate * mu / samples;
        if (a < Double.MIN_NORMAL) {
            return n * rate / samples;
        }
        if (n == 0) {
            return 0;
        }
        // At half of the largest stable rate the leading factor is 0, give or take rounding.
        if (a < 1 + ROUNDING) {
            return -Math.expm1(n * Math.log1p(-Math.min(a, 1))) / mu;
        }
        if (n != Math.rint(n)) {
            throw Failure.input("steps must be a whole number at this learning rate: " + n + " steps at " + rate
                    + " have no real value; below half of the largest stable rate " + largestStable + " fractions are allowed");
        }
        return (1 - Math.pow(1 - a, n)) / mu;
    }

    /**
     * The update in units of the gradient at the start is affine in (s, u), with {@code s = (1 − p)/a} and ηv = a·u:
     * momentum {@code u' = m u + 1 − a s, s' = s + u'}, Nesterov {@code s' = s + 1 − a s + m u'}. Its n-th power by
     * repeated squaring, of the difference to the identity, so that slow directions lose nothing.
     */
    private double withMomentum(double mu) {
        double a = rate * mu / samples;
        double m = moment.decay();
        double[] step = moment.rule() == Rule.MOMENTUM
                ? new double[] {-a, m, 1, -a, m - 1, 1, 0, 0, 0}
                : new double[] {-a - m * a, m * m, 1 + m, -a, m - 1, 1, 0, 0, 0};
        double[] power = new double[9];
        for (long n = (long) moment.amount(); n > 0; n >>= 1) {
            if ((n & 1) == 1) {
                power = then(power, step);
            }
            step = then(step, step);
        }
        return power[2] * rate / samples;
    }

    /** {@code (I + A)(I + B) − I}. */
    private static double[] then(double[] a, double[] b) {
        double[] c = new double[9];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                c[3 * i + j] = a[3 * i + j] + b[3 * i + j]
                        + a[3 * i] * b[j] + a[3 * i + 1] * b[3 + j] + a[3 * i + 2] * b[6 + j];
            }
        }
        return c;
    }
}
