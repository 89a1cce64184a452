package org.ntk4j.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Seed;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Sample;
import org.ntk4j.data.Split;
import org.ntk4j.finite.EmpiricalKernel;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Optimizer;
import org.ntk4j.finite.Trained;
import org.ntk4j.finite.Trainer;
import org.ntk4j.finite.Training;
import org.ntk4j.inference.Diagnosis;
import org.ntk4j.inference.Eigenlearning;
import org.ntk4j.inference.Fit;
import org.ntk4j.inference.LeaveOneOut;
import org.ntk4j.kernel.Lanczos;
import org.ntk4j.inference.Solver;
import org.ntk4j.kernel.OutputKernel;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.Spectrum;
import org.ntk4j.kernel.TestAlignment;
import org.ntk4j.layer.Serial;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;
import org.ntk4j.result.SubjectAt;
import org.ntk4j.solver.BlockLanczos;
import org.ntk4j.study.finding.CellResult;
import org.ntk4j.study.finding.Drawn;
import org.ntk4j.study.finding.PairedDifference;
import org.ntk4j.study.finding.Summary;
import org.ntk4j.study.finding.Verdict;

/**
 * One cell of an experiment, from beginning to end: NN_0 → Θ_0 → training → NN_T → Θ_T → Θ_∞ and K_∞ → regressions →
 * comparison.
 */
final class Cell {

    /** Half of the largest stable rate is safe and fast (Lee et al. 2019). */
    private static final double SHARE_OF_STABLE = 0.5;
    private static final double RATE_OF_ADAM = 1e-3;
    /** Beyond this rate a tangent kernel is 0 up to rounding. */
    private static final double MOST_STABLE = 1e30;
    /** K(test, test) is taken of at most this many inputs, or of as many as there are training inputs. */
    private static final int MOST_FOR_ALIGNMENT = 1000;
    private static final int LEADING = 10;

    private final Definition.Point point;
    private final Definition definition;
    private final Settings settings;
    private final long held;
    private final HeapGuard guard;
    private final Monitor monitor;
    private final Shared shared;
    private final KernelStore store;
    private final OutputKernels outputKernels;
    private final Scale scale;
    private final List<String> notes = new ArrayList<>();
    private final List<String> details = new ArrayList<>();
    private final Sample sample;
    private final Measures measures;
    private final Functions functions;
    private final FeatureMeasures features;
    private final List<Measures.SubjectKernels> kernels = new ArrayList<>();
    private final Optional<SampledKernels> estimates;
    private final Map<SubjectAt, Spectrum> spectra = new LinkedHashMap<>();

    /**
     * A cell.
     *
     * @param held          the bytes that are in use until its end, whatever it does
     * @param outputKernels where tangent kernels of all outputs come from
     */
    Cell(Definition.Point point, Settings settings, long held, OutputKernels outputKernels, Monitor monitor, Shared shared,
            KernelStore store) {
        this(point, settings, held, outputKernels, monitor, shared, store, Scale.of(point.definition(), settings, 0, held));
    }

    /** A cell whose kernels are as large as the plan found. */
    Cell(Definition.Point point, Settings settings, long held, OutputKernels outputKernels, Monitor monitor, Shared shared,
            KernelStore store, Scale scale) {
        this.outputKernels = outputKernels;
        this.scale = scale;
        this.point = point;
        this.definition = point.definition();
        this.settings = settings;
        this.held = held;
        // What a step leaves behind must not stand beside what the next one needs.
        this.guard = HeapGuard.within(Math.min(settings.memory(), HeapGuard.budgetFor(held)));
        this.monitor = monitor;
        this.shared = shared;
        this.store = store;
        this.sample = shared.sample(definition);
        this.measures = new Measures(point, sample);
        this.estimates = definition.statistics().map(s -> new SampledKernels(s, sample, held, measures, monitor));
        this.features = new FeatureMeasures(sample.train().inputs(), measures);
        this.functions = new Functions(definition, held, monitor, sample, measures, notes,
                new Solving(point, settings, scale, store, monitor));
    }

    /** What a cell gives, and what ended it early: divergence, Ctrl-C. */
    record Outcome(CellResult result, Optional<Failure> failure) {
    }

