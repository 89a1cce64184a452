package org.ntk4j.study.finding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ntk4j.files.Table;
import org.ntk4j.result.At;
import org.ntk4j.result.Step;
import org.ntk4j.result.Subject;

/** The CSV files of a run, from the results of its cells. */
public final class Tables {

    private final String run;
    private final List<String> paths;
    private final List<CellResult> cells;
    private final Summary summary;

    /**
     * @param run   the name of the run's folder
     * @param paths the swept paths, seed apart
     */
    public Tables(String run, List<String> paths, List<CellResult> cells, Summary summary) {
        this.run = run;
        this.paths = paths;
        this.cells = cells;
        this.summary = summary;
    }

    Table results() {
        List<List<Object>> rows = new ArrayList<>();
        for (CellResult cell : cells) {
            Step last = Summary.lastStep(cell);
            for (Row r : cell.rows()) {
                rows.add(line(cell, r.subject(), r.reference(), r.split(), r.step(), r.metric(), r.value(),
                        At.of(r.subject(), r.step(), r.metric(), last)));
            }
        }
        return new Table(columns("subject", "reference", "split", "step", "metric", "value", "at"), rows);
    }

    Table history() {
        List<List<Object>> rows = new ArrayList<>();
        for (CellResult cell : cells) {
            for (CellResult.History h : cell.history()) {
                rows.add(line(cell, h.point().step(), h.point().time(), h.point().seconds(), h.subject(), h.point().split(),
                        h.point().loss(),
                        h.point().accuracy()));
            }
        }
        return new Table(columns("step", "time", "seconds", "subject", "split", "loss", "accuracy"), rows);
    }

    Table predictions(boolean wanted) {
        List<List<Object>> rows = new ArrayList<>();
        for (CellResult cell : wanted ? cells : List.<CellResult>of()) {
            Step last = Summary.lastStep(cell);
            for (CellResult.Prediction p : cell.predictions()) {
                At at = At.of(p.subject(), p.step(), last);
                for (int i = 0; i < p.values().length; i++) {
                    for (int c = 0; c < p.values()[i].length; c++) {
                        rows.add(line(cell, p.subject(), "test", p.step(), i, cell.label(i, c), c, p.values()[i][c], at));
                    }
                }
            }
        }
        return new Table(columns("subject", "split", "step", "example", "label", "output", "value", "at"), rows);
    }

    Table spectrum() {
        List<List<Object>> rows = new ArrayList<>();
        for (CellResult cell : cells) {
            for (CellResult.Eigenvalues e : cell.spectra()) {
                for (int i = 0; i < e.values().length; i++) {
                    rows.add(line(cell, e.subject(), e.step(), i, e.values()[i]));
                }
            }
        }
        return new Table(columns("subject", "step", "index", "eigenvalue"), rows);
    }

    Table summary() {
        List<String> columns = new ArrayList<>(paths);
        columns.addAll(List.of("subject", "reference", "split", "step", "metric", "mean", "deviation", "count", "at"));
        Map<Map<String, String>, List<CellResult>> points = Summary.points(cells);
        List<List<Object>> rows = new ArrayList<>();
        for (Summary.Line l : summary.lines()) {
            List<Object> row = new ArrayList<>();
            paths.forEach(path -> row.add(l.swept().get(path)));
            row.addAll(Arrays.asList(l.subject(), l.reference(), l.split(), l.step(), l.metric(), l.mean(), l.deviation(), l.count(),
                    At.of(l.subject(), l.step(), l.metric(), last(points.getOrDefault(l.swept(), List.of())))));
            rows.add(row);
        }
        return new Table(columns, rows);
    }

    /** For a report: the share of the targets in the eigenvectors of each kernel up to an index, from the largest eigenvalue on. */
    Table energy() {
        List<List<Object>> rows = new ArrayList<>();
        for (CellResult cell : cells) {
            for (CellResult.Eigenvalues e : cell.drawn().energies()) {
                double sum = 0;
                double next = 0;
                for (int i = 0; i < e.values().length; i++) {
                    sum += e.values()[i];
                    // As many as a picture needs.
                    if (i + 1 >= next || i == e.values().length - 1) {
                        rows.add(line(cell, e.subject(), e.step(), i, sum));
                        next = 1.05 * (i + 1);
                    }
                }
            }
        }
        return new Table(columns("subject", "step", "index", "energy"), rows);
    }

    /** For a report: kernels between a few training examples, in files of their own. */
    Table thinned() {
        List<List<Object>> rows = new ArrayList<>();
        cells.forEach(cell -> cell.drawn().thinned()
                .forEach(t -> rows.add(line(cell, t.subject(), t.step(), t.file(), spaced(t.examples()), spaced(t.labels())))));
        return new Table(columns("subject", "step", "file", "examples", "labels"), rows);
    }

    private static String spaced(int[] numbers) {
        return Arrays.stream(numbers).mapToObj(String::valueOf).collect(java.util.stream.Collectors.joining(" "));
    }

    /**
     * What the user should know, as it was said on the way: {@code note}s, {@code kernel}s with their eigenvalues, and how {@code training}
     * went.
     */
    Table notes() {
        List<List<Object>> rows = new ArrayList<>();
        for (CellResult cell : cells) {
            cell.notes().forEach(note -> rows.add(line(cell, "note", note)));
            cell.details().forEach(note -> rows.add(line(cell, "kernel", note)));
            if (!cell.training().isEmpty()) {
                rows.add(line(cell, "training", cell.training()));
            }
        }
        return new Table(columns("kind", "note"), rows);
    }

