package org.ntk4j.infinite.tile;

/**
 * What computes tiles: a network and its inputs made ready for products. It keeps no results and changes nothing, so many
 * threads may ask for tiles at once and in any order, and a tile depends on nothing but its two ranges of inputs. Close it at the end.
 */
public interface Engine extends AutoCloseable {

    /**
     * Both kernels on a tile. Of a symmetric kernel the tile lies above the diagonal or along it; along it each example's own value
     * stands on the diagonal and the lower half is the upper one's mirror image.
     *
     * @throws org.ntk4j.base.Failure naming the layer after which float64 does not hold a value
     */
    TileValues tile(Tile t);

    /** Takes values back that nobody reads any more: a further tile may come in their arrays, which the caches still hold. */
    default void reuse(TileValues values) {
        // They are garbage.
    }

    /** Whether its values have the precision of float32 as they come. */
    default boolean isSingle() {
        return false;
    }

    /** What tells it from another engine, whose values may differ in their last digits. */
    default String name() {
        return getClass().getSimpleName();
    }

    @Override
    void close();
}