    Outcome run() {
        int outputs = definition.network().outputs().orElse(sample.train().classCount());
        Precision precision = definition.train().map(Training::precision).orElse(Precision.FLOAT32);
        FiniteNetwork initial = definition.network().init(new Seed(definition.seed())).outputs(outputs).precision(precision).on(settings)
                .trained(definition.trainedPart()).calibrated(sample.train().inputs());
        Serial layers = initial.layers(sample.train().inputs().shape());
        List<Subject> wanted = definition.kernels();
        Optional<Training> training = definition.train();

        boolean isSteady = training.isPresent() && !isAdam(training.get().optimizer());
        boolean inBatches = isSteady && training.get().batch().isPresent() && training.get().batch().getAsInt() < sample.train().count();
        notes.addAll(Checklist.network(layers, sample.train().inputs()));
        if (!outputKernels.why().isEmpty() && (training.isPresent() || wanted.stream().anyMatch(Subject::isEmpirical))) {
            notes.add("f_0, f_T and NN_lin go through the mean over outputs of the tangent kernel: " + outputKernels.why());
        }
        Optional<Kernel> theta0 = estimates.isEmpty() && (wanted.contains(Subject.NTK_INIT) || inBatches)
                ? Optional.of(tangent(initial, sample.train(), null, Subject.NTK_INIT)) : Optional.empty();
        boolean needsOutputs = isSteady || definition.linearized() && training.isPresent()
                || outputKernels.full() && wanted.contains(Subject.NTK_INIT);
        try (OutputKernel all = needsOutputs ? outputKernels.kernel(initial, sample, outputs, held, monitor) : null) {
            Optional<Trained> trained = training.map(t -> train(initial, t, theta0, Optional.ofNullable(all), outputs));
            if (trained.isEmpty() && layers.infiniteOnly().isPresent()) {
                notes.add("there is no finite network: " + layers.infiniteOnly().get());
            } else if (trained.isEmpty()) {
                if (wanted.contains(Subject.NTK_INIT) || definition.compare().stream().anyMatch(pair -> pair.subject() == Subject.NETWORK
                        || pair.reference() == Subject.NETWORK)) {
                    functions.untrained(initial);
                }
            } else {
                Trained t = trained.get();
                functions.network(t, initial);
                boolean interrupted = t.ended().equals(Trained.INTERRUPTED);
                if (t.failure().isPresent() || interrupted) {
                    Failure failure = t.failure().orElseGet(() -> Failure.cancelled("Ctrl-C at step " + t.steps() + " of training"));
                    if (interrupted) {
                        measures.functions(functions.all());
                    }
                    return new Outcome(result(trained), Optional.of(failure));
                }
            }
            try {
                compare(initial, trained, theta0, Optional.ofNullable(all), layers);
            } catch (Failure e) {
                // The training is done and its history is worth keeping.
                return new Outcome(result(trained), Optional.of(e));
            }
            save(trained, initial);
            store.solved(point.key());
            return new Outcome(result(trained), Optional.empty());
        }
    }

    private void compare(FiniteNetwork initial, Optional<Trained> trained, Optional<Kernel> theta0, Optional<OutputKernel> all,
            Serial layers) {
        for (Subject name : definition.kernels()) {
            kernel(name, initial, trained, theta0, all, layers);
        }
        recorded(trained, all);
        estimates.ifPresent(e -> e.compare(kernels));
        guard.check();
        functions.linearized(initial, theta0, all.filter(a -> outputKernels.full()), trained);
        functions.quadratic(initial, trained);
        functions.ensemble(shared, layers, trained);
        measures.functions(functions.all());
        guard.check();
        kernels.forEach(this::spectrum);
        measures.kernels(kernels, spectra, guard, this::leftOut);
        guard.check();
        trained.ifPresent(t -> KernelPath.add(kernels, definition.train().orElseThrow().timeOfStep(t.learningRate()), measures));
        kernels.stream().filter(k -> k.subject() == Subject.NTK_INFINITE && k.hasEigen()).findFirst()
                .ifPresent(k -> DifferenceDirections.of(k, functions.all(), measures));
        modes(trained);
        layers(initial, trained);
        if (definition.features()) {
            features(initial, trained);
        }
    }

    private void features(FiniteNetwork initial, Optional<Trained> trained) {
        features.add(initial, 0);
        trained.ifPresent(t -> {
            t.recorded().forEach((step, network) -> {
                if (step > 0 && step < t.steps()) {
                    features.add(network, step);
                }
            });
            features.add(t.network(), t.steps());
        });
    }

