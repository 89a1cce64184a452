package org.ntk4j.infinite;

import java.util.Optional;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.Grid;

/** A kernel as work that any machine can do, tile by tile: each is a pure function of what stands here and of two ranges of inputs. */
public interface TileWork {

    /** The inputs of the rows. */
    Inputs x1();

    /** Those of the columns; empty for a kernel of {@link #x1} with itself. */
    Optional<Inputs> x2();

    /** Rows and columns of a tile. */
    int tile();

    /** About how many seconds a whole tile takes a core. */
    double secondsPerTile();

    /** What computes the tiles here. Close it at the end. */
    Engine engine();

    /**
     * This work as another machine can do it.
     *
     * @param memory  of that machine's process, in bytes
     * @param workers how many tiles are computed at once
     * @throws org.ntk4j.base.Failure if that is too little, with the memory that is needed
     */
    TileWork within(long memory, int workers);

    /** Which kernels these are, for the user: {@code K_∞ and Θ_∞}. */
    String kernels();

    /** How it is cut into tiles. */
    default Grid grid() {
        return new Grid(x1().count(), x2().orElse(x1()).count(), tile(), x2().isEmpty());
    }
}
