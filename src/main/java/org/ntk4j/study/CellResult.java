package org.ntk4j.study;

import java.util.List;
import java.util.Map;
import org.ntk4j.finite.Trained;

/**
 * What one cell found: plain values, so that it can be stored and read back.
 *
 * @param seed        of the initial weights
 * @param swept       the other swept values, by path
 * @param rows        the numbers of {@code results.csv}
 * @param history     by subject, the rows of {@code history.csv}
 * @param predictions the functions on the test set
 * @param variances   of the ensemble's function at each test example, the same for all outputs
 * @param labels      of the test set
 * @param spectra     eigenvalues, largest first
 * @param indices     the examples drawn, by split
 * @param notes       what the user should know
 * @param training    what happened in training, in one line; empty without
 */
public record CellResult(long seed, Map<String, String> swept, List<Row> rows, List<History> history, List<Prediction> predictions,
        List<Variances> variances, int[] labels, List<Eigenvalues> spectra, Map<String, int[]> indices, List<String> notes, String training) {

    /** A point of history of a subject. */
    public record History(String subject, Trained.Point point) {
    }

    /** A function on the test set: one row of outputs for each example. */
    public record Prediction(String subject, String step, double[][] values) {
    }

    /** A variance for each test example. */
    public record Variances(String subject, String step, double[] values) {
    }

    /** The spectrum of K(train, train). */
    public record Eigenvalues(String subject, String step, double[] values) {
    }
}
