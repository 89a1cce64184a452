package org.ntk4j.infinite.layers;

import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.moment.Covariance;

/** What takes a tile through the layers that another engine leaves. Many threads may ask for tiles at once. */
public interface Tail extends AutoCloseable {

    InputGram rows();

    InputGram columns();

    /** Whether a tile lies along the diagonal of a symmetric kernel. */
    boolean isDiagonal(Tile t);

    /**
     * A tile, through these layers.
     *
     * @param first what the first layers have made of it
     */
    TileValues tile(Tile t, Covariance first);

    @Override
    void close();
}
