package org.ntk4j.moment.graph;

import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.GraphTerm;
import org.ntk4j.moment.Span;
import org.tensorflow.Operand;
import org.tensorflow.types.TInt32;

/**
 * K and Θ of a list of pairs of examples in a graph, {@code [pair, position]} or
 * {@code [pair, position of the left, position of the right]}.
 *
 * @param pairing the examples of the pairs; null: each example with itself
 * @param span    which pairs of positions are held
 * @param weight  what {@code sumK} and {@code sumT} are still to be multiplied with
 * @param sumK    the covariance, before the weight
 * @param sumT    the tangent kernel, before the weight; null: 0 everywhere
 */
public record GraphBlock(@Nullable Pairing pairing, Span span, double weight, GraphTerm sumK, @Nullable GraphTerm sumT) {

    /** The left and the right example of each pair. */
    public record Pairing(Operand<TInt32> left, Operand<TInt32> right) {
    }

    /** What is done to K and Θ alike. */
    interface Change {
        GraphTerm of(GraphTerm values);
    }

    /** The covariance. */
    public GraphTerm k() {
        return sumK.times(weight);
    }

    /** The tangent kernel; null: 0 everywhere. */
    @Nullable GraphTerm t() {
        return sumT == null ? null : sumT.times(weight);
    }

    /** The tangent kernel. */
    public GraphTerm tOrZero() {
        return sumT == null ? sumK.times(0) : sumT.times(weight);
    }

    /** Other values of the same pairs. */
    GraphBlock with(GraphTerm k, @Nullable GraphTerm t) {
        return new GraphBlock(pairing, span, 1, k, t);
    }

    /** K and Θ changed alike, linearly. */
    GraphBlock each(Span after, Change change) {
        return new GraphBlock(pairing, after, weight, change.of(sumK), sumT == null ? null : change.of(sumT));
    }

    /** This block with another factor still to be applied. */
    GraphBlock weighted(double factor) {
        return new GraphBlock(pairing, span, weight * factor, sumK, sumT);
    }

    /** Its values at equal positions. */
    GraphBlock equalPositions(int positions) {
        return span == Span.EQUAL ? this : each(Span.EQUAL, x -> GraphWindow.diagonal(x, positions));
    }

    /** Values of the left examples, {@code [example, …]}, for each pair. */
    GraphTerm ofLeft(GraphTerm values) {
        return pairing == null ? values : gathered(values, pairing.left);
    }

    /** Values of the right examples for each pair. */
    GraphTerm ofRight(GraphTerm values) {
        return pairing == null ? values : gathered(values, pairing.right);
    }

    private static GraphTerm gathered(GraphTerm values, Operand<TInt32> examples) {
        return new GraphTerm(values.tf(), values.tf().gather(values.op(), examples, values.tf().constant(0)));
    }

    /** Values of the left examples' positions, {@code [example, position]}, to be broadcast to this block. */
    public GraphTerm left(GraphTerm values) {
        return expanded(ofLeft(values), 2);
    }

    /** The values of the right examples, as {@link #left} has those of the left ones. */
    public GraphTerm right(GraphTerm values) {
        return expanded(ofRight(values), 1);
    }

    private GraphTerm expanded(GraphTerm values, int axis) {
        return span == Span.EQUAL ? values : new GraphTerm(values.tf(), values.tf().expandDims(values.op(), values.tf().constant(axis)));
    }
}
