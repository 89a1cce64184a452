package org.ntk4j.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.ntk4j.data.Split;
import org.ntk4j.finite.FiniteNetwork;
import org.ntk4j.finite.Trained;
import org.ntk4j.finite.Training;
import org.ntk4j.inference.FullRegression;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;
import org.ntk4j.study.finding.CellResult;
import org.ntk4j.study.finding.Residuals;
import org.ntk4j.study.measure.SubjectFunction;

/** The functions of a cell on both sets, at the moments at which they are compared, and their histories along training. */
final class Functions {

    /** No function that training finds is this many times larger than what it learns from. */
    private static final double BEYOND_TARGETS = 100;
    /** The logits of cross-entropy grow for ever, but as the logarithm of the steps. */
    private static final double BEYOND_LOGITS = 1e4;

    private final CellContext cell;
    private final List<SubjectFunction> functions = new ArrayList<>();
    private final List<CellResult.History> history = new ArrayList<>();
    private final List<CellResult.Variances> variances = new ArrayList<>();
    private final Map<Subject, Map<Integer, double[][]>> residuals = new LinkedHashMap<>();

    Functions(CellContext cell) {
        this.cell = cell;
    }

    List<SubjectFunction> all() {
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
    void network(Trained t) {
        t.functions().forEach((step, f) -> follow(Subject.NETWORK, step, f));
        t.history().forEach(p -> history.add(new CellResult.History(Subject.NETWORK, p)));
        if (t.failure().isEmpty()) {
            add(new SubjectFunction(Subject.NETWORK, Step.of(t.steps()), t.train(), t.test()));
        }
    }

    /** NN_0, where nothing is trained. */
    void untrained(FiniteNetwork initial) {
        double[][] train = initial.outputs(cell.sample().train().inputs());
        add(new SubjectFunction(Subject.NETWORK, Step.START, train, initial.outputs(cell.sample().test().inputs())));
    }

    void add(SubjectFunction function) {
        functions.add(function);
    }

    /** In this place among the others. */
    void add(int place, SubjectFunction function) {
        functions.add(place, function);
    }

    /** Unless it is there: a number of steps that is asked for may be the network's own. */
    void addOnce(Subject subject, Step step, FullRegression.Values f) {
        if (!has(subject, step)) {
            add(new SubjectFunction(subject, step, f.train(), f.test()));
        }
    }

    boolean has(Subject subject, Step step) {
        return functions.stream().anyMatch(f -> f.subject() == subject && f.step().equals(step));
    }

    boolean has(Subject subject) {
        return functions.stream().anyMatch(f -> f.subject() == subject);
    }

    void add(CellResult.Variances variance) {
        variances.add(variance);
    }

    /** A function at a point of the network's history. */
    void along(Subject subject, Trained.Point point, FullRegression.Values f) {
        follow(subject, point.step(), f.train());
        along(subject, point, SplitName.TRAIN, f.train(), cell.sample().train());
        along(subject, point, SplitName.TEST, f.test(), cell.sample().test());
    }

    private void along(Subject subject, Trained.Point p, SplitName split, double[][] f, Split data) {
        double loss = Residuals.loss(cell.definition().train().orElseThrow().loss(), f, data);
        history.add(new CellResult.History(subject,
                new Trained.Point(p.step(), p.time(), p.seconds(), split.toString(), loss, data.accuracy(f))));
    }

    /** Keeps a residual for the eigendirections. */
    private void follow(Subject subject, int step, double[][] f) {
        if (cell.definition().modes() > 0) {
            residuals.computeIfAbsent(subject, s -> new TreeMap<>())
                    .put(step, Residuals.of(cell.definition().train().orElseThrow().loss(), f, cell.sample().train()));
        }
    }

    /**
     * Without the steps from which on the values on the training set are far beyond the targets: steps beyond the stable rate of this
     * kernel. A note says so.
     */
    Map<Integer, FullRegression.Values> untilTheyDiverge(Subject subject, Map<Integer, FullRegression.Values> found) {
        boolean errors = cell.definition().train().orElseThrow().loss().equals(Training.MSE);
        double most = (errors ? BEYOND_TARGETS : BEYOND_LOGITS) * Math.max(size(cell.sample().train().targets()), Double.MIN_NORMAL);
        Map<Integer, FullRegression.Values> kept = new TreeMap<>();
        for (Map.Entry<Integer, FullRegression.Values> f : found.entrySet()) {
            if (!(size(f.getValue().train()) <= most)) {
                cell.notes().add(String.format(Locale.ROOT, "%s diverges from step %d on: the learning rate is beyond the largest stable "
                        + "one of its kernel; these steps are left out", subject.symbol(), f.getKey()));
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
}
