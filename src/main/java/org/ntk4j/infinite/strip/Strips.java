package org.ntk4j.infinite.strip;

import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Halt;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Serial;
import org.ntk4j.rows.Rows;
import org.ntk4j.shape.Shape;

/**
 * The engine for networks without positions: a strip of pairs goes through all layers in place while it stays in the first-level cache.
 * The variances along the way belong to one example alone, and are computed once for all tiles. In float64 the same operations in the same
 * order as layer by layer.
 *
 * @param <A> the arrays of its numbers
 */
public final class Strips<A> implements Engine {

    static final String NAME = "Strips";
    private static final String NAME_OF_K = "Strips of K alone";
    private static final String NAME_OF_T = "Strips of Θ alone";

    /** Variances in float64 whose products of two are held. */
    static final double LEAST = 1e-140;
    static final double MOST = 1e140;
    private static final int STRIP = 512;
    /** From 1 − ρ² below this on, a covariance in float64 leaves fewer than ten digits of Θ. */
    private static final double CLOSE = 1e-8;

    private final InputGram side1;
    private final InputGram side2;
    private final Rows<A> rows;
    private final InputGram.Vectors<A> vectors;
    private final List<StripStep> steps;
    /** Whether Θ is asked for; where it is not, no step touches it. */
    private final boolean tangents;
    /** Whether K is given; in float64 it tells which pairs are close. */
    private final boolean covariances;
    private final StripSide<A> own1;
    private final StripSide<A> own2;
    /** Where float64 is asked for: pairs whose angle its covariance does not hold. */
    private final Optional<ClosePairs> close;
    /** Buffers that no thread uses: what would be made anew for each tile costs the memory more than the tile does. */
    private final Queue<Buffers<A>> free = new ConcurrentLinkedQueue<>();
    /** K and Θ of tiles that nobody reads any more. */
    private final Queue<double[][]> given = new ConcurrentLinkedQueue<>();

    /** What a thread computes a tile in: the products of the inputs, and K and Θ of the pairs that are on their way. */
    private record Buffers<A>(StripRun<A> run, A products, A k, A t, int size) {
    }

    private Strips(InputGram side1, InputGram side2, Rows<A> rows, InputGram.Vectors<A> vectors, List<StripStep> steps,
            StripOffer.Asked asked, StripSide<A> own1, StripSide<A> own2) {
        this.side1 = side1;
        this.side2 = side2;
        this.rows = rows;
        this.vectors = vectors;
        this.steps = steps;
        this.tangents = asked.tangents();
        this.covariances = asked != StripOffer.Asked.TANGENTS || !rows.isSingle();
        this.own1 = own1;
        this.own2 = own2;
        this.close = rows.isSingle() ? Optional.empty() : ClosePairs.ofBends(side1, side2, steps);
    }

    /** Present if the inputs have no positions, and the layers take them. */
    public static Optional<Offer> offer(Serial network, Shape in) {
        return StripStep.of(network, InputGram.shape(network, in)).map(steps -> new StripOffer(network, in, steps, StripOffer.Asked.BOTH));
    }

    /**
     * Empty where a variance on the way is not held: an engine that goes layer by layer names the layer, if it fails too.
     *
     * @param asked which kernels are asked for
     */
    static Optional<Engine> of(List<StripStep> steps, Precision arithmetic, StripOffer.Asked asked, InputGram side1, InputGram side2) {
        if (arithmetic == Precision.FLOAT32) {
            Optional<Engine> small = made(side1, side2, Rows.float32(), InputGram.vectors32(side1, side2), steps, asked, 1e-15,
                    1e15);
            if (small.isPresent()) {
                return small;
            }
        }
        return made(side1, side2, Rows.float64(), InputGram.vectors64(side1, side2), steps, asked, LEAST, MOST);
    }

    private static <A> Optional<Engine> made(InputGram side1, InputGram side2, Rows<A> rows, InputGram.Vectors<A> vectors,
            List<StripStep> steps, StripOffer.Asked asked, double least, double most) {
        try {
            StripSide<A> own1 = StripSide.of(rows, vectors.side1(), side1, steps, least, most);
            StripSide<A> own2 = side2 == side1 || own1 == null ? own1 : StripSide.of(rows, vectors.side2(), side2, steps, least, most);
            return own1 == null || own2 == null ? Optional.empty()
                    : Optional.of(new Strips<>(side1, side2, rows, vectors, steps, asked, own1, own2));
        } catch (Failure e) {
            return Optional.empty();
        }
    }

    @Override
    public TileValues tile(Tile t) {
        boolean diagonal = side1 == side2 && t.isDiagonal();
        double[][] both = tile(t.i0(), t.i1(), t.j0(), t.j1(), diagonal);
        TileValues values = new TileValues(t, both[0], both[1]);
        if (!diagonal) {
            return values;
        }
        for (int i = 0; i < t.rows(); i++) {
            values.nngp()[i * (t.columns() + 1)] = covariances ? own1.k()[t.i0() + i] : 0;
            values.ntk()[i * (t.columns() + 1)] = tangents ? own1.t()[t.i0() + i] : 0;
        }
        return values.mirrored();
    }

