package org.ntk4j.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.files.FileMistakes;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Options;
import org.ntk4j.shape.Shape;
import org.ntk4j.table.TableFormat;
import org.ntk4j.table.Column;
import org.ntk4j.table.TableFile;
import org.ntk4j.table.TableColumns;
import org.ntk4j.table.Labelling;
import org.ntk4j.table.CsvValues;
import org.ntk4j.table.LabelledTable;

/**
 * One input a row, of a text file or of a matrix in an {@code .npy} file: a column for the label, or some for real-valued targets, all
 * others are the values of the input in C order. A position whose channels are all {@code nan} is padding.
 *
 * @param columns which column is what
 * @param sizes   the shape of an input; none: a vector
 * @param table   what is read from the file
 */
record CsvTable(DataFile file, TableColumns columns, Labelling labelling, List<Integer> sizes, Once<CsvExamples> table)
        implements Undivided {

    private CsvTable(DataFile file, TableColumns columns, Labelling labelling, List<Integer> sizes) {
        this(file, columns, labelling, sizes, new Once<>(() -> read(file.find(), columns, labelling, sizes)));
    }

    /**
     * Reads {@code file, columns: {label (the last), inputs, drop}, targets: {columns}, label: {threshold}, drop, header, separator,
     * decimal, shape};
     * none where the file is missing.
     */
    static Optional<Source> read(Options options) {
        Optional<DataFile> file = DataFile.read(options, "file", "csv", "a table with one input a row and a column of labels");
        TableColumns columns = TableColumns.read(options);
        Labelling labelling = Labelling.read(options, columns.all());
        if (columns.real() && labelling.numeric()) {
            options.mistake("targets", "targets are real values, so there are no labels to set a threshold on or to drop");
        }
        Optional<Entry> single = options.entry("shape").filter(e -> e instanceof Entry.Scalar);
        List<Integer> sizes = single.isPresent() ? List.of(options.integer("shape", 1, 1, Integer.MAX_VALUE))
                : options.integers("shape", List.of(), 1, Integer.MAX_VALUE);
        return file.map(f -> new CsvTable(f, columns, labelling, sizes));
    }

    private static CsvExamples read(Path file, TableColumns columns, Labelling labelling, List<Integer> sizes) {
        FileMistakes mistakes = new FileMistakes(file);
        try (TableFile table = new TableFile(mistakes, labelling.format(), first -> isHeader(first, labelling.format()))) {
            TableColumns.Places places = columns.in(table, file);
            CsvValues values = new CsvValues(mistakes, labelling.format(), places);
            LabelledTable labels = columns.real() ? values.readAll(table)
                    : LabelledTable.read(table, mistakes, List.of(columns.label()), labelling,
                            (line, fields, at, kept) -> values.add(fields, line));
            Shape shape = sizes.isEmpty() ? Shape.of(places.inputs().length)
                    : Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
            if (shape.size() != places.inputs().length) {
                throw Failure.input(file + ": a row has " + places.inputs().length + " values beside the "
                        + (columns.real() ? "targets" : "label") + "; the shape " + shape + " needs "
                        + shape.size());
            }
            double[] all = values.inputs();
            InputFiles.inputs(file, all, labels.labels().length, shape);
            return new CsvExamples(labels, shape, all, values.targets(), places, table.headed(),
                    Arrays.stream(places.targets()).mapToObj(table::name).toList());
        }
    }

    /** A row without any number has names, unless it is the only kind of row. */
    private static boolean isHeader(List<String> first, TableFormat format) {
        return first.stream().noneMatch(field -> format.number(field.strip()).isPresent() || field.strip().equalsIgnoreCase("nan"))
                && first.stream().anyMatch(field -> !field.isBlank());
    }

    @Override
    public String name() {
        return "csv";
    }

    @Override
    public Shape shape() {
        return table.get().shape();
    }

    @Override
    public List<String> classNames() {
        return table.get().table().classNames();
    }

    @Override
    public List<String> targetNames() {
        return table.get().targetNames();
    }

    @Override
    public boolean labelsAreNumbers() {
        return false;
    }

    @Override
    public int[] counts() {
        return table.get().table().counts();
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("file", file.found());
        map.put("columns", columns.toMap(table.get().places()));
        map.putAll(labelling.toMap(table.get().headed()));
        map.put("shape", Arrays.stream(shape().sizes()).boxed().toList());
        return map;
    }

    @Override
    public Map<String, Object> targets() {
        return columns.real() ? Map.of("columns", new ArrayList<>(columns.targets().stream().map(Column::toYaml).toList())) : Map.of();
    }

    @Override
    public Examples examples(Settings settings, Monitor monitor) {
        int[] unnamed = table.get().places().unnamed();
        if (unnamed.length > 0) {
            monitor.note(file.written() + ": " + (unnamed.length == 1 ? "column " : "columns ")
                    + String.join(", ", Arrays.stream(unnamed).mapToObj(i -> String.valueOf(i + 1)).toList())
                    + (unnamed.length == 1 ? " has" : " have") + " no name in the header and " + (unnamed.length == 1 ? "is" : "are")
                            + " left out; columns: {drop: []} keeps "
                    + (unnamed.length == 1 ? "it" : "them"));
        }
        return table.get();
    }
}