    /**
     * As much of the spectrum as is wanted: from an eigendecomposition if it is there or all are wanted, else the largest by Lanczos'
     * recursion.
     */
    private void spectrum(Measures.SubjectKernels k) {
        int wanted = definition.spectrum().of(k.train().rows());
        if (wanted == 0) {
            return;
        }
        double[] values;
        if (wanted == k.train().rows() || k.hasEigen()) {
            if (!k.hasEigen()) {
                functions.announce(k.subject(), k.train().rows());
            }
            values = Arrays.copyOf(Spectrum.of(k.eigen().values()).eigenvalues(), wanted);
        } else {
            try (KernelProduct product = k.train().product(monitor)) {
                values = BlockLanczos.of(product, wanted, monitor).values();
            }
        }
        spectra.put(k.at(), Spectrum.of(values));
    }

    /** How leave-one-out errors are estimated stands with the details; that they are missing is a note. */
    private void leftOut(Subject regression, LeaveOneOut left) {
        if (!left.note().isEmpty()) {
            String deviation = left.deviation() > 0
                    ? String.format(Locale.ROOT, "; standard error of the first %.2g", left.deviation()) : "";
            (left.isKnown() ? details : notes).add(regression.symbol() + ": " + left.note() + deviation);
        }
    }

    private Kernel tangent(FiniteNetwork network, Split rows, @Nullable Split columns, Subject name) {
        guard.check();
        return shared.tangent(network, rows.inputs(), Optional.ofNullable(columns).map(Split::inputs), held, monitor)
                .named(name.toString());
    }

    private static boolean isAdam(Optimizer optimizer) {
        return optimizer instanceof Optimizer.Adam || optimizer instanceof Optimizer.AdamW;
    }

    private Trained train(FiniteNetwork initial, Training training, Optional<Kernel> theta0, Optional<OutputKernel> all, int outputs) {
        double stable = Double.NaN;
        double rate;
        if (isAdam(training.optimizer())) {
            rate = training.learningRate().orElse(RATE_OF_ADAM);
            if (training.learningRate().isEmpty()) {
                notes.add("learningRate auto is " + RATE_OF_ADAM + " for " + training.optimizer().name()
                        + ": its steps have no largest stable rate in closed form");
            }
        } else {
            Sharpness start = new Sharpness(training, Lanczos.largest(all.orElseThrow(), monitor), sample.train().count(), outputs);
            stable = theta0.map(theta -> start.largestStable(theta)).orElseGet(start::largestStable);
            if (training.learningRate().isEmpty() && !(stable < MOST_STABLE)) {
                throw Failure.run("learningRate: auto: the tangent kernel at the start is 0 but for rounding, so that no rate is the "
                        + "largest stable one; use a larger wStd, or train.precision: float64");
            }
            rate = training.learningRate().orElse(SHARE_OF_STABLE * stable);
            start.add(measures, Subject.NTK_INIT, Step.START, rate);
            double cost = outputKernels.way() == OutputKernels.Way.MEAN && outputs > 1 && theta0.isPresent()
                    ? OutputKernels.shareLeftOut(all.get(), theta0.get(), sample.train().targets()) : 0;
            if (cost > 0) {
                notes.add(String.format(Locale.ROOT, "regression.outputs: mean leaves out what one output's gradient does to another: %.1f "
                        + "%% of the first step's change of f on the training set",
                        100 * cost));
            }
        }
        guard.check();
        Trained trained = new Trainer(training, rate, stable, monitor).keepingFunctions(definition.modes() > 0)
                .rateFactors(initial.layerRates(training.optimizer(), sample.train().inputs().shape()))
                        .train(initial, sample.train(), sample.test(), definition.record());
        measures.add(Subject.NETWORK, Subject.NONE, SplitName.TRAIN, Step.of(trained.steps()), Quantity.LEARNING_RATE, rate);
        measures.add(Subject.NETWORK, Subject.NONE, SplitName.TRAIN, Step.of(trained.steps()), Quantity.LARGEST_STABLE_RATE, stable);
        notes.addAll(Checklist.training(training, trained, stable, sample.train()));
        Checklist.updates(training, initial.weights(sample.train().inputs().shape()), trained, sample.train().inputs().shape())
                .ifPresent(notes::add);
        return trained;
    }

    private static double lastLoss(Trained trained) {
        return trained.history().stream().filter(p -> p.split().equals("train")).reduce((a, b) -> b).orElseThrow().loss();
    }

