package org.ntk4j.study.finding;

import java.util.Arrays;
import org.ntk4j.data.Split;
import org.ntk4j.finite.Training;
import org.ntk4j.inference.LossGradient;

/** What a function leaves of the targets, in the sense of a loss. */
public final class Residuals {

    private Residuals() {
    }

    /** {@code f − y}; with cross-entropy {@code softmax(f)} minus the class's indicator. */
    public static double[][] of(String loss, double[][] f, Split data) {
        if (loss.equals(Training.CROSS_ENTROPY)) {
            double[][] gradient = LossGradient.crossEntropy().at(f, indicators(data.labels(), f[0].length));
            for (double[] row : gradient) {
                for (int c = 0; c < row.length; c++) {
                    row[c] *= f.length;
                }
            }
            return gradient;
        }
        return minus(f, data.targets());
    }

    /** Row after row. */
    public static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    /** The difference of two functions, value by value. */
    public static double[][] minus(double[][] a, double[][] b) {
        double[][] difference = new double[a.length][a[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int c = 0; c < a[i].length; c++) {
                difference[i][c] = a[i][c] - b[i][c];
            }
        }
        return difference;
    }

    /** One row an example: 1 at its class, else 0. */
    public static double[][] indicators(int[] labels, int classes) {
        double[][] rows = new double[labels.length][classes];
        for (int i = 0; i < labels.length; i++) {
            rows[i][labels[i]] = 1;
        }
        return rows;
    }

    /** Mean over outputs of the squared difference at each example. */
    public static double[] squares(double[][] a, double[][] b) {
        double[] squares = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            for (int c = 0; c < a[i].length; c++) {
                squares[i] += (a[i][c] - b[i][c]) * (a[i][c] - b[i][c]) / a[i].length;
            }
        }
        return squares;
    }

    /** The loss as it is trained. */
    public static double loss(String loss, double[][] f, Split data) {
        double sum = 0;
        if (loss.equals(Training.MSE)) {
            for (double[] row : of(loss, f, data)) {
                for (double value : row) {
                    sum += value * value / (2.0 * f.length * row.length);
                }
            }
            return sum;
        }
        for (int i = 0; i < f.length; i++) {
            double most = Double.NEGATIVE_INFINITY;
            for (double value : f[i]) {
                most = Math.max(most, value);
            }
            double normal = 0;
            for (double value : f[i]) {
                normal += Math.exp(value - most);
            }
            sum += (most + Math.log(normal) - f[i][data.labels()[i]]) / f.length;
        }
        return sum;
    }

    /** Each value times a factor. */
    public static double[][] scaled(double[][] rows, double factor) {
        double[][] scaled = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            scaled[i] = Arrays.stream(rows[i]).map(v -> v * factor).toArray();
        }
        return scaled;
    }
}
