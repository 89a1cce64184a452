package org.ntk4j.forward;

import java.util.BitSet;

/**
 * A way in which an example is padded.
 *
 * @param positions the number of positions
 * @param real      which of them are real
 */
public record Padded(int positions, BitSet real) {

    /** The first positions are real. */
    Padded first(int length, int ofPositions) {
        BitSet bits = new BitSet(ofPositions);
        bits.set(0, length);
        return new Padded(ofPositions, bits);
    }

    /** The number of real positions. */
    int length() {
        return real.cardinality();
    }

    /** Whether all padding stands behind the real positions. */
    boolean atEnd() {
        return real.nextClearBit(0) == length();
    }

    /** Whether nothing is padding. */
    boolean isWhole() {
        return length() == positions;
    }

    /** Real where one of both is. */
    Padded or(Padded other) {
        BitSet either = (BitSet) real.clone();
        either.or(other.real);
        return new Padded(positions, either);
    }

    /** New positions, each one of the old ones. */
    Padded picked(int[] from) {
        BitSet bits = new BitSet(from.length);
        for (int p = 0; p < from.length; p++) {
            bits.set(p, real.get(from[p]));
        }
        return new Padded(from.length, bits);
    }
}
