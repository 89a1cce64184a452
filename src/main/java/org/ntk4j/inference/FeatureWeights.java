package org.ntk4j.inference;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.Cholesky;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelFeatures;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.Lanczos;
import org.ntk4j.kernel.Vectors;
import org.ntk4j.solver.ConjugateGradients;

/**
 * The weights of a regression with the kernel of m features Ψ, {@code n × m}: with {@code β = (ΨᵀΨ + r)⁻¹Ψᵀb}, w is such that
 * {@code Ψᵀw = β}. It takes {@code n m²} operations and one matrix of {@code m × m};
 * where m is n or more, the kernel ΨΨᵀ is solved as it is.
 */
final class FeatureWeights {

    private static final int BLOCK = 1024;
    private static final int LANCZOS_STEPS = 10;
    private static final int LEFT_OUT = 256;
    /** Relative to the mean diagonal; below it {@code (b − Ψβ)/r} would be rounding. */
    private static final double SMALL_RIDGE = 1e-7;
    private static final double JITTER = 1e-15;

    private final Problem problem;
    private final KernelFeatures features;
    private final Monitor monitor;
    private final int n;
    private final int m;
    private final int k;

    private FeatureWeights(Problem problem, KernelFeatures features) {
        this.problem = problem;
        this.features = features;
        this.monitor = problem.resources().monitor();
        this.n = problem.inputs();
        this.m = features.count();
        this.k = problem.outputs();
    }

    static RegressionWeights of(Problem problem, SolverChoice choice) {
        Kernel kernel = problem.kernel().kernel();
        return new FeatureWeights(problem, kernel.features().orElseThrow(() -> Failure.input("solver: random features are those of an "
                + "infinite network, and this regression has nothing but a kernel: give it the kernel of features, "
                + "Regression.of(net.ntkFeatures(x, " + choice.rank() + ")), or use nystrom"))).weights(kernel);
    }

    private RegressionWeights weights(Kernel kernel) {
        return m < n ? fromSquare(kernel) : fromKernel(kernel);
    }

    private String solver(Kernel kernel) {
        return features.describe() + kernel.featureError().map(e -> String.format(Locale.ROOT, ", relative error of the kernel %.2g on "
                + "some of its rows", e)).orElse("");
    }

    /** More features than inputs: their kernel is the smaller matrix. */
    private RegressionWeights fromKernel(Kernel kernel) {
        return RegressionWeights.factored(problem).orElseGet(() -> RegressionWeights.spectral(problem, Moment.infinity()))
                .with(new RegressionWeights.How(solver(kernel), 1, 0, null, null));
    }

    private RegressionWeights fromSquare(Kernel kernel) {
        double[] b = problem.residual();
        FeatureSquare sums = FeatureSquare.of(features, b, k, problem.resources(), FeatureSquare.MINUTE);
        double[] square = sums.values();
        double trace = 0;
        for (int i = 0; i < m; i++) {
            trace += square[i * m + i];
        }
        double ridge = problem.ridge();
        Cholesky factor = null;
        for (double jitter = 0; factor == null; jitter = jitter == 0 ? JITTER * trace : 10 * jitter) {
            if (!(jitter <= trace)) {
                throw Failure.run("the square of the random features cannot be factored; use a ridge");
            }
            factor = Cholesky.of(square, m, ridge + jitter).orElse(null);
        }
        try (Cholesky cholesky = factor) {
            double[] beta = cholesky.solve(sums.projected(), k);
            double[] fitted = times(beta);
            double[] errors = leaveOneOut(cholesky, fitted, b);
            double[] w = new double[b.length];
            if (ridge > SMALL_RIDGE * trace / n) {
                for (int i = 0; i < w.length; i++) {
                    w[i] = (b[i] - fitted[i]) / ridge;
                }
            } else {
                w = times(cholesky.solve(beta, k));
            }
            double[] rest;
            try (KernelProduct product = kernel.product(monitor)) {
                rest = ConjugateGradients.rest(product, ridge, b, w, k);
            }
            double largest = Lanczos.largest(x -> Blas.product(false, false, m, 1, m, square, x),
                    new Random(0).doubles(m).map(v -> v - 0.5).toArray(), LANCZOS_STEPS);
            double[] inverse = cholesky.inverseDiagonal();
            double degrees = Math.max(0, m - ridge * Arrays.stream(inverse).sum());
            double[] missed = OutputRows.minus(b, fitted);
            double kare = LeaveOneOut.kare(n, k, Vectors.dot(missed, missed), n - degrees);
            LeaveOneOut loo = new LeaveOneOut(errors[0], errors[1], kare, "leave-one-out error and KARE are those of the features"
                    + (n <= LEFT_OUT ? "" : ", the first from " + LEFT_OUT + " of " + n + " inputs"));
            double norm = Vectors.norm(b);
            return new RegressionWeights(w, false, 0, largest, 0, Math.max(0, n - m), degrees, norm == 0 ? 0 : Vectors.norm(rest) / norm,
                    new RegressionWeights.How(solver(kernel), 1, 0, rest, loo));
        }
    }

    private double[] read(int from, int to) {
        double[] some = new double[Math.multiplyExact(to - from, m)];
        features.read(from, to, some);
        return some;
    }

    /** {@code Ψβ}, n × k. */
    private double[] times(double[] beta) {
        double[] product = new double[Math.multiplyExact(n, k)];
        for (int from = 0; from < n; from += BLOCK) {
            int to = Math.min(n, from + BLOCK);
            double[] some = Blas.product(false, false, to - from, k, m, read(from, to), beta);
            System.arraycopy(some, 0, product, from * k, some.length);
        }
        return product;
    }

    /** Mean and standard error over some inputs of {@code ((b_i − ψ_iβ)/(1 − ψ_i(ΨᵀΨ + r)⁻¹ψ_iᵀ))²}. */
    private double[] leaveOneOut(Cholesky cholesky, double[] fitted, double[] b) {
        int[] chosen = LeaveOneOut.Chosen.of(n, LEFT_OUT, 0).chosen();
        int count = chosen.length;
        double[] columns = new double[Math.multiplyExact(m, count)];
        for (int c = 0; c < count; c++) {
            double[] row = read(chosen[c], chosen[c] + 1);
            for (int j = 0; j < m; j++) {
                columns[j * count + c] = row[j];
            }
        }
        double[] solved = cholesky.solve(columns, count);
        double[] errors = new double[count];
        for (int c = 0; c < count; c++) {
            double leverage = 0;
            for (int j = 0; j < m; j++) {
                leverage += columns[j * count + c] * solved[j * count + c];
            }
            for (int o = 0; o < k; o++) {
                double left = (b[chosen[c] * k + o] - fitted[chosen[c] * k + o]) / Math.max(1 - leverage, Math.ulp(1.0));
                errors[c] += left * left / k;
            }
        }
        double mean = Arrays.stream(errors).average().orElse(0);
        double variance = Arrays.stream(errors).map(e -> (e - mean) * (e - mean)).sum() / Math.max(1, count - 1);
        return new double[] {mean, count == n ? 0 : Math.sqrt(variance / count)};
    }
}
