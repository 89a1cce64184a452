package org.ntk4j.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Sample;
import org.ntk4j.data.Split;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Trained;
import org.ntk4j.finite.Trainer;
import org.ntk4j.finite.Training;
import org.ntk4j.finite.Until;
import org.ntk4j.inference.Fit;
import org.ntk4j.inference.FullRegression;
import org.ntk4j.inference.Moment;
import org.ntk4j.kernel.OutputKernel;
import org.ntk4j.inference.Predictor;
import org.ntk4j.inference.Regression;
import org.ntk4j.inference.Ridge;
import org.ntk4j.inference.Solver;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.layer.Serial;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;
import org.ntk4j.study.finding.CellResult;
import org.ntk4j.study.finding.Residuals;
import org.ntk4j.study.option.Time;

/**
 * The functions of a cell: the network, the regressions with each kernel, the linearised network, the ensemble; at the last step, in the
 * limit, and along training.
 */
final class Functions {

    /** No function that training finds is this many times larger than what it learns from. */
    private static final double BEYOND_TARGETS = 100;
    /** The logits of cross-entropy grow for ever, but as the logarithm of the steps. */
    private static final double BEYOND_LOGITS = 1e4;
    /** Below this many rows an eigendecomposition takes less than a few seconds. */
    private static final int LARGE = 3000;
    /** Seconds for the cube of the rows; measured on two cores. */
    private static final double PER_CUBE = 1.1e-10;

    private final Definition definition;
    private final long held;
    private final Monitor monitor;
    private final Sample sample;
    private final Measures measures;
    private final List<String> notes;
    private final Solving solving;
    private final List<Measures.Function> functions = new ArrayList<>();
    private final List<CellResult.History> history = new ArrayList<>();
    private final Map<Subject, Regression> regressions = new LinkedHashMap<>();
    private final List<CellResult.Variances> variances = new ArrayList<>();
    private final Map<Subject, Map<Integer, double[][]>> residuals = new LinkedHashMap<>();
    private @Nullable Initial start;

    /** f_0 of the function that is trained, on both sets: zero where it is centred. */
    private record Initial(double[][] train, double[][] test) {
    }

    Functions(Definition definition, long held, Monitor monitor, Sample sample, Measures measures, List<String> notes,
            Solving solving) {
        this.solving = solving;
        this.definition = definition;
        this.held = held;
        this.monitor = monitor;
        this.sample = sample;
        this.measures = measures;
        this.notes = notes;
    }

    List<Measures.Function> all() {
        return List.copyOf(functions);
    }

    List<CellResult.History> history() {
        return List.copyOf(history);
    }

    List<CellResult.Variances> variances() {
        return List.copyOf(variances);
    }

    /** Residuals on the training set by subject and step, where eigendirections are followed. */
    Map<Subject, Map<Integer, double[][]>> residuals() {
        return residuals;
    }

    /** NN_T with its history. */
    void network(Trained t, FiniteNetwork initial) {
        if (!t.recorded().isEmpty() || definition.regression().path()) {
            start(initial);
        }
        t.functions().forEach((step, f) -> follow(Subject.NETWORK, step, f));
        t.history().forEach(p -> history.add(new CellResult.History(Subject.NETWORK, p)));
        if (t.failure().isEmpty()) {
            functions.add(new Measures.Function(Subject.NETWORK, Step.of(t.steps()), t.train(), t.test()));
        }
    }

    /** NN_0, where nothing is trained. */
    void untrained(FiniteNetwork initial) {
        double[][] train = initial.outputs(sample.train().inputs());
        functions.add(new Measures.Function(Subject.NETWORK, Step.START, train, initial.outputs(sample.test().inputs())));
    }

    private boolean hasOffset(Subject kernel) {
        return kernel != Subject.NNGP_INFINITE && definition.regression().offsetFor(definition.centred()).equals("initial");
    }

    /** The regression with a kernel. */
    Fit regression(Subject kernel, Kernel train, FiniteNetwork initial) {
        Regression regression = Regression.of(train).ridge(Measures.ridge(definition.regression()));
        boolean single = kernel.isEmpirical() && isSingle()
                || definition.precision() == Precision.FLOAT32;
        if (single) {
            // Rounding errors of the values are independent: the error's largest eigenvalue is about ulp · λ_max, not n times that.
            regression = regression.epsilon((double) Math.ulp(1f) / train.rows());
        }
        regression = regression.solver(definition.regression().solver()).resources(solving.resources(kernel));
        regressions.put(kernel, regression);
        if (hasOffset(kernel)) {
            regression = regression.offset(start(initial).train);
        }
        return regression.fit(sample.train().targets());
    }

