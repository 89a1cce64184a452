package org.ntk4j.table;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ntk4j.files.FileMistakes;
import org.ntk4j.files.TextLines;
import org.ntk4j.files.TextNumber;

/**
 * The rows of a table in a text file. Between tabs and between blanks fields stand as they are; between other signs a field in double
 * quotes may contain separators, line ends, and quotes written twice (RFC 4180). Empty lines are passed over.
 */
final class TableRows implements TextRows {

    private final TextLines lines;
    private final FileMistakes mistakes;
    private final char separator;
    private int number;

    TableRows(FileMistakes mistakes, char separator) {
        this.lines = TextLines.open(mistakes);
        this.mistakes = mistakes;
        this.separator = separator;
    }

    @Override
    public int number() {
        return number;
    }

    @Override
    public void close() {
        lines.close();
    }

    @Override
    public @Nullable List<String> next() {
        String line = lines.next();
        while (line != null && line.isBlank()) {
            line = lines.next();
        }
        if (line == null) {
            return null;
        }
        number = lines.number();
        return separator == '\t' ? List.of(line.split("\t", -1)) : separator == ' ' ? List.of(line.strip().split("\\s+")) : quoted(line);
    }

    private List<String> quoted(String first) {
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
                if (at < line.length() && line.charAt(at) != separator) {
                    mistakes.add(lines.number(), fields.size(),
                            "after the closing quotes " + (separator == ',' ? "a comma" : "'" + separator + "'") + " is needed, not "
                            + TextNumber.shown(line.substring(at)));
                    return fields;
                }
                if (at == line.length()) {
                    return fields;
                }
            } else {
                int end = line.indexOf(separator, at);
                fields.add(line.substring(at, end < 0 ? line.length() : end));
                if (end < 0) {
                    return fields;
                }
                at = end;
            }
            at++;
            if (at == line.length()) {
                fields.add("");
                return fields;
            }
        }
    }
}
