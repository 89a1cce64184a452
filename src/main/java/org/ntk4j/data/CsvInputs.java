package org.ntk4j.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ntk4j.Failure;
import org.ntk4j.network.Shape;

/** Reads rows of numbers, and notes every mistake with its line and field. */
final class CsvInputs {

    private static final int MOST_REPORTED = 10;

    private final Path file;
    private final List<String> mistakes = new ArrayList<>();
    private long mistaken;
    private double[] values = new double[1024];
    private int used;
    private int count;
    private int columns;

    private CsvInputs(Path file, int columns) {
        this.file = file;
        this.columns = columns;
    }

    static Inputs read(Path file, int... shape) {
        Shape asked = shape.length == 0 ? null : Shape.of(shape);
        CsvInputs csv = new CsvInputs(file, asked == null ? 0 : asked.size());
        try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            csv.rows(lines, asked == null ? "" : " (" + asked + ")");
        } catch (NoSuchFileException e) {
            throw Failure.input(file + ": there is no such file");
        } catch (CharacterCodingException e) {
            throw Failure.input(file + ": this is not text in UTF-8");
        } catch (IOException e) {
            throw Failure.input(file + ": cannot be read (" + e.getMessage() + ")");
        }
        if (csv.mistaken > csv.mistakes.size()) {
            csv.mistakes.add(file + ": " + csv.mistaken + " mistakes in all, the first " + MOST_REPORTED + " are above");
        }
        if (!csv.mistakes.isEmpty()) {
            throw Failure.input(csv.mistakes);
        }
        if (csv.count == 0) {
            throw Failure.input(file + ": the file has no rows; one input a row is needed");
        }
        return InputFiles.inputs(file, Arrays.copyOf(csv.values, csv.used), csv.count, asked == null ? Shape.of(csv.columns) : asked);
    }

    private void rows(BufferedReader lines, String shape) throws IOException {
        int number = 0;
        int blank = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            String row = number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
            if (row.isBlank()) {
                blank++;
                continue;
            }
            for (; blank > 0; blank--) {
                mistake(number - blank, 1, "the line is empty; one input a row is needed");
            }
            int fields = row(row, number);
            if (columns == 0) {
                columns = fields;
            }
            if (fields != columns) {
                mistake(number, Math.min(fields, columns) + 1, "the row has " + fields + (fields == 1 ? " value; " : " values; ") + columns + shape
                        + (shape.isEmpty() ? ", as in the first row, are needed" : " are needed"));
            }
            count++;
        }
    }

    /** Reads the fields of a row; their number. */
    private int row(String row, int line) {
        int fields = 0;
        int start = 0;
        while (true) {
            int comma = row.indexOf(',', start);
            int end = comma < 0 ? row.length() : comma;
            fields++;
            // What comes after the last column is counted only: the row is refused anyway.
            if (columns == 0 || fields <= columns) {
                add(number(row.substring(start, end).strip(), line, fields));
            }
            if (comma < 0) {
                return fields;
            }
            start = comma + 1;
        }
    }

    private double number(String written, int line, int field) {
        boolean quoted = written.length() > 1 && written.startsWith("\"") && written.endsWith("\"");
        String text = quoted ? written.substring(1, written.length() - 1).strip() : written;
        if (text.equalsIgnoreCase("nan")) {
            return Double.NaN;
        }
        try {
            double value = Double.parseDouble(text);
            // Java also reads 1f, 1d, NaN, Infinity and 0x1p3, which no CSV means.
            char last = text.charAt(text.length() - 1);
            if (Double.isFinite(value) && (last == '.' || last >= '0' && last <= '9') && text.indexOf('x') < 0 && text.indexOf('X') < 0) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Reported below, with all the others that are no finite numbers.
        }
        String hint = text.indexOf(';') >= 0 || text.indexOf('\t') >= 0 ? "; values are separated by commas" : line == 1 ? "; a first row of names is not allowed" : "";
        String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
        mistake(line, field, (text.isEmpty() ? "nothing" : "'" + shown + "'") + " is not a finite number" + hint);
        return 0;
    }

    private void mistake(int line, int field, String text) {
        if (mistaken++ < MOST_REPORTED) {
            mistakes.add(file + ":" + line + ":" + field + ": " + text);
        }
    }

    private void add(double value) {
        if (used == values.length) {
            if (used > (1 << 30)) {
                throw Failure.input(file + ": more than " + used + " values do not fit");
            }
            values = Arrays.copyOf(values, (int) Math.min(2L * used, Integer.MAX_VALUE - 8));
        }
        values[used++] = value;
    }
}
