package org.ntk4j.infinite.strip;

import java.util.List;
import java.util.Optional;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.layers.LayerByLayer;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.layer.Serial;
import org.ntk4j.shape.Shape;

/**
 * What strips take: in memory and in tiles what the layers take, one after the other, in time the inner products and little more.
 *
 * @param tangents whether Θ is asked for, or K alone
 */
record StripOffer(Serial network, Shape in, List<Strips.Step> steps, boolean tangents) implements Offer {

    /** Measured, of a pair through a layer. */
    private static final double NANOS_PER_LAYER = 1.5;
    /** What of it K alone takes. */
    private static final double OF_K = 0.8;
    /** Inner products of the inputs, for each channel. */
    private static final double NANOS_PER_PRODUCT = 0.1;

    @Override
    public String name() {
        return Strips.NAME;
    }

    @Override
    public String description() {
        return "strips";
    }

    @Override
    public double nanosPerPair(Precision precision) {
        return (Offer.maps(network, in) + 1) * NANOS_PER_LAYER * (tangents ? 1 : OF_K) + in.size() * NANOS_PER_PRODUCT;
    }

    @Override
    public Offer ofCovariances() {
        return new StripOffer(network, in, steps, false);
    }

    @Override
    public long bytesPerPair() {
        return LayerByLayer.BYTES_PER_VALUE;
    }

    @Override
    public int side(int rows, int columns, int threads) {
        return LayerByLayer.offer(network, in).side(rows, columns, threads);
    }

    @Override
    public Optional<Engine> open(InputGram rows, InputGram columns, Precision precision) {
        return Strips.of(steps, precision, tangents, rows, columns);
    }
}
