package org.ntk4j.inference;

import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.solver.Columns;
import org.ntk4j.solver.ConjugateGradients;
import org.ntk4j.solver.LowRank;
import org.ntk4j.solver.PivotedCholesky;
import org.ntk4j.solver.Preconditioner;
import org.ntk4j.solver.TiledFactor;

/**
 * Solves {@code (K + r)X = B} for columns beside the targets (test inputs, unit vectors, random signs) by conjugate gradients, where the
 * kernel is known by its products and cannot be decomposed. One preconditioner, that of the regression's own solver, serves all of them.
 */
final class ColumnSolver implements AutoCloseable {

    /** Relative residuals, with a kernel in float64 and in float32. */
    private static final double RESIDUAL = 1e-8;
    private static final double SINGLE = 1e-6;
    private static final int MOST_ITERATIONS = 1000;
    /** Columns that share a product. */
    static final int BLOCK = 64;

    private final Problem problem;
    private final Preconditioner preconditioner;
    private final KernelProduct product;

    private ColumnSolver(Problem problem, Preconditioner preconditioner, KernelProduct product) {
        this.problem = problem;
        this.preconditioner = preconditioner;
        this.product = product;
    }

    /**
     * What was found.
     *
     * @param x        {@code n × c} by rows
     * @param relative the largest relative residual of a column
     * @param reached  whether that is as small as it should be
     */
    record Solved(double[] x, double relative, boolean reached) {
    }

    static ColumnSolver of(Problem problem) {
        SolverChoice choice = problem.choiceWithoutFloat64();
        Preconditioner preconditioner = switch (choice.way()) {
            case CHOLESKY32, CHOLESKY32_IN_FILES -> factor(problem, choice);
            case NYSTROM, CONJUGATE_GRADIENT -> lowRank(problem, choice.rank());
            default -> lowRank(problem, SolverChoice.rank(problem.inputs(), problem.resources().memory()));
        };
        return new ColumnSolver(problem, preconditioner, problem.product(choice.bytes()));
    }

    /** With the preconditioner that the weights were found with, if nobody has taken it over yet; else with another one like it. */
    static ColumnSolver of(Problem problem, RegressionWeights weights) {
        Preconditioner kept = weights.how().preconditioner().getAndSet(null);
        return kept == null ? of(problem) : new ColumnSolver(problem, kept, problem.product(problem.choiceOfSolver().bytes()));
    }

    static LowRank lowRank(Problem problem, int rank) {
        Kernel kernel = problem.kernel().kernel();
        return LowRank.of(PivotedCholesky.of(kernel, kernel.diagonal(), rank, problem.resources().monitor()), problem.ridge());
    }

    /** With a factor that is there already, which stays open. */
    static ColumnSolver with(TiledFactor factor, Problem problem, SolverChoice choice) {
        Preconditioner open = new Preconditioner() {
            @Override
            public void apply(double[] r, int k, double[] target) {
                factor.apply(r, k, target);
            }

            @Override
            public String describe() {
                return factor.describe();
            }
        };
        return new ColumnSolver(problem, open, problem.product(choice.bytes()));
    }

    static TiledFactor factor(Problem problem, SolverChoice choice) {
        Resources resources = problem.resources();
        TiledFactor.Place place = new TiledFactor.Place(choice.way() == SolverChoice.Way.CHOLESKY32_IN_FILES, resources.folder(),
                resources.key());
        return TiledFactor.of(problem.kernel().kernel(), problem.ridge(), problem.kernel().meanDiagonal(), resources.threads(), place,
                resources.monitor());
    }

    /** Solves for {@code n × c} columns by rows. */
    Solved solve(double[] b, int c) {
        int n = problem.inputs();
        if (c <= BLOCK) {
            ConjugateGradients.Solution solution = solve(b, c, problem.resources().guard());
            return new Solved(solution.x(), solution.relative(), solution.reached());
        }
        double[] x = new double[b.length];
        double worst = 0;
        boolean reached = true;
        HeapGuard guard = problem.resources().guard();
        for (int from = 0; from < c; from += BLOCK) {
            int some = Math.min(BLOCK, c - from);
            ConjugateGradients.Solution solution = solve(Columns.part(b, c, from, from + some), some, guard);
            for (int i = 0; i < n; i++) {
                System.arraycopy(solution.x(), i * some, x, i * c + from, some);
            }
            worst = Math.max(worst, solution.relative());
            reached &= solution.reached();
        }
        return new Solved(x, worst, reached);
    }

    private ConjugateGradients.Solution solve(double[] b, int c, HeapGuard guard) {
        ConjugateGradients.Goal goal = new ConjugateGradients.Goal(problem.isSingle() ? SINGLE : RESIDUAL, MOST_ITERATIONS,
                (now, products) -> guard.check());
        return ConjugateGradients.solve(product, problem.ridge(), b, c, new double[b.length], preconditioner, goal,
                problem.resources().monitor());
    }

    @Override
    public void close() {
        product.close();
        preconditioner.close();
    }
}
