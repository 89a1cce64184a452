package org.ntk4j.panel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.csv.CSVException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.ntk4j.base.Failure;

/** Reads a table of a run line by line: such a file may be longer than the memory. */
final class Csv {

    private final Path file;
    private final List<String> columns;
    private final Map<String, Integer> places = new HashMap<>();
    /** Set before anything is asked of it. */
    @SuppressWarnings("NullAway.Init")
    private CSVRecord record;

    private Csv(Path file, CSVRecord heads) {
        this.file = file;
        this.columns = List.of(heads.values());
        this.record = heads;
        for (int i = 0; i < columns.size(); i++) {
            places.put(columns.get(i), i);
        }
    }

    /**
     * Reads a file.
     *
     * @param needed columns without which it is of no use
     * @param line   what happens to each line; it is only good during the call
     * @throws Failure if it is damaged, with the line
     */
    static void read(Path file, List<String> needed, Consumer<Csv> line) {
        try (CSVParser parser = CSVParser.parse(file, StandardCharsets.UTF_8, CSVFormat.RFC4180)) {
            Csv csv = null;
            for (CSVRecord each : parser) {
                if (csv == null) {
                    csv = new Csv(file, each);
                    for (String column : needed) {
                        if (!csv.has(column)) {
                            throw Failure.input(file + ":1: there is no column '" + column + "'; it has " + String.join(", ", csv.columns));
                        }
                    }
                    continue;
                }
                csv.record = each;
                if (each.size() != csv.columns.size()) {
                    throw csv.damaged("it has " + each.size() + " fields, the first line " + csv.columns.size());
                }
                line.accept(csv);
            }
        } catch (UncheckedIOException | CSVException e) {
            throw Failure.input(file + ": this is no CSV that can be read (" + reason(e) + ")");
        } catch (IOException e) {
            throw Failure.input(file + ": cannot be read (" + reason(e) + ")");
        }
    }

    /** The heads of a file; empty if it is not there or has none. */
    static List<String> heads(Path file) {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try (CSVParser parser = CSVParser.parse(file, StandardCharsets.UTF_8, CSVFormat.RFC4180)) {
            return parser.stream().findFirst().map(r -> List.of(r.values())).orElse(List.of());
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }

    private static String reason(Exception e) {
        Throwable last = e.getCause() != null ? e.getCause() : e;
        return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
    }

    boolean has(String column) {
        return places.containsKey(column);
    }

    /** A field; empty if there is no such column. */
    String text(String column) {
        Integer place = places.get(column);
        return place == null ? "" : record.get(place);
    }

    boolean is(String column, String value) {
        return text(column).equals(value);
    }

    /** A number; NaN where the field is empty. */
    double number(String column) {
        String text = text(column);
        if (text.isEmpty()) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException e) {
            throw damaged("'" + text + "' in the column " + column + " is not a number");
        }
    }

    /** A whole number from 0 up. */
    int index(String column) {
        double value = number(column);
        if (value >= 0 && value == Math.rint(value) && value <= Integer.MAX_VALUE) {
            return (int) value;
        }
        throw damaged("'" + text(column) + "' in the column " + column + " is not a whole number from 0 up");
    }

    private Failure damaged(String what) {
        return Failure.input(file + ":" + record.getRecordNumber() + ": the table is damaged: " + what);
    }
}
