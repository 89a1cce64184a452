package org.ntk4j.study.finding;

import java.util.ArrayList;
import java.util.List;
import org.ntk4j.result.Subject;

/**
 * What a study has found, in sentences and small tables below the numbers on the screen: verdicts, paired differences, directions and
 * examples, layers, slopes, failures.
 */
final class Findings {

    private static final Subject INIT = Subject.REGRESSION_INIT;
    private static final Subject TRAINED = Subject.REGRESSION_TRAINED;
    private static final Subject INFINITE = Subject.REGRESSION_INFINITE;

    private final Summary summary;
    private final int width;

    private Findings(Summary summary, int width) {
        this.summary = summary;
        this.width = width;
    }

    static String of(List<String> paths, List<CellResult> cells, Summary summary, int width) {
        Findings findings = new Findings(summary, width);
        List<String> lines = new ArrayList<>();
        if (summary.points().size() == 1) {
            findings.point(summary.points().get(0), lines);
        } else if (!summary.points().isEmpty()) {
            findings.verdicts(paths, lines);
            findings.differences(paths, lines);
            summary.slopes().stream().filter(Convergence::isTold).forEach(c -> lines.add(c.sentence()));
        }
        KernelChanges changes = new KernelChanges(summary.points().size() == 1 ? List.of() : paths, summary.points(), width);
        changes.kernels().ifPresent(lines::add);
        changes.layers().ifPresent(lines::add);
        changes.directions().ifPresent(lines::add);
        lines.addAll(changes.examples());
        lines.addAll(SampleOfNetworks.sentences(summary));
        cells.stream().filter(c -> !c.failure().isEmpty()).forEach(c -> lines.add("failed: "
                + ScreenTable.where(c.swept()) + "seed " + c.seed() + ": " + c.failure()));
        return String.join(System.lineSeparator(), lines.stream().map(l -> wrapped(l, width)).toList()).stripLeading();
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

    private void point(Summary.Point point, List<String> lines) {
        point.verdicts().forEach(v -> lines.add(v.sentence()));
        point.verdicts().stream().findFirst().ifPresent(v -> lines.add(Verdict.held(v.seeds())));
        if (!point.differences().isEmpty()) {
            if (point.differences().stream().anyMatch(d -> d.accuracy().isPresent())) {
                lines.add("test accuracy of NN_T minus that of "
                        + String.join("; ", point.differences().stream().map(d -> d.reference().symbol() + " " + d.accuracyWord())
                        .toList()));
            }
            lines.add("mean squared error of NN_T minus that of "
                    + String.join("; ", point.differences().stream().map(d -> d.reference().symbol() + " " + d.errorWord())
                    .toList()));
        }
    }

    /** A line for each point of the sweep. */
    private void verdicts(List<String> paths, List<String> lines) {
        List<String> heads = new ArrayList<>(ScreenTable.heads(paths));
        heads.addAll(List.of("than f_∞", "than f_0"));
        List<List<Object>> rows = new ArrayList<>();
        for (Summary.Point point : summary.points()) {
            List<Object> row = ScreenTable.keys(paths, point.swept());
            for (Subject reference : List.of(INFINITE, INIT)) {
                row.add(point.verdicts().stream().filter(v -> v.reference().equals(reference)).map(Verdict::answer).findFirst().orElse(""));
            }
            rows.add(row);
        }
        int seeds = summary.points().stream().flatMap(p -> p.verdicts().stream()).mapToInt(Verdict::seeds).max().orElse(1);
        add(rows, heads, paths, "is f_T closer to NN_T than … (test RMSE), at the network's own step, else (Adam) in the limit;"
                + System.lineSeparator() + Verdict.held(seeds), lines);
    }

    /** By how much NN_T is better: a table for the accuracy and one for the error. */
    private void differences(List<String> paths, List<String> lines) {
        List<Subject> references = List.of(INFINITE, TRAINED, INIT);
        for (boolean accuracy : new boolean[] {true, false}) {
            List<String> heads = new ArrayList<>(ScreenTable.heads(paths));
            references.forEach(r -> heads.add("NN_T − " + r.symbol()));
            List<List<Object>> rows = new ArrayList<>();
            for (Summary.Point point : summary.points()) {
                List<Object> row = ScreenTable.keys(paths, point.swept());
                for (Subject reference : references) {
                    row.add(point.differences().stream().filter(d -> d.reference().equals(reference))
                            .map(d -> accuracy ? d.accuracyWord() : d.errorWord()).findFirst().orElse(""));
                }
                rows.add(row);
            }
            add(rows, heads, paths, (accuracy ? "test accuracy" : "mean squared error on the test set")
                    + " of NN_T minus that of …, regressions in the limit, paired", lines);
        }
    }

    /** A table and what it says, unless it is empty. */
    private void add(List<List<Object>> rows, List<String> heads, List<String> paths, String caption, List<String> lines) {
        if (rows.stream().anyMatch(r -> r.stream().skip(paths.size()).anyMatch(v -> !v.toString().isEmpty()))) {
            lines.add(System.lineSeparator() + StackedTable.text(heads, rows, paths.size(), width).stripTrailing() + System.lineSeparator()
                    + caption);
        }
    }
}
