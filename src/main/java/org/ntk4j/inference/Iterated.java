package org.ntk4j.inference;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.PowerIteration;
import org.ntk4j.kernel.Vectors;
import org.ntk4j.solver.ConjugateGradients;
import org.ntk4j.solver.LowRank;
import org.ntk4j.solver.PivotedCholesky;
import org.ntk4j.solver.Preconditioner;
import org.ntk4j.solver.TiledFactor;

/**
 * The weights of a regression at infinity for a kernel that is too large for a factorisation in float64, or wherever another solver was
 * asked for.
 */
final class Iterated {

    /** What a kernel in float32 can be solved to. */
    private static final double SINGLE = 1e-6;
    private static final int MOST_REFINEMENTS = 2000;
    private static final int MOST_ITERATIONS = 5000;
    private static final int POWER = 8;
    private static final int PROBES = 16;
    private static final int LEFT_OUT = 256;
    /** Of the smallest eigenvalue; so large is the relative error of a diagonal of the inverse at most. */
    private static final double SMALL_SHIFT = 0.01;

    private final Problem problem;
    private final Kernel kernel;
    private final Resources resources;
    private final int n;
    private final int k;

    private Iterated(Problem problem) {
        this.problem = problem;
        this.kernel = problem.kernel().kernel();
        this.resources = problem.resources();
        this.n = problem.inputs();
        this.k = problem.outputs();
    }

    static RegressionWeights weights(Problem problem, SolverChoice choice) {
        Iterated iterated = new Iterated(problem);
        return switch (choice.way()) {
            case CHOLESKY32, CHOLESKY32_IN_FILES -> iterated.refined(choice);
            case CONJUGATE_GRADIENT -> iterated.gradients(choice);
            case NYSTROM -> iterated.nystrom(choice);
            default -> FeatureWeights.of(problem, choice);
        };
    }

    private double asked() {
        return problem.solver() instanceof Solver.ConjugateGradient c ? c.residual() : problem.isSingle() ? SINGLE : Solver.RESIDUAL;
    }

    private RegressionWeights refined(SolverChoice choice) {
        try (TiledFactor factor = ColumnSolver.factor(problem, choice)) {
            ConjugateGradients.Solution solution = solve(factor, MOST_REFINEMENTS);
            try (Monitor.Task task = resources.monitor().begin("condition number and leave-one-out error from the factor", 4)) {
                return estimated(choice, factor, solution, task);
            }
        }
    }

    private RegressionWeights estimated(SolverChoice choice, TiledFactor factor, ConjugateGradients.Solution solution, Monitor.Task task) {
        double largest = power(x -> factor.times(x, 1)) - factor.shift();
        task.done(1);
        double smallest = Math.min(1 / power(x -> factor.apply(x, 1)) - factor.shift() + problem.ridge(), solution.smallest());
        task.done(2);
        LeaveOneOut.Chosen left = LeaveOneOut.Chosen.of(n, LEFT_OUT, PROBES);
        double[] columns = left.columns();
        double[] solved = factor.apply(columns, left.width());
        double trace = left.trace(columns, solved);
        double degrees = problem.ridge() == 0 ? n : Math.max(0, Math.min(n, n - problem.ridge() * trace));
        task.done(3);
        // The factor is that of K + s: where the smallest eigenvalue is not far above s, its inverse is another one.
        LeaveOneOut error;
        if (factor.shift() - problem.ridge() <= SMALL_SHIFT * smallest) {
            error = left.error(left.squares(solution.x(), k), Vectors.dot(solution.x(), solution.x()), left.diagonal(solved), trace, k);
        } else {
            try (ColumnSolver solver = ColumnSolver.with(factor, problem)) {
                error = LeaveOneOut.estimated(solver, solution.x(), problem);
            }
        }
        String solver = factor.isSingle() ? choice.describe() : factor.describe();
        return weights(solution, solver, Math.max(smallest, 0) - problem.ridge(), largest, degrees, error);
    }

    private RegressionWeights gradients(SolverChoice choice) {
        PivotedCholesky approximation = PivotedCholesky.of(kernel, kernel.diagonal(), choice.rank(), resources.monitor());
        try (LowRank preconditioner = LowRank.of(approximation, problem.ridge())) {
            ConjugateGradients.Solution solution = solve(preconditioner, MOST_ITERATIONS);
            double[] values = preconditioner.values();
            double degrees = Arrays.stream(values).map(v -> v / (v + problem.ridge())).sum();
            return weights(solution, choice.describe(), solution.smallest() - problem.ridge(), values[values.length - 1], degrees, null);
        }
    }

    private RegressionWeights nystrom(SolverChoice choice) {
        PivotedCholesky approximation = PivotedCholesky.of(kernel, kernel.diagonal(), choice.rank(), resources.monitor());
        double[] w = approximation.weights(problem.residual(), k, problem.ridge());
        double[] values = LowRank.of(approximation, problem.ridge()).values();
        double[] rest;
        try (KernelProduct product = kernel.product(resources.monitor())) {
            rest = ConjugateGradients.rest(product, problem.ridge(), problem.residual(), w, k);
        }
        double degrees = Arrays.stream(values).map(v -> v / (v + problem.ridge())).sum();
        String solver = String.format(Locale.ROOT, "%s, %.2g of the kernel's trace left out", choice.describe(), approximation.left());
        return new RegressionWeights(w, false, values[0], values[values.length - 1], 0, n - approximation.rank(), degrees, relative(rest),
                new RegressionWeights.How(solver, 1, 0, rest, leftOut(approximation, w)));
    }

    /** That of the approximation, which is a regression on as many features, in closed form. */
    private LeaveOneOut leftOut(PivotedCholesky approximation, double[] w) {
        double[] leverages = approximation.leverages(problem.ridge());
        double[] fitted = approximation.times(w, k);
        return LeaveOneOut.ofFeatures(problem.residual(), fitted, leverages, k, "leave-one-out error and KARE are those of the Nyström "
                + "approximation");
    }

    private ConjugateGradients.Solution solve(Preconditioner preconditioner, int most) {
        SolutionFile checkpoint = SolutionFile.of(resources, n, k);
        try (KernelProduct product = kernel.product(resources.monitor())) {
            ConjugateGradients.Goal goal = new ConjugateGradients.Goal(asked(), most, checkpoint::keep);
            return ConjugateGradients.solve(product, problem.ridge(), problem.residual(), k, checkpoint.start(), preconditioner, goal,
                    resources.monitor());
        }
    }

    private RegressionWeights weights(ConjugateGradients.Solution solution, String solver, double smallest, double largest, double degrees,
            @Nullable LeaveOneOut left) {
        return new RegressionWeights(solution.x(), false, smallest, largest, n * problem.epsilon() * largest, 0, degrees,
                relative(solution.residual()),
                new RegressionWeights.How(solver, solution.iterations(), asked(), solution.residual(), left));
    }

    private double relative(double[] rest) {
        double norm = Vectors.norm(problem.residual());
        return norm == 0 ? 0 : Vectors.norm(rest) / norm;
    }

    /** The largest eigenvalue of a positive definite map, by its powers. */
    private double power(UnaryOperator<double[]> map) {
        return PowerIteration.largest(map, new Random(0).doubles(n).map(v -> v - 0.5).toArray(), POWER);
    }
}
