package org.ntk4j.table;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ntk4j.base.Failure;
import org.ntk4j.files.FileMistakes;
import org.ntk4j.files.TextNumber;

/** Collects the values of all rows of a table: of inputs, and of real-valued targets. */
public final class CsvValues {

    private static final int MOST = 1 << 29;

    private final FileMistakes mistakes;
    private final TableFormat format;
    private final TableColumns.Places places;
    private double[] inputs = new double[1024];
    private double[] targets = new double[64];
    private int used;
    private int count;

    public CsvValues(FileMistakes mistakes, TableFormat format, TableColumns.Places places) {
        this.mistakes = mistakes;
        this.format = format;
        this.places = places;
    }

    /** Adds a row. */
    public void add(List<String> fields, int line) {
        int width = places.inputs().length;
        inputs = withRoom(inputs, used, width);
        for (int column : places.inputs()) {
            inputs[used++] = number(fields.get(column).strip(), line, column + 1, true);
        }
        int wide = places.targets().length;
        targets = withRoom(targets, count * wide, wide);
        for (int i = 0; i < wide; i++) {
            targets[count * wide + i] = number(fields.get(places.targets()[i]).strip(), line, places.targets()[i] + 1, false);
        }
        count++;
    }

    /** Adds all rows of a table whose targets are real values: all are of one class. */
    public LabelledTable readAll(TableFile table) {
        for (List<String> fields = table.next(); fields != null; fields = table.next()) {
            add(fields, table.number());
        }
        mistakes.check();
        if (count == 0) {
            throw Failure.input(mistakes.file() + ": the file has no rows" + (table.headed() ? " below its header" : ""));
        }
        return new LabelledTable(new int[count], List.of("all"));
    }

    public double[] inputs() {
        return Arrays.copyOf(inputs, used);
    }

    public double[] targets() {
        return Arrays.copyOf(targets, count * places.targets().length);
    }

    private double[] withRoom(double[] values, int from, int more) {
        if (from + more <= values.length) {
            return values;
        }
        if (from > MOST) {
            throw Failure.input(mistakes.file() + ": more than " + from + " values do not fit");
        }
        return Arrays.copyOf(values, Math.max(2 * from, from + more));
    }

    private double number(String text, int line, int field, boolean padding) {
        if (padding && text.equalsIgnoreCase("nan")) {
            return Double.NaN;
        }
        OptionalDouble value = format.number(text);
        if (value.isEmpty()) {
            mistakes.add(line, field, TextNumber.shown(text) + " is not a finite number" + hint(text, line));
        }
        return value.orElse(0);
    }

    private String hint(String text, int line) {
        if (text.matches("[+-]?\\d+,\\d+") && format.decimal() == '.') {
            return "; decimal: ',' reads it";
        }
        Optional<Character> other = format.separatorWithin(text);
        if (other.isPresent()) {
            return TableFormat.instead(format.separatorOf(mistakes), other.get());
        }
        return line == 1 ? "; if the first row has the names of the columns: header: true" : text.isEmpty()
                ? "" : "; columns: {drop: […]} leaves a column out";
    }
}
