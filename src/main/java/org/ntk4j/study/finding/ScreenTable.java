package org.ntk4j.study.finding;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Screen;
import org.ntk4j.result.Metric;
import org.ntk4j.result.Pair;
import org.ntk4j.result.Quantity;
import org.ntk4j.result.SplitName;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/** The comparison as it is printed: it answers the question at a glance and fits on a screen. */
public final class ScreenTable {

    /** From here on numbers are written as powers. */
    private static final double POWERS_FROM = 1e6;
    /** From this width on there is room for names beside symbols, and for whole words in heads. */
    private static final int WIDE = 92;
    private static final List<Subject> FUNCTIONS = List.of(Subject.NETWORK, Subject.LINEARIZED, Subject.QUADRATIC,
            Subject.REGRESSION_INIT, Subject.REGRESSION_TRAINED, Subject.REGRESSION_INFINITE, Subject.REGRESSION_NNGP, Subject.ENSEMBLE);

    private final List<Summary.Line> lines;
    private final List<CellResult> cells;
    /** Where the screen is a narrow terminal, its width; words and numbers are never cut. */
    private final int width = Screen.tableColumns();

    private ScreenTable(List<CellResult> cells, Summary summary) {
        this.cells = cells;
        this.lines = summary.lines();
    }

    /**
     * The tables of a study.
     *
     * @param compare the pairs that were asked for; empty: all
     * @param paths   the swept keys
     */
    public static String of(Set<Pair> compare, List<String> paths, List<CellResult> cells, Summary summary) {
        ScreenTable table = new ScreenTable(cells, summary);
        List<Map<String, String>> points = summary.points().stream().map(Summary.Point::swept).toList();
        StringBuilder text = new StringBuilder();
        if (points.size() == 1) {
            text.append(compare.isEmpty() ? table.functions(points.get(0)) + System.lineSeparator()
                    + table.kernels(points.get(0))
                    : table.pairs(compare));
            for (CellResult cell : cells) {
                if (!cell.training().isEmpty()) {
                    text.append("training").append(cells.size() > 1 ? ", seed " + cell.seed() : "").append(": ").append(cell.training())
                            .append(System.lineSeparator());
                }
            }
        } else if (!points.isEmpty()) {
            text.append(table.sweep(paths, points));
        }
        String findings = Findings.of(paths, cells, summary, table.width);
        if (!findings.isEmpty()) {
            text.append(System.lineSeparator()).append(findings);
        }
        return text.toString().stripTrailing();
    }

    /** Each function: its accuracy, and how far it is from the network. */
    private String functions(Map<String, String> point) {
        List<List<Object>> rows = new ArrayList<>();
        for (Subject subject : FUNCTIONS) {
            for (Summary.Line line : lines) {
                boolean mine = line.swept().equals(point) && line.subject().equals(subject) && line.metric().equals(Quantity.MSE.metric())
                        && line.split() == SplitName.TEST;
                // Without a variance the ensemble is f_∞ once more.
                boolean repeats = subject == Subject.ENSEMBLE
                        && Double.valueOf(0).equals(value(point, subject, Subject.NONE, SplitName.TEST, line.step(),
                                Quantity.VARIANCE.metric()));
                if (mine && line.reference() == Subject.LABELS && !repeats) {
                    rows.add(function(point, subject, line.step()));
                }
            }
        }
        List<String> columns = new ArrayList<>(List.of("function", "step", hasClasses() ? "test accuracy" : "test R²", "train", "mse"));
        if (hasNetwork()) {
            columns.addAll(List.of("RMSE to " + network(), "corr."));
        }
        if (hasNetwork() && hasClasses()) {
            columns.add("agree");
        }
        return StackedTable.text(columns, rows.stream().map(row -> row.subList(0, columns.size())).toList(), 2, width);
    }

    private boolean hasNetwork() {
        return lines.stream().anyMatch(l -> l.subject() == Subject.NETWORK);
    }

    /** What the finite network is called: NN_0 where nothing is trained. */
    private String network() {
        return cells.stream().anyMatch(c -> !c.training().isEmpty()) ? Subject.NETWORK.symbol() : "NN_0";
    }

    private boolean hasClasses() {
        return cells.stream().allMatch(c -> c.hasClasses() || !c.failure().isEmpty());
    }

    /** How good a function is: its accuracy, or the share of variance that it explains. */
    private Metric score() {
        return hasClasses() ? Quantity.ACCURACY.metric() : Quantity.R2.metric();
    }

