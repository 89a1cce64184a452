package org.ntk4j.infinite.graph;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.plane.LayerByLayer;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Pieces;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Block;
import org.ntk4j.moment.Span;
import org.ntk4j.moment.graph.GraphMoments;
import org.ntk4j.shape.Shape;
import org.ntk4j.tensorflow.Devices;

/**
 * The engine for a GPU: a tile's covariance goes through all layers in one TensorFlow graph ({@link GraphMoments}), one tile at a time, on
 * as many threads as TensorFlow is given. On a CPU it gives the same values up to rounding, which there may depend on a value's place in a
 * tile. A tile whose variances leave the range of the formulas is left to the engine in Java, which says where they do.
 */
public final class GraphEngine implements Engine {

    /**
     * So many arrays of a tile's values are there at once, as measured; and so many more for each list of layers within another, whose
     * beginning is kept for its end.
     */
    private static final int VALUES_AT_ONCE = 16;
    private static final int VALUES_OF_LIST = 4;
    private static final long VALUES_OF_TILE = 1 << 27;
    private static final int LARGEST_SIDE = 512;
    private static final double SHARE_OF_DEVICE = 0.75;

    private final Serial network;
    private final InputGram rows;
    private final InputGram columns;
    private final Shape in;
    private final Precision precision;
    private final Settings settings;
    private @Nullable GraphTile diagonal;
    private @Nullable GraphTile cross;
    private @Nullable Engine exact;

    /** Takes the inputs over; {@code columns} is {@code rows} for a symmetric kernel. */
    public GraphEngine(Serial network, Shape in, InputGram rows, InputGram columns, Precision arithmetic, Settings settings) {
        this.network = network;
        this.in = in;
        this.rows = rows;
        this.columns = columns;
        this.precision = arithmetic == Precision.FLOAT32 ? Precision.FLOAT32 : Precision.FLOAT64;
        this.settings = settings;
    }

    /** Whether a GPU is asked for, and everything in the network has a graph form. */
    public static boolean serves(Settings settings, Serial network, Inputs x1, Optional<Inputs> x2) {
        return wanted(settings) && missing(network, x1.shape(), x1.hasPadding() || x2.map(Inputs::hasPadding).orElse(false)).isEmpty();
    }

    /** Whether a GPU is asked for: on a CPU the engines in Java compute. */
    public static boolean wanted(Settings settings) {
        return settings.device().orElse("").startsWith("gpu");
    }

    /**
     * What of a network has no graph form, in words: {@code tanh has no graph form}.
     *
     * @param padded whether positions of some inputs are padding
     */
    @SuppressWarnings("try")
    public static Optional<String> missing(Serial network, Shape in, boolean padded) {
        try (GraphTile graph = new GraphTile(network, in, padded, true, Precision.FLOAT64)) {
            return Optional.empty();
        } catch (GraphMoments.Missing e) {
            return Optional.of(Objects.requireNonNullElse(e.getMessage(), ""));
        }
    }

    /** What a pair of examples needs of the memory. */
    public static long bytesOfPair(Serial network, Shape in) {
        return valuesOfPair(network, in) * (VALUES_AT_ONCE + (long) VALUES_OF_LIST * depth(network)) * Double.BYTES;
    }

    private static int depth(Serial list) {
        return list.layers().stream().flatMap(l -> l.lists().values().stream()).mapToInt(inner -> 1 + depth(inner)).max().orElse(0);
    }

    /** How many values a pair of examples has: at the layer with the most positions. */
    public static long valuesOfPair(Serial network, Shape in) {
        Shape shape = InputGram.shape(network, in);
        Span span = shape.isVector() ? Span.EQUAL : network.needs(in, Span.EQUAL);
        long most = Block.size(shape.positions(), span);
        for (Layer layer : network.layers()) {
            shape = layer.outputShape(shape);
            most = Math.max(most, Block.size(shape.positions(), span));
        }
        return most;
    }

    /** The side of a tile: enough values to keep a GPU busy. */
    public static int side(Serial network, Shape in) {
        return (int) Math.max(1, Math.min(LARGEST_SIDE, Math.sqrt((double) VALUES_OF_TILE / valuesOfPair(network, in))));
    }

    /**
     * The memory for a tile's values: so many bytes, or what the device has.
     *
     * @throws org.ntk4j.base.Failure if the device is not there
     */
    public static long memory(Settings settings, long bytes) {
        if (!Devices.used(settings).startsWith("gpu")) {
            return bytes;
        }
        return Devices.list(settings).stream().filter(d -> d.type().equals("GPU") && d.memory() > 0)
                .mapToLong(d -> (long) (SHARE_OF_DEVICE * d.memory())).findFirst()
                .stream().map(device -> Math.min(bytes, device)).findFirst().orElse(bytes);
    }

    @Override
    public synchronized TileValues tile(Tile t) {
        boolean own = rows == columns && t.isDiagonal();
        Optional<TileValues> values = (own ? diagonal() : cross()).values(rows, columns, t);
        return values.map(v -> own ? v.mirrored() : v).orElseGet(() -> exact().tile(t));
    }

    private GraphTile diagonal() {
        if (diagonal == null) {
            diagonal = graph(true);
        }
        return diagonal;
    }

    private GraphTile cross() {
        if (cross == null) {
            cross = graph(false);
        }
        return cross;
    }

    private GraphTile graph(boolean shared) {
        return new GraphTile(network, in, rows.hasPadding() || columns.hasPadding(), shared, precision).open(settings);
    }

    private Engine exact() {
        if (exact == null) {
            exact = new Pieces(new LayerByLayer(network, rows, columns, Precision.FLOAT64),
                    LayerByLayer.side(network, in, rows.count(), columns.count(), settings.threads()), rows == columns);
        }
        return exact;
    }

    @Override
    public String name() {
        return "graph";
    }

    @Override
    public void close() {
        if (diagonal != null) {
            diagonal.close();
        }
        if (cross != null) {
            cross.close();
        }
        rows.close();
        if (columns != rows) {
            columns.close();
        }
    }
}
