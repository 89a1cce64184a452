package org.ntk4j.forward;

import org.ntk4j.data.Inputs;

/**
 * Which positions of some inputs are padding (all NaN).
 *
 * @param any      whether there is any
 * @param atEnd    whether all of it stands behind the real positions
 * @param shortest the smallest number of real positions of an input
 */
public record Padding(boolean any, boolean atEnd, int shortest) {

    /** No padding. */
    public static final Padding NONE = new Padding(false, true, Integer.MAX_VALUE);

    /** That of some inputs. */
    public static Padding of(Inputs x) {
        if (!x.hasPadding()) {
            return NONE;
        }
        int positions = x.shape().positions();
        int channels = x.shape().channels();
        boolean atEnd = true;
        int shortest = positions;
        for (int i = 0; i < x.count(); i++) {
            int real = 0;
            int last = 0;
            for (int p = 0; p < positions; p++) {
                if (!Double.isNaN(x.values()[(i * positions + p) * channels])) {
                    real++;
                    last = p + 1;
                }
            }
            atEnd &= last == real;
            shortest = Math.min(shortest, real);
        }
        return new Padding(true, atEnd, shortest);
    }

    /** That of both. */
    public Padding and(Padding other) {
        return new Padding(any || other.any, atEnd && other.atEnd, Math.min(shortest, other.shortest));
    }
}
