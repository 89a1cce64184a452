package org.ntk4j.infinite.sequence.step;

import org.ntk4j.rows.KernelRows;
import org.ntk4j.rows.Rows;
import org.ntk4j.rows.SpareArrays;

/**
 * What is done to all pairs of positions of a batch alike, and the arrays for it. Belongs to one thread.
 *
 * @param <A> the arrays of its numbers
 */
final class BatchRows<A> {

    private final Rows<A> rows;
    private final KernelRows<A> both;
    private final KernelRows<A> alone;
    /** Whether Θ is asked for. */
    private final boolean tangents;
    private final SpareArrays<A> spare;
    private final int most;
    private final double[] one = new double[1];
    /** For the matrix of one example. */
    private double[] square = {};
    private A scratch;
    private int room;

    /** @param most values of the largest batch: arrays have room for as many, whatever size is asked for, so that each serves for all */
    BatchRows(Rows<A> rows, boolean tangents, int most) {
        this.rows = rows;
        this.most = most;
        this.tangents = tangents;
        this.both = new KernelRows<>(rows, true);
        this.alone = new KernelRows<>(rows, false);
        this.spare = new SpareArrays<>(rows);
        this.scratch = rows.room(0);
    }

    Rows<A> rows() {
        return rows;
    }

    /** What a batch has: K and Θ, or K alone. */
    KernelRows<A> rows(SequenceBatch<A> b) {
        return b.tangents() ? both : alone;
    }

    /** Places of a line. */
    int places(SequenceBatch<A> b) {
        return b.line() / rows.lanes();
    }

    private int all(SequenceBatch<A> b) {
        return b.lines() * places(b);
    }

    /** A linear map: as long as it has no bias, no number is touched for it before one must be. */
    SequenceBatch<A> linear(Rows.Affine map, SequenceBatch<A> b) {
        SequenceBatch<A> behind = b.with(b.map().then(map));
        if (map.bias() == 0 && map.biasT() == 0) {
            return behind;
        }
        SequenceBatch<A> there = covariances(owned(behind));
        mask(there);
        return there;
    }

    /** In arrays that may be written to. */
    SequenceBatch<A> owned(SequenceBatch<A> b) {
        return b.shared() ? copy(b) : b;
    }

    /**
     * With the covariances as they are: its map, of which scale is 1 and biases are 0, adds some of them to the tangent kernel. Where that
     * is there it is multiplied along with them: layers behind divide both, and a factor that waited would grow without a limit.
     */
    SequenceBatch<A> covariances(SequenceBatch<A> b) {
        Rows.Affine map = b.map();
        Rows.Affine left = map.afterScale();
        if (tangents && (map.scale() == 0 || map.biasT() != left.fromK() * map.bias()
                || b.tangents() && (map.scale() != 1 || map.fromT() != 1))) {
            return settled(b);
        }
        SequenceBatch<A> there = b;
        if (map.scale() != 1 || map.bias() != 0) {
            there = owned(b);
            alone.linear(there.k(), there.k(), 0, all(b), map);
        }
        return there.with(tangents ? left : Rows.Affine.SAME);
    }

    /** Whether Θ is K, or not asked for; of what {@link #covariances} gives. */
    boolean isEqual(SequenceBatch<A> b) {
        return !tangents || !b.tangents() && b.map().fromK() == 1;
    }

    /** Multiplies what is there by a number. */
    void scale(SequenceBatch<A> b, double factor) {
        rows(b).scale(b.k(), b.t(), 0, all(b), factor);
    }

    /** With both as they are, nothing still to come, in arrays that may be written to. */
    SequenceBatch<A> settled(SequenceBatch<A> start) {
        SequenceBatch<A> b = owned(start);
        Rows.Affine map = b.map();
        if (!tangents) {
            return covariances(b);
        }
        if (b.tangents()) {
            if (!map.equals(Rows.Affine.SAME)) {
                both.linear(b.k(), b.t(), 0, all(b), map);
            }
            return b.with(Rows.Affine.SAME);
        }
        A t = array(b.size());
        System.arraycopy(b.k(), 0, t, 0, b.size());
        alone.linear(t, t, 0, all(b), new Rows.Affine(map.fromK(), map.biasT(), 0, 0, 0));
        if (map.scale() != 1 || map.bias() != 0) {
            alone.linear(b.k(), b.k(), 0, all(b), map);
        }
        return b.withTangents(t).with(Rows.Affine.SAME);
    }

    /** Adds a batch to another one, which is changed; the sum. */
    SequenceBatch<A> add(SequenceBatch<A> way, SequenceBatch<A> to) {
        if (way.map().scale() == 1 && way.map().equals(to.map()) && way.tangents() == to.tangents()) {
            rows(to).accumulate(way.k(), way.t(), 0, to.k(), to.t(), 0, all(to));
            return to;
        }
        SequenceBatch<A> sum = settled(to);
        Rows.Affine map = way.map();
        // Where Θ is not there it is a multiple of K.
        rows(sum).accumulate(way.k(), way.tangents() ? way.t() : way.k(), 0, sum.k(), sum.t(), 0, all(sum),
                way.tangents() ? map : new Rows.Affine(map.scale(), 0, map.fromK(), 0, 0));
        return sum;
    }

