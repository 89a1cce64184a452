package org.ntk4j.study;

import java.util.Arrays;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Sample;
import org.ntk4j.finite.Trained;
import org.ntk4j.finite.Training;
import org.ntk4j.inference.Fit;
import org.ntk4j.inference.Regression;
import org.ntk4j.inference.Solver;
import org.ntk4j.layer.Serial;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;
import org.ntk4j.study.finding.CellResult;
import org.ntk4j.study.measure.SubjectFunction;
import org.ntk4j.study.option.Time;

/**
 * Infinitely many trained networks of infinite width: their mean and variance at the moments of the regressions. Centred networks all
 * start from 0, so at infinite width they train to one function, and there is no variance. The ridge is part of the training; the
 * covariance at initialisation carries none.
 */
final class EnsembleFunctions {

    private final CellContext cell;
    private final Functions functions;
    private final Serial layers;

    EnsembleFunctions(CellContext cell, Functions functions, Serial layers) {
        this.cell = cell;
        this.functions = functions;
        this.layers = layers;
    }

    /** Adds them, where there is training and the regressions with both infinite kernels were made. */
    void add(KernelRegressions regressions, Optional<Trained> trained) {
        Optional<Regression> tangent = regressions.with(Subject.NTK_INFINITE);
        if (trained.isEmpty() || tangent.isEmpty() || regressions.with(Subject.NNGP_INFINITE).isEmpty()) {
            return;
        }
        if (isDear() || cell.definition().regression().solver() instanceof Solver.RandomFeatures) {
            cell.notes().add("ensemble: it is not taken where infinite kernels are not in memory (a variance takes a solve for each test "
                    + "input; scripts have it, fit.ensemble(k).variances(…)), or random features stand in their place");
            return;
        }
        Training training = cell.definition().train().orElseThrow();
        Shared.Infinite infinite = cell.infinite(layers);
        Fit fit = tangent.get().fit(cell.sample().train().targets());
        for (Time time : cell.definition().regression().times()) {
            Step step = time.step(trained.get().steps());
            boolean limit = time.equals(Time.INFINITY);
            if (!limit && !training.hasClosedForm() || functions.has(Subject.ENSEMBLE, step)) {
                continue;
            }
            int steps = step.number().orElse(0);
            try {
                add(step, limit ? fit : fit.at(TrainingMoments.of(training, trained.get().learningRate(), steps)), infinite);
            } catch (Failure e) {
                cell.notes().add("ensemble at step " + steps + ": " + e.getMessage());
            }
        }
        cell.notes().add(training.centred() ? "ensemble: centred networks start from 0, so infinitely wide ones all train to f_∞ and have "
                + "no variance; train.centred: false gives them one"
                : "ensemble: the covariance of the functions at initialisation, in the middle of its variance, carries no ridge");
    }

    /** Whether kernels at infinity are computed anew on this machine beside a training: a variance takes a solve for each test input. */
    private boolean isDear() {
        return cell.scale().computed() && cell.definition().statistics().isPresent() && cell.settings().spark().isEmpty();
    }

    private void add(Step step, Fit fit, Shared.Infinite infinite) {
        Sample sample = cell.sample();
        double[] variance = cell.definition().centred() ? new double[sample.test().count()]
                : fit.ensemble(infinite.nngp().train()).variances(infinite.ntk().test(), infinite.nngp().test(),
                        cell.shared().testVariances(cell.definition(), layers, sample));
        functions.add(new SubjectFunction(Subject.ENSEMBLE, step, fit.train(), fit.predict(infinite.ntk().test())));
        functions.add(new CellResult.Variances(Subject.ENSEMBLE, step, variance));
        cell.measures().add(Subject.ENSEMBLE, Subject.NONE, SplitName.TEST, step, Quantity.VARIANCE,
                Arrays.stream(variance).average().orElse(0));
    }
}
