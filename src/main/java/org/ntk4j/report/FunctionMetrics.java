package org.ntk4j.report;

import java.util.OptionalDouble;
import org.ntk4j.base.Failure;

/**
 * Measures of functions on a set of inputs. Predictions and targets have one row an input and one column an output, labels
 * are the indices of classes. The predicted class is the largest output, the first of equal ones; with a single output it is
 * class 1 where the output is positive, else class 0.
 */
public final class FunctionMetrics {

    /** The 97.5 % quantile of the normal distribution. */
    private static final double Z = 1.959963984540054;

    private FunctionMetrics() {
    }

    /** The predicted class of each input. */
    public static int[] classes(double[][] predictions) {
        int[] classes = new int[predictions.length];
        for (int i = 0; i < classes.length; i++) {
            double[] row = predictions[i];
            if (row.length == 1) {
                classes[i] = row[0] > 0 ? 1 : 0;
                continue;
            }
            for (int c = 1; c < row.length; c++) {
                classes[i] = row[c] > row[classes[i]] ? c : classes[i];
            }
        }
        return classes;
    }

    /** The share of inputs whose predicted class is the label, 0 to 1. */
    public static double accuracy(double[][] predictions, int[] labels) {
        return (double) correct(predictions, labels) / labels.length;
    }

    /** The lower end of the accuracy's 95 % interval (Wilson 1927). */
    public static double accuracyLow(double[][] predictions, int[] labels) {
        return wilson(correct(predictions, labels), labels.length, -1);
    }

    /** The upper end of the accuracy's 95 % interval (Wilson 1927). */
    public static double accuracyHigh(double[][] predictions, int[] labels) {
        return wilson(correct(predictions, labels), labels.length, 1);
    }

    /** The mean over inputs and outputs of the squared difference, without the loss's ½. */
    public static double mse(double[][] predictions, double[][] targets) {
        requireSameShape(predictions, targets);
        double sum = 0;
        for (int i = 0; i < predictions.length; i++) {
            for (int c = 0; c < predictions[i].length; c++) {
                double difference = predictions[i][c] - targets[i][c];
                sum += difference * difference;
            }
        }
        return sum / predictions.length / predictions[0].length;
    }

    /** The root of {@link #mse}. */
    public static double rmse(double[][] predictions, double[][] reference) {
        return Math.sqrt(mse(predictions, reference));
    }

    /**
     * The share of the targets' variance that is explained, R² = 1 − Σ(f − y)² / Σ(y − ȳ)², with the mean ȳ of each output over these
     * inputs; empty where all targets are constant.
     */
    public static OptionalDouble r2(double[][] predictions, double[][] targets) {
        requireSameShape(predictions, targets);
        double left = mse(predictions, targets) * predictions.length * predictions[0].length;
        double all = 0;
        for (int c = 0; c < targets[0].length; c++) {
            double mean = 0;
            for (double[] row : targets) {
                mean += row[c] / targets.length;
            }
            for (double[] row : targets) {
                all += (row[c] - mean) * (row[c] - mean);
            }
        }
        return all > 0 ? OptionalDouble.of(1 - left / all) : OptionalDouble.empty();
    }

    /** Pearson's correlation over all inputs and outputs together; empty where one of them is constant. */
    public static OptionalDouble correlation(double[][] a, double[][] b) {
        requireSameShape(a, b);
        double count = (double) a.length * a[0].length;
        double meanA = 0;
        double meanB = 0;
        boolean varies = false;
        boolean variesB = false;
        for (int i = 0; i < a.length; i++) {
            for (int c = 0; c < a[i].length; c++) {
                meanA += a[i][c] / count;
                meanB += b[i][c] / count;
                varies |= a[i][c] != a[0][0];
                variesB |= b[i][c] != b[0][0];
            }
        }
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            for (int c = 0; c < a[i].length; c++) {
                ab += (a[i][c] - meanA) * (b[i][c] - meanB);
                aa += (a[i][c] - meanA) * (a[i][c] - meanA);
                bb += (b[i][c] - meanB) * (b[i][c] - meanB);
            }
        }
        return varies && variesB && aa > 0 && bb > 0
                ? OptionalDouble.of(Math.max(-1, Math.min(1, ab / Math.sqrt(aa) / Math.sqrt(bb)))) : OptionalDouble.empty();
    }

    /** The share of inputs on which both predict the same class, 0 to 1. */
    public static double agreement(double[][] a, double[][] b) {
        requireSameShape(a, b);
        return accuracy(a, classes(b));
    }

    /**
     * McNemar's test, exact and two-sided: how likely a difference of accuracies at least as large is if both are equally
     * good, from the inputs on which exactly one of them is right. 1 where there is no such input.
     */
    public static double mcnemar(double[][] a, double[][] b, int[] labels) {
        requireLabels(a, labels);
        requireLabels(b, labels);
        int[] classesA = classes(a);
        int[] classesB = classes(b);
        int onlyA = 0;
        int onlyB = 0;
        for (int i = 0; i < labels.length; i++) {
            boolean rightA = classesA[i] == labels[i];
            boolean rightB = classesB[i] == labels[i];
            onlyA += rightA && !rightB ? 1 : 0;
            onlyB += rightB && !rightA ? 1 : 0;
        }
        int n = onlyA + onlyB;
        double logTerm = -n * Math.log(2);
        double tail = 0;
        for (int i = 0; i <= Math.min(onlyA, onlyB); i++) {
            tail += Math.exp(logTerm);
            logTerm += Math.log(n - i) - Math.log(i + 1);
        }
        return Math.min(1, 2 * tail);
    }

    private static int correct(double[][] predictions, int[] labels) {
        requireLabels(predictions, labels);
        int[] classes = classes(predictions);
        int correct = 0;
        for (int i = 0; i < labels.length; i++) {
            correct += classes[i] == labels[i] ? 1 : 0;
        }
        return correct;
    }

    private static double wilson(int correct, int n, int side) {
        double p = (double) correct / n;
        double square = Z * Z / n;
        double half = Z * Math.sqrt(p * (1 - p) / n + square / (4 * n));
        return Math.max(0, Math.min(1, (p + square / 2 + side * half) / (1 + square)));
    }

    private static void requireLabels(double[][] predictions, int[] labels) {
        requireValues(predictions);
        if (predictions.length != labels.length) {
            throw Failure.input(predictions.length + " predictions for " + labels.length + " labels");
        }
    }

    private static void requireSameShape(double[][] a, double[][] b) {
        requireValues(a);
        requireValues(b);
        if (a.length != b.length || a[0].length != b[0].length) {
            throw Failure.input("two functions of different shapes cannot be compared: " + a.length + " × " + a[0].length + " and "
                    + b.length + " × " + b[0].length);
        }
    }

    private static void requireValues(double[][] values) {
        if (values.length == 0 || values[0].length == 0) {
            throw Failure.input("there are no predictions to measure");
        }
        for (int i = 0; i < values.length; i++) {
            if (values[i].length != values[0].length) {
                throw Failure.input("row " + i + " has " + values[i].length + " values, row 0 has " + values[0].length);
            }
            for (int c = 0; c < values[i].length; c++) {
                if (!Double.isFinite(values[i][c])) {
                    throw Failure.run("the value for input " + i + ", output " + c + " is " + values[i][c]);
                }
            }
        }
    }
}
