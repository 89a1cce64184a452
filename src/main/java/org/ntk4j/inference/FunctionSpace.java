package org.ntk4j.inference;

import java.util.Arrays;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.ode.ODEState;
import org.hipparchus.ode.OrdinaryDifferentialEquation;
import org.hipparchus.ode.nonstiff.DormandPrince853Integrator;
import org.ntk4j.base.Failure;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.NativeMatrix;

/**
 * Training in function space for any loss L, with or without momentum m, as the limit of small learning rates η. Without:
 * {@code f' = −Θ∇L} in the time {@code η·steps}. With: {@code f' = q, q' = ((m − 1)/√η) q − Θ∇L, q(0) = 0} in the time
 * {@code √η·steps}.
 *
 * <p>What is integrated are the weights w of {@code f(x) = f_0(x) + Θ(x, X) w}, with Dormand and Prince's method of order
 * 8(5,3) and an error bound for each step, so test inputs cost one product at the end.
 *
 * @param kernel       Θ(train, train): {@code N × N}, the same for all outputs; or {@code Nk × Nk}, all outputs with all outputs
 * @param loss         the gradient of the loss
 * @param learningRate η
 * @param momentum     m, 0 for none
 * @param tolerance    the error allowed in each step, relative and (on f) absolute
 */
public record FunctionSpace(Kernel kernel, LossGradient loss, double learningRate, double momentum, double tolerance) {

    private static final double TOLERANCE = 1e-10;
    private static final int MOST_EVALUATIONS = 2_000_000;

    public FunctionSpace {
        if (!(learningRate > 0 && Double.isFinite(learningRate))) {
            throw Failure.input("a learning rate must be a number above 0, not " + learningRate);
        }
        LearningRates.requireMomentum(momentum);
        if (!(tolerance > 0 && tolerance < 1)) {
            throw Failure.input("a tolerance must be between 0 and 1, not " + tolerance);
        }
    }

    /** Training of a kernel's function on a loss, learning rate 1, without momentum. */
    public static FunctionSpace of(Kernel kTrain, LossGradient loss) {
        return new FunctionSpace(TrainKernel.of(kTrain).kernel(), loss, 1, 0, TOLERANCE);
    }

    /** This dynamics with another learning rate: it sets how much time a step is. */
    public FunctionSpace withLearningRate(double eta) {
        return new FunctionSpace(kernel, loss, eta, momentum, tolerance);
    }

    /** This dynamics with momentum. */
    public FunctionSpace withMomentum(double m) {
        return new FunctionSpace(kernel, loss, learningRate, m, tolerance);
    }

    /**
     * The functions after this many steps.
     *
     * @param f0Train the function at initialisation, {@code N × k}
     * @param y       targets, {@code N × k}
     * @param steps   finite, at least 0, in any order, not only whole
     */
    public Path solve(double[][] f0Train, double[][] y, double... steps) {
        int k = OutputRows.width("targets", y);
        int n = y.length;
        int width = width(kernel, n, k);
        OutputRows.flat("targets", y, n, k);
        double[] f0 = OutputRows.flat("function at initialisation", f0Train, n, k);
        Integer[] order = new Integer[steps.length];
        for (int i = 0; i < steps.length; i++) {
            order[i] = i;
            if (!(steps[i] >= 0 && Double.isFinite(steps[i]))) {
                throw Failure.input("steps must be finite and at least 0, not " + steps[i]);
            }
        }
        Arrays.sort(order, (a, b) -> Double.compare(steps[a], steps[b]));
        double[][] weights = new double[steps.length][];
        double[] state = new double[momentum > 0 ? 2 * n * k : n * k];
        double time = 0;
        try (NativeMatrix theta = NativeMatrix.of(kernel)) {
            OrdinaryDifferentialEquation equation = equation(theta, f0, y, n, k, width);
            for (int i : order) {
                double next = steps[i] * (momentum > 0 ? Math.sqrt(learningRate) : learningRate);
                state = integrate(equation, state, time, next);
                time = next;
                weights[i] = Arrays.copyOf(state, n * k);
            }
        }
        return new Path(kernel, f0, k, width, weights);
    }

