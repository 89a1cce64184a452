package org.ntk4j.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The options of one thing (a layer, a data set, an optimizer), read by name and type. A value of another type or out of
 * range is noted as a mistake and replaced by the default, so that reading goes on and all mistakes are found at once;
 * {@link #finish()} reports the names that nobody asked for.
 */
public final class Options {

    private static final Pattern INTEGER = Pattern.compile("[+-]?\\d{1,18}");
    private static final Pattern REAL = Pattern.compile("[+-]?(\\d+(\\.\\d*)?|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern CALL = Pattern.compile("[A-Za-z]\\w*\\(.*", Pattern.DOTALL);

    private final Entry.Mapping map;
    private final String path;
    private final Mistakes mistakes;
    private final Set<String> known = new LinkedHashSet<>();

    private Options(Entry.Mapping map, String path, Mistakes mistakes) {
        this.map = map;
        this.path = path;
        this.mistakes = mistakes;
    }

    /** The options in a map; nothing at all counts as an empty map, anything else is a mistake. */
    public static Options of(Entry entry, String path, Mistakes mistakes) {
        if (entry instanceof Entry.Mapping map) {
            return new Options(map, path, mistakes);
        }
        if (!(entry instanceof Entry.Scalar s && s.text().isEmpty() || entry instanceof Entry.Absent)) {
            mistakes.add(entry.place(), label(path) + "a map of options is needed, not " + entry.describe());
        }
        return new Options(new Entry.Mapping(Map.of(), entry.place()), path, mistakes);
    }

    /** These options, with mistakes going elsewhere. */
    public Options into(Mistakes others) {
        return new Options(map, path, others);
    }

    /** These options with another value at a dotted path below them, as {@link Entry#with}; what was asked for so far is forgotten. */
    public Options with(String below, Entry value) {
        return new Options((Entry.Mapping) Entry.with(map, below, value), path, mistakes);
    }

    /** Where these options stand. */
    public Place place() {
        return map.place();
    }

    /** The dotted path to these options. */
    public String path() {
        return path;
    }

    /** Where mistakes go. */
    public Mistakes mistakes() {
        return mistakes;
    }

    /** The names that were asked for so far, there or not. */
    public Set<String> known() {
        return Collections.unmodifiableSet(known);
    }

    /** The value of an option, if it is there; {@code null} counts as absent. */
    public Optional<Entry> entry(String key) {
        known.add(key);
        return Optional.ofNullable(map.fields().get(key)).map(Entry.Field::value).filter(e -> !(e instanceof Entry.Absent));
    }

    /** The options nested in an option, empty where it is absent. */
    public Options nested(String key) {
        return of(entry(key).orElse(new Entry.Mapping(Map.of(), map.place())), sub(key), mistakes);
    }

    /** The path of an option of these. */
    public String sub(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** Notes a mistake in an option. */
    public void mistake(String key, String text) {
        Entry.Field field = map.fields().get(key);
        mistakes.add(field == null ? map.place() : field.value().place(), label(sub(key)) + text);
    }

    /** A whole number between two bounds (included). */
    public int integer(String key, int fallback, int least, int most) {
        return entry(key).map(e -> integer(e, key, fallback, least, most)).orElse(fallback);
    }

    /** A whole number between two bounds that may be absent. */
    public OptionalInt optionalInteger(String key, int least, int most) {
        return entry(key).map(e -> OptionalInt.of(integer(e, key, least, least, most))).orElse(OptionalInt.empty());
    }

    /** A whole number that must be there. */
    public int requiredInteger(String key, int least, int most) {
        if (entry(key).isEmpty()) {
            mistakes.add(map.place(), label(path) + "'" + key + "' is missing: a whole number from " + least);
            return least;
        }
        return integer(key, least, least, most);
    }

    /** A real number between two bounds (included). */
    public double real(String key, double fallback, double least, double most) {
        return entry(key).map(e -> real(e, key, fallback, least, most)).orElse(fallback);
    }

    /** A real number between two bounds that may be absent; {@code none} counts as absent. */
    public OptionalDouble optionalReal(String key, double least, double most) {
        Optional<Entry> e = entry(key);
        if (e.isEmpty() || e.get() instanceof Entry.Scalar s && s.text().equals("none")) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(real(e.get(), key, least, least, most));
    }

    /** A list of real numbers. */
    public List<Double> reals(String key, List<Double> fallback) {
        return list(key).map(items -> items.stream().map(e -> real(e, key, 0, -Double.MAX_VALUE, Double.MAX_VALUE)).toList())
                .orElse(fallback);
    }

    /** A list of whole numbers between two bounds. */
    public List<Integer> integers(String key, List<Integer> fallback, int least, int most) {
        return list(key).map(items -> items.stream().map(e -> integer(e, key, least, least, most)).toList()).orElse(fallback);
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String key, boolean fallback) {
        return Boolean.parseBoolean(choice(key, String.valueOf(fallback), "true", "false"));
    }

    /** One of several words. */
    public String choice(String key, String fallback, String... allowed) {
        Optional<Entry> e = entry(key);
        if (e.isEmpty()) {
            return fallback;
        }
        return choice(e.get(), key, fallback, allowed);
    }

    /** Any text. */
    public Optional<String> text(String key) {
        return entry(key).flatMap(e -> {
            if (e instanceof Entry.Scalar s && !s.text().isEmpty()) {
                return Optional.of(s.text());
            }
            mistakes.add(e.place(), label(sub(key)) + "a text is needed, not " + e.describe());
            return Optional.empty();
        });
    }

    /** A list of words out of those allowed; a single word counts as a list of one. */
    public List<String> choices(String key, List<String> fallback, String... allowed) {
        Optional<Entry> e = entry(key);
        if (e.isEmpty()) {
            return fallback;
        }
        List<Entry> items = e.get() instanceof Entry.Listing l ? l.items() : List.of(e.get());
        List<String> words = new ArrayList<>();
        items.forEach(item -> words.add(choice(item, key, allowed[0], allowed)));
        return words.stream().distinct().toList();
    }

    /** The items of a list, if the option is there; anything but a list is a mistake. */
    public Optional<List<Entry>> list(String key) {
        return entry(key).flatMap(e -> {
            if (e instanceof Entry.Listing l) {
                return Optional.of(l.items());
            }
            mistakes.add(e.place(), label(sub(key)) + "a list is needed, not " + e.describe());
            return Optional.empty();
        });
    }

    /** Whether a value is written as a number, or as a calculation with numbers. */
    public static boolean isNumber(Entry e) {
        return number(e).isPresent();
    }

    private static OptionalDouble number(Entry e) {
        return e instanceof Entry.Scalar s ? Calculation.value(s.text()) : OptionalDouble.empty();
    }

    /** Reads one value as a whole number. */
    public int integer(Entry e, String key, int fallback, int least, int most) {
        OptionalDouble number = number(e);
        // A number with a point is none of these, whatever its value; a calculation may give one.
        if (number.isPresent() && number.getAsDouble() == Math.rint(number.getAsDouble()) && !isReal(((Entry.Scalar) e).text())
                && number.getAsDouble() >= least && number.getAsDouble() <= most) {
            return (int) number.getAsDouble();
        }
        mistakes.add(e.place(), label(sub(key)) + e.describe() + " is not a whole number" + range(least, most, Integer.MAX_VALUE));
        return fallback;
    }

    /** Reads one value as a real number. */
    public double real(Entry e, String key, double fallback, double least, double most) {
        OptionalDouble number = number(e);
        if (number.isPresent() && Double.isFinite(number.getAsDouble()) && number.getAsDouble() >= least && number.getAsDouble() <= most) {
            return number.getAsDouble();
        }
        boolean large = number.isPresent() && number.getAsDouble() > most;
        String called = e instanceof Entry.Scalar s && CALL.matcher(s.text()).matches() && number.isEmpty() ? "; " + Calculation.KNOWN : "";
        mistakes.add(e.place(), label(sub(key)) + e.describe()
                + (large ? " is too large; at most " + plain(most) : " is not a number" + range(least, most, Double.MAX_VALUE)) + called);
        return fallback;
    }

    /** Whether a number is written with a point or an exponent. */
    private static boolean isReal(String text) {
        return !INTEGER.matcher(text).matches() && REAL.matcher(text).matches();
    }

    private String choice(Entry e, String key, String fallback, String... allowed) {
        if (e instanceof Entry.Scalar s && Arrays.asList(allowed).contains(s.text())) {
            return s.text();
        }
        String text = e instanceof Entry.Scalar s ? s.text() : "";
        String problem = text.isEmpty() ? "a name is needed, not " + e.describe() : e.describe() + " is not known";
        mistakes.add(e.place(), label(sub(key)) + problem + Mistakes.suggestion(text, List.of(allowed)));
        return fallback;
    }

    /** Notes every option that was given and never asked for. */
    public void finish() {
        map.fields().forEach((key, field) -> {
            if (!known.contains(key)) {
                String allowed = known.isEmpty() ? "; it has no options" : Mistakes.suggestion(key, known);
                mistakes.add(field.place(), label(path) + "there is no option '" + Mistakes.shortened(key) + "'" + allowed);
            }
        });
    }

    private static String label(String path) {
        return path.isEmpty() ? "" : path + ": ";
    }

    /** The bounds in words, each with a space before it; a bound that nobody meets is none. */
    private static String range(double least, double most, double unbounded) {
        String from = least <= -unbounded ? "" : least == Double.MIN_VALUE ? " above 0" : " from " + plain(least);
        return most >= Math.min(unbounded, 1e100) ? from : from + (least == Double.MIN_VALUE ? " and up to " : " to ") + plain(most);
    }

    private static String plain(double bound) {
        return bound == Math.rint(bound) && Math.abs(bound) < 1e15 ? String.valueOf((long) bound)
                : String.valueOf(bound).replaceFirst("(\\.0)?E", "e");
    }
}
