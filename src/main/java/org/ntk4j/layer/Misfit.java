package org.ntk4j.layer;

import java.util.function.Supplier;
import org.ntk4j.base.Failure;
import org.ntk4j.shape.Shape;

/**
 * Says where in a network a shape does not fit: {@code …: layer 3 of `network.serial`; use …}. A layer tells what is wrong and, after a
 * semicolon, what to do; each list of layers around it adds its part of the place in between.
 */
final class Misfit {

    private static final String ROOT = "`network.serial";

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

    /** What is wrong with a layer at a place that is known in full: {@code 3.residual.layers.1.aggregate}. */
    static Failure at(String text, String path, int index, String advice) {
        return Failure.input(text + ": layer " + index + " of " + ROOT + (path.isEmpty() ? "" : "." + path) + "`; " + advice);
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
}
