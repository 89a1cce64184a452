package org.ntk4j.study;

import java.util.Objects;
import java.util.TreeMap;
import org.ntk4j.data.Sample;
import org.ntk4j.inference.FullRegression;
import org.ntk4j.kernel.OutputKernel;
import org.ntk4j.study.finding.Residuals;

/**
 * The network's function as the sum of what its kernels do along its path: {@code g_T(x) = g_0(x) − Σ_t η α²/(Nk)·Θ_t(x, X)(g_t − y)}, for
 * gradient descent on the mean squared error. Each recorded kernel, of all outputs with all outputs, stands for the steps until the next
 * one. With every step recorded, what is left is of the order of η.
 */
final class PathSum {

    private record Change(double[] train, double[] test) {
    }

    private final Sample sample;
    private final double time;
    private final int last;
    /** What a single step at a recorded moment adds. */
    private final TreeMap<Integer, Change> changes = new TreeMap<>();

    /**
     * A sum that is still empty.
     *
     * @param time of a step, η α²
     * @param last T
     */
    PathSum(Sample sample, double time, int last) {
        this.sample = sample;
        this.time = time;
        this.last = last;
    }

    /**
     * Takes in a step.
     *
     * @param g     the trained function at this step on the training set
     * @param theta the kernel at this step
     */
    void add(int step, double[][] g, OutputKernel theta) {
        double[] weights = Residuals.flat(Residuals.minus(sample.train().targets(), g));
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= time / weights.length;
        }
        changes.put(step, new Change(theta.times(weights), theta.test(weights)));
    }

    /** The function after the last step. */
    FullRegression.Values sum(FullRegression.Values start) {
        double[] train = Residuals.flat(start.train());
        double[] test = Residuals.flat(start.test());
        for (int step : changes.keySet()) {
            Integer next = changes.higherKey(step);
            int steps = (next == null ? last : next) - step;
            add(train, Objects.requireNonNull(changes.get(step)).train, steps);
            add(test, Objects.requireNonNull(changes.get(step)).test, steps);
        }
        int k = start.train()[0].length;
        return new FullRegression.Values(rows(train, k), rows(test, k));
    }

    private static void add(double[] to, double[] what, int times) {
        for (int i = 0; i < to.length; i++) {
            to[i] += times * what[i];
        }
    }

    private static double[][] rows(double[] flat, int k) {
        double[][] rows = new double[flat.length / k][k];
        for (int i = 0; i < flat.length; i++) {
            rows[i / k][i % k] = flat[i];
        }
        return rows;
    }
}
