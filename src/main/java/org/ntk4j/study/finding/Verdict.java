package org.ntk4j.study.finding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.result.Metric;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/**
 * The conjecture, examined on the test set: is f_T, the regression with the kernel after training, closer to NN_T than another regression
 * is? All are taken at the network's own step where there are such regressions, else in the limit.
 *
 * <p>The metric {@code closerBy} is the RMSE to NN_T of the other minus that of f_T, over examples, outputs and seeds, with its
 * 95 % interval {@code closerByLow}, {@code closerByHigh}; {@code closerConfidence} is the share of the {@link Resampling resamples} in
 * which it is above 0. {@code closerVerdict} is 1 (yes) from a confidence of 0.975 on, −1 (no) down from 0.025, else 0 (undecided). It is
 * also 0 where closerBy is less than 2 % of the root mean square of NN_T: both then agree with the network alike, whatever the confidence.
 *
 * @param reference the other regression
 * @param step      of the regressions; empty for the limit
 * @param seeds     how many networks it speaks of
 * @param distance  RMSE of f_T to NN_T
 * @param other     RMSE of the other to NN_T
 * @param size      root mean square of NN_T
 * @param closer    {@code other − distance}
 */
public record Verdict(Map<String, String> swept, Subject reference, Step step, int seeds, double distance, double other, double size,
        Resampling closer) {

    private static final double SURE = 0.975;
    private static final double ALIKE = 0.02;
    static final Subject SUBJECT = Subject.REGRESSION_TRAINED;

    /** Of networks that differ in the seed only, against f_∞ and f_0, as far as there are such functions. */
    public static List<Verdict> of(List<CellResult> seeds) {
        List<Verdict> verdicts = new ArrayList<>();
        for (Subject reference : List.of(Subject.REGRESSION_INFINITE, Subject.REGRESSION_INIT)) {
            of(seeds, reference, true).or(() -> of(seeds, reference, false)).ifPresent(verdicts::add);
        }
        return verdicts;
    }

    private static Optional<Verdict> of(List<CellResult> seeds, Subject reference, boolean trained) {
        double[][][] quantities = new double[3][seeds.size()][];
        Step step = Step.NONE;
        for (int s = 0; s < seeds.size(); s++) {
            CellResult cell = seeds.get(s);
            Step last = Summary.lastStep(cell);
            step = trained ? last : Step.NONE;
            Optional<double[][]> network = cell.function(Subject.NETWORK, last);
            Optional<double[][]> mine = cell.function(SUBJECT, step);
            Optional<double[][]> other = cell.function(reference, step);
            if (last.isNone() || network.isEmpty() || mine.isEmpty() || other.isEmpty() || network.get().length == 0) {
                return Optional.empty();
            }
            quantities[0][s] = Residuals.squares(network.get(), mine.get());
            quantities[1][s] = Residuals.squares(network.get(), other.get());
            quantities[2][s] = Residuals.squares(network.get(), new double[network.get().length][network.get()[0].length]);
        }
        if (Arrays.stream(quantities[0]).mapToInt(q -> q.length).distinct().count() > 1) {
            return Optional.empty();
        }
        boolean same = seeds.stream().map(Summary::lastStep).distinct().count() == 1;
        return Optional.of(new Verdict(seeds.get(0).swept(), reference, trained && !same ? Step.LAST : step, seeds.size(),
                root(quantities[0]),
                root(quantities[1]), root(quantities[2]), Resampling.of(new double[][][] {quantities[0], quantities[1]},
                        m -> Math.sqrt(m[1]) - Math.sqrt(m[0]))));
    }

    private static double root(double[][] squares) {
        return Math.sqrt(Arrays.stream(squares).flatMapToDouble(Arrays::stream).average().orElseThrow());
    }

    /** What the intervals are over, and which draws they hold fixed. */
    static String held(int seeds) {
        return seeds > 1 ? "95 % intervals: over test examples and " + seeds + " seeds; the training draw held fixed"
                : "95 % intervals: over test examples; the seed and the training draw held fixed";
    }

    /** 1, 0 or −1. */
    int value() {
        return isAlike() ? 0 : closer.confidence() >= SURE ? 1 : closer.confidence() <= 1 - SURE ? -1 : 0;
    }

    private boolean isAlike() {
        return Math.abs(closer.value()) < ALIKE * size;
    }

    /** As lines of {@code summary.csv}. */
    public List<Summary.Line> lines() {
        return List.of(line(Quantity.CLOSER_BY.metric(), closer.value(), closer.deviation()), line(Quantity.CLOSER_BY.low(), closer.low(),
                Double.NaN),
                line(Quantity.CLOSER_BY.high(), closer.high(), Double.NaN), line(Quantity.CLOSER_CONFIDENCE.metric(), closer.confidence(),
                        Double.NaN),
                line(Quantity.CLOSER_VERDICT.metric(), value(), Double.NaN));
    }

    private Summary.Line line(Metric metric, double mean, double deviation) {
        return new Summary.Line(swept, SUBJECT, reference, SplitName.TEST, step, metric, mean, deviation, seeds);
    }

    /** {@code yes (99.8 %)}. */
    String word() {
        String word = value() == 1 ? "yes" : value() == -1 ? "no" : "undecided";
        return isAlike() ? "undecided (alike)" : String.format(Locale.ROOT, "%s (%.1f %%)", word,
                100 * (value() == -1 ? 1 - closer.confidence() : closer.confidence()));
    }

    /** {@code yes (99.8 %), 0.0115 [0.0084, 0.0145]}. */
    String answer() {
        return String.format(Locale.ROOT, "%s, %.4f [%.4f, %.4f]", word(), closer.value(), closer.low(), closer.high());
    }

    /** The whole sentence. */
    String sentence() {
        return String.format(Locale.ROOT, "is f_T closer to NN_T than %s is? %s: RMSE %.4f against %.4f, difference %.4f [%.4f, %.4f]%s",
                reference.symbol(),
                word(), distance, other, closer.value(), closer.low(), closer.high(),
                isAlike() ? String.format(Locale.ROOT, "; less than %.0f %% of NN_T, which is of size %.3f", 100 * ALIKE, size) : "");
    }
}
