package org.ntk4j.solver;

import java.util.Locale;
import java.util.function.BiConsumer;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.KernelProduct;

/**
 * Preconditioned conjugate gradients for {@code (K + r)X = B}, all columns at once: each has its own recursion, all share the products with
 * K, which take the time. The residual is computed anew, {@code B − (K + r)X}, before a column counts as solved, and wherever rough
 * products may have moved the recursion from it; a column that was far off begins again from there.
 */
public final class ConjugateGradients {

    /** Vectors that are kept, beside those of each column, where products are rough; at most. */
    public static final int KEPT_VECTORS = 2 * KeptDirections.MOST;

    /**
     * The residual of an ill-conditioned kernel may grow over hundreds of iterations while the solution comes nearer. Where it has not been
     * halved over so many it is computed anew: only if that had to correct it, the numbers may allow no more.
     */
    private static final int PATIENCE = 200;

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
     * @param start where to begin, {@code n × k}; becomes the solution
     * @throws Failure after Ctrl-C, or where {@code K + r} turns out to be indefinite
     */
    public static Solution solve(KernelProduct kernel, double ridge, double[] b, int k, double[] start, Preconditioner preconditioner,
            Goal goal, Monitor monitor) {
        int n = kernel.rows();
        Recursion recursion = new Recursion(kernel, ridge, b, k, start, preconditioner, goal.residual);
        double best = Double.POSITIVE_INFINITY;
        int since = 0;
        try (Monitor.Task task = monitor.begin("conjugate gradients, " + n + " × " + n, 0)) {
            while (true) {
                double relative = recursion.relative();
                task.done(recursion.products(), String.format(Locale.ROOT, "relative residual %.2g", relative));
                since = relative < best / 2 ? 0 : since + 1;
                best = since == 0 ? relative : best;
                boolean stalls = since > PATIENCE;
                boolean ends = relative <= goal.residual || recursion.products() >= goal.iterations || stalls && recursion.isLimited();
                if (recursion.isExact() && ends) {
                    return new Solution(recursion.x(), recursion.residual(), relative, recursion.products(), recursion.smallest(),
                            recursion.condition(), relative <= goal.residual);
                }
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped after " + recursion.products()
                            + " iterations of conjugate gradients, at a relative residual of "
                            + String.format(Locale.ROOT, "%.2g", relative));
                }
                if (ends || recursion.hasDrifted()) {
                    recursion.renew();
                } else if (stalls) {
                    recursion.renewExactly();
                    since = 0;
                } else {
                    recursion.step();
                    goal.saved.accept(recursion.x(), recursion.products());
                }
            }
        }
    }

    static double[] plus(double[] product, double ridge, double[] x) {
        for (int i = 0; i < product.length; i++) {
            product[i] += ridge * x[i];
        }
        return product;
    }

    /** {@code B − (K + r)X}. */
    public static double[] rest(KernelProduct kernel, double ridge, double[] b, double[] x, int k) {
        double[] product = plus(kernel.times(x, k), ridge, x);
        for (int i = 0; i < product.length; i++) {
            product[i] = b[i] - product[i];
        }
        return product;
    }
}
