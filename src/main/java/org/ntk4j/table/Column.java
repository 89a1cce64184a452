package org.ntk4j.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ntk4j.files.TextNumber;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Options;

/**
 * A column of a table.
 *
 * @param written its number, from 1, or its name in the header
 */
public record Column(String written) {

    /** The last one, whatever its number. */
    public static final Column LAST = new Column("last");

    /** Reads a column, a number or a name. */
    public static Column read(Options options, String key, Column usual) {
        return options.text(key).filter(text -> isColumn(text, options, key)).map(Column::new).orElse(usual);
    }

    /** Reads a list of columns; a single one counts as a list of one. */
    public static List<Column> list(Options options, String key) {
        Optional<Entry> entry = options.entry(key);
        if (entry.isEmpty()) {
            return List.of();
        }
        List<Column> columns = new ArrayList<>();
        for (Entry item : entry.get() instanceof Entry.Listing l ? l.items() : List.of(entry.get())) {
            if (!(item instanceof Entry.Scalar s) || s.text().isEmpty()) {
                options.mistakes().add(item.place(), options.sub(key)
                        + ": a column is needed, a number from 1 or a name from the header, not " + item.describe());
            } else if (isColumn(s.text(), options, key)) {
                columns.add(new Column(s.text()));
            }
        }
        return columns.stream().distinct().toList();
    }

    private static boolean isColumn(String text, Options options, String key) {
        boolean fits = !text.matches("[+-]?\\d+(\\.\\d*)?") || text.matches("[1-9]\\d{0,5}");
        if (!fits) {
            options.mistake(key, TextNumber.shown(text) + " is not a column; allowed: a number from 1, or a name from the header");
        }
        return fits;
    }

    /** Whether the table must have a header for it. */
    public boolean named() {
        return !written.matches("\\d+") && !equals(LAST);
    }

    /** Its index in a row, from 0; −1 where the row, or the header, has no such column. */
    public int index(List<String> header, int width) {
        if (equals(LAST)) {
            return width - 1;
        }
        if (!named()) {
            int number = Integer.parseInt(written);
            return number <= width ? number - 1 : -1;
        }
        for (int i = 0; i < header.size(); i++) {
            if (header.get(i).strip().equals(written)) {
                return i;
            }
        }
        return -1;
    }

    /** As in YAML: a number, or the name. */
    public Object toYaml() {
        return named() || equals(LAST) ? written : (Object) Integer.valueOf(written);
    }
}
