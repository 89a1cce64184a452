package org.ntk4j.table;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Options;

/**
 * Which columns of a table are what.
 *
 * @param label   the column of the label
 * @param targets those of real-valued targets, in place of a label; none for classes
 * @param inputs  those of the values of an input; none: all that are nothing else
 * @param drop    those that are left out; where it is not said, those without a name in the header
 */
public record TableColumns(Column label, List<Column> targets, List<Column> inputs, Optional<List<Column>> drop) {

    /**
     * Where they are in a row.
     *
     * @param inputs  in the order of the input's values
     * @param targets in their order
     * @param unnamed those that are left out because they have no name
     */
    public record Places(int[] inputs, int[] targets, int[] unnamed) {
    }

    /**
     * Reads {@code columns: {label (the last), inputs, drop}}, {@code targets: {columns}} and {@code label}, short for
     * {@code columns.label}.
     */
    public static TableColumns read(Options options) {
        Options columns = options.nested("columns");
        boolean labelled = columns.entry("label").isPresent() || Labelling.isColumn(options);
        Column label = Column.read(columns, "label", Column.LAST);
        List<Column> inputs = Column.list(columns, "inputs");
        Optional<List<Column>> drop = columns.entry("drop").map(e -> Column.list(columns, "drop"));
        columns.finish();
        if (Labelling.isColumn(options)) {
            label = Column.read(options, "label", Column.LAST);
        }
        List<Column> targets = List.of();
        if (options.entry("targets").filter(e -> e instanceof Entry.Mapping).isPresent()) {
            Options own = options.nested("targets");
            targets = Column.list(own, "columns");
            if (targets.isEmpty()) {
                own.mistake("columns", "at least one column is needed, a number from 1 or a name from the header");
            }
            own.finish();
            if (labelled) {
                options.mistake("targets", "there is a column of labels as well; a study learns classes or real values; columns: {drop: "
                        + "[…]} leaves a column out");
            }
        }
        return new TableColumns(label, targets, inputs, drop);
    }

    /** Whether targets are real values. */
    public boolean real() {
        return !targets.isEmpty();
    }

    /** All that are asked for. */
    public List<Column> all() {
        List<Column> all = new ArrayList<>(real() ? targets : List.of(label));
        all.addAll(inputs);
        drop.ifPresent(all::addAll);
        return all;
    }

    /**
     * Where they are in this table.
     *
     * @throws Failure where there is no such column, one is two things, or none is left for the input
     */
    public Places in(TableFile table, Path file) {
        int[] target = targets.stream().mapToInt(table::index).toArray();
        int[] goals = real() ? target : new int[] {table.index(label)};
        int[] left = drop.map(d -> d.stream().mapToInt(table::index).toArray()).orElse(new int[0]);
        int[] unnamed = drop.isPresent() || !inputs.isEmpty() ? new int[0]
                : table.unnamed().stream().mapToInt(i -> i).filter(i -> !contains(goals, i)).toArray();
        int[] chosen = inputs.stream().mapToInt(table::index).toArray();
        if (chosen.length == 0) {
            chosen = IntStream.range(0, table.width()).filter(i -> !contains(goals, i) && !contains(left, i) && !contains(unnamed, i))
                    .toArray();
        }
        String goal = real() ? "targets" : "label";
        for (int i : chosen) {
            if (contains(goals, i) || contains(left, i)) {
                throw Failure.input(file + ":1: column " + table.name(i) + " cannot be an input and "
                        + (contains(goals, i) ? "of the " + goal : "left out") + " at once");
            }
        }
        for (int i : goals) {
            if (contains(left, i)) {
                throw Failure.input(file + ":1: column " + table.name(i) + " cannot be of the " + goal + " and left out at once");
            }
        }
        if (chosen.length == 0) {
            throw Failure.input(file + ":1: there is no column beside the " + goal + table.oneColumn());
        }
        return new Places(chosen, target, unnamed);
    }

    private static boolean contains(int[] all, int one) {
        return Arrays.stream(all).anyMatch(i -> i == one);
    }

    /** The options as in YAML, {@code drop} as it was found. */
    public Map<String, Object> toMap(Places places) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (!real()) {
            map.put("label", label.toYaml());
        }
        if (!inputs.isEmpty()) {
            map.put("inputs", inputs.stream().map(Column::toYaml).toList());
        }
        if (drop.isPresent() || places.unnamed().length > 0) {
            map.put("drop", drop.<List<?>>map(d -> d.stream().map(Column::toYaml).toList())
                    .orElseGet(() -> Arrays.stream(places.unnamed()).mapToObj(i -> i + 1).toList()));
        }
        return map;
    }
}
