package org.ntk4j.infinite;

import java.util.Optional;
import org.ntk4j.Settings;
import org.ntk4j.data.Inputs;
import org.ntk4j.network.Serial;
import org.ntk4j.network.Shape;

/**
 * What computes tiles: a network and its inputs made ready for products. It keeps no results and changes nothing, so many
 * threads may ask for tiles at once and in any order, and a tile depends on nothing but its two ranges of inputs. Close it at the end.
 */
interface Engine extends AutoCloseable {

    /** A side of a tile of dense networks that stays in the second-level cache, and that {@link InnerProducts} of any lanes divide. */
    int LARGEST_TILE = 144;

    /**
     * The engine for a network: strips where all of it is dense, else layer by layer, beginning with planes where these serve.
     *
     * @param x2         the inputs of the columns; empty for a symmetric kernel of {@code x1} with itself
     * @param arithmetic in which numbers, where the engine has a choice; else in float64
     */
    static Engine of(Serial network, Inputs x1, Optional<Inputs> x2, Arithmetic arithmetic) {
        return of(network, x1, x2, arithmetic, Optional.empty());
    }

    /**
     * The same, or a graph where that computes.
     *
     * @param graph with which device and how many threads TensorFlow computes the network's graph; empty: Java computes
     */
    static Engine of(Serial network, Inputs x1, Optional<Inputs> x2, Arithmetic arithmetic, Optional<Settings> graph) {
        InputGram rows = InputGram.of(network, x1);
        InputGram columns = null;
        try {
            columns = x2.isPresent() ? InputGram.of(network, x2.get()) : rows;
            if (graph.isPresent()) {
                return new GraphEngine(network, x1.shape(), rows, columns, arithmetic, graph.get());
            }
            Optional<Strips<?>> strips = Strips.of(network, arithmetic, rows, columns);
            return strips.isPresent() ? strips.get() : new LayerByLayer(network, rows, columns, arithmetic);
        } catch (RuntimeException | Error e) {
            rows.close();
            if (columns != null) {
                columns.close();
            }
            throw e;
        }
    }

    /** The side of a tile of so many inputs with so many others: of planes few enough to keep all threads busy, else one that stays in the second-level cache. */
    static int side(Serial network, Shape in, int rows, int columns, int threads) {
        return Planes.of(network, in).map(p -> p.tile(rows, columns, threads)).orElseGet(() -> (int) Math.max(1,
                Math.min(LARGEST_TILE, Math.sqrt((double) (LARGEST_TILE * LARGEST_TILE) / InputGram.valuesOfPair(network, in)))));
    }

    /**
     * Both kernels on a tile. Of a symmetric kernel the tile lies above the diagonal or along it; along it each example's own value
     * stands on the diagonal and the lower half is the upper one's mirror image.
     *
     * @throws org.ntk4j.Failure naming the layer after which float64 does not hold a value
     */
    TileValues tile(Tile t);

    /** What tells it from another engine, whose values may differ in their last digits. */
    default String name() {
        return getClass().getSimpleName();
    }

    @Override
    void close();
}
