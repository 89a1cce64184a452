package org.ntk4j.activation;

import java.util.function.DoubleUnaryOperator;

/**
 * Expectations of a pair of functions by brute force: Gauss and Legendre's rule on panels that shrink geometrically towards
 * u = 0 in the outer integral and towards v = 0 in the inner one. Shares nothing with the program's quadrature.
 */
final class Planar {

    private static final double EDGE = 9.5;
    private static final int NODES = 12;
    private static final double[] X = {0.125233408511468915472441369464, 0.367831498998180193752691536644, 0.587317954286617447296702418941,
        0.769902674194304687036893833213, 0.904117256370474856678465866119, 0.981560634246719250690549090149};
    private static final double[] W = {0.249147045813402785000562436043, 0.233492536538354808760849898925, 0.203167426723065921749064455810,
        0.160078328543346226334652529543, 0.106939325995318430960254718194, 0.047175336386511827194615961485};

    private Planar() {
    }

    /** E[f(u) f(v)]. */
    static double expectation(DoubleUnaryOperator f, double q11, double q22, double rho) {
        return expectations(q11, q22, rho, f)[0];
    }

    /** E[f(u) f(v)] of each function, from the same nodes. */
    static double[] expectations(double q11, double q22, double rho, DoubleUnaryOperator... functions) {
        double s1 = Math.sqrt(q11);
        double s2 = Math.sqrt(q22);
        double sigma = Math.sqrt((1 - rho) * (1 + rho));
        double[] x = points(0, panels(Math.max(s1, 1 / Math.max(sigma, 1e-7))));
        double[] sums = new double[functions.length];
        for (int i = 0; i < x.length; i += 2) {
            double weight = x[i + 1] * density(x[i]);
            if (weight == 0) {
                continue;
            }
            if (sigma == 0) {
                for (int k = 0; k < sums.length; k++) {
                    sums[k] += weight * functions[k].applyAsDouble(s1 * x[i]) * functions[k].applyAsDouble(rho * s2 * x[i]);
                }
                continue;
            }
            double center = -rho * x[i] / sigma;
            double[] y = points(center, panels(s2 * sigma));
            double[] inner = new double[sums.length];
            for (int j = 0; j < y.length; j += 2) {
                double part = y[j + 1] * density(y[j]);
                for (int k = 0; k < sums.length; k++) {
                    inner[k] += part * functions[k].applyAsDouble(s2 * sigma * (y[j] - center));
                }
            }
            for (int k = 0; k < sums.length; k++) {
                sums[k] += weight * functions[k].applyAsDouble(s1 * x[i]) * inner[k];
            }
        }
        return sums;
    }

    private static int panels(double scale) {
        return 3 + (int) Math.max(0, Math.ceil(Math.log(scale) / Math.log(2.5)));
    }

    private static double density(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    /** Nodes and weights in turn on [−EDGE, EDGE], with panels that shrink towards the center. */
    private static double[] points(double center, int panels) {
        double[] right = half(Math.max(center, -EDGE), EDGE, center, panels, 1);
        double[] left = half(Math.max(-center, -EDGE), EDGE, -center, panels, -1);
        double[] all = java.util.Arrays.copyOf(right, right.length + left.length);
        System.arraycopy(left, 0, all, right.length, left.length);
        return all;
    }

    private static double[] half(double from, double to, double center, int panels, int sign) {
        if (from >= to) {
            return new double[0];
        }
        java.util.List<Double> edges = new java.util.ArrayList<>();
        edges.add(to);
        double edge = to;
        while (edge > from) {
            double distance = edge - center;
            double step = Math.min(2.5, distance * 0.6);
            edge = distance < EDGE * Math.pow(2.5, -panels) * 0.3 ? from : Math.max(from, edge - step);
            edges.add(edge);
        }
        double[] points = new double[2 * NODES * (edges.size() - 1)];
        int at = 0;
        for (int k = 1; k < edges.size(); k++) {
            double middle = (edges.get(k) + edges.get(k - 1)) / 2;
            double radius = (edges.get(k - 1) - edges.get(k)) / 2;
            for (int j = 0; j < X.length; j++) {
                for (int s = -1; s <= 1; s += 2) {
                    points[at++] = sign * (middle + s * radius * X[j]);
                    points[at++] = radius * W[j];
                }
            }
        }
        return points;
    }
}
