package org.ntk4j.reference;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Something that the reference explains: a key, a layer, a metric, a column.
 *
 * @param kind     what it is
 * @param path     its names from the outside in: {@code train}, {@code until}, {@code maxSteps}
 * @param type     what its value may be; empty for what takes none
 * @param fallback its default in words or as in YAML; empty for what has none
 * @param about    what it means
 * @param formula  what it computes
 * @param infinite what it does at infinite width
 * @param keys     the keys inside
 */
public record Topic(Kind kind, List<String> path, Optional<Type> type, Optional<String> fallback, String about, Optional<String> formula,
        Optional<String> infinite, List<Topic> keys) {

    /** The default of a key that must be there. */
    static final String NEEDED = "needed";

    public Topic {
        path = List.copyOf(path);
        keys = List.copyOf(keys);
    }

    /** Its own name, the last of the path. */
    public String name() {
        return path.get(path.size() - 1);
    }

    /** {@code train.until.maxSteps}. */
    public String dotted() {
        return String.join(".", path);
    }

    /** Whether it must be there. */
    public boolean isNeeded() {
        return fallback.filter(NEEDED::equals).isPresent();
    }

    /** This topic and all inside it. */
    public List<Topic> all() {
        List<Topic> topics = new ArrayList<>(List.of(this));
        keys.forEach(key -> topics.addAll(key.all()));
        return topics;
    }

    /** The key inside with this name. */
    public Optional<Topic> key(String name) {
        return keys.stream().filter(k -> k.name().equals(name)).findFirst();
    }
}
