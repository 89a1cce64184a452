package org.ntk4j.infinite.layers;

import org.ntk4j.base.Failure;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Span;

/**
 * The layers that are left where another engine has taken a tile through the first ones.
 *
 * @param written the network as it is written, which names a layer that fails by that
 * @param flat    its layers in one list, as other engines count them
 * @param from    how many of these the other engine covers
 */
public record Rest(LayerByLayer written, Serial flat, int from) {

    /** What a network leaves behind its first layers. */
    public static Rest of(Serial network, int from, InputGram rows, InputGram columns) {
        return new Rest(new LayerByLayer(network, rows, columns), network.flat(), from);
    }

    /** Whether a tile lies along the diagonal of a symmetric kernel. */
    public boolean isDiagonal(Tile t) {
        return written.isDiagonal(t);
    }

    /**
     * A tile, through these layers.
     *
     * @param first what the first layers have made of it
     */
    public TileValues tile(Tile t, Covariance first) {
        try {
            return TileValues.of(t, isDiagonal(t), flat.kernel(first, Span.EQUAL, from).flattened());
        } catch (Failure e) {
            if (flat.equals(written.network())) {
                throw e;
            }
            return written.tile(t);
        }
    }
}
