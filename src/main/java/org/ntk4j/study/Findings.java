package org.ntk4j.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.ntk4j.report.Table;

/** What a study has found, in sentences and small tables below the numbers on the screen: verdicts, paired differences, directions and examples, layers, slopes, failures. */
final class Findings {

    private static final String INIT = Subjects.regression(Subjects.NTK_INIT);
    private static final String TRAINED = Subjects.regression(Subjects.NTK_TRAINED);
    private static final String INFINITE = Subjects.regression(Subjects.NTK_INFINITE);

    private final List<CellResult> cells;
    private final Summary summary;
    private final int width;

    private Findings(List<CellResult> cells, Summary summary, int width) {
        this.cells = cells;
        this.summary = summary;
        this.width = width;
    }

    static String of(List<String> paths, List<CellResult> cells, Summary summary, int width) {
        Findings findings = new Findings(cells, summary, width);
        List<String> lines = new ArrayList<>();
        if (summary.points().size() == 1) {
            findings.point(summary.points().get(0), lines);
        } else if (!summary.points().isEmpty()) {
            findings.verdicts(paths, lines);
            summary.slopes().forEach(c -> lines.add(c.sentence()));
        }
        cells.stream().filter(c -> !c.failure().isEmpty()).forEach(c -> lines.add("failed: "
                + (c.swept().isEmpty() ? "" : c.swept() + " ") + "seed " + c.seed() + ": " + c.failure()));
        return String.join(System.lineSeparator(), lines.stream().map(l -> wrapped(l, width)).toList());
    }

    /** Sentences are broken at spaces; tables fit already. */
    private static String wrapped(String text, int width) {
        if (text.contains(System.lineSeparator()) || text.length() <= width) {
            return text;
        }
        StringBuilder all = new StringBuilder();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ")) {
            if (line.length() > 0 && line.length() + 1 + word.length() > width) {
                all.append(line).append(System.lineSeparator());
                line = new StringBuilder(" ");
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        return all.append(line).toString();
    }

    /** Whether pairs are compared at all. */
    private boolean isCompared(String subject, String reference) {
        return cells.stream().flatMap(c -> c.rows().stream()).anyMatch(r -> r.subject().equals(subject) && r.reference().equals(reference));
    }

    private void point(Summary.Point point, List<String> lines) {
        List<CellResult> seeds = point.seeds();
        point.verdicts().forEach(v -> lines.add(v.sentence()));
        if (!point.differences().isEmpty()) {
            lines.add("test accuracy of NN_T minus that of " + String.join("; ", point.differences().stream().map(d -> Subjects.symbol(d.reference()) + " " + d.word()).toList()));
        }
        mean(seeds, Subjects.NETWORK, "differenceEnergyTop").ifPresent(top -> lines.add(String.format(Locale.ROOT,
                "NN_T − f_∞ on the test set: %.0f %% of its energy lies in the first %d eigendirections of Θ_∞, of NN_T's own %.0f %%", 100 * top, Differences.COUNT,
                100 * mean(seeds, Subjects.NETWORK, "functionEnergyTop").orElse(Double.NaN))));
        if (isCompared(Subjects.NETWORK, INFINITE)) {
            List<String> examples = Differences.examples(seeds);
            if (!examples.isEmpty()) {
                lines.add("they differ most on the test examples (label: NN_T, f_∞) " + String.join(", ", examples));
            }
        }
        layers(seeds).ifPresent(lines::add);
    }

    private static Optional<Double> mean(List<CellResult> seeds, String subject, String metric) {
        double[] values = seeds.stream().flatMap(c -> c.rows().stream()).filter(r -> r.subject().equals(subject) && r.metric().equals(metric)).mapToDouble(Row::value).toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Arrays.stream(values).average().orElseThrow());
    }

    /** A line for each layer with weights. */
    private Optional<String> layers(List<CellResult> seeds) {
        Set<String> names = new LinkedHashSet<>();
        seeds.forEach(c -> c.rows().stream().filter(r -> r.metric().startsWith("share/")).forEach(r -> names.add(r.metric().substring("share/".length()))));
        if (names.isEmpty()) {
            return Optional.empty();
        }
        List<List<Object>> rows = new ArrayList<>();
        for (String layer : names) {
            List<Object> row = new ArrayList<>(List.of(layer));
            for (String metric : List.of("share/", "alignment/", "effectiveRank/")) {
                row.add(number(mean(seeds, Subjects.NTK_INIT, metric + layer)) + " → " + number(mean(seeds, Subjects.NTK_TRAINED, metric + layer)));
            }
            row.add(number(mean(seeds, Subjects.NTK_TRAINED, "relativeFrobenius/" + layer)));
            rows.add(row);
        }
        return Optional.of(System.lineSeparator() + new Table(List.of("layer", "share, Θ_0 → Θ_T", "alignment", "effective rank", "Θ_T to Θ_0"), rows).text(width).stripTrailing());
    }

    private static String number(Optional<Double> value) {
        return value.map(v -> String.format(Locale.ROOT, v < 10 ? "%.3f" : "%.1f", v)).orElse("");
    }

    /** A line for each point of the sweep. */
    private void verdicts(List<String> paths, List<String> lines) {
        List<String> heads = new ArrayList<>(ScreenTable.heads(paths));
        heads.addAll(List.of("than f_∞", "than f_0", "NN_T − f_∞", "NN_T − f_T"));
        List<List<Object>> rows = new ArrayList<>();
        for (Summary.Point point : summary.points()) {
            List<Object> row = new ArrayList<>();
            paths.forEach(path -> row.add(Objects.toString(point.swept().get(path), "")));
            for (String reference : List.of(INFINITE, INIT)) {
                row.add(point.verdicts().stream().filter(v -> v.reference().equals(reference)).map(Verdict::word).findFirst().orElse(""));
            }
            for (String reference : List.of(INFINITE, TRAINED)) {
                row.add(point.differences().stream().filter(d -> d.reference().equals(reference)).map(AccuracyDifference::word).findFirst().orElse(""));
            }
            rows.add(row);
        }
        boolean any = rows.stream().anyMatch(r -> r.stream().skip(paths.size()).anyMatch(v -> !v.toString().isEmpty()));
        if (any) {
            lines.add(new Table(heads, rows).text(width).stripTrailing());
            lines.add("is f_T closer to NN_T than … at the network's own step; test accuracy of NN_T minus that of …");
        }
    }
}
