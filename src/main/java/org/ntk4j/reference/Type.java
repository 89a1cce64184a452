package org.ntk4j.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a value may be. Its {@code toString} is as it is written in the reference. */
public sealed interface Type {

    /** A number. */
    record Numeric(boolean whole, Optional<String> from, Optional<String> above, Optional<String> to, Optional<String> below)
            implements Type {
        @Override
        public String toString() {
            return (whole ? "integer" : "number") + from.map(x -> " from " + x).orElse("") + above.map(x -> " above " + x).orElse("")
                    + to.map(x -> " to " + x).orElse("") + below.map(x -> " below " + x).orElse("");
        }
    }

    /** A word of its own, as it is written. */
    record Word(String word) implements Type {
        @Override
        public String toString() {
            return word;
        }
    }

    /** Something that has a name of its own: {@code text}, {@code flag}, {@code layers}, {@code subject}. */
    record Named(String name) implements Type {
        @Override
        public String toString() {
            return name;
        }
    }

    /** A list of values of one type. */
    record Listing(Type of) implements Type {
        @Override
        public String toString() {
            return "list of " + of;
        }
    }

    /** Two values of one type. */
    record Pair(Type of) implements Type {
        @Override
        public String toString() {
            return "pair of " + of;
        }
    }

    /** One of several. */
    record Either(List<Type> types) implements Type {
        public Either {
            types = List.copyOf(types);
        }

        @Override
        public String toString() {
            return String.join(" | ", types.stream().map(Type::toString).toList());
        }
    }

    /** The names that are no words of their own. */
    List<String> NAMES = List.of("text", "file", "time", "flag", "map", "value", "column", "network", "layers", "activation", "optimizer",
            "dataset", "subject",
            "kernel", "saved");

    /** Reads {@code auto | number above 0}. */
    static Type parse(String text) {
        if (text.startsWith("list of ")) {
            return new Listing(parse(text.substring("list of ".length())));
        }
        List<Type> types = new ArrayList<>(Arrays.stream(text.split("\\|")).map(String::strip).map(Type::single).toList());
        return types.size() == 1 ? types.get(0) : new Either(types);
    }

    private static Type single(String text) {
        if (text.startsWith("list of ")) {
            return new Listing(parse(text.substring("list of ".length())));
        }
        if (text.startsWith("pair of ")) {
            return new Pair(parse(text.substring("pair of ".length())));
        }
        Matcher number = Pattern.compile("(integer|number)(?: from (\\S+))?(?: above (\\S+))?(?: to (\\S+))?(?: below (\\S+))?")
                .matcher(text);
        if (number.matches()) {
            return new Numeric(number.group(1).equals("integer"), Optional.ofNullable(number.group(2)),
                    Optional.ofNullable(number.group(3)),
                    Optional.ofNullable(number.group(4)), Optional.ofNullable(number.group(5)));
        }
        return NAMES.contains(text) ? new Named(text) : new Word(text);
    }

    /** All words that stand in it. */
    default List<String> words() {
        if (this instanceof Word w) {
            return List.of(w.word());
        }
        return this instanceof Either e ? e.types().stream().flatMap(t -> t.words().stream()).toList() : List.of();
    }
}
