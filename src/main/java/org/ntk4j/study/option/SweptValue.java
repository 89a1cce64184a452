package org.ntk4j.study.option;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ntk4j.grammar.Entry;

/** A value of a sweep: given in Java, or as it stands in a file. */
final class SweptValue {

    private SweptValue() {
    }

    /** As it stands in the tables: a word or number as it was written, {@code [3, 3]}, {@code momentum {decay 0.7}}. */
    static String text(Object value) {
        Object plain = plain(value);
        if (plain instanceof Map<?, ?> map && map.size() == 1) {
            return pair(map.entrySet().iterator().next());
        }
        return inside(plain);
    }

    private static String inside(Object plain) {
        if (plain instanceof Map<?, ?> map) {
            return map.entrySet().stream().map(SweptValue::pair).collect(Collectors.joining(", ", "{", "}"));
        }
        return plain instanceof List<?> list ? list.stream().map(SweptValue::inside).collect(Collectors.joining(", ", "[", "]"))
                : String.valueOf(plain);
    }

    private static String pair(Map.Entry<?, ?> field) {
        String value = inside(field.getValue());
        return value.equals("{}") ? String.valueOf(field.getKey()) : field.getKey() + " " + value;
    }

    /** As in YAML, a number as one. */
    static Object toYaml(Object value) {
        return typed(plain(value));
    }

    /** Equal for equal numbers, however they are written. */
    static String same(Object value) {
        return text(exact(plain(value)));
    }

    private static Object plain(Object value) {
        if (!(value instanceof Entry e)) {
            return value;
        }
        if (e instanceof Entry.Scalar s) {
            return s.text();
        }
        if (e instanceof Entry.Listing l) {
            return l.items().stream().map(SweptValue::plain).toList();
        }
        if (e instanceof Entry.Mapping m) {
            Map<String, Object> map = new LinkedHashMap<>();
            m.fields().forEach((key, field) -> map.put(key, plain(field.value())));
            return map;
        }
        return e instanceof Entry.Given given ? String.valueOf(given.value()) : "none";
    }

    private static Object typed(Object plain) {
        if (plain instanceof List<?> list) {
            return list.stream().map(SweptValue::typed).toList();
        }
        if (plain instanceof Map<?, ?> map) {
            Map<String, Object> typed = new LinkedHashMap<>();
            map.forEach((key, inside) -> typed.put(String.valueOf(key), typed(inside)));
            return typed;
        }
        if (plain instanceof String s && s.matches("[+-]?\\d{1,9}")) {
            return Integer.valueOf(s);
        }
        return plain instanceof String s && s.matches("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?") ? (Object) Double.valueOf(s) : plain;
    }

    private static Object exact(Object plain) {
        if (plain instanceof List<?> list) {
            return list.stream().map(SweptValue::exact).toList();
        }
        if (plain instanceof Map<?, ?> map) {
            Map<Object, Object> same = new LinkedHashMap<>();
            map.forEach((key, value) -> same.put(key, exact(value)));
            return same;
        }
        return typed(plain) instanceof Number number ? (Object) number.doubleValue() : plain;
    }
}
