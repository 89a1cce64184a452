package org.ntk4j.inference;

import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Required;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelProduct;

/**
 * Infinitely many infinitely wide networks, drawn at random and trained to a moment on the mean squared error: Gaussian,
 * from the tangent kernel Θ and the covariance K of the function at initialisation, whose mean is 0 (Lee et al. 2019). With
 * {@code A = (Θ+r)⁻¹(1 − p)}, p what the moment leaves of the residual, mean {@code Θ_td A y} and covariance
 * {@code K_tt + Θ_td A K_dd A Θ_dt − (Θ_td A K_dt + transpose)}.
 *
 * <p>The middle K_dd carries no ridge: it is the covariance of the functions at initialisation, and a ridge changes how they
 * are trained, not where they start. On the training inputs both follow {@link Dynamics}: mean {@code (1 − p)y}, covariance
 * {@code p K_dd p}.
 */
public final class Ensemble {

    private final Problem problem;
    private final Kernel nngp;
    private final Moment moment;

    private Ensemble(Problem problem, Kernel nngp, Moment moment) {
        this.problem = problem;
        this.nngp = nngp;
        this.moment = moment;
    }

    /**
     * The ensemble at infinity.
     *
     * @param ntkTrain  Θ(train, train), {@code N × N}
     * @param nngpTrain K(train, train), {@code N × N}
     * @param y         targets, {@code N × k}
     */
    public static Ensemble of(Kernel ntkTrain, Kernel nngpTrain, Ridge ridge, double[][] y) {
        Required.value(ntkTrain, "ntkTrain");
        Required.value(nngpTrain, "nngpTrain");
        Required.value(ridge, "ridge");
        Required.values(y, "y");
        return of(problem(ntkTrain, ridge, y), nngpTrain, Moment.infinity());
    }

    static Ensemble of(Problem problem, Kernel nngpTrain, Moment moment) {
        SpectralFunctions.requireSquare("K(train, train)", nngpTrain, problem.inputs());
        return new Ensemble(problem, nngpTrain, moment);
    }

    /** This ensemble at another moment. */
    public Ensemble at(Moment other) {
        Required.value(other, "other");
        return new Ensemble(problem, nngp, other);
    }

    /**
     * The distribution on M test inputs.
     *
     * @param ntkTest      Θ(test, train), {@code M × N}
     * @param nngpTest     K(test, train), {@code M × N}
     * @param nngpTestTest K(test, test), {@code M × M}
     * @throws Failure if the shapes do not suit
     */
    public GaussianPrediction predict(Kernel ntkTest, Kernel nngpTest, Kernel nngpTestTest) {
        Required.value(ntkTest, "ntkTest");
        Required.value(nngpTest, "nngpTest");
        Required.value(nngpTestTest, "nngpTestTest");
        int n = problem.inputs();
        int m = ntkTest.rows();
        OutputRows.requireColumns(nngpTest, n);
        SpectralFunctions.requireRows("K(test, train)", nngpTest, m);
        SpectralFunctions.requireSquare("K(test, test)", nngpTestTest, m);
        if (!problem.decomposes()) {
            return byProducts(ntkTest, nngpTest, nngpTestTest);
        }
        double[] gains = problem.gains(moment);
        double[] basis = SpectralFunctions.inBasis(ntkTest, problem.eigen());
        // B = Θ_td A: the covariance is that of f_0(x) − B f_0(X).
        double[] b = Blas.product(false, false, m, n, n, SpectralFunctions.scaled(basis, n, gains), problem.eigen().vectors());
        double[] covariance = nngpTestTest.values().clone();
        Blas.gemm(false, true, m, m, n, 1, Blas.product(false, false, m, n, n, b, nngp.values()), b, 1, covariance);
        Blas.gemm(false, true, m, m, n, -1, b, nngpTest.values(), 1, covariance);
        Blas.gemm(false, true, m, m, n, -1, nngpTest.values(), b, 1, covariance);
        return new GaussianPrediction(mean(problem, basis, gains, m), SpectralFunctions.covariance("ensemble", covariance, m));
    }

