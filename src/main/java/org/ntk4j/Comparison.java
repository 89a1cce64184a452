package org.ntk4j;

import java.nio.file.Path;
import java.util.List;
import org.ntk4j.base.Required;
import org.ntk4j.base.Failure;
import org.ntk4j.console.Desktop;
import org.ntk4j.panel.HtmlReport;
import org.ntk4j.result.SplitName;
import org.ntk4j.study.Study;
import org.ntk4j.study.finding.CellResult;
import org.ntk4j.study.finding.Row;

/**
 * What an experiment found: every number of {@code results.csv}, and questions that are asked often. Where there are several
 * cells, {@link #metric} is the mean over them.
 */
public final class Comparison {

    private final Study.Outcome outcome;

    /** The comparison of a study that was run. */
    public Comparison(Study.Outcome outcome) {
        this.outcome = outcome;
    }

    /** Every number. */
    public List<Row> rows() {
        return outcome.cells().stream().map(CellResult::rows).flatMap(List::stream).toList();
    }

    /** What each cell of the sweep found: also its predictions, spectra and notes. */
    public List<CellResult> cells() {
        return outcome.cells();
    }

    /** The accuracy on the test set, 0 to 1; a regression in the limit. */
    public double accuracy(String subject) {
        Required.value(subject, "subject");
        return metric(subject, "labels", "accuracy");
    }

    /**
     * A number on the test set between a subject and a reference, such as {@code metric("network", "regression.trained", "rmse")};
     * a regression in the limit. What exists on the training set only is taken there.
     *
     * @throws Failure if there is no such number, with what there is
     */
    public double metric(String subject, String reference, String metric) {
        Required.value(subject, "subject");
        Required.value(reference, "reference");
        Required.value(metric, "metric");
        List<Row> found = rows().stream().filter(r -> r.subject().toString().equals(subject)
                && r.reference().toString().equals(reference) && r.metric().toString().equals(metric)).toList();
        List<Row> test = found.stream().anyMatch(r -> r.split() == SplitName.TEST)
                ? found.stream().filter(r -> r.split() == SplitName.TEST).toList() : found;
        List<Row> limit = test.stream().anyMatch(r -> r.step().isNone()) ? test.stream().filter(r -> r.step().isNone()).toList() : test;
        return limit.stream().mapToDouble(Row::value).average()
                .orElseThrow(() -> Failure.input("there is no " + metric + " of " + subject + " and "
                + reference + "; there is: " + rows().stream().filter(r -> r.subject().toString().equals(subject))
                        .map(r -> r.metric() + " (" + r.reference() + ")")
                        .distinct().toList()));
    }

    /** The table that {@link Experiment#compare} prints. */
    public String table() {
        return outcome.screen();
    }

    /** The table of {@link #table}, which for a sweep has a line for each of its points. */
    public String summary() {
        return table();
    }

    /** The folder with the results. */
    public Path folder() {
        return outcome.folder();
    }

    /** Writes the results into another folder as well. */
    public Comparison save(Path folder) {
        Required.value(folder, "folder");
        outcome.save(folder);
        return this;
    }

    /**
     * Writes {@code report.html} into the folder of the results, and opens it where there is a desktop.
     *
     * @return where it is
     */
    public Path report() {
        HtmlReport report = HtmlReport.of(List.of(folder()));
        Path file = report.write(report.home());
        Desktop.open(file);
        return file;
    }

    /**
     * Writes one panel of the report beside the results, as a page: {@code answer}, {@code training}, {@code accuracy}, {@code functions},
     * {@code kernels}, {@code spectra}, {@code change}, {@code features}, {@code sweep}, {@code setup}.
     *
     * @return where it is
     * @throws Failure if there is no such panel, or the results hold nothing for it
     */
    public Path plot(String panel) {
        Required.value(panel, "panel");
        return plot(panel, folder().resolve(panel + ".html"));
    }

    /**
     * Writes one panel of the report.
     *
     * @param file {@code .html} or {@code .svg}
     */
    public Path plot(String panel, Path file) {
        Required.value(panel, "panel");
        Required.value(file, "file");
        return HtmlReport.of(List.of(folder())).plot(panel, file);
    }

    /** How many numbers there are, and where. */
    @Override
    public String toString() {
        return "Comparison: " + rows().size() + " numbers of " + outcome.cells().size() + (outcome.cells().size() == 1 ? " cell" : " cells")
                + ", results in " + folder();
    }
}
