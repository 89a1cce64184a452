package org.ntk4j.panel;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a run does not hold, so that a reader does not take it for an answer. */
final class Missing {

    /** A file, and what is not shown without it. */
    private static final List<List<String>> SHOWN = List.of(
            List.of("results.csv", "numbers"),
            List.of("summary.csv", "means over seeds"),
            List.of("history.csv", "training"),
            List.of("predictions.csv", "functions and the examples that differ most"),
            List.of("spectrum.csv", "spectra"),
            List.of("report/thinned.csv", "kernels as heat maps"));

    private Missing() {
    }

    static List<String> of(RunTables tables) {
        List<String> missing = new ArrayList<>();
        for (RunFiles run : tables.runs()) {
            String of = tables.runs().size() > 1 ? run.name() + ": " : "";
            HtmlReport.text(run.manifest(), "status").filter(s -> !s.equals("done")).ifPresent(s -> missing.add(of + status(s)));
            SHOWN.stream().filter(file -> !run.has(file.get(0)))
                    .forEach(file -> missing.add(of + file.get(0) + " is not there: no " + file.get(1) + "."));
            failures(run).forEach((reason, where) -> missing.add(of + "failed: " + where + reason));
        }
        return missing;
    }

    private static String status(String status) {
        return switch (status) {
            case "running" -> "The run has not ended, or was killed: its tables come at its end. What is finished is kept; run again with "
                    + "--resume.";
            case "interrupted" -> "The run was interrupted: this is what there was. Run again with --resume for the rest.";
            default -> "The run failed: this is what there was.";
        };
    }

    private static Map<String, String> failures(RunFiles run) {
        Map<String, String> failures = new LinkedHashMap<>();
        run.read("failures.csv", List.of("reason"), (line, spot) -> {
            String where = Optional.of(spot.name()).filter(n -> !n.isEmpty()).map(n -> n + ", ").orElse("");
            failures.merge(line.text("reason"), where + "seed " + line.text("seed") + ": ", (a, b) -> a.replaceFirst(": $", "; ") + b);
        });
        return failures;
    }
}