    private double[][] tile(int i0, int i1, int j0, int j1, boolean diagonal) {
        int width = j1 - j0;
        int places = (width + rows.lanes() - 1) / rows.lanes();
        int line = places * rows.lanes();
        int together = diagonal ? 1 : Math.max(1, STRIP / line);
        Buffers<A> buffers = buffers((i1 - i0) * line, together * line);
        Rows<A> own = buffers.run.rows();
        if (diagonal) {
            vectors.side1().upper(own, i0, i1, buffers.products, line);
        } else {
            vectors.side1().products(own, i0, i1, vectors.side2(), j0, j1, buffers.products, line);
        }
        double[][] both = both((i1 - i0) * width);
        for (int row = i0; row < i1; row += together) {
            Halt.check();
            through(buffers, i0, row, Math.min(i1, row + together) - row, j0, width, diagonal, both);
        }
        free.add(buffers);
        close.ifPresent(pairs64 -> mend(pairs64, i0, i1, j0, j1, both, diagonal));
        return both;
    }

    /** Takes some rows of a tile through all layers. */
    private void through(Buffers<A> buffers, int i0, int row, int count, int j0, int width, boolean diagonal, double[][] both) {
        Rows<A> own = buffers.run.rows();
        int places = (width + rows.lanes() - 1) / rows.lanes();
        int line = places * rows.lanes();
        // The place in which the diagonal lies is the first that is needed.
        int before = diagonal ? (row - i0) / rows.lanes() : 0;
        int from = before * rows.lanes();
        Strip<A> strip = new Strip<>(own, buffers.k, buffers.t, 0, count * (places - before), tangents);
        System.arraycopy(buffers.products, (row - i0) * line + from, buffers.k, 0, strip.places() * rows.lanes());
        own.clear(buffers.t, 0, tangents ? strip.places() : 0);
        buffers.run.through(steps, strip, row, j0 + from, places - before);
        for (int i = 0; i < count; i++) {
            int to = (row - i0 + i) * width + from;
            own.get(buffers.k, i * line, both[0], to, covariances ? width - from : 0);
            own.get(buffers.t, i * line, both[1], to, tangents ? width - from : 0);
        }
    }

    private double[][] both(int size) {
        double[][] found = given.poll();
        return found != null && found[0].length == size ? found : new double[2][size];
    }

    /** What is not asked for is 0, and stays so. */
    @Override
    public void reuse(TileValues values) {
        given.add(new double[][] {values.nngp(), values.ntk()});
    }

    private Buffers<A> buffers(int size, int atOnce) {
        Buffers<A> found = free.poll();
        if (found != null && found.size >= size && found.run.size() >= atOnce) {
            return found;
        }
        Rows<A> own = rows.another();
        int most = Math.max(STRIP, atOnce);
        return new Buffers<>(new StripRun<>(own, own1, own2, most), own.room(size), own.room(most), own.room(most), size);
    }

    /** Nearly parallel pairs once more, with their distance carried along. */
    private void mend(ClosePairs pairs, int i0, int i1, int j0, int j1, double[][] both, boolean diagonal) {
        double[] left = own1.k();
        double[] right = own2.k();
        for (int i = i0; i < i1; i++) {
            int from = diagonal ? i + 1 : j0;
            int row = (i - i0) * (j1 - j0) - j0;
            if (!near(both[0], row, left[i] * (1 - CLOSE), right, from, j1)) {
                continue;
            }
            for (int j = from; j < j1; j++) {
                int at = row + j;
                double k = both[0][at];
                double product = left[i] * right[j];
                // Equal inputs have their variance already, to the last digit.
                if (k > 0 && k * k > product * (1 - CLOSE) && !(k == left[i] && k == right[j])) {
                    pairs.pair(i, j).ifPresent(pair -> {
                        both[0][at] = pair.nngp();
                        both[1][at] = tangents ? pair.ntk() : 0;
                    });
                }
            }
        }
    }

    /** Whether a row has a pair that may be close: a loop without branches, since hardly any row has. */
    private static boolean near(double[] k, int at, double left, double[] right, int j0, int j1) {
        double most = Double.NEGATIVE_INFINITY;
        for (int j = j0; j < j1; j++) {
            double value = k[at + j];
            most = Math.max(most, value * value - left * right[j]);
        }
        return most > 0;
    }

    @Override
    public boolean isSingle() {
        return rows.isSingle();
    }

    @Override
    public String name() {
        return !tangents ? NAME_OF_K : covariances ? NAME : NAME_OF_T;
    }

    @Override
    public void close() {
        InputGram.close(side1, side2);
    }
}
