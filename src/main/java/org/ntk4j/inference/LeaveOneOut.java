package org.ntk4j.inference;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.kernel.Cholesky;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.LabelMetrics;

/**
 * What a regression would give on inputs that it has not seen, from the training inputs alone: {@code ((K+r)⁻¹y)_i / ((K+r)⁻¹)_ii} of each
 * input.
 *
 * @param looError  the mean of its square, over inputs and outputs
 * @param deviation the standard error of that mean, where it is estimated from some of the inputs; else 0
 * @param kare      the kernel alignment risk estimator (Jacot et al. 2020); NaN where it is not known
 */
public record LeaveOneOut(double looError, double deviation, double kare) {

    /**
     * @param weights at infinity, if they are there already; null asks for the eigendecomposition
     */
    static LeaveOneOut of(Problem problem, @Nullable RegressionWeights weights) {
        if (weights != null && weights.how().looError() != null) {
            return new LeaveOneOut(weights.how().looError()[0], weights.how().looError()[1], Double.NaN);
        }
        boolean direct = problem.solver() instanceof Solver.Auto || problem.solver() instanceof Solver.Cholesky
                || problem.solver() instanceof Solver.Eigen || problem.solver() instanceof Solver.RandomFeatures;
        boolean large = problem.inputs() >= SolverChoice.CHOLESKY_FROM;
        Kernel kernel = problem.kernel().kernel();
        boolean far = !kernel.isInHeap() && kernel.features().isEmpty();
        if (!problem.kernel().hasEigen() && large && (far || !direct)) {
            return new LeaveOneOut(Double.NaN, Double.NaN, Double.NaN);
        }
        boolean factored = weights != null && !weights.exact();
        Optional<Cholesky> cholesky = factored ? Cholesky.of(problem.kernel().kernel().values(), problem.inputs(), problem.ridge())
                : Optional.empty();
        if (weights != null && cholesky.isPresent()) {
            try (Cholesky factor = cholesky.get()) {
                return of(weights.values(), factor.inverseDiagonal(), problem.inputs(), problem.outputs());
            }
        }
        return new LeaveOneOut(LabelMetrics.looErrors(problem.kernel().eigen(), problem.residual(), problem.outputs(), problem.ridge())[0],
                0,
                LabelMetrics.kare(problem.kernel().eigen(), problem.residual(), problem.outputs(), problem.ridge()));
    }

    private static LeaveOneOut of(double[] w, double[] diagonal, int n, int k) {
        double error = 0;
        double energy = 0;
        double trace = 0;
        for (int i = 0; i < n; i++) {
            trace += diagonal[i];
            for (int c = 0; c < k; c++) {
                double left = w[i * k + c] / diagonal[i];
                error += left * left / ((double) n * k);
                energy += w[i * k + c] * w[i * k + c];
            }
        }
        return new LeaveOneOut(error, 0, n * energy / k / (trace * trace));
    }
}
