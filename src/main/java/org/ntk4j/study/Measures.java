package org.ntk4j.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiConsumer;
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
import org.ntk4j.result.Metric;
import org.ntk4j.result.Pair;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;
import org.ntk4j.result.SubjectAt;
import org.ntk4j.study.finding.Resampling;
import org.ntk4j.study.finding.Residuals;
import org.ntk4j.study.finding.Row;
import org.ntk4j.study.option.RegressionOptions;

/** Turns functions and kernels into the rows of {@code results.csv}. */
final class Measures {

    /**
     * A function on both sets.
     *
     * @param step     the training step; none for a regression at infinity
     * @param recorded whether the step is that of the kernel, recorded along training, and the function is its regression's limit
     */
    record Function(Subject subject, Step step, double[][] train, double[][] test, boolean recorded) {
        Function(Subject subject, Step step, double[][] train, double[][] test) {
            this(subject, step, train, test, false);
        }

        boolean isNetwork() {
            return subject == Subject.NETWORK || subject == Subject.LINEARIZED || subject == Subject.QUADRATIC;
        }
    }

    /**
     * A kernel on both sets.
     *
     * @param step  the training step of an empirical kernel; none for a closed form
     * @param train K(train, train)
     * @param test  K(test, train)
     * @param fit   its regression
     */
    record SubjectKernels(Subject subject, Step step, Kernel train, Kernel test, Fit fit) {

        SubjectAt at() {
            return new SubjectAt(subject, step);
        }

        /** Whether the eigendecomposition is there already. */
        boolean hasEigen() {
            return fit.hasEigen() && fit.kernel().features().isEmpty();
        }

        /** The eigendecomposition of K(train, train), made when first asked for; a regression may have taken features in its place. */
        SymmetricEigen eigen() {
            return fit.kernel().features().isPresent() ? SymmetricEigen.of(train.values(), train.rows()) : fit.eigen();
        }
    }

    private final long seed;
    private final Map<String, String> swept;
    private final Set<Pair> wanted;
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
    void add(Subject subject, Subject reference, SplitName split, Step step, Metric metric, double value) {
        if (Double.isFinite(value)) {
            rows.add(new Row(seed, swept, subject, reference, split, step, metric, value));
        }
    }

    void add(Subject subject, Subject reference, SplitName split, Step step, Quantity quantity, double value) {
        add(subject, reference, split, step, quantity.metric(), value);
    }

    private void add(Subject subject, Subject reference, SplitName split, Step step, Quantity quantity, OptionalDouble value) {
        value.ifPresent(v -> add(subject, reference, split, step, quantity, v));
    }

    /** Each function with the labels, then each ordered pair of functions. */
    void functions(List<Function> functions) {
        for (Function f : functions) {
            if (wants(f.subject, Subject.LABELS)) {
                labels(f, SplitName.TRAIN, f.train, sample.train());
                labels(f, SplitName.TEST, f.test, sample.test());
            }
        }
        for (Function a : functions) {
            for (Function b : functions) {
                if (a.subject != b.subject && wants(a.subject, b.subject) && belong(a, b, functions)) {
                    pair(a, b, SplitName.TRAIN, a.train, b.train, sample.train());
                    pair(a, b, SplitName.TEST, a.test, b.test, sample.test());
                }
            }
        }
    }

    /** Whether this pair is compared. */
    boolean wants(Subject subject, Subject reference) {
        return wanted.isEmpty() || wanted.contains(new Pair(subject, reference));
    }

    /**
     * Which moments belong together: the same step; or a regression in the limit with the network at its last step. A row has
     * one step, its subject's: where the network is the subject, a regression is taken in the limit if it has one.
     */
    private static boolean belong(Function a, Function b, List<Function> all) {
        if (a.recorded || b.recorded) {
            // A regression with an earlier kernel is compared with the network that was trained, as its subject.
            return a.recorded && b.subject == Subject.NETWORK;
        }
        if (a.isNetwork() && !b.isNetwork()) {
            boolean hasLimit = all.stream().anyMatch(f -> f.subject == b.subject && f.step.isNone());
            return hasLimit ? b.step.isNone() : a.step.equals(b.step);
        }
        return a.step.equals(b.step) || a.step.isNone() && b.isNetwork();
    }

    private void labels(Function f, SplitName split, double[][] values, Split data) {
        if (data.hasClasses()) {
            add(f.subject, Subject.LABELS, split, f.step, Quantity.ACCURACY, FunctionMetrics.accuracy(values, data.labels()));
            add(f.subject, Subject.LABELS, split, f.step, Quantity.ACCURACY.low(), FunctionMetrics.accuracyLow(values, data.labels()));
            add(f.subject, Subject.LABELS, split, f.step, Quantity.ACCURACY.high(), FunctionMetrics.accuracyHigh(values, data.labels()));
        } else {
            add(f.subject, Subject.LABELS, split, f.step, Quantity.RMSE, FunctionMetrics.rmse(values, data.targets()));
            add(f.subject, Subject.LABELS, split, f.step, Quantity.R2, FunctionMetrics.r2(values, data.targets()));
            add(f.subject, Subject.LABELS, split, f.step, Quantity.CORRELATION, FunctionMetrics.correlation(values, data.targets()));
        }
        add(f.subject, Subject.LABELS, split, f.step, Quantity.MSE, FunctionMetrics.mse(values, data.targets()));
        if (split == SplitName.TEST && values.length > 0) {
            Resampling mse = Resampling.of(new double[][][] {{Residuals.squares(values, data.targets())}}, m -> m[0]);
            add(f.subject, Subject.LABELS, split, f.step, Quantity.MSE.low(), mse.low());
            add(f.subject, Subject.LABELS, split, f.step, Quantity.MSE.high(), mse.high());
        }
    }

