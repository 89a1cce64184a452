package org.ntk4j.finite;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;

/**
 * A network after training.
 *
 * @param network      NN_T with its weights
 * @param steps        T, the number of steps done
 * @param learningRate η
 * @param ended        why it ended: {@code trainLoss 0.001 reached}, {@code maxSteps}, {@code interrupted}
 * @param history      loss and accuracy at the recorded steps
 * @param train        the trained function on the training inputs at step T, one row an input (α(f − f_0) if centred, α being the output
 *                     scale)
 * @param test         the same on the test inputs
 * @param recorded     the networks at the steps where a kernel is recorded
 * @param functions    the function on the training inputs at each step of history, if the trainer was asked to keep it
 * @param onTest       the same on the test inputs
 * @param failure      what went wrong, if the training diverged
 */
public record Trained(FiniteNetwork network, int steps, double learningRate, String ended, List<Point> history, double[][] train,
        double[][] test,
        Map<Integer, FiniteNetwork> recorded, Map<Integer, double[][]> functions,
        Map<Integer, double[][]> onTest, Optional<Failure> failure) {

    /** {@link #ended} after Ctrl-C. */
    public static final String INTERRUPTED = "interrupted";

    /**
     * A row of history.
     *
     * @param step     steps done
     * @param time     learning rate × steps × outputScale²
     * @param seconds  since the start
     * @param split    {@code train} or {@code test}
     * @param loss     as trained
     * @param accuracy share of right classes, 0 to 1
     */
    public record Point(int step, double time, double seconds, String split, double loss, double accuracy) {
    }
}
