package org.ntk4j.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.ntk4j.data.Sample;
import org.ntk4j.data.Split;
import org.ntk4j.inference.Fit;
import org.ntk4j.inference.LeaveOneOut;
import org.ntk4j.inference.Ridge;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.kernel.KernelMetrics;
import org.ntk4j.kernel.LabelMetrics;
import org.ntk4j.kernel.Spectrum;
import org.ntk4j.kernel.SymmetricEigen;
import org.ntk4j.report.FunctionMetrics;
import org.ntk4j.study.option.RegressionOptions;

/** Turns functions and kernels into the rows of {@code results.csv}. */
final class Measures {

    /**
     * A function on both sets.
     *
     * @param step     the training step; empty for a regression at infinity
     * @param recorded whether the step is that of the kernel, recorded along training, and the function is its regression's limit
     */
    record Function(String subject, String step, double[][] train, double[][] test, boolean recorded) {
        Function(String subject, String step, double[][] train, double[][] test) {
            this(subject, step, train, test, false);
        }

        boolean isNetwork() {
            return subject.equals(Subjects.NETWORK) || subject.equals(Subjects.LINEARIZED) || subject.equals(Subjects.QUADRATIC);
        }
    }

    /**
     * A kernel on both sets.
     *
     * @param step  the training step of an empirical kernel; empty for a closed form
     * @param train K(train, train)
     * @param test  K(test, train)
     * @param fit   its regression
     */
    record SubjectKernels(String subject, String step, Kernel train, Kernel test, Fit fit) {

        /** The eigendecomposition of K(train, train), made when it is first asked for. */
        SymmetricEigen eigen() {
            return fit.eigen();
        }
    }

    private final long seed;
    private final Map<String, String> swept;
    private final Set<List<String>> wanted;
    private final Sample sample;
    private final List<Row> rows = new ArrayList<>();

    Measures(Definition.Point point, Sample sample) {
        this.seed = point.definition().seed();
        this.swept = point.swept();
        this.wanted = point.definition().compare();
        this.sample = sample;
    }

    List<Row> rows() {
        return List.copyOf(rows);
    }

    /** One number about one thing. */
    void add(String subject, String reference, String split, String step, String metric, double value) {
        if (Double.isFinite(value)) {
            rows.add(new Row(seed, swept, subject, reference, split, step, metric, value));
        }
    }

    private void add(String subject, String reference, String split, String step, String metric, OptionalDouble value) {
        value.ifPresent(v -> add(subject, reference, split, step, metric, v));
    }

    /** Each function with the labels, then each ordered pair of functions. */
    void functions(List<Function> functions) {
        for (Function f : functions) {
            if (wants(f.subject, Subjects.LABELS)) {
                labels(f, "train", f.train, sample.train());
                labels(f, "test", f.test, sample.test());
            }
        }
        for (Function a : functions) {
            for (Function b : functions) {
                if (!a.subject.equals(b.subject) && wants(a.subject, b.subject) && belong(a, b, functions)) {
                    pair(a, b, "train", a.train, b.train, sample.train());
                    pair(a, b, "test", a.test, b.test, sample.test());
                }
            }
        }
    }

    /** Whether this pair is compared. */
    boolean wants(String subject, String reference) {
        return wanted.isEmpty() || wanted.contains(List.of(subject, reference));
    }

    /**
     * Which moments belong together: the same step; or a regression in the limit with the network at its last step. A row has
     * one step, its subject's: where the network is the subject, a regression is taken in the limit if it has one.
     */
    private static boolean belong(Function a, Function b, List<Function> all) {
        if (a.recorded || b.recorded) {
            // A regression with an earlier kernel is compared with the network that was trained, as its subject.
            return a.recorded && b.subject.equals(Subjects.NETWORK);
        }
        if (a.isNetwork() && !b.isNetwork()) {
            boolean hasLimit = all.stream().anyMatch(f -> f.subject.equals(b.subject) && f.step.isEmpty());
            return hasLimit ? b.step.isEmpty() : a.step.equals(b.step);
        }
        return a.step.equals(b.step) || a.step.isEmpty() && b.isNetwork();
    }

