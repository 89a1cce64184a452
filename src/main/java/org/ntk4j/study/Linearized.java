package org.ntk4j.study;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Sample;
import org.ntk4j.finite.Batches;
import org.ntk4j.finite.EmpiricalKernel;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Optimizer;
import org.ntk4j.finite.Training;
import org.ntk4j.inference.Curves;
import org.ntk4j.inference.Dynamics;
import org.ntk4j.inference.FunctionSpace;
import org.ntk4j.inference.FunctionSteps;
import org.ntk4j.inference.Krylov;
import org.ntk4j.inference.LossGradient;
import org.ntk4j.inference.Moment;
import org.ntk4j.kernel.Kernel;

/**
 * NN_lin, the network linearised at initialisation, {@code f_0(x) + J(x)(θ − θ_0)}, trained like the network itself: in
 * function space, through Θ_0, without a ridge, from the network's own f_0. In closed form for the mean squared error on
 * the full batch; step by step on the network's own batches otherwise. The steps of Adam are no function of Θ_0.
 *
 * <p>Up to N·k of 20,000 (3,000 step by step), and as far as memory allows, Θ_0 is the kernel of all outputs with all outputs, and NN_lin
 * is exact to rounding; else its mean over outputs, which leaves the blocks between different outputs out. They fall as 1/√width, and a
 * note says so.
 */
final class Linearized {

    /** An eigendecomposition of so many rows takes some seconds; of 10,000 it takes minutes, and a Krylov space less than one. */
    private static final int LARGEST_DECOMPOSED = 3000;
    private static final int LARGEST_FULL = 20_000;

    /** The function on both sets, by step. */
    record Path(TreeMap<Integer, double[][]> train, TreeMap<Integer, double[][]> test) {
    }

    private final Training training;
    private final double learningRate;
    private final Sample sample;
    private final Settings settings;
    private final long held;
    private final Monitor monitor;

    /**
     * For a training.
     *
     * @param held the bytes of the memory that are in use already
     */
    Linearized(Training training, double learningRate, Sample sample, Settings settings, long held, Monitor monitor) {
        this.training = training;
        this.learningRate = learningRate;
        this.sample = sample;
        this.settings = settings;
        this.held = held;
        this.monitor = monitor;
    }

    /**
     * The path of the linearised network.
     *
     * @param mean    Θ_0(train, train), the mean over outputs, if it is there already
     * @param f0Train f_0 on the training inputs, {@code N × k}
     * @param steps   when it is looked at
     * @return empty for Adam
     */
    Optional<Path> path(FiniteNetwork initial, long seed, Optional<Kernel> mean, double[][] f0Train, double[][] f0Test, List<Integer> steps,
            Consumer<String> notes) {
        if (training.optimizer() instanceof Optimizer.Adam || training.optimizer() instanceof Optimizer.AdamW) {
            notes.accept("linearized is not available for " + training.optimizer().name()
                    + ": its steps depend on each weight's gradient, not on Θ_0 alone");
            return Optional.empty();
        }
        int n = sample.train().count();
        int m = sample.test().count();
        int k = f0Train[0].length;
        EmpiricalKernel theta = new EmpiricalKernel(initial).beside(held);
        int largest = training.hasClosedForm() ? LARGEST_FULL : LARGEST_DECOMPOSED;
        boolean full = k > 1 && (long) n * k <= largest && 8.0 * n * k * (n + m) * k < (settings.memory() - held) / 4.0;
        if (k > 1 && !full) {
            notes.accept("linearized goes through the mean over outputs of Θ_0 (" + (long) n * k + " rows of all outputs are more than "
                    + largest
                    + ", or than the memory holds): the blocks between different outputs, of order 1/√width, are left out");
        }
        Kernel train = full ? theta.full(sample.train().inputs(), sample.train().inputs(), monitor)
                : mean.orElseGet(() -> theta.mean(sample.train().inputs(), monitor));
        Kernel test = full ? theta.full(sample.test().inputs(), sample.train().inputs(), monitor)
                : theta.mean(sample.test().inputs(), sample.train().inputs(), monitor);
        if (training.hasClosedForm() && full && n * k > LARGEST_DECOMPOSED) {
            return Optional.of(krylov(train, test, f0Train, f0Test, steps));
        }
        return Optional.of(training.hasClosedForm() ? closedForm(train, test, full, f0Train, f0Test, steps)
                : stepByStep(train, test, seed, f0Train, f0Test, steps));
    }

