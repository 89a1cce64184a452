package org.ntk4j.study;

import java.util.Locale;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Sample;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Optimizer;
import org.ntk4j.finite.Trained;
import org.ntk4j.finite.Trainer;
import org.ntk4j.finite.Training;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.OutputKernel;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;
import org.ntk4j.shape.Shape;
import org.ntk4j.study.measure.Sharpness;

/** The training of a cell: from NN_0 to NN_T, at the rate that was given, or at half of the largest stable one. */
final class CellTraining {

    /** Beyond this rate a tangent kernel is 0 up to rounding. */
    private static final double MOST_STABLE = 1e30;

    private final CellContext cell;
    private final Training training;

    CellTraining(CellContext cell, Training training) {
        this.cell = cell;
        this.training = training;
    }

    /** The learning rate, and the largest stable one: NaN where there is none in closed form. */
    private record Rate(double value, double stable) {
    }

    /**
     * Trains.
     *
     * @param theta0   Θ_0 on the training set, the mean over outputs, if it is there
     * @param outputs0 Θ_0 of all outputs with all outputs; empty for adaptive optimizers
     */
    Trained train(FiniteNetwork initial, Optional<Kernel> theta0, Optional<OutputKernel> outputs0) {
        Rate rate = training.optimizer().isAdaptive() ? adaptiveRate() : rate(theta0, outputs0.orElseThrow());
        cell.guard().check();
        Sample sample = cell.sample();
        Shape in = sample.train().inputs().shape();
        Trained trained = new Trainer(training, rate.value, rate.stable, cell.monitor()).keepingFunctions(cell.definition().modes() > 0)
                .rateFactors(initial.layerRates(training.optimizer(), in))
                .train(initial, sample.train(), sample.test(), cell.definition().record());
        Step last = Step.of(trained.steps());
        cell.measures().add(Subject.NETWORK, Subject.NONE, SplitName.TRAIN, last, Quantity.LEARNING_RATE, rate.value);
        cell.measures().add(Subject.NETWORK, Subject.NONE, SplitName.TRAIN, last, Quantity.LARGEST_STABLE_RATE, rate.stable);
        cell.notes().addAll(Checklist.training(training, trained, rate.stable, sample.train()));
        Checklist.updates(training, initial.weights(in), trained, in).ifPresent(cell.notes()::add);
        return trained;
    }

    private Rate adaptiveRate() {
        if (training.learningRate().isEmpty()) {
            cell.notes().add("learningRate auto is " + Optimizer.ADAPTIVE_RATE + " for " + training.optimizer().name()
                    + ": its steps have no largest stable rate in closed form");
        }
        return new Rate(training.learningRate().orElse(Optimizer.ADAPTIVE_RATE), Double.NaN);
    }

    private Rate rate(Optional<Kernel> theta0, OutputKernel outputs0) {
        Sharpness start = Sharpness.of(training, outputs0, cell.sample().train().count(), cell.monitor());
        double stable = theta0.map(start::largestStable).orElseGet(start::largestStable);
        if (training.learningRate().isEmpty() && !(stable < MOST_STABLE)) {
            throw Failure.run("learningRate: auto: the tangent kernel at the start is 0 but for rounding, so that no rate is the largest "
                    + "stable one; use a larger wStd, or train.precision: float64");
        }
        double rate = training.learningRate().orElse(Optimizer.SHARE_OF_STABLE * stable);
        start.add(cell.measures(), Subject.NTK_INIT, Step.START, rate);
        if (cell.outputKernels().way() == OutputKernels.Way.MEAN && cell.outputs() > 1 && theta0.isPresent()) {
            double cost = OutputKernels.shareLeftOut(outputs0, theta0.get(), cell.sample().train().targets());
            if (cost > 0) {
                cell.notes().add(String.format(Locale.ROOT, "regression.outputs: mean leaves out what one output's gradient does to "
                        + "another: %.1f %% of the first step's change of f on the training set", 100 * cost));
            }
        }
        return new Rate(rate, stable);
    }
}
