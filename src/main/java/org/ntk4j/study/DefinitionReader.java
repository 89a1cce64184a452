package org.ntk4j.study;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Dataset;
import org.ntk4j.grammar.Document;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Options;
import org.ntk4j.grammar.Place;

/** Reads definitions: from a file with the changes of a command line, from text, and single values as withers and sweeps have them. */
final class DefinitionReader {

    private static final String SWEEP = Keys.SWEEP.name();
    private static final String WITHIN_SWEEP = SWEEP + ".";

    private DefinitionReader() {
    }

    /** See {@link Definition#read(Path, List)}. */
    static Definition read(Path file, List<String> changes) {
        Entry root = Document.read(file);
        if (!(root instanceof Entry.Mapping map)) {
            throw Failure.input(root.place() + ": an experiment is a map with keys such as name, data, network, train; not "
                    + root.describe());
        }
        Entry.Mapping changed = dataAsMap(map);
        for (String change : changes) {
            int equals = change.indexOf('=');
            String source = "--set " + change;
            Entry value = Document.parse(change.substring(equals + 1), source).at(Place.of(source));
            changed = set(changed, change.substring(0, equals), value);
        }
        return read(changed, Definition.nameOf(file));
    }

    /** Reads an experiment from its text, as {@link Definition#toMap} has it. */
    static Definition parse(String text) {
        if (!(Document.parse(text, "experiment") instanceof Entry.Mapping map)) {
            throw Failure.input("an experiment is a map");
        }
        return read(dataAsMap(map), Keys.DEFAULT_NAME);
    }

    private static Definition read(Entry.Mapping root, String fallbackName) {
        Mistakes mistakes = new Mistakes();
        Options o = Options.of(root, "", mistakes);
        Map<Key<?>, Object> values = new LinkedHashMap<>();
        Keys.ALL.forEach(key -> values.put(key, key.reader().apply(o)));
        if (o.entry(Keys.NAME.name()).isEmpty()) {
            values.put(Keys.NAME, fallbackName);
        }
        o.finish();
        Definition definition = new Definition(values);
        Contradictions.of(definition).forEach(o::mistake);
        Optional<Entry> network = o.entry(Keys.NETWORK.name());
        if (mistakes.isEmpty() && network.isPresent()) {
            definition.network().checkFit(network.get(), definition.data().shape(), definition.outputs(), mistakes);
        }
        mistakes.check();
        return definition;
    }

    /** With a value of the command line: it also wins over a sweep of that key, and a path within the sweep is one key. */
    private static Entry.Mapping set(Entry.Mapping root, String path, Entry value) {
        Entry sweep = root.fields().containsKey(SWEEP) ? root.fields().get(SWEEP).value() : new Entry.Mapping(Map.of(), value.place());
        if (!(sweep instanceof Entry.Mapping axes)) {
            return (Entry.Mapping) Entry.with(root, path, value);
        }
        if (path.startsWith(WITHIN_SWEEP)) {
            return root.with(SWEEP, axes.with(path.substring(WITHIN_SWEEP.length()), value));
        }
        Entry.Mapping rest = axes.fields().containsKey(path) ? root.with(SWEEP, axes.without(path)) : root;
        return (Entry.Mapping) Entry.with(rest, path, value);
    }

    private static Entry.Mapping dataAsMap(Entry.Mapping root) {
        String data = Keys.DATA.name();
        Entry.Field given = root.fields().get(data);
        return given == null ? root : root.with(data, Dataset.asMap(given.value()));
    }

    /** What is wrong with a value at a path of these options, beside what was wrong before. */
    static List<String> tried(Options o, String path, Entry value) {
        Mistakes before = new Mistakes();
        value(o.into(before), path);
        Mistakes after = new Mistakes();
        value(o.into(after).with(path, value), path);
        return after.lines().stream().filter(line -> !before.lines().contains(line)).toList();
    }

    /** The value of the key at the head of a path; that there is no such key is a mistake. */
    static Optional<Object> value(Options o, String path) {
        Optional<Key<?>> key = Keys.at(path);
        if (key.isEmpty()) {
            Definition.KEYS.forEach(o::entry);
            o.finish();
        }
        return key.map(k -> k.reader().apply(o));
    }
}