    private Path closedForm(Kernel train, Kernel test, boolean full, double[][] f0Train, double[][] f0Test, List<Integer> steps) {
        int k = f0Train[0].length;
        Moment[] moments = steps.stream().map(s -> TrainingMoments.of(training, learningRate, s)).toArray(Moment[]::new);
        Curves curves = Dynamics.of(train).from(full ? column(f0Train) : f0Train)
                .fit(full ? column(sample.train().targets()) : sample.train().targets());
        double[][][] onTrain = curves.train(moments);
        double[][][] onTest = curves.test(test, full ? column(f0Test) : f0Test, moments);
        Path path = new Path(new TreeMap<>(), new TreeMap<>());
        for (int i = 0; i < moments.length; i++) {
            path.train.put(steps.get(i), full ? rows(onTrain[i], k) : onTrain[i]);
            path.test.put(steps.get(i), full ? rows(onTest[i], k) : onTest[i]);
        }
        return path;
    }

    private Path krylov(Kernel train, Kernel test, double[][] f0Train, double[][] f0Test, List<Integer> steps) {
        int k = f0Train[0].length;
        List<Moment> moments = steps.stream().map(s -> TrainingMoments.of(training, learningRate, s)).toList();
        Krylov space = Krylov.of(train, Measures.flat(f0Train), Measures.flat(sample.train().targets()), moments, monitor);
        double[][] onTrain = space.train();
        double[][] onTest = space.test(test, Measures.flat(f0Test));
        Path path = new Path(new TreeMap<>(), new TreeMap<>());
        for (int i = 0; i < onTrain.length; i++) {
            path.train.put(steps.get(i), rows(onTrain[i], k));
            path.test.put(steps.get(i), rows(onTest[i], k));
        }
        return path;
    }

    private Path stepByStep(Kernel train, Kernel test, long seed, double[][] f0Train, double[][] f0Test, List<Integer> steps) {
        boolean mse = training.loss().equals(Training.MSE);
        Batches batches = new Batches(sample.train().count(), training.batch().orElse(Integer.MAX_VALUE), seed);
        double[][] targets = mse ? sample.train().targets() : Residuals.indicators(sample.train().labels(), f0Train[0].length);
        FunctionSpace.Path functions = FunctionSteps.of(train, mse ? LossGradient.mse() : LossGradient.crossEntropy(), learningRate)
                .rule(TrainingMoments.rule(training.optimizer()), training.optimizer().decayOfMomentum()).batches(batches::at)
                        .watchedBy(monitor)
                .run(f0Train, targets, steps.stream().mapToInt(Integer::intValue).toArray());
        double[][][] onTrain = functions.train();
        double[][][] onTest = functions.test(test, f0Test);
        Path path = new Path(new TreeMap<>(), new TreeMap<>());
        for (int i = 0; i < onTrain.length; i++) {
            path.train.put(steps.get(i), onTrain[i]);
            path.test.put(steps.get(i), onTest[i]);
        }
        return path;
    }

    private static double[][] column(double[][] rows) {
        int k = rows[0].length;
        double[][] column = new double[rows.length * k][1];
        for (int i = 0; i < column.length; i++) {
            column[i][0] = rows[i / k][i % k];
        }
        return column;
    }

    private static double[][] rows(double[] flat, int k) {
        double[][] rows = new double[flat.length / k][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(flat, i * k, (i + 1) * k));
        return rows;
    }

    private static double[][] rows(double[][] column, int k) {
        double[][] rows = new double[column.length / k][k];
        for (int i = 0; i < column.length; i++) {
            rows[i / k][i % k] = column[i][0];
        }
        return rows;
    }
}