    private void labels(Function f, String split, double[][] values, Split data) {
        if (data.hasClasses()) {
            add(f.subject, Subjects.LABELS, split, f.step, "accuracy", FunctionMetrics.accuracy(values, data.labels()));
            add(f.subject, Subjects.LABELS, split, f.step, "accuracyLow", FunctionMetrics.accuracyLow(values, data.labels()));
            add(f.subject, Subjects.LABELS, split, f.step, "accuracyHigh", FunctionMetrics.accuracyHigh(values, data.labels()));
        } else {
            add(f.subject, Subjects.LABELS, split, f.step, "rmse", FunctionMetrics.rmse(values, data.targets()));
            add(f.subject, Subjects.LABELS, split, f.step, "r2", FunctionMetrics.r2(values, data.targets()));
            add(f.subject, Subjects.LABELS, split, f.step, "correlation", FunctionMetrics.correlation(values, data.targets()));
        }
        add(f.subject, Subjects.LABELS, split, f.step, "mse", FunctionMetrics.mse(values, data.targets()));
        if (split.equals("test") && values.length > 0) {
            Resampling mse = Resampling.of(new double[][][] {{Residuals.squares(values, data.targets())}}, m -> m[0]);
            add(f.subject, Subjects.LABELS, split, f.step, "mseLow", mse.low());
            add(f.subject, Subjects.LABELS, split, f.step, "mseHigh", mse.high());
        }
    }

    private void pair(Function a, Function b, String split, double[][] x, double[][] y, Split data) {
        add(a.subject, b.subject, split, a.step, "rmse", FunctionMetrics.rmse(x, y));
        add(a.subject, b.subject, split, a.step, "correlation", FunctionMetrics.correlation(x, y));
        if (data.hasClasses()) {
            add(a.subject, b.subject, split, a.step, "agreement", FunctionMetrics.agreement(x, y));
            add(a.subject, b.subject, split, a.step, "mcnemar", FunctionMetrics.mcnemar(x, y, data.labels()));
        }
    }

    /**
     * Each kernel with the labels and its spectrum, then each kernel with each other one; kernels recorded on the way are no references.
     * Each leaves copies behind, which {@code guard} cleans up.
     */
    void kernels(List<SubjectKernels> kernels, Map<String, Spectrum> spectra, HeapGuard guard) {
        double[][] targets = sample.train().targets();
        for (SubjectKernels k : kernels) {
            Optional<Spectrum> whole = Optional.ofNullable(spectra.get(k.subject + k.step)).filter(s -> s.size() == k.train.rows());
            add(k.subject, "", "train", k.step, "trace", whole.map(Spectrum::trace).orElseGet(k.train::trace));
            whole.ifPresent(s -> {
                add(k.subject, "", "train", k.step, "minEigenvalue", s.minEigenvalue());
                add(k.subject, "", "train", k.step, "maxEigenvalue", s.maxEigenvalue());
                add(k.subject, "", "train", k.step, "conditionNumber", s.conditionNumber());
                add(k.subject, "", "train", k.step, "effectiveRank", s.effectiveRank());
                add(k.subject, "", "train", k.step, "participationRatio", s.participationRatio());
            });
            if (whole.isEmpty()) {
                Optional.ofNullable(spectra.get(k.subject + k.step))
                        .ifPresent(s -> add(k.subject, "", "train", k.step, "maxEigenvalue", s.maxEigenvalue()));
            }
            if (wants(k.subject, Subjects.LABELS)) {
                add(k.subject, Subjects.LABELS, "train", k.step, "alignment", LabelMetrics.alignment(k.train, targets));
                LeaveOneOut left = k.fit.withoutOffset().leaveOneOut();
                add(k.subject, Subjects.LABELS, "train", k.step, "kare", left.kare());
                add(k.subject, Subjects.LABELS, "train", k.step, "looError", left.looError());
            }
        }
        for (SubjectKernels a : kernels) {
            for (SubjectKernels b : kernels) {
                if (!a.subject.equals(b.subject) && isLast(b, kernels) && wants(a.subject, b.subject)) {
                    pair(a, b, "train", a.train, b.train);
                    pair(a, b, "test", a.test, b.test);
                    guard.check();
                }
            }
        }
    }

    /** A row has its subject's step only, so a reference that was recorded several times is taken at its last step. */
    private static boolean isLast(SubjectKernels b, List<SubjectKernels> kernels) {
        return kernels.stream().noneMatch(k -> k.subject.equals(b.subject) && !k.step.isEmpty()
                && Integer.parseInt(k.step) > Integer.parseInt(b.step));
    }

    /** Row after row. */
    static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    private void pair(SubjectKernels a, SubjectKernels b, String split, Kernel x, Kernel y) {
        add(a.subject, b.subject, split, a.step, "relativeFrobenius", KernelMetrics.relativeFrobenius(x, y));
        add(a.subject, b.subject, split, a.step, "kernelDistance", KernelMetrics.kernelDistance(x, y));
        add(a.subject, b.subject, split, a.step, "cka", KernelMetrics.cka(x, y));
    }

    /** The ridge of a regression whatever way it was chosen, in the kernel's own scale. */
    static Ridge ridge(RegressionOptions options) {
        return options.ridge().isPresent() ? Ridge.relative(options.ridge().getAsDouble()) : Ridge.leaveOneOut();
    }
}
