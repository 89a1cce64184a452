package org.ntk4j.inference;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.LongStep;
import org.ntk4j.kernel.Cholesky;
import org.ntk4j.kernel.Lanczos;
import org.ntk4j.kernel.NativeMatrix;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.kernel.Vectors;
import org.ntk4j.solver.Indefinite;
import org.ntk4j.solver.Preconditioner;

/**
 * The weights w of a regression, {@code n × k}, with what is known of the matrix {@code K + r} that they come from.
 * The ladder: Cholesky for the limit of many inputs where the matrix turns out to be well-conditioned, else the
 * eigendecomposition, both followed by iterative refinement at infinity; where the memory does not hold that, what it holds.
 *
 * @param values   the weights, by rows
 * @param exact    true if the numbers below come from all eigenvalues, false if they were estimated
 * @param smallest the smallest eigenvalue of K, without the ridge
 * @param largest  the largest
 * @param cutoff   below it an eigenvalue of K + r counts as 0
 * @param dropped  how many directions were left out
 * @param degrees  the trace of the smoother, the effective degrees of freedom
 * @param residual {@code ‖(K + r)w − b‖/‖b‖}
 * @param how      the way in which they were found
 */
record RegressionWeights(double[] values, boolean exact, double smallest, double largest, double cutoff, int dropped, double degrees,
        double residual, How how) {

    /**
     * How weights were found.
     *
     * @param solver     in a few words
     * @param iterations products with the kernel, where it was solved by iteration; else 0
     * @param asked      the residual that was asked for; 0 where none was
     * @param rest       {@code b − (K + r)w}, n × k, where it is known; else null
     * @param left       leave-one-out error and KARE where they came with the weights; else null
     * @param preconditioner of the iteration, where it is kept for the leave-one-out error: who takes it out closes it
     */
    record How(String solver, int iterations, double asked, double @Nullable [] rest, @Nullable LeaveOneOut left,
            AtomicReference<@Nullable Preconditioner> preconditioner) {

        How(String solver, int iterations, double asked, double @Nullable [] rest, @Nullable LeaveOneOut left) {
            this(solver, iterations, asked, rest, left, new AtomicReference<>());
        }

        static How direct(SolverChoice.Way way) {
            return new How(way == SolverChoice.Way.EIGEN ? "eigendecomposition" : "Cholesky in float64", 0, 0, null, null);
        }
    }

    private static final double WELL_CONDITIONED = 1e12;
    /** Products for the largest eigenvalue, and solutions for the smallest. */
    private static final int LANCZOS_STEPS = 10;
    private static final int PROBES = 16;
    private static final int REFINEMENTS = 2;

    static RegressionWeights of(Problem problem, Moment moment) {
        if (!moment.isInfinite()) {
            return problem.byProducts() ? KrylovWeights.of(problem, List.of(moment)).get(0) : spectral(problem, moment);
        }
        SolverChoice choice = problem.choiceOfSolver();
        boolean auto = problem.solver() instanceof Solver.Auto;
        return switch (choice.way()) {
            case EIGEN -> spectral(problem, moment);
            case CHOLESKY64 -> (auto && problem.kernel().hasEigen() ? Optional.<RegressionWeights>empty() : factored(problem, auto))
                    .orElseGet(() -> beyondCholesky(problem));
            default -> Iterated.weights(problem, choice);
        };
    }

    /** Where Cholesky in float64 is not to be trusted: the eigendecomposition, or what the memory has room for. */
    private static RegressionWeights beyondCholesky(Problem problem) {
        if (problem.decomposes()) {
            return spectral(problem, Moment.infinity());
        }
        SolverChoice choice = problem.choiceWithoutFloat64();
        String needed = (TrainKernel.eigenBytes(problem.inputs()) >> 20) + " MiB of memory beside the kernel";
        problem.resources().monitor().note("the kernel is too ill-conditioned for Cholesky in float64, and an eigendecomposition takes "
                + needed + ", of which " + (problem.resources().memory() >> 20) + " are left: " + choice.describe());
        try {
            return Iterated.weights(problem, choice);
        } catch (Failure e) {
            throw e.status() == Failure.CANCELLED ? e : Failure.run(e.getMessage() + "; it takes " + needed + ": use more --memory", e);
        }
    }

    /** These weights, with the preconditioner that they were found with. */
    RegressionWeights keeping(Preconditioner preconditioner) {
        return with(new How(how.solver, how.iterations, how.asked, how.rest, how.left, new AtomicReference<>(preconditioner)));
    }

    /** These weights, told to be found like this. */
    RegressionWeights with(How other) {
        return new RegressionWeights(values, exact, smallest, largest, cutoff, dropped, degrees, residual, other);
    }

    static RegressionWeights spectral(Problem problem, Moment moment) {
        // First, since its own work is gone before the copy for products is made.
        SymmetricEigen eigen = problem.eigen();
        try (NativeMatrix matrix = NativeMatrix.of(problem.kernel().kernel())) {
            return spectral(problem, moment, eigen, matrix);
        }
    }

    private static RegressionWeights spectral(Problem problem, Moment moment, SymmetricEigen eigen, NativeMatrix matrix) {
        int k = problem.outputs();
        double[] gains = problem.gains(moment);
        double[] weights = filtered(eigen, gains, problem.residual(), k);
        double[] rest = rest(problem, matrix.times(weights, k), weights);
        for (int i = 0; i < REFINEMENTS && moment.isInfinite(); i++) {
            double[] refined = filtered(eigen, gains, rest, k);
            for (int j = 0; j < refined.length; j++) {
                refined[j] += weights[j];
            }
            double[] less = rest(problem, matrix.times(refined, k), refined);
            if (!(Vectors.norm(less) < Vectors.norm(rest))) {
                break;
            }
            weights = refined;
            rest = less;
        }
        return new RegressionWeights(weights, true, eigen.smallest(), eigen.largest(), eigen.cutoff(problem.epsilon()),
                dropped(gains, moment), degrees(eigen, gains), relative(rest, problem.residual()), How.direct(SolverChoice.Way.EIGEN));
    }

    /** Directions without gain; after no time at all nothing has been learned, but nothing was left out either. */
    private static int dropped(double[] gains, Moment moment) {
        int dropped = 0;
        for (double gain : gains) {
            dropped += gain == 0 ? 1 : 0;
        }
        return moment.amount() == 0 ? 0 : dropped;
    }

    private static double degrees(SymmetricEigen eigen, double[] gains) {
        double degrees = 0;
        for (int j = 0; j < gains.length; j++) {
            degrees += Math.max(eigen.values()[j], 0) * gains[j];
        }
        return degrees;
    }

    static Optional<RegressionWeights> factored(Problem problem) {
        return factored(problem, true);
    }

    /**
     * By Cholesky.
     *
     * @param careful whether nothing is given where the matrix is too ill-conditioned to be trusted
     * @throws Failure if it is not positive definite and not careful: with the pivot
     */
    private static Optional<RegressionWeights> factored(Problem problem, boolean careful) {
        int n = problem.inputs();
        double[] values = problem.kernel().kernel().values();
        Optional<Cholesky> cholesky = LongStep.run(problem.resources().monitor(), "Cholesky factorisation of " + n + " × " + n,
                Cholesky.seconds(n), () -> Cholesky.of(values, n, problem.ridge()));
        if (cholesky.isEmpty() && !careful) {
            double mean = problem.kernel().meanDiagonal();
            throw Indefinite.pivot(Cholesky.pivot(values, n, problem.ridge()).orElse(0), problem.ridge(),
                    Math.max(10 * problem.ridge() / mean, n * problem.epsilon()));
        }
        if (cholesky.isEmpty()) {
            return Optional.empty();
        }
        try (Cholesky factor = cholesky.get()) {
            return solved(problem, factor, careful);
        }
    }

    private static Optional<RegressionWeights> solved(Problem problem, Cholesky cholesky, boolean careful) {
        int n = problem.inputs();
        int k = problem.outputs();
        double ridge = problem.ridge();
        double largest = largest(x -> cholesky.times(x, 1), n);
        double smallest = 1 / largest(cholesky::solve, n);
        double cutoff = n * problem.epsilon() * largest;
        if (careful && !(smallest > cutoff && (largest + ridge) / smallest < WELL_CONDITIONED)) {
            return Optional.empty();
        }
        double[] weights = cholesky.solve(problem.residual(), k);
        double[] correction = cholesky.solve(rest(problem, cholesky.times(weights, k), weights), k);
        for (int j = 0; j < weights.length; j++) {
            weights[j] += correction[j];
        }
        double degrees = ridge == 0 ? n : Math.max(0, n - ridge * inverseTrace(cholesky, n));
        return Optional.of(new RegressionWeights(weights, false, smallest - ridge, largest, cutoff, 0, degrees,
                relative(rest(problem, cholesky.times(weights, k), weights), problem.residual()),
                How.direct(SolverChoice.Way.CHOLESKY64)));
    }

    private static double[] filtered(SymmetricEigen eigen, double[] gains, double[] b, int k) {
        double[] projected = eigen.project(b, k);
        for (int i = 0; i < projected.length; i++) {
            projected[i] *= gains[i / k];
        }
        return eigen.combine(projected, k);
    }

    /** {@code b − (K + r) w}. */
    private static double[] rest(Problem problem, double[] product, double[] weights) {
        double[] rest = problem.residual().clone();
        for (int i = 0; i < rest.length; i++) {
            rest[i] -= product[i] + problem.ridge() * weights[i];
        }
        return rest;
    }

    private static double relative(double[] rest, double[] of) {
        double norm = Vectors.norm(of);
        return norm == 0 ? 0 : Vectors.norm(rest) / norm;
    }

    /** The largest eigenvalue of a positive definite map. */
    private static double largest(UnaryOperator<double[]> map, int n) {
        return Lanczos.largest(map, start(n), LANCZOS_STEPS);
    }

    private static double inverseTrace(Cholesky cholesky, int n) {
        Random random = new Random(1);
        double[] signs = new double[n * PROBES];
        for (int i = 0; i < signs.length; i++) {
            signs[i] = random.nextBoolean() ? 1 : -1;
        }
        double[] solved = cholesky.solve(signs, PROBES);
        double sum = 0;
        for (int i = 0; i < signs.length; i++) {
            sum += signs[i] * solved[i] / PROBES;
        }
        return sum;
    }

    private static double[] start(int n) {
        Random random = new Random(0);
        double[] x = new double[n];
        for (int i = 0; i < n; i++) {
            x[i] = random.nextGaussian();
        }
        return x;
    }
}
