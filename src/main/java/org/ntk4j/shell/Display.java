package org.ntk4j.shell;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.ntk4j.layer.Layer;

/**
 * How the value of an expression is shown: an array by its shape, range and first row, a layer as the grammar writes it, anything else by
 * its {@code toString}.
 */
final class Display {

    private static final int MOST = 6;

    private Display() {
    }

    /** The text, of one or more lines. */
    static String of(@Nullable Object value) {
        String text = value != null && value.getClass().isArray() ? array(value)
                : value instanceof Layer layer ? layer.line() : String.valueOf(value);
        return text == null ? "null" : Thrown.withoutWrapper(text);
    }

    private static String array(Object array) {
        Class<?> element = element(array);
        List<Object> leaves = new ArrayList<>();
        leaves(array, leaves);
        String shape = element.getSimpleName() + "[" + shape(array) + "]";
        if (leaves.stream().allMatch(leaf -> Array.getLength(leaf) == 0)) {
            return shape;
        }
        Object first = leaves.get(0);
        return shape + range(element, leaves) + (leaves.size() > 1 ? ", first row " : " ") + row(first);
    }

    private static Class<?> element(Object array) {
        Class<?> type = array.getClass();
        while (type.isArray()) {
            type = type.getComponentType();
        }
        return type;
    }

    /** The innermost arrays. A null among the rows is left out. */
    private static void leaves(Object array, List<Object> found) {
        if (!array.getClass().getComponentType().isArray()) {
            found.add(array);
            return;
        }
        for (Object row : (Object[]) array) {
            if (row != null) {
                leaves(row, found);
            }
        }
    }

    /** {@code 3 × 2}, or {@code 3 × 1–4} where rows differ in length. */
    private static String shape(Object array) {
        StringJoiner shape = new StringJoiner(" × ");
        List<Object> level = List.of(array);
        while (!level.isEmpty()) {
            int least = level.stream().mapToInt(Array::getLength).min().getAsInt();
            int most = level.stream().mapToInt(Array::getLength).max().getAsInt();
            shape.add(least == most ? "" + most : least + "–" + most);
            List<Object> next = new ArrayList<>();
            for (Object each : level) {
                if (each.getClass().getComponentType().isArray()) {
                    for (Object row : (Object[]) each) {
                        if (row != null) {
                            next.add(row);
                        }
                    }
                }
            }
            level = next;
        }
        return shape.toString();
    }

    private static String range(Class<?> element, List<Object> leaves) {
        if (!element.isPrimitive() || element == boolean.class || element == char.class) {
            return "";
        }
        DoubleSummaryStatistics values = new DoubleSummaryStatistics();
        long missing = 0;
        for (Object leaf : leaves) {
            for (int i = 0; i < Array.getLength(leaf); i++) {
                double value = Array.getDouble(leaf, i);
                if (Double.isNaN(value)) {
                    missing++;
                } else {
                    values.accept(value);
                }
            }
        }
        boolean whole = element != double.class && element != float.class;
        String range = values.getCount() == 0 ? "" : " " + number(values.getMin(), whole) + " … " + number(values.getMax(), whole);
        return range + (missing == 0 ? "" : " (" + missing + " NaN)") + (leaves.size() == 1 ? ":" : "");
    }

    private static String row(Object row) {
        StringJoiner shown = new StringJoiner(", ", "[", "]");
        int length = Array.getLength(row);
        for (int i = 0; i < Math.min(length, MOST); i++) {
            Object value = Array.get(row, i);
            shown.add(value instanceof Double || value instanceof Float ? number(((Number) value).doubleValue(), false) : of(value));
        }
        return length > MOST ? shown.add("…").toString() : shown.toString();
    }

    /** Six significant digits, as Java writes them. */
    private static String number(double value, boolean whole) {
        if (whole) {
            return String.valueOf((long) value);
        }
        return Double.isFinite(value) ? String.valueOf(Double.parseDouble(String.format(Locale.ROOT, "%.6g", value)))
                : String.valueOf(value);
    }
}
