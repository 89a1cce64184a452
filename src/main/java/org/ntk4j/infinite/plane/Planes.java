package org.ntk4j.infinite.plane;

import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.ntk4j.infinite.layers.Tail;
import org.ntk4j.infinite.layers.TailOffer;
import org.ntk4j.infinite.sequence.SequenceTailOffer;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.infinite.tile.OwnValues;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.Covariance;
import org.ntk4j.shape.Shape;

/** The engine for convolutions on a CPU: the first layers plane by plane ({@link PlaneStages}), then those that are left. */
public final class Planes implements Engine {

    static final String NAME = "planes";
    private static final String NAME_OF_K = "planes of K alone";

    private final TailOffer offer;
    private final Tail tail;
    private final PlaneTiles<?> tiles;
    private final boolean tangents;
    private final OwnValues ofRows;
    private final OwnValues ofColumns;
    /** What no thread is using now. */
    private final Queue<PlaneTile<?>> idle = new ConcurrentLinkedQueue<>();

    Planes(PlaneStages stages, TailOffer offer, InputGram rows, InputGram columns, PlaneTiles<?> tiles, boolean tangents) {
        this.tangents = tangents;
        this.offer = offer;
        this.tail = offer.open(rows, columns, tangents);
        this.tiles = tiles;
        this.ofRows = new OwnValues(rows.count(), stages.ownValues());
        this.ofColumns = columns == rows ? ofRows : new OwnValues(columns.count(), stages.ownValues());
    }

    /**
     * Present if a network begins with layers that keep to planes and ends these with a pooling or {@code flatten}.
     *
     * @param padded whether positions of some inputs are padding
     */
    public static Optional<Offer> offer(Serial network, Shape in, boolean padded) {
        return PlaneStages.of(network, in).filter(stages -> !padded || stages.keepsPositions())
                .map(stages -> new PlaneOffer(stages,
                        SequenceTailOffer.of(network, in, stages.layers(), stages.sink().after(), stages.origin()), true));
    }

    @Override
    public TileValues tile(Tile t) {
        InputGram rows = tail.rows();
        InputGram columns = tail.columns();
        PlaneTile<?> left = idle.poll();
        PlaneTile<?> tile = left == null ? tiles.tile(tangents) : left;
        Covariance covariance = tile.covariance(rows, ofRows, t.i0(), t.i1(), columns, ofColumns, t.j0(), t.j1());
        idle.add(tile);
        return tail.tile(t, covariance);
    }

    @Override
    public String name() {
        return offer.name(tangents ? NAME : NAME_OF_K);
    }

    @Override
    public void close() {
        idle.clear();
        tail.close();
    }
}
