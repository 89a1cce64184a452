package org.ntk4j.inference;

import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.SymmetricEigen;

/** The functions along training, from {@link Dynamics}: at any moments, in any order, over one eigendecomposition. */
public final class Curves {

    /** How many numbers are combined in one matrix product. */
    private static final int CHUNK = 1 << 22;

    private final Problem problem;
    private final double[] projected;

    Curves(Problem problem) {
        this.problem = problem;
        this.projected = problem.eigen().project(problem.residual(), problem.outputs());
    }

    /** The functions on the training inputs: [moment][input][output]. */
    public double[][][] train(Moment... moments) {
        SymmetricEigen eigen = problem.eigen();
        return combined(eigen.vectors(), true, problem.inputs(), problem.offset(), true, moments);
    }

    /**
     * The functions on other inputs: [moment][input][output].
     *
     * @param kTest  one row for each of M inputs, one column for each training input
     * @param f0Test the function at initialisation there, {@code M × k}; null: zero
     */
    public double[][][] test(Kernel kTest, double @Nullable [][] f0Test, Moment... moments) {
        int n = problem.inputs();
        OutputRows.requireColumns(kTest, n);
        double[] f0 = f0Test == null ? new double[kTest.rows() * problem.outputs()]
                : OutputRows.flat("function at initialisation", f0Test, kTest.rows(), problem.outputs());
        double[] basis = Blas.product(false, true, kTest.rows(), n, n, kTest.values(), problem.eigen().vectors());
        return combined(basis, false, kTest.rows(), f0, false, moments);
    }

    /** The absolute ridge, given or chosen. */
    public double ridge() {
        return problem.ridge();
    }

    private double[][][] combined(double[] basis, boolean transpose, int rows, double @Nullable [] f0, boolean learned, Moment[] moments) {
        int n = problem.inputs();
        int k = problem.outputs();
        double[][][] curves = new double[moments.length][][];
        int step = (int) Math.max(1, CHUNK / ((long) k * Math.max(n, rows)));
        double[] offset = f0 == null ? new double[rows * k] : f0;
        for (int from = 0; from < moments.length; from += step) {
            int count = Math.min(step, moments.length - from);
            double[] scaled = new double[n * count * k];
            for (int t = 0; t < count; t++) {
                double[] gains = problem.gains(moments[from + t]);
                for (int j = 0; j < n; j++) {
                    double factor = learned ? learned(j, gains[j]) : gains[j];
                    for (int c = 0; c < k; c++) {
                        scaled[(j * count + t) * k + c] = factor * projected[j * k + c];
                    }
                }
            }
            double[] product = Blas.product(transpose, false, rows, count * k, n, basis, scaled);
            for (int t = 0; t < count; t++) {
                curves[from + t] = moment(moments[from + t], product, t, count, rows, offset);
            }
        }
        return curves;
    }

    /** {@code 1 − p} of a direction: 0 where it was left out. */
    private double learned(int j, double gain) {
        double mu = Math.max(problem.eigen().values()[j] + problem.ridge(), 0);
        return mu * gain;
    }

    private double[][] moment(Moment moment, double[] product, int t, int count, int rows, double[] f0) {
        int k = problem.outputs();
        double[][] f = new double[rows][k];
        for (int i = 0; i < rows; i++) {
            for (int c = 0; c < k; c++) {
                f[i][c] = f0[i * k + c] + product[(i * count + t) * k + c];
                if (!Double.isFinite(f[i][c])) {
                    throw Failure.run(moment + ": the value for input " + i + ", output " + c + " is " + f[i][c]);
                }
            }
        }
        return f;
    }
}
