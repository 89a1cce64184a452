package org.ntk4j.study.finding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.hipparchus.distribution.continuous.TDistribution;
import org.ntk4j.result.Metric;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/**
 * How a number falls with the width, or an error with the number of training examples: the least-squares slope of its logarithm over that
 * of the width or number, each network being a point, with Student's 95 % interval. In {@code summary.csv} with {@code …Low} and
 * {@code …High}; the deviation is its standard error, the count that of the networks.
 *
 * <p>{@code relativeFrobeniusSlope} of kernels. Expected: −1/2 for Θ_0 to Θ_∞, as fluctuations of a mean over independent units (Jacot et
 * al. 2018); for Θ_T to Θ_0 at most −1/2, in experiments closer to −1 (Lee et al. 2019, figure 1). {@code rmseSlope} of functions against
 * the network: at most −1/2 for NN_lin (the bound of Lee et al. 2019), −1 for NN_quad, whose error is of the next
 * order. {@code errorExponent}: the mean squared error on the test set is about n to this power.
 * Networks that differ in their seed or in the draw of their training set are points of one line; the test set is the same for all unless
 * that is drawn again too.
 *
 * @param path      what was swept: the width, or the number of examples
 * @param others    the other swept values
 * @param metric    its name in {@code summary.csv}
 * @param low, high the ends of the interval; NaN for two points
 * @param draws     how many draws of the training set there are among the points
 */
