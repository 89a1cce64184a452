package org.ntk4j.study.finding;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.finite.Trained;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/**
 * What one cell found: plain values, so that it can be stored and read back.
 *
 * @param seed        of the initial weights
 * @param swept       the other swept values, by path
 * @param rows        the numbers of {@code results.csv}
 * @param history     by subject, the rows of {@code history.csv}
 * @param predictions the functions on the test set
 * @param variances   of the ensemble's function at each test example, the same for all outputs
 * @param labels      of the test set; none where the targets are real values
 * @param targets     of the test set
 * @param spectra     eigenvalues, largest first
 * @param indices     the examples drawn, by split
 * @param notes       what the user should know
 * @param details     about each kernel's eigenvalues and ridge
 * @param training    what happened in training, in one line; empty without
 * @param drawn       what its report shows beside
 * @param failure     why it ended early; empty if it did not
 * @param features    leading eigenvectors of what the layers' weights see, if they are wanted
 */
public record CellResult(long seed, Map<String, String> swept, List<Row> rows, List<History> history, List<Prediction> predictions,
        List<Variances> variances, int[] labels, double[][] targets, List<Eigenvalues> spectra, Map<String, int[]> indices,
                List<String> notes, List<String> details,
        String training, Drawn drawn, String failure, List<Feature> features) {

    /** A cell that failed before it found anything. */
    public static CellResult failed(long seed, Map<String, String> swept, String reason) {
        return new CellResult(seed, swept, List.of(), List.of(), List.of(), List.of(), new int[0],
                new double[0][], List.of(), Map.of(), List.of(), List.of(), "",
                Drawn.NONE, reason, List.of());
    }

    /** Whether the examples belong to classes. */
    public boolean hasClasses() {
        return labels.length > 0;
    }

    /** The label of a test example; of real-valued targets the one of this output. */
    Object label(int example, int output) {
        return hasClasses() ? (Object) labels[example] : (Object) targets[example][output];
    }

    /** This result with these numbers. */
    public CellResult with(List<Row> numbers) {
        return new CellResult(seed, swept, numbers, history, predictions, variances, labels, targets, spectra, indices, notes, details,
                training, drawn, failure, features);
    }

    /** This result as that of a cell that ended early. */
    public CellResult failed(String reason) {
        return new CellResult(seed, swept, rows, history, predictions, variances, labels, targets, spectra, indices, notes, details,
                training, drawn, reason, features);
    }

    /** A function on the test set, at a step; empty if there is none. */
    public Optional<double[][]> function(Subject subject, Step step) {
        return predictions.stream().filter(p -> p.subject().equals(subject) && p.step().equals(step)).map(Prediction::values).findFirst();
    }

    /** A point of history of a subject. */
    public record History(Subject subject, Trained.Point point) {
    }

    /** A function on the test set: one row of outputs for each example. */
    public record Prediction(Subject subject, Step step, double[][] values) {
    }

    /** A variance for each test example. */
    public record Variances(Subject subject, Step step, double[] values) {
    }

    /**
     * An eigenvector of what a layer sees of its input.
     *
     * @param matrix {@code weights}, {@code gradients} or {@code change}
     * @param index  counted from the largest eigenvalue, 0
     * @param space  the sizes of the axes of space that it goes over, channels within; empty for a vector
     */
    public record Feature(String layer, int step, String matrix, int index, double eigenvalue, List<Integer> space, double[] vector) {
    }

    /** The spectrum of K(train, train). */
    public record Eigenvalues(Subject subject, Step step, double[] values) {
    }
}
