package org.ntk4j.study.finding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.ntk4j.result.Metric;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/**
 * The finite networks of several seeds beside the ensemble of infinitely wide ones: lines of {@code summary.csv} with the
 * subject {@code network}, the reference {@code ensemble} and the split {@code test}, for each point of a sweep; the step is
 * the network's, or empty for the ensemble in the limit.
 *
 * <p>With S seeds, f_s their functions and μ_s, v_s the ensemble's mean and variance at the same moment: {@code meanRmse} is
 * the root mean square over examples and outputs of the mean over s of f_s − μ_s; {@code sampleVariance} the mean of the
 * unbiased variance of f_s over s; {@code predictedVariance} that of v_s; {@code varianceRatio} their quotient. If the
 * ensemble describes the networks, meanRmse is about √(predictedVariance/S), which {@code meanRmseExpected} gives.
 */
final class SampleOfNetworks {

    /** Fewer networks say little of a variance: theirs are in the tables only. */
    private static final int ENOUGH = 5;

    private SampleOfNetworks() {
    }

    static List<Summary.Line> lines(List<CellResult> cells) {
        List<Summary.Line> lines = new ArrayList<>();
        Summary.points(cells).forEach((swept, seeds) -> {
            if (seeds.size() > 1) {
                lines.addAll(lines(swept, seeds, true));
                lines.addAll(lines(swept, seeds, false));
            }
        });
        return lines;
    }

    /** What they say, at the networks' own step where the ensemble has one: a sentence for each point with many seeds. */
    static List<String> sentences(Summary summary) {
        List<String> sentences = new ArrayList<>();
        for (Summary.Point point : summary.points()) {
            Map<Metric, Summary.Line> found = new LinkedHashMap<>();
            summary.lines().stream().filter(l -> l.swept().equals(point.swept()) && l.reference() == Subject.ENSEMBLE
                    && l.subject() == Subject.NETWORK && l.split() == SplitName.TEST)
                    .forEach(l -> found.merge(l.metric(), l, (a, b) -> a.step().isNone() ? b : a));
            if (found.containsKey(Quantity.MEAN_RMSE.metric()) && point.seeds().size() >= ENOUGH) {
                String where = summary.points().size() == 1 ? "" : ScreenTable.where(point.swept());
                double predicted = Objects.requireNonNull(found.get(Quantity.PREDICTED_VARIANCE.metric())).mean();
                sentences.add(String.format(Locale.ROOT, "%sthe mean of %d networks is %.4f from the ensemble's (RMSE on the test set%s), "
                        + "their variance is %.3g, the ensemble's %s", where,
                        point.seeds().size(), found.get(Quantity.MEAN_RMSE.metric()).mean(),
                                predicted > 0 ? String.format(Locale.ROOT, "; %.4f expected",
                                Objects.requireNonNull(found.get(Quantity.MEAN_RMSE_EXPECTED.metric())).mean()) : "",
                        Objects.requireNonNull(found.get(Quantity.SAMPLE_VARIANCE.metric())).mean(),
                                predicted > 0 ? String.format(Locale.ROOT, "%.3g", predicted) : "0, as all start from 0"));
            }
        }
        return sentences;
    }

    private static List<Summary.Line> lines(Map<String, String> swept, List<CellResult> seeds, boolean limit) {
        List<double[][]> networks = new ArrayList<>();
        List<double[][]> differences = new ArrayList<>();
        TreeSet<Step> steps = new TreeSet<>();
        double predicted = 0;
        for (CellResult cell : seeds) {
            Step last = Summary.lastStep(cell);
            Step step = limit ? Step.NONE : last;
            Optional<double[][]> network = cell.function(Subject.NETWORK, last);
            Optional<double[][]> ensemble = cell.function(Subject.ENSEMBLE, step);
            Optional<CellResult.Variances> variances = cell.variances().stream()
                    .filter(v -> v.subject() == Subject.ENSEMBLE && v.step().equals(step)).findFirst();
            if (network.isEmpty() || ensemble.isEmpty() || variances.isEmpty() || network.get().length == 0) {
                return List.of();
            }
            steps.add(last);
            networks.add(network.get());
            differences.add(Residuals.minus(network.get(), ensemble.get()));
            for (double v : variances.get().values()) {
                predicted += v / variances.get().values().length / seeds.size();
            }
        }
        int s = seeds.size();
        double squares = 0;
        double[][] mean = mean(differences);
        for (double[] row : mean) {
            for (double value : row) {
                squares += value * value / mean.length / row.length;
            }
        }
        double sample = 0;
        double[][] centre = mean(networks);
        for (double[][] f : networks) {
            for (double[] row : Residuals.minus(f, centre)) {
                for (double value : row) {
                    sample += value * value / (s - 1) / f.length / row.length;
                }
            }
        }
        Step step = limit ? Step.NONE : steps.size() == 1 ? steps.first() : Step.LAST;
        Map<Metric, Double> values = new LinkedHashMap<>();
        values.put(Quantity.MEAN_RMSE.metric(), Math.sqrt(squares));
        values.put(Quantity.MEAN_RMSE_EXPECTED.metric(), Math.sqrt(predicted / s));
        values.put(Quantity.SAMPLE_VARIANCE.metric(), sample);
        values.put(Quantity.PREDICTED_VARIANCE.metric(), predicted);
        if (predicted > 0) {
            values.put(Quantity.VARIANCE_RATIO.metric(), sample / predicted);
        }
        return values.entrySet().stream()
                .map(v -> new Summary.Line(swept, Subject.NETWORK, Subject.ENSEMBLE, SplitName.TEST, step, v.getKey(), v.getValue(),
                Double.NaN, s)).toList();
    }

    private static double[][] mean(List<double[][]> functions) {
        double[][] mean = new double[functions.get(0).length][functions.get(0)[0].length];
        for (double[][] f : functions) {
            for (int i = 0; i < mean.length; i++) {
                for (int c = 0; c < mean[i].length; c++) {
                    mean[i][c] += f[i][c] / functions.size();
                }
            }
        }
        return mean;
    }
}
