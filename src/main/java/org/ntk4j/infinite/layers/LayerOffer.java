package org.ntk4j.infinite.layers;

import java.util.Optional;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.layer.Serial;
import org.ntk4j.rows.InnerProducts;
import org.ntk4j.shape.Shape;

/** What it takes to go layer by layer: all covariances of a pair are there at once. */
record LayerOffer(Serial network, Shape in) implements Offer {

    /** A side of a tile of dense networks that stays in the second-level cache, and that {@link InnerProducts} of any lanes divide. */
    private static final int LARGEST_TILE = 144;
    /** Inner products of the inputs, for each channel. */
    private static final double NANOS_PER_PRODUCT = 0.1;

    @Override
    public String name() {
        return LayerByLayer.NAME;
    }

    @Override
    public double nanosPerPair(Precision precision) {
        boolean vector = InputGram.shape(network, in).isVector();
        return valuesOfPair() * (Offer.maps(network, in) + 1.0) * (vector ? LayerByLayer.NANOS_PER_VECTOR : LayerByLayer.NANOS_PER_VALUE)
                + in.size() * NANOS_PER_PRODUCT;
    }

    @Override
    public long bytesPerPair() {
        return valuesOfPair() * LayerByLayer.BYTES_PER_VALUE;
    }

    @Override
    public int side(int rows, int columns, int threads) {
        return (int) Math.max(1, Math.min(LARGEST_TILE, Math.sqrt((double) (LARGEST_TILE * LARGEST_TILE) / valuesOfPair())));
    }

    private long valuesOfPair() {
        return PairValues.most(network, in);
    }

    @Override
    public Optional<Engine> open(InputGram rows, InputGram columns, Precision precision) {
        return Optional.of(new LayerByLayer(network, rows, columns));
    }
}
