package org.ntk4j.inference;

import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Required;
import org.ntk4j.base.Auto;
import org.ntk4j.base.Failure;
import org.ntk4j.kernel.Kernel;

/**
 * Kernel regression: {@code Regression.of(kTrain).ridge(1e-6).fit(y).predict(kTest)}. With the residual b = y − f_0 (or y,
 * without an offset) and the weights w, a prediction is {@code f(x) = f_0(x) + K(x, X) w}.
 *
 * <p>At infinity {@code w = (K + r)⁻¹ b}. At a finite moment w are the weights of gradient descent on
 * {@code 1/(2Nk)·(‖f − y‖² + r ‖θ − θ_0‖²)}, the objective whose minimum that is: per eigenvalue
 * {@code (1 − p(λ + r))/(λ + r)}, p what the moment leaves of the residual. So on the training inputs
 * {@code K(K + r)⁻¹ b} is reached, not y; {@link Dynamics} has the flow that ends at y. Without a ridge they are the same.
 *
 * <p>Immutable. The eigendecomposition is computed when first needed and shared by everything made from one {@code of}.
 */
public final class Regression {

    private static final double FLOAT64 = Math.ulp(1.0);

    private final TrainKernel kernel;
    private final Ridge ridge;
    private final double @Nullable [][] offset;
    private final double epsilon;
    private final Solver solver;
    private final Resources resources;

    private Regression(TrainKernel kernel, Ridge ridge, double @Nullable [][] offset, double epsilon, Solver solver, Resources resources) {
        this.kernel = kernel;
        this.ridge = ridge;
        this.offset = offset;
        this.epsilon = epsilon;
        this.solver = solver;
        this.resources = resources;
    }

    /**
     * A regression without ridge and without offset.
     *
     * @param kTrain the kernel of the training inputs, {@code N × N}
     * @throws Failure if it is empty, not square, or not symmetric to 1e-3
     */
    public static Regression of(Kernel kTrain) {
        Required.value(kTrain, "kTrain");
        return new Regression(TrainKernel.of(kTrain), Ridge.relative(0), null, FLOAT64, Solver.auto(), Resources.unlimited());
    }

    /** A ridge relative to the mean of the diagonal: {@code K + r·tr(K)/N·I}. */
    public Regression ridge(double relative) {
        return ridge(Ridge.relative(relative));
    }

    /** The ridge with the smallest closed-form leave-one-out error. */
    public Regression ridge(Auto auto) {
        Required.value(auto, "auto");
        return ridge(Ridge.leaveOneOut());
    }

    /** Any ridge. */
    public Regression ridge(Ridge other) {
        Required.value(other, "other");
        return new Regression(kernel, other, offset, epsilon, solver, resources);
    }

    /**
     * The noise of each training example, a variance from 0 up: {@code K + diag(noise)} in place of K, beside the ridge. What is said of
     * the ridge holds with this sum in place of K + r: at infinity {@code w = (K + diag(noise))⁻¹ b}, the mean of the posterior of a
     * Gaussian process whose observations differ in precision.
     *
     * @param noise one variance for each training input
     * @throws Failure if there are not as many, or one is below 0 or not finite
     */
    public Regression ridge(double[] noise) {
        Required.value(noise, "noise");
        return new Regression(kernel.withNoise(noise), ridge, offset, epsilon, solver, resources);
    }

    /** A ridge as it is: {@code K + r·I}. */
    public Regression absoluteRidge(double r) {
        return ridge(Ridge.absolute(r));
    }

    /**
     * The function at initialisation on the training inputs, {@code N × k}: the kernel then predicts f − f_0, and
     * {@link Fit#predict(Kernel, double[][])} wants f_0 on the test inputs.
     */
    public Regression offset(double[][] f0Train) {
        Required.values(f0Train, "f0Train");
        return new Regression(kernel, ridge, OutputRows.copy(f0Train), epsilon, solver, resources);
    }

    /**
     * The relative error of the kernel's entries, which sets the cut-off for small eigenvalues, {@code N·epsilon·λ_max}: by
     * default 2⁻⁵² (float64); 2⁻²³ for a kernel computed in float32.
     */
    public Regression epsilon(double relativeError) {
        if (!(relativeError > 0 && relativeError < 1)) {
            throw Failure.input("epsilon must be between 0 and 1, not " + relativeError);
        }
        return new Regression(kernel, ridge, offset, relativeError, solver, resources);
    }

    /**
     * Weights at infinity found like this: {@code cholesky()}, {@code conjugateGradient().residual(1e-10)},
     * {@code nystrom().rank(2000)}.
     */
    public Regression solver(Solver other) {
        Required.value(other, "other");
        return new Regression(kernel, ridge, offset, epsilon, other, resources);
    }

    /** With no more than these resources. */
    public Regression resources(Resources limits) {
        return new Regression(kernel, ridge, offset, epsilon, solver, limits);
    }

    /**
     * Fits the targets, {@code N × k}: at infinity; {@link Fit#at} goes to another moment.
     *
     * @throws Failure if their shape does not suit the kernel, or a value is not finite
     */
    public Fit fit(double[][] y) {
        Required.values(y, "y");
        int n = kernel.size();
        int k = OutputRows.width("targets", y);
        double[] targets = OutputRows.flat("targets", y, n, k);
        double[] f0 = offset == null ? null : OutputRows.flat("offset", offset, n, k);
        double[] residual = f0 == null ? targets : OutputRows.minus(targets, f0);
        double absolute = ridge.resolve(kernel, residual, k, resources.monitor());
        return new Fit(new Problem(kernel, k, residual, f0, ridge, absolute, epsilon, solver, resources), Moment.infinity());
    }
}
