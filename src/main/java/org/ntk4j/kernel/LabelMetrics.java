package org.ntk4j.kernel;

import java.util.OptionalDouble;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;

/**
 * How well a kernel suits labels: functions of a kernel K(train, train), of targets with one row an input and one column an
 * output, and of an absolute ridge r. The error estimates are means over inputs and outputs of squared errors, like a mean
 * squared error on new inputs; where K + r is singular to rounding they are taken at a ridge of twice the cut-off of
 * {@link SymmetricEigen#cutoff}.
 */
public final class LabelMetrics {

    private static final double FLOAT64 = Math.ulp(1.0);

    private LabelMetrics() {
    }

    /**
     * Kernel–label alignment {@code Σ_c y_cᵀ K y_c / (‖K‖_F Σ_c ‖y_c‖²)} with the mean over inputs taken off each column of
     * y (Cristianini et al. 2001). Empty where K or the centred labels are zero.
     */
    public static OptionalDouble alignment(Kernel kernel, double[][] targets) {
        return alignment(kernel, targets, Settings.ofProcess().threads(), Monitor.silent());
    }

    /**
     * As {@link #alignment(Kernel, double[][])}.
     *
     * @param threads how many work at once where the kernel is not in the heap
     * @throws Failure after Ctrl-C
     */
    public static OptionalDouble alignment(Kernel kernel, double[][] targets, int threads, Monitor monitor) {
        kernel.requireSymmetric("the alignment with labels");
        int n = kernel.rows();
        int k = outputs(n, targets);
        double[] y = centred(targets, k);
        double norm = 0;
        for (double value : y) {
            norm += value * value;
        }
        TileSums sums = TileSums.of(kernel, y, k, threads, monitor);
        if (norm == 0 || sums.largest() == 0 || sums.frobenius() == 0) {
            return OptionalDouble.empty();
        }
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            sum += sums.product()[i] / sums.largest() * y[i];
        }
        return OptionalDouble.of(sum / sums.frobenius() / norm);
    }

    /** The share of {@code ‖y‖²} in the m leading eigenvectors, 0 to 1; empty where y is zero. */
    public static OptionalDouble labelEnergy(SymmetricEigen eigen, double[][] targets, int m) {
        int n = eigen.size();
        int k = outputs(n, targets);
        if (m < 0 || m > n) {
            throw Failure.input("m = " + m + " leading eigenvectors: allowed are 0 to " + n);
        }
        double[] projected = eigen.project(flat(targets, k), k);
        double leading = 0;
        double all = 0;
        for (int i = 0; i < projected.length; i++) {
            double energy = projected[i] * projected[i];
            all += energy;
            leading += i >= (n - m) * k ? energy : 0;
        }
        return all > 0 ? OptionalDouble.of(leading / all) : OptionalDouble.empty();
    }

    /** The leave-one-out error of kernel regression with the absolute ridge r, in closed form. */
    public static double looError(Kernel kernel, double[][] targets, double ridge) {
        kernel.requireSymmetric("the leave-one-out error");
        int k = outputs(kernel.rows(), targets);
        return looErrors(SymmetricEigen.of(kernel.values(), kernel.rows()), flat(targets, k), k, ridge)[0];
    }

    /**
     * The leave-one-out error for each ridge: the mean of {@code ((K+r)⁻¹y)_i / ((K+r)⁻¹)_ii} squared, without another
     * factorisation.
     *
     * @param y targets, {@code n × k}, by rows
     */
    public static double[] looErrors(SymmetricEigen eigen, double[] y, int k, double... ridges) {
        int n = eigen.size();
        int count = ridges.length;
        double[] inverse = new double[n * count];
        double[] scaled = new double[n * count * k];
        double[] projected = eigen.project(y, k);
        for (int r = 0; r < count; r++) {
            double ridge = regular(eigen, ridges[r]);
            for (int j = 0; j < n; j++) {
                inverse[j * count + r] = 1 / (eigen.values()[j] + ridge);
                for (int c = 0; c < k; c++) {
                    scaled[(j * count + r) * k + c] = projected[j * k + c] * inverse[j * count + r];
                }
            }
        }
        double[] squares = eigen.vectors().clone();
        for (int i = 0; i < squares.length; i++) {
            squares[i] *= squares[i];
        }
        double[] diagonal = Blas.product(true, false, n, count, n, squares, inverse);
        double[] weights = eigen.combine(scaled, count * k);
        double[] errors = new double[count];
        for (int i = 0; i < n; i++) {
            for (int r = 0; r < count; r++) {
                for (int c = 0; c < k; c++) {
                    double residual = weights[(i * count + r) * k + c] / diagonal[i * count + r];
                    errors[r] += residual * residual / ((double) n * k);
                }
            }
        }
        return errors;
    }

    /**
     * The kernel alignment risk estimator {@code n yᵀ(K+r)⁻²y / (tr (K+r)⁻¹)²} (Jacot et al. 2020, with r = n·λ of the
     * paper), the mean over outputs.
     */
    public static double kare(Kernel kernel, double[][] targets, double ridge) {
        kernel.requireSymmetric("KARE");
        int k = outputs(kernel.rows(), targets);
        return kare(SymmetricEigen.of(kernel.values(), kernel.rows()), flat(targets, k), k, ridge);
    }

    /**
     * KARE from an eigendecomposition.
     *
     * @param y targets, {@code n × k}, by rows
     */
    public static double kare(SymmetricEigen eigen, double[] y, int k, double ridge) {
        double regular = regular(eigen, ridge);
        double[] projected = eigen.project(y, k);
        // Both sums in units of the largest term, so that tiny eigenvalues do not overflow their squares.
        double unit = eigen.smallest() + regular;
        double trace = 0;
        double sum = 0;
        for (int j = 0; j < eigen.size(); j++) {
            double inverse = unit / (eigen.values()[j] + regular);
            trace += inverse;
            for (int c = 0; c < k; c++) {
                sum += projected[j * k + c] * inverse * (projected[j * k + c] * inverse);
            }
        }
        return eigen.size() * sum / k / (trace * trace);
    }

    /** The ridge itself, or one that makes K + r positive definite beyond rounding. */
    public static double regular(SymmetricEigen eigen, double ridge) {
        double cutoff = eigen.cutoff(FLOAT64);
        if (eigen.smallest() + ridge > cutoff) {
            return ridge;
        }
        return cutoff > 0 ? Math.max(ridge, 2 * cutoff) : 1;
    }

    private static int outputs(int n, double[][] targets) {
        if (targets.length != n || n == 0) {
            throw Failure.input("the kernel has " + n + " rows, the targets " + targets.length);
        }
        for (int i = 0; i < n; i++) {
            if (targets[i].length != targets[0].length || targets[i].length == 0) {
                throw Failure.input("row " + i + " of the targets has " + targets[i].length + " values, row 0 has " + targets[0].length);
            }
        }
        return targets[0].length;
    }

    private static double[] flat(double[][] rows, int k) {
        double[] flat = new double[rows.length * k];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * k, k);
        }
        return flat;
    }

    private static double[] centred(double[][] rows, int k) {
        double[] flat = flat(rows, k);
        for (int c = 0; c < k; c++) {
            double mean = 0;
            boolean constant = true;
            for (double[] row : rows) {
                mean += row[c] / rows.length;
                constant &= row[c] == rows[0][c];
            }
            for (int i = 0; i < rows.length; i++) {
                flat[i * k + c] = constant ? 0 : flat[i * k + c] - mean;
            }
        }
        return flat;
    }
}
