package org.ntk4j.study.finding;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.ntk4j.files.Table;

/** A table that is too wide for the screen as several below each other, each beginning with the same first columns: no number is cut. */
final class StackedTable {

    private static final int GAP = 2;

    private StackedTable() {
    }

    /**
     * The table in lines.
     *
     * @param rows of texts
     * @param keys how many of the first columns are repeated
     */
    static String text(List<String> heads, List<List<Object>> rows, int keys, int width) {
        List<String> blocks = new ArrayList<>();
        List<Integer> columns = new ArrayList<>(IntStream.range(0, keys).boxed().toList());
        int used = columns.stream().mapToInt(c -> width(heads, rows, c) + GAP).sum();
        int room = width - used + GAP;
        for (int c = keys; c < heads.size(); c++) {
            int own = width(heads, rows, c) + GAP;
            if (own > room && columns.size() > keys) {
                blocks.add(block(heads, rows, columns, width));
                columns = new ArrayList<>(columns.subList(0, keys));
                room = width - used + GAP;
            }
            columns.add(c);
            room -= own;
        }
        blocks.add(block(heads, rows, columns, width));
        return String.join(System.lineSeparator(), blocks);
    }

    private static int width(List<String> heads, List<List<Object>> rows, int column) {
        int widest = length(heads.get(column));
        for (List<Object> row : rows) {
            widest = Math.max(widest, length(String.valueOf(row.get(column))));
        }
        return widest;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String block(List<String> heads, List<List<Object>> rows, List<Integer> columns, int width) {
        List<List<Object>> cells = rows.stream().map(row -> columns.stream().<Object>map(row::get).toList()).toList();
        return new Table(columns.stream().map(heads::get).toList(), cells).text(width);
    }
}
