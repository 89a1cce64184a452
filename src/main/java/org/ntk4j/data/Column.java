package org.ntk4j.data;

import java.util.List;
import java.util.Optional;
import org.ntk4j.files.TextNumber;
import org.ntk4j.grammar.Options;

/**
 * A column of a table.
 *
 * @param written its number, from 1, or its name in the header
 */
record Column(String written) {

    /** The last one, whatever its number. */
    static final Column LAST = new Column("last");

    /** Reads a column, a number or a name. */
    static Column read(Options options, String key, Column usual) {
        Optional<String> text = options.text(key);
        if (text.isPresent() && text.get().matches("[+-]?\\d+(\\.\\d*)?") && !text.get().matches("[1-9]\\d{0,5}")) {
            options.mistake(key, TextNumber.shown(text.get()) + " is not a column; allowed: a number from 1, or a name from the header");
            return usual;
        }
        return text.map(Column::new).orElse(usual);
    }

    /** Whether the table must have a header for it. */
    boolean named() {
        return !written.matches("\\d+") && !equals(LAST);
    }

    /** Its index in a row, from 0; −1 where the row, or the header, has no such column. */
    int index(List<String> header, int width) {
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
    Object toYaml() {
        return named() || equals(LAST) ? written : (Object) Integer.valueOf(written);
    }
}
