package org.ntk4j.study.finding;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.ntk4j.result.Metric;
import org.ntk4j.result.Pair;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/**
 * What the cells say together: means and deviations over seeds, verdicts and differences over seeds and examples, slopes over widths.
 * Computed once, for the tables and for the screen.
 *
 * @param lines  of {@code summary.csv}
 * @param points in their order
 * @param slopes over widths
 */
public record Summary(List<Line> lines, List<Point> points, List<Convergence> slopes) {

    /**
     * One line of {@code summary.csv}.
     *
     * @param step      where seeds ended at different steps, {@code trained}
     * @param deviation the sample standard deviation; NaN for a single value
     */
    public record Line(Map<String, String> swept, Subject subject, Subject reference, SplitName split, Step step, Metric metric,
            double mean,
            double deviation,
            int count) {
    }

    private record Key(Map<String, String> swept, Subject subject, Subject reference, SplitName split, Step moment, Metric metric) {
    }

    /**
     * A point of a sweep.
     *
     * @param seeds       its cells that did not fail
     * @param verdicts    those that are wanted
     * @param differences those that are wanted
     */
    record Point(Map<String, String> swept, List<CellResult> seeds, List<Verdict> verdicts, List<PairedDifference> differences) {
    }

    public static Summary of(List<CellResult> cells) {
        return of(cells, List.of());
    }

    /**
     * What the cells say together.
     *
     * @param more further lines of {@code summary.csv}
     */
    public static Summary of(List<CellResult> cells, List<Line> more) {
        Map<Key, List<Row>> groups = new LinkedHashMap<>();
        for (CellResult cell : cells) {
            Step last = lastStep(cell);
            for (Row r : cell.rows()) {
                if (r.metric().quantity().isPooled()) {
                    continue;
                }
                Step moment = !r.step().isNone() && r.step().equals(last) ? Step.LAST : r.step();
                groups.computeIfAbsent(new Key(r.swept(), r.subject(), r.reference(), r.split(), moment, r.metric()),
                        k -> new ArrayList<>()).add(r);
            }
        }
        List<Line> lines = new ArrayList<>();
        groups.forEach((key, rows) -> {
            TreeSet<Step> steps = new TreeSet<>(rows.stream().map(Row::step).toList());
            double mean = rows.stream().mapToDouble(Row::value).average().orElseThrow();
            double squares = rows.stream().mapToDouble(r -> (r.value() - mean) * (r.value() - mean)).sum();
            double deviation = rows.size() < 2 ? Double.NaN : Math.sqrt(squares / (rows.size() - 1));
            lines.add(new Line(key.swept, key.subject, key.reference, key.split, steps.size() == 1 ? steps.first() : key.moment, key.metric,
                    mean, deviation,
                    rows.size()));
        });
        lines.addAll(SampleOfNetworks.lines(cells));
        lines.addAll(more);
        Set<Pair> resampled = new HashSet<>();
        cells.forEach(c -> c.rows().stream().filter(r -> r.metric().quantity().isPooled())
                .forEach(r -> resampled.add(new Pair(r.subject(), r.reference()))));
        List<Point> points = new ArrayList<>();
        points(cells).forEach((swept, seeds) -> points.add(new Point(swept, seeds,
                Verdict.of(seeds).stream().filter(v -> resampled.contains(new Pair(Verdict.SUBJECT, v.reference()))).toList(),
                PairedDifference.of(seeds).stream().filter(a -> resampled.contains(new Pair(Subject.NETWORK, a.reference()))).toList())));
        for (Point point : points) {
            point.verdicts.forEach(v -> lines.addAll(v.lines()));
            point.differences.forEach(a -> lines.addAll(a.lines()));
        }
        List<Convergence> slopes = Convergence.of(cells);
        slopes.forEach(c -> lines.addAll(c.lines()));
        return new Summary(List.copyOf(lines), List.copyOf(points), slopes);
    }

    /** The cells that did not fail, by what was swept beside the seed. */
    public static Map<Map<String, String>, List<CellResult>> points(List<CellResult> cells) {
        Map<Map<String, String>, List<CellResult>> points = new LinkedHashMap<>();
        cells.stream().filter(c -> c.failure().isEmpty()).forEach(c -> points.computeIfAbsent(c.swept(), k -> new ArrayList<>()).add(c));
        return points;
    }

    /** The network's last step; empty where nothing was trained. */
    public static Step lastStep(CellResult cell) {
        return cell.predictions().stream().filter(p -> p.subject() == Subject.NETWORK).map(CellResult.Prediction::step)
                .filter(step -> !step.equals(Step.START) || !cell.training().isEmpty()).findFirst().orElse(Step.NONE);
    }
}
