package org.ntk4j.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Place;

/** Finds the line of a layer of which a message says only {@code layer 3 of `network.serial.2.residual.layers`}. */
final class LayerPlace {

    private static final Pattern WHERE = Pattern.compile("layer (\\d+) of `network\\.serial\\.?([^`]*)`");

    private LayerPlace() {
    }

    /** Where the layer that a message speaks of is written; where that cannot be told, what stands around it. */
    static Place of(Entry network, String message) {
        Matcher where = WHERE.matcher(message);
        Entry at = network;
        if (where.find()) {
            List<String> steps = new ArrayList<>(List.of(where.group(2).split("\\.")));
            steps.add(where.group(1));
            for (String step : steps) {
                at = inside(at, step).orElse(at);
            }
        }
        return at instanceof Entry.Mapping map && map.fields().size() == 1 ? map.fields().values().iterator().next().place() : at.place();
    }

    /** One step of a path: an index of a list, the name of a layer, or an option of it. */
    private static Optional<Entry> inside(Entry entry, String step) {
        if (entry instanceof Entry.Listing list) {
            boolean index = step.matches("\\d{1,6}") && Integer.parseInt(step) < list.items().size();
            return index ? Optional.of(list.items().get(Integer.parseInt(step))) : Optional.empty();
        }
        if (entry instanceof Entry.Mapping map) {
            Optional<Entry> own = Optional.ofNullable(map.fields().get(step)).map(Entry.Field::value);
            boolean wrapped = own.isEmpty() && map.fields().size() == 1;
            return wrapped ? inside(map.fields().values().iterator().next().value(), step) : own;
        }
        return Optional.empty();
    }
}
