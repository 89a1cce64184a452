package org.ntk4j.inference;

import java.util.Locale;
import org.ntk4j.kernel.Kernel;

/**
 * A Gaussian distribution over functions on M inputs: the k outputs are independent, each with its own mean and all with
 * the same covariance.
 *
 * @param mean       {@code M × k}
 * @param covariance {@code M × M}
 */
public record GaussianPrediction(double[][] mean, Kernel covariance) {

    /** The standard deviation at each input; rounding below 0 counts as 0. */
    public double[] standardDeviation() {
        double[] deviation = new double[covariance.rows()];
        for (int i = 0; i < deviation.length; i++) {
            deviation[i] = Math.sqrt(Math.max(0, covariance.get(i, i)));
        }
        return deviation;
    }

    @Override
    public String toString() {
        double sum = 0;
        for (double d : standardDeviation()) {
            sum += d / Math.max(1, mean.length);
        }
        return String.format(Locale.ROOT, "Gaussian on %d inputs with %d outputs, mean standard deviation %.4g", mean.length,
                mean.length == 0 ? 0 : mean[0].length, sum);
    }
}
