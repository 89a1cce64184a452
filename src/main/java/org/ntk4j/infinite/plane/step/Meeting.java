package org.ntk4j.infinite.plane.step;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Images of which pairs of positions are at work.
 *
 * @param left    one image; null where each of the others meets itself
 * @param right   those that it meets
 * @param offsets whether positions of equal offset meet in a plane, or equal positions
 * @param turn    how many rows apart, in strides
 * @param lane    how many columns apart those of the first lane are, in strides
 * @param around  after how many columns an image comes around to its own positions; 0 where it meets others
 */
record Meeting<A>(@Nullable PlaneImage<A> left, PlaneImage<A> right, boolean offsets, int turn, int lane, int around) {

    /** Equal positions. */
    static <A> Meeting<A> ofEqual(@Nullable PlaneImage<A> left, PlaneImage<A> right) {
        return new Meeting<>(left, right, false, 0, 0, 0);
    }

    /** The left image, where there is one. */
    PlaneImage<A> one() {
        return Objects.requireNonNull(left);
    }
}
