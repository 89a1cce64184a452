package org.ntk4j.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Sample;
import org.ntk4j.data.Split;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Trained;
import org.ntk4j.finite.Training;
import org.ntk4j.inference.Fit;
import org.ntk4j.inference.Regression;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.layer.Serial;
import org.ntk4j.base.Precision;

/**
 * The functions of a cell: the network, the regressions with each kernel, the linearised network, the ensemble; at the last step, in the
 * limit, and along training.
 */
final class Functions {

    /** Below so many rows an eigendecomposition takes less than some seconds. */
    private static final int LARGE = 3000;
    /** Seconds for the cube of the rows; measured on two cores. */
    private static final double PER_CUBE = 1.1e-10;

    private final Definition definition;
    private final Settings settings;
    private final long held;
    private final Monitor monitor;
    private final Sample sample;
    private final Measures measures;
    private final List<String> notes;
    private final Solving solving;
    private final List<Measures.Function> functions = new ArrayList<>();
    private final List<CellResult.History> history = new ArrayList<>();
    private final Map<String, Regression> regressions = new LinkedHashMap<>();
    private final List<CellResult.Variances> variances = new ArrayList<>();
    private final Map<String, Map<Integer, double[][]>> residuals = new LinkedHashMap<>();
    private @Nullable Initial start;

    /** f_0 of the function that is trained, on both sets: zero where it is centred. */
    private record Initial(double[][] train, double[][] test) {
    }

