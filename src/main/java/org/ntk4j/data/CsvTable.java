package org.ntk4j.data;

import java.nio.file.Path;
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
import org.ntk4j.files.TextNumber;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Options;
import org.ntk4j.shape.Shape;

/**
 * One input a row: a column for the label, all others are the values of the input in C order. A position whose channels are all
 * {@code nan} is padding.
 *
 * @param sizes the shape of an input; none: a vector
 * @param rows  what is read from the file
 */
record CsvTable(DataFile file, Column label, Labelling labelling, List<Integer> sizes, Once<Rows> rows) implements Undivided {

    /** What the file holds. */
    record Rows(LabelledTable table, Shape shape, double[] values) implements Examples {

        @Override
        public int count() {
            return table.labels().length;
        }

        @Override
        public int[] labels() {
            return table.labels();
        }

        @Override
        public void copy(int index, double[] to, int at) {
            System.arraycopy(values, index * shape.size(), to, at, shape.size());
        }
    }

    private CsvTable(DataFile file, Column label, Labelling labelling, List<Integer> sizes) {
        this(file, label, labelling, sizes, new Once<>(() -> read(file.find(), label, labelling, sizes)));
    }

    /** Reads {@code file, columns: {label (the last)}, label: {threshold}, drop, header, shape}; none where the file is missing. */
    static Optional<Source> read(Options options) {
        Optional<DataFile> file = DataFile.read(options, "file", "csv", "a table with one input a row and a column of labels");
        Options columns = options.nested("columns");
        Column label = Column.read(columns, "label", Column.LAST);
        columns.finish();
        if (Labelling.isColumn(options)) {
            label = Column.read(options, "label", Column.LAST);
        }
        Labelling labelling = Labelling.read(options, List.of(label));
        Optional<Entry> single = options.entry("shape").filter(e -> e instanceof Entry.Scalar);
        List<Integer> sizes = single.isPresent() ? List.of(options.integer("shape", 1, 1, Integer.MAX_VALUE))
                : options.integers("shape", List.of(), 1, Integer.MAX_VALUE);
        Column column = label;
        return file.map(f -> new CsvTable(f, column, labelling, sizes));
    }

    private static Rows read(Path file, Column label, Labelling labelling, List<Integer> sizes) {
        FileMistakes mistakes = new FileMistakes(file);
        Values values = new Values(mistakes);
        LabelledTable table = LabelledTable.read(mistakes, List.of(label), labelling, values);
        Shape shape = sizes.isEmpty() ? Shape.of(values.width) : Shape.of(sizes.stream().mapToInt(Integer::intValue).toArray());
        if (shape.size() != values.width) {
            throw Failure.input(file + ": a row has " + values.width + " values beside the label; the shape " + shape + " needs " + shape.size());
        }
        double[] all = Arrays.copyOf(values.values, values.used);
        InputFiles.inputs(file, all, table.labels().length, shape);
        return new Rows(table, shape, all);
    }

    /** Collects the values of all rows. */
    private static final class Values implements LabelledTable.Reader {

        private final FileMistakes mistakes;
        private double[] values = new double[1024];
        private int used;
        private int width;

        Values(FileMistakes mistakes) {
            this.mistakes = mistakes;
        }

        @Override
        public void row(int line, List<String> fields, int[] columns, boolean kept) {
            width = fields.size() - 1;
            if (width == 0) {
                throw Failure.input(mistakes.file() + ":" + line + ": there is no column beside the label");
            }
            if (used + width > values.length) {
                if (used > (1 << 29)) {
                    throw Failure.input(mistakes.file() + ": more than " + used + " values do not fit");
                }
                values = Arrays.copyOf(values, Math.max(2 * used, used + width));
            }
            for (int i = 0; i < fields.size(); i++) {
                if (i != columns[0]) {
                    values[used++] = number(fields.get(i).strip(), line, i + 1);
                }
            }
        }

        private double number(String text, int line, int field) {
            if (text.equalsIgnoreCase("nan")) {
                return Double.NaN;
            }
            OptionalDouble value = TextNumber.finite(text);
            if (value.isEmpty()) {
                mistakes.add(line, field, TextNumber.shown(text) + " is not a finite number");
            }
            return value.orElse(0);
        }
    }

    @Override
    public String name() {
        return "csv";
    }

    @Override
    public Shape shape() {
        return rows.get().shape();
    }

    @Override
    public List<String> classNames() {
        return rows.get().table().classNames();
    }

    @Override
    public int[] counts() {
        return rows.get().table().counts();
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("file", file.found());
        map.put("columns", Map.of("label", label.toYaml()));
        map.putAll(labelling.toMap());
        map.put("shape", Arrays.stream(shape().sizes()).boxed().toList());
        return map;
    }

    @Override
    public Examples examples(Settings settings, Monitor monitor) {
        return rows.get();
    }
}
