package org.ntk4j.study;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Sample;
import org.ntk4j.finite.Batches;
import org.ntk4j.finite.EmpiricalKernel;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Training;
import org.ntk4j.inference.Curves;
import org.ntk4j.inference.Dynamics;
import org.ntk4j.inference.FullRegression;
import org.ntk4j.inference.FunctionSpace;
import org.ntk4j.inference.FunctionSteps;
import org.ntk4j.inference.LossGradient;
import org.ntk4j.inference.Moment;
import org.ntk4j.kernel.OutputKernel;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.study.finding.Residuals;

/**
 * NN_lin, the network linearised at initialisation, {@code f_0(x) + J(x)(θ − θ_0)}, trained like the network itself: in
 * function space, through Θ_0, without a ridge, from the network's own f_0. In closed form for the mean squared error on
 * the full batch; step by step on the network's own batches otherwise. The steps of Adam are no function of Θ_0.
 *
 * <p>Θ_0 is the kernel of all outputs with all outputs where the regressions go through it (step by step only as far as it is stored), and
 * NN_lin is exact to rounding; else its mean over outputs, which leaves the blocks between different outputs out. They fall as 1/√width,
 * and a note says so.
 */
final class Linearized {

    /** The function on both sets, by step. */
    record Path(TreeMap<Integer, double[][]> train, TreeMap<Integer, double[][]> test) {
    }

    private final Training training;
    private final double learningRate;
    private final Sample sample;
    private final long held;
    private final Monitor monitor;

    /**
     * For a training.
     *
     * @param held the bytes of the memory that are in use already
     */
    Linearized(Training training, double learningRate, Sample sample, long held, Monitor monitor) {
        this.training = training;
        this.learningRate = learningRate;
        this.sample = sample;
        this.held = held;
        this.monitor = monitor;
    }

    /**
     * The path of the linearised network.
     *
     * @param mean    Θ_0(train, train), the mean over outputs, if it is there already
     * @param outputs Θ_0 of all outputs with all outputs, if regressions go through it
     * @param f0Train f_0 on the training inputs, {@code N × k}
     * @param steps   when it is looked at
     * @return empty for Adam
     */
    Optional<Path> path(FiniteNetwork initial, long seed, Optional<Kernel> mean, Optional<OutputKernel> outputs, double[][] f0Train,
            double[][] f0Test, List<Integer> steps,
            Consumer<String> notes) {
        if (training.optimizer().isAdaptive()) {
            notes.accept("linearized is not available for " + training.optimizer().name()
                    + ": its steps depend on each weight's gradient, not on Θ_0 alone");
            return Optional.empty();
        }
        if (outputs.isPresent() && training.hasClosedForm()) {
            return Optional.of(closedForm(outputs.get(), f0Train, f0Test, steps, notes));
        }
        int k = f0Train[0].length;
        Optional<OutputKernel.Pair> pair = outputs.flatMap(OutputKernel::stored);
        if (k > 1 && pair.isEmpty()) {
            notes.accept("linearized goes through the mean over outputs of Θ_0: the blocks between different outputs, of order 1/√width, "
                    + "are left out");
        }
        EmpiricalKernel theta = new EmpiricalKernel(initial).beside(held);
        Kernel train = pair.map(OutputKernel.Pair::train).or(() -> mean).orElseGet(() -> theta.mean(sample.train().inputs(), monitor));
        Kernel test = pair.map(OutputKernel.Pair::test)
                .orElseGet(() -> theta.mean(sample.test().inputs(), sample.train().inputs(), monitor));
        return Optional.of(training.hasClosedForm() ? closedForm(train, test, f0Train, f0Test, steps)
                : stepByStep(train, test, seed, f0Train, f0Test, steps));
    }

    /** Without a ridge a regression from f_0 is the linearised network. */
    private Path closedForm(OutputKernel kernel, double[][] f0Train, double[][] f0Test, List<Integer> steps, Consumer<String> notes) {
        double epsilon = training.precision() == Precision.FLOAT32 ? Math.ulp(1f) : Math.ulp(1.0) * sample.train().count();
        List<FullRegression.Values> values = new FullRegression(kernel, null, 0, epsilon / kernel.size(), monitor, notes)
                .at(f0Train, f0Test, sample.train().targets(),
                steps.stream().map(s -> TrainingMoments.of(training, learningRate, s)).toList());
        Path path = new Path(new TreeMap<>(), new TreeMap<>());
        for (int i = 0; i < steps.size(); i++) {
            path.train.put(steps.get(i), values.get(i).train());
            path.test.put(steps.get(i), values.get(i).test());
        }
        return path;
    }

    private Path closedForm(Kernel train, Kernel test, double[][] f0Train, double[][] f0Test, List<Integer> steps) {
        Moment[] moments = steps.stream().map(s -> TrainingMoments.of(training, learningRate, s)).toArray(Moment[]::new);
        Curves curves = Dynamics.of(train).from(f0Train).fit(sample.train().targets());
        double[][][] onTrain = curves.train(moments);
        double[][][] onTest = curves.test(test, f0Test, moments);
        Path path = new Path(new TreeMap<>(), new TreeMap<>());
        for (int i = 0; i < moments.length; i++) {
            path.train.put(steps.get(i), onTrain[i]);
            path.test.put(steps.get(i), onTest[i]);
        }
        return path;
    }

    private Path stepByStep(Kernel train, Kernel test, long seed, double[][] f0Train, double[][] f0Test, List<Integer> steps) {
        boolean mse = training.loss().equals(Training.MSE);
        Batches batches = new Batches(sample.train().count(), training.batch().orElse(Integer.MAX_VALUE), seed);
        double[][] targets = mse ? sample.train().targets() : Residuals.indicators(sample.train().labels(), f0Train[0].length);
        FunctionSpace.Path functions = FunctionSteps.of(train, mse ? LossGradient.mse() : LossGradient.crossEntropy(),
                training.timeOfStep(learningRate))
                .rule(training.optimizer().rule(), training.optimizer().decayOfMomentum()).batches(batches::at)
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
}
