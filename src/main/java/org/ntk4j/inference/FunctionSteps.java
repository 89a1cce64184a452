package org.ntk4j.inference;

import java.util.Arrays;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.console.ConsoleMonitor;
import org.ntk4j.inference.LearningRates.Rule;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.NativeMatrix;

/**
 * Training in function space for any loss, step by step as the trainer does it, its batches included: with the kernel
 * Θ_0 of a network, the network linearised at initialisation, {@code f(x) = f_0(x) + Θ_0(x, X) w}. A step takes
 * {@code g = ∇L} on the batch, {@code v ← m v + g}, then {@code w ← w − η g}, {@code w ← w − η v} (momentum) or
 * {@code w ← w − η (g + m v)} (Nesterov). {@link FunctionSpace} is its limit for small η, {@link Dynamics} its closed form
 * for the mean squared error and the full batch.
 *
 * @param kernel       Θ(train, train): {@code N × N}, the same for all outputs; or {@code Nk × Nk}, all outputs with all outputs
 * @param loss         the gradient of the loss, of the examples that it is given
 * @param learningRate η
 * @param rule         how a gradient becomes a step
 * @param momentum     m; not used by plain gradient descent
 * @param batches      from the number of a step, from 0, to its examples; null for all
 * @param monitor      asked between steps whether to stop
 */
public record FunctionSteps(Kernel kernel, LossGradient loss, double learningRate, Rule rule, double momentum, IntFunction<int[]> batches,
        Monitor monitor) {

    public FunctionSteps {
        if (!(learningRate > 0 && Double.isFinite(learningRate))) {
            throw Failure.input("a learning rate must be a number above 0, not " + learningRate);
        }
        LearningRates.requireMomentum(momentum);
    }

    /** Plain gradient descent on all examples. */
    public static FunctionSteps of(Kernel kTrain, LossGradient loss, double learningRate) {
        return new FunctionSteps(TrainKernel.of(kTrain).kernel(), loss, learningRate, Rule.GRADIENT_DESCENT, 0, step -> null,
                ConsoleMonitor.ofProcess());
    }

    /** These steps by another rule. */
    public FunctionSteps rule(Rule other, double m) {
        return new FunctionSteps(kernel, loss, learningRate, other, m, batches, monitor);
    }

    /** These steps on these examples each time; they are asked for once each, in order. */
    public FunctionSteps batches(IntFunction<int[]> examples) {
        return new FunctionSteps(kernel, loss, learningRate, rule, momentum, examples, monitor);
    }

    /** These steps with a monitor that is told of them. */
    public FunctionSteps watchedBy(Monitor other) {
        return new FunctionSteps(kernel, loss, learningRate, rule, momentum, batches, other);
    }

    /**
     * The functions after this many steps.
     *
     * @param f0Train the function at initialisation, {@code N × k}
     * @param y       targets, {@code N × k}
     * @param steps   at least 0, in any order
     * @throws Failure if the training diverges, or the monitor says stop
     */
    public FunctionSpace.Path run(double[][] f0Train, double[][] y, int... steps) {
        int k = OutputRows.width("targets", y);
        int n = y.length;
        int width = FunctionSpace.width(kernel, n, k);
        OutputRows.flat("targets", y, n, k);
        double[] f0 = OutputRows.flat("function at initialisation", f0Train, n, k);
        TreeSet<Integer> wanted = new TreeSet<>();
        Arrays.stream(steps).forEach(wanted::add);
        double[][] found = new double[steps.length][];
        double[] w = new double[n * k];
        double[] velocity = new double[n * k];
        int last = wanted.isEmpty() ? 0 : wanted.last();
        try (NativeMatrix theta = NativeMatrix.of(kernel); Monitor.Task task = monitor.begin("training in function space", last)) {
            for (int step = 0; step <= last; step++) {
                if (wanted.contains(step)) {
                    keep(found, steps, step, w);
                }
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped at step " + step + " of training in function space");
                }
                if (step < last) {
                    double[] f = theta.times(w, width);
                    for (int i = 0; i < f.length; i++) {
                        f[i] += f0[i];
                    }
                    update(w, velocity, gradient(f, y, k, batches.apply(step), step));
                    task.done(step + 1);
                }
            }
        }
        return new FunctionSpace.Path(kernel, f0, k, width, found);
    }

    private static void keep(double[][] found, int[] steps, int step, double[] w) {
        for (int i = 0; i < steps.length; i++) {
            if (steps[i] == step) {
                found[i] = w.clone();
            }
        }
    }

    private double[] gradient(double[] f, double[][] y, int k, int[] batch, int step) {
        int count = batch == null ? y.length : batch.length;
        double[][] values = new double[count][k];
        double[][] targets = new double[count][];
        for (int i = 0; i < count; i++) {
            int example = batch == null ? i : batch[i];
            System.arraycopy(f, example * k, values[i], 0, k);
            targets[i] = y[example];
        }
        double[][] own = loss.at(values, targets);
        double[] gradient = new double[f.length];
        for (int i = 0; i < count; i++) {
            int example = batch == null ? i : batch[i];
            for (int c = 0; c < k; c++) {
                if (!Double.isFinite(own[i][c])) {
                    throw Failure.run(String.format(Locale.ROOT,
                            "training in function space diverged before step %d: the learning rate %.6g is too large",
                            step, learningRate));
                }
                gradient[example * k + c] = own[i][c];
            }
        }
        return gradient;
    }

    private void update(double[] w, double[] velocity, double[] gradient) {
        for (int i = 0; i < w.length; i++) {
            velocity[i] = momentum * velocity[i] + gradient[i];
            w[i] -= learningRate * switch (rule) {
                case GRADIENT_DESCENT -> gradient[i];
                case MOMENTUM -> velocity[i];
                case NESTEROV -> gradient[i] + momentum * velocity[i];
            };
        }
    }
}
