package org.ntk4j.inference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.solver.LanczosColumns;

/**
 * What any ridge would give, from one Lanczos recursion for each output, for some inputs and for some random vectors, all sharing the
 * products with a kernel that cannot be decomposed: adding a ridge moves the eigenvalues of each T and nothing else. Traces and the log
 * determinant are stochastic Lanczos quadrature (Ubaru, Chen &amp; Saad 2017). A ridge counts once its numbers have settled; the smaller it
 * is, the more products that takes.
 */
final class RidgeQuadrature {

    private static final int FIRST_LOOK = 20;
    private static final double NEXT_LOOK = 1.5;
    private static final int MOST_PRODUCTS = 340;
    /** Between two looks, relative. */
    private static final double SETTLED = 2e-3;

    private final TrainKernel kernel;
    private final int n;
    private final int k;
    private final LeaveOneOut.Chosen left;
    private final LanczosColumns lanczos;
    private List<SymmetricEigen> eigen = List.of();
    private boolean whole;

    private RidgeQuadrature(TrainKernel kernel, double[] residual, int k) {
        this.kernel = kernel;
        this.n = kernel.size();
        this.k = k;
        this.left = LeaveOneOut.Chosen.of(n, LeaveOneOut.LEFT_OUT, LeaveOneOut.PROBES);
        double[] beside = left.columns();
        int width = k + left.width();
        double[] all = new double[Math.multiplyExact(n, width)];
        for (int i = 0; i < n; i++) {
            System.arraycopy(residual, i * k, all, i * width, k);
            System.arraycopy(beside, i * left.width(), all, i * width + k, left.width());
        }
        this.lanczos = new LanczosColumns(all, width, left.chosen());
    }

    /**
     * The points of those ridges whose numbers settle, ascending, and a note that says which do not and how the others are estimated.
     *
     * @param residual targets, {@code n × k} by rows
     * @param relative ridges over the mean diagonal, ascending
     * @throws Failure if none settles, or after Ctrl-C
     */
    static RidgePath path(TrainKernel kernel, double[] residual, int k, Resources resources, double[] relative) {
        RidgeQuadrature quadrature = new RidgeQuadrature(kernel, residual, k);
        double mean = Math.max(kernel.meanDiagonal(), 0);
        double[] absolute = Arrays.stream(relative).map(r -> Ridge.relative(r).value() * mean).toArray();
        return quadrature.grow(relative, absolute, resources);
    }

