package org.ntk4j.infinite;

import java.util.Optional;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Precision;
import org.ntk4j.data.Inputs;
import org.ntk4j.infinite.layers.LayerByLayer;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Pieces;
import org.ntk4j.infinite.tile.Rounded;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Serial;

/**
 * K_∞ and Θ_∞ of some inputs as work that any machine can do: each tile is a pure function of what stands here.
 *
 * @param network   the layers
 * @param x1        the inputs of the rows
 * @param x2        those of the columns; empty for kernels of {@code x1} with itself
 * @param tile      rows and columns of a tile
 * @param piece     rows and columns of what is computed at once, where the memory does not hold a tile
 * @param precision of the values
 */
public record TileJob(Serial network, Inputs x1, Optional<Inputs> x2, int tile, int piece, Precision precision)
        implements TileWork {

    /** In tiles that suit the network. */
    public static TileJob of(Serial network, Inputs x1, Optional<Inputs> x2, Precision precision, int threads) {
        int side = EngineChoice.java(network, x1, x2).best().side(x1.count(), x2.orElse(x1).count(), threads);
        return new TileJob(network, x1, x2, side, side, precision);
    }

    /** What computes the tiles here, in Java. Close it at the end. */
    @Override
    public Engine engine() {
        return around(EngineChoice.java(network, x1, x2).open(network, x1, x2, precision), () -> {
            // The memory of another machine is its own.
        });
    }

    /** An engine that gives what is asked for, in pieces that fit, with something done behind each; closing it closes the one within. */
    Engine around(Engine engine, Runnable between) {
        Engine rounded = precision == Precision.FLOAT32 && !engine.isSingle() ? new Rounded(engine, this::tooLargeIn) : engine;
        return piece < tile ? new Pieces(rounded, piece, x2.isEmpty(), between) : rounded;
    }

    /** By bisection: layer by layer, one pair of inputs, until float32 holds what comes before the layer and not what comes after it. */
    private String tooLargeIn(int row, int column) {
        int held = 0;
        int exceeded = network.layers().size();
        while (exceeded - held > 1) {
            int middle = (held + exceeded) / 2;
            if (isHeld(new Serial(network.layers().subList(0, middle)), row, column)) {
                held = middle;
            } else {
                exceeded = middle;
            }
        }
        return "network." + held + "." + network.layers().get(held).name() + ": ";
    }

    private boolean isHeld(Serial first, int row, int column) {
        InputGram one = InputGram.of(first, x1.slice(row, row + 1));
        InputGram other = InputGram.of(first, x2.orElse(x1).slice(column, column + 1));
        try (Engine layers = new LayerByLayer(first, one, other)) {
            TileValues values = layers.tile(new Tile(0, 1, 0, 1));
            return Math.max(Math.abs(values.nngp()[0]), Math.abs(values.ntk()[0])) <= Float.MAX_VALUE;
        }
    }

    @Override
    public double secondsPerTile() {
        return 1e-9 * EngineChoice.java(network, x1, x2).best().nanosPerPair(precision) * tile * tile;
    }

    /**
     * This job in pieces so small that the memory of another machine holds the inputs and what its threads work on.
     *
     * @param memory  of that machine's process, in bytes
     * @param workers how many tiles are computed at once
     * @throws Failure if not even single pairs fit, with the memory that is needed
     */
    @Override
    public TileJob within(long memory, int workers) {
        return new TileJob(network, x1, x2, tile, MemoryNeed.piece(this, memory, workers), precision);
    }

    @Override
    public String kernels() {
        return "K_∞ and Θ_∞";
    }
}
