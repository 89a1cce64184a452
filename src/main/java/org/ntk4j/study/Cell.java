package org.ntk4j.study;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Seed;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.data.Sample;
import org.ntk4j.finite.EmpiricalKernel;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Trained;
import org.ntk4j.finite.Training;
import org.ntk4j.inference.LeaveOneOut;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.OutputKernel;
import org.ntk4j.layer.Serial;
import org.ntk4j.result.Subject;
import org.ntk4j.study.finding.CellResult;
import org.ntk4j.study.finding.Drawn;
import org.ntk4j.study.finding.PairedDifference;
import org.ntk4j.study.finding.Summary;
import org.ntk4j.study.finding.Verdict;
import org.ntk4j.study.measure.DifferenceDirections;
import org.ntk4j.study.measure.FeatureMeasures;
import org.ntk4j.study.measure.KernelPath;
import org.ntk4j.study.measure.LayerChanges;
import org.ntk4j.study.measure.Measures;
import org.ntk4j.study.measure.Modes;
import org.ntk4j.study.measure.SubjectKernels;

/**
 * One cell of an experiment, from beginning to end: NN_0 → Θ_0 → training → NN_T → Θ_T → Θ_∞ and K_∞ → regressions →
 * comparison.
 */
final class Cell {

    private final CellContext cell;
    private final Definition definition;
    private final Sample sample;
    private final Measures measures;
    private final CellNotes notes;
    private final FiniteNetwork initial;
    private final Serial layers;
    private final InitialFunction start;
    private final Functions functions;
    private final KernelRegressions regressions;
    private final CellKernels kernels;
    private final CellSpectra spectra;
    private final FeatureMeasures features;

    /** A cell whose kernels stand in memory, where the settings have room for them. */
    Cell(Definition.Point point, Settings settings, long held, OutputKernels outputKernels, Monitor monitor, Shared shared,
            KernelStore store) {
        this(CellContext.of(point, settings, held, outputKernels, monitor, shared, store,
                Scale.of(point.definition(), settings, 0, held)));
    }

    Cell(CellContext cell) {
        this.cell = cell;
        this.definition = cell.definition();
        this.sample = cell.sample();
        this.measures = cell.measures();
        this.notes = cell.notes();
        Inputs x = sample.train().inputs();
        this.initial = definition.network().init(new Seed(definition.seed())).outputs(cell.outputs()).precision(cell.trainPrecision())
                .on(cell.settings()).trained(definition.trainedPart()).calibrated(x);
        this.layers = initial.layers(x.shape());
        this.start = new InitialFunction(cell, initial);
        this.functions = new Functions(cell);
        this.regressions = new KernelRegressions(cell, functions, start);
        this.kernels = new CellKernels(cell, functions, start, regressions);
        this.spectra = new CellSpectra(definition.spectrum(), cell.monitor());
        this.features = new FeatureMeasures(x, measures);
    }

    /** What a cell gives, and what ended it early: divergence, Ctrl-C. */
    record Outcome(CellResult result, Optional<Failure> failure) {
    }

    Outcome run() {
        try (kernels) {
            return outcome();
        }
    }

    private Outcome outcome() {
        List<Subject> wanted = definition.kernels();
        Optional<Training> training = definition.train();
        OutputKernels outputKernels = cell.outputKernels();
        boolean isSteady = training.isPresent() && !training.get().optimizer().isAdaptive();
        boolean inBatches = isSteady && training.get().batch().isPresent() && training.get().batch().getAsInt() < sample.train().count();
        notes.addAll(Checklist.network(layers, sample.train().inputs()));
        if (!outputKernels.why().isEmpty() && (training.isPresent() || wanted.stream().anyMatch(Subject::isEmpirical))) {
            notes.add("f_0, f_T and NN_lin go through the mean over outputs of the tangent kernel: " + outputKernels.why());
        }
        Optional<Kernel> theta0 = definition.statistics().isEmpty() && (wanted.contains(Subject.NTK_INIT) || inBatches)
                ? Optional.of(cell.tangent(initial, Subject.NTK_INIT)) : Optional.empty();
        boolean needsOutputs = isSteady || definition.linearized() && training.isPresent()
                || outputKernels.full() && wanted.contains(Subject.NTK_INIT);
        try (OutputKernel outputs0 = needsOutputs ? cell.allOutputs(initial) : null) {
            Optional<Trained> trained = training
                    .map(t -> new CellTraining(cell, t).train(initial, theta0, Optional.ofNullable(outputs0)));
            trained.ifPresentOrElse(functions::network, this::untrained);
            Optional<Failure> early = trained.flatMap(Cell::early);
            if (early.isPresent()) {
                if (trained.get().failure().isEmpty()) {
                    measures.functions(functions.all());
                }
                return new Outcome(result(trained), early);
            }
            try {
                compare(new CellNetworks(initial, layers, theta0, Optional.ofNullable(outputs0), trained));
            } catch (Failure e) {
                // The training is done and its history is worth keeping.
                return new Outcome(result(trained), Optional.of(e));
            }
            save(trained);
            Outcome whole = new Outcome(result(trained), Optional.empty());
            cell.store().solved(cell.point().key());
            return whole;
        }
    }

    private void untrained() {
        if (layers.infiniteOnly().isPresent()) {
            notes.add("there is no finite network: " + layers.infiniteOnly().get());
        } else if (definition.kernels().contains(Subject.NTK_INIT) || definition.compare().stream()
                .anyMatch(pair -> pair.subject() == Subject.NETWORK || pair.reference() == Subject.NETWORK)) {
            functions.untrained(initial);
        }
    }

