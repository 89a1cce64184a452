package org.ntk4j.infinite;

import java.util.function.DoubleUnaryOperator;
import org.hipparchus.analysis.solvers.BracketingNthOrderBrentSolver;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.gaussian.Pairs;

/** Variances and correlations of values on their way through layers of one activation (Poole et al. 2016, equations 3 and 5). */
final class MeanField {

    /** A variance from which on signals count as growing without end; below its inverse as dying out. */
    private static final double MOST = 1e12;
    /** What stands for a variance of 0, where functions are straight lines. */
    private static final double LEAST = 1e-30;
    private static final double ACCURACY = 1e-14;
    private static final int TRIES = 200;
    /** Of the logarithm of a variance, for the slope of the map: the error is of the fourth power. */
    private static final double STEP = 2e-3;
    /** A correlation nearer to 1 than this is no other fixed point. */
    private static final double NEAR = 1e-7;

    private final Nonlinearity phi;

    MeanField(Nonlinearity phi) {
        this.phi = phi;
    }

    /** E[φ(u)φ(v)] and E[φ'(u)φ'(v)] of two values of variance q and correlation c. */
    private Pairs pair(double q, double c) {
        Pairs pair = Pairs.of(new double[] {q}, new double[] {q}, new double[] {c == 1 ? q : c * q});
        phi.expectations(pair);
        return pair;
    }

    private double next(double q, double weights, double biases) {
        return weights * pair(q, 1).value[0] + biases;
    }

    /** The variance that layers tend to from a variance of 1. */
    private double variance(double weights, double biases) {
        DoubleUnaryOperator gain = logarithm -> {
            double q = Math.exp(logarithm);
            return Math.log(next(q, weights, biases)) - logarithm;
        };
        double start = gain.applyAsDouble(0);
        if (Math.abs(start) <= ACCURACY) {
            return 1;
        }
        double side = Math.signum(start);
        double last = 0;
        double step = 0.25;
        while (Math.abs(last) < Math.log(MOST)) {
            double now = last + side * step;
            if (gain.applyAsDouble(now) * side <= 0) {
                return Math.exp(root(gain, Math.min(last, now), Math.max(last, now)));
            }
            last = now;
            step *= 1.5;
        }
        return side > 0 ? Double.POSITIVE_INFINITY : 0;
    }

    private static double root(DoubleUnaryOperator f, double from, double to) {
        return new BracketingNthOrderBrentSolver(ACCURACY, ACCURACY, 5).solve(TRIES, f::applyAsDouble, from, to);
    }

    /** χ at the variance that layers tend to. */
    double chi(double weights, double biases) {
        return weights * pair(within(variance(weights, biases)), 1).slope[0];
    }

    private static double within(double q) {
        return Math.max(LEAST, Math.min(MOST, q));
    }

    PhasePoint point(double weights, double biases) {
        double q = variance(weights, biases);
        double at = within(q);
        double chi = weights * pair(at, 1).slope[0];
        // Where there is no fixed point of q, correlations are of values scaled back.
        double scale = q == 0 ? at : next(at, weights, biases);
        double atOne = chi * at / scale;
        double bias = q == 0 ? 0 : biases;
        double c = atOne > 1 + NEAR ? correlation(at, scale, weights, bias) : 1;
        double chiC = c == 1 ? atOne : weights * pair(at, c).slope[0] * at / scale;
        double slope = q == 0 ? chi : slope(at, weights);
        return new PhasePoint(weights, biases, q, c, chi, chiC, depth(slope), depth(chiC));
    }

    /** The fixed point below 1 of a map that leaves 1 with a slope above 1. */
    private double correlation(double q, double scale, double weights, double biases) {
        DoubleUnaryOperator gain = c -> (weights * pair(q, c).value[0] + biases) / scale - c;
        double low = gain.applyAsDouble(0);
        double high = 1 - NEAR;
        return low <= ACCURACY ? 0 : gain.applyAsDouble(high) >= 0 ? 1 : root(gain, 0, high);
    }

    /** dV/dq, by central differences of the fourth order in log q. */
    private double slope(double q, double weights) {
        double near = difference(q, STEP);
        return weights * (4 * near - difference(q, 2 * STEP)) / 3 / q;
    }

    private double difference(double q, double step) {
        return (pair(q * Math.exp(step), 1).value[0] - pair(q * Math.exp(-step), 1).value[0]) / (2 * step);
    }

    private static double depth(double slope) {
        double size = Math.abs(slope);
        return size >= 1 ? Double.POSITIVE_INFINITY : -1 / Math.log(size);
    }
}
