package org.ntk4j.chart;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * An axis of a plot.
 *
 * @param name       what it shows, with its unit
 * @param kind       {@code value}, {@code log} or {@code category}
 * @param categories the words of a category axis, whose values are their indices
 * @param low        where it begins; else where the data do
 * @param high       where it ends
 */
public record Axis(String name, String kind, List<String> categories, OptionalDouble low, OptionalDouble high) {

    public Axis {
        categories = List.copyOf(categories);
    }

    /** In proportion. */
    public static Axis linear(String name) {
        return new Axis(name, "value", List.of(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    /** Logarithmic, to base 10; values must be above 0. */
    public static Axis log(String name) {
        return new Axis(name, "log", List.of(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    /** One place for each word. */
    public static Axis words(String name, List<String> categories) {
        return new Axis(name, "category", categories, OptionalDouble.empty(), OptionalDouble.empty());
    }

    /** This axis, shown between two values. */
    public Axis within(double from, double to) {
        return new Axis(name, kind, categories, OptionalDouble.of(from), OptionalDouble.of(to));
    }

    /** This axis, shown from a value up. */
    public Axis from(double least) {
        return new Axis(name, kind, categories, OptionalDouble.of(least), high);
    }

    boolean isLog() {
        return kind.equals("log");
    }

    /** As the chart library reads it. */
    Map<String, Object> option(int grid, boolean upsideDown) {
        Map<String, Object> option = new LinkedHashMap<>();
        option.put("type", kind);
        option.put("gridIndex", grid);
        option.put("name", name);
        if (!categories.isEmpty()) {
            option.put("data", categories);
            option.put("inverse", upsideDown);
        } else {
            option.put("scale", true);
        }
        low.ifPresent(value -> option.put("min", value));
        high.ifPresent(value -> option.put("max", value));
        return option;
    }
}
