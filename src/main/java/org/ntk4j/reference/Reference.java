package org.ntk4j.reference;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.ntk4j.grammar.Document;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Options;

/**
 * All topics, in their order, and the choices of words that types name.
 *
 * @param topics  the topics of each kind, those inside them not counted
 * @param choices the words that a name in a type stands for: {@code kernel}, {@code saved}
 */
public record Reference(Map<Kind, List<Topic>> topics, Map<String, List<String>> choices) {

    /** Reads the reference that comes with the program. */
    public static Reference read() {
        Map<Kind, List<Topic>> topics = new LinkedHashMap<>();
        Mistakes mistakes = new Mistakes();
        for (Kind kind : Kind.values()) {
            topics.put(kind, topics(kind, kind.prefix(), document(kind.file()), mistakes));
        }
        Map<String, List<String>> choices = new LinkedHashMap<>();
        document("words").fields().forEach((name, field) -> choices.put(name, Type.parse(((Entry.Scalar) field.value()).text()).words()));
        mistakes.check();
        choices.put("dataset", names(topics, Kind.DATA));
        choices.put("optimizer", names(topics, Kind.OPTIMIZER));
        choices.put("subject", names(topics, Kind.SUBJECT));
        choices.put("activation", names(topics, Kind.ACTIVATION));
        return new Reference(topics, choices);
    }

    private static List<String> names(Map<Kind, List<Topic>> topics, Kind kind) {
        return Objects.requireNonNull(topics.get(kind)).stream().map(Topic::name).toList();
    }

    private static Entry.Mapping document(String name) {
        String file = name + ".yaml";
        try (InputStream in = Reference.class.getResourceAsStream(file)) {
            return (Entry.Mapping) Document.parse(new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8),
                    file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Topic> topics(Kind kind, List<String> outer, Entry entry, Mistakes mistakes) {
        List<Topic> topics = new ArrayList<>();
        if (entry instanceof Entry.Mapping map) {
            map.fields().forEach((name, field) -> {
                List<String> path = new ArrayList<>(outer);
                path.add(name);
                Options o = Options.of(field.value(), String.join(".", path), mistakes);
                topics.add(new Topic(kind, path, o.text("type").map(Type::parse), o.text("default"), o.text("about").orElse(""),
                        o.text("formula"),
                        o.text("infinite"), o.entry("keys").map(keys -> topics(kind, path, keys, mistakes)).orElse(List.of())));
                o.finish();
            });
        }
        return topics;
    }

    /** The topics of a kind. */
    public List<Topic> of(Kind kind) {
        return Objects.requireNonNull(topics.get(kind));
    }

    /** The topic of a kind with this name. */
    public Optional<Topic> of(Kind kind, String name) {
        return of(kind).stream().filter(t -> t.name().equals(name)).findFirst();
    }

    /** All topics, those inside others too. */
    public List<Topic> all() {
        return topics.values().stream().flatMap(List::stream).flatMap(t -> t.all().stream()).toList();
    }
}
