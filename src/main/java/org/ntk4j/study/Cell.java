package org.ntk4j.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.Failure;
import org.ntk4j.Monitor;
import org.ntk4j.Seed;
import org.ntk4j.Settings;
import org.ntk4j.data.Sample;
import org.ntk4j.data.Split;
import org.ntk4j.finite.EmpiricalKernel;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Optimizer;
import org.ntk4j.finite.Precision;
import org.ntk4j.finite.Trained;
import org.ntk4j.finite.Trainer;
import org.ntk4j.finite.Training;
import org.ntk4j.inference.Fit;
import org.ntk4j.inference.LearningRates;
import org.ntk4j.inference.Moment;
import org.ntk4j.inference.Regression;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.Spectrum;
import org.ntk4j.network.Serial;

/**
 * One cell of an experiment, from beginning to end: NN_0 → Θ_0 → training → NN_T → Θ_T → Θ_∞ and K_∞ → regressions →
 * comparison.
 */
final class Cell {

    /** Half of the largest stable rate is safe and fast (Lee et al. 2019). */
    private static final double SHARE_OF_STABLE = 0.5;
    private static final double RATE_OF_ADAM = 1e-3;

    private final Definition.Point point;
    private final Definition definition;
    private final Settings settings;
    private final Monitor monitor;
    private final Shared shared;
    private final KernelStore store;
    private final List<String> notes = new ArrayList<>();
    private final Sample sample;
    private final Measures measures;
    private final List<Measures.Function> functions = new ArrayList<>();
    private final List<Measures.KernelPair> kernels = new ArrayList<>();
    private final List<CellResult.History> history = new ArrayList<>();
    private final Map<String, Spectrum> spectra = new LinkedHashMap<>();

    Cell(Definition.Point point, Settings settings, Monitor monitor, Shared shared, KernelStore store) {
        this.point = point;
        this.definition = point.definition();
        this.settings = settings;
        this.monitor = monitor;
        this.shared = shared;
        this.store = store;
        this.sample = shared.sample(definition);
        this.measures = new Measures(point, sample);
    }

    /** What a cell gives, and what ended it early: divergence, Ctrl-C. */
    record Outcome(CellResult result, Optional<Failure> failure) {
    }

    Outcome run() {
        int outputs = definition.network().outputs().orElse(sample.train().classCount());
        Precision precision = definition.train().map(Training::precision).orElse(Precision.FLOAT32);
        FiniteNetwork initial = definition.network().init(new Seed(definition.seed())).outputs(outputs).precision(precision).on(settings);
        Serial layers = initial.layers(sample.train().inputs().shape());
        List<String> wanted = definition.kernelNames();
        Optional<Training> training = definition.train();

        Optional<Kernel> theta0 = Optional.empty();
        boolean rateNeedsKernel = training.isPresent() && !isAdam(training.get().optimizer());
        if (wanted.contains(Subjects.NTK_INIT) || rateNeedsKernel) {
            theta0 = Optional.of(tangent(initial, sample.train(), null, Subjects.NTK_INIT));
        }
        Optional<Trained> trained = Optional.empty();
        if (training.isPresent()) {
            trained = Optional.of(train(initial, training.get(), theta0, outputs));
            Trained t = trained.get();
            t.history().forEach(p -> history.add(new CellResult.History(Subjects.NETWORK, p)));
            if (t.failure().isEmpty()) {
                functions.add(new Measures.Function(Subjects.NETWORK, String.valueOf(t.steps()), t.train(), t.test()));
            }
            boolean interrupted = t.ended().equals(Trained.INTERRUPTED);
            if (t.failure().isPresent() || interrupted) {
                Failure failure = t.failure().orElseGet(() -> Failure.cancelled("interrupted at step " + t.steps() + " of training"));
                if (interrupted) {
                    measures.functions(functions);
                }
                return new Outcome(result(trained), Optional.of(failure));
            }
        } else {
            double[][] train = initial.outputs(sample.train().inputs());
            functions.add(new Measures.Function(Subjects.NETWORK, "0", train, initial.outputs(sample.test().inputs())));
        }
        for (String name : wanted) {
            kernel(name, initial, trained, theta0, layers);
        }
        recorded(trained);
        measures.functions(functions);
        kernels.forEach(k -> spectra.computeIfAbsent(k.subject() + k.step(), key -> k.train().spectrum()));
        measures.kernels(kernels, spectra);
        save(trained, initial);
        return new Outcome(result(trained), Optional.empty());
    }