    private RidgePath grow(double[] relative, double[] absolute, Resources resources) {
        Monitor monitor = resources.monitor();
        List<RidgePoint> before = List.of();
        double look = FIRST_LOOK;
        try (KernelProduct product = kernel.kernel().product(resources.threads(), monitor);
                Monitor.Task task = monitor.begin("ridges, products with the kernel", MOST_PRODUCTS)) {
            while (true) {
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped while trying ridges");
                }
                whole = !lanczos.advance(product);
                task.done(lanczos.steps());
                if (!whole && lanczos.steps() < look) {
                    continue;
                }
                look *= NEXT_LOOK;
                List<RidgePoint> now = points(relative, absolute);
                boolean[] settled = settled(before, now);
                boolean all = true;
                for (boolean one : settled) {
                    all &= one;
                }
                before = now;
                if (all || whole || look > MOST_PRODUCTS) {
                    return kept(now, settled);
                }
            }
        }
    }

    private boolean[] settled(List<RidgePoint> before, List<RidgePoint> now) {
        boolean[] settled = new boolean[now.size()];
        for (int i = 0; i < settled.length; i++) {
            RidgePoint b = now.get(i);
            settled[i] = whole && Double.isFinite(b.looError()) || !before.isEmpty() && near(before.get(i).looError(), b.looError())
                    && near(before.get(i).kare(), b.kare());
        }
        return settled;
    }

    private static boolean near(double a, double b) {
        return Math.abs(a - b) <= SETTLED * Math.abs(b);
    }

    private RidgePath kept(List<RidgePoint> points, boolean[] settled) {
        List<RidgePoint> kept = new ArrayList<>();
        double beyond = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < settled.length; i++) {
            if (settled[i]) {
                kept.add(points.get(i));
            } else {
                beyond = Math.max(beyond, points.get(i).relative());
            }
        }
        if (kept.isEmpty()) {
            throw Failure.run(String.format(Locale.ROOT, "none of these ridges (to %.3g of the mean diagonal) can be tried by products "
                    + "with the kernel: after %d of them its leave-one-out errors have not settled; larger ridges need fewer", beyond,
                    lanczos.steps()));
        }
        String estimated = "estimated from " + left.chosen().length + " of " + n + " inputs and " + LeaveOneOut.PROBES + " random vectors, "
                + lanczos.steps() + " products with the kernel";
        return new RidgePath(kept, beyond > 0 ? estimated + String.format(Locale.ROOT, "; ridges up to %.3g of the mean diagonal are left "
                + "out: their numbers have not settled", beyond) : estimated);
    }

    private List<RidgePoint> points(double[] relative, double[] absolute) {
        int width = k + left.width();
        List<SymmetricEigen> all = new ArrayList<>();
        for (int c = 0; c < width; c++) {
            all.add(lanczos.eigen(c));
        }
        eigen = all;
        List<RidgePoint> points = new ArrayList<>();
        for (int i = 0; i < relative.length; i++) {
            points.add(point(relative[i], absolute[i]));
        }
        return points;
    }

    private RidgePoint point(double relative, double ridge) {
        double[] squares = new double[left.chosen().length];
        double energy = 0;
        double fit = 0;
        for (int c = 0; c < k; c++) {
            double length = lanczos.length(c);
            fit += length * length * sum(c, mu -> 1 / (mu + ridge));
            energy += length * length * sum(c, mu -> 1 / ((mu + ridge) * (mu + ridge)));
            double[] weights = lanczos.inRows(c, coefficients(eigen.get(c), ridge));
            for (int i = 0; i < squares.length; i++) {
                squares[i] += length * length * weights[i] * weights[i];
            }
        }
        double[] diagonal = new double[squares.length];
        for (int i = 0; i < diagonal.length; i++) {
            diagonal[i] = sum(k + i, mu -> 1 / (mu + ridge));
        }
        double trace = 0;
        double logs = 0;
        double dimension = 0;
        for (int p = 0; p < LeaveOneOut.PROBES; p++) {
            int column = k + squares.length + p;
            trace += n * sum(column, mu -> 1 / (mu + ridge)) / LeaveOneOut.PROBES;
            logs += n * sum(column, mu -> Math.log(mu + ridge)) / LeaveOneOut.PROBES;
            dimension += n * sum(column, mu -> mu / (mu + ridge)) / LeaveOneOut.PROBES;
        }
        LeaveOneOut error = left.error(squares, energy, diagonal, trace, k);
        return new RidgePoint(relative, ridge, error.looError(), Ridge.logMarginalLikelihood(fit, logs, n, k), error.kare(), dimension);
    }

    /** A function of one eigenvalue. */
    private interface OfEigenvalue {
        double at(double mu);
    }

    /** {@code e_1ᵀg(T)e_1}; below 0 there is only rounding. */
    private double sum(int column, OfEigenvalue g) {
        SymmetricEigen t = eigen.get(column);
        double sum = 0;
        for (int j = 0; j < t.size(); j++) {
            double first = t.vectors()[j * t.size()];
            sum += first == 0 ? 0 : first * first * g.at(Math.max(t.values()[j], 0));
        }
        return sum;
    }

    /** {@code (T + r)⁻¹e_1}. */
    private static double[] coefficients(SymmetricEigen t, double ridge) {
        int m = t.size();
        double[] coefficients = new double[m];
        for (int j = 0; j < m; j++) {
            double gain = t.vectors()[j * m] / (Math.max(t.values()[j], 0) + ridge);
            for (int i = 0; i < m; i++) {
                coefficients[i] += gain * t.vectors()[j * m + i];
            }
        }
        return coefficients;
    }
}