    /** One of the four kernels, and its regression. */
    private void kernel(Subject name, FiniteNetwork initial, Optional<Trained> trained, Optional<Kernel> theta0, Optional<OutputKernel> all,
            Serial layers) {
        if (name.isEmpirical() && estimates.isPresent()) {
            boolean start = name == Subject.NTK_INIT;
            estimates.get().add(name, start ? Step.START : Step.of(trained.orElseThrow().steps()),
                    start ? initial : trained.orElseThrow().network());
            return;
        }
        if (name == Subject.NTK_TRAINED) {
            try (OutputKernel own = needsOutputsOfTrained() ? outputKernels.kernel(trained.orElseThrow().network(), sample,
                    trained.get().train()[0].length, held, monitor) : null) {
                predict(name, initial, trained, theta0, Optional.ofNullable(own), layers);
            }
        } else {
            predict(name, initial, trained, theta0, name == Subject.NTK_INIT ? all : Optional.empty(), layers);
        }
    }

    /** For regressions, or to see whether the learning rate is still a stable one. */
    private boolean needsOutputsOfTrained() {
        return outputKernels.full() || definition.train().isPresent() && !isAdam(definition.train().get().optimizer());
    }

    private void predict(Subject name, FiniteNetwork initial, Optional<Trained> trained, Optional<Kernel> theta0,
            Optional<OutputKernel> all,
            Serial layers) {
        Kernel train;
        Kernel test;
        Step step = Step.NONE;
        switch (name) {
            case NTK_INIT -> {
                train = theta0.orElseThrow();
                test = tangent(initial, sample.test(), sample.train(), name);
                step = Step.START;
            }
            case NTK_TRAINED -> {
                FiniteNetwork network = trained.orElseThrow().network();
                train = tangent(network, sample.train(), null, name);
                test = tangent(network, sample.test(), sample.train(), name);
                step = Step.of(trained.get().steps());
            }
            case NTK_INFINITE -> {
                Shared.Infinite infinite = scale.computed() ? shared.computed(definition, layers, sample)
                        : shared.infinite(definition, layers, sample, held);
                train = infinite.ntkTrain();
                test = infinite.ntkTest();
            }
            default -> {
                Shared.Infinite infinite = scale.computed() ? shared.computed(definition, layers, sample)
                        : shared.infinite(definition, layers, sample, held);
                train = infinite.nngpTrain();
                test = infinite.nngpTest();
            }
        }
        guard.check();
        train.notes().stream().filter(note -> !notes.contains(note)).forEach(notes::add);
        Optional<Shared.Features> near = features(name, layers, train);
        Fit fit = functions.regression(name, near.map(Shared.Features::train).orElse(train), initial);
        kernels.add(new Measures.SubjectKernels(name, step, train, test, fit));
        measures.add(name.regression(), Subject.NONE, SplitName.TRAIN, Step.NONE, Quantity.RIDGE, fit.ridge());
        Optional<OutputKernel> predicting = all.filter(a -> outputKernels.full());
        Kernel predicted = near.map(Shared.Features::test).orElse(test);
        functions.predictions(name, fit, predicted, predicting, initial, trained);
        trained.ifPresent(t -> functions.projection(name, fit, predicted, predicting, t));
        if (name == Subject.NTK_TRAINED) {
            shared.averages().add(point, sample, train, test);
        }
        beyondTraining(name, step, fit, train, test, initial, trained, layers);
        if (name == Subject.NTK_TRAINED && all.isPresent()) {
            sharpnessAtTheEnd(trained.orElseThrow(), all.get());
        }
        Checklist.ridge(name.regression().symbol(), fit, sample.train().targets()).ifPresent(notes::add);
        Diagnosis diagnosis = fit.diagnosis();
        if (diagnosis.iterations() > 0) {
            details.add(String.format(Locale.ROOT, "%s: %s, relative residual %.2g after %d products with the kernel",
                    name.regression().symbol(), diagnosis.solver(),
                    diagnosis.residual(), diagnosis.iterations()));
        }
        String advice = diagnosis.advice();
        details.add(String.format(Locale.ROOT, "%s: eigenvalues %.3g to %.3g, %s, ridge %.3g%s", name.symbol(),
                fit.diagnosis().smallestEigenvalue(), fit.diagnosis().largestEigenvalue(),
                Spectrum.condition(fit.diagnosis().conditionNumber()), fit.ridge(),
                advice.isEmpty() ? "" : "; " + advice));
        if (definition.save().contains("kernels")) {
            store.save(point.key(), new SubjectAt(name, step) + ".train", train);
            store.save(point.key(), new SubjectAt(name, step) + ".test", test);
        }
    }

