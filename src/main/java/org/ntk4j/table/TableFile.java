package org.ntk4j.table;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.files.FileMistakes;
import org.ntk4j.files.TextNumber;
import org.ntk4j.grammar.Mistakes;

/** A table under its header, if it has one: rows as wide as the first, those of another width noted and passed over. */
public final class TableFile implements AutoCloseable {

    private static final int MOST_NAMES = 20;

    private final FileMistakes mistakes;
    private final TextRows rows;
    private final char separator;
    private final boolean headed;
    private final boolean trailing;
    private final List<String> header;
    private final int width;
    private final List<String> firstRow;
    private final Deque<Row> waiting = new ArrayDeque<>();
    private int number;

    /** A row and the line that it begins in. */
    private record Row(List<String> fields, int number) {
    }

    /**
     * Opens a file by its ending, {@code .npy} or text.
     *
     * @param isHeader whether the first row is a header, where the format does not say
     * @throws Failure if there is no such file, or it has no rows
     */
    public TableFile(FileMistakes mistakes, TableFormat format, Predicate<List<String>> isHeader) {
        this.mistakes = mistakes;
        this.separator = format.separatorOf(mistakes);
        boolean npy = mistakes.file().toString().toLowerCase(Locale.ROOT).endsWith(".npy");
        this.rows = npy ? new NpyRows(mistakes.file()) : new TableRows(mistakes, separator);
        List<String> first = rows.next();
        if (first == null) {
            rows.close();
            mistakes.check();
            throw Failure.input(mistakes.file() + ": the file has no rows");
        }
        this.headed = !npy && format.header().orElseGet(() -> isHeader.test(first));
        if (!headed) {
            waiting.add(new Row(first, rows.number()));
        }
        List<String> second = endsEmpty(first) && !headed ? rows.next() : null;
        if (second != null) {
            waiting.add(new Row(second, rows.number()));
        }
        this.trailing = !headed && endsEmpty(first) && (second == null || endsEmpty(second));
        this.header = headed ? first.stream().map(String::strip).toList() : List.of();
        this.width = first.size() - (trailing ? 1 : 0);
        this.firstRow = first;
    }

    private static boolean endsEmpty(List<String> fields) {
        return fields.size() > 1 && fields.get(fields.size() - 1).isBlank();
    }

    /** Whether the first row has the names of the columns. */
    public boolean headed() {
        return headed;
    }

    /** The number of columns; an empty one at the end of every row is none. */
    public int width() {
        return width;
    }

    /** The columns whose name in the header is empty. */
    public List<Integer> unnamed() {
        return IntStream.range(0, header.size()).filter(i -> header.get(i).isEmpty()).boxed().toList();
    }

    /** The name of a column, else its number from 1. */
    public String name(int column) {
        return headed && !header.get(column).isEmpty() ? header.get(column) : String.valueOf(column + 1);
    }

    /**
     * Where a column is, from 0.
     *
     * @throws Failure where there is none, with those that there are
     */
    public int index(Column column) {
        int last = width - 1;
        while (headed && last > 0 && header.get(last).isEmpty()) {
            last--;
        }
        int index = column.index(header, column.equals(Column.LAST) ? last + 1 : width);
        if (index >= 0) {
            if (column.named() && header.lastIndexOf(column.written()) > index) {
                throw Failure.input(mistakes.file() + ":1: the header has " + TextNumber.shown(column.written())
                        + " more than once, as columns " + (index + 1) + " and " + (header.lastIndexOf(column.written()) + 1)
                        + "; give the number of the column");
            }
            return index;
        }
        if (column.named()) {
            String where = headed ? ":1: the header has no column " : ": there are no names of columns, so there is no column ";
            throw Failure.input(mistakes.file() + where + TextNumber.shown(column.written())
                    + Mistakes.suggestion(column.written(), header.stream().limit(MOST_NAMES).toList())
                    + oneColumn());
        }
        throw Failure.input(mistakes.file() + ":1: there is no column " + column.written() + "; the first row has " + width + oneColumn());
    }

    /** Where the table is one column only, what else may stand between its fields. */
    public String oneColumn() {
        if (width > 1) {
            return "";
        }
        Row below = waiting.isEmpty() ? null : waiting.peekLast();
        if (below == null || below.fields.equals(firstRow)) {
            below = read();
            if (below != null) {
                waiting.add(below);
            }
        }
        if (below != null && below.fields.size() > 1) {
            return "; the row in line " + below.number + " has " + below.fields.size() + " columns: is the first one a comment or a title?";
        }
        String row = firstRow.get(0);
        return TableFormat.SIGNS.chars().filter(sign -> sign != separator && row.strip().indexOf(sign) >= 0)
                .mapToObj(sign -> TableFormat.instead(separator, (char) sign)).findFirst().orElse("");
    }

    /** The line in which the last row begins, from 1. */
    public int number() {
        return number;
    }

    /** The fields of the next row; null after the last. */
    public @Nullable List<String> next() {
        while (true) {
            Row row = waiting.isEmpty() ? read() : waiting.poll();
            if (row == null) {
                return null;
            }
            number = row.number;
            int size = row.fields.size();
            boolean extra = size == width + 1 && endsEmpty(row.fields);
            if (size == width || extra && (trailing || headed)) {
                return row.fields.subList(0, width);
            }
            mistakes.add(number, "the row has " + size + (size == 1 ? " column; " : " columns; ") + width
                    + (headed ? ", as in the header, are needed" : ", as in the first row, are needed")
                            + (extra ? "; it ends with a separator" : ""));
        }
    }

    private @Nullable Row read() {
        List<String> fields = rows.next();
        return fields == null ? null : new Row(fields, rows.number());
    }

    @Override
    public void close() {
        rows.close();
    }
}
