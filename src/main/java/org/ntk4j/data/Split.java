package org.ntk4j.data;

import java.util.Arrays;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;

/**
 * One part of a sample: inputs with what is known of them. The arrays are not copied: not to be changed.
 *
 * @param inputs  n inputs
 * @param targets n rows of one number per class, or of the real values to be learnt
 * @param labels  n columns of {@code targets}: the class of each example; none where the targets are real values
 * @param indices where the examples are in the data set's file for this part, from 0
 */
public record Split(Inputs inputs, double[][] targets, int[] labels, int[] indices) {

    public Split {
        int n = inputs.count();
        if (targets.length != n || labels.length != n && labels.length != 0 || indices.length != n) {
            throw Failure.input(n + " inputs do not match " + targets.length + " targets, " + labels.length + " labels, "
                    + indices.length + " indices");
        }
    }

    /** Examples with real values to be learnt, one row for each. */
    public static Split real(Inputs inputs, double[][] targets, int[] indices) {
        Required.value(inputs, "inputs");
        Required.values(targets, "targets");
        Required.value(indices, "indices");
        return new Split(inputs, targets, new int[0], indices);
    }

    /** The examples {@code from} to before {@code to}. */
    public Split slice(int from, int to) {
        return new Split(inputs.slice(from, to), Arrays.copyOfRange(targets, from, to),
                hasClasses() ? Arrays.copyOfRange(labels, from, to) : labels, Arrays.copyOfRange(indices, from, to));
    }

    /** Whether each example belongs to a class; else the targets are real values. */
    public boolean hasClasses() {
        return labels.length > 0;
    }

    /** The number of examples. */
    public int count() {
        return targets.length;
    }

    /** The number of columns of the targets: of classes, or of real values. */
    public int classCount() {
        return targets[0].length;
    }

    /**
     * The share of examples whose largest prediction is that of their class; of equal ones the first counts. NaN where there are no
     * classes.
     *
     * @param predictions one row per example, one column per class
     * @throws Failure where the size is another, or a prediction is NaN
     */
    public double accuracy(double[][] predictions) {
        Required.values(predictions, "predictions");
        if (predictions.length != count()) {
            throw Failure.input("accuracy: " + predictions.length + " rows of predictions do not match " + count() + " examples");
        }
        if (!hasClasses()) {
            return Double.NaN;
        }
        int right = 0;
        for (int i = 0; i < predictions.length; i++) {
            right += largest(predictions[i], i) == labels[i] ? 1 : 0;
        }
        return (double) right / count();
    }

    private int largest(double[] row, int example) {
        if (row.length != classCount()) {
            throw Failure.input("accuracy: row " + example + " has " + row.length + " predictions; there are " + classCount() + " classes");
        }
        int best = 0;
        for (int c = 0; c < row.length; c++) {
            if (Double.isNaN(row[c])) {
                throw Failure.run("accuracy: the prediction of example " + example + " for class " + c + " is not a number");
            }
            best = row[c] > row[best] ? c : best;
        }
        return best;
    }

    /** {@code 100 examples of 28×28×1 in 10 classes}. */
    @Override
    public String toString() {
        return count() + (count() == 1 ? " example of " : " examples of ") + inputs.shape()
                + (hasClasses() ? " in " + classCount() + " classes"
                        : " with " + classCount() + (classCount() == 1 ? " real-valued target" : " real-valued targets"));
    }
}
