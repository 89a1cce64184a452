package org.ntk4j.gaussian.quadrature;

import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.ntk4j.gaussian.GraphTerm;

/** One-dimensional Gaussian means, by Gauss–Legendre on either side of 0, where activations have their kinks. */
public final class GaussLegendre {

    private static final int NODES = 20;
    private static final int PIECES = 12;
    private static final double REACH = 12;

    private GaussLegendre() {
    }

    /** E[φ(u)] for u ~ N(0, variance); exactly φ(0) for variance 0. */
    public static double mean(DoubleUnaryOperator phi, double variance) {
        if (variance == 0) {
            return phi.applyAsDouble(0);
        }
        double deviation = Math.sqrt(variance);
        double sum = 0;
        for (int piece = 0; piece < PIECES; piece++) {
            double half = REACH / PIECES / 2;
            double middle = (2 * piece + 1) * half;
            for (int i = 0; i < NODES; i++) {
                double z = middle + half * node(i);
                double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
                // Both sides together: an odd function gives exactly 0.
                sum += half * weight(i) * density * (phi.applyAsDouble(deviation * z) + phi.applyAsDouble(-deviation * z));
            }
        }
        return sum;
    }

    private static double node(int i) {
        return RULE.nodes[i];
    }

    private static double weight(int i) {
        return RULE.weights[i];
    }

    private record Rule(double[] nodes, double[] weights) {
    }

    private static final Rule RULE = rule();

    /** Nodes are the roots of the Legendre polynomial, found by Newton's method. */
    private static Rule rule() {
        double[] nodes = new double[NODES];
        double[] weights = new double[NODES];
        for (int i = 0; i < NODES; i++) {
            double x = Math.cos(Math.PI * (i + 0.75) / (NODES + 0.5));
            double slope = 1;
            for (int step = 0; step < 100; step++) {
                double previous = 1;
                double value = x;
                for (int n = 2; n <= NODES; n++) {
                    double next = ((2 * n - 1) * x * value - (n - 1) * previous) / n;
                    previous = value;
                    value = next;
                }
                slope = NODES * (x * value - previous) / (x * x - 1);
                double change = value / slope;
                x -= change;
                if (Math.abs(change) < 1e-16) {
                    break;
                }
            }
            nodes[i] = x;
            weights[i] = 2 / ((1 - x * x) * slope * slope);
        }
        return new Rule(nodes, weights);
    }

    /** E[φ(u)] as ops of a graph, in which one more axis, the last, holds the nodes. */
    public static GraphTerm mean(UnaryOperator<GraphTerm> phi, GraphTerm variance) {
        double[] z = new double[PIECES * NODES];
        double[] weights = new double[z.length];
        double half = REACH / PIECES / 2;
        for (int i = 0; i < z.length; i++) {
            z[i] = (2 * (i / NODES) + 1) * half + half * node(i % NODES);
            weights[i] = half * weight(i % NODES) * Math.exp(-z[i] * z[i] / 2) / Math.sqrt(2 * Math.PI);
        }
        GraphTerm u = new GraphTerm(variance.tf(), variance.tf().expandDims(variance.sqrt().op(), variance.tf().constant(-1)))
                .times(variance.numbers(z, z.length));
        GraphTerm sums = phi.apply(u).plus(phi.apply(u.times(-1))).times(variance.numbers(weights, z.length));
        return new GraphTerm(variance.tf(), variance.tf().reduceSum(sums.op(), variance.tf().constant(-1)));
    }
}