    /** Random features in place of an infinite kernel, where its regression asks for them. */
    private Optional<Shared.Features> features(Subject name, Serial layers, Kernel exact) {
        return definition.regression().solver() instanceof Solver.RandomFeatures random && !name.isEmpirical()
                ? Optional.of(shared.features(definition, layers, sample, name == Subject.NTK_INFINITE, random.count(), exact))
                : Optional.empty();
    }

    /** What K(test, test) says: how well the kernel is aligned with the labels there, and what error is to be expected. */
    private void beyondTraining(Subject name, Step step, Fit fit, Kernel train, Kernel test, FiniteNetwork initial,
            Optional<Trained> trained, Serial layers) {
        boolean empirical = name.isEmpirical();
        int n = sample.train().count();
        int m = sample.test().count();
        if (m == 0 || !measures.wants(name, Subject.LABELS) || !definition.features() && !(empirical && m <= MOST_FOR_ALIGNMENT)) {
            return;
        }
        int seen = Math.min(m, Math.max(MOST_FOR_ALIGNMENT, n));
        Split some = sample.test().slice(0, seen);
        Kernel among = empirical ? tangent(name == Subject.NTK_INIT ? initial : trained.orElseThrow().network(), some, null, name)
                : shared.amongTest(definition, layers, some, name == Subject.NTK_INFINITE, held);
        measures.add(name, Subject.LABELS, SplitName.TEST, step, Quantity.TEST_ALIGNMENT, TestAlignment.of(among, some.targets()));
        if (definition.features() && seen >= n) {
            Eigenlearning expected = Eigenlearning.of(TestAlignment.joined(train, test.block(0, seen, 0, n), among),
                    TestAlignment.joined(sample.train().targets(), some.targets()), n, fit.ridge());
            measures.add(name.regression(), Subject.LABELS, SplitName.TEST, Step.NONE, Quantity.PREDICTED_MSE, expected.mse());
            for (int i = 0; i < Math.min(LEADING, expected.learnability().length); i++) {
                measures.add(name, Subject.LABELS, SplitName.TRAIN, step, Quantity.LEARNABILITY.of(i), expected.learnability()[i]);
            }
            if (name == Subject.NTK_TRAINED) {
                notes.add("predictedMse and learnability of Θ_T: the kernel is not independent of the training set, which the prediction "
                        + "takes it to be");
            }
        } else if (definition.features()) {
            String note = "predictedMse and learnability need as many test as training inputs: " + m + " are fewer than " + n;
            if (!notes.contains(note)) {
                notes.add(note);
            }
        }
    }

    private void sharpnessAtTheEnd(Trained t, OutputKernel all) {
        Training training = definition.train().orElseThrow();
        if (isAdam(training.optimizer())) {
            return;
        }
        Sharpness end = new Sharpness(training, Lanczos.largest(all, monitor), sample.train().count(), all.outputs());
        end.add(measures, Subject.NTK_TRAINED, Step.of(t.steps()), t.learningRate());
        end.warning(t.learningRate()).ifPresent(notes::add);
    }

    /** Kernels recorded along training, the regressions with them, and the path sum. */
    private void recorded(Optional<Trained> trained, Optional<OutputKernel> atStart) {
        if (trained.isEmpty()) {
            return;
        }
        Trained t = trained.get();
        if (estimates.isPresent()) {
            t.recorded().forEach((step, network) -> {
                if (step < t.steps()) {
                    estimates.get().add(Subject.NTK_TRAINED, Step.of(step), network);
                }
            });
            return;
        }
        Training training = definition.train().orElseThrow();
        boolean summed = definition.regression().path() && training.hasClosedForm();
        PathSum path = new PathSum(sample, training.timeOfStep(t.learningRate()), t.steps());
        if (summed && !t.recorded().containsKey(0)) {
            path.add(0, functions.atStart(t).train(), atStart.orElseThrow());
        }
        t.recorded().forEach((step, network) -> {
            boolean isLast = step == t.steps() && definition.kernels().contains(Subject.NTK_TRAINED);
            if (isLast) {
                return;
            }
            Kernel train = tangent(network, sample.train(), null, Subject.NTK_TRAINED);
            Kernel test = tangent(network, sample.test(), sample.train(), Subject.NTK_TRAINED);
            try (OutputKernel all = outputKernels.kernel(network, sample, t.train()[0].length, held, monitor)) {
                Fit fit = functions.recorded(step, train, test, outputKernels.full() ? Optional.of(all) : Optional.empty());
                kernels.add(new Measures.SubjectKernels(Subject.NTK_TRAINED, Step.of(step), train, test, fit));
                if (!isAdam(training.optimizer())) {
                    new Sharpness(training, Lanczos.largest(all, monitor), sample.train().count(), all.outputs())
                            .add(measures, Subject.NTK_TRAINED, Step.of(step), t.learningRate());
                }
                if (summed && step < t.steps()) {
                    path.add(step, functions.at(network, t), all);
                }
            }
        });
        if (summed) {
            functions.path(path.sum(functions.atStart(t)), t.steps());
        }
    }

