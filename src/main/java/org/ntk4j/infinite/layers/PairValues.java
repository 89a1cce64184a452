package org.ntk4j.infinite.layers;

import java.util.Locale;
import org.ntk4j.base.Failure;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;

/** How many values a pair of inputs has at once, layer by layer. */
public final class PairValues {

    private PairValues() {
    }

    /**
     * The most: at the input, or after a layer that makes more positions.
     *
     * @throws Failure naming the layer if they do not fit into one array
     */
    static long most(Serial network, Shape in) {
        Shape shape = InputGram.shape(network, in);
        long values = values(shape, shape.isVector() ? Span.EQUAL : network.needs(in, Span.EQUAL));
        if (values > Integer.MAX_VALUE) {
            throw tooMany("the input has", shape, "");
        }
        return behind(network, in, 0, values);
    }

    /**
     * The most behind some layers, which leave this many values.
     *
     * @param from how many layers, all of them in one list, come before
     * @throws Failure naming the layer if they do not fit into one array
     */
    public static long behind(Serial network, Shape in, int from, long left) {
        Serial flat = network.flat();
        long most = left;
        Shape shape = in;
        for (int i = 0; i < flat.layers().size(); i++) {
            int before = shape.positions();
            shape = flat.after(i, shape);
            if (i >= from && shape.positions() > before) {
                Serial rest = new Serial(flat.layers().subList(i + 1, flat.layers().size()));
                most = Math.max(most, values(shape, rest.needs(shape, Span.EQUAL)));
            }
            if (most > Integer.MAX_VALUE) {
                throw tooMany(flat.layers().get(i).name() + " makes", shape, ": layer " + i + " of `network.serial`");
            }
        }
        return most;
    }

    private static long values(Shape shape, Span span) {
        return span == Span.EQUAL ? shape.positions() : (long) shape.positions() * shape.positions();
    }

    private static Failure tooMany(String what, Shape shape, String where) {
        return Failure.input(String.format(Locale.ROOT, "%s %,d positions, and their %,d pairs are more than fit into one array "
                + "(2,147,483,647)%s; fewer positions, or flatten instead of pooling", what, shape.positions(),
                values(shape, Span.ALL), where));
    }
}