    private void pair(Function a, Function b, SplitName split, double[][] x, double[][] y, Split data) {
        add(a.subject, b.subject, split, a.step, Quantity.RMSE, FunctionMetrics.rmse(x, y));
        add(a.subject, b.subject, split, a.step, Quantity.CORRELATION, FunctionMetrics.correlation(x, y));
        if (data.hasClasses()) {
            add(a.subject, b.subject, split, a.step, Quantity.AGREEMENT, FunctionMetrics.agreement(x, y));
            add(a.subject, b.subject, split, a.step, Quantity.MCNEMAR, FunctionMetrics.mcnemar(x, y, data.labels()));
        }
    }

    /**
     * Each kernel with the labels and its spectrum, then each kernel with each other one; kernels recorded on the way are no references.
     * Each leaves copies behind, which {@code guard} cleans up.
     *
     * @param told of the leave-one-out errors of each regression
     */
    void kernels(List<SubjectKernels> kernels, Map<SubjectAt, Spectrum> spectra, HeapGuard guard, BiConsumer<Subject, LeaveOneOut> told) {
        double[][] targets = sample.train().targets();
        for (SubjectKernels k : kernels) {
            Optional<Spectrum> whole = Optional.ofNullable(spectra.get(k.at())).filter(s -> s.size() == k.train.rows());
            add(k.subject, Subject.NONE, SplitName.TRAIN, k.step, Quantity.TRACE, whole.map(Spectrum::trace).orElseGet(k.train::trace));
            whole.ifPresent(s -> {
                add(k.subject, Subject.NONE, SplitName.TRAIN, k.step, Quantity.MIN_EIGENVALUE, s.minEigenvalue());
                add(k.subject, Subject.NONE, SplitName.TRAIN, k.step, Quantity.MAX_EIGENVALUE, s.maxEigenvalue());
                add(k.subject, Subject.NONE, SplitName.TRAIN, k.step, Quantity.CONDITION_NUMBER, s.conditionNumber());
                add(k.subject, Subject.NONE, SplitName.TRAIN, k.step, Quantity.EFFECTIVE_RANK, s.effectiveRank());
                add(k.subject, Subject.NONE, SplitName.TRAIN, k.step, Quantity.PARTICIPATION_RATIO, s.participationRatio());
            });
            if (whole.isEmpty()) {
                Optional.ofNullable(spectra.get(k.at()))
                        .ifPresent(s -> add(k.subject, Subject.NONE, SplitName.TRAIN, k.step, Quantity.MAX_EIGENVALUE, s.maxEigenvalue()));
            }
            if (wants(k.subject, Subject.LABELS)) {
                add(k.subject, Subject.LABELS, SplitName.TRAIN, k.step, Quantity.ALIGNMENT, LabelMetrics.alignment(k.train, targets));
                LeaveOneOut left = k.fit.withoutOffset().leaveOneOut();
                add(k.subject, Subject.LABELS, SplitName.TRAIN, k.step, Quantity.KARE, left.kare());
                add(k.subject, Subject.LABELS, SplitName.TRAIN, k.step, Quantity.LOO_ERROR, left.looError());
                told.accept(k.subject.regression(), left);
            }
        }
        for (SubjectKernels a : kernels) {
            for (SubjectKernels b : kernels) {
                if (a.subject != b.subject && isLast(b, kernels) && wants(a.subject, b.subject)) {
                    pair(a, b, SplitName.TRAIN, a.train, b.train);
                    pair(a, b, SplitName.TEST, a.test, b.test);
                    guard.check();
                }
            }
        }
    }

    /** A row has its subject's step only, so a reference that was recorded several times is taken at its last step. */
    private static boolean isLast(SubjectKernels b, List<SubjectKernels> kernels) {
        return kernels.stream().noneMatch(k -> k.subject == b.subject && k.step.compareTo(b.step) > 0);
    }

    /** Row after row. */
    static double[] flat(double[][] rows) {
        return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
    }

    private void pair(SubjectKernels a, SubjectKernels b, SplitName split, Kernel x, Kernel y) {
        add(a.subject, b.subject, split, a.step, Quantity.RELATIVE_FROBENIUS, KernelMetrics.relativeFrobenius(x, y));
        add(a.subject, b.subject, split, a.step, Quantity.KERNEL_DISTANCE, KernelMetrics.kernelDistance(x, y));
        add(a.subject, b.subject, split, a.step, Quantity.CKA, KernelMetrics.cka(x, y));
    }

    /** The ridge of a regression whatever way it was chosen, in the kernel's own scale. */
    static Ridge ridge(RegressionOptions options) {
        return options.ridge().isPresent() ? Ridge.relative(options.ridge().getAsDouble()) : Ridge.leaveOneOut();
    }
}
