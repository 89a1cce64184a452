package org.ntk4j.reference;

import com.google.gson.GsonBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** The grammar of experiments as a JSON Schema (draft 7, which editors know), with which an editor completes and checks YAML files. */
public final class JsonSchema {

    /** A sum, product, … of numbers, as the reader takes it. */
    private static final String ARITHMETIC = "^[-+]?(\\d|\\.|\\(|sqrt|exp|log|pi)[-+*/^(). \\deEa-z]*$";

    private final Reference reference;

    /** Of a reference. */
    public JsonSchema(Reference reference) {
        this.reference = reference;
    }

    /** Its text. */
    @Override
    public String toString() {
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(toMap());
    }

    private Map<String, Object> toMap() {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("$schema", "http://json-schema.org/draft-07/schema#");
        schema.put("title", "an experiment of ntk4j");
        schema.putAll(map(reference.of(Kind.KEY)));
        Map<String, Object> definitions = new TreeMap<>();
        definitions.put("network", network());
        definitions.put("layers", of("type", "array", "items", of("$ref", "#/definitions/layer")));
        definitions.put("layer", either(one(Kind.LAYER), one(Kind.ACTIVATION)));
        definitions.put("activation", either(one(Kind.ACTIVATION)));
        definitions.put("optimizer", either(one(Kind.OPTIMIZER)));
        reference.choices().forEach((name, words) -> definitions.putIfAbsent(name, of("enum", words)));
        schema.put("definitions", definitions);
        return schema;
    }

    /** A map with these keys and no others. */
    private Map<String, Object> map(List<Topic> keys) {
        Map<String, Object> properties = new LinkedHashMap<>();
        keys.forEach(key -> properties.put(key.name(), value(key)));
        List<String> needed = keys.stream().filter(Topic::isNeeded).map(Topic::name).toList();
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!needed.isEmpty()) {
            schema.put("required", needed);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    private Map<String, Object> value(Topic topic) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", topic.about() + topic.fallback().map(text -> topic.isNeeded() ? "" : " Default: " + text + ".")
                .orElse(""));
        schema.putAll(topic.name().equals("data") && topic.path().size() == 1
                ? data(topic) : schema(topic.type().orElseThrow(), topic.keys()));
        return schema;
    }

    private Map<String, Object> schema(Type type, List<Topic> keys) {
        if (type instanceof Type.Numeric n) {
            return number(n);
        }
        if (type instanceof Type.Word w) {
            return word(w.word());
        }
        if (type instanceof Type.Listing l) {
            return of("type", "array", "items", schema(l.of(), List.of()));
        }
        if (type instanceof Type.Pair p) {
            return of("type", "array", "items", schema(p.of(), List.of()), "minItems", 2, "maxItems", 2);
        }
        if (type instanceof Type.Either e) {
            return of("anyOf", e.types().stream().map(t -> schema(t, keys)).toList());
        }
        String name = ((Type.Named) type).name();
        return switch (name) {
            case "text", "file" -> of("type", List.of("string", "number"));
            case "time", "column" -> of("type", List.of("string", "number"));
            case "flag" -> of("type", "boolean");
            case "map" -> keys.isEmpty() ? of("type", "object") : map(keys);
            case "value" -> of();
            default -> of("$ref", "#/definitions/" + name);
        };
    }

    private static Map<String, Object> word(String word) {
        boolean number = word.matches("\\d+");
        return of("enum", number ? List.of(Integer.valueOf(word), word) : List.of(word));
    }

    private static Map<String, Object> number(Type.Numeric n) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", n.whole() ? "integer" : "number");
        n.from().ifPresent(x -> schema.put("minimum", Double.valueOf(x)));
        n.above().ifPresent(x -> schema.put("exclusiveMinimum", Double.valueOf(x)));
        n.to().ifPresent(x -> schema.put("maximum", Double.valueOf(x)));
        n.below().ifPresent(x -> schema.put("exclusiveMaximum", Double.valueOf(x)));
        return either(List.of(schema, of("type", "string", "pattern", ARITHMETIC)));
    }

    /** A data set: a bare name, or its own keys beside those that all have. */
    private Map<String, Object> data(Topic common) {
        List<Object> kinds = new ArrayList<>();
        kinds.add(of("$ref", "#/definitions/dataset"));
        for (Topic set : reference.of(Kind.DATA)) {
            List<Topic> keys = new ArrayList<>(set.keys());
            common.keys().stream().filter(key -> set.key(key.name()).isEmpty()).forEach(keys::add);
            Map<String, Object> map = map(keys);
            @SuppressWarnings("unchecked")
            Map<String, Object> properties = (Map<String, Object>) Objects.requireNonNull(map.get("properties"));
            properties.put("name", of("const", set.name()));
            if (!set.name().equals(common.key("name").flatMap(Topic::fallback).orElse(""))) {
                List<Object> needed = new ArrayList<>(List.of("name"));
                needed.addAll((List<?>) map.getOrDefault("required", List.of()));
                map.put("required", needed);
            }
            kinds.add(map);
        }
        return either(kinds);
    }

    /** A list of layers, a layer, or a shortcut. */
    private Map<String, Object> network() {
        return either(List.of(of("$ref", "#/definitions/layers")), List.of(of("$ref", "#/definitions/layer")), one(Kind.SHORTCUT));
    }

    /** One thing of a kind: a bare name, or a map with its name as the only key. */
    private List<Object> one(Kind kind) {
        List<Object> ways = new ArrayList<>();
        ways.add(of("enum", reference.of(kind).stream().filter(t -> t.keys().stream().noneMatch(Topic::isNeeded)).map(Topic::name)
                .toList()));
        for (Topic topic : reference.of(kind)) {
            Map<String, Object> inside = topic.type().map(type -> schema(type, topic.keys())).orElseGet(() -> map(topic.keys()));
            Map<String, Object> described = new LinkedHashMap<>();
            described.put("description", topic.about());
            described.putAll(inside);
            Map<String, Object> way = new LinkedHashMap<>();
            way.put("type", "object");
            way.put("properties", of(topic.name(), described));
            way.put("required", List.of(topic.name()));
            way.put("additionalProperties", false);
            ways.add(way);
        }
        return ways;
    }

    /** A map in the order of its fields: the text of a schema is always the same. */
    private static Map<String, Object> of(Object... fields) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < fields.length; i += 2) {
            map.put((String) fields[i], fields[i + 1]);
        }
        return map;
    }

    private static Map<String, Object> either(List<?>... ways) {
        List<Object> all = new ArrayList<>();
        for (List<?> some : ways) {
            all.addAll(some);
        }
        return of("anyOf", all);
    }
}
