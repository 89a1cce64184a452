package org.ntk4j.study.finding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.report.FunctionMetrics;
import org.ntk4j.result.Metric;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/**
 * By how much NN_T is right more often on the test set than another function, and by how much its mean squared error is larger, paired over
 * examples and seeds: {@code accuracyDifference} and {@code mseDifference}, each with its 95 % interval, {@code …Low} and {@code …High}, by
 * {@link Resampling}. A regression is taken in the limit.
 *
 * @param reference  the other function
 * @param step       of the network; {@code trained} where seeds ended at different steps
 * @param accuracy   the difference of accuracies; none where the targets are real values
 * @param error      that of the mean squared errors
 */
public record PairedDifference(Map<String, String> swept, Subject reference, Step step, int seeds, Optional<Resampling> accuracy,
        Resampling error) {

    private static final List<Subject> OTHERS = List.of(Subject.REGRESSION_INIT, Subject.REGRESSION_TRAINED, Subject.REGRESSION_INFINITE,
            Subject.REGRESSION_NNGP, Subject.LINEARIZED, Subject.QUADRATIC);

    /** Of networks that differ in the seed only. */
    public static List<PairedDifference> of(List<CellResult> seeds) {
        List<PairedDifference> found = new ArrayList<>();
        OTHERS.forEach(reference -> of(seeds, reference).ifPresent(found::add));
        return found;
    }

    private static Optional<PairedDifference> of(List<CellResult> seeds, Subject reference) {
        double[][][] right = new double[2][seeds.size()][];
        double[][][] errors = new double[2][seeds.size()][];
        for (int s = 0; s < seeds.size(); s++) {
            CellResult cell = seeds.get(s);
            Step last = Summary.lastStep(cell);
            Optional<double[][]> network = cell.function(Subject.NETWORK, last);
            Optional<double[][]> other = cell.function(reference, Step.NONE).or(() -> cell.function(reference, last));
            if (last.isNone() || network.isEmpty() || other.isEmpty() || network.get().length == 0) {
                return Optional.empty();
            }
            if (cell.hasClasses()) {
                right[0][s] = right(network.get(), cell.labels());
                right[1][s] = right(other.get(), cell.labels());
            }
            errors[0][s] = Residuals.squares(network.get(), cell.targets());
            errors[1][s] = Residuals.squares(other.get(), cell.targets());
        }
        if (Arrays.stream(errors[0]).mapToInt(r -> r.length).distinct().count() > 1) {
            return Optional.empty();
        }
        List<Step> steps = seeds.stream().map(Summary::lastStep).distinct().toList();
        return Optional.of(new PairedDifference(seeds.get(0).swept(), reference,
                steps.size() == 1 ? steps.get(0) : Step.LAST, seeds.size(),
                seeds.get(0).hasClasses() ? Optional.of(Resampling.of(right, m -> m[0] - m[1])) : Optional.empty(),
                        Resampling.of(errors, m -> m[0] - m[1])));
    }

    private static double[] right(double[][] f, int[] labels) {
        int[] classes = FunctionMetrics.classes(f);
        double[] right = new double[labels.length];
        for (int i = 0; i < right.length; i++) {
            right[i] = classes[i] == labels[i] ? 1 : 0;
        }
        return right;
    }

    /** As lines of {@code summary.csv}. */
    public List<Summary.Line> lines() {
        List<Summary.Line> lines = new ArrayList<>();
        accuracy.ifPresent(a -> add(lines, Quantity.ACCURACY_DIFFERENCE.metric(), a));
        add(lines, Quantity.MSE_DIFFERENCE.metric(), error);
        return lines;
    }

    private void add(List<Summary.Line> lines, Metric metric, Resampling difference) {
        lines.add(line(metric, difference.value(), difference.deviation()));
        lines.add(line(metric.low(), difference.low(), Double.NaN));
        lines.add(line(metric.high(), difference.high(), Double.NaN));
    }

    private Summary.Line line(Metric metric, double mean, double deviation) {
        return new Summary.Line(swept, Subject.NETWORK, reference, SplitName.TEST, step, metric, mean, deviation, seeds);
    }

    /** {@code +0.021 [−0.003, +0.045]}; empty where there are no classes. */
    String accuracyWord() {
        return accuracy.map(a -> word("%+.3f [%+.3f, %+.3f]", a)).orElse("");
    }

    /** {@code +0.0021 [−0.0003, +0.0045]}. */
    String errorWord() {
        return word("%+.4f [%+.4f, %+.4f]", error);
    }

    private static String word(String format, Resampling difference) {
        return String.format(Locale.ROOT, format, difference.value(), difference.low(), difference.high());
    }
}