    /** Whether kernels at infinity are computed anew on this machine beside a training: a variance takes a solve for each test input. */
    private boolean isDear() {
        return solving.scale().computed() && definition.statistics().isPresent() && solving.settings().spark().isEmpty();
    }

    /** Says that an eigendecomposition begins, where it takes long. */
    void announce(Subject kernel, int rows) {
        if (rows >= LARGE) {
            monitor.note(String.format(Locale.ROOT, "eigendecomposition of %s, %d × %d: about %.0f s", kernel.symbol(), rows, rows,
                    PER_CUBE * Math.pow(rows, 3)));
        }
    }

    /**
     * The regression at each of its times, and along the network's history.
     *
     * @param test    K(test, train), for the mean over outputs
     * @param outputs the kernel of all outputs; empty where one kernel serves every output
     */
    void predictions(Subject kernel, Fit fit, Kernel test, Optional<OutputKernel> outputs, FiniteNetwork initial,
            Optional<Trained> trained) {
        Subject subject = kernel.regression();
        Initial offset = fit.hasOffset() ? start(initial) : null;
        Predictor predictor = outputs.map(o -> full(subject, o, fit, offset))
                .orElseGet(() -> new Predictor.OfEachOutput(fit, test, offset == null ? null : offset.test));
        boolean tangent = kernel != Subject.NNGP_INFINITE;
        boolean closed = trained.isPresent() && definition.train().orElseThrow().hasClosedForm();
        TreeMap<Integer, Moment> moments = new TreeMap<>();
        if (tangent && closed) {
            wantedSteps(trained.get()).forEach(s -> moments.put(s, moment(trained.get(), s)));
            trained.get().history().forEach(p -> moments.put(p.step(), moment(trained.get(), p.step())));
        }
        Map<Integer, FullRegression.Values> found = along(subject, predictor, moments);
        for (Time time : definition.regression().times()) {
            if (time.equals(Time.INFINITY)) {
                addFunction(subject, Step.NONE, predictor.at(List.of(Moment.infinity())).get(0));
            } else if (tangent && trained.isPresent() && !closed) {
                String note = "regressions at the network's own step need full batches, mse, and gradientDescent, momentum or nesterov: "
                                + "only the limit is given";
                if (!notes.contains(note)) {
                    notes.add(note);
                }
            } else if (tangent && trained.isPresent()) {
                Step step = time.step(trained.get().steps());
                FullRegression.Values f = found.get(step.number().orElseThrow());
                if (f != null) {
                    addFunction(subject, step, f);
                }
            }
        }
        if (closed && tangent) {
            for (Trained.Point p : trained.get().history()) {
                if (p.split().equals("train") && found.containsKey(p.step())) {
                    FullRegression.Values f = found.get(p.step());
                    follow(subject, p.step(), f.train());
                    add(subject, p, SplitName.TRAIN, f.train(), sample.train());
                    add(subject, p, SplitName.TEST, f.test(), sample.test());
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
    private Map<Integer, FullRegression.Values> along(Subject subject, Predictor predictor, TreeMap<Integer, Moment> moments) {
        TreeMap<Integer, Moment> left = new TreeMap<>(moments);
        while (!left.isEmpty()) {
            try {
                List<FullRegression.Values> values = predictor.at(List.copyOf(left.values()));
                Map<Integer, FullRegression.Values> found = new TreeMap<>();
                int i = 0;
                for (int step : left.keySet()) {
                    found.put(step, values.get(i++));
                }
                return tame(subject, found);
            } catch (Failure e) {
                if (monitor.cancelled()) {
                    throw e;
                }
                notes.add(subject + " at step " + left.lastKey() + ": " + e.getMessage());
                left = new TreeMap<>(left.headMap(left.lastKey() / 2, true));
            }
        }
        return Map.of();
    }

    /**
     * Without the steps from which on the values on the training set are far beyond the targets: steps beyond the stable rate of this
     * kernel.
     */
    private Map<Integer, FullRegression.Values> tame(Subject subject, Map<Integer, FullRegression.Values> found) {
        boolean errors = definition.train().orElseThrow().loss().equals(Training.MSE);
        double most = (errors ? BEYOND_TARGETS : BEYOND_LOGITS) * Math.max(size(sample.train().targets()), Double.MIN_NORMAL);
        Map<Integer, FullRegression.Values> kept = new TreeMap<>();
        for (Map.Entry<Integer, FullRegression.Values> f : found.entrySet()) {
            if (!(size(f.getValue().train()) <= most)) {
                notes.add(String.format(Locale.ROOT, "%s diverges from step %d on: the learning rate is beyond the largest stable one of "
                        + "its kernel; these "
                        + "steps are left out", subject.symbol(), f.getKey()));
                return kept;
            }
            kept.put(f.getKey(), f.getValue());
        }
        return kept;
    }

    /** The largest absolute value. */
    private static double size(double[][] values) {
        return Arrays.stream(values).flatMapToDouble(Arrays::stream).map(Math::abs).max().orElse(0);
    }

    private Predictor full(Subject subject, OutputKernel outputs, Fit fit, @Nullable Initial offset) {
        double[][] f0Train = offset == null ? new double[sample.train().count()][outputs.outputs()] : offset.train;
        double[][] f0Test = offset == null ? new double[sample.test().count()][outputs.outputs()] : offset.test;
        FullRegression regression = new FullRegression(outputs, fit.eigen(), fit.ridge(), epsilon() / outputs.size(), monitor,
                text -> notes.add(subject.symbol() + ": " + text));
        return moments -> regression.at(f0Train, f0Test, sample.train().targets(), moments);
    }

    /** The relative error of a finite network's values. */
    private double epsilon() {
        return isSingle() ? Math.ulp(1f) : Math.ulp(1.0) * sample.train().count();
    }

    private boolean isSingle() {
        return definition.train().map(Training::precision).orElse(Precision.FLOAT32) == Precision.FLOAT32;
    }

    /**
     * The minimum-norm function of a kernel that takes the network's own values on the training set, with the ridge of the kernel's
     * regression: which kernel generalises as the network does, whatever the optimizer was and wherever it stopped.
     */
    void projection(Subject kernel, Fit fit, Kernel test, Optional<OutputKernel> outputs, Trained trained) {
        if (!definition.regression().projection()) {
            return;
        }
        double[][] g = trained.train();
        FullRegression.Values values;
        if (outputs.isPresent()) {
            OutputKernel o = outputs.get();
            String symbol = kernel.projection().symbol();
            values = new FullRegression(o, fit.eigen(), fit.ridge(), epsilon() / o.size(), monitor, text -> notes.add(symbol + ": " + text))
                    .at(new double[g.length][o.outputs()], new double[sample.test().count()][o.outputs()], g, List.of(Moment.infinity()))
                            .get(0);
        } else {
            Fit own = Objects.requireNonNull(regressions.get(kernel)).ridge(Ridge.absolute(fit.ridge())).fit(g);
            values = new FullRegression.Values(own.train(), own.predict(test));
        }
        functions.add(new Measures.Function(kernel.projection(), Step.of(trained.steps()), values.train(), values.test()));
    }

    /** The regression with a kernel recorded on the way, in the limit; the step is the kernel's. */
    Fit recorded(int step, Kernel train, Kernel test, Optional<OutputKernel> outputs) {
        Regression regression = Regression.of(train).ridge(Measures.ridge(definition.regression()));
        Fit fit = (isSingle() ? regression.epsilon(epsilon() / train.rows()) : regression).fit(sample.train().targets());
        Subject subject = Subject.REGRESSION_TRAINED;
        FullRegression.Values values = outputs.map(o -> full(subject, o, fit, null))
                .orElseGet(() -> new Predictor.OfEachOutput(fit, test, null)).at(List.of(Moment.infinity())).get(0);
        if (!isThere(subject, Step.of(step))) {
            functions.add(new Measures.Function(subject, Step.of(step), values.train(), values.test(), true));
        }
        return fit;
    }

    /** The trained function at its start: zero where it is centred. */
    FullRegression.Values atStart(Trained trained) {
        int k = trained.train()[0].length;
        return definition.centred() ? new FullRegression.Values(new double[sample.train().count()][k],
                new double[sample.test().count()][k]) : new FullRegression.Values(Objects.requireNonNull(start).train, start.test);
    }

    /** The trained function on the training set, with the weights of another step. */
    double[][] at(FiniteNetwork network, Trained trained) {
        double[][] f = Residuals.scaled(network.outputs(sample.train().inputs()), definition.train().orElseThrow().outputScale());
        return definition.centred() ? Residuals.minus(f, Objects.requireNonNull(start).train) : f;
    }

    /** The path sum, compared with the network at its last step. */
    void path(FullRegression.Values sum, int steps) {
        functions.add(new Measures.Function(Subject.PATH, Step.of(steps), sum.train(), sum.test()));
    }

    /** Once, where a number of steps given is the network's own. */
    private void addFunction(Subject subject, Step step, FullRegression.Values f) {
        if (!isThere(subject, step)) {
            functions.add(new Measures.Function(subject, step, f.train(), f.test()));
        }
    }

    private boolean isThere(Subject subject, Step step) {
        return functions.stream().anyMatch(f -> f.subject() == subject && f.step().equals(step));
    }

    private void add(Subject subject, Trained.Point p, SplitName split, double[][] f, Split data) {
        double loss = Residuals.loss(definition.train().orElseThrow().loss(), f, data);
        history.add(new CellResult.History(subject, new Trained.Point(p.step(), p.time(), p.seconds(), split.toString(), loss,
                data.accuracy(f))));
    }

    private Initial start(FiniteNetwork initial) {
        Initial known = start;
        if (known == null) {
            double scale = definition.train().map(Training::outputScale).orElse(1.0);
            known = new Initial(Residuals.scaled(initial.outputs(sample.train().inputs()), scale),
                    Residuals.scaled(initial.outputs(sample.test().inputs()), scale));
            start = known;
        }
        return known;
    }

    /** NN_lin at each step of the network's history. */
    void linearized(FiniteNetwork initial, Optional<Kernel> theta0, Optional<OutputKernel> outputKernel, Optional<Trained> trained) {
        if (!definition.linearized()) {
            return;
        }
        if (trained.isEmpty()) {
            notes.add("linearized needs training; add 'train'");
            return;
        }
        Training training = definition.train().orElseThrow();
        int outputs = trained.get().train()[0].length;
        double[][] f0Train = training.centred() ? new double[sample.train().count()][outputs] : start(initial).train;
        double[][] f0Test = training.centred() ? new double[sample.test().count()][outputs] : start(initial).test;
        List<Trained.Point> points = trained.get().history().stream().filter(p -> p.split().equals("train")).toList();
        try {
            new Linearized(training, trained.get().learningRate(), sample, held, monitor)
                    .path(initial, definition.seed(), theta0, outputKernel, f0Train, f0Test,
                            points.stream().map(Trained.Point::step).toList(), notes::add)
                    .ifPresent(path -> {
                        Map<Integer, FullRegression.Values> all = new TreeMap<>();
                        path.train().forEach((step, onTrain) -> all.put(step,
                                new FullRegression.Values(onTrain, Objects.requireNonNull(path.test().get(step)))));
                        Map<Integer, FullRegression.Values> kept = tame(Subject.LINEARIZED, all);
                        for (Trained.Point p : points) {
                            FullRegression.Values f = kept.get(p.step());
                            if (f != null) {
                                follow(Subject.LINEARIZED, p.step(), f.train());
                                add(Subject.LINEARIZED, p, SplitName.TRAIN, f.train(), sample.train());
                                add(Subject.LINEARIZED, p, SplitName.TEST, f.test(), sample.test());
                            }
                        }
                        int last = path.train().lastKey();
                        FullRegression.Values end = kept.get(last);
                        if (end != null) {
                            functions.add(1, new Measures.Function(Subject.LINEARIZED, Step.of(last), end.train(), end.test()));
                        }
                    });
        } catch (Failure e) {
            if (monitor.cancelled()) {
                throw e;
            }
            notes.add("linearized: " + e.getMessage());
        }
    }

    /** NN_quad at each step of the network's history: trained by the same rule, at the same rate, on the same batches. */
    void quadratic(FiniteNetwork initial, Optional<Trained> trained) {
        if (!definition.quadratic()) {
            return;
        }
        if (trained.isEmpty()) {
            notes.add("quadratic needs training; add 'train'");
            return;
        }
        Trained network = trained.get();
        Training training = definition.train().orElseThrow().until(new Until(OptionalDouble.of(0), OptionalInt.of(network.steps()),
                OptionalDouble.empty(), Optional.empty()));
        List<Integer> steps = network.history().stream().map(Trained.Point::step).distinct().toList();
        Trained quadratic = Trainer.quadratic(initial, training, network.learningRate(), sample.train().inputs(), monitor)
                .watchedAt(steps).keepingFunctions(true).train(initial, sample.train(), sample.test(), List.of());
        if (quadratic.ended().equals(Trained.INTERRUPTED)) {
            throw Failure.cancelled("Ctrl-C at step " + quadratic.steps() + " of the training of order 2");
        }
        if (quadratic.failure().isPresent()) {
            notes.add("quadratic: " + quadratic.failure().get().getMessage());
            return;
        }
        for (Trained.Point p : network.history()) {
            double[][] onTrain = Objects.requireNonNull(quadratic.functions().get(p.step()));
            if (p.split().equals("train")) {
                follow(Subject.QUADRATIC, p.step(), onTrain);
                add(Subject.QUADRATIC, p, SplitName.TRAIN, onTrain, sample.train());
                add(Subject.QUADRATIC, p, SplitName.TEST, Objects.requireNonNull(quadratic.onTest().get(p.step())), sample.test());
            }
        }
        boolean second = functions.stream().anyMatch(f -> f.subject() == Subject.LINEARIZED);
        functions.add(second ? 2 : 1, new Measures.Function(Subject.QUADRATIC, Step.of(network.steps()), quadratic.train(),
                quadratic.test()));
    }

    /**
     * The ensemble at the moments of the regressions. Centred networks all start from 0, so at infinite width they train to
     * one function: there is no variance. The ridge is part of the training; the covariance at initialisation carries none.
     */
    void ensemble(Shared shared, Serial layers, Optional<Trained> trained) {
        boolean both = regressions.containsKey(Subject.NTK_INFINITE) && regressions.containsKey(Subject.NNGP_INFINITE);
        if (trained.isEmpty() || !both) {
            return;
        }
        if (isDear() || definition.regression().solver() instanceof Solver.RandomFeatures) {
            notes.add("ensemble: it is not taken where infinite kernels are not in memory (a variance takes a solve for each test input; "
                    + "scripts have it, fit.ensemble(k).variances(…)), or random features stand in their place");
            return;
        }
        Training training = definition.train().orElseThrow();
        Shared.Infinite infinite = solving.scale().computed() ? shared.computed(definition, layers, sample)
                : shared.infinite(definition, layers, sample, held);
        Fit fit = Objects.requireNonNull(regressions.get(Subject.NTK_INFINITE)).fit(sample.train().targets());
        double[] none = new double[sample.test().count()];
        for (Time time : definition.regression().times()) {
            boolean limit = time.equals(Time.INFINITY);
            if (!limit && !training.hasClosedForm()) {
                continue;
            }
            Step step = time.step(trained.get().steps());
            int steps = step.number().orElse(0);
            if (isThere(Subject.ENSEMBLE, step)) {
                continue;
            }
            try {
                Fit now = limit ? fit : fit.at(TrainingMoments.of(training, trained.get().learningRate(), steps));
                double[] variance = training.centred() ? none
                        : now.ensemble(infinite.nngpTrain()).variances(infinite.ntkTest(), infinite.nngpTest(),
                                shared.testVariances(definition, layers, sample));
                functions.add(new Measures.Function(Subject.ENSEMBLE, step, now.train(), now.predict(infinite.ntkTest())));
                variances.add(new CellResult.Variances(Subject.ENSEMBLE, step, variance));
                measures.add(Subject.ENSEMBLE, Subject.NONE, SplitName.TEST, step, Quantity.VARIANCE, Arrays.stream(variance).average()
                        .orElse(0));
            } catch (Failure e) {
                notes.add("ensemble at step " + steps + ": " + e.getMessage());
            }
        }
        notes.add(training.centred() ? "ensemble: centred networks start from 0, so infinitely wide ones all train to f_∞ and have no "
                + "variance; train.centred: false gives them one"
                : "ensemble: the covariance of the functions at initialisation, in the middle of its variance, carries no ridge");
    }

    /** Keeps a residual for the eigendirections. */
    private void follow(Subject subject, int step, double[][] f) {
        if (definition.modes() > 0) {
            residuals.computeIfAbsent(subject, s -> new TreeMap<>())
                    .put(step, Residuals.of(definition.train().orElseThrow().loss(), f, sample.train()));
        }
    }
}
