package org.ntk4j.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Place;
import org.ntk4j.shape.Shape;

/**
 * Says where in a network a shape does not fit: {@code …: layer 3 of `network.serial`; use …}. A layer tells what is wrong and, after a
 * semicolon, what to do; each list of layers around it adds its part of the place in between.
 */
final class Misfit {

    private static final String ROOT = "`network.serial";
    private static final Pattern WHERE = Pattern.compile("layer (\\d+) of `network\\.serial\\.?([^`]*)`");

    private Misfit() {
    }

    /** A shape that layer {@code index} of a list gives. */
    static Shape inList(int index, Layer layer, Supplier<Shape> shape) {
        try {
            return shape.get();
        } catch (Failure e) {
            String text = e.getMessage();
            if (text.contains(ROOT)) {
                throw Failure.input(deeper(text, index + "." + layer.name()));
            }
            int advice = text.indexOf("; ");
            int at = advice < 0 ? text.length() : advice;
            throw Failure.input(text.substring(0, at) + ": layer " + index + " of " + ROOT + "`" + text.substring(at));
        }
    }

    /** A shape that a list of layers in this option of a layer gives. */
    static Shape inOption(String option, Supplier<Shape> shape) {
        try {
            return shape.get();
        } catch (Failure e) {
            throw Failure.input(deeper(e.getMessage(), option));
        }
    }

    private static String deeper(String text, String step) {
        return text.replace(ROOT, ROOT + "." + step);
    }

    /** Where the layer that a message speaks of is written; where that cannot be told, what stands around it. */
    static Place place(Entry network, String message) {
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