record Convergence(String path, Map<String, String> others, Subject subject, Subject reference, Metric metric, double slope, double error,
        double low, double high, int points, int draws,
        String expected) {

    /** The paths that are widths end so. */
    private static final List<String> WIDTHS = List.of("width", "channels", "units");
    /** Functions that should be equal end as far apart where training is in float32: distances this small show no slope. */
    private static final double ROUNDING = 1e-6;
    private static final String EXAMPLES = "data.train";
    private static final String DRAW = "data.seed";
    private static final List<Subject> LEARNERS = List.of(Subject.NETWORK, Subject.REGRESSION_INIT, Subject.REGRESSION_TRAINED,
            Subject.REGRESSION_INFINITE, Subject.REGRESSION_NNGP);

    /** A line of the study: what is followed, of which rows. */
    private record Curve(Subject subject, Subject reference, SplitName split, Metric metric, Quantity name, String expected) {
    }

    private static final List<Curve> OVER_WIDTHS = List.of(
            new Curve(Subject.NTK_INIT, Subject.NTK_INFINITE, SplitName.TRAIN, Quantity.RELATIVE_FROBENIUS.metric(),
                    Quantity.RELATIVE_FROBENIUS_SLOPE, "−1/2"),
            new Curve(Subject.NTK_TRAINED, Subject.NTK_INIT, SplitName.TRAIN, Quantity.RELATIVE_FROBENIUS.metric(),
                    Quantity.RELATIVE_FROBENIUS_SLOPE, "−1/2 to −1"),
            new Curve(Subject.LINEARIZED, Subject.NETWORK, SplitName.TEST, Quantity.RMSE.metric(), Quantity.RMSE_SLOPE,
                    "−1/2 to −1"),
            new Curve(Subject.QUADRATIC, Subject.NETWORK, SplitName.TEST, Quantity.RMSE.metric(), Quantity.RMSE_SLOPE, "−1"),
            new Curve(Subject.REGRESSION_INIT, Subject.NETWORK, SplitName.TEST, Quantity.RMSE.metric(), Quantity.RMSE_SLOPE, ""),
            new Curve(Subject.REGRESSION_TRAINED, Subject.NETWORK, SplitName.TEST, Quantity.RMSE.metric(), Quantity.RMSE_SLOPE, ""),
            new Curve(Subject.REGRESSION_INFINITE, Subject.NETWORK, SplitName.TEST, Quantity.RMSE.metric(), Quantity.RMSE_SLOPE, ""));

    /** What a sweep over a width or over the number of examples shows; empty without one. */
    static List<Convergence> of(List<CellResult> cells) {
        List<Convergence> found = new ArrayList<>();
        cells.stream().flatMap(c -> c.swept().keySet().stream()).distinct().forEach(path -> {
            boolean width = WIDTHS.contains(path.substring(path.lastIndexOf('.') + 1)) && !path.startsWith("data.");
            List<Curve> curves = width ? OVER_WIDTHS : path.equals(EXAMPLES)
                    ? LEARNERS.stream().map(s -> new Curve(s, Subject.LABELS, SplitName.TEST, Quantity.MSE.metric(),
                            Quantity.ERROR_EXPONENT, "")).toList() : List.of();
            Map<Map<String, String>, List<CellResult>> groups = new LinkedHashMap<>();
            cells.forEach(c -> groups.computeIfAbsent(without(c.swept(), path), k -> new ArrayList<>()).add(c));
            groups.forEach((others, group) -> curves.forEach(curve -> fit(path, others, group, curve).ifPresent(found::add)));
        });
        return found;
    }

    private static Map<String, String> without(Map<String, String> swept, String path) {
        Map<String, String> others = new LinkedHashMap<>(swept);
        others.remove(path);
        others.remove(DRAW);
        return others;
    }

    private static Optional<Convergence> fit(String path, Map<String, String> others, List<CellResult> cells, Curve curve) {
        List<double[]> points = new ArrayList<>();
        for (CellResult cell : cells) {
            Optional<Double> value = value(cell, curve);
            Optional<Double> width = number(Objects.requireNonNull(cell.swept().get(path)));
            if (value.isPresent() && width.isPresent()) {
                points.add(new double[] {Math.log(width.get()), Math.log(value.get())});
            }
        }
        if (points.stream().mapToDouble(p -> p[0]).distinct().count() < 2) {
            return Optional.empty();
        }
        int draws = (int) cells.stream().map(c -> String.valueOf(c.swept().get(DRAW))).distinct().count();
        int n = points.size();
        double x = points.stream().mapToDouble(p -> p[0]).average().orElseThrow();
        double y = points.stream().mapToDouble(p -> p[1]).average().orElseThrow();
        double xx = points.stream().mapToDouble(p -> (p[0] - x) * (p[0] - x)).sum();
        double slope = points.stream().mapToDouble(p -> (p[0] - x) * (p[1] - y)).sum() / xx;
        double residuals = points.stream().mapToDouble(p -> Math.pow(p[1] - y - slope * (p[0] - x), 2)).sum();
        double error = n > 2 ? Math.sqrt(residuals / (n - 2) / xx) : Double.NaN;
        double half = n > 2 ? error * new TDistribution(n - 2).inverseCumulativeProbability(0.975) : Double.NaN;
        return Optional.of(new Convergence(path, others, curve.subject, curve.reference, curve.name.metric(), slope, error, slope - half,
                slope + half, n, draws, curve.expected));
    }

    /** At the network's own last step if there is such a row, else in the limit. */
    private static Optional<Double> value(CellResult cell, Curve curve) {
        Step last = curve.subject == Subject.NTK_INIT ? Step.START : Summary.lastStep(cell);
        for (Step step : List.of(last, Step.NONE)) {
            Optional<Double> found = cell.rows().stream().filter(r -> r.subject().equals(curve.subject)
                    && r.reference().equals(curve.reference) && r.split().equals(curve.split)
                    && r.step().equals(step) && r.metric().equals(curve.metric) && r.value() > ROUNDING).map(Row::value).findFirst();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private static Optional<Double> number(String text) {
        try {
            return text == null || Double.parseDouble(text) <= 0 ? Optional.empty() : Optional.of(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** As lines of {@code summary.csv}; the width's own column is empty. */
    List<Summary.Line> lines() {
        List<Summary.Line> lines = new ArrayList<>();
        lines.add(line(metric, slope, error));
        if (points > 2) {
            lines.add(line(metric.low(), low, Double.NaN));
            lines.add(line(metric.high(), high, Double.NaN));
        }
        return lines;
    }

    private Summary.Line line(Metric name, double mean, double deviation) {
        return new Summary.Line(others, subject, reference, this.metric.equals(Quantity.RELATIVE_FROBENIUS_SLOPE.metric())
                ? SplitName.TRAIN : SplitName.TEST, Step.NONE, name, mean,
                deviation, points);
    }

    /** Whether it stands on the screen too: where something is expected, or it is a learning curve. */
    boolean isTold() {
        return !expected.isEmpty() || metric.equals(Quantity.ERROR_EXPONENT.metric());
    }

    /** The whole sentence. */
    String sentence() {
        String interval = points > 2 ? " [" + power(low) + ", " + power(high) + "]" : "";
        String what = path.substring(path.lastIndexOf('.') + 1);
        boolean curve = metric.equals(Quantity.ERROR_EXPONENT.metric());
        boolean limits = subject == Subject.REGRESSION_INFINITE && curve || subject == Subject.REGRESSION_NNGP;
        String points = this.points + (limits ? " regressions" : " networks") + (draws > 1 ? ", " + draws + " draws of the training set"
                : curve ? ", one draw of the training set" : "");
        if (curve) {
            return String.format(Locale.ROOT, "%sthe test error (mse) of %s falls with the number of training examples as a power of %s%s "
                    + "(%s)", ScreenTable.where(others), subject.symbol(), power(slope),
                    interval, points);
        }
        return String.format(Locale.ROOT, "%s%s to %s falls with %s as a power of %s%s (%s)%s", ScreenTable.where(others),
                subject.symbol(),
                reference.symbol(), what, power(slope), interval, points, expected.isEmpty() ? "" : "; expected " + expected);
    }

    private static String power(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replace('-', '−');
    }
}