    private Kernel tangent(FiniteNetwork network, Split rows, Split columns, String name) {
        EmpiricalKernel kernel = new EmpiricalKernel(network);
        Kernel k = columns == null ? kernel.mean(rows.inputs(), monitor) : kernel.mean(rows.inputs(), columns.inputs(), monitor);
        return k.named(name);
    }

    private static boolean isAdam(Optimizer optimizer) {
        return optimizer instanceof Optimizer.Adam || optimizer instanceof Optimizer.AdamW;
    }

    private static LearningRates.Rule rule(Optimizer optimizer) {
        return optimizer instanceof Optimizer.Momentum ? LearningRates.Rule.MOMENTUM
                : optimizer instanceof Optimizer.Nesterov ? LearningRates.Rule.NESTEROV : LearningRates.Rule.GRADIENT_DESCENT;
    }

    private Trained train(FiniteNetwork initial, Training training, Optional<Kernel> theta0, int outputs) {
        double stable = Double.NaN;
        double rate;
        if (isAdam(training.optimizer())) {
            rate = training.learningRate().orElse(RATE_OF_ADAM);
            if (training.learningRate().isEmpty()) {
                notes.add("learningRate auto is " + RATE_OF_ADAM + " for " + training.optimizer().name() + ": its steps have no largest stable rate in closed form");
            }
        } else {
            stable = largestStable(training, theta0.orElseThrow(), outputs);
            rate = training.learningRate().orElse(SHARE_OF_STABLE * stable);
            if (rate > stable) {
                notes.add(String.format(Locale.ROOT, "learningRate %.4g is above the largest stable one, %.4g: the kernels' dynamics do not describe such a training", rate, stable));
            }
        }
        if (training.loss().equals(Training.CROSS_ENTROPY)) {
            notes.add("an RMSE between a network trained by cross-entropy and a regression on targets means little; look at agreement and accuracy");
        }
        Trained trained = new Trainer(training, rate, stable, monitor).train(initial, sample.train(), sample.test(), definition.record());
        if (trained.ended().equals("maxSteps") && trained.failure().isEmpty()) {
            notes.add(String.format(Locale.ROOT, "training ended at maxSteps with a loss of %.3g, above the %.3g asked for", lastLoss(trained), training.until().loss()));
        }
        return trained;
    }

    private double largestStable(Training training, Kernel theta0, int outputs) {
        LearningRates.Loss loss = training.loss().equals(Training.MSE) ? LearningRates.Loss.MSE : LearningRates.Loss.CROSS_ENTROPY;
        Spectrum spectrum = theta0.spectrum();
        spectra.put(Subjects.NTK_INIT + "0", spectrum);
        LearningRates.Rule rule = rule(training.optimizer());
        double decay = training.optimizer().decayOfMomentum();
        int examples = theta0.rows();
        if (training.batch().isPresent() && training.batch().getAsInt() < examples) {
            double largest = 0;
            for (int i = 0; i < examples; i++) {
                largest = Math.max(largest, theta0.get(i, i));
            }
            return LearningRates.largestStable(rule, decay, loss, spectrum.maxEigenvalue(), examples, outputs, largest);
        }
        return LearningRates.largestStable(rule, decay, loss, spectrum.maxEigenvalue(), examples, outputs);
    }

    private static double lastLoss(Trained trained) {
        return trained.history().stream().filter(p -> p.split().equals("train")).reduce((a, b) -> b).orElseThrow().loss();
    }

