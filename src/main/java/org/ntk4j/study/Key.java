package org.ntk4j.study;

import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.ntk4j.grammar.Options;

/**
 * A key of an experiment, with all that a definition needs to know of it: a new key is one declaration in {@link Keys}.
 *
 * @param name     in YAML
 * @param fallback where nothing is said
 * @param reader   takes its value out of the options of the whole experiment; notes mistakes and goes on with the fallback
 * @param given    as it would be written in YAML to say just this; empty: nothing has to be said
 * @param resolved as in {@code resolved.yaml}, where what follows from other keys is written out; empty: left out
 */
record Key<T>(String name, T fallback, Function<Options, T> reader, Function<T, Optional<Object>> given,
        BiFunction<Definition, T, Optional<Object>> resolved) {

    /** A key that is always written. */
    static <T> Key<T> of(String name, T fallback, Function<Options, T> reader, Function<T, Object> toYaml) {
        return optional(name, fallback, reader, value -> Optional.of(toYaml.apply(value)));
    }

    /** A key that is written where there is something to say. */
    static <T> Key<T> optional(String name, T fallback, Function<Options, T> reader, Function<T, Optional<Object>> toYaml) {
        return new Key<>(name, fallback, reader, toYaml, (definition, value) -> toYaml.apply(value));
    }

    static Key<Boolean> flag(String name, boolean fallback) {
        return of(name, fallback, o -> o.flag(name, fallback), value -> value);
    }

    static Key<Integer> integer(String name, int fallback, int least, int most) {
        return of(name, fallback, o -> o.integer(name, fallback, least, most), value -> value);
    }

    /** This key, written with every default like this. */
    Key<T> resolvedAs(BiFunction<Definition, T, Object> toYaml) {
        return new Key<>(name, fallback, reader, given, (definition, value) -> Optional.of(toYaml.apply(definition, value)));
    }

    T in(Map<Key<?>, Object> values) {
        @SuppressWarnings("unchecked") // Definition puts no other value there.
        T value = (T) values.getOrDefault(this, fallback);
        return value;
    }

    Optional<Object> given(Map<Key<?>, Object> values) {
        return given.apply(in(values));
    }

    Optional<Object> resolved(Definition definition) {
        return resolved.apply(definition, definition.get(this));
    }
}