    private List<Object> function(Map<String, String> point, Subject subject, Step step) {
        List<Object> row = new ArrayList<>();
        String symbol = subject == Subject.NETWORK ? network() : subject.symbol();
        row.add(width < WIDE ? symbol : String.format(Locale.ROOT, "%-6s %s", symbol, subject));
        row.add(step.isNone() ? "∞" : step);
        Optional<Summary.Line> score = line(point, subject, Subject.LABELS, SplitName.TEST, step, score());
        Double low = value(point, subject, Subject.LABELS, SplitName.TEST, step, Quantity.ACCURACY.low());
        Double high = value(point, subject, Subject.LABELS, SplitName.TEST, step, Quantity.ACCURACY.high());
        row.add(score.map(s -> Double.isNaN(s.deviation()) && low != null
                ? number("%.3f", s.mean()) + " [" + number("%.2f", low) + ", " + number("%.2f", high) + "]"
                : spread(s, "%.3f")).orElse(""));
        row.add(number("%.3f", value(point, subject, Subject.LABELS, SplitName.TRAIN, step, score())));
        row.add(number("%.4f", value(point, subject, Subject.LABELS, SplitName.TEST, step, Quantity.MSE.metric())));
        boolean network = subject == Subject.NETWORK;
        row.add(network ? "" : number("%.4f", value(point, subject, Subject.NETWORK, SplitName.TEST, step, Quantity.RMSE.metric())));
        row.add(network ? "" : number("%.4f", value(point, subject, Subject.NETWORK, SplitName.TEST, step, Quantity.CORRELATION.metric())));
        if (hasClasses()) {
            row.add(network ? "" : number("%.2f", value(point, subject, Subject.NETWORK, SplitName.TEST, step,
                    Quantity.AGREEMENT.metric())));
        }
        return row;
    }

    /** Only the pairs that were asked for, a line for each pair and moment. */
    private String pairs(Set<Pair> wanted) {
        List<List<Object>> rows = new ArrayList<>();
        for (Pair pair : wanted) {
            for (Summary.Line line : lines) {
                if (line.subject() == pair.subject() && line.reference() == pair.reference()) {
                    rows.add(List.of(pair.subject(), pair.reference(), line.split(), line.step().isNone() ? "∞" : line.step(),
                            line.metric(),
                            spread(line, "%.4g")));
                }
            }
        }
        return StackedTable.text(List.of("subject", "reference", "split", "step", "metric", "value"), rows, 2, width);
    }

    /** The tangent kernels among each other, on train and on test. */
    private String kernels(Map<String, String> point) {
        List<Pair> pairs = List.of(new Pair(Subject.NTK_INIT, Subject.NTK_INFINITE),
                new Pair(Subject.NTK_TRAINED, Subject.NTK_INFINITE), new Pair(Subject.NTK_TRAINED, Subject.NTK_INIT));
        Map<Object, List<Object>> rows = new LinkedHashMap<>();
        for (Pair pair : pairs) {
            for (Summary.Line line : lines) {
                boolean mine = line.swept().equals(point) && line.subject() == pair.subject() && line.reference() == pair.reference()
                        && line.metric().equals(Quantity.RELATIVE_FROBENIUS.metric()) && line.split() == SplitName.TRAIN;
                if (mine) {
                    rows.put(List.of(pair, line.step()), kernelPair(point, pair, line.step()));
                }
            }
        }
        if (rows.isEmpty()) {
            return "";
        }
        String frobenius = width < WIDE ? "Frob." : "Frobenius";
        return StackedTable.text(List.of("kernels", "step", "train: " + frobenius, "1−cosine", "CKA", "test: " + frobenius, "1−cosine ",
                "CKA "),
                List.copyOf(rows.values()), 2, width);
    }

    private List<Object> kernelPair(Map<String, String> point, Pair pair, Step step) {
        List<Object> row = new ArrayList<>(List.of(pair.subject().symbol() + " against " + pair.reference().symbol(), step));
        for (SplitName split : SplitName.values()) {
            row.add(number("%.4f", value(point, pair.subject(), pair.reference(), split, step, Quantity.RELATIVE_FROBENIUS.metric())));
            row.add(number("%.5f", value(point, pair.subject(), pair.reference(), split, step, Quantity.KERNEL_DISTANCE.metric())));
            row.add(number("%.5f", value(point, pair.subject(), pair.reference(), split, step, Quantity.CKA.metric())));
        }
        return row;
    }

    /** A column of the table of a sweep; one that is empty everywhere is left out. */
    private record Column(String head, Subject subject, Subject reference, Metric metric, String format) {
    }

    private Column score(String head, Subject subject) {
        return new Column(head, subject, Subject.LABELS, score(), "%.3f");
    }

