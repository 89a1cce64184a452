package org.ntk4j.inference;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.kernel.Cholesky;
import org.ntk4j.kernel.LabelMetrics;

/**
 * What a regression would give on inputs that it has not seen, from the training inputs alone: {@code ((K+r)⁻¹y)_i / ((K+r)⁻¹)_ii} of each
 * input.
 *
 * @param looError  the mean of its square, over inputs and outputs; NaN where it is not known
 * @param deviation the standard error of that mean, where it is estimated from some of the inputs; else 0
 * @param kare      the kernel alignment risk estimator (Jacot et al. 2020); NaN where it is not known
 * @param note      how they are estimated, or why they are not known; empty where they are exact
 */
public record LeaveOneOut(double looError, double deviation, double kare, String note) {

    /** Inputs that are left out, and vectors for a trace, where each costs a solve; the targets beside them make a block of about 64. */
    private static final int LEFT_OUT = 40;
    private static final int PROBES = 16;

    /** Whether they are known. */
    public boolean isKnown() {
        return Double.isFinite(looError) && Double.isFinite(kare);
    }

    /**
     * @param weights at infinity, if they are there already; null asks for the eigendecomposition, or for them
     */
    static LeaveOneOut of(Problem problem, @Nullable RegressionWeights weights) {
        boolean features = problem.kernel().kernel().features().isPresent();
        RegressionWeights found = weights == null && (features || !problem.decomposes())
                ? RegressionWeights.of(problem, Moment.infinity()) : weights;
        if (found != null && found.how().left() != null) {
            return found.how().left();
        }
        boolean iterated = found != null && found.how().iterations() > 0 && !problem.kernel().hasEigen()
                && problem.inputs() >= SolverChoice.CHOLESKY_FROM;
        if (found != null && !features && (iterated || !problem.decomposes())) {
            return byProducts(problem, found);
        }
        return direct(problem, found);
    }

    private static LeaveOneOut direct(Problem problem, @Nullable RegressionWeights weights) {
        boolean factored = weights != null && !weights.exact();
        Optional<Cholesky> cholesky = factored ? Cholesky.of(problem.kernel().kernel().values(), problem.inputs(), problem.ridge())
                : Optional.empty();
        if (weights != null && cholesky.isPresent()) {
            try (Cholesky factor = cholesky.get()) {
                return of(weights.values(), factor.inverseDiagonal(), problem.inputs(), problem.outputs());
            }
        }
        return new LeaveOneOut(LabelMetrics.looErrors(problem.kernel().eigen(), problem.residual(), problem.outputs(), problem.ridge())[0],
                0, LabelMetrics.kare(problem.kernel().eigen(), problem.residual(), problem.outputs(), problem.ridge()), "");
    }

    private static LeaveOneOut byProducts(Problem problem, RegressionWeights weights) {
        try (ColumnSolver solver = ColumnSolver.of(problem)) {
            return estimated(solver, weights.values(), problem);
        }
    }

    /** From solves with some columns of the inverse. */
    static LeaveOneOut estimated(ColumnSolver solver, double[] w, Problem problem) {
        LeftOut left = LeftOut.of(problem.inputs(), LEFT_OUT, PROBES);
        double[] columns = left.columns();
        ColumnSolver.Solved solved = solver.solve(columns, left.width());
        if (!solved.reached()) {
            return new LeaveOneOut(Double.NaN, Double.NaN, Double.NaN, String.format(Locale.ROOT, "no leave-one-out error and no KARE: "
                    + "solves for the diagonal of (K + r)⁻¹ ended at a relative residual of %.2g; use a ridge, or solver: cholesky",
                    solved.relative()));
        }
        return left.error(left.squares(w, problem.outputs()), LeftOut.energy(w), left.diagonal(solved.x()),
                left.trace(columns, solved.x()), problem.outputs());
    }

    /**
     * Of a regression on features, in closed form: an input that is left out is missed by {@code (b_i − f_i)/(1 − h_i)}, h_i its leverage;
     * KARE is {@code n‖b − f‖²/(n − Σ h)²}, also in the limit of no ridge.
     */
    static LeaveOneOut ofFeatures(double[] b, double[] fitted, double[] leverages, int k, String note) {
        int n = leverages.length;
        double error = 0;
        double energy = 0;
        double degrees = 0;
        for (int i = 0; i < n; i++) {
            degrees += leverages[i];
            for (int c = 0; c < k; c++) {
                double missed = b[i * k + c] - fitted[i * k + c];
                double left = missed / Math.max(1 - leverages[i], Math.ulp(1.0));
                error += left * left / ((double) n * k);
                energy += missed * missed;
            }
        }
        return new LeaveOneOut(error, 0, degrees < n ? n * energy / k / ((n - degrees) * (n - degrees)) : Double.NaN,
                degrees < n ? note : note + "; there are as many features as inputs and no ridge, so KARE is not defined");
    }

    private static LeaveOneOut of(double[] w, double[] diagonal, int n, int k) {
        double error = 0;
        double trace = 0;
        for (int i = 0; i < n; i++) {
            trace += diagonal[i];
            for (int c = 0; c < k; c++) {
                double left = w[i * k + c] / diagonal[i];
                error += left * left / ((double) n * k);
            }
        }
        return new LeaveOneOut(error, 0, n * LeftOut.energy(w) / k / (trace * trace), "");
    }
}
