package org.ntk4j.moment.graph;

import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.moment.Side;

/**
 * What is known of the examples of one side of a tile in a graph, {@code [example, position]}; see {@link Side}.
 *
 * @param positions the number of positions
 * @param mean      the mean over the channels at each position; null: 0 everywhere
 * @param real      1 at real positions, 0 at padding; null: all real
 */
public record GraphSide(int positions, @Nullable GraphTerm mean, @Nullable GraphTerm real) {

    /** Without means: what a fresh linear map leaves. */
    GraphSide centred() {
        return withMean(null);
    }

    GraphSide withMean(@Nullable GraphTerm other) {
        return new GraphSide(positions, other, real);
    }

    /** Other positions, without padding. */
    GraphSide moved(int after, @Nullable GraphTerm otherMean) {
        return new GraphSide(after, otherMean, real);
    }

    /** Without space. */
    GraphSide vector(@Nullable GraphTerm otherMean) {
        return new GraphSide(1, otherMean, null);
    }

    /** Zeros at padding. */
    GraphTerm masked(GraphTerm values) {
        return real == null ? values : values.times(real);
    }

    /** The mean over the real positions, {@code [example, 1]}. */
    GraphTerm meanOver(GraphTerm values) {
        return masked(values).sum(1).shaped(-1, 1).over(length(values));
    }

    /** The number of real positions, {@code [example, 1]} or one number. */
    GraphTerm length(GraphTerm like) {
        return real == null ? like.number(positions) : real.sum(1).shaped(-1, 1);
    }
}
