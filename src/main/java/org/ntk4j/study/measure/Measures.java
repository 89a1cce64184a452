package org.ntk4j.study.measure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiConsumer;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Sample;
import org.ntk4j.data.Split;
import org.ntk4j.inference.LeaveOneOut;
import org.ntk4j.kernel.HeapGuard;
import org.ntk4j.kernel.KernelMetrics;
import org.ntk4j.kernel.KernelPair;
import org.ntk4j.kernel.LabelMetrics;
import org.ntk4j.kernel.Spectrum;
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

/** Turns functions and kernels into the rows of {@code results.csv}. */
public final class Measures {

    private final long seed;
    private final Map<String, String> swept;
    private final Set<Pair> wanted;
    private final Sample sample;
    private final List<Row> rows = new ArrayList<>();

    /**
     * The measures of a cell.
     *
     * @param swept  the swept values, seed apart, by path
     * @param wanted which pairs of subject and reference are compared; empty: all
     */
    public Measures(long seed, Map<String, String> swept, Set<Pair> wanted, Sample sample) {
        this.seed = seed;
        this.swept = swept;
        this.wanted = wanted;
        this.sample = sample;
    }

    /** The rows so far. */
    public List<Row> rows() {
        return List.copyOf(rows);
    }

    /** One number about one thing. */
    public void add(Subject subject, Subject reference, SplitName split, Step step, Metric metric, double value) {
        if (Double.isFinite(value)) {
            rows.add(new Row(seed, swept, subject, reference, split, step, metric, value));
        }
    }

    /** One number about one thing. */
    public void add(Subject subject, Subject reference, SplitName split, Step step, Quantity quantity, double value) {
        add(subject, reference, split, step, quantity.metric(), value);
    }

    private void add(Subject subject, Subject reference, SplitName split, Step step, Quantity quantity, OptionalDouble value) {
        value.ifPresent(v -> add(subject, reference, split, step, quantity, v));
    }

    /** Each function with the labels, then each ordered pair of functions. */
    public void functions(List<SubjectFunction> functions) {
        for (SubjectFunction f : functions) {
            if (wants(f.subject(), Subject.LABELS)) {
                labels(f, SplitName.TRAIN, f.train(), sample.train());
                labels(f, SplitName.TEST, f.test(), sample.test());
            }
        }
        for (SubjectFunction a : functions) {
            for (SubjectFunction b : functions) {
                if (a.subject() != b.subject() && wants(a.subject(), b.subject()) && belong(a, b, functions)) {
                    pair(a, b, SplitName.TRAIN, a.train(), b.train(), sample.train());
                    pair(a, b, SplitName.TEST, a.test(), b.test(), sample.test());
                }
            }
        }
    }

    /** Whether this pair is compared. */
    public boolean wants(Subject subject, Subject reference) {
        return wanted.isEmpty() || wanted.contains(new Pair(subject, reference));
    }

    /**
     * Which moments belong together: the same step; or a regression in the limit with the network at its last step. A row has
     * one step, its subject's: where the network is the subject, a regression is taken in the limit if it has one.
     */
    private static boolean belong(SubjectFunction a, SubjectFunction b, List<SubjectFunction> all) {
        if (a.recorded() || b.recorded()) {
            // A regression with an earlier kernel is compared with the network that was trained, as its subject.
            return a.recorded() && b.subject() == Subject.NETWORK;
        }
        if (a.isNetwork() && !b.isNetwork()) {
            boolean hasLimit = all.stream().anyMatch(f -> f.subject() == b.subject() && f.step().isNone());
            return hasLimit ? b.step().isNone() : a.step().equals(b.step());
        }
        return a.step().equals(b.step()) || a.step().isNone() && b.isNetwork();
    }

    private void labels(SubjectFunction f, SplitName split, double[][] values, Split data) {
        if (data.hasClasses()) {
            add(f.subject(), Subject.LABELS, split, f.step(), Quantity.ACCURACY, FunctionMetrics.accuracy(values, data.labels()));
            add(f.subject(), Subject.LABELS, split, f.step(), Quantity.ACCURACY.low(), FunctionMetrics.accuracyLow(values, data.labels()));
            add(f.subject(), Subject.LABELS, split, f.step(), Quantity.ACCURACY.high(),
                    FunctionMetrics.accuracyHigh(values, data.labels()));
        } else {
            add(f.subject(), Subject.LABELS, split, f.step(), Quantity.RMSE, FunctionMetrics.rmse(values, data.targets()));
            add(f.subject(), Subject.LABELS, split, f.step(), Quantity.R2, FunctionMetrics.r2(values, data.targets()));
            add(f.subject(), Subject.LABELS, split, f.step(), Quantity.CORRELATION, FunctionMetrics.correlation(values, data.targets()));
        }
        add(f.subject(), Subject.LABELS, split, f.step(), Quantity.MSE, FunctionMetrics.mse(values, data.targets()));
        if (split == SplitName.TEST && values.length > 0) {
            Resampling mse = Resampling.of(new double[][][] {{Residuals.squares(values, data.targets())}}, m -> m[0]);
            add(f.subject(), Subject.LABELS, split, f.step(), Quantity.MSE.low(), mse.low());
            add(f.subject(), Subject.LABELS, split, f.step(), Quantity.MSE.high(), mse.high());
        }
    }