    /** One of the four kernels, and its regression. */
    private void kernel(String name, FiniteNetwork initial, Optional<Trained> trained, Optional<Kernel> theta0, Serial layers) {
        Kernel train;
        Kernel test;
        String step = "";
        switch (name) {
            case Subjects.NTK_INIT -> {
                train = theta0.orElseThrow();
                test = tangent(initial, sample.test(), sample.train(), name);
                step = "0";
            }
            case Subjects.NTK_TRAINED -> {
                FiniteNetwork network = trained.orElseThrow().network();
                train = tangent(network, sample.train(), null, name);
                test = tangent(network, sample.test(), sample.train(), name);
                step = String.valueOf(trained.get().steps());
            }
            case Subjects.NTK_INFINITE -> {
                Shared.Infinite infinite = shared.infinite(definition, layers, sample);
                train = infinite.ntkTrain();
                test = infinite.ntkTest();
            }
            default -> {
                Shared.Infinite infinite = shared.infinite(definition, layers, sample);
                train = infinite.nngpTrain();
                test = infinite.nngpTest();
            }
        }
        Fit fit = regression(name, train, initial);
        kernels.add(new Measures.KernelPair(name, step, train, test, fit.ridge()));
        measures.add(Subjects.regression(name), "", "train", "", "ridge", fit.ridge());
        predictions(name, fit, test, initial, trained);
        String advice = fit.diagnosis().advice();
        notes.add(String.format(Locale.ROOT, "%s: eigenvalues %.3g to %.3g, condition number %.3g, ridge %.3g%s", Subjects.symbol(name),
                fit.diagnosis().smallestEigenvalue(), fit.diagnosis().largestEigenvalue(), fit.diagnosis().conditionNumber(), fit.ridge(),
                advice.isEmpty() ? "" : "; " + advice));
        if (definition.save().contains("kernels")) {
            store.save(point.key(), name + (step.isEmpty() ? "" : "." + step) + ".train", train);
            store.save(point.key(), name + (step.isEmpty() ? "" : "." + step) + ".test", test);
        }
    }

    private boolean hasOffset(String kernel) {
        return !kernel.equals(Subjects.NNGP_INFINITE) && definition.regression().offsetFor(definition.centred()).equals("initial");
    }

    private Fit regression(String kernel, Kernel train, FiniteNetwork initial) {
        Regression regression = Regression.of(train).ridge(Measures.ridge(definition.regression()));
        boolean single = kernel.startsWith("ntk.") && !kernel.equals(Subjects.NTK_INFINITE) && definition.train().map(Training::precision)
                .orElse(Precision.FLOAT32) == Precision.FLOAT32 || definition.precision().equals("float32");
        if (single) {
            // Rounding errors of the values are independent: the error's largest eigenvalue is about ulp · λ_max, not n times that.
            regression = regression.epsilon((double) Math.ulp(1f) / train.rows());
        }
        if (hasOffset(kernel)) {
            regression = regression.offset(initial.outputs(sample.train().inputs()));
        }
        return regression.fit(sample.train().targets());
    }

    /** The regression at each of its times. */
    private void predictions(String kernel, Fit fit, Kernel test, FiniteNetwork initial, Optional<Trained> trained) {
        String subject = Subjects.regression(kernel);
        double[][] offset = fit.hasOffset() ? initial.outputs(sample.test().inputs()) : null;
        boolean tangent = !kernel.equals(Subjects.NNGP_INFINITE);
        for (String time : definition.regression().times()) {
            boolean limit = time.equals(RegressionOptions.INFINITY);
            if (limit) {
                addFunction(subject, "", fit, test, offset);
            } else if (tangent && trained.isPresent()) {
                int steps = time.equals(RegressionOptions.TRAINED) ? trained.get().steps() : Integer.parseInt(time);
                at(subject, fit, test, offset, trained.get(), steps);
            }
        }
        if (kernel.equals(Subjects.NTK_INIT) && definition.linearized()) {
            trained.ifPresent(t -> at(Subjects.LINEARIZED, fit, test, offset, t, t.steps()));
        }
        if (tangent && trained.isPresent() && definition.train().orElseThrow().hasClosedForm()) {
            dynamics(subject, fit, test, offset, trained.get());
        }
    }

    private void at(String subject, Fit fit, Kernel test, double[][] offset, Trained trained, int steps) {
        Training training = definition.train().orElseThrow();
        if (!training.hasClosedForm()) {
            String note = "regressions at the network's own step need full batches, mse, and gradientDescent, momentum or nesterov: only the limit is given";
            if (!notes.contains(note)) {
                notes.add(note);
            }
            return;
        }
        try {
            addFunction(subject, String.valueOf(steps), fit.at(moment(training, trained.learningRate(), steps)), test, offset);
        } catch (Failure e) {
            notes.add(subject + " at step " + steps + ": " + e.getMessage());
        }
    }

