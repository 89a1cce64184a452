package org.ntk4j.infinite.strip;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Halt;
import org.ntk4j.infinite.layers.Rest;
import org.ntk4j.infinite.layers.Tail;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.moment.ArrayMoments;
import org.ntk4j.moment.Block;
import org.ntk4j.moment.Covariance;
import org.ntk4j.rows.Rows;

/**
 * The layers behind the one that ends the positions, where another engine has taken a tile so far: in strips, always in float64, since next
 * to what came before they take no time. Layer by layer where those do not take them.
 */
public final class StripTail implements Tail {

    private static final int STRIP = 512;

    private final StripTailOffer offer;
    private final Rest rest;
    private final boolean tangents;
    /** By the first example: what examples of a tile's side have with themselves, where that takes longer than to keep it. */
    private final Map<Integer, Kept> ofRows = new ConcurrentHashMap<>();
    private final Map<Integer, Kept> ofColumns;

    /** Empty where a variance is not held. */
    private record Kept(int count, Optional<StripSide<double[]>> side) {
    }

    StripTail(StripTailOffer offer, InputGram rows, InputGram columns, boolean tangents) {
        this.offer = offer;
        this.rest = Rest.of(offer.network(), offer.from(), rows, columns);
        this.tangents = tangents;
        this.ofColumns = rows == columns ? ofRows : new ConcurrentHashMap<>();
    }

    @Override
    public InputGram rows() {
        return rest.written().rows();
    }

    @Override
    public InputGram columns() {
        return rest.written().columns();
    }

    @Override
    public boolean isDiagonal(Tile t) {
        return rest.isDiagonal(t);
    }

    @Override
    public TileValues tile(Tile t, Covariance first) {
        List<StripStep> steps = offer.steps().orElse(List.of());
        if (steps.isEmpty()) {
            return rest.tile(t, first);
        }
        try {
            ArrayMoments moments = first.arrays();
            boolean shared = moments.self1() == moments.self2();
            StripSide<double[]> left = side(ofRows, steps, t.i0(), moments.self1(), moments.side1().meanOrZero());
            StripSide<double[]> right = shared ? left : side(ofColumns, steps, t.j0(), moments.self2(), moments.side2().meanOrZero());
            return left == null || right == null ? rest.tile(t, first) : through(t, steps, moments.cross(), left, right);
        } catch (Failure e) {
            // It names the layer.
            return rest.tile(t, first);
        }
    }

    /** Null if a variance on the way is not held. */
    private @Nullable StripSide<double[]> side(Map<Integer, Kept> kept, List<StripStep> steps, int from, Block own, double[] means) {
        Kept known = kept.get(from);
        if (known == null || known.count != own.pairs()) {
            known = new Kept(own.pairs(), Optional.ofNullable(
                    StripSide.of(Rows.float64().another(), own.k(), own.t(), () -> means, steps, Strips.LEAST, Strips.MOST)));
            if (offer.keeps()) {
                kept.put(from, known);
            }
        }
        return known.side.orElse(null);
    }

    private TileValues through(Tile t, List<StripStep> steps, Block cross, StripSide<double[]> left, StripSide<double[]> right) {
        Rows<double[]> rows = Rows.float64().another();
        int width = t.columns();
        int places = (width + rows.lanes() - 1) / rows.lanes();
        int line = places * rows.lanes();
        int together = Math.max(1, STRIP / line);
        StripRun<double[]> run = new StripRun<>(rows, left, right, together * line);
        double[] k = new double[together * line];
        double[] theta = new double[together * line];
        TileValues values = new TileValues(t, new double[cross.pairs()], new double[cross.pairs()]);
        for (int row = 0; row < t.rows(); row += together) {
            Halt.check();
            int count = Math.min(together, t.rows() - row);
            for (int i = 0; i < count; i++) {
                System.arraycopy(cross.k(), (row + i) * width, k, i * line, width);
                System.arraycopy(cross.t(), (row + i) * width, theta, i * line, width);
            }
            run.through(steps, new Strip<>(rows, k, theta, 0, count * places, tangents), row, 0, places);
            for (int i = 0; i < count; i++) {
                System.arraycopy(k, i * line, values.nngp(), (row + i) * width, width);
                System.arraycopy(theta, i * line, values.ntk(), (row + i) * width, tangents ? width : 0);
            }
        }
        if (!isDiagonal(t)) {
            return values;
        }
        for (int i = 0; i < t.rows(); i++) {
            values.nngp()[i * (width + 1)] = left.k()[i];
            values.ntk()[i * (width + 1)] = tangents ? left.t()[i] : 0;
        }
        return values.mirrored();
    }

    @Override
    public void close() {
        rest.written().close();
    }
}