    /** How many columns the weights have: k where all outputs share a kernel of the inputs, 1 where it is of all outputs. */
    static int width(Kernel kernel, int n, int k) {
        if (kernel.rows() != n && kernel.rows() != n * k) {
            throw Failure.input("targets: " + n + " rows of " + k + " for a kernel of " + kernel.rows() + " × " + kernel.columns()
                    + "; it needs " + n
                    + " rows, or " + (long) n * k + " if it has all outputs with all outputs");
        }
        return kernel.rows() == n ? k : 1;
    }

    private double[] integrate(OrdinaryDifferentialEquation equation, double[] state, double from, double to) {
        double length = to - from;
        if (length <= Math.ulp(to)) {
            return state;
        }
        double absolute = tolerance / Math.max(largestRowSum(), Double.MIN_NORMAL);
        var integrator = new DormandPrince853Integrator(0, length, Math.min(absolute, 1), tolerance);
        integrator.setMaxEvaluations(MOST_EVALUATIONS);
        try {
            double[] end = integrator.integrate(equation, new ODEState(from, state), to).getPrimaryState();
            for (double value : end) {
                if (!Double.isFinite(value)) {
                    throw Failure.run("training in function space left the range of float64 before time " + to);
                }
            }
            return end;
        } catch (MathRuntimeException e) {
            throw Failure.run("training in function space could not be followed to time " + to + ": " + e.getMessage(), e);
        }
    }

    private OrdinaryDifferentialEquation equation(NativeMatrix theta, double[] f0, double[][] y, int n, int k, int width) {
        int half = n * k;
        return new OrdinaryDifferentialEquation() {
            @Override
            public int getDimension() {
                return momentum > 0 ? 2 * half : half;
            }

            @Override
            public double[] computeDerivatives(double time, double[] state) {
                double[] values = theta.times(Arrays.copyOf(state, half), width);
                for (int i = 0; i < half; i++) {
                    values[i] += f0[i];
                }
                double[][] f = OutputRows.unflat("training in function space", values, n, k);
                double[][] gradient = loss.at(f, y);
                double[] derivative = new double[state.length];
                for (int i = 0; i < half; i++) {
                    double force = -gradient[i / k][i % k];
                    if (momentum > 0) {
                        derivative[i] = state[half + i];
                        derivative[half + i] = (momentum - 1) / Math.sqrt(learningRate) * state[half + i] + force;
                    } else {
                        derivative[i] = force;
                    }
                }
                return derivative;
            }
        };
    }

    private double largestRowSum() {
        double largest = 0;
        for (int i = 0; i < kernel.rows(); i++) {
            double sum = 0;
            for (int j = 0; j < kernel.columns(); j++) {
                sum += Math.abs(kernel.get(i, j));
            }
            largest = Math.max(largest, sum);
        }
        return largest;
    }

    /** The functions along training. */
    public static final class Path {

        private final Kernel kernel;
        private final double[] f0;
        private final int outputs;
        private final int width;
        private final double[][] weights;

        Path(Kernel kernel, double[] f0, int outputs, int width, double[][] weights) {
            this.kernel = kernel;
            this.f0 = f0;
            this.outputs = outputs;
            this.width = width;
            this.weights = weights;
        }

        /** On the training inputs: [step][input][output]. */
        public double[][][] train() {
            return predict(kernel, f0);
        }

        /**
         * On other inputs: [step][input][output].
         *
         * @param kTest  one row for each of M inputs, one column for each training input
         * @param f0Test the function at initialisation there, {@code M × k}
         */
        public double[][][] test(Kernel kTest, double[][] f0Test) {
            OutputRows.requireColumns(kTest, kernel.rows());
            return predict(kTest, OutputRows.flat("function at initialisation", f0Test, kTest.rows() * width / outputs, outputs));
        }

        private double[][][] predict(Kernel rows, double[] start) {
            double[][][] f = new double[weights.length][][];
            for (int t = 0; t < f.length; t++) {
                f[t] = OutputRows.unflat("prediction", OutputRows.predict(rows, weights[t], width, start, Resources.unlimited()),
                        rows.rows() * width / outputs, outputs);
            }
            return f;
        }
    }
}
