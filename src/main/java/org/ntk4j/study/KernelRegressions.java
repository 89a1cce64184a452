package org.ntk4j.study;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Sample;
import org.ntk4j.finite.Trained;
import org.ntk4j.inference.Fit;
import org.ntk4j.inference.FullRegression;
import org.ntk4j.inference.Moment;
import org.ntk4j.inference.Predictor;
import org.ntk4j.inference.Regression;
import org.ntk4j.inference.Ridge;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.OutputKernel;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;
import org.ntk4j.study.measure.SubjectFunction;
import org.ntk4j.study.option.Time;

/** The regressions of a cell with each of its kernels: at the moments that are asked for, and along training. */
final class KernelRegressions {

    private final CellContext cell;
    private final Definition definition;
    private final Sample sample;
    private final Functions functions;
    private final InitialFunction start;
    private final Map<Subject, Regression> regressions = new LinkedHashMap<>();

    KernelRegressions(CellContext cell, Functions functions, InitialFunction start) {
        this.cell = cell;
        this.definition = cell.definition();
        this.sample = cell.sample();
        this.functions = functions;
        this.start = start;
    }

    /** The regression with a kernel as far as it was made, without an offset. */
    Optional<Regression> with(Subject kernel) {
        return Optional.ofNullable(regressions.get(kernel));
    }

    /** The regression with a kernel, K(train, train). */
    Fit fit(Subject kernel, Kernel train) {
        Regression regression = Regression.of(train).ridge(definition.regression().ridgeOfKernel());
        if (kernel.isEmpirical() && isSingle() || definition.precision() == Precision.FLOAT32) {
            // Rounding errors of the values are independent: the error's largest eigenvalue is about ulp · λ_max, not n times that.
            regression = regression.epsilon((double) Math.ulp(1f) / train.rows());
        }
        regression = regression.solver(definition.regression().solver()).resources(new Solving(cell).resources(kernel));
        regressions.put(kernel, regression);
        if (hasOffset(kernel)) {
            regression = regression.offset(start.values().train());
        }
        return regression.fit(sample.train().targets());
    }

    private boolean hasOffset(Subject kernel) {
        return kernel != Subject.NNGP_INFINITE && definition.regression().offsetFor(definition.centred()).equals("initial");
    }

    private boolean isSingle() {
        return cell.trainPrecision() == Precision.FLOAT32;
    }

    /** The relative error of a finite network's values. */
    private double epsilon() {
        return isSingle() ? Math.ulp(1f) : Math.ulp(1.0) * sample.train().count();
    }

    /**
     * The functions of a regression at each of its times, and along the network's history.
     *
     * @param test    K(test, train), for the mean over outputs
     * @param outputs the kernel of all outputs; empty where one kernel serves every output
     */
    void predict(Subject kernel, Fit fit, Kernel test, Optional<OutputKernel> outputs, Optional<Trained> trained) {
        Subject subject = kernel.regression();
        FullRegression.Values offset = fit.hasOffset() ? start.values() : null;
        Predictor predictor = outputs.map(o -> full(subject, o, fit, offset))
                .orElseGet(() -> new Predictor.OfEachOutput(fit, test, offset == null ? null : offset.test()));
        boolean tangent = kernel != Subject.NNGP_INFINITE;
        boolean closed = trained.isPresent() && definition.train().orElseThrow().hasClosedForm();
        TreeMap<Integer, Moment> moments = new TreeMap<>();
        if (tangent && closed) {
            wantedSteps(trained.get()).forEach(s -> moments.put(s, moment(trained.get(), s)));
            trained.get().history().forEach(p -> moments.put(p.step(), moment(trained.get(), p.step())));
        }
        Map<Integer, FullRegression.Values> found = at(subject, predictor, moments);
        for (Time time : definition.regression().times()) {
            if (time.equals(Time.INFINITY)) {
                functions.addOnce(subject, Step.NONE, predictor.at(List.of(Moment.infinity())).get(0));
            } else if (tangent && trained.isPresent() && !closed) {
                cell.notes().addOnce("regressions at the network's own step need full batches, mse, and gradientDescent, momentum or "
                        + "nesterov: only the limit is given");
            } else if (tangent && trained.isPresent()) {
                Step step = time.step(trained.get().steps());
                FullRegression.Values f = found.get(step.number().orElseThrow());
                if (f != null) {
                    functions.addOnce(subject, step, f);
                }
            }
        }
        if (closed && tangent) {
            for (Trained.Point p : trained.get().history()) {
                FullRegression.Values f = found.get(p.step());
                if (f != null && p.split().equals("train")) {
                    functions.along(subject, p, f);
                }
            }
        }
    }

