package org.ntk4j.infinite.strip;

import org.ntk4j.rows.Rows;

/**
 * K and Θ of pairs, one after the other.
 *
 * @param at       where the first pair stands
 * @param places   how many places they take
 * @param tangents whether Θ is asked for; where it is not, nothing touches it
 * @param <A>      the arrays of its numbers
 */
record Strip<A>(Rows<A> rows, A k, A t, int at, int places, boolean tangents) {

    void linear(Rows.Affine map) {
        if (tangents) {
            rows.linear(k, t, at, places, map);
        } else {
            rows.linear(k, at, places, map);
        }
    }

    void scale(double factor) {
        if (factor != 1) {
            rows.scale(k, at, places, factor);
            rows.scale(t, at, tangents ? places : 0, factor);
        }
    }

    void add(Strip<A> other) {
        rows.accumulate(other.k, other.at, k, at, places);
        rows.accumulate(other.t, other.at, t, at, tangents ? places : 0);
    }

    /** {@code Θ' = Θ K₂ + K Θ₂}, {@code K' = K K₂}; the other one's Θ is changed on the way. */
    void multiply(Strip<A> other) {
        int lanes = rows.lanes();
        if (tangents) {
            rows.mask(other.t, other.at, k, at, lanes, places);
            rows.mask(k, t, at, other.k, other.at, lanes, places);
            rows.accumulate(other.t, other.at, t, at, places);
        } else {
            rows.mask(k, at, other.k, other.at, lanes, places);
        }
    }

    /** This strip in other arrays, at their beginning. */
    Strip<A> copy(A otherK, A otherT) {
        System.arraycopy(k, at, otherK, 0, places * rows.lanes());
        System.arraycopy(t, at, otherT, 0, tangents ? places * rows.lanes() : 0);
        return new Strip<>(rows, otherK, otherT, 0, places, tangents);
    }
}