    /** A line for each point of the sweep, means over seeds: first how good the functions are, then how far from each other. */
    private String sweep(List<String> paths, List<Map<String, String>> points) {
        List<Column> scores = List.of(score(network(), Subject.NETWORK), score("NN_lin", Subject.LINEARIZED),
                score("NN_quad", Subject.QUADRATIC), score("f_0", Subject.REGRESSION_INIT),
                score("f_T", Subject.REGRESSION_TRAINED), score("f_∞", Subject.REGRESSION_INFINITE), score("f_NNGP",
                        Subject.REGRESSION_NNGP));
        List<Column> distances = List.of(
                new Column("NN_lin to NN_T", Subject.LINEARIZED, Subject.NETWORK, Quantity.RMSE.metric(), "%.4f"),
                new Column("NN_quad to NN_T", Subject.QUADRATIC, Subject.NETWORK, Quantity.RMSE.metric(), "%.4f"),
                new Column("f_T to NN_T", Subject.REGRESSION_TRAINED, Subject.NETWORK, Quantity.RMSE.metric(), "%.4f"),
                new Column("f_∞ to NN_T", Subject.REGRESSION_INFINITE, Subject.NETWORK, Quantity.RMSE.metric(), "%.4f"),
                new Column("Θ_0 to Θ_∞", Subject.NTK_INIT, Subject.NTK_INFINITE, Quantity.RELATIVE_FROBENIUS.metric(), "%.4f"),
                new Column("Θ_T to Θ_0", Subject.NTK_TRAINED, Subject.NTK_INIT, Quantity.RELATIVE_FROBENIUS.metric(), "%.4f"));
        List<Column> errors = scores.stream().map(c -> new Column(c.head, c.subject, c.reference, Quantity.MSE.metric(), "%.4f")).toList();
        return part(paths, points, scores, (hasClasses() ? "test accuracy" : "R² on the test set") + ", regressions in the limit")
                + System.lineSeparator()
                + part(paths, points, errors, "mean squared error on the test set, regressions in the limit")
                + (distances.stream().allMatch(c -> isEmpty(points, c)) ? "" : System.lineSeparator() + part(paths, points, distances,
                        "RMSE on the test set, regressions in the limit; relative Frobenius distance on the training set"));
    }

    private boolean isEmpty(List<Map<String, String>> points, Column c) {
        return points.stream().allMatch(p -> limit(p, c).isEmpty());
    }

    /** The columns that say something, and below them what they are. */
    private String part(List<String> paths, List<Map<String, String>> points, List<Column> columns, String title) {
        List<Column> filled = columns.stream().filter(c -> !isEmpty(points, c)).toList();
        List<String> heads = new ArrayList<>(heads(paths));
        filled.forEach(c -> heads.add(c.head));
        boolean first = columns.get(0).metric.equals(score());
        if (first) {
            heads.add("seeds");
        }
        List<List<Object>> rows = new ArrayList<>();
        for (Map<String, String> point : points) {
            List<Object> row = new ArrayList<>();
            paths.forEach(path -> row.add(point.get(path)));
            filled.forEach(c -> row.add(limit(point, c)));
            if (first) {
                row.add(cells.stream().filter(c -> c.swept().equals(point)).count());
            }
            rows.add(row);
        }
        return StackedTable.text(heads, rows, paths.size(), width) + title + System.lineSeparator();
    }

    /** A point of a sweep in words, {@code readout gap, channels 8: }; empty without a sweep. */
    static String where(Map<String, String> swept) {
        List<String> paths = List.copyOf(swept.keySet());
        List<String> heads = heads(paths);
        return paths.isEmpty() ? "" : String.join(", ", IntStream.range(0, paths.size())
                .mapToObj(i -> heads.get(i) + " " + swept.get(paths.get(i))).toList()) + ": ";
    }

    /** The last word of each path where that tells them apart, {@code width}; else the paths. */
    static List<String> heads(List<String> paths) {
        List<String> last = paths.stream().map(path -> path.substring(path.lastIndexOf('.') + 1)).toList();
        return last.stream().distinct().count() == last.size() ? last : paths;
    }

    /** The beginning of a line: the point's value of each path. */
    static List<Object> keys(List<String> paths, Map<String, String> swept) {
        List<Object> keys = new ArrayList<>();
        paths.forEach(path -> keys.add(Objects.toString(swept.get(path), "")));
        return keys;
    }

    /** The mean in the limit, or at the last step of what has no limit. */
    private String limit(Map<String, String> point, Column c) {
        SplitName split = c.metric.equals(Quantity.RELATIVE_FROBENIUS.metric()) ? SplitName.TRAIN : SplitName.TEST;
        List<Summary.Line> found = lines.stream().filter(l -> l.swept().equals(point) && l.subject() == c.subject
                && l.reference() == c.reference
                && l.metric().equals(c.metric) && l.split() == split).toList();
        return found.stream().filter(l -> l.step().isNone()).findFirst().or(() -> found.stream().reduce((a, b) -> b))
                .map(l -> spread(l, c.format)).orElse("");
    }

    private static String spread(Summary.Line line, String format) {
        String mean = number(format, line.mean());
        return Double.isNaN(line.deviation()) ? mean : mean + " ± " + number(format, line.deviation()).replaceFirst("^0(?=\\.)", "");
    }

    private Optional<Summary.Line> line(Map<String, String> point, Subject subject, Subject reference, SplitName split, Step step,
            Metric metric) {
        return lines.stream().filter(l -> l.swept().equals(point) && l.subject() == subject && l.reference() == reference
                && l.split() == split
                && l.step().equals(step) && l.metric().equals(metric)).findFirst();
    }

    private @Nullable Double value(Map<String, String> point, Subject subject, Subject reference, SplitName split, Step step,
            Metric metric) {
        return line(point, subject, reference, split, step, metric).map(Summary.Line::mean).orElse(null);
    }

    private static String number(String format, @Nullable Double value) {
        return value == null ? "" : String.format(Locale.ROOT, Math.abs(value) < POWERS_FROM ? format : "%.2e", value);
    }
}
