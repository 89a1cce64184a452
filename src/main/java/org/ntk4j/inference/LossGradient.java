package org.ntk4j.inference;

/** The gradient of a loss with respect to the function's values on the training inputs. */
@FunctionalInterface
public interface LossGradient {

    /**
     * The gradient, of the shape of f, as a new array.
     *
     * @param f the function's values, {@code N × k}
     * @param y the targets, {@code N × k}
     */
    double[][] at(double[][] f, double[][] y);

    /** Of {@code 1/(2Nk)·‖f − y‖²}. */
    static LossGradient mse() {
        return (f, y) -> {
            double[][] gradient = new double[f.length][];
            for (int i = 0; i < f.length; i++) {
                gradient[i] = new double[f[i].length];
                for (int c = 0; c < f[i].length; c++) {
                    gradient[i][c] = (f[i][c] - y[i][c]) / f.length / f[i].length;
                }
            }
            return gradient;
        };
    }

    /** Of {@code −1/N·Σ_n Σ_c y_nc ln softmax(f_n)_c}: each row of the targets weighs the classes. */
    static LossGradient crossEntropy() {
        return (f, y) -> {
            double[][] gradient = new double[f.length][];
            for (int i = 0; i < f.length; i++) {
                gradient[i] = softmax(f[i]);
                double weight = 0;
                for (double value : y[i]) {
                    weight += value;
                }
                for (int c = 0; c < f[i].length; c++) {
                    gradient[i][c] = (weight * gradient[i][c] - y[i][c]) / f.length;
                }
            }
            return gradient;
        };
    }

    private static double[] softmax(double[] f) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double value : f) {
            largest = Math.max(largest, value);
        }
        double[] p = new double[f.length];
        double sum = 0;
        for (int c = 0; c < f.length; c++) {
            p[c] = Math.exp(f[c] - largest);
            sum += p[c];
        }
        for (int c = 0; c < f.length; c++) {
            p[c] /= sum;
        }
        return p;
    }
}
