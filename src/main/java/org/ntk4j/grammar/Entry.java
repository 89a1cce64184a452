package org.ntk4j.grammar;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A value of a document, with its place. Immutable. */
public sealed interface Entry {

    /** Where it was written. */
    Place place();

    /** What it is, for a message: {@code a list}, {@code a map}, {@code 'abc'}. */
    String describe();

    /** A single value, as it was written. */
    record Scalar(String text, Place place) implements Entry {
        @Override
        public String describe() {
            return text.isEmpty() ? "nothing" : "'" + Mistakes.shortened(text) + "'";
        }
    }

    /** An option that is written to be absent: {@code null}. */
    record Absent(Place place) implements Entry {
        @Override
        public String describe() {
            return "null";
        }
    }

    /** A list. */
    record Listing(List<Entry> items, Place place) implements Entry {
        public Listing {
            items = List.copyOf(items);
        }

        @Override
        public String describe() {
            return "a list";
        }
    }

    /** A value that only Java can give, such as an activation function of one's own. */
    record Given(Object value, Place place) implements Entry {
        @Override
        public String describe() {
            return String.valueOf(value);
        }
    }

    /** A map from names to values, in the order of the document. */
    record Mapping(Map<String, Field> fields, Place place) implements Entry {
        public Mapping {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }

        @Override
        public String describe() {
            return "a map";
        }

        /** A field that is known to be there. */
        public Field field(String key) {
            return Objects.requireNonNull(fields.get(key), key);
        }

        /** This map with one more field, or another value for it. */
        public Mapping with(String key, Entry value) {
            Map<String, Field> changed = new LinkedHashMap<>(fields);
            changed.put(key, new Field(value.place(), value));
            return new Mapping(changed, place);
        }

        /** This map without a field. */
        public Mapping without(String key) {
            Map<String, Field> changed = new LinkedHashMap<>(fields);
            changed.remove(key);
            return new Mapping(changed, place);
        }
    }

    /** A field of a map: where its name stands, and its value. */
    record Field(Place place, Entry value) {
    }

    /**
     * This document with another value at a dotted path, such as {@code network.mlp.width}; maps that are missing on the
     * way are made, a bare name on the way becomes a map, and a number on the way is an index of a list.
     */
    static Entry with(Entry root, String path, Entry value) {
        int dot = path.indexOf('.');
        String head = dot < 0 ? path : path.substring(0, dot);
        String rest = dot < 0 ? null : path.substring(dot + 1);
        if (root instanceof Listing list && head.matches("\\d{1,4}") && Integer.parseInt(head) < list.items().size()) {
            List<Entry> items = new ArrayList<>(list.items());
            int index = Integer.parseInt(head);
            items.set(index, rest == null ? value : with(items.get(index), rest, value));
            return new Listing(items, list.place());
        }
        Mapping map;
        if (root instanceof Mapping given) {
            map = given;
        } else if (root instanceof Scalar name && name.text().equals(head)) {
            map = new Mapping(Map.of(), name.place());
        } else {
            map = new Mapping(Map.of(), value.place());
        }
        if (rest == null) {
            return map.with(head, value);
        }
        Field old = map.fields().get(head);
        return map.with(head, with(old == null ? new Mapping(Map.of(), value.place()) : old.value(), rest, value));
    }

    /** This value as if all of it stood at another place: one given on the command line has no lines to point at. */
    default Entry at(Place other) {
        if (this instanceof Listing list) {
            return new Listing(list.items().stream().map(item -> item.at(other)).toList(), other);
        }
        if (this instanceof Mapping map) {
            Map<String, Field> moved = new LinkedHashMap<>();
            map.fields().forEach((key, field) -> moved.put(key, new Field(other, field.value().at(other))));
            return new Mapping(moved, other);
        }
        return this instanceof Scalar scalar ? new Scalar(scalar.text(), other) : this instanceof Absent ? new Absent(other) : this;
    }

    /** The entry for Java values: maps, iterables, numbers, strings, booleans; anything else is {@link Given}. */
    static Entry of(Object value, Place place) {
        if (value instanceof Entry entry) {
            return entry;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Field> fields = new LinkedHashMap<>();
            map.forEach((k, v) -> fields.put(String.valueOf(k), new Field(place, of(v, place))));
            return new Mapping(fields, place);
        }
        if (value instanceof Iterable<?> values) {
            List<Entry> items = new ArrayList<>();
            values.forEach(v -> items.add(of(v, place)));
            return new Listing(items, place);
        }
        if (value instanceof Number || value instanceof CharSequence || value instanceof Boolean) {
            return new Scalar(value.toString(), place);
        }
        return new Given(value, place);
    }
}
