package org.ntk4j.infinite.graph;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Settings;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.graph.GraphMoments;
import org.ntk4j.shape.Shape;

/**
 * The engine for a GPU: a tile's covariance goes through all layers in one TensorFlow graph ({@link GraphMoments}), one tile at a time, on
 * as many threads as TensorFlow is given. On a CPU it gives the same values up to rounding, which there may depend on a value's place in a
 * tile. A tile whose variances leave the range of the formulas is left to the engine in Java, which says where they do.
 */
public final class GraphEngine implements Engine {

    static final String NAME = "graph";

    private final GraphOffer offer;
    private final InputGram rows;
    private final InputGram columns;
    private final Precision precision;
    private @Nullable GraphTile diagonal;
    private @Nullable GraphTile cross;
    private @Nullable Engine exact;

    GraphEngine(GraphOffer offer, InputGram rows, InputGram columns, Precision arithmetic) {
        this.offer = offer;
        this.rows = rows;
        this.columns = columns;
        this.precision = arithmetic == Precision.FLOAT32 ? Precision.FLOAT32 : Precision.FLOAT64;
    }

    /**
     * What it takes for a network that {@link #missing} nothing.
     *
     * @param java what computes a tile whose variances leave the range of the formulas, the best first
     */
    public static Offer offer(Serial network, Shape in, Settings settings, List<Offer> java) {
        return new GraphOffer(network, in, settings, List.copyOf(java));
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
        return new GraphTile(offer.network(), offer.in(), rows.hasPadding() || columns.hasPadding(), shared, precision)
                .open(offer.settings());
    }

    private Engine exact() {
        if (exact == null) {
            exact = offer.exact(rows, columns);
        }
        return exact;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void close() {
        if (diagonal != null) {
            diagonal.close();
        }
        if (cross != null) {
            cross.close();
        }
        InputGram.close(rows, columns);
    }
}
