package org.ntk4j.inference;

import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.kernel.Blas;
import org.ntk4j.kernel.Kernel;

/**
 * The posterior of a Gaussian process whose covariance is the NNGP kernel K, with the ridge r as the variance of the noise
 * (Lee et al. 2018): at infinity mean {@code K_td (K+r)⁻¹ y} and covariance {@code K_tt − K_td (K+r)⁻¹ K_dt}. At a finite
 * moment it is the ensemble of infinitely wide networks of which only the readout is trained (Lee et al. 2019):
 * covariance {@code K_tt − K_td (K+r)⁻¹(1 − p²) K_dt}, p what the moment leaves of the residual.
 *
 * <p>The function at initialisation has mean 0. On the training inputs both follow {@link Dynamics}: mean {@code (1 − p)y},
 * covariance {@code p²(K + r)}, the ridge included.
 */
public final class Posterior {

    private final Problem problem;
    private final Moment moment;

    Posterior(Problem problem, Moment moment) {
        this.problem = problem;
        this.moment = moment;
    }

    /** The posterior at infinity given targets, {@code N × k}. */
    public static Posterior of(Kernel nngpTrain, Ridge ridge, double[][] y) {
        Required.value(nngpTrain, "nngpTrain");
        Required.value(ridge, "ridge");
        Required.values(y, "y");
        return new Posterior(Ensemble.problem(nngpTrain, ridge, y), Moment.infinity());
    }

    /** This posterior at another moment. */
    public Posterior at(Moment other) {
        Required.value(other, "other");
        return new Posterior(problem, other);
    }

    /**
     * The distribution on M test inputs.
     *
     * @param kTest     K(test, train), {@code M × N}
     * @param kTestTest K(test, test), {@code M × M}
     * @throws Failure if the shapes do not suit
     */
    public GaussianPrediction predict(Kernel kTest, Kernel kTestTest) {
        Required.value(kTest, "kTest");
        Required.value(kTestTest, "kTestTest");
        int n = problem.inputs();
        int m = kTest.rows();
        if (!problem.decomposes()) {
            return byProducts(kTest, kTestTest);
        }
        double[] gains = problem.gains(moment);
        double[] left = SpectralFunctions.left(problem, gains);
        double[] basis = SpectralFunctions.inBasis(kTest, problem.eigen());
        SpectralFunctions.requireSquare("K(test, test)", kTestTest, m);
        double[] gained = new double[n];
        for (int j = 0; j < n; j++) {
            gained[j] = gains[j] * (1 + left[j]);
        }
        double[] covariance = kTestTest.values().clone();
        Blas.gemm(false, true, m, m, n, -1, SpectralFunctions.scaled(basis, n, gained), basis, 1, covariance);
        return new GaussianPrediction(Ensemble.mean(problem, basis, gains, m), SpectralFunctions.covariance("posterior", covariance, m));
    }

    /** The distribution from products with K(train, train) alone: a solve, or a Krylov space, for each test input. */
    private GaussianPrediction byProducts(Kernel kTest, Kernel kTestTest) {
        int m = kTest.rows();
        SpectralFunctions.requireSquare("K(test, test)", kTestTest, m);
        double[] covariance = kTestTest.values().clone();
        double[][] mean = new Fit(problem, moment).predict(kTest);
        try (GainedColumns gained = new GainedColumns(problem, moment)) {
            gained.each(kTest, true, (from, count, columns, solved) -> {
                double[] part = OutputRows.predict(kTest, solved, count, null, problem.resources());
                for (int i = 0; i < m; i++) {
                    for (int c = 0; c < count; c++) {
                        covariance[i * m + from + c] -= part[i * count + c];
                    }
                }
            });
        }
        return new GaussianPrediction(mean, SpectralFunctions.covariance("posterior", covariance, m));
    }

    /**
     * The variance of every output at each of M test inputs, without their covariances.
     *
     * @param kTest     K(test, train), {@code M × N}
     * @param variances K(x, x) of each test input
     */
    public double[] variances(Kernel kTest, double[] variances) {
        Required.value(kTest, "kTest");
        Required.value(variances, "variances");
        int n = problem.inputs();
        if (!problem.decomposes()) {
            return variancesByProducts(kTest, variances);
        }
        double[] gains = problem.gains(moment);
        double[] left = SpectralFunctions.left(problem, gains);
        double[] basis = SpectralFunctions.inBasis(kTest, problem.eigen());
        double[] result = SpectralFunctions.requireOnePerRow(variances, kTest).clone();
        for (int i = 0; i < result.length; i++) {
            for (int j = 0; j < n; j++) {
                result[i] -= basis[i * n + j] * basis[i * n + j] * gains[j] * (1 + left[j]);
            }
        }
        return SpectralFunctions.notNegative(result);
    }

    private double[] variancesByProducts(Kernel kTest, double[] variances) {
        double[] result = SpectralFunctions.requireOnePerRow(variances, kTest).clone();
        try (GainedColumns gained = new GainedColumns(problem, moment)) {
            gained.each(kTest, true, (from, count, columns, solved) -> {
                for (int at = 0; at < columns.length; at++) {
                    result[from + at % count] -= columns[at] * solved[at];
                }
            });
        }
        return SpectralFunctions.notNegative(result);
    }

    /**
     * The distribution on the training inputs.
     *
     * @throws Failure if K(train, train) cannot be decomposed
     */
    public GaussianPrediction train() {
        SpectralFunctions.requireDecomposed(problem, "the posterior");
        double[] left = SpectralFunctions.left(problem, problem.gains(moment));
        double[] factors = new double[left.length];
        for (int j = 0; j < left.length; j++) {
            factors[j] = SpectralFunctions.eigenvalue(problem, j) * left[j] * left[j];
        }
        return new GaussianPrediction(Ensemble.trainMean(problem, left),
                SpectralFunctions.covariance("posterior", SpectralFunctions.function(problem.eigen(), factors), problem.inputs()));
    }
}
