package org.ntk4j.moment.graph;

import java.util.function.UnaryOperator;
import org.ntk4j.gaussian.GraphTerm;

/**
 * The examples of a side, each with itself, in a graph. Variances are needed in every tile, the rest only where positions are pooled or
 * attended to, or on the diagonal: what stands at equal positions goes through the layers a second time, on its own, and what nobody asks
 * for is never computed.
 *
 * @param all   at all pairs of positions, or whatever is held
 * @param equal at equal positions; the same object if those are all that is held
 */
public record GraphOwn(GraphBlock all, GraphBlock equal) {

    public static GraphOwn of(GraphBlock block, int positions) {
        return new GraphOwn(block, block.equalPositions(positions));
    }

    /** After a change that takes equal positions to equal positions. */
    GraphOwn alike(UnaryOperator<GraphBlock> change) {
        GraphBlock after = change.apply(all);
        return new GraphOwn(after, equal == all ? after : change.apply(equal));
    }

    /** After a change for which all pairs of positions are needed. */
    GraphOwn apart(UnaryOperator<GraphBlock> change, int positionsAfter) {
        return of(change.apply(all), positionsAfter);
    }

    /** Its values at equal positions only. */
    GraphOwn equalPositions() {
        return new GraphOwn(equal, equal);
    }

    /** The variances, {@code [example, position]}. */
    GraphTerm variances() {
        return equal.k();
    }
}
