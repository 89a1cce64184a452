package org.ntk4j.panel;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run remarked on its way: {@code report/notes.csv}; of older runs, the lines of {@code log.txt} that are remarks. */
final class Remarks {

    private static final List<String> NO_REMARKS = List.of("cell [0-9]+ of .*", "done", "resumed", "failed: .*",
            ".*: eigenvalues .* condition number .*");

    private Remarks() {
    }

    /** Remarks that differ in their numbers alone are one, as it was first said; with how often it was said. */
    static Map<String, Integer> read(RunFiles run) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        Map<String, String> first = new LinkedHashMap<>();
        if (run.has("report/notes.csv")) {
            run.read("report/notes.csv", List.of("kind", "note"), (line, spot) -> {
                if (line.is("kind", "note")) {
                    count(line.text("note"), first, counts);
                }
            });
        } else {
            run.text("log.txt").lines().map(line -> line.replaceFirst("^\\S+ ", ""))
                    .filter(line -> NO_REMARKS.stream().noneMatch(line::matches))
                    .forEach(line -> count(line, first, counts));
        }
        return counts;
    }

    private static void count(String note, Map<String, String> first, Map<String, Integer> counts) {
        counts.merge(first.computeIfAbsent(note.replaceAll("[0-9.]+", "#"), pattern -> note), 1, Integer::sum);
    }
}
