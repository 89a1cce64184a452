package org.ntk4j.finite;

import java.util.Arrays;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Inputs;
import org.ntk4j.inference.LearningRates;
import org.ntk4j.kernel.Kernel;

/**
 * The learning rate of a training.
 *
 * @param value         as given; otherwise half of the largest stable one
 * @param largestStable the largest at which gradient descent in the kernel's regime does not diverge; NaN where there is none in closed
 *                      form
 */
record LearningRate(double value, double largestStable) {

    /** Beyond this rate the kernel is 0 up to rounding. */
    private static final double MOST = 1e30;
    /** Beyond this many inputs times outputs the kernel of all outputs takes too long, and the mean over outputs takes its place. */
    private static final int LARGEST_FULL = 4000;
    private static final int MOST_PRODUCTS = 1000;
    private static final double CLOSE = 1e-6;

    static LearningRate of(FiniteNetwork network, Inputs x, int outputs, Training training, Monitor monitor) {
        if (training.optimizer().isAdaptive()) {
            return new LearningRate(training.learningRate().orElse(Optimizer.ADAPTIVE_RATE), Double.NaN);
        }
        if (training.learningRate().isPresent()) {
            return new LearningRate(training.learningRate().getAsDouble(), Double.NaN);
        }
        // A step moves the trained function α(f − f_0) by α² times what it would be without.
        double scale = training.outputScale();
        double stable = largestStable(network, x, outputs, training, monitor) / (scale * scale);
        if (!(stable > 0) || Optimizer.SHARE_OF_STABLE * stable > MOST) {
            throw Failure.input("learningRate auto: the tangent kernel of these inputs is 0, so that no rate is the largest stable one; "
                    + "are all inputs 0, or a wStd so small that " + network.precision() + " rounds to 0?");
        }
        return new LearningRate(Optimizer.SHARE_OF_STABLE * stable, stable);
    }

    private static double largestStable(FiniteNetwork network, Inputs x, int outputs, Training training, Monitor monitor) {
        boolean full = outputs > 1 && (long) x.count() * outputs <= LARGEST_FULL;
        EmpiricalKernel empirical = new EmpiricalKernel(network);
        Kernel theta = full ? empirical.full(x, x, monitor) : empirical.mean(x, monitor);
        LearningRates.Loss loss = training.loss().equals(Training.MSE) ? LearningRates.Loss.MSE : LearningRates.Loss.CROSS_ENTROPY;
        LearningRates.Rule rule = training.optimizer().rule();
        double decay = training.optimizer().decayOfMomentum();
        double largest = largestEigenvalue(theta);
        if (training.batch().isEmpty() || training.batch().getAsInt() >= x.count()) {
            return LearningRates.largestStable(rule, decay, loss, largest, x.count(), outputs);
        }
        double diagonal = 0;
        for (int i = 0; i < theta.rows(); i++) {
            diagonal = Math.max(diagonal, theta.get(i, i));
        }
        return LearningRates.largestStable(rule, decay, loss, largest, x.count(), outputs, diagonal);
    }

    /** By powers of the matrix: it is symmetric and has no negative eigenvalue. */
    private static double largestEigenvalue(Kernel theta) {
        int n = theta.rows();
        double[][] rows = theta.toArray();
        double[] v = new double[n];
        // No direction is left out: a sum over all may be orthogonal to the largest.
        Arrays.setAll(v, i -> 1 + Math.sin(1 + 7.0 * i));
        double before = 0;
        for (int k = 0; k < MOST_PRODUCTS; k++) {
            double[] next = new double[n];
            double square = 0;
            for (int i = 0; i < n; i++) {
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    sum += rows[i][j] * v[j];
                }
                next[i] = sum;
                square += sum * sum;
            }
            double norm = Math.sqrt(square);
            if (norm == 0) {
                return 0;
            }
            for (int i = 0; i < n; i++) {
                v[i] = next[i] / norm;
            }
            if (Math.abs(norm - before) <= CLOSE * norm && k > 2) {
                return norm;
            }
            before = norm;
        }
        return before;
    }
}
