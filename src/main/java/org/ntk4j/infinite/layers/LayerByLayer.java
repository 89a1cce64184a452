package org.ntk4j.infinite.layers;

import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;

/**
 * The engine for any network: a tile's covariance goes through layer after layer, in float64.
 *
 * @param columns the same object as {@code rows} for a symmetric kernel
 */
public record LayerByLayer(Serial network, InputGram rows, InputGram columns) implements Engine {

    /** Bytes that a covariance needs, all intermediate arrays counted. */
    public static final int BYTES_PER_VALUE = 8 * 8;
    /** Measured, of a covariance through a layer with weights and an activation. */
    public static final double NANOS_PER_VALUE = 200;
    /** The same of a pair without space, where nothing is laid out anew. */
    public static final double NANOS_PER_VECTOR = 12;

    static final String NAME = "layer by layer";

    /** It serves every network. */
    public static Offer offer(Serial network, Shape in) {
        return new LayerOffer(network, in);
    }

    @Override
    public TileValues tile(Tile t) {
        return TileValues.of(t, isDiagonal(t),
                network.kernel(InputGram.covariance(rows, t.i0(), t.i1(), columns, t.j0(), t.j1()), Span.EQUAL).flattened());
    }

    boolean isDiagonal(Tile t) {
        return rows == columns && t.isDiagonal();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void close() {
        InputGram.close(rows, columns);
    }
}
