package org.ntk4j.inference;

import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.LongStep;
import org.ntk4j.kernel.Cholesky;
import org.ntk4j.kernel.LabelMetrics;
import org.ntk4j.kernel.Vectors;

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
    static final int LEFT_OUT = 40;
    static final int PROBES = 16;

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
        // A factor in float64, which was there for the weights, gives all of the diagonal.
        boolean factored = found != null && found.how().iterations() == 0 && !found.exact();
        if (found != null && !features && (iterated || !problem.decomposes() && !factored)) {
            return byProducts(problem, found);
        }
        return direct(problem, found);
    }

    private static LeaveOneOut direct(Problem problem, @Nullable RegressionWeights weights) {
        int n = problem.inputs();
        Optional<double[]> inverse = weights == null || weights.exact() ? Optional.empty()
                : LongStep.run(problem.resources().monitor(), "leave-one-out error, inverse of " + n + " × " + n, 3 * Cholesky.seconds(n),
                () -> inverseDiagonal(problem.kernel().kernel().values(), n, problem.ridge()));
        if (weights != null && inverse.isPresent()) {
            return of(weights.values(), inverse.get(), n, problem.outputs());
        }
        return new LeaveOneOut(LabelMetrics.looErrors(problem.eigen(), problem.residual(), problem.outputs(), problem.ridge())[0],
                0, LabelMetrics.kare(problem.eigen(), problem.residual(), problem.outputs(), problem.ridge()), "");
    }

    private static Optional<double[]> inverseDiagonal(double[] values, int n, double ridge) {
        Optional<Cholesky> cholesky = Cholesky.of(values, n, ridge);
        if (cholesky.isEmpty()) {
            return Optional.empty();
        }
        try (Cholesky factor = cholesky.get()) {
            return Optional.of(factor.inverseDiagonal());
        }
    }

    private static LeaveOneOut byProducts(Problem problem, RegressionWeights weights) {
        try (ColumnSolver solver = ColumnSolver.of(problem, weights)) {
            return estimated(solver, weights.values(), problem);
        }
    }

    /** From solves for some columns of the inverse. */
    static LeaveOneOut estimated(ColumnSolver solver, double[] w, Problem problem) {
        Chosen left = Chosen.of(problem.inputs(), LEFT_OUT, PROBES);
        double[] columns = left.columns();
        return estimated(left, columns, solver.solve(columns, left.width()), w, problem.outputs());
    }

    /**
     * From what was solved for.
     *
     * @param w the weights, n × k
     */
    static LeaveOneOut estimated(Chosen left, double[] columns, ColumnSolver.Solved solved, double[] w, int k) {
        if (!solved.reached()) {
            return new LeaveOneOut(Double.NaN, Double.NaN, Double.NaN, String.format(Locale.ROOT, "no leave-one-out error and no KARE: "
                    + "solves for the diagonal of (K + r)⁻¹ ended at a relative residual of %.2g; use a ridge, or solver: cholesky",
                    solved.relative()));
        }
        return left.error(left.squares(w, k), Vectors.dot(w, w), left.diagonal(solved.x()), left.trace(columns, solved.x()), k);
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
        return new LeaveOneOut(error, 0, degrees < n ? kare(n, k, energy, n - degrees) : Double.NaN,
                degrees < n ? note : note + "; there are as many features as inputs and no ridge, so KARE is not defined");
    }

    /**
     * KARE, from the sum of squares of the weights {@code (K + r)⁻¹y} with the trace of that inverse, or of what the regression misses with
     * the degrees of freedom that it leaves, which are r times as large both.
     */
    static double kare(int n, int k, double energy, double trace) {
        return n * energy / k / (trace * trace);
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
        return new LeaveOneOut(error, 0, kare(n, k, Vectors.dot(w, w), trace), "");
    }

    /**
     * Leave-one-out errors and KARE from the diagonal of {@code (K + r)⁻¹} at some inputs and an estimate of its trace, where the whole
     * diagonal would take n solves. The leave-one-out error is {@code mean w_i²/d_i²}: its mean on the chosen inputs, or, since
     * {@code mean w_i²} is known of all inputs, that times the ratio of the two on the chosen ones, whichever has the smaller standard
     * error.
     */
    static final class Chosen {

        private final int n;
        private final int[] chosen;
        private final int probes;

        private Chosen(int n, int[] chosen, int probes) {
            this.n = n;
            this.chosen = chosen;
            this.probes = probes;
        }

        /**
         * Inputs that are left out, and random signs for the trace.
         *
         * @param most inputs at most
         */
        static Chosen of(int n, int most, int probes) {
            return new Chosen(n, new Random(2).ints(0, n).distinct().limit(Math.min(n, most)).toArray(), probes);
        }

        /** The inputs that are left out. */
        int[] chosen() {
            return chosen;
        }

        /** How many columns {@link #columns} has. */
        int width() {
            return chosen.length + probes;
        }

        /** A unit vector for each input that is left out, then the signs: {@code n × width} by rows. */
        double[] columns() {
            double[] columns = new double[Math.multiplyExact(n, width())];
            Random random = new Random(1);
            for (int i = 0; i < n; i++) {
                for (int p = 0; p < probes; p++) {
                    columns[i * width() + chosen.length + p] = random.nextBoolean() ? 1 : -1;
                }
            }
            for (int c = 0; c < chosen.length; c++) {
                columns[chosen[c] * width() + c] = 1;
            }
            return columns;
        }

        /** Diagonal of the inverse at the chosen inputs, from {@code (K + r)⁻¹} times the columns. */
        double[] diagonal(double[] solved) {
            double[] diagonal = new double[chosen.length];
            for (int c = 0; c < diagonal.length; c++) {
                diagonal[c] = solved[chosen[c] * width() + c];
            }
            return diagonal;
        }

        /** Trace of the inverse, by Hutchinson's estimate. */
        double trace(double[] columns, double[] solved) {
            double sum = 0;
            for (int i = 0; i < n; i++) {
                for (int p = chosen.length; p < width(); p++) {
                    sum += columns[i * width() + p] * solved[i * width() + p] / probes;
                }
            }
            return sum;
        }

        /**
         * Leave-one-out error and KARE.
         *
         * @param squares  of the weights at the chosen inputs, summed over outputs
         * @param energy   of all weights
         * @param diagonal of the inverse at the chosen inputs
         */
        LeaveOneOut error(double[] squares, double energy, double[] diagonal, double trace, int outputs) {
            int count = squares.length;
            double left = 0;
            double kept = 0;
            for (int c = 0; c < count; c++) {
                left += squares[c] / (diagonal[c] * diagonal[c]) / count / outputs;
                kept += squares[c] / count / outputs;
            }
            double ratio = kept == 0 ? 0 : left / kept;
            double all = energy / n / outputs;
            double plain = 0;
            double spread = 0;
            for (int c = 0; c < count; c++) {
                double error = squares[c] / (diagonal[c] * diagonal[c]) / outputs;
                plain += (error - left) * (error - left);
                spread += (error - ratio * squares[c] / outputs) * (error - ratio * squares[c] / outputs);
            }
            double share = count == n ? 0 : 1.0 / count / Math.max(1, count - 1);
            double ofMean = Math.sqrt(plain * share);
            double ofRatio = kept == 0 ? 0 : Math.sqrt(spread * share) * all / kept;
            boolean mean = ofMean < ofRatio;
            String note = "leave-one-out error and KARE are estimated, from " + count + " of " + n + " inputs and " + probes
                    + " random vectors";
            return new LeaveOneOut(mean ? left : ratio * all, Math.min(ofMean, ofRatio), kare(n, outputs, energy, trace),
                    count == n ? "" : note);
        }

        /** Of each of some inputs, the squares of its weights, {@code n × k} by rows, summed over outputs. */
        double[] squares(double[] weights, int k) {
            double[] squares = new double[chosen.length];
            for (int c = 0; c < squares.length; c++) {
                for (int o = 0; o < k; o++) {
                    squares[c] += weights[chosen[c] * k + o] * weights[chosen[c] * k + o];
                }
            }
            return squares;
        }
    }
}
