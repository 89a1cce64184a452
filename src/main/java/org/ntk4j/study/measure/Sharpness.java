package org.ntk4j.study.measure;

import java.util.Locale;
import java.util.Optional;
import org.ntk4j.base.Monitor;
import org.ntk4j.finite.Training;
import org.ntk4j.inference.LearningRates;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.Lanczos;
import org.ntk4j.kernel.OutputKernel;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/**
 * The sharpness of a loss as the tangent kernel gives it: the largest eigenvalue of its Gauss-Newton matrix, {@code λ_max/(Nk)} with λ_max
 * that of the kernel of all outputs with all outputs (for cross-entropy, whose softmax has a Hessian of at most ½, {@code λ_max/(2N)}), in
 * units of the kernel: without outputScale². {@code sharpnessRatio} is the learning rate over the largest stable one: above 1 training by
 * these steps leaves the kernel's regime, and full-batch gradient descent holds it near 1 (Cohen et al. 2021).
 *
 * @param largest λ_max
 */
public record Sharpness(Training training, double largest, int inputs, int outputs) {

    /** Rounding of λ_max aside. */
    private static final double BEYOND = 1.01;

    /**
     * The sharpness where this is the tangent kernel of the training set.
     *
     * @param theta  of all outputs with all outputs
     * @param inputs how many training inputs there are
     */
    public static Sharpness of(Training training, OutputKernel theta, int inputs, Monitor monitor) {
        return new Sharpness(training, Lanczos.largest(theta, monitor), inputs, theta.outputs());
    }

    private LearningRates.Loss loss() {
        return training.loss().equals(Training.MSE) ? LearningRates.Loss.MSE : LearningRates.Loss.CROSS_ENTROPY;
    }

    private double squaredScale() {
        return training.timeOfStep(1);
    }

    /** The largest stable learning rate of the full batch. */
    public double largestStable() {
        return LearningRates.largestStable(training.optimizer().rule(), training.optimizer().decayOfMomentum(), loss(),
                largest * squaredScale(), inputs, outputs);
    }

    /** The largest stable learning rate; of training in batches also for each single input. */
    public double largestStable(Kernel mean) {
        if (training.batch().isEmpty() || training.batch().getAsInt() >= inputs) {
            return largestStable();
        }
        double diagonal = 0;
        for (int i = 0; i < inputs; i++) {
            diagonal = Math.max(diagonal, mean.get(i, i));
        }
        return LearningRates.largestStable(training.optimizer().rule(), training.optimizer().decayOfMomentum(), loss(),
                largest * squaredScale(), inputs, outputs,
                diagonal * squaredScale());
    }

    /** The rows of {@code results.csv}. */
    public void add(Measures measures, Subject subject, Step step, double rate) {
        double perExample = loss() == LearningRates.Loss.MSE ? outputs : 2;
        measures.add(subject, Subject.NONE, SplitName.TRAIN, step, Quantity.SHARPNESS, largest / (inputs * perExample));
        measures.add(subject, Subject.NONE, SplitName.TRAIN, step, Quantity.SHARPNESS_RATIO, rate / largestStable());
    }

    /** Where training has moved the kernel so far that its learning rate is no stable one any more. */
    public Optional<String> warning(double rate) {
        double ratio = rate / largestStable();
        return training.learningRate().isPresent() || ratio <= BEYOND ? Optional.empty() : Optional.of(String.format(Locale.ROOT,
                "learningRate auto: training moved the kernel so far that the rate is no longer stable: at the end the sharpness is %.4g "
                        + "and the rate, %.4g, is %.2f times the largest stable one; "
                        + "use a smaller learningRate", largest / inputs / (loss() == LearningRates.Loss.MSE ? outputs : 2), rate, ratio));
    }
}