    /**
     * For a report: pictures or sentences of the examples on which NN_T and f_∞ differ most.
     *
     * @param rows of each cell, in the same order
     */
    public Table looks(List<List<List<Object>>> rows) {
        List<List<Object>> all = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            for (List<Object> row : rows.get(i)) {
                all.add(line(cells.get(i), row.toArray()));
            }
        }
        return new Table(columns("example", "picture", "text"), all);
    }

    /** The last step of all these networks; empty where they ended at different ones. */
    private static Step last(List<CellResult> seeds) {
        List<Step> steps = seeds.stream().map(Summary::lastStep).filter(step -> !step.isNone()).distinct().toList();
        return steps.size() == 1 ? steps.get(0) : Step.NONE;
    }

    /** The test examples on which NN_T and f_∞ differ most. */
    Table examples() {
        List<List<Object>> rows = new ArrayList<>();
        cells.forEach(cell -> LargestDifferences.table(cell).forEach(own -> rows.add(line(cell, own.toArray()))));
        return new Table(columns("rank", "example", "label", Subject.NETWORK.toString(), LargestDifferences.REFERENCE.toString(),
                "difference"),
                rows);
    }

    /**
     * The numbers of {@code results.csv} with one row a cell: a column for each {@code METRIC:SUBJECT:REFERENCE:SPLIT:AT}, in the order in
     * which they first appear. Where {@code at} is {@code step}, the step itself stands in its place, so that no two numbers share a
     * column.
     */
    Table wide() {
        List<Map<String, Double>> values = cells.stream().map(Tables::values).toList();
        Set<String> names = new LinkedHashSet<>();
        values.forEach(v -> names.addAll(v.keySet()));
        List<String> columns = new ArrayList<>(List.of("run", "seed"));
        columns.addAll(paths);
        columns.addAll(names);
        List<List<Object>> rows = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            List<Object> row = new ArrayList<>(List.of(run, cells.get(i).seed()));
            Map<String, String> swept = cells.get(i).swept();
            paths.forEach(path -> row.add(swept.get(path)));
            Map<String, Double> found = values.get(i);
            names.forEach(name -> row.add(found.get(name)));
            rows.add(row);
        }
        return new Table(columns, rows);
    }

    private static Map<String, Double> values(CellResult cell) {
        Step last = Summary.lastStep(cell);
        Map<String, Double> values = new LinkedHashMap<>();
        for (Row r : cell.rows()) {
            At at = At.of(r.subject(), r.step(), r.metric(), last);
            values.put(r.metric() + ":" + r.subject() + ":" + r.reference() + ":" + r.split() + ":" + (at == At.STEP ? r.step() : at),
                    r.value());
        }
        return values;
    }

    /** The cells that failed, with the reason. */
    Table failures() {
        return new Table(columns("reason"), cells.stream().filter(c -> !c.failure().isEmpty()).map(c -> line(c, c.failure())).toList());
    }

    private List<String> columns(String... own) {
        List<String> columns = new ArrayList<>(List.of("run", "seed"));
        columns.addAll(paths);
        columns.addAll(List.of(own));
        return columns;
    }

    private List<Object> line(CellResult cell, @Nullable Object... own) {
        List<Object> row = new ArrayList<>(List.of(run, cell.seed()));
        paths.forEach(path -> row.add(cell.swept().get(path)));
        row.addAll(Arrays.asList(own));
        return row;
    }

    private Table features() {
        List<List<Object>> rows = new ArrayList<>();
        for (CellResult cell : cells) {
            for (CellResult.Feature f : cell.features()) {
                for (int i = 0; i < f.vector().length; i++) {
                    rows.add(line(cell, f.layer(), f.step(), f.matrix(), f.index(), f.eigenvalue(), i, f.vector()[i], place(f, i, 0),
                            place(f, i, 1), i % channels(f)));
                }
            }
        }
        return new Table(columns("layer", "step", "matrix", "index", "eigenvalue", "input", "value", "row", "column", "channel"), rows);
    }

    private static int channels(CellResult.Feature f) {
        return f.vector().length / f.space().stream().reduce(1, (a, b) -> a * b);
    }

    /** Where a component lies along an axis of space; empty where there is no such axis. */
    private static Object place(CellResult.Feature f, int component, int axis) {
        if (axis >= f.space().size()) {
            return "";
        }
        int position = component / channels(f);
        return f.space().size() == 1 ? position : axis == 0 ? position / f.space().get(1) : position % f.space().get(1);
    }

    /** All tables by the names of their files. */
    public Map<String, Table> all(boolean predictions) {
        Map<String, Table> files = new LinkedHashMap<>();
        files.put("results.csv", results());
        files.put("summary.csv", summary());
        files.put("history.csv", history());
        files.put("predictions.csv", predictions(predictions));
        files.put("spectrum.csv", spectrum());
        if (cells.stream().anyMatch(c -> !c.features().isEmpty())) {
            files.put("features.csv", features());
        }
        files.put("examples.csv", examples());
        files.put("wide.csv", wide());
        files.put("report/energy.csv", energy());
        files.put("report/thinned.csv", thinned());
        files.put("report/notes.csv", notes());
        if (cells.stream().anyMatch(c -> !c.failure().isEmpty())) {
            files.put("failures.csv", failures());
        }
        return files;
    }
}
