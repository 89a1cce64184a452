package org.ntk4j.study.option;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.ntk4j.grammar.Calculation;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Options;

/**
 * The values of swept keys; what is run is their product.
 *
 * @param axes values by dotted path, the last path running fastest; {@code seed} like any other
 */
public record Sweep(Map<String, List<Object>> axes) {

    /** Nothing is swept. */
    public static final Sweep NONE = new Sweep(Map.of());
    /** The path of the seed, which has its own column in every table. */
    public static final String SEED = "seed";

    private static final int MOST_CELLS = 10_000;
    /** Of more seeds than these only the first is tried. */
    private static final int MOST_TRIED = 100;

    public Sweep {
        axes = Collections.unmodifiableMap(new LinkedHashMap<>(axes));
    }

    /**
     * Reads what stands under {@code sweep}.
     *
     * @param tried what is wrong with a value at a path, so that mistakes are found before the first cell runs
     */
    public static Sweep read(Options o, BiFunction<String, Entry, List<String>> tried) {
        Optional<Entry> entry = o.entry("sweep");
        if (entry.isEmpty()) {
            return NONE;
        }
        if (!(entry.get() instanceof Entry.Mapping map)) {
            o.mistake("sweep", "a map of path.to.key: [values] is needed, not " + entry.get().describe());
            return NONE;
        }
        // Counted before any value is tried.
        long cells = map.fields().entrySet().stream().mapToLong(axis -> length(axis.getKey(), axis.getValue().value()))
                .reduce(1, (a, b) -> Math.min(Long.MAX_VALUE / Integer.MAX_VALUE, a) * b);
        if (cells > MOST_CELLS) {
            o.mistake("sweep", String.format(Locale.ROOT, "%,d cells are too many; at most %,d", cells, MOST_CELLS));
            return NONE;
        }
        Map<String, List<Object>> axes = new LinkedHashMap<>();
        map.fields().forEach((path, field) -> {
            List<Entry> values = values(o, path, field.value());
            if (values.isEmpty()) {
                return;
            }
            if (path.equals("sweep") || path.startsWith("sweep.") || path.equals("name")) {
                o.mistakes().add(field.place(), "sweep: '" + path + "' cannot be swept");
                return;
            }
            for (Entry value : path.equals(SEED) && values.size() > MOST_TRIED ? values.subList(0, 1) : values) {
                tried.apply(path, value)
                        .forEach(line -> o.mistakes().add(value.place(), "sweep: " + line.replaceFirst("^.*?: (?=\\S)", "")));
            }
            axes.put(path, List.copyOf(values));
        });
        return new Sweep(axes);
    }

    /** How many values are written for an axis, at least 1. */
    private static long length(String path, Entry values) {
        if (values instanceof Entry.Listing list) {
            return Math.max(1, list.items().size());
        }
        return path.equals(SEED) && values instanceof Entry.Scalar count
                ? Math.max(1, Math.min(Integer.MAX_VALUE, (long) Calculation.value(count.text()).orElse(1))) : 1;
    }

    /** The values of an axis; none after a mistake. */
    private static List<Entry> values(Options o, String path, Entry value) {
        if (value instanceof Entry.Listing list && !list.items().isEmpty()) {
            return different(path, list, o.mistakes());
        }
        List<Entry> seeds = new ArrayList<>();
        if (path.equals(SEED) && Options.isNumber(value)) {
            int count = o.integer(value, "sweep.seed", 1, 1, MOST_CELLS);
            for (int i = 0; i < count; i++) {
                seeds.add(new Entry.Scalar(String.valueOf(i), value.place()));
            }
        } else {
            o.mistakes().add(value.place(), "sweep." + path + ": a list of values is needed, not "
                    + (value instanceof Entry.Listing ? "an empty one" : value.describe()));
        }
        return seeds;
    }

    /** The values of an axis: of one number written in different ways, the first. The same text twice is a slip. */
    private static List<Entry> different(String path, Entry.Listing list, Mistakes mistakes) {
        Map<String, String> seen = new LinkedHashMap<>();
        List<Entry> values = new ArrayList<>();
        for (Entry item : list.items()) {
            String text = SweptValue.text(item);
            String before = seen.putIfAbsent(SweptValue.same(item), text);
            if (before == null) {
                values.add(item);
            } else if (before.equals(text)) {
                mistakes.add(item.place(), "sweep." + path + ": " + item.describe() + " stands here twice");
            }
        }
        return values;
    }

    /** Whether nothing is swept. */
    public boolean isEmpty() {
        return axes.isEmpty();
    }

    /** Whether there are several seeds. */
    public boolean hasSeeds() {
        return axes.containsKey(SEED);
    }

    /** The paths that are swept, seed apart, in order. */
    public List<String> paths() {
        return axes.keySet().stream().filter(path -> !path.equals(SEED)).toList();
    }

    /** As in YAML, a number as one. */
    public Map<String, Object> toYaml() {
        Map<String, Object> map = new LinkedHashMap<>();
        axes.forEach((path, values) -> map.put(path, values.stream().map(SweptValue::toYaml).toList()));
        return map;
    }

    /** A swept value as it stands in the tables: a word or number as it was written, {@code [3, 3]}, {@code momentum {decay 0.7}}. */
    public static String text(Object value) {
        return SweptValue.text(value);
    }
}