    /** The distribution from products with both kernels alone: a solve, or a Krylov space, for each test input. */
    private GaussianPrediction byProducts(Kernel ntkTest, Kernel nngpTest, Kernel nngpTestTest) {
        int m = ntkTest.rows();
        double[] covariance = nngpTestTest.values().clone();
        double[] all = new double[Math.multiplyExact(m, problem.inputs())];
        try (GainedColumns gained = new GainedColumns(problem, moment)) {
            gained.each(ntkTest, false, (from, count, columns, b) -> {
                for (int i = 0; i < problem.inputs(); i++) {
                    System.arraycopy(b, i * count, all, i * m + from, count);
                }
                double[] beside = OutputRows.predict(nngpTest, b, count, null, problem.resources());
                for (int i = 0; i < m; i++) {
                    for (int c = 0; c < count; c++) {
                        covariance[i * m + from + c] -= beside[i * count + c];
                        covariance[(from + c) * m + i] -= beside[i * count + c];
                    }
                }
            });
        }
        try (KernelProduct product = nngp.product(problem.resources().monitor())) {
            Blas.gemm(true, false, m, m, problem.inputs(), 1, all, product.times(all, m), 1, covariance);
        }
        return new GaussianPrediction(new Fit(problem, moment).predict(ntkTest), SpectralFunctions.covariance("ensemble", covariance, m));
    }

    private double[] variancesByProducts(Kernel ntkTest, Kernel nngpTest, double[] variances) {
        double[] result = SpectralFunctions.requireOnePerRow(variances, ntkTest).clone();
        try (KernelProduct product = nngp.product(problem.resources().monitor());
                GainedColumns gained = new GainedColumns(problem, moment)) {
            gained.each(ntkTest, false, (from, count, columns, b) -> {
                double[] middle = product.times(b, count);
                double[] beside = gained.columns(nngpTest, from, from + count);
                for (int at = 0; at < b.length; at++) {
                    result[from + at % count] += (middle[at] - 2 * beside[at]) * b[at];
                }
            });
        }
        return SpectralFunctions.notNegative(result);
    }

    /**
     * The variance of every output at each of M test inputs, without their covariances.
     *
     * @param ntkTest   Θ(test, train), {@code M × N}
     * @param nngpTest  K(test, train), {@code M × N}
     * @param variances K(x, x) of each test input
     */
    public double[] variances(Kernel ntkTest, Kernel nngpTest, double[] variances) {
        Required.value(ntkTest, "ntkTest");
        Required.value(nngpTest, "nngpTest");
        Required.value(variances, "variances");
        int n = problem.inputs();
        int m = ntkTest.rows();
        OutputRows.requireColumns(nngpTest, n);
        SpectralFunctions.requireRows("K(test, train)", nngpTest, m);
        if (!problem.decomposes()) {
            return variancesByProducts(ntkTest, nngpTest, variances);
        }
        double[] basis = SpectralFunctions.inBasis(ntkTest, problem.eigen());
        double[] b = Blas.product(false, false, m, n, n, SpectralFunctions.scaled(basis, n, problem.gains(moment)),
                problem.eigen().vectors());
        double[] bk = Blas.product(false, false, m, n, n, b, nngp.values());
        double[] result = SpectralFunctions.requireOnePerRow(variances, ntkTest).clone();
        for (int i = 0; i < m; i++) {
            for (int at = i * n; at < (i + 1) * n; at++) {
                result[i] += (bk[at] - 2 * nngpTest.values()[at]) * b[at];
            }
        }
        return SpectralFunctions.notNegative(result);
    }

    /** The distribution on the training inputs. */
    public GaussianPrediction train() {
        SpectralFunctions.requireDecomposed(problem, "the ensemble");
        int n = problem.inputs();
        double[] left = SpectralFunctions.left(problem, problem.gains(moment));
        double[] p = SpectralFunctions.function(problem.eigen(), left);
        double[] covariance = Blas.product(false, false, n, n, n, Blas.product(false, false, n, n, n, p, nngp.values()), p);
        return new GaussianPrediction(trainMean(problem, left), SpectralFunctions.covariance("ensemble", covariance, n));
    }

    static Problem problem(Kernel train, Ridge ridge, double[][] y) {
        TrainKernel kernel = TrainKernel.of(train);
        int k = OutputRows.width("targets", y);
        double[] targets = OutputRows.flat("targets", y, kernel.size(), k);
        double absolute = ridge.resolve(kernel, targets, k, Monitor.silent());
        return new Problem(kernel, k, targets, null, ridge, absolute, Math.ulp(1.0));
    }

    static double[][] mean(Problem problem, double[] basis, double[] gains, int rows) {
        int k = problem.outputs();
        double[] projected = problem.eigen().project(problem.residual(), k);
        for (int i = 0; i < projected.length; i++) {
            projected[i] *= gains[i / k];
        }
        return OutputRows.unflat("mean", Blas.product(false, false, rows, k, problem.inputs(), basis, projected), rows, k);
    }

    static double[][] trainMean(Problem problem, double[] left) {
        int k = problem.outputs();
        double[] projected = problem.eigen().project(problem.residual(), k);
        for (int i = 0; i < projected.length; i++) {
            projected[i] *= 1 - left[i / k];
        }
        return OutputRows.unflat("mean", problem.eigen().combine(projected, k), problem.inputs(), k);
    }
}
