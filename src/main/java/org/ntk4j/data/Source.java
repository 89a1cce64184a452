package org.ntk4j.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.shape.Shape;

/** Where the examples of a data set come from: one file per source. Everything but {@code load} is known beforehand, or read once
 * from a file of the user's ({@link Undivided}); {@link org.ntk4j.base.Failure} says what is wrong with it. */
interface Source {

    /** The name in YAML and on the command line. */
    String name();

    /** The shape of one example. */
    Shape shape();

    /** The names of all classes; a label is an index into them. */
    List<String> classNames();

    /**
     * The index of a label as it stands in the data: the name of a class, also where the name is a number that is written otherwise. In
     * data sets with fixed labels (of bytes, or generated) the number of the class is its label too. −1 where there is none.
     */
    default int label(String written) {
        List<String> names = classNames();
        int named = names.indexOf(written);
        if (named >= 0 || !written.matches("\\d{1,6}(\\.0*)?")) {
            return named;
        }
        String plain = written.replaceFirst("\\..*", "");
        int number = Integer.parseInt(plain);
        return names.contains(plain) ? names.indexOf(plain) : labelsAreNumbers() && number < names.size() ? number : -1;
    }

    /** Whether the number of a class is a label of the data, whatever its name. */
    default boolean labelsAreNumbers() {
        return true;
    }

    /** The labels that there are, for messages: numbers as a range, or names. */
    default List<String> allowedLabels() {
        List<String> names = classNames();
        boolean digits = java.util.stream.IntStream.range(0, names.size()).allMatch(i -> names.get(i).equals(String.valueOf(i)));
        List<String> range = List.of("0 to " + (names.size() - 1));
        return digits ? range : labelsAreNumbers() ? java.util.stream.Stream.concat(range.stream(), names.stream()).toList() : names;
    }

    /**
     * The names of the targets where they are real values, one for each column; none where they are classes. Then all examples are of one
     * class.
     */
    default List<String> targetNames() {
        return List.of();
    }

    /** How many examples of each class a part has. */
    int[] counts(Part part);

    /** How many are drawn where the definition does not say. */
    default int usual(Part part) {
        return part == Part.TRAIN ? 1000 : 100;
    }

    /** False for one collection, from which training and test examples are drawn without overlap. */
    default boolean divided() {
        return true;
    }

    /** How many different words there are, where inputs are indices of words. */
    default OptionalInt vocabulary() {
        return OptionalInt.empty();
    }

    /** This source with indices of words as inputs; empty where there are no words, or the definition says how they are handed over. */
    default Optional<Source> inWords() {
        return Optional.empty();
    }

    /** Whether each example has a graph, whose nodes are its positions. */
    default boolean hasGraphs() {
        return false;
    }

    /** Whether positions of some examples may be padding. */
    default boolean padded() {
        return hasGraphs();
    }

    /** The source's own options, for {@code resolved.yaml}. */
    default Map<String, Object> options() {
        return Map.of();
    }

    /**
     * The sentences of these examples, where they are sentences.
     *
     * @param indices as in {@link Split#indices}
     */
    default List<String> texts(Part part, int[] indices) {
        return List.of();
    }

    /** How the source itself says what the targets are, for {@code resolved.yaml}; empty where they are classes. */
    default Map<String, Object> targets() {
        return Map.of();
    }

    /**
     * Looks at what can be looked at without reading everything, as {@code check} does.
     *
     * @throws org.ntk4j.base.Failure with what is wrong in the user's files
     */
    default void check() {
        // Most sources know all that can be known when they are asked for their shape.
    }

    /** Whether everything is there, so that loading needs no network. */
    boolean present(Path folder);

    /** Makes sure that the files are there: downloads those that are missing. */
    void fetch(Settings settings, Monitor monitor);

    /**
     * Reads everything, after fetching what is missing.
     *
     * @throws org.ntk4j.base.Failure where files are missing and cannot be fetched, or are not what they should be
     */
    Pool load(Settings settings, Monitor monitor);
}
