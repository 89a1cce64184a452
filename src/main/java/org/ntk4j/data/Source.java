package org.ntk4j.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    /** The source's own options, for {@code resolved.yaml}. */
    default Map<String, Object> options() {
        return Map.of();
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
