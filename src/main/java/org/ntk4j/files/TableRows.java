package org.ntk4j.files;

import java.util.ArrayList;
import java.util.List;

/**
 * The rows of a table in a text file: fields between tabs, as they are, in a {@code .tsv} or {@code .txt}; else between commas,
 * where a field in double quotes may contain commas, line ends, and quotes written twice (RFC 4180). Empty lines are passed over.
 */
public final class TableRows {

    private final TextLines lines;
    private final FileMistakes mistakes;
    private final boolean tabs;
    private int number;

    public TableRows(TextLines lines, FileMistakes mistakes) {
        this.lines = lines;
        this.mistakes = mistakes;
        String name = mistakes.file().getFileName().toString().toLowerCase(java.util.Locale.ROOT).replaceFirst("\\.gz$", "");
        this.tabs = name.endsWith(".tsv") || name.endsWith(".txt");
    }

    /** The line in which the last row begins, from 1. */
    public int number() {
        return number;
    }

    /** The fields of the next row; null after the last. */
    public List<String> next() {
        String line = lines.next();
        while (line != null && line.isBlank()) {
            line = lines.next();
        }
        if (line == null) {
            return null;
        }
        number = lines.number();
        return tabs ? List.of(line.split("\t", -1)) : commas(line);
    }

    private List<String> commas(String first) {
        List<String> fields = new ArrayList<>();
        String line = first;
        int at = 0;
        while (true) {
            if (at < line.length() && line.charAt(at) == '"') {
                StringBuilder field = new StringBuilder();
                int from = at + 1;
                int quote = line.indexOf('"', from);
                while (quote < 0 || quote + 1 < line.length() && line.charAt(quote + 1) == '"') {
                    if (quote >= 0) {
                        field.append(line, from, quote + 1);
                        from = quote + 2;
                    } else {
                        field.append(line, Math.min(from, line.length()), line.length()).append('\n');
                        line = lines.next();
                        if (line == null) {
                            mistakes.add(number, fields.size() + 1, "the quotes of this field are never closed");
                            fields.add(field.toString());
                            return fields;
                        }
                        from = 0;
                    }
                    quote = line.indexOf('"', from);
                }
                fields.add(field.append(line, from, quote).toString());
                at = quote + 1;
                if (at < line.length() && line.charAt(at) != ',') {
                    mistakes.add(lines.number(), fields.size(), "after the closing quotes a comma is needed, not " + TextNumber.shown(line.substring(at)));
                    return fields;
                }
                if (at == line.length()) {
                    return fields;
                }
            } else {
                int comma = line.indexOf(',', at);
                fields.add(line.substring(at, comma < 0 ? line.length() : comma));
                if (comma < 0) {
                    return fields;
                }
                at = comma;
            }
            at++;
            if (at == line.length()) {
                fields.add("");
                return fields;
            }
        }
    }
}
