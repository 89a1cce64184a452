package org.ntk4j.chart;

import java.util.List;

/**
 * The numbers of a panel as words, for readers who cannot see it.
 *
 * @param rows each as long as {@code head}
 */
public record DataTable(List<String> head, List<List<String>> rows) {

    /** A longer table would hide what it is for. */
    private static final int MOST = 60;

    public DataTable {
        head = List.copyOf(head);
        rows = rows.stream().map(List::copyOf).toList();
    }

    /** No table. */
    public static DataTable none() {
        return new DataTable(List.of(), List.of());
    }

    /** As many rows as can be read, evenly spaced, the first and the last among them. */
    DataTable thinned() {
        if (rows.size() <= MOST) {
            return this;
        }
        List<List<String>> kept = java.util.stream.IntStream.range(0, MOST)
                .mapToObj(i -> rows.get((int) Math.round(i * (rows.size() - 1.0) / (MOST - 1)))).toList();
        return new DataTable(head, kept);
    }
}
