package org.ntk4j.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.ntk4j.base.Failure;
import org.ntk4j.files.FileMistakes;
import org.ntk4j.files.TextLines;
import org.ntk4j.files.TextNumber;
import org.ntk4j.positions.Edges;

/**
 * Edges of graphs from a CSV with the columns {@code example,tail,head,weight}: one directed edge a line, all counted from 0. An edge that
 * occurs twice adds its weights, an example that does not occur has no edges. A header line of these names is allowed.
 */
public final class EdgeFile {

    private static final List<String> COLUMNS = List.of("example", "tail", "head", "weight");
    private static final String NEEDED = String.join(",", COLUMNS);

    private EdgeFile() {
    }

    /**
     * Inputs with the graphs of a file.
     *
     * @throws Failure with {@code file:line:column} for every mistake, the first ten and their number; the column counts fields
     */
    public static Inputs read(Path file, Inputs inputs) {
        if (inputs.shape().space().size() != 1) {
            throw Failure.input(file + ": graphs belong to inputs of [nodes, channels], and these are of " + inputs.shape()
                    + "; say it with --shape nodes,channels");
        }
        FileMistakes mistakes = new FileMistakes(file);
        List<List<double[]>> byExample = new ArrayList<>();
        for (int i = 0; i < inputs.count(); i++) {
            byExample.add(new ArrayList<>());
        }
        try (TextLines lines = TextLines.open(mistakes)) {
            int blank = 0;
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (line.isBlank()) {
                    blank = blank == 0 ? lines.number() : blank;
                    continue;
                }
                if (blank > 0) {
                    mistakes.add(blank, 1, "the line is empty; one edge a line is needed: " + NEEDED);
                    blank = 0;
                }
                List<String> fields = Arrays.stream(line.split(",", -1)).map(String::strip).toList();
                if (lines.number() == 1 && fields.stream().map(f -> f.toLowerCase(Locale.ROOT)).toList().equals(COLUMNS)) {
                    continue;
                }
                edge(fields, lines.number(), inputs, byExample, mistakes);
            }
        }
        mistakes.check();
        return inputs.graphs(byExample.stream().map(EdgeFile::edges).toList());
    }

    private static void edge(List<String> fields, int line, Inputs inputs, List<List<double[]>> byExample, FileMistakes mistakes) {
        if (fields.size() != COLUMNS.size()) {
            mistakes.add(line, Math.min(fields.size(), COLUMNS.size()) + 1,
                    "the line has " + fields.size() + (fields.size() == 1 ? " value; " : " values; ") + NEEDED + " are needed");
            return;
        }
        int[] numbers = new int[COLUMNS.size() - 1];
        boolean right = true;
        for (int i = 0; i < numbers.length; i++) {
            int most = i == 0 ? inputs.count() - 1 : inputs.shape().positions() - 1;
            String text = fields.get(i);
            numbers[i] = text.matches("\\+?\\d{1,9}") ? Integer.parseInt(text) : -1;
            if (numbers[i] < 0 || numbers[i] > most) {
                mistakes.add(line, i + 1, COLUMNS.get(i) + ": " + TextNumber.shown(text) + " is not " + (i == 0 ? "an example" : "a node")
                        + "; allowed: whole numbers from 0 to " + most);
                right = false;
            }
        }
        OptionalDouble weight = TextNumber.finite(fields.get(numbers.length));
        if (weight.isEmpty()) {
            mistakes.add(line, numbers.length + 1, "weight: " + TextNumber.shown(fields.get(numbers.length)) + " is not a finite number");
            right = false;
        }
        for (int i = 1; right && i < numbers.length; i++) {
            if (!inputs.isReal(numbers[0], numbers[i])) {
                mistakes.add(line, i + 1, COLUMNS.get(i) + ": node " + numbers[i] + " of example " + numbers[0]
                        + " is padding, which has no edges; leave the edge out, or give the node values");
                right = false;
            }
        }
        if (right) {
            byExample.get(numbers[0]).add(new double[] {numbers[1], numbers[2], weight.getAsDouble()});
        }
    }

    private static Edges edges(List<double[]> rows) {
        return new Edges(rows.stream().mapToInt(e -> (int) e[0]).toArray(), rows.stream().mapToInt(e -> (int) e[1]).toArray(),
                rows.stream().mapToDouble(e -> e[2]).toArray());
    }
}
