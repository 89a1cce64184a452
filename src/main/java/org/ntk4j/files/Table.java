package org.ntk4j.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/**
 * A table of results. A cell is a text, a number, a truth value, or {@code null}, which is written as an empty field.
 *
 * @param columns the heads of the columns
 * @param rows    the rows, each as long as {@code columns}
 */
public record Table(List<String> columns, List<List<Object>> rows) {

    public Table {
        columns = List.copyOf(columns);
        List<List<Object>> copies = new ArrayList<>(rows.size());
        for (List<?> row : rows) {
            if (row.size() != columns.size()) {
                throw new IllegalArgumentException("a row of " + row.size() + " cells in a table of " + columns.size() + " columns: "
                        + row);
            }
            copies.add(Collections.unmodifiableList(new ArrayList<>(row)));
        }
        rows = Collections.unmodifiableList(copies);
    }

    /** A table without rows. */
    public static Table of(String... columns) {
        return new Table(List.of(columns), List.of());
    }

    /** This table, then the rows of another with the same columns. */
    public Table and(Table other) {
        if (!columns.equals(other.columns)) {
            throw new IllegalArgumentException("columns " + other.columns + " are not " + columns);
        }
        List<List<Object>> all = new ArrayList<>(rows);
        all.addAll(other.rows);
        return new Table(columns, all);
    }

    /** CSV by RFC 4180, a head first: lines end in CRLF, the decimal point is a point, NaN is an empty field. */
    public String csv() {
        StringBuilder text = new StringBuilder();
        try (CSVPrinter printer = new CSVPrinter(text, CSVFormat.RFC4180)) {
            printer.printRecord(columns);
            for (List<Object> row : rows) {
                printer.printRecord(row.stream().map(Table::field).toList());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** One cell as it stands in a CSV: numbers with all their digits, as Java writes them. */
    static String field(Object cell) {
        boolean none = cell == null || cell instanceof Double d && d.isNaN() || cell instanceof Float f && f.isNaN();
        return none ? "" : cell.toString();
    }

    /** Aligned columns for a screen; see {@link TextTable}. */
    public String text(int width) {
        return TextTable.text(this, width);
    }
}