    private static Moment moment(Training training, double rate, int steps) {
        Moment moment = Moment.steps(steps).learningRate(rate);
        double decay = training.optimizer().decayOfMomentum();
        return switch (rule(training.optimizer())) {
            case GRADIENT_DESCENT -> moment;
            case MOMENTUM -> moment.momentum(decay);
            case NESTEROV -> moment.nesterov(decay);
        };
    }

    /** Once, where a number of steps given is the network's own. */
    private void addFunction(String subject, String step, Fit fit, Kernel test, double[][] offset) {
        if (functions.stream().anyMatch(f -> f.subject().equals(subject) && f.step().equals(step))) {
            return;
        }
        functions.add(new Measures.Function(subject, step, fit.train(), offset == null ? fit.predict(test) : fit.predict(test, offset)));
    }

    /** What the kernel predicts at each step of the network's history: rows that can be subtracted from the network's. */
    private void dynamics(String subject, Fit fit, Kernel test, double[][] offset, Trained trained) {
        try {
            for (Trained.Point p : trained.history()) {
                if (p.split().equals("train")) {
                    Fit now = fit.at(moment(definition.train().orElseThrow(), trained.learningRate(), p.step()));
                    add(subject, p, "train", now.train(), sample.train());
                    add(subject, p, "test", offset == null ? now.predict(test) : now.predict(test, offset), sample.test());
                }
            }
        } catch (Failure e) {
            // Said by the prediction at the last step already: the rate is too large for this kernel.
        }
    }

    private void add(String subject, Trained.Point p, String split, double[][] f, Split data) {
        double loss = org.ntk4j.report.FunctionMetrics.mse(f, data.targets()) / 2;
        history.add(new CellResult.History(subject, new Trained.Point(p.step(), p.time(), p.seconds(), split, loss, data.accuracy(f))));
    }

    /** Kernels recorded along training. */
    private void recorded(Optional<Trained> trained) {
        if (trained.isEmpty()) {
            return;
        }
        trained.get().recorded().forEach((step, network) -> {
            if (kernels.stream().noneMatch(k -> k.subject().equals(Subjects.NTK_TRAINED) && k.step().equals(String.valueOf(step)))) {
                Kernel train = tangent(network, sample.train(), null, Subjects.NTK_TRAINED);
                Kernel test = tangent(network, sample.test(), sample.train(), Subjects.NTK_TRAINED);
                kernels.add(new Measures.KernelPair(Subjects.NTK_TRAINED, String.valueOf(step), train, test,
                        Measures.ridge(definition.regression()).kind() == org.ntk4j.inference.Ridge.Kind.RELATIVE
                                ? definition.regression().ridge().orElse(0) * train.trace() / train.rows() : 0));
            }
        });
    }

    private void save(Optional<Trained> trained, FiniteNetwork initial) {
        if (definition.save().contains("weights")) {
            store.weights(point.key(), "weights.0", initial.weights(sample.train().inputs().shape()));
            trained.ifPresent(t -> store.weights(point.key(), "weights." + t.steps(), t.network().weights(sample.train().inputs().shape())));
        }
    }

    private CellResult result(Optional<Trained> trained) {
        List<CellResult.Prediction> predictions = functions.stream()
                .map(f -> new CellResult.Prediction(f.subject(), f.step(), f.test())).toList();
        List<CellResult.Eigenvalues> eigenvalues = new ArrayList<>();
        kernels.forEach(k -> eigenvalues.add(new CellResult.Eigenvalues(k.subject(), k.step(), spectra.get(k.subject() + k.step()).eigenvalues())));
        Map<String, int[]> indices = new LinkedHashMap<>();
        indices.put("train", sample.train().indices());
        indices.put("test", sample.test().indices());
        String training = trained.map(t -> String.format(Locale.ROOT, "%d steps, learning rate %.4g, train loss %.3g (%s)", t.steps(), t.learningRate(), lastLoss(t), t.ended()))
                .orElse("");
        return new CellResult(definition.seed(), point.swept(), measures.rows(), List.copyOf(history), predictions, sample.test().labels(), eigenvalues,
                indices, List.copyOf(notes), training);
    }
}
