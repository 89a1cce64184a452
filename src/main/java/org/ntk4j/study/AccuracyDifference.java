package org.ntk4j.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.report.FunctionMetrics;

/**
 * By how much NN_T is right more often on the test set than another function, paired over examples and seeds: {@code accuracyDifference} with its 95 % interval
 * {@code accuracyDifferenceLow}, {@code accuracyDifferenceHigh} by {@link Resampling}. A regression is taken in the limit.
 *
 * @param reference  the other function
 * @param step       of the network; {@code trained} where seeds ended at different steps
 * @param difference of the accuracies
 */
record AccuracyDifference(Map<String, String> swept, String reference, String step, int seeds, Resampling difference) {

    private static final List<String> OTHERS = List.of("regression.init", "regression.trained", "regression.infinite", "regression.nngp", Subjects.LINEARIZED);

    /** Of networks that differ in the seed only. */
    static List<AccuracyDifference> of(List<CellResult> seeds) {
        List<AccuracyDifference> found = new ArrayList<>();
        OTHERS.forEach(reference -> of(seeds, reference).ifPresent(found::add));
        return found;
    }

    private static Optional<AccuracyDifference> of(List<CellResult> seeds, String reference) {
        double[][][] right = new double[2][seeds.size()][];
        for (int s = 0; s < seeds.size(); s++) {
            CellResult cell = seeds.get(s);
            String last = Summary.lastStep(cell);
            Optional<double[][]> network = cell.function(Subjects.NETWORK, last);
            Optional<double[][]> other = cell.function(reference, "").or(() -> cell.function(reference, last));
            if (last.isEmpty() || network.isEmpty() || other.isEmpty() || network.get().length == 0) {
                return Optional.empty();
            }
            right[0][s] = right(network.get(), cell.labels());
            right[1][s] = right(other.get(), cell.labels());
        }
        if (Arrays.stream(right[0]).mapToInt(r -> r.length).distinct().count() > 1) {
            return Optional.empty();
        }
        List<String> steps = seeds.stream().map(Summary::lastStep).distinct().toList();
        return Optional.of(new AccuracyDifference(seeds.get(0).swept(), reference, steps.size() == 1 ? steps.get(0) : RegressionOptions.TRAINED, seeds.size(),
                Resampling.of(right, m -> m[0] - m[1])));
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
    List<Summary.Line> lines() {
        return List.of(line("accuracyDifference", difference.value(), difference.deviation()), line("accuracyDifferenceLow", difference.low(), Double.NaN),
                line("accuracyDifferenceHigh", difference.high(), Double.NaN));
    }

    private Summary.Line line(String metric, double mean, double deviation) {
        return new Summary.Line(swept, Subjects.NETWORK, reference, "test", step, metric, mean, deviation, seeds);
    }

    /** {@code +0.021 [−0.003, 0.045]}. */
    String word() {
        return String.format(Locale.ROOT, "%+.3f [%+.3f, %+.3f]", difference.value(), difference.low(), difference.high());
    }
}
