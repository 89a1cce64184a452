package org.ntk4j.table;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Options;

/**
 * How a row of a table gets its label: the classes are the values of a column, or, with a threshold, {@code positive} for the
 * numbers above it and {@code negative} for the others.
 *
 * @param threshold where a rating becomes a class
 * @param drop      two bounds: rows whose number is from the one to the other (both included) are left out
 * @param format    how the table is written
 */
public record Labelling(OptionalDouble threshold, Optional<List<Double>> drop, TableFormat format) {

    public static final List<String> SIDES = List.of("negative", "positive");

    /**
     * Reads {@code label: {threshold}}, {@code drop: {label: {between: [from, to]}}}, {@code header}, {@code separator} and
     * {@code decimal}.
     */
    public static Labelling read(Options options, List<Column> columns) {
        OptionalDouble threshold = OptionalDouble.empty();
        if (options.entry("label").isPresent() && !isColumn(options)) {
            Options label = options.nested("label");
            threshold = label.optionalReal("threshold", -Double.MAX_VALUE, Double.MAX_VALUE);
            label.finish();
        }
        Optional<List<Double>> drop = Optional.empty();
        if (options.entry("drop").isPresent()) {
            Options what = options.nested("drop");
            Options label = what.nested("label");
            List<Double> bounds = label.reals("between", List.of());
            if (bounds.size() == 2 && bounds.get(0) <= bounds.get(1)) {
                drop = Optional.of(bounds);
            } else {
                label.mistake("between", bounds + " is not allowed; two numbers are needed, the smaller first: [-0.5, 0.5]");
            }
            label.finish();
            what.finish();
        }
        return new Labelling(threshold, drop, TableFormat.read(options, columns.stream().anyMatch(Column::named)));
    }

    /** True where {@code label} names the column itself, short for {@code columns: {label: …}}. */
    public static boolean isColumn(Options options) {
        return options.entry("label").filter(e -> e instanceof Entry.Scalar).isPresent();
    }

    /** Whether labels must be numbers. */
    public boolean numeric() {
        return threshold.isPresent() || drop.isPresent();
    }

    /** Whether a row with this number is left out. */
    public boolean drops(double number) {
        return drop.isPresent() && number >= drop.get().get(0) && number <= drop.get().get(1);
    }

    /** The options as in YAML; {@code headed} is what was found. */
    public Map<String, Object> toMap(boolean headed) {
        Map<String, Object> map = new LinkedHashMap<>();
        threshold.ifPresent(t -> map.put("label", Map.of("threshold", t)));
        drop.ifPresent(bounds -> map.put("drop", Map.of("label", Map.of("between", bounds))));
        map.putAll(format.toMap(headed));
        return map;
    }
}
