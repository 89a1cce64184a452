package org.ntk4j.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.hipparchus.distribution.continuous.TDistribution;

/**
 * How a distance of kernels falls with the width: the least-squares slope of its logarithm over that of the width, each network being a
 * point, with Student's 95 % interval. {@code relativeFrobeniusSlope} in {@code summary.csv}, with {@code …Low} and {@code …High}; the
 * deviation is its standard error, the count that of the networks.
 *
 * <p>Expected: −1/2 for Θ_0 to Θ_∞, as fluctuations of a mean over independent units (Jacot et al. 2018); for Θ_T to Θ_0 at most −1/2, in
 * experiments closer to −1 (Lee et al. 2019, figure 1).
 *
 * @param path      what was swept: the width
 * @param others    the other swept values
 * @param low, high the ends of the interval; NaN for two points
 */
record Convergence(String path, Map<String, String> others, String subject, String reference, double slope, double error, double low,
        double high, int points,
        String expected) {

    /** The paths that are widths end so. */
    private static final List<String> WIDTHS = List.of("width", "channels", "units");

    /** What a sweep over a width shows; empty without one. */
    static List<Convergence> of(List<CellResult> cells) {
        List<Convergence> found = new ArrayList<>();
        cells.stream().flatMap(c -> c.swept().keySet().stream()).distinct()
                .filter(p -> WIDTHS.contains(p.substring(p.lastIndexOf('.') + 1))).forEach(path -> {
            Map<Map<String, String>, List<CellResult>> groups = new LinkedHashMap<>();
            cells.forEach(c -> groups.computeIfAbsent(without(c.swept(), path), k -> new ArrayList<>()).add(c));
            groups.forEach((others, group) -> {
                fit(path, others, group, Subjects.NTK_INIT, Subjects.NTK_INFINITE, "−1/2").ifPresent(found::add);
                fit(path, others, group, Subjects.NTK_TRAINED, Subjects.NTK_INIT, "−1/2 to −1").ifPresent(found::add);
            });
        });
        return found;
    }

    private static Map<String, String> without(Map<String, String> swept, String path) {
        Map<String, String> others = new LinkedHashMap<>(swept);
        others.remove(path);
        return others;
    }

    private static Optional<Convergence> fit(String path, Map<String, String> others, List<CellResult> cells, String subject,
            String reference, String expected) {
        List<double[]> points = new ArrayList<>();
        for (CellResult cell : cells) {
            String step = subject.equals(Subjects.NTK_INIT) ? "0" : Summary.lastStep(cell);
            cell.rows().stream().filter(r -> r.subject().equals(subject) && r.reference().equals(reference) && r.split().equals("train")
                    && r.step().equals(step)
                    && r.metric().equals("relativeFrobenius") && r.value() > 0)
                            .forEach(r -> number(Objects.requireNonNull(cell.swept().get(path)))
                            .ifPresent(width -> points.add(new double[] {Math.log(width), Math.log(r.value())})));
        }
        if (points.stream().mapToDouble(p -> p[0]).distinct().count() < 2) {
            return Optional.empty();
        }
        int n = points.size();
        double x = points.stream().mapToDouble(p -> p[0]).average().orElseThrow();
        double y = points.stream().mapToDouble(p -> p[1]).average().orElseThrow();
        double xx = points.stream().mapToDouble(p -> (p[0] - x) * (p[0] - x)).sum();
        double slope = points.stream().mapToDouble(p -> (p[0] - x) * (p[1] - y)).sum() / xx;
        double residuals = points.stream().mapToDouble(p -> Math.pow(p[1] - y - slope * (p[0] - x), 2)).sum();
        double error = n > 2 ? Math.sqrt(residuals / (n - 2) / xx) : Double.NaN;
        double half = n > 2 ? error * new TDistribution(n - 2).inverseCumulativeProbability(0.975) : Double.NaN;
        return Optional.of(new Convergence(path, others, subject, reference, slope, error, slope - half, slope + half, n, expected));
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
        lines.add(line("relativeFrobeniusSlope", slope, error));
        if (points > 2) {
            lines.add(line("relativeFrobeniusSlopeLow", low, Double.NaN));
            lines.add(line("relativeFrobeniusSlopeHigh", high, Double.NaN));
        }
        return lines;
    }

    private Summary.Line line(String metric, double mean, double deviation) {
        return new Summary.Line(others, subject, reference, "train", "", metric, mean, deviation, points);
    }

    /** The whole sentence. */
    String sentence() {
        String interval = points > 2 ? " [" + power(low) + ", " + power(high) + "]" : "";
        return String.format(Locale.ROOT, "%s%s to %s falls with %s as a power of %s%s (%d networks); expected %s",
                ScreenTable.where(others), Subjects.symbol(subject),
                Subjects.symbol(reference), path.substring(path.lastIndexOf('.') + 1), power(slope), interval, points, expected);
    }

    private static String power(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replace('-', '−');
    }
}
