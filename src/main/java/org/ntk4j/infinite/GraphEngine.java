package org.ntk4j.infinite;

import java.util.Optional;
import org.ntk4j.Settings;
import org.ntk4j.finite.Precision;
import org.ntk4j.network.Serial;

/**
 * The engine for a GPU: a tile's covariance goes through all layers in one TensorFlow graph ({@link GraphMoments}), one tile at a time, on as many threads as TensorFlow
 * is given. On a CPU it gives the same values, and takes longer than the engines in Java. A tile with values beyond the range of the formulas there is left to those.
 */
final class GraphEngine implements Engine {

    private final Serial network;
    private final InputGram rows;
    private final InputGram columns;
    private final Precision precision;
    private final Settings settings;
    private GraphTile first;
    private GraphTile diagonal;
    private GraphTile cross;
    private Engine exact;

    private GraphEngine(Serial network, InputGram rows, InputGram columns, Precision precision, Settings settings, GraphTile first) {
        this.network = network;
        this.rows = rows;
        this.columns = columns;
        this.precision = precision;
        this.settings = settings;
        this.first = first;
    }

    /**
     * Takes the inputs over, if all that the network does to them has a graph form.
     *
     * @param columns {@code rows} for a symmetric kernel
     */
    static Optional<GraphEngine> of(Serial network, InputGram rows, InputGram columns, Arithmetic arithmetic, Settings settings) {
        Precision precision = arithmetic == Arithmetic.FLOAT32 ? Precision.FLOAT32 : Precision.FLOAT64;
        try {
            GraphTile first = new GraphTile(network, rows, columns, rows == columns, precision);
            return Optional.of(new GraphEngine(network, rows, columns, precision, settings, first));
        } catch (GraphMoments.Missing e) {
            return Optional.empty();
        }
    }

    @Override
    public synchronized TileValues tile(Tile t) {
        boolean own = rows == columns && t.isDiagonal();
        Optional<TileValues> values = (own ? diagonal() : cross()).values(t);
        return values.map(v -> own ? v.mirrored() : v).orElseGet(() -> exact().tile(t));
    }

    private GraphTile diagonal() {
        if (diagonal == null) {
            diagonal = made(true);
        }
        return diagonal;
    }

    private GraphTile cross() {
        if (cross == null) {
            cross = made(false);
        }
        return cross;
    }

    private GraphTile made(boolean shared) {
        GraphTile tile = first;
        first = null;
        if (tile == null || shared != (rows == columns)) {
            closeIfThere(tile);
            tile = new GraphTile(network, rows, columns, shared, precision);
        }
        return tile.open(settings);
    }

    private Engine exact() {
        if (exact == null) {
            exact = new LayerByLayer(network, rows, columns, Arithmetic.FLOAT64);
        }
        return exact;
    }

    @Override
    public String name() {
        return "graph";
    }

    private static void closeIfThere(GraphTile tile) {
        if (tile != null) {
            tile.close();
        }
    }

    @Override
    public void close() {
        closeIfThere(first);
        closeIfThere(diagonal);
        closeIfThere(cross);
        rows.close();
        if (columns != rows) {
            columns.close();
        }
    }
}
