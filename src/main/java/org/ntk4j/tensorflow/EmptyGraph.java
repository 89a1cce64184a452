package org.ntk4j.tensorflow;

import java.util.Locale;
import org.ntk4j.base.Failure;
import org.tensorflow.Graph;

/** A graph of TensorFlow in which there is nothing yet. */
public final class EmptyGraph {

    private EmptyGraph() {
    }

    /**
     * An empty graph; close it.
     *
     * @throws Failure where the process's locale has digits that TensorFlow does not take in the names of operations: its Java interface
     *                 numbers them by that locale
     */
    public static Graph open() {
        Locale locale = Locale.getDefault(Locale.Category.FORMAT);
        if (!String.format(locale, "%d", 1).equals("1")) {
            throw Failure.run("TensorFlow does not take the digits of the locale " + locale
                    + " in its names; Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT) before the first network is trained gives it"
                    + " its own");
        }
        return new Graph();
    }
}