    private void modes(Optional<Trained> trained) {
        if (definition.modes() == 0) {
            return;
        }
        if (trained.isEmpty()) {
            notes.add("modes are followed through training; add 'train'");
            return;
        }
        Modes modes = new Modes(definition.modes(), measures);
        Step last = Step.of(trained.get().steps());
        kernels.stream().filter(k -> k.subject() != Subject.NNGP_INFINITE
                && (k.subject() != Subject.NTK_TRAINED || k.step().equals(last)))
                .forEach(k -> modes.follow(k.subject(), k.subject().regression(), k.eigen(), functions.residuals()));
    }

    private void layers(FiniteNetwork initial, Optional<Trained> trained) {
        if (definition.layers()) {
            Map<String, Kernel> before = new EmpiricalKernel(initial).beside(held).byLayer(sample.train().inputs(), null, monitor);
            Map<String, Kernel> after = trained.map(t -> new EmpiricalKernel(t.network()).beside(held)
                    .byLayer(sample.train().inputs(), null, monitor)).orElse(Map.of());
            LayerChanges.add(before, after, trained.map(t -> Step.of(t.steps())).orElse(Step.NONE), sample.train().targets(), measures);
        }
    }

    private void save(Optional<Trained> trained, FiniteNetwork initial) {
        if (definition.save().contains("weights")) {
            store.weights(point.key(), "weights.0", initial, sample.train().inputs().shape());
            trained.ifPresent(t -> store.weights(point.key(), "weights." + t.steps(), t.network(), sample.train().inputs().shape()));
        }
    }

    private void add(Summary.Line line) {
        if (measures.wants(line.subject(), line.reference())) {
            measures.add(line.subject(), line.reference(), line.split(), line.step(), line.metric(), line.mean());
        }
    }

    /** A disk that is full for pictures may still hold the numbers. */
    private Drawn drawn() {
        try {
            return DrawnKernels.of(kernels, sample.train().targets(), sample.train().labels(), store, point.key());
        } catch (Failure e) {
            notes.add("no heat maps: " + e.getMessage());
            return Drawn.NONE;
        }
    }

    private CellResult result(Optional<Trained> trained) {
        Drawn drawn = drawn();
        List<CellResult.Prediction> predictions = functions.all().stream()
                .map(f -> new CellResult.Prediction(f.subject(), f.step(), f.test())).toList();
        List<CellResult.Eigenvalues> eigenvalues = new ArrayList<>();
        kernels.stream().filter(k -> spectra.containsKey(k.at()))
                .forEach(k -> eigenvalues.add(new CellResult.Eigenvalues(k.subject(), k.step(),
                        Objects.requireNonNull(spectra.get(k.at())).eigenvalues())));
        Map<String, int[]> indices = new LinkedHashMap<>();
        indices.put("train", sample.train().indices());
        indices.put("test", sample.test().indices());
        String training = trained.map(t -> String.format(Locale.ROOT, "%d steps, learning rate %.4g, train loss %.3g (%s)", t.steps(),
                t.learningRate(), lastLoss(t), t.ended()))
                .orElse("");
        CellResult found = new CellResult(definition.seed(), point.swept(), List.of(), functions.history(), predictions,
                functions.variances(),
                sample.test().labels(), sample.test().targets(), eigenvalues, indices, List.copyOf(notes), List.copyOf(details), training,
                drawn, "", features.features());
        Verdict.of(List.of(found)).forEach(v -> v.lines().forEach(this::add));
        PairedDifference.of(List.of(found)).forEach(d -> d.lines().forEach(this::add));
        return found.with(measures.rows());
    }
}
