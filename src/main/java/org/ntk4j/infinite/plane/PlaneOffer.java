package org.ntk4j.infinite.plane;

import java.util.List;
import java.util.Optional;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.layers.LayerByLayer;
import org.ntk4j.infinite.layers.PairValues;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Serial;

/**
 * What planes take: what is known of each input, buffers for each thread, and behind the planes what the layers take.
 *
 * @param tangents whether Θ is asked for, or K alone
 */
record PlaneOffer(Serial network, PlaneStages stages, boolean tangents) implements Offer {

    /** Measured, of a covariance through a convolution and an activation. */
    private static final double NANOS32 = 1.4;
    private static final double NANOS64 = 2.6;
    /** What of it K alone takes. */
    private static final double OF_K = 0.8;

    @Override
    public String name() {
        return Planes.NAME;
    }

    @Override
    public String description() {
        int last = stages.layers() - 1;
        return "planes up to layer " + last + " (" + network.flat().layers().get(last).name() + "), then layer by layer";
    }

    @Override
    public double nanosPerPair(Precision precision) {
        List<Layer> layers = network.flat().layers();
        Serial first = new Serial(layers.subList(0, stages.layers()));
        Serial rest = new Serial(layers.subList(stages.layers(), layers.size()));
        double behind = stages.valuesAfter() == 1 ? 0
                : stages.valuesAfter() * LayerByLayer.NANOS_PER_VALUE * Offer.maps(rest, first.outputShape(stages.in()));
        double nanos = (precision == Precision.FLOAT32 ? NANOS32 : NANOS64) * (tangents ? 1 : OF_K);
        return stages.entriesOfPair() * nanos + behind;
    }

    @Override
    public Offer ofCovariances() {
        return new PlaneOffer(network, stages, false);
    }

    @Override
    public long bytesPerPair() {
        return PairValues.behind(network, stages.in(), stages.layers(), stages.valuesAfter()) * LayerByLayer.BYTES_PER_VALUE;
    }

    @Override
    public long bytesPerImage() {
        return stages.bytesPerImage();
    }

    @Override
    public long bytesPerThread() {
        return stages.bytesPerThread();
    }

    @Override
    public int ownValues() {
        return stages.ownValues();
    }

    @Override
    public int side(int rows, int columns, int threads) {
        return stages.tile(rows, columns, threads);
    }

    /** In the precision that is asked for, or in float64 where float32 does not hold the variances. */
    @Override
    public Optional<Engine> open(InputGram rows, InputGram columns, Precision precision) {
        return stages.holds(precision, rows, columns).map(held -> new Planes(network, stages, rows, columns, held, tangents));
    }
}
