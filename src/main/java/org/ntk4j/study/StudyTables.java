package org.ntk4j.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.data.Split;
import org.ntk4j.files.Table;
import org.ntk4j.panel.HtmlReport;
import org.ntk4j.report.Looks;
import org.ntk4j.report.Manifest;
import org.ntk4j.report.RunFolder;
import org.ntk4j.study.finding.CellResult;
import org.ntk4j.study.finding.LargestDifferences;
import org.ntk4j.study.finding.ScreenTable;
import org.ntk4j.study.finding.Summary;
import org.ntk4j.study.finding.Tables;

/** What a study writes into its folder: the manifest, the tables, the summary, the report. */
final class StudyTables {

    static final String SUMMARY = "summary.txt";

    private final Definition definition;
    private final RunFolder folder;
    private final Shared shared;
    private Manifest manifest;

    StudyTables(Definition definition, RunFolder folder, Shared shared, Manifest manifest) {
        this.definition = definition;
        this.folder = folder;
        this.shared = shared;
        this.manifest = manifest;
    }

    /** Writes the manifest as far as it is known. */
    void begin() {
        folder.describe(manifest);
    }

    /** Writes the tables of these cells. */
    Study.Outcome write(List<CellResult> done) {
        Summary summary = Summary.of(done, shared.averages().lines(done));
        Tables tables = new Tables(folder.run(), definition.sweep().paths(), done, summary);
        Map<String, Table> files = tables.all(definition.save().contains("predictions"));
        looks(tables, done).ifPresent(table -> files.put("report/looks.csv", table));
        files.forEach(folder::write);
        String screen = done.isEmpty() ? "" : ScreenTable.of(definition.compare(), definition.sweep().paths(), done, summary);
        folder.write(SUMMARY, screen + System.lineSeparator());
        for (CellResult cell : done) {
            for (Map.Entry<String, int[]> split : cell.indices().entrySet()) {
                manifest = manifest.withData(split.getKey(), split.getValue());
            }
        }
        if (!done.isEmpty()) {
            manifest = manifest.with("network", network());
        }
        folder.describe(manifest);
        return new Study.Outcome(List.copyOf(done), screen, folder.path(), files, List.of());
    }

    /** The network of the first cell, layer by layer; nothing if the data cannot be had. */
    private List<String> network() {
        try {
            Definition first = definition.points().get(0).definition();
            Split train = shared.sample(first).train();
            return first.network().describe(train.inputs().shape(), first.network().outputs().orElse(train.classCount())).lines().toList();
        } catch (Failure e) {
            return List.of();
        }
    }

    /** Pictures or sentences of the examples that differ most; empty if the data cannot be had. */
    private Optional<Table> looks(Tables tables, List<CellResult> done) {
        if (done.isEmpty()) {
            return Optional.empty();
        }
        try {
            Looks looks = new Looks(folder.path());
            List<List<List<Object>>> rows = new ArrayList<>();
            for (CellResult cell : done) {
                Definition own = definition.points().stream()
                        .filter(p -> p.swept().equals(cell.swept()) && p.definition().seed() == cell.seed()).findFirst().orElseThrow()
                        .definition();
                rows.add(looks.of(LargestDifferences.examples(List.of(cell)), own.data(), shared.sample(own)));
            }
            return Optional.of(tables.looks(rows));
        } catch (Failure e) {
            folder.log().add("the examples that differ most are not drawn: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Writes the report of a finished run; one whose report cannot be written is a run all the same. */
    void report(Path run, Monitor screen) {
        if (!definition.report() || !Boolean.parseBoolean(System.getProperty("ntk.report", "true"))) {
            return;
        }
        try {
            HtmlReport report = HtmlReport.of(List.of(run));
            report.write(report.home());
        } catch (Failure e) {
            screen.note("no report: " + e.getMessage());
        }
    }
}