    Functions(Definition definition, Settings settings, long held, Monitor monitor, Sample sample, Measures measures, List<String> notes,
            Solving solving) {
        this.solving = solving;
        this.definition = definition;
        this.settings = settings;
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
    Map<String, Map<Integer, double[][]>> residuals() {
        return residuals;
    }

    /** NN_T with its history. */
    void network(Trained t) {
        t.functions().forEach((step, f) -> follow(Subjects.NETWORK, step, f));
        t.history().forEach(p -> history.add(new CellResult.History(Subjects.NETWORK, p)));
        if (t.failure().isEmpty()) {
            functions.add(new Measures.Function(Subjects.NETWORK, String.valueOf(t.steps()), t.train(), t.test()));
        }
    }

    /** NN_0, where nothing is trained. */
    void untrained(FiniteNetwork initial) {
        double[][] train = initial.outputs(sample.train().inputs());
        functions.add(new Measures.Function(Subjects.NETWORK, "0", train, initial.outputs(sample.test().inputs())));
    }

    private boolean hasOffset(String kernel) {
        return !kernel.equals(Subjects.NNGP_INFINITE) && definition.regression().offsetFor(definition.centred()).equals("initial");
    }

    /** The regression with a kernel. */
    Fit regression(String kernel, Kernel train, FiniteNetwork initial) {
        Regression regression = Regression.of(train).ridge(Measures.ridge(definition.regression()));
        boolean single = kernel.startsWith("ntk.") && !kernel.equals(Subjects.NTK_INFINITE) && definition.train().map(Training::precision)
                .orElse(Precision.FLOAT32) == Precision.FLOAT32 || definition.precision() == Precision.FLOAT32;
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

    /** Says that an eigendecomposition begins, where it takes long. */
    void announce(String kernel, int rows) {
        if (rows >= LARGE) {
            monitor.note(String.format(Locale.ROOT, "eigendecomposition of %s, %d × %d: about %.0f s", Subjects.symbol(kernel), rows, rows,
                    PER_CUBE * Math.pow(rows, 3)));
        }
    }

    /** The regression at each of its times. */
    void predictions(String kernel, Fit fit, Kernel test, FiniteNetwork initial, Optional<Trained> trained) {
        String subject = Subjects.regression(kernel);
        double[][] offset = fit.hasOffset() ? start(initial).test : null;
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
        if (tangent && trained.isPresent() && definition.train().orElseThrow().hasClosedForm()) {
            dynamics(subject, fit, test, offset, trained.get());
        }
    }

    private void at(String subject, Fit fit, Kernel test, double @Nullable [][] offset, Trained trained, int steps) {
        Training training = definition.train().orElseThrow();
        if (!training.hasClosedForm()) {
            String note = "regressions at the network's own step need full batches, mse, and gradientDescent, momentum or nesterov: only "
                    + "the limit is given";
            if (!notes.contains(note)) {
                notes.add(note);
            }
            return;
        }
        if (!fit.hasEigen()) {
            announce(subject.replaceFirst("regression", "ntk"), sample.train().count());
        }
        try {
            addFunction(subject, String.valueOf(steps), fit.at(TrainingMoments.of(training, trained.learningRate(), steps)), test, offset);
        } catch (Failure e) {
            notes.add(subject + " at step " + steps + ": " + e.getMessage());
        }
    }

    /** Once, where a number of steps given is the network's own. */
    private void addFunction(String subject, String step, Fit fit, Kernel test, double @Nullable [][] offset) {
        if (isThere(subject, step)) {
            return;
        }
        functions.add(new Measures.Function(subject, step, fit.train(), offset == null ? fit.predict(test) : fit.predict(test, offset)));
    }

    private boolean isThere(String subject, String step) {
        return functions.stream().anyMatch(f -> f.subject().equals(subject) && f.step().equals(step));
    }

    /** What the kernel predicts at each step of the network's history: rows that can be subtracted from the network's. */
    private void dynamics(String subject, Fit fit, Kernel test, double @Nullable [][] offset, Trained trained) {
        try {
            for (Trained.Point p : trained.history()) {
                if (p.split().equals("train")) {
                    Fit now = fit.at(TrainingMoments.of(definition.train().orElseThrow(), trained.learningRate(), p.step()));
                    double[][] f = now.train();
                    follow(subject, p.step(), f);
                    add(subject, p, "train", f, sample.train());
                    add(subject, p, "test", offset == null ? now.predict(test) : now.predict(test, offset), sample.test());
                }
            }
        } catch (Failure e) {
            // Said by the prediction at the last step already: the rate is too large for this kernel.
        }
    }

    private void add(String subject, Trained.Point p, String split, double[][] f, Split data) {
        double loss = Residuals.loss(definition.train().orElseThrow().loss(), f, data);
        history.add(new CellResult.History(subject, new Trained.Point(p.step(), p.time(), p.seconds(), split, loss, data.accuracy(f))));
    }

    private Initial start(FiniteNetwork initial) {
        Initial known = start;
        if (known == null) {
            known = new Initial(initial.outputs(sample.train().inputs()), initial.outputs(sample.test().inputs()));
            start = known;
        }
        return known;
    }

    /** NN_lin at each step of the network's history. */
    void linearized(FiniteNetwork initial, Optional<Kernel> theta0, Optional<Trained> trained) {
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
            new Linearized(training, trained.get().learningRate(), sample, settings, held, monitor)
                    .path(initial, definition.seed(), theta0, f0Train, f0Test, points.stream().map(Trained.Point::step).toList(),
                            notes::add)
                    .ifPresent(path -> {
                        for (Trained.Point p : points) {
                            double[][] onTrain = Objects.requireNonNull(path.train().get(p.step()));
                            follow(Subjects.LINEARIZED, p.step(), onTrain);
                            add(Subjects.LINEARIZED, p, "train", onTrain, sample.train());
                            add(Subjects.LINEARIZED, p, "test", Objects.requireNonNull(path.test().get(p.step())), sample.test());
                        }
                        int last = path.train().lastKey();
                        functions.add(1, new Measures.Function(Subjects.LINEARIZED, String.valueOf(last),
                                Objects.requireNonNull(path.train().get(last)), Objects.requireNonNull(path.test().get(last))));
                    });
        } catch (Failure e) {
            if (monitor.cancelled()) {
                throw e;
            }
            notes.add("linearized: " + e.getMessage());
        }
    }

    /**
     * The ensemble at the moments of the regressions. Centred networks all start from 0, so at infinite width they train to
     * one function: there is no variance. The ridge is part of the training; the covariance at initialisation carries none.
     */
    void ensemble(Shared shared, Serial layers, Optional<Trained> trained) {
        boolean both = regressions.containsKey(Subjects.NTK_INFINITE) && regressions.containsKey(Subjects.NNGP_INFINITE);
        if (trained.isEmpty() || !both) {
            return;
        }
        Training training = definition.train().orElseThrow();
        Shared.Infinite infinite = shared.infinite(definition, layers, sample, held);
        Fit fit = Objects.requireNonNull(regressions.get(Subjects.NTK_INFINITE)).fit(sample.train().targets());
        double[] none = new double[sample.test().count()];
        for (String time : definition.regression().times()) {
            boolean limit = time.equals(RegressionOptions.INFINITY);
            if (!limit && !training.hasClosedForm()) {
                continue;
            }
            int steps = limit ? 0 : time.equals(RegressionOptions.TRAINED) ? trained.get().steps() : Integer.parseInt(time);
            String step = limit ? "" : String.valueOf(steps);
            if (isThere(Subjects.ENSEMBLE, step)) {
                continue;
            }
            try {
                Fit now = limit ? fit : fit.at(TrainingMoments.of(training, trained.get().learningRate(), steps));
                double[] variance = training.centred() ? none
                        : now.ensemble(infinite.nngpTrain()).variances(infinite.ntkTest(), infinite.nngpTest(),
                                shared.testVariances(definition, layers, sample));
                functions.add(new Measures.Function(Subjects.ENSEMBLE, step, now.train(), now.predict(infinite.ntkTest())));
                variances.add(new CellResult.Variances(Subjects.ENSEMBLE, step, variance));
                measures.add(Subjects.ENSEMBLE, "", "test", step, "variance", Arrays.stream(variance).average().orElse(0));
            } catch (Failure e) {
                notes.add("ensemble at step " + steps + ": " + e.getMessage());
            }
        }
        notes.add(training.centred() ? "ensemble: centred networks start from 0, so infinitely wide ones all train to f_∞ and have no "
                + "variance; train.centred: false gives them one"
                : "ensemble: the covariance of the functions at initialisation, in the middle of its variance, carries no ridge");
    }

    /** Keeps a residual for the eigendirections. */
    private void follow(String subject, int step, double[][] f) {
        if (definition.modes() > 0) {
            residuals.computeIfAbsent(subject, s -> new TreeMap<>())
                    .put(step, Residuals.of(definition.train().orElseThrow().loss(), f, sample.train()));
        }
    }
}
