package org.ntk4j.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.ntk4j.base.Failure;

/**
 * One look at what was drawn, before the work: data from which nothing can be learnt are refused, what is odd is said, with numbers. Inputs
 * as they are in the files are compared with what became of them.
 */
final class DataLook {

    /** Equal to this many digits counts as equal: scaling rounds. */
    private static final double DIGITS = 1e9;
    /** Scaling that leaves a smaller share of different inputs is worth a note. */
    private static final double FEW = 0.9;
    /** A mean this many times the deviation is worth a note. */
    private static final double FAR = 3;

    private static final double LARGEST_TARGET = 1e100;

    private final Source source;
    private final Normalization normalize;
    private final Sample sample;
    private final List<String> notes = new ArrayList<>();

    private DataLook(Source source, Normalization normalize, Sample sample) {
        this.source = source;
        this.normalize = normalize;
        this.sample = sample;
    }

    /**
     * What is to be said.
     *
     * @param examples those that the training set was drawn from
     * @throws Failure where nothing can be learnt
     */
    static List<String> at(Source source, Examples examples, Normalization normalize, Sample sample) {
        DataLook look = new DataLook(source, normalize, sample);
        look.inputs(examples);
        if (sample.train().hasClasses()) {
            look.classes();
        } else {
            look.targets();
        }
        return look.notes;
    }

    private void inputs(Examples examples) {
        Split train = sample.train();
        int n = train.count();
        int size = train.inputs().shape().size();
        double[] raw = new double[size];
        double[] values = train.inputs().values();
        Map<Long, Integer> before = new HashMap<>();
        Set<Long> after = new HashSet<>();
        int zeros = 0;
        int contradicting = 0;
        for (int i = 0; i < n; i++) {
            examples.copy(train.indices()[i], raw, 0);
            Integer first = before.putIfAbsent(fingerprint(raw, 0, size, false), i);
            contradicting += first != null && train.hasClasses() && train.labels()[first] != train.labels()[i] ? 1 : 0;
            after.add(fingerprint(values, i * size, size, true));
            zeros += isZero(raw, 0, size) ? 1 : 0;
        }
        if (zeros == n) {
            throw Failure.input(source.name() + ": all " + n + " training inputs are zeros: there is nothing to learn from");
        }
        // Graphs may differ in their edges alone.
        if (before.size() == 1 && n > 1 && !source.hasGraphs()) {
            throw Failure.input(source.name() + ": all " + n + " training inputs are the same: there is nothing to learn from");
        }
        boolean scaled = normalize != Normalization.NONE && !source.hasGraphs();
        if (scaled && after.size() <= 2 && before.size() > 2) {
            throw Failure.input(source.name() + ": normalize: " + normalize + " makes the " + before.size() + " different training inputs "
                    + (after.size() == 1 ? "all equal" : "only two")
                    + (normalize == Normalization.UNIT ? ": they differ in nothing but their length; use normalize: standard, perPixel or "
                            + "none" : "; use normalize: none"));
        }
        if (scaled && after.size() < FEW * before.size()) {
            notes.add("normalize: " + normalize + " leaves " + after.size() + " different training inputs of " + before.size()
                    + ": the others differ in their length alone");
        }
        if (zeros > 0 && !source.hasGraphs()) {
            notes.add(zeros + " of " + n + " training inputs " + (zeros == 1 ? "is" : "are") + " all zeros");
        }
        if (contradicting > 0 && !source.hasGraphs()) {
            notes.add(contradicting + " of " + n + " training inputs " + (contradicting == 1 ? "stands" : "stand")
                    + " there again with another label: no function is right on both");
        }
    }

    private static boolean isZero(double[] values, int from, int size) {
        for (int i = from; i < from + size; i++) {
            if (values[i] != 0 && !Double.isNaN(values[i])) {
                return false;
            }
        }
        return true;
    }

    private static long fingerprint(double[] values, int from, int size, boolean rounded) {
        long hash = 17;
        for (int i = from; i < from + size; i++) {
            long bits = rounded && !Double.isNaN(values[i]) ? Math.round(values[i] * DIGITS) : Double.doubleToLongBits(values[i] + 0.0);
            hash = (hash ^ bits) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    private void classes() {
        int[] train = counts(sample.train());
        int[] test = counts(sample.test());
        List<String> missing = new ArrayList<>();
        int tested = 0;
        for (int c = 0; c < train.length; c++) {
            if (train[c] == 0) {
                missing.add("'" + sample.classNames().get(c) + "'");
                tested += test[c];
            }
        }
        if (!missing.isEmpty()) {
            notes.add((missing.size() == 1 ? "class " : "classes ") + String.join(", ", missing.subList(0, Math.min(10, missing.size())))
                    + (missing.size() > 10 ? ", …" : "")
                    + (missing.size() == 1 ? " has" : " have") + " no training example: " + tested + " of " + sample.test().count()
                            + " test examples cannot be learnt");
        }
    }

    private static int[] counts(Split split) {
        int[] counts = new int[split.classCount()];
        for (int label : split.labels()) {
            counts[label]++;
        }
        return counts;
    }

    private void targets() {
        double[][] y = sample.train().targets();
        for (double[][] each : List.of(y, sample.test().targets())) {
            for (double[] row : each) {
                for (double value : row) {
                    if (Math.abs(value) > LARGEST_TARGET) {
                        throw Failure.input(source.name() + ": a target is " + value
                                + ", whose square is more than float64 holds; scale the targets");
                    }
                }
            }
        }
        List<String> constant = new ArrayList<>();
        for (int c = 0; c < y[0].length; c++) {
            int column = c;
            double mean = java.util.Arrays.stream(y).mapToDouble(row -> row[column] / y.length).sum();
            double deviation = Math.sqrt(java.util.Arrays.stream(y)
                    .mapToDouble(row -> (row[column] - mean) * (row[column] - mean) / y.length).sum());
            boolean same = java.util.Arrays.stream(y).allMatch(row -> row[column] == y[0][column]);
            String name = sample.classNames().get(c);
            if (same) {
                constant.add(name + " is " + y[0][column]);
            } else if (Math.abs(mean) > FAR * deviation) {
                notes.add(String.format(Locale.ROOT, "target %s has the mean %.4g and the deviation %.4g: kernels and networks start from "
                        + "0, so subtract the mean first", name, mean, deviation));
            }
        }
        if (constant.size() == y[0].length && y.length > 1) {
            throw Failure.input(source.name() + ": the targets are the same in all " + y.length + " training rows ("
                    + String.join(", ", constant) + "): there is nothing to learn");
        }
        constant.forEach(c -> notes.add("target " + c + " in all " + y.length + " training rows"));
    }
}
