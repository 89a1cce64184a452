package org.ntk4j.solver;

import java.util.Locale;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.kernel.SymmetricProduct;
import org.ntk4j.kernel.Vectors;

/**
 * Solves {@code (Θ + r)w = b} for a tangent kernel of all outputs with all outputs by conjugate gradients. Its mean over outputs, the same
 * for each output, is so near to it that with it as preconditioner some dozen products do, whatever the condition number.
 *
 * @param weights  w
 * @param residual {@code ‖(Θ + r)w − b‖/‖b‖}
 * @param products how many products it took
 */
public record Preconditioned(double[] weights, double residual, int products) {

    private static final int MOST = 400;
    /** After this many products without a smaller residual it ends: what is left is rounding. */
    private static final int PATIENCE = 40;

    /**
     * Solves.
     *
     * @param mean      the eigendecomposition of the mean over outputs, n × n
     * @param outputs   k; the matrix has n k rows, output by output within an input
     * @param ridge     r
     * @param cutoff    eigenvalues of the mean below this count as this
     * @param tolerance of the residual
     */
    public static Preconditioned solve(SymmetricProduct theta, SymmetricEigen mean, int outputs, double ridge, double cutoff, double[] b,
            double tolerance, Monitor monitor) {
        double norm = Vectors.norm(b);
        double[] w = new double[b.length];
        if (norm == 0) {
            return new Preconditioned(w, 0, 0);
        }
        double[] r = b.clone();
        double[] z = precondition(mean, outputs, ridge, cutoff, r);
        double[] p = z.clone();
        double rz = Vectors.dot(r, z);
        double[] best = w.clone();
        double least = 1;
        int since = 0;
        int products = 0;
        try (Monitor.Task task = monitor.begin("regression with all outputs, products", 0)) {
            while (products < MOST && since < PATIENCE && least > tolerance) {
                double[] q = theta.times(p);
                products++;
                Vectors.subtract(q, p, -ridge);
                double curvature = Vectors.dot(p, q);
                if (!(curvature > 0)) {
                    break;
                }
                double step = rz / curvature;
                Vectors.subtract(w, p, -step);
                Vectors.subtract(r, q, step);
                double left = Vectors.norm(r) / norm;
                since = left < least ? 0 : since + 1;
                if (left < least) {
                    least = left;
                    System.arraycopy(w, 0, best, 0, w.length);
                }
                z = precondition(mean, outputs, ridge, cutoff, r);
                double next = Vectors.dot(r, z);
                double[] last = p;
                double share = next / rz;
                p = z.clone();
                Vectors.subtract(p, last, -share);
                rz = next;
                task.done(products, String.format(Locale.ROOT, "residual %.1e", left));
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped during a regression");
                }
            }
        }
        return new Preconditioned(best, least, products);
    }

    private static double[] precondition(SymmetricEigen mean, int outputs, double ridge, double cutoff, double[] r) {
        double[] projected = mean.project(r, outputs);
        for (int i = 0; i < projected.length; i++) {
            projected[i] /= Math.max(mean.values()[i / outputs], cutoff) + ridge;
        }
        return mean.combine(projected, outputs);
    }
}
