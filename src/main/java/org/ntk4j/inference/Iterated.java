package org.ntk4j.inference;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.Cholesky;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.Lanczos;
import org.ntk4j.kernel.Vectors;
import org.ntk4j.solver.Columns;
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
    private static final int LANCZOS_STEPS = 8;
    private static final int PROBES = 16;
    private static final int LEFT_OUT = 256;
    /** Of the smallest eigenvalue: the relative error of a diagonal of the inverse is at most as large. */
    private static final double SMALL_SHIFT = 0.01;

    private final Problem problem;
    private final SolverChoice choice;
    private final Kernel kernel;
    private final Resources resources;
    private final int n;
    private final int k;

    private Iterated(Problem problem, SolverChoice choice) {
        this.problem = problem;
        this.choice = choice;
        this.kernel = problem.kernel().kernel();
        this.resources = problem.resources();
        this.n = problem.inputs();
        this.k = problem.outputs();
    }

    static RegressionWeights weights(Problem problem, SolverChoice choice) {
        Iterated iterated = new Iterated(problem, choice);
        return switch (choice.way()) {
            case CHOLESKY32, CHOLESKY32_IN_FILES -> iterated.refined();
            case CONJUGATE_GRADIENT -> iterated.gradients();
            case NYSTROM -> iterated.nystrom();
            default -> FeatureWeights.of(problem, choice);
        };
    }

    private double asked() {
        return problem.solver() instanceof Solver.ConjugateGradient c ? c.residual() : problem.isSingle() ? SINGLE : Solver.RESIDUAL;
    }

    private RegressionWeights refined() {
        try (TiledFactor factor = ColumnSolver.factor(problem, choice)) {
            double largest;
            double smallest;
            try (Monitor.Task task = resources.monitor().begin("condition number from the factor", 2)) {
                largest = largest(x -> factor.times(x, 1)) - factor.shift();
                task.done(1);
                smallest = 1 / largest(x -> factor.apply(x, 1)) - factor.shift() + problem.ridge();
            }
            String solver = factor.isSingle() ? choice.describe() : factor.describe();
            return isClose(factor, smallest) ? byFactor(factor, solver, smallest, largest) : together(factor, solver, smallest, largest);
        }
    }

    /** Whether the factor, that of K + s, has about the inverse of K + r: where the smallest eigenvalue is far above s, or s is r. */
    private boolean isClose(TiledFactor factor, double smallest) {
        return factor.shift() - problem.ridge() <= SMALL_SHIFT * smallest;
    }

    /** With the leave-one-out error from the factor alone. */
    private RegressionWeights byFactor(TiledFactor factor, String solver, double fromFactor, double largest) {
        ConjugateGradients.Solution solution = solve(factor, problem.residual(), k, MOST_REFINEMENTS);
        double smallest = Math.min(fromFactor, solution.smallest());
        LeaveOneOut.Chosen left = LeaveOneOut.Chosen.of(n, LEFT_OUT, PROBES);
        double[] columns = left.columns();
        double[] solved;
        try (Monitor.Task task = resources.monitor().begin("leave-one-out error from the factor", 1)) {
            solved = factor.apply(columns, left.width());
            task.done(1);
        }
        double trace = left.trace(columns, solved);
        LeaveOneOut error;
        if (isClose(factor, smallest)) {
            error = left.error(left.squares(solution.x(), k), Vectors.dot(solution.x(), solution.x()), left.diagonal(solved), trace, k);
        } else {
            try (ColumnSolver columnSolver = ColumnSolver.with(factor, problem, choice)) {
                error = LeaveOneOut.estimated(columnSolver, solution.x(), problem);
            }
        }
        return weights(solution, solver, Math.max(smallest, 0) - problem.ridge(), largest, degrees(trace), error);
    }

    /** With the columns that the leave-one-out error needs beside the targets, so that all share the products with the kernel. */
    private RegressionWeights together(TiledFactor factor, String solver, double fromFactor, double largest) {
        LeaveOneOut.Chosen left = LeaveOneOut.Chosen.of(n, LeaveOneOut.LEFT_OUT, LeaveOneOut.PROBES);
        double[] columns = left.columns();
        int width = k + left.width();
        double[] b = Columns.beside(problem.residual(), k, columns, left.width());
        ConjugateGradients.Solution all = solve(factor, b, width, MOST_REFINEMENTS);
        double[] solved = Columns.part(all.x(), width, k, width);
        ConjugateGradients.Solution solution = new ConjugateGradients.Solution(Columns.part(all.x(), width, 0, k),
                Columns.part(all.residual(), width, 0, k), all.relative(), all.iterations(), all.smallest(), all.condition(),
                all.reached());
        double smallest = Math.min(fromFactor, all.smallest());
        LeaveOneOut error = LeaveOneOut.estimated(left, columns, new ColumnSolver.Solved(solved, all.relative(), all.reached()),
                solution.x(), k);
        return weights(solution, solver, Math.max(smallest, 0) - problem.ridge(), largest, degrees(left.trace(columns, solved)), error);
    }

    private double degrees(double traceOfInverse) {
        return problem.ridge() == 0 ? n : Math.max(0, Math.min(n, n - problem.ridge() * traceOfInverse));
    }

    private RegressionWeights gradients() {
        LowRank preconditioner = ColumnSolver.lowRank(problem, choice.rank());
        try {
            ConjugateGradients.Solution solution = solve(preconditioner, problem.residual(), k, MOST_ITERATIONS);
            double[] values = preconditioner.values();
            double degrees = Arrays.stream(values).map(v -> v / (v + problem.ridge())).sum();
            return weights(solution, choice.describe(), solution.smallest() - problem.ridge(), values[values.length - 1], degrees, null)
                    .keeping(preconditioner);
        } catch (RuntimeException | Error e) {
            preconditioner.close();
            throw e;
        }
    }

    private RegressionWeights nystrom() {
        try (PivotedCholesky approximation = PivotedCholesky.of(kernel, kernel.diagonal(), choice.rank(), resources.monitor())) {
            return nystrom(approximation);
        }
    }

    private RegressionWeights nystrom(PivotedCholesky approximation) {
        double[] square = approximation.factor().square();
        double[] values = LowRank.values(square, approximation.rank());
        double[] w;
        LeaveOneOut left;
        try (Cholesky factored = approximation.factored(square, problem.ridge())) {
            w = approximation.weights(problem.residual(), k, factored);
            left = leftOut(approximation, approximation.leverages(factored), w);
        }
        double[] rest;
        try (KernelProduct product = problem.product(choice.bytes())) {
            rest = ConjugateGradients.rest(product, problem.ridge(), problem.residual(), w, k);
        }
        double degrees = Arrays.stream(values).map(v -> v / (v + problem.ridge())).sum();
        String solver = String.format(Locale.ROOT, "%s, %.2g of the kernel's trace left out", choice.describe(), approximation.left());
        return new RegressionWeights(w, false, values[0], values[values.length - 1], 0, n - approximation.rank(), degrees, relative(rest),
                new RegressionWeights.How(solver, 1, 0, rest, left));
    }

    /** That of the approximation, which is a regression on as many features, in closed form. */
    private LeaveOneOut leftOut(PivotedCholesky approximation, double[] leverages, double[] w) {
        double[] fitted = approximation.times(w, k);
        return LeaveOneOut.ofFeatures(problem.residual(), fitted, leverages, k, "leave-one-out error and KARE are those of the Nyström "
                + "approximation");
    }

    private ConjugateGradients.Solution solve(Preconditioner preconditioner, double[] b, int c, int most) {
        SolutionFile checkpoint = SolutionFile.of(resources, n, c);
        try (KernelProduct product = problem.product(choice.bytes())) {
            HeapGuard guard = resources.guard();
            ConjugateGradients.Goal goal = new ConjugateGradients.Goal(asked(), most, (x, products) -> {
                checkpoint.keep(x, products);
                guard.check();
            });
            return ConjugateGradients.solve(product, problem.ridge(), b, c, checkpoint.start(), preconditioner, goal,
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

    /** The largest eigenvalue of a positive definite map. */
    private double largest(UnaryOperator<double[]> map) {
        return Lanczos.largest(map, new Random(0).doubles(n).map(v -> v - 0.5).toArray(), LANCZOS_STEPS);
    }
}
