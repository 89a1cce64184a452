package org.ntk4j.infinite.plane;

import java.util.Optional;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.layers.TailOffer;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;

/**
 * What planes take: what is known of each input, buffers for each thread, and what the layers behind the planes take.
 *
 * @param tail     the layers behind the planes
 * @param tangents whether Θ is asked for, or K alone
 */
record PlaneOffer(PlaneStages stages, TailOffer tail, boolean tangents) implements Offer {

    /** Measured, of a covariance through a convolution and an activation. */
    private static final double NANOS32 = 1.4;
    private static final double NANOS64 = 2.6;
    /** What of it K alone takes. */
    private static final double OF_K = 0.8;

    @Override
    public String name() {
        return tail.name(Planes.NAME);
    }

    @Override
    public String description() {
        return tail.description(Planes.NAME);
    }

    @Override
    public boolean endsPositions() {
        return tail.endsPositions();
    }

    @Override
    public double nanosPerPair(Precision precision) {
        double nanos = (precision == Precision.FLOAT32 ? NANOS32 : NANOS64) * (tangents ? 1 : OF_K);
        return stages.entriesOfPair() * nanos + tail.nanosPerPair(tangents);
    }

    @Override
    public Offer ofCovariances() {
        return new PlaneOffer(stages, tail, false);
    }

    @Override
    public long bytesPerPair() {
        return tail.bytesPerPair();
    }

    @Override
    public long bytesPerImage() {
        return new PlaneMemory(stages, tangents).bytesPerImage() + tail.bytesPerImage();
    }

    @Override
    public long bytesPerThread() {
        return bytesPerThread(ImagePanel.MOST);
    }

    @Override
    public long bytesPerThread(int side) {
        return new PlaneMemory(stages, tangents).bytesPerThread(side) + tail.bytesPerThread();
    }

    @Override
    public int ownValues() {
        return stages.ownValues();
    }

    @Override
    public long bytesKept(int inputs) {
        return Offer.super.bytesKept(inputs) + tail.bytesKept(inputs);
    }

    @Override
    public int side(int rows, int columns, int threads) {
        return stages.tile(rows, columns, threads);
    }

    /** In the precision that is asked for, or in float64 where float32 does not hold the variances. */
    @Override
    public Optional<Engine> open(InputGram rows, InputGram columns, Precision precision) {
        return stages.holds(precision, rows, columns).map(held -> new Planes(stages, tail, rows, columns, held, tangents));
    }
}
