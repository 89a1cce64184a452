package org.ntk4j.gaussian.quadrature;

/**
 * Nodes and weights on (−1, 1), symmetric, given by their distance from 1: {@code ∫ f = Σ weight f(1 − distance)}.
 *
 * @param distance of the nodes from 1, falling
 * @param weight   their weights
 */
record AngularRule(double[] distance, double[] weight) {

    /** Gauss and Legendre's rule, by Newton's method on the recurrence of the polynomials. */
    static AngularRule gauss(int n) {
        double[] distance = new double[n];
        double[] weight = new double[n];
        for (int k = 0; k < n; k++) {
            double x = Math.cos(Math.PI * (k + 0.75) / (n + 0.5));
            double derivative = 1;
            for (int step = 0; step < 100; step++) {
                double p = 1;
                double before = 0;
                for (int j = 0; j < n; j++) {
                    double next = ((2 * j + 1) * x * p - j * before) / (j + 1);
                    before = p;
                    p = next;
                }
                derivative = n * (x * p - before) / (x * x - 1);
                double shift = p / derivative;
                x -= shift;
                if (Math.abs(shift) < 1e-16) {
                    break;
                }
            }
            distance[n - 1 - k] = 1 - x;
            weight[n - 1 - k] = 2 / ((1 - x * x) * derivative * derivative);
        }
        return new AngularRule(distance, weight);
    }

    /** The trapezoidal rule in t for x = tanh(t/2): its nodes crowd towards both ends, alike at every scale down to e^−reach. */
    static AngularRule crowded(double step, double reach) {
        int half = (int) Math.ceil(reach / step);
        double[] distance = new double[2 * half + 1];
        double[] weight = new double[2 * half + 1];
        for (int k = -half; k <= half; k++) {
            double t = k * step;
            distance[k + half] = 2 / (1 + Math.exp(t));
            weight[k + half] = step / (1 + Math.cosh(t));
        }
        return new AngularRule(distance, weight);
    }

    int size() {
        return distance.length;
    }
}