    private List<Integer> wantedSteps(Trained trained) {
        return definition.regression().times().stream().flatMapToInt(time -> time.step(trained.steps()).number().stream()).boxed().toList();
    }

    private Moment moment(Trained trained, int step) {
        return TrainingMoments.of(definition.train().orElseThrow(), trained.learningRate(), step);
    }

    /** Where steps diverge, those that left the range of numbers are left out; a note says from which on. */
    private Map<Integer, FullRegression.Values> at(Subject subject, Predictor predictor, TreeMap<Integer, Moment> moments) {
        TreeMap<Integer, Moment> left = new TreeMap<>(moments);
        while (!left.isEmpty()) {
            try {
                List<FullRegression.Values> values = predictor.at(List.copyOf(left.values()));
                Map<Integer, FullRegression.Values> found = new TreeMap<>();
                int i = 0;
                for (int step : left.keySet()) {
                    found.put(step, values.get(i++));
                }
                return functions.untilTheyDiverge(subject, found);
            } catch (Failure e) {
                if (cell.monitor().cancelled()) {
                    throw e;
                }
                cell.notes().add(subject + " at step " + left.lastKey() + ": " + e.getMessage());
                left = new TreeMap<>(left.headMap(left.lastKey() / 2, true));
            }
        }
        return Map.of();
    }

    private Predictor full(Subject subject, OutputKernel outputs, Fit fit, FullRegression.@Nullable Values offset) {
        FullRegression.Values f0 = offset == null ? start.zero() : offset;
        FullRegression regression = full(subject, outputs, fit);
        return moments -> regression.at(f0.train(), f0.test(), sample.train().targets(), moments);
    }

    private FullRegression full(Subject subject, OutputKernel outputs, Fit fit) {
        return new FullRegression(outputs, fit.eigen(), fit.ridge(), epsilon() / outputs.size(), cell.monitor(),
                text -> cell.notes().add(subject.symbol() + ": " + text));
    }

    /**
     * The minimum-norm function of a kernel that takes the network's own values on the training set, with the ridge of the kernel's
     * regression: which kernel generalises as the network does, whatever the optimizer was and wherever it stopped.
     */
    void project(Subject kernel, Fit fit, Kernel test, Optional<OutputKernel> outputs, Trained trained) {
        if (!definition.regression().projection()) {
            return;
        }
        double[][] g = trained.train();
        FullRegression.Values values;
        if (outputs.isPresent()) {
            FullRegression.Values zero = start.zero();
            values = full(kernel.projection(), outputs.get(), fit).at(zero.train(), zero.test(), g, List.of(Moment.infinity())).get(0);
        } else {
            Fit own = Objects.requireNonNull(regressions.get(kernel)).ridge(Ridge.absolute(fit.ridge())).fit(g);
            values = new FullRegression.Values(own.train(), own.predict(test));
        }
        functions.add(new SubjectFunction(kernel.projection(), Step.of(trained.steps()), values.train(), values.test()));
    }

    /** The regression with a kernel recorded on the way, in the limit; the step is the kernel's. */
    Fit recorded(int step, SplitKernels theta, Optional<OutputKernel> outputs) {
        Regression regression = Regression.of(theta.train()).ridge(definition.regression().ridgeOfKernel());
        Fit fit = (isSingle() ? regression.epsilon(epsilon() / theta.train().rows()) : regression).fit(sample.train().targets());
        Subject subject = Subject.REGRESSION_TRAINED;
        FullRegression.Values values = outputs.map(o -> full(subject, o, fit, null))
                .orElseGet(() -> new Predictor.OfEachOutput(fit, theta.test(), null)).at(List.of(Moment.infinity())).get(0);
        if (!functions.has(subject, Step.of(step))) {
            functions.add(new SubjectFunction(subject, Step.of(step), values.train(), values.test(), true));
        }
        return fit;
    }
}
