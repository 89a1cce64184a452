package org.ntk4j.solver;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.KernelProduct;

/**
 * Preconditioned conjugate gradients for {@code (K + r)X = B}, all columns at once: each has its own recursion, all share the products with
 * K, which take the time. The residual is computed anew, {@code B − (K + r)X}, before a column counts as solved; where the recursion has
 * drifted from it, it begins again from there.
 */
public final class ConjugateGradients {

    /** A recursion that has not halved the residual over this many iterations has reached what the numbers allow. */
    private static final int PATIENCE = 200;
    /** Below this share of the largest Rayleigh quotient a negative one is rounding. */
    private static final double ROUNDING = 1e-12;

    private ConjugateGradients() {
    }

    /**
     * What was found.
     *
     * @param x          the solution, {@code n × k} by rows
     * @param residual   {@code B − (K + r)X}, as many
     * @param relative   the largest {@code ‖residual‖/‖B‖} of a column
     * @param iterations products with K
     * @param smallest   the smallest Rayleigh quotient of {@code K + r} that was met: an upper bound of its smallest eigenvalue, close to
     *                   it after many iterations
     * @param condition  the condition number of the preconditioned matrix, estimated from the recursion's coefficients
     * @param reached    whether the relative residual that was asked for is reached
     */
    public record Solution(double[] x, double[] residual, double relative, int iterations, double smallest, double condition,
            boolean reached) {
    }

    /**
     * How far to go.
     *
     * @param residual   the relative residual of each column at which it ends
     * @param iterations at most
     * @param saved      told of the solution so far and the number of iterations, after each
     */
    public record Goal(double residual, int iterations, BiConsumer<double[], Integer> saved) {
    }

    /**
     * Solves.
     *
     * @param start where to begin, {@code n × k}; not changed
     * @throws Failure after Ctrl-C, or where {@code K + r} turns out to be indefinite
     */
    public static Solution solve(KernelProduct kernel, double ridge, double[] b, int k, double[] start, Preconditioner preconditioner,
            Goal goal, Monitor monitor) {
        int n = kernel.rows();
        double[] x = start.clone();
        double[] norms = Columns.norms(b, k);
        boolean fresh = Arrays.stream(start).allMatch(v -> v == 0);
        double[] r = fresh ? b.clone() : rest(kernel, ridge, b, x, k);
        Tridiagonals coefficients = new Tridiagonals(k);
        double smallest = Double.POSITIVE_INFINITY;
        double largest = 0;
        int iterations = fresh ? 0 : 1;
        double best = Double.POSITIVE_INFINITY;
        int since = 0;
        boolean exact = true;
        double[] p = null;
        double[] before = null;
        try (Monitor.Task task = monitor.begin("conjugate gradients, " + n + " × " + n, 0)) {
            while (true) {
                double relative = relative(r, norms, k);
                task.done(iterations, String.format(Locale.ROOT, "relative residual %.2g", relative));
                if (relative <= goal.residual && !exact) {
                    r = rest(kernel, ridge, b, x, k);
                    iterations++;
                    exact = true;
                    p = null;
                    continue;
                }
                since = relative < best / 2 ? 0 : since + 1;
                best = since == 0 ? relative : best;
                if (relative <= goal.residual || iterations >= goal.iterations || since > PATIENCE) {
                    if (!exact) {
                        r = rest(kernel, ridge, b, x, k);
                    }
                    double reached = relative(r, norms, k);
                    return new Solution(x, r, reached, iterations, smallest, coefficients.condition(), reached <= goal.residual);
                }
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped after " + iterations
                            + " iterations of conjugate gradients, at a relative residual of "
                            + String.format(Locale.ROOT, "%.2g", relative));
                }
                double[] z = preconditioner.apply(r, k);
                double[] rz = Columns.dots(r, z, k);
                if (p == null || before == null) {
                    p = z;
                    coefficients.restart();
                } else {
                    double[] beta = new double[k];
                    for (int c = 0; c < k; c++) {
                        beta[c] = before[c] == 0 ? 0 : rz[c] / before[c];
                    }
                    coefficients.beta(beta);
                    Columns.scaleAdd(p, beta, z, k);
                }
                double[] q = times(kernel, ridge, p, k);
                double[] pq = Columns.dots(p, q, k);
                double[] pp = Columns.dots(p, p, k);
                double[] alpha = new double[k];
                double[] minus = new double[k];
                for (int c = 0; c < k; c++) {
                    largest = Math.max(largest, pp[c] > 0 ? pq[c] / pp[c] : 0);
                    if (pp[c] > 0 && pq[c] / pp[c] < -ROUNDING * largest) {
                        throw Indefinite.failure(pq[c] / pp[c], ridge);
                    }
                    smallest = pq[c] > 0 ? Math.min(smallest, pq[c] / pp[c]) : smallest;
                    alpha[c] = pq[c] > 0 ? rz[c] / pq[c] : 0;
                    minus[c] = -alpha[c];
                }
                coefficients.alpha(alpha);
                Columns.add(x, alpha, p, k);
                Columns.add(r, minus, q, k);
                before = rz;
                exact = false;
                iterations++;
                goal.saved.accept(x, iterations);
            }
        }
    }

    private static double relative(double[] r, double[] norms, int k) {
        double[] left = Columns.norms(r, k);
        double worst = 0;
        for (int c = 0; c < k; c++) {
            double share = norms[c] == 0 ? left[c] : left[c] / norms[c];
            worst = Double.isNaN(share) ? Double.NaN : Math.max(worst, share);
        }
        if (Double.isNaN(worst)) {
            throw Failure.run("conjugate gradients: the numbers left the range of float64");
        }
        return worst;
    }

    private static double[] times(KernelProduct kernel, double ridge, double[] x, int k) {
        double[] product = kernel.times(x, k);
        for (int i = 0; i < product.length; i++) {
            product[i] += ridge * x[i];
        }
        return product;
    }

    /** {@code B − (K + r)X}. */
    public static double[] rest(KernelProduct kernel, double ridge, double[] b, double[] x, int k) {
        double[] product = times(kernel, ridge, x, k);
        for (int i = 0; i < product.length; i++) {
            product[i] = b[i] - product[i];
        }
        return product;
    }
}
