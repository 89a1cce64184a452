package org.ntk4j.data;

import java.nio.file.Path;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;

/**
 * A source that is one collection, from a file of the user's or generated: training and test examples are drawn from it without
 * overlap. Nothing of a file is known before it is read, which happens when something is first asked for.
 */
interface Undivided extends Source {

    /** How many examples of each class there are. */
    int[] counts();

    /** All examples. */
    Examples examples(Settings settings, Monitor monitor);

    @Override
    default int[] counts(Part part) {
        return counts();
    }

    @Override
    default boolean divided() {
        return false;
    }

    @Override
    default boolean present(Path folder) {
        return true;
    }

    @Override
    default void fetch(Settings settings, Monitor monitor) {
        // There is nothing to download.
    }

    @Override
    default Pool load(Settings settings, Monitor monitor) {
        Examples all = examples(settings, monitor);
        return new Pool(all, all);
    }
}
