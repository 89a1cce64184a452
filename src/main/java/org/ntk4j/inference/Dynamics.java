package org.ntk4j.inference;

import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Auto;
import org.ntk4j.base.Monitor;
import org.ntk4j.kernel.Kernel;

/**
 * Training curves on the mean squared error in closed form, from any function at initialisation:
 * {@code Dynamics.of(kTrain).from(f0Train).fit(y)}, then {@link Curves} at any moments.
 *
 * <p>With p what a moment leaves of the residual, {@code f(X) = y + p(K + r)(f_0 − y)} on the training inputs and
 * {@code f(x) = f_0(x) + K(x, X)(K + r)⁻¹(1 − p(K + r))(y − f_0(X))} on others. With a ridge this is the regularised flow: it
 * ends at y on the training inputs, where {@link Regression} ends at {@code K(K + r)⁻¹y}; on other inputs both agree.
 */
public final class Dynamics {

    private static final double FLOAT64 = Math.ulp(1.0);

    private final TrainKernel kernel;
    private final Ridge ridge;
    private final double @Nullable [][] start;

    private Dynamics(TrainKernel kernel, Ridge ridge, double @Nullable [][] start) {
        this.kernel = kernel;
        this.ridge = ridge;
        this.start = start;
    }

    /** Curves of a kernel of the training inputs, {@code N × N}, without ridge and from zero. */
    public static Dynamics of(Kernel kTrain) {
        return new Dynamics(TrainKernel.of(kTrain), Ridge.relative(0), null);
    }

    /** A ridge relative to the mean of the diagonal. */
    public Dynamics ridge(double relative) {
        return ridge(Ridge.relative(relative));
    }

    /** The ridge with the smallest closed-form leave-one-out error. */
    public Dynamics ridge(Auto auto) {
        return ridge(Ridge.leaveOneOut());
    }

    /** Any ridge. */
    public Dynamics ridge(Ridge other) {
        return new Dynamics(kernel, other, start);
    }

    /** The function at initialisation on the training inputs, {@code N × k}. */
    public Dynamics from(double[][] f0Train) {
        return new Dynamics(kernel, ridge, OutputRows.copy(f0Train));
    }

    /** Trains on targets, {@code N × k}. */
    public Curves fit(double[][] y) {
        int n = kernel.size();
        int k = OutputRows.width("targets", y);
        double[] targets = OutputRows.flat("targets", y, n, k);
        double[] f0 = start == null ? new double[n * k] : OutputRows.flat("function at initialisation", start, n, k);
        double[] residual = OutputRows.minus(targets, f0);
        double absolute = ridge.resolve(kernel, residual, k, Monitor.silent());
        return new Curves(new Problem(kernel, k, residual, f0, ridge, absolute, FLOAT64));
    }

    /**
     * The largest stable learning rate of full-batch training with this kernel, without the ridge.
     *
     * @param momentum not used for plain gradient descent
     * @param outputs  k, the number of outputs
     */
    public double largestStableRate(LearningRates.Rule rule, double momentum, LearningRates.Loss loss, int outputs) {
        return LearningRates.largestStable(rule, momentum, loss, Math.max(kernel.eigen().largest(), 0), kernel.size(), outputs);
    }
}