    private void pair(SubjectFunction a, SubjectFunction b, SplitName split, double[][] x, double[][] y, Split data) {
        add(a.subject(), b.subject(), split, a.step(), Quantity.RMSE, FunctionMetrics.rmse(x, y));
        add(a.subject(), b.subject(), split, a.step(), Quantity.CORRELATION, FunctionMetrics.correlation(x, y));
        if (data.hasClasses()) {
            add(a.subject(), b.subject(), split, a.step(), Quantity.AGREEMENT, FunctionMetrics.agreement(x, y));
            add(a.subject(), b.subject(), split, a.step(), Quantity.MCNEMAR, FunctionMetrics.mcnemar(x, y, data.labels()));
        }
    }

    /**
     * Each kernel with the labels and its spectrum, then each kernel with each other one; kernels recorded on the way are no references.
     * Each leaves copies behind, which {@code guard} cleans up.
     *
     * @param told    of the leave-one-out errors of each regression
     * @param threads how many go through kernels that are not in the heap
     */
    public void kernels(List<SubjectKernels> kernels, Map<SubjectAt, Spectrum> spectra, HeapGuard guard,
            BiConsumer<Subject, LeaveOneOut> told, int threads, Monitor monitor) {
        for (SubjectKernels k : kernels) {
            spectrum(k, Optional.ofNullable(spectra.get(k.at())));
            if (wants(k.subject(), Subject.LABELS)) {
                labels(k, told, threads, monitor);
            }
        }
        Map<List<SubjectAt>, Beside> known = new HashMap<>();
        for (SubjectKernels a : kernels) {
            for (SubjectKernels b : kernels) {
                if (a.subject() != b.subject() && isLast(b, kernels) && wants(a.subject(), b.subject())) {
                    // The other order has the same but for the reference; kernels that are computed anew take their time.
                    Beside other = known.get(List.of(b.at(), a.at()));
                    Beside both = other != null ? other : Beside.of(a, b, threads, monitor);
                    known.put(List.of(a.at(), b.at()), both);
                    pair(a, b, SplitName.TRAIN, both.train(), other != null);
                    pair(a, b, SplitName.TEST, both.test(), other != null);
                    guard.check();
                }
            }
        }
    }

    /** Two kernels on both sets. */
    private record Beside(KernelPair train, KernelPair test) {

        static Beside of(SubjectKernels a, SubjectKernels b, int threads, Monitor monitor) {
            return new Beside(KernelMetrics.pair(a.train(), b.train(), threads, monitor),
                    KernelMetrics.pair(a.test(), b.test(), threads, monitor));
        }
    }

    /** Of a spectrum that is not whole, the largest eigenvalue alone. */
    private void spectrum(SubjectKernels k, Optional<Spectrum> known) {
        Optional<Spectrum> whole = known.filter(s -> s.size() == k.train().rows());
        alone(k, Quantity.TRACE, whole.map(Spectrum::trace).orElseGet(k.train()::trace));
        whole.ifPresent(s -> alone(k, Quantity.MIN_EIGENVALUE, s.minEigenvalue()));
        known.ifPresent(s -> alone(k, Quantity.MAX_EIGENVALUE, s.maxEigenvalue()));
        whole.ifPresent(s -> {
            alone(k, Quantity.CONDITION_NUMBER, s.conditionNumber());
            alone(k, Quantity.EFFECTIVE_RANK, s.effectiveRank());
            alone(k, Quantity.PARTICIPATION_RATIO, s.participationRatio());
        });
    }

    private void alone(SubjectKernels k, Quantity quantity, double value) {
        add(k.subject(), Subject.NONE, SplitName.TRAIN, k.step(), quantity, value);
    }

    private void labels(SubjectKernels k, BiConsumer<Subject, LeaveOneOut> told, int threads, Monitor monitor) {
        OptionalDouble alignment = LabelMetrics.alignment(k.train(), sample.train().targets(), threads, monitor);
        add(k.subject(), Subject.LABELS, SplitName.TRAIN, k.step(), Quantity.ALIGNMENT, alignment);
        LeaveOneOut left = k.fit().withoutOffset().leaveOneOut();
        add(k.subject(), Subject.LABELS, SplitName.TRAIN, k.step(), Quantity.KARE, left.kare());
        add(k.subject(), Subject.LABELS, SplitName.TRAIN, k.step(), Quantity.LOO_ERROR, left.looError());
        told.accept(k.subject().regression(), left);
    }

    /** A row has its subject's step only, so a reference that was recorded several times is taken at its last step. */
    private static boolean isLast(SubjectKernels b, List<SubjectKernels> kernels) {
        return kernels.stream().noneMatch(k -> k.subject() == b.subject() && k.step().compareTo(b.step()) > 0);
    }

    /** Of a with the reference b, from their distances or from those of b and a. */
    private void pair(SubjectKernels a, SubjectKernels b, SplitName split, KernelPair found, boolean turned) {
        add(a.subject(), b.subject(), split, a.step(), Quantity.RELATIVE_FROBENIUS, turned ? found.toA() : found.toB());
        add(a.subject(), b.subject(), split, a.step(), Quantity.KERNEL_DISTANCE, found.kernelDistance());
        add(a.subject(), b.subject(), split, a.step(), Quantity.CKA, found.cka());
    }
}
