package org.ntk4j.infinite.sequence.step;

import org.ntk4j.rows.Rows;

/**
 * Pairs at work: a line for each position of a left example, and on it all positions of some right ones; or, where each example meets
 * itself, the lines of all of them one below the other.
 *
 * @param k        the covariances, before {@code map}
 * @param t        the tangent kernel, before {@code map}; where it is not there, whatever it is: nothing looks at it
 * @param tangents whether the tangent kernel is there; else it counts as 0, and behind {@code map} it is a multiple of the covariances
 * @param map      a linear map of both that is still to come, without a bias
 * @param level    where the positions are
 * @param side1    the left examples
 * @param first    the left example; where each meets itself, the first of them
 * @param side2    the right examples
 * @param from     the first right example
 * @param count    how many right examples there are, or how many that meet themselves
 * @param own      whether each meets itself
 * @param shared   whether others still need the arrays as they are: they must not be written to
 * @param <A>      the arrays of its numbers
 */
record SequenceBatch<A>(A k, A t, boolean tangents, Rows.Affine map, int level, SideFeatures<A> side1, int first, SideFeatures<A> side2,
        int from, int count, boolean own, boolean shared) {

    SequenceBatch<A> with(A otherK, A otherT, int otherLevel) {
        return new SequenceBatch<>(otherK, otherT, tangents, map, otherLevel, side1, first, side2, from, count, own, shared);
    }

    /** With a tangent kernel that is there. */
    SequenceBatch<A> withTangents(A given) {
        return new SequenceBatch<>(k, given, true, map, level, side1, first, side2, from, count, own, shared);
    }

    /** With another map that is still to come. */
    SequenceBatch<A> with(Rows.Affine other) {
        return new SequenceBatch<>(k, t, tangents, other, level, side1, first, side2, from, count, own, shared);
    }

    /** With arrays that are still needed, or are not. */
    SequenceBatch<A> shared(boolean needed) {
        return new SequenceBatch<>(k, t, tangents, map, level, side1, first, side2, from, count, own, needed);
    }

    SideFeatures.Ground<A> ground1() {
        return side1.ground(level);
    }

    SideFeatures.Ground<A> ground2() {
        return side2.ground(level);
    }

    int positions() {
        return ground1().positions();
    }

    /** Values of an example on a line. */
    int width() {
        return ground1().width();
    }

    /** How many left examples there are. */
    int lefts() {
        return own ? count : 1;
    }

    /** How many right examples are on a line. */
    int rights() {
        return own ? 1 : count;
    }

    /** How many lines there are. */
    int lines() {
        return lefts() * positions();
    }

    /** Values on a line. */
    int line() {
        return rights() * width();
    }

    /** Values in all. */
    int size() {
        return lines() * line();
    }

    /** Which left example it is, by its number here. */
    int left(int number, int step) {
        return (first + number) * step;
    }

    /** Which right example it is, by the numbers of both here. */
    int right(int left, int number) {
        return own ? left : from + number;
    }

    /** Where the position of a line stands among the features of the left side. */
    int left(int line) {
        return own ? line / positions() * width() + line % positions() : first * width() + line;
    }

    /** Where the first right position of a line stands among the features of the right side. */
    int right(int line) {
        return own ? line / positions() * width() : from * width();
    }
}
