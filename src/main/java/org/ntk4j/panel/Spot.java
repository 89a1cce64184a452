package org.ntk4j.panel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A point of a sweep: everything that was swept but the seed.
 *
 * @param keys values by path; {@code run} among them where several runs stand side by side
 */
record Spot(Map<String, String> keys) {

    Spot {
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    /** {@code width 64, readout gap}; empty for a single point. */
    String name() {
        List<String> words = new ArrayList<>();
        keys.forEach((path, value) -> words.add(path.equals("run") ? value : word(path) + " " + shortened(value)));
        return String.join(", ", words);
    }

    /** The last word of a path. */
    static String word(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    private static String shortened(String value) {
        return value.length() > 60 ? value.substring(0, 57) + "…" : value;
    }

    /** This point without a key. */
    Spot without(String path) {
        Map<String, String> fewer = new LinkedHashMap<>(keys);
        fewer.remove(path);
        return new Spot(fewer);
    }
}
