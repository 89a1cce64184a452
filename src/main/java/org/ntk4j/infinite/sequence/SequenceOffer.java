package org.ntk4j.infinite.sequence;

import java.util.Optional;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.layers.LayerByLayer;
import org.ntk4j.infinite.strip.TailOffer;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.layer.Serial;
import org.ntk4j.rows.Rows;

/**
 * What sequences take: what is known of each sentence, and buffers for each thread.
 *
 * @param tail     the layers behind the positions
 * @param tangents whether Θ is asked for, or K alone
 */
record SequenceOffer(Serial network, SequencePath path, TailOffer tail, boolean tangents) implements Offer {

    /** Measured, of a pair of positions through a layer. */
    private static final double NANOS32 = 3;
    private static final double NANOS64 = 6;
    /** What of it K alone takes. */
    private static final double OF_K = 0.6;

    @Override
    public String name() {
        return tail.name(Sequences.NAME);
    }

    @Override
    public double nanosPerPair(Precision precision) {
        return Math.pow(path.in().positions(), 2) * (Offer.maps(network, path.in()) + 1)
                * (precision == Precision.FLOAT32 ? NANOS32 : NANOS64) * (tangents ? 1 : OF_K) + tail.nanosPerPair(tangents);
    }

    @Override
    public Offer ofCovariances() {
        return new SequenceOffer(network, path, tail, false);
    }

    @Override
    public long bytesPerPair() {
        return LayerByLayer.BYTES_PER_VALUE;
    }

    /** What is known of a sentence of a tile, and its pairs of positions with itself. */
    @Override
    public long bytesPerImage() {
        long width = width();
        long inputs = width * path.in().channels();
        return Double.BYTES * (inputs + width * (path.in().positions()
                * (path.attends() + Sequences.ARRAYS + 2L * Sequences.sums(path.steps())) + 8L * path.looks()));
    }

    @Override
    public long bytesKept(int inputs) {
        return tail.bytesKept(inputs);
    }

    @Override
    public long bytesPerThread() {
        long line = path.in().positions() * width() * Double.BYTES;
        return Math.max(Sequences.CACHE / Sequences.ARRAYS, line) * (Sequences.ARRAYS + 4L * Sequences.sums(path.steps()));
    }

    private long width() {
        return SequenceRun.width(path, Rows.float64());
    }

    /** Fewer sentences where more would leave threads without work. */
    @Override
    public int side(int rows, int columns, int threads) {
        int share = (Math.max(rows, columns) + 2 * threads - 1) / (2 * threads);
        return Math.max(1, Math.min(Sequences.SIDE, share));
    }

    @Override
    public Optional<Engine> open(InputGram rows, InputGram columns, Precision precision) {
        return Sequences.of(tail, path, precision, tangents, rows, columns);
    }
}
