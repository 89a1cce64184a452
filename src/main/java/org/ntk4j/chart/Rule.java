package org.ntk4j.chart;

import java.util.List;
import java.util.Map;

/**
 * A thin line that is no data: a moment, a level, the diagonal.
 *
 * @param kind  across at y, upright at x, or the diagonal from a point to a point
 * @param label what it stands for
 */
public record Rule(Kind kind, double from, double to, String label) {

    /** Which way it lies. */
    public enum Kind { LEVEL, MOMENT, DIAGONAL }

    /** A level of y. */
    public static Rule level(double y, String label) {
        return new Rule(Kind.LEVEL, y, y, label);
    }

    /** A value of x. */
    public static Rule moment(double x, String label) {
        return new Rule(Kind.MOMENT, x, x, label);
    }

    /** Where x is y. */
    public static Rule diagonal(double from, double to) {
        return new Rule(Kind.DIAGONAL, from, to, "");
    }

    Object option() {
        Map<String, Object> named = Map.of("name", label, "label",
                Map.of("show", !label.isEmpty(), "formatter", "{b}", "position", kind == Kind.LEVEL ? "insideEndTop" : "end"));
        return switch (kind) {
            case LEVEL -> merged(named, "yAxis", from);
            case MOMENT -> merged(named, "xAxis", from);
            case DIAGONAL -> List.of(merged(Map.of(), "coord", List.of(from, from)), merged(Map.of(), "coord", List.of(to, to)));
        };
    }

    private static Map<String, Object> merged(Map<String, Object> rest, String key, Object value) {
        Map<String, Object> all = new java.util.LinkedHashMap<>();
        all.put(key, value);
        all.putAll(rest);
        return all;
    }
}