    /** Multiplies a batch by another, whose Θ is gone then. */
    void multiply(SequenceBatch<A> way, SequenceBatch<A> to) {
        rows(to).multiply(way.k(), way.t(), to.k(), to.t(), 0, all(to));
    }

    /** Zeros where no position is. */
    void mask(SequenceBatch<A> b) {
        A mask = b.ground2().real();
        int n = places(b);
        for (int line = 0; line < b.lines(); line++) {
            if (!b.ground1().isReal(b.left(line))) {
                rows(b).clear(b.k(), b.t(), line * b.line(), n);
            } else if (mask != null) {
                rows(b).mask(b.k(), b.t(), line * b.line(), mask, b.right(line), rows.lanes(), n);
            }
        }
    }

    /** Zeros where positions are not equal. */
    void unshare(SequenceBatch<A> b) {
        int width = b.width();
        A equal = scratch(width);
        double[] flags = new double[width];
        for (int line = 0; line < b.lines(); line++) {
            int p = line % b.positions();
            flags[p] = 1;
            rows.put(flags, 0, equal, 0, width);
            flags[p] = 0;
            for (int at = line * b.line(); at < (line + 1) * b.line(); at += width) {
                rows(b).mask(b.k(), b.t(), at, equal, 0, rows.lanes(), width / rows.lanes());
            }
        }
    }

    /** Each pair of positions multiplied by a factor of the left one and one of the right one. */
    SequenceBatch<A> weighed(A one, A other, SequenceBatch<A> b) {
        SequenceBatch<A> to = b.shared() ? apart(b, b.level()) : b;
        for (int line = 0; line < b.lines(); line++) {
            int at = line * b.line();
            rows(b).weigh(b.k(), b.t(), at, to.k(), to.t(), at, places(b), one, b.left(line), 0, other, b.right(line), rows.lanes());
        }
        return to;
    }

    /** Subtracts from K of a line a number times what each right position has. */
    void less(double number, A other, SequenceBatch<A> b, int line) {
        A product = scratch(b.line());
        System.arraycopy(other, b.right(line), product, 0, b.line());
        rows.scale(product, 0, places(b), -number);
        rows.accumulate(product, 0, b.k(), line * b.line(), places(b));
    }

    /** What stands at a place. */
    double value(A values, int at) {
        rows.get(values, at, one, 0, 1);
        return one[0];
    }

    /** {@code G₁ K G₂ᵀ} with matrices of each example, transposed, where it stands or into another batch. */
    void matrices(A one, A other, SequenceBatch<A> b, SequenceBatch<A> after) {
        both(one, other, b.k(), b, after.k(), after);
        if (b.tangents()) {
            both(one, other, b.t(), b, after.t(), after);
        }
    }

    private void both(A one, A other, A values, SequenceBatch<A> b, A to, SequenceBatch<A> after) {
        int positions = b.positions();
        int width = b.width();
        int square = positions * after.width();
        A half = scratch(after.positions() * b.line());
        for (int e = 0; e < b.lefts(); e++) {
            rows.multiply(one, b.left(e, square), 1, after.width(), values, e * positions * b.line(), b.line(), positions, half, 0,
                    b.line(), after.positions(), places(b));
            for (int j = 0; j < b.rights(); j++) {
                rows.multiply(half, j * width, b.line(), 1, other, b.right(e, j) * square, after.width(), positions, to,
                        e * after.positions() * after.line() + j * after.width(), after.line(), after.positions(),
                        after.width() / rows.lanes());
            }
        }
    }

    /** Room for the matrix of an example, with whatever it holds. */
    double[] square(int size) {
        if (square.length != size) {
            square = new double[size];
        }
        return square;
    }

    private A scratch(int size) {
        if (room < size) {
            scratch = rows.room(size);
            room = size;
        }
        return scratch;
    }

    /** Arrays that batches have left. */
    SpareArrays<A> spare() {
        return spare;
    }

    /** An array that another batch has left, or a new one. */
    A array(int size) {
        return spare.array(Math.max(size, most));
    }

    /** Takes back an array that {@link #array} has given. */
    void release(A array, int size) {
        spare.release(array, Math.max(size, most));
    }

    /** Takes back the arrays of a batch. */
    void release(SequenceBatch<A> b) {
        if (b.shared()) {
            return;
        }
        release(b.k(), b.size());
        if (b.tangents()) {
            release(b.t(), b.size());
        }
    }

    /** The same in other arrays. */
    SequenceBatch<A> copy(SequenceBatch<A> b) {
        SequenceBatch<A> made = apart(b, b.level());
        rows(b).copy(b.k(), b.t(), 0, made.k(), made.t(), 0, b.size());
        return made;
    }

    /** Other arrays, for the values of a level. */
    SequenceBatch<A> apart(SequenceBatch<A> b, int level) {
        SequenceBatch<A> same = b.with(b.k(), b.t(), level);
        A k = array(same.size());
        return b.with(k, b.tangents() ? array(same.size()) : k, level).shared(false);
    }
}