    /** Why there is nothing to compare. */
    private static Optional<Failure> early(Trained trained) {
        return trained.failure().or(() -> trained.ended().equals(Trained.INTERRUPTED)
                ? Optional.of(Failure.cancelled("Ctrl-C at step " + trained.steps() + " of training")) : Optional.empty());
    }

    private void compare(CellNetworks networks) {
        kernels.compute(networks);
        cell.guard().check();
        ExpandedNetworks expanded = new ExpandedNetworks(cell, functions, start);
        expanded.linearized(networks);
        expanded.quadratic(networks);
        new EnsembleFunctions(cell, functions, layers).add(regressions, networks.trained());
        measures.functions(functions.all());
        cell.guard().check();
        List<SubjectKernels> all = kernels.all();
        all.forEach(spectra::add);
        measures.kernels(all, spectra.all(), cell.guard(), this::leftOut, cell.settings().threads(), cell.monitor());
        cell.guard().check();
        networks.trained()
                .ifPresent(t -> KernelPath.add(all, definition.train().orElseThrow().timeOfStep(t.learningRate()), measures));
        all.stream().filter(k -> k.subject() == Subject.NTK_INFINITE && k.hasEigen()).findFirst()
                .ifPresent(k -> DifferenceDirections.of(k, functions.all(), measures));
        modes(networks);
        if (definition.layers()) {
            layers(networks);
        }
        if (definition.features()) {
            features(networks.trained());
        }
    }

    /** How leave-one-out errors are estimated stands with the details; that they are missing is a note. */
    private void leftOut(Subject regression, LeaveOneOut left) {
        if (left.note().isEmpty()) {
            return;
        }
        String deviation = left.deviation() > 0 ? String.format(Locale.ROOT, "; standard error of the first %.2g", left.deviation()) : "";
        String text = regression.symbol() + ": " + left.note() + deviation;
        if (left.isKnown()) {
            notes.detail(text);
        } else {
            notes.add(text);
        }
    }

    private void modes(CellNetworks networks) {
        if (definition.modes() == 0) {
            return;
        }
        if (networks.trained().isEmpty()) {
            notes.add("modes are followed through training; add 'train'");
            return;
        }
        Modes modes = new Modes(definition.modes(), measures);
        kernels.all().stream().filter(k -> k.subject() != Subject.NNGP_INFINITE
                && (k.subject() != Subject.NTK_TRAINED || k.step().equals(networks.lastStep())))
                .forEach(k -> modes.follow(k.subject(), k.subject().regression(), k.eigen(), functions.residuals()));
    }

    private void layers(CellNetworks networks) {
        LayerChanges.add(byLayer(initial), networks.trained().map(t -> byLayer(t.network())).orElse(Map.of()), networks.lastStep(),
                sample.train().targets(), measures);
    }

    private Map<String, Kernel> byLayer(FiniteNetwork network) {
        return new EmpiricalKernel(network).beside(cell.held()).byLayer(sample.train().inputs(), null, cell.monitor());
    }

    private void features(Optional<Trained> trained) {
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

    private void save(Optional<Trained> trained) {
        if (definition.save().contains("weights")) {
            String key = cell.point().key();
            cell.store().weights(key, "weights.0", initial, sample.train().inputs().shape());
            trained.ifPresent(t -> cell.store().weights(key, "weights." + t.steps(), t.network(), sample.train().inputs().shape()));
        }
    }

    private CellResult result(Optional<Trained> trained) {
        List<CellResult.Prediction> predictions = functions.all().stream()
                .map(f -> new CellResult.Prediction(f.subject(), f.step(), f.test())).toList();
        Map<String, int[]> indices = new LinkedHashMap<>();
        indices.put("train", sample.train().indices());
        indices.put("test", sample.test().indices());
        Drawn drawn = drawn();
        CellResult found = new CellResult(definition.seed(), cell.point().swept(), List.of(), functions.history(), predictions,
                functions.variances(), sample.test().labels(), sample.test().targets(), spectra.of(kernels.all()), indices, notes.notes(),
                notes.details(), trained.map(Cell::line).orElse(""), drawn, "", features.features());
        Verdict.of(List.of(found)).forEach(v -> v.lines().forEach(this::add));
        PairedDifference.of(List.of(found)).forEach(d -> d.lines().forEach(this::add));
        return found.with(measures.rows());
    }

    /** A disk that is full for pictures may still hold the numbers. */
    private Drawn drawn() {
        try {
            return DrawnKernels.of(kernels.all(), sample.train().targets(), sample.train().labels(), cell.store(), cell.point().key());
        } catch (Failure e) {
            notes.add("no heat maps: " + e.getMessage());
            return Drawn.NONE;
        }
    }

    /** What happened in training. */
    private static String line(Trained t) {
        double loss = t.history().stream().filter(p -> p.split().equals("train")).reduce((a, b) -> b).orElseThrow().loss();
        return String.format(Locale.ROOT, "%d steps, learning rate %.4g, train loss %.3g (%s)", t.steps(), t.learningRate(), loss,
                t.ended());
    }

    private void add(Summary.Line line) {
        if (measures.wants(line.subject(), line.reference())) {
            measures.add(line.subject(), line.reference(), line.split(), line.step(), line.metric(), line.mean());
        }
    }
}
