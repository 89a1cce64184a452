package org.ntk4j.infinite.graph;

import java.util.List;
import java.util.Optional;
import org.ntk4j.base.Precision;
import org.ntk4j.base.Settings;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.infinite.tile.Pieces;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Block;
import org.ntk4j.moment.Span;
import org.ntk4j.shape.Shape;
import org.ntk4j.tensorflow.Devices;

/**
 * What a graph takes on the device and the threads of these settings: one tile at a time.
 *
 * @param java what computes a tile whose variances leave the range of the formulas, the best first
 */
record GraphOffer(Serial network, Shape in, Settings settings, List<Offer> java) implements Offer {

    /**
     * How many arrays of a tile's values are there at once, as measured; and how many more for each list of layers within another, whose
     * beginning is kept for its end.
     */
    private static final int VALUES_AT_ONCE = 16;
    private static final int VALUES_OF_LIST = 4;
    private static final long VALUES_OF_TILE = 1 << 27;
    private static final int LARGEST_SIDE = 512;
    private static final double SHARE_OF_DEVICE = 0.75;
    /** Measured on an NVIDIA H100: what a value is read and written for, op by op, is what limits it. */
    private static final double NANOS64 = 40;
    private static final double NANOS32 = 31;

    @Override
    public String name() {
        return GraphEngine.NAME;
    }

    @Override
    public String description() {
        return settings.device().map(device -> "graph on " + device).orElse("graph");
    }

    @Override
    public double nanosPerPair(Precision precision) {
        // The device does not work faster on more of the cores that the time is divided by.
        return valuesOfPair() * (Offer.maps(network, in) + 1.0) * (precision == Precision.FLOAT32 ? NANOS32 : NANOS64)
                * settings.threads();
    }

    @Override
    public long bytesPerPair() {
        return valuesOfPair() * (VALUES_AT_ONCE + (long) VALUES_OF_LIST * depth(network)) * Double.BYTES;
    }

    private static int depth(Serial list) {
        return list.layers().stream().flatMap(l -> l.lists().values().stream()).mapToInt(inner -> 1 + depth(inner)).max().orElse(0);
    }

    /** How many values a pair of inputs has: at the layer with the most positions. */
    private long valuesOfPair() {
        Shape shape = InputGram.shape(network, in);
        Span span = shape.isVector() ? Span.EQUAL : network.needs(in, Span.EQUAL);
        long most = Block.size(shape.positions(), span);
        for (Layer layer : network.layers()) {
            shape = layer.outputShape(shape);
            most = Math.max(most, Block.size(shape.positions(), span));
        }
        return most;
    }

    /** Enough values to keep a GPU busy. */
    @Override
    public int side(int rows, int columns, int threads) {
        return (int) Math.max(1, Math.min(LARGEST_SIDE, Math.sqrt((double) VALUES_OF_TILE / valuesOfPair())));
    }

    /** TensorFlow's threads work on one tile together. */
    @Override
    public int workers(int threads) {
        return 1;
    }

    /**
     * What the device has of it.
     *
     * @throws org.ntk4j.base.Failure if the device is not there
     */
    @Override
    public long usable(long bytes) {
        if (!Devices.used(settings).startsWith("gpu")) {
            return bytes;
        }
        return Devices.list(settings).stream().filter(d -> d.type().equals("GPU") && d.memory() > 0)
                .mapToLong(d -> Math.min(bytes, (long) (SHARE_OF_DEVICE * d.memory()))).findFirst().orElse(bytes);
    }

    @Override
    public Optional<Engine> open(InputGram rows, InputGram columns, Precision precision) {
        return Optional.of(new GraphEngine(this, rows, columns, precision));
    }

    /** The engine in Java, in float64 and in tiles of its own size; it shares the inputs, and is not closed. */
    Engine exact(InputGram rows, InputGram columns) {
        for (Offer offer : java) {
            Optional<Engine> engine = offer.open(rows, columns, Precision.FLOAT64);
            if (engine.isPresent()) {
                return new Pieces(engine.get(), offer.side(rows.count(), columns.count(), settings.threads()), rows == columns);
            }
        }
        throw new IllegalStateException("no engine for " + network);
    }
}
