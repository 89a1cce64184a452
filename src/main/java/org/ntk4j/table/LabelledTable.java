package org.ntk4j.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeSet;
import org.ntk4j.base.Failure;
import org.ntk4j.files.FileMistakes;
import org.ntk4j.files.TextNumber;

/**
 * The labels of a table's rows.
 *
 * @param labels     of each row (a header is none), an index into the names; −1 for a row that is left out
 * @param classNames whole numbers by size, other values by the alphabet; {@code negative, positive} with a threshold
 */
public record LabelledTable(int[] labels, List<String> classNames) {

    /** A row that is left out. */
    public static final int DROPPED = -1;
    private static final int MOST_CLASSES = 1000;
    private static final int MANY_RATINGS = 20;
    private static final double MOST_WHOLE = 1e15;

    /** What is done with each row. */
    public interface Reader {

        /**
         * A row.
         *
         * @param line    where it begins
         * @param fields  as many as the first row has
         * @param columns where the columns asked for are, in their order
         * @param kept    false for a row that is left out
         */
        void row(int line, List<String> fields, int[] columns, boolean kept);
    }

    /**
     * Reads a table; the first of the columns is that of the label. What is wrong is noted, and checked by the caller.
     *
     * @throws Failure where reading cannot go on: no such column, no rows
     */
    public static LabelledTable read(TableFile table, FileMistakes mistakes, List<Column> columns, Labelling labelling, Reader reader) {
        List<String> values = new ArrayList<>();
        List<OptionalDouble> numbers = new ArrayList<>();
        int[] places = columns.stream().mapToInt(table::index).toArray();
        int first = 0;
        for (List<String> fields = table.next(); fields != null; fields = table.next()) {
            String text = fields.get(places[0]).strip();
            OptionalDouble number = labelling.format().number(text);
            first = first == 0 ? table.number() : first;
            if (text.isEmpty() || labelling.numeric() && number.isEmpty()) {
                mistakes.add(table.number(), places[0] + 1, "the label is " + TextNumber.shown(text) + "; "
                        + (labelling.numeric() ? "a number is needed" : "a class is needed")
                        + (table.number() == 1 ? "; if the first row has the names of the columns: header: true" : ""));
                continue;
            }
            boolean kept = number.isEmpty() || !labelling.drops(number.getAsDouble());
            values.add(kept ? canonical(text, number) : null);
            numbers.add(number);
            reader.row(table.number(), fields, places, kept);
        }
        mistakes.check();
        if (values.isEmpty()) {
            throw Failure.input(mistakes.file() + ": the file has no rows" + (table.headed() ? " below its header" : ""));
        }
        if (!table.headed() && labelling.format().header().isEmpty() && numbers.size() > 2 && numbers.get(0).isEmpty()
                && numbers.stream().skip(1).allMatch(OptionalDouble::isPresent)) {
            throw Failure.input(mistakes.file() + ":" + first + ":" + (places[0] + 1) + ": the label is " + TextNumber.shown(values.get(0))
                    + " and those of all other rows are numbers; if this row has the names of the columns: header: true, else header: "
                            + "false");
        }
        return labelling.threshold().isPresent() ? sides(values, numbers, labelling.threshold().getAsDouble())
                : classes(mistakes, values, numbers);
    }

    /** One name for each number, however it is written: 1 and 1.0 are the same class; 007 is no number but a name. */
    private static String canonical(String text, OptionalDouble number) {
        if (number.isEmpty() || text.matches("[+-]?0\\d.*")) {
            return text;
        }
        double value = number.getAsDouble();
        return value == Math.rint(value) && Math.abs(value) < MOST_WHOLE ? String.valueOf((long) value) : String.valueOf(value);
    }

    private static LabelledTable sides(List<String> values, List<OptionalDouble> numbers, double threshold) {
        int[] labels = new int[values.size()];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = values.get(i) == null ? DROPPED : numbers.get(i).getAsDouble() > threshold ? 1 : 0;
        }
        return new LabelledTable(labels, Labelling.SIDES);
    }

    private static LabelledTable classes(FileMistakes mistakes, List<String> values, List<OptionalDouble> numbers) {
        boolean whole = true;
        boolean real = true;
        for (int i = 0; i < values.size(); i++) {
            real &= values.get(i) == null || numbers.get(i).isPresent();
            whole &= values.get(i) == null || numbers.get(i).isPresent()
                    && numbers.get(i).getAsDouble() == Math.rint(numbers.get(i).getAsDouble());
        }
        Comparator<String> order = whole ? Comparator.comparing((String s) -> Double.parseDouble(s)).thenComparing(s -> s)
                : Comparator.naturalOrder();
        TreeSet<String> distinct = new TreeSet<>(order);
        values.stream().filter(v -> v != null).forEach(distinct::add);
        String found = mistakes.file() + ": the column of the label has " + (distinct.size() == 1 ? "the one value "
                + TextNumber.shown(distinct.first()) : distinct.size() + " different values");
        if (real && !whole && distinct.size() > MANY_RATINGS) {
            throw Failure.input(found + ", which look like ratings; with label: {threshold: 0} they become two classes");
        }
        if (distinct.size() > MOST_CLASSES) {
            throw Failure.input(found + "; at most " + MOST_CLASSES + " classes are allowed");
        }
        if (distinct.size() < 2) {
            throw Failure.input(found + "; at least two classes are needed");
        }
        Map<String, Integer> index = new HashMap<>();
        distinct.forEach(name -> index.put(name, index.size()));
        return new LabelledTable(values.stream().mapToInt(v -> v == null ? DROPPED : index.get(v)).toArray(), List.copyOf(distinct));
    }

    /** How many rows each class has. */
    public int[] counts() {
        int[] counts = new int[classNames.size()];
        Arrays.stream(labels).filter(label -> label != DROPPED).forEach(label -> counts[label]++);
        return counts;
    }
}
