package org.ntk4j.data;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalDouble;
import org.ntk4j.base.Failure;
import org.ntk4j.files.FileMistakes;
import org.ntk4j.files.TextNumber;
import org.ntk4j.shape.Shape;

/** Reads rows of numbers, and notes every mistake with its line and field. */
final class CsvInputs {

    private final Path file;
    private final FileMistakes mistakes;
    private double[] values = new double[1024];
    private int used;
    private int count;
    private int columns;

    private CsvInputs(Path file, int columns) {
        this.file = file;
        this.mistakes = new FileMistakes(file);
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
        csv.mistakes.check();
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
                mistakes.add(number - blank, 1, "the line is empty; one input a row is needed");
            }
            int fields = row(row, number);
            if (columns == 0) {
                columns = fields;
            }
            if (fields != columns) {
                mistakes.add(number, Math.min(fields, columns) + 1,
                        "the row has " + fields + (fields == 1 ? " value; " : " values; ") + columns + shape
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
                String text = row.substring(start, end).strip();
                boolean trailing = comma < 0 && fields > 1 && text.isEmpty();
                if (trailing) {
                    mistakes.add(line, fields, "the row ends with a comma, behind which there is no value; leave the comma out");
                }
                add(trailing ? 0 : number(text, line, fields));
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
        OptionalDouble value = TextNumber.finite(text);
        if (value.isPresent()) {
            return value.getAsDouble();
        }
        String hint = isSeveral(text) ? "; values are separated by commas"
                : line == 1 ? "; a first row of names is not allowed" : "";
        mistakes.add(line, field, TextNumber.shown(text) + " is not a finite number" + hint);
        return 0;
    }

    /** Whether signs stand between the values that others write there. */
    private static boolean isSeveral(String text) {
        String[] parts = text.split("[;|\\s]+");
        return parts.length > 1 && TextNumber.finite(parts[0].replace(',', '.')).isPresent();
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
