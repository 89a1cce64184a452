package org.ntk4j.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
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
import org.ntk4j.inference.Fit;
import org.ntk4j.inference.LearningRates;
import org.ntk4j.inference.Regression;
import org.ntk4j.inference.Ridge;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelProduct;
import org.ntk4j.kernel.Spectrum;
import org.ntk4j.layer.Serial;
import org.ntk4j.solver.BlockLanczos;
import org.ntk4j.base.Precision;

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
    private final long held;
    private final HeapGuard guard;
    private final Monitor monitor;
    private final Shared shared;
    private final KernelStore store;
    private final Scale scale;
    private final List<String> notes = new ArrayList<>();
    private final List<String> details = new ArrayList<>();
    private final Sample sample;
    private final Measures measures;
    private final Functions functions;
    private final List<Measures.SubjectKernels> kernels = new ArrayList<>();
    private final Map<String, Spectrum> spectra = new LinkedHashMap<>();

    /**
     * A cell.
     *
     * @param held the bytes that are in use until its end, whatever it does
     */
    Cell(Definition.Point point, Settings settings, long held, Monitor monitor, Shared shared, KernelStore store) {
        this(point, settings, held, monitor, shared, store, Scale.of(point.definition(), settings, 0, held));
    }

    /**
     * The same at a scale that the plan found.
     */
    Cell(Definition.Point point, Settings settings, long held, Monitor monitor, Shared shared, KernelStore store, Scale scale) {
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
        this.functions = new Functions(definition, settings, held, monitor, sample, measures, notes,
                new Solving(point, settings, scale, store, monitor));
    }

    /** What a cell gives, and what ended it early: divergence, Ctrl-C. */
    record Outcome(CellResult result, Optional<Failure> failure) {
    }

    Outcome run() {
        int outputs = definition.network().outputs().orElse(sample.train().classCount());
        Precision precision = definition.train().map(Training::precision).orElse(Precision.FLOAT32);
        FiniteNetwork initial = definition.network().init(new Seed(definition.seed())).outputs(outputs).precision(precision).on(settings)
                .trained(definition.trainedPart());
        Serial layers = initial.layers(sample.train().inputs().shape());
        List<String> wanted = definition.kernelNames();
        Optional<Training> training = definition.train();

        Optional<Kernel> theta0 = Optional.empty();
        boolean rateNeedsKernel = training.isPresent() && !isAdam(training.get().optimizer());
        if (wanted.contains(Subjects.NTK_INIT) || rateNeedsKernel) {
            theta0 = Optional.of(tangent(initial, sample.train(), null, Subjects.NTK_INIT));
        }
        notes.addAll(Checklist.network(layers, sample.train().inputs()));
        Optional<Trained> trained = Optional.empty();
        if (training.isPresent()) {
            trained = Optional.of(train(initial, training.get(), theta0, outputs));
            Trained t = trained.get();
            functions.network(t);
            boolean interrupted = t.ended().equals(Trained.INTERRUPTED);
            if (t.failure().isPresent() || interrupted) {
                Failure failure = t.failure().orElseGet(() -> Failure.cancelled("Ctrl-C at step " + t.steps() + " of training"));
                if (interrupted) {
                    measures.functions(functions.all());
                }
                return new Outcome(result(trained), Optional.of(failure));
            }
        } else if (layers.infiniteOnly().isPresent()) {
            notes.add("there is no finite network: " + layers.infiniteOnly().get());
        } else {
            functions.untrained(initial);
        }
        try {
            compare(initial, trained, theta0, layers);
        } catch (Failure e) {
            // The training is done and its history is worth keeping.
            return new Outcome(result(trained), Optional.of(e));
        }
        save(trained, initial);
        store.solved(point.key());
        return new Outcome(result(trained), Optional.empty());
    }

    private void compare(FiniteNetwork initial, Optional<Trained> trained, Optional<Kernel> theta0, Serial layers) {
        for (String name : definition.kernelNames()) {
            kernel(name, initial, trained, theta0, layers);
        }
        recorded(trained);
        guard.check();
        functions.linearized(initial, theta0, trained);
        functions.ensemble(shared, layers, trained);
        measures.functions(functions.all());
        guard.check();
        kernels.forEach(this::spectrum);
        measures.kernels(kernels, spectra, guard);
        guard.check();
        trained.ifPresent(t -> KernelPath.add(kernels, t.learningRate(), measures));
        kernels.stream().filter(k -> k.subject().equals(Subjects.NTK_INFINITE) && k.fit().hasEigen()).findFirst()
                .ifPresent(k -> Differences.directions(k, functions.all(), measures));
        modes(trained);
        layers(initial, trained);
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
        if (wanted == k.train().rows() || k.fit().hasEigen()) {
            if (!k.fit().hasEigen()) {
                functions.announce(k.subject(), k.train().rows());
            }
            values = Arrays.copyOf(Spectrum.of(k.eigen().values()).eigenvalues(), wanted);
        } else {
            try (KernelProduct product = k.train().product(monitor)) {
                values = BlockLanczos.of(product, wanted, monitor).values();
            }
        }
        spectra.put(k.subject() + k.step(), Spectrum.of(values));
    }

    private Kernel tangent(FiniteNetwork network, Split rows, Split columns, String name) {
        guard.check();
        EmpiricalKernel kernel = new EmpiricalKernel(network).beside(held);
        Kernel k = columns == null ? kernel.mean(rows.inputs(), monitor) : kernel.mean(rows.inputs(), columns.inputs(), monitor);
        return k.named(name);
    }

    private static boolean isAdam(Optimizer optimizer) {
        return optimizer instanceof Optimizer.Adam || optimizer instanceof Optimizer.AdamW;
    }

    private Trained train(FiniteNetwork initial, Training training, Optional<Kernel> theta0, int outputs) {
        double stable = Double.NaN;
        double rate;
        if (isAdam(training.optimizer())) {
            rate = training.learningRate().orElse(RATE_OF_ADAM);
            if (training.learningRate().isEmpty()) {
                notes.add("learningRate auto is " + RATE_OF_ADAM + " for " + training.optimizer().name()
                        + ": its steps have no largest stable rate in closed form");
            }
        } else {
            stable = largestStable(training, theta0.orElseThrow(), outputs);
            rate = training.learningRate().orElse(SHARE_OF_STABLE * stable);
        }
        guard.check();
        Trained trained = new Trainer(training, rate, stable, monitor).keepingFunctions(definition.modes() > 0)
                .train(initial, sample.train(), sample.test(), definition.record());
        measures.add(Subjects.NETWORK, "", "train", String.valueOf(trained.steps()), "learningRate", rate);
        measures.add(Subjects.NETWORK, "", "train", String.valueOf(trained.steps()), "largestStableRate", stable);
        notes.addAll(Checklist.training(training, trained, stable, sample.train()));
        return trained;
    }

    private double largestStable(Training training, Kernel theta0, int outputs) {
        LearningRates.Loss loss = training.loss().equals(Training.MSE) ? LearningRates.Loss.MSE : LearningRates.Loss.CROSS_ENTROPY;
        Spectrum spectrum = theta0.spectrum();
        LearningRates.Rule rule = TrainingMoments.rule(training.optimizer());
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
        Fit fit = functions.regression(name, train, initial);
        kernels.add(new Measures.SubjectKernels(name, step, train, test, fit));
        measures.add(Subjects.regression(name), "", "train", "", "ridge", fit.ridge());
        functions.predictions(name, fit, test, initial, trained);
        Checklist.ridge(Subjects.symbol(Subjects.regression(name)), fit, sample.train().targets()).ifPresent(notes::add);
        Diagnosis diagnosis = fit.diagnosis();
        if (diagnosis.iterations() > 0) {
            details.add(String.format(Locale.ROOT, "%s: %s, relative residual %.2g after %d products with the kernel",
                    Subjects.symbol(Subjects.regression(name)), diagnosis.solver(),
                    diagnosis.residual(), diagnosis.iterations()));
        }
        String advice = diagnosis.advice();
        details.add(String.format(Locale.ROOT, "%s: eigenvalues %.3g to %.3g, condition number %.3g, ridge %.3g%s", Subjects.symbol(name),
                fit.diagnosis().smallestEigenvalue(), fit.diagnosis().largestEigenvalue(), fit.diagnosis().conditionNumber(), fit.ridge(),
                advice.isEmpty() ? "" : "; " + advice));
        if (definition.save().contains("kernels")) {
            store.save(point.key(), name + (step.isEmpty() ? "" : "." + step) + ".train", train);
            store.save(point.key(), name + (step.isEmpty() ? "" : "." + step) + ".test", test);
        }
    }

    /** Kernels recorded along training. */
    private void recorded(Optional<Trained> trained) {
        if (trained.isEmpty()) {
            return;
        }
        Ridge ridge = Measures.ridge(definition.regression());
        trained.get().recorded().forEach((step, network) -> {
            if (kernels.stream().noneMatch(k -> k.subject().equals(Subjects.NTK_TRAINED) && k.step().equals(String.valueOf(step)))) {
                Kernel train = tangent(network, sample.train(), null, Subjects.NTK_TRAINED);
                Kernel test = tangent(network, sample.test(), sample.train(), Subjects.NTK_TRAINED);
                Fit fit = Regression.of(train).ridge(ridge).fit(sample.train().targets());
                kernels.add(new Measures.SubjectKernels(Subjects.NTK_TRAINED, String.valueOf(step), train, test, fit));
            }
        });
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
        String last = String.valueOf(trained.get().steps());
        kernels.stream().filter(k -> !k.subject().equals(Subjects.NNGP_INFINITE)
                && (!k.subject().equals(Subjects.NTK_TRAINED) || k.step().equals(last)))
                .forEach(k -> modes.follow(k.subject(), Subjects.regression(k.subject()), k.eigen(), functions.residuals()));
    }

    private void layers(FiniteNetwork initial, Optional<Trained> trained) {
        if (definition.layers()) {
            Map<String, Kernel> before = new EmpiricalKernel(initial).beside(held).byLayer(sample.train().inputs(), null, monitor);
            Map<String, Kernel> after = trained.map(t -> new EmpiricalKernel(t.network()).beside(held)
                    .byLayer(sample.train().inputs(), null, monitor)).orElse(Map.of());
            LayerChanges.add(before, after, trained.map(t -> String.valueOf(t.steps())).orElse(""), sample.train().targets(), measures);
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
            return Drawn.of(kernels, sample.train().targets(), sample.train().labels(), store, point.key());
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
        kernels.stream().filter(k -> spectra.containsKey(k.subject() + k.step()))
                .forEach(k -> eigenvalues.add(new CellResult.Eigenvalues(k.subject(), k.step(),
                        spectra.get(k.subject() + k.step()).eigenvalues())));
        Map<String, int[]> indices = new LinkedHashMap<>();
        indices.put("train", sample.train().indices());
        indices.put("test", sample.test().indices());
        String training = trained.map(t -> String.format(Locale.ROOT, "%d steps, learning rate %.4g, train loss %.3g (%s)", t.steps(),
                t.learningRate(), lastLoss(t), t.ended()))
                .orElse("");
        CellResult found = new CellResult(definition.seed(), point.swept(), List.of(), functions.history(), predictions,
                functions.variances(),
                sample.test().labels(), sample.test().targets(), eigenvalues, indices, List.copyOf(notes), List.copyOf(details), training,
                drawn, "");
        Verdict.of(List.of(found)).forEach(v -> v.lines().forEach(this::add));
        PairedDifference.of(List.of(found)).forEach(d -> d.lines().forEach(this::add));
        return found.with(measures.rows());
    }
}
