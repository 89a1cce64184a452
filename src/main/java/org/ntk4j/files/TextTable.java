package org.ntk4j.files;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A table for the screen: columns aligned, numbers to the right with four digits that count, texts to the left. */
public final class TextTable {

    private static final String GAP = "  ";
    private static final int NARROWEST = 4;

    private TextTable() {
    }

    /**
     * The table in lines of at most {@code width} characters. A cell that does not fit goes on below, at its blanks; only where the words
     * alone are too wide they are cut and end in {@code …}.
     */
    public static String text(Table table, int width) {
        int columns = table.columns().size();
        List<String[]> lines = new ArrayList<>();
        lines.add(table.columns().toArray(String[]::new));
        boolean[] right = new boolean[columns];
        for (int c = 0; c < columns; c++) {
            int column = c;
            right[c] = table.rows().stream().map(row -> row.get(column)).anyMatch(Number.class::isInstance);
        }
        for (List<Object> row : table.rows()) {
            lines.add(row.stream().map(TextTable::cell).toArray(String[]::new));
        }
        int[] widths = widths(lines, columns, width);
        StringBuilder text = new StringBuilder();
        for (String[] line : lines) {
            List<List<String>> cells = new ArrayList<>();
            for (int c = 0; c < columns; c++) {
                cells.add(parts(line[c], widths[c]));
            }
            int height = cells.stream().mapToInt(List::size).max().orElse(0);
            for (int h = 0; h < height; h++) {
                text.append(line(cells, h, widths, right)).append(System.lineSeparator());
            }
        }
        return text.toString();
    }

    private static String line(List<List<String>> cells, int h, int[] widths, boolean[] right) {
        StringBuilder out = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            String cell = h < cells.get(c).size() ? cells.get(c).get(h) : "";
            String blank = " ".repeat(widths[c] - length(cell));
            out.append(c == 0 ? "" : GAP).append(right[c] ? blank + cell : cell + blank);
        }
        return out.toString().stripTrailing();
    }

    /** The lines that a cell takes. */
    private static List<String> parts(String cell, int width) {
        if (length(cell) <= width) {
            return List.of(cell);
        }
        List<String> parts = new ArrayList<>();
        String part = "";
        for (String word : cell.strip().split(" +")) {
            String more = part.isEmpty() ? word : part + " " + word;
            if (length(more) <= width) {
                part = more;
            } else {
                if (!part.isEmpty()) {
                    parts.add(part);
                }
                part = cut(word, width);
            }
        }
        parts.add(part);
        return parts;
    }

    /** The widest columns give way until all fit: as far as their longest word, and where that is not enough all the same. */
    private static int[] widths(List<String[]> lines, int columns, int width) {
        int[] widths = new int[columns];
        int[] words = new int[columns];
        for (String[] line : lines) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], length(line[c]));
                words[c] = Math.max(words[c], Arrays.stream(line[c].split(" ")).mapToInt(TextTable::length).max().orElse(0));
            }
        }
        int room = width - GAP.length() * Math.max(0, columns - 1);
        narrow(widths, words, room);
        narrow(widths, IntStream.generate(() -> NARROWEST).limit(columns).toArray(), room);
        return widths;
    }

    private static void narrow(int[] widths, int[] least, int room) {
        while (Arrays.stream(widths).sum() > room) {
            int widest = -1;
            for (int c = 0; c < widths.length; c++) {
                widest = widths[c] > least[c] && (widest < 0 || widths[c] > widths[widest]) ? c : widest;
            }
            if (widest < 0) {
                return;
            }
            widths[widest]--;
        }
    }

    private static String cell(Object cell) {
        if (cell instanceof Double || cell instanceof Float) {
            return number(((Number) cell).doubleValue());
        }
        return cell == null ? "" : cell.toString().replaceAll("\\R", " ");
    }

    /** Four digits that count, {@code 0.8900}, {@code 1234}, {@code 1.234e-07}; nothing for NaN. */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "∞" : "-∞";
        }
        double size = Math.abs(value);
        if (size >= 999.95 && size < 99999.5) {
            return String.format(Locale.ROOT, size < 9999.5 ? "%.1f" : "%.0f", value);
        }
        return value == 0 ? "0" : String.format(Locale.ROOT, size >= 1e-4 && size < 1000 ? "%.4g" : "%.3e", value);
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String cut(String text, int width) {
        return length(text) <= width ? text : text.substring(0, text.offsetByCodePoints(0, width - 1)) + "…";
    }
}
