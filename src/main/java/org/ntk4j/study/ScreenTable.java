package org.ntk4j.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Screen;
import org.ntk4j.files.Table;

/** The comparison as it is printed: it answers the question at a glance and fits on a screen. */
final class ScreenTable {

    /** From here on numbers are written as powers. */
    private static final double POWERS_FROM = 1e6;
    /** So many columns hold names beside symbols, and whole words in heads. */
    private static final int WIDE = 92;
    private static final String[] FUNCTIONS = {Subjects.NETWORK, Subjects.LINEARIZED, Subjects.QUADRATIC, "regression.init",
            "regression.trained", "regression.infinite", "regression.nngp",
            Subjects.ENSEMBLE};

    private final List<Summary.Line> lines;
    private final List<CellResult> cells;
    /** Where the screen is a narrow terminal, its width; words and numbers are never cut. */
    private final int width = Screen.tableColumns();

    private ScreenTable(List<CellResult> cells, Summary summary) {
        this.cells = cells;
        this.lines = summary.lines();
    }

    static String of(Definition definition, List<CellResult> cells, Summary summary) {
        ScreenTable table = new ScreenTable(cells, summary);
        List<Map<String, String>> points = summary.points().stream().map(Summary.Point::swept).toList();
        StringBuilder text = new StringBuilder();
        if (points.size() == 1) {
            text.append(definition.compare().isEmpty() ? table.functions(points.get(0)) + System.lineSeparator()
                    + table.kernels(points.get(0))
                    : table.pairs(definition));
            for (CellResult cell : cells) {
                if (!cell.training().isEmpty()) {
                    text.append("training").append(cells.size() > 1 ? ", seed " + cell.seed() : "").append(": ").append(cell.training())
                            .append(System.lineSeparator());
                }
            }
        } else if (!points.isEmpty()) {
            text.append(table.sweep(definition, points));
        }
        String findings = Findings.of(definition.sweep().paths(), cells, summary, table.width);
        if (!findings.isEmpty()) {
            text.append(System.lineSeparator()).append(findings);
        }
        return text.toString().stripTrailing();
    }

    /** Each function: its accuracy, and how far it is from the network. */
    private String functions(Map<String, String> point) {
        List<List<Object>> rows = new ArrayList<>();
        for (String subject : FUNCTIONS) {
            for (Summary.Line line : lines) {
                boolean mine = line.swept().equals(point) && line.subject().equals(subject) && line.metric().equals("mse")
                        && line.split().equals("test");
                // Without a variance the ensemble is f_∞ once more.
                boolean repeats = subject.equals(Subjects.ENSEMBLE)
                        && Double.valueOf(0).equals(value(point, subject, "", "test", line.step(), "variance"));
                if (mine && line.reference().equals(Subjects.LABELS) && !repeats) {
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
        return lines.stream().anyMatch(l -> l.subject().equals(Subjects.NETWORK));
    }

    /** What the finite network is called: NN_0 where nothing is trained. */
    private String network() {
        return cells.stream().anyMatch(c -> !c.training().isEmpty()) ? Subjects.symbol(Subjects.NETWORK) : "NN_0";
    }

    private boolean hasClasses() {
        return cells.stream().allMatch(c -> c.hasClasses() || !c.failure().isEmpty());
    }

    /** How good a function is: its accuracy, or the share of variance that it explains. */
    private String score() {
        return hasClasses() ? "accuracy" : "r2";
    }

    private List<Object> function(Map<String, String> point, String subject, String step) {
        List<Object> row = new ArrayList<>();
        String symbol = subject.equals(Subjects.NETWORK) ? network() : Subjects.symbol(subject);
        row.add(width < WIDE ? symbol : String.format(Locale.ROOT, "%-6s %s", symbol, subject));
        row.add(step.isEmpty() ? "∞" : step);
        Optional<Summary.Line> score = line(point, subject, Subjects.LABELS, "test", step, score());
        Double low = value(point, subject, Subjects.LABELS, "test", step, "accuracyLow");
        Double high = value(point, subject, Subjects.LABELS, "test", step, "accuracyHigh");
        row.add(score.map(s -> Double.isNaN(s.deviation()) && low != null
                ? number("%.3f", s.mean()) + " [" + number("%.2f", low) + ", " + number("%.2f", high) + "]"
                : spread(s, "%.3f")).orElse(""));
        row.add(number("%.3f", value(point, subject, Subjects.LABELS, "train", step, score())));
        row.add(number("%.4f", value(point, subject, Subjects.LABELS, "test", step, "mse")));
        boolean network = subject.equals(Subjects.NETWORK);
        row.add(network ? "" : number("%.4f", value(point, subject, Subjects.NETWORK, "test", step, "rmse")));
        row.add(network ? "" : number("%.4f", value(point, subject, Subjects.NETWORK, "test", step, "correlation")));
        if (hasClasses()) {
            row.add(network ? "" : number("%.2f", value(point, subject, Subjects.NETWORK, "test", step, "agreement")));
        }
        return row;
    }

    /** Only the pairs that were asked for, a line for each pair and moment. */
    private String pairs(Definition definition) {
        List<List<Object>> rows = new ArrayList<>();
        for (List<String> pair : definition.compare()) {
            for (Summary.Line line : lines) {
                if (line.subject().equals(pair.get(0)) && line.reference().equals(pair.get(1))) {
                    rows.add(List.of(pair.get(0), pair.get(1), line.split(), line.step().isEmpty() ? "∞" : line.step(), line.metric(),
                            spread(line, "%.4g")));
                }
            }
        }
        return new Table(List.of("subject", "reference", "split", "step", "metric", "value"), rows).text(width);
    }

    /** The tangent kernels among each other, on train and on test. */
    private String kernels(Map<String, String> point) {
        String[][] pairs = {{Subjects.NTK_INIT, Subjects.NTK_INFINITE}, {Subjects.NTK_TRAINED, Subjects.NTK_INFINITE},
                {Subjects.NTK_TRAINED, Subjects.NTK_INIT}};
        Map<String, List<Object>> rows = new LinkedHashMap<>();
        for (String[] pair : pairs) {
            for (Summary.Line line : lines) {
                boolean mine = line.swept().equals(point) && line.subject().equals(pair[0]) && line.reference().equals(pair[1])
                        && line.metric().equals("relativeFrobenius") && line.split().equals("train");
                if (mine) {
                    rows.put(pair[0] + pair[1] + line.step(), kernelPair(point, pair, line.step()));
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

    private List<Object> kernelPair(Map<String, String> point, String[] pair, String step) {
        List<Object> row = new ArrayList<>(List.of(Subjects.symbol(pair[0]) + " against " + Subjects.symbol(pair[1]), step));
        for (String split : List.of("train", "test")) {
            row.add(number("%.4f", value(point, pair[0], pair[1], split, step, "relativeFrobenius")));
            row.add(number("%.5f", value(point, pair[0], pair[1], split, step, "kernelDistance")));
            row.add(number("%.5f", value(point, pair[0], pair[1], split, step, "cka")));
        }
        return row;
    }

    /** A column of the table of a sweep; one that is empty everywhere is left out. */
    private record Column(String head, String subject, String reference, String metric, String format) {
    }

    private Column score(String head, String subject) {
        return new Column(head, subject, Subjects.LABELS, score(), "%.3f");
    }

    /** A line for each point of the sweep, means over seeds: first how good the functions are, then how far from each other. */
    private String sweep(Definition definition, List<Map<String, String>> points) {
        List<Column> scores = List.of(score(network(), Subjects.NETWORK), score("NN_lin", Subjects.LINEARIZED),
                score("NN_quad", Subjects.QUADRATIC), score("f_0", "regression.init"),
                score("f_T", "regression.trained"), score("f_∞", "regression.infinite"), score("f_NNGP", "regression.nngp"));
        List<Column> distances = List.of(
                new Column("NN_lin to NN_T", Subjects.LINEARIZED, Subjects.NETWORK, "rmse", "%.4f"),
                new Column("NN_quad to NN_T", Subjects.QUADRATIC, Subjects.NETWORK, "rmse", "%.4f"),
                new Column("f_T to NN_T", "regression.trained", Subjects.NETWORK, "rmse", "%.4f"),
                new Column("f_∞ to NN_T", "regression.infinite", Subjects.NETWORK, "rmse", "%.4f"),
                new Column("Θ_0 to Θ_∞", Subjects.NTK_INIT, Subjects.NTK_INFINITE, "relativeFrobenius", "%.4f"),
                new Column("Θ_T to Θ_0", Subjects.NTK_TRAINED, Subjects.NTK_INIT, "relativeFrobenius", "%.4f"));
        List<Column> errors = scores.stream().map(c -> new Column(c.head, c.subject, c.reference, "mse", "%.4f")).toList();
        return part(definition, points, scores) + (hasClasses() ? "test accuracy" : "R² on the test set") + ", regressions in the limit"
                + System.lineSeparator() + System.lineSeparator()
                + part(definition, points, errors) + "mean squared error on the test set, regressions in the limit"
                        + System.lineSeparator() + System.lineSeparator()
                + part(definition, points, distances) + "RMSE on the test set, regressions in the limit; relative Frobenius distance on "
                        + "the training set"
                + System.lineSeparator();
    }

    private String part(Definition definition, List<Map<String, String>> points, List<Column> columns) {
        List<Column> filled = columns.stream().filter(c -> points.stream().anyMatch(p -> !limit(p, c).isEmpty())).toList();
        List<String> heads = new ArrayList<>(heads(definition.sweep().paths()));
        filled.forEach(c -> heads.add(c.head));
        boolean first = columns.get(0).metric.equals(score());
        if (first) {
            heads.add("seeds");
        }
        List<List<Object>> rows = new ArrayList<>();
        for (Map<String, String> point : points) {
            List<Object> row = new ArrayList<>();
            definition.sweep().paths().forEach(path -> row.add(point.get(path)));
            filled.forEach(c -> row.add(limit(point, c)));
            if (first) {
                row.add(cells.stream().filter(c -> c.swept().equals(point)).count());
            }
            rows.add(row);
        }
        return StackedTable.text(heads, rows, definition.sweep().paths().size(), width);
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
        String split = c.metric.equals("relativeFrobenius") ? "train" : "test";
        List<Summary.Line> found = lines.stream().filter(l -> l.swept().equals(point) && l.subject().equals(c.subject)
                && l.reference().equals(c.reference)
                && l.metric().equals(c.metric) && l.split().equals(split)).toList();
        return found.stream().filter(l -> l.step().isEmpty()).findFirst().or(() -> found.stream().reduce((a, b) -> b))
                .map(l -> spread(l, c.format)).orElse("");
    }

    private static String spread(Summary.Line line, String format) {
        String mean = number(format, line.mean());
        return Double.isNaN(line.deviation()) ? mean : mean + " ± " + number(format, line.deviation()).replaceFirst("^0(?=\\.)", "");
    }

    private Optional<Summary.Line> line(Map<String, String> point, String subject, String reference, String split, String step,
            String metric) {
        return lines.stream().filter(l -> l.swept().equals(point) && l.subject().equals(subject) && l.reference().equals(reference)
                && l.split().equals(split)
                && l.step().equals(step) && l.metric().equals(metric)).findFirst();
    }

    private @Nullable Double value(Map<String, String> point, String subject, String reference, String split, String step, String metric) {
        return line(point, subject, reference, split, step, metric).map(Summary.Line::mean).orElse(null);
    }

    private static String number(String format, @Nullable Double value) {
        return value == null ? "" : String.format(Locale.ROOT, Math.abs(value) < POWERS_FROM ? format : "%.2e", value);
    }
}
