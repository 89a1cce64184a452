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

    private final KernelRows<A> rows;
    private final SpareArrays<A> spare;
    private final double[] one = new double[1];
    /** For the matrix of one example. */
    private double[] square = {};
    private A scratch;
    private int room;

    BatchRows(KernelRows<A> rows) {
        this.rows = rows;
        this.spare = new SpareArrays<>(rows.rows());
        this.scratch = rows.rows().room(0);
    }

    KernelRows<A> rows() {
        return rows;
    }

    boolean tangents() {
        return rows.tangents();
    }

    /** Places of a line. */
    int places(SequenceBatch<A> b) {
        return b.line() / rows.lanes();
    }

    private int all(SequenceBatch<A> b) {
        return b.lines() * places(b);
    }

    void linear(Rows.Affine map, SequenceBatch<A> b) {
        rows.linear(b.k(), b.t(), 0, all(b), map);
    }

    /** Adds a batch to another. */
    void add(SequenceBatch<A> way, SequenceBatch<A> to) {
        rows.accumulate(way.k(), way.t(), 0, to.k(), to.t(), 0, all(to));
    }

    /** Multiplies a batch by another, whose Θ is gone then. */
    void multiply(SequenceBatch<A> way, SequenceBatch<A> to) {
        rows.multiply(way.k(), way.t(), to.k(), to.t(), 0, all(to));
    }

    /** Zeros where no position is. */
    void mask(SequenceBatch<A> b) {
        A mask = b.ground2().real();
        int n = places(b);
        for (int line = 0; line < b.lines(); line++) {
            if (!b.ground1().isReal(b.left(line))) {
                rows.clear(b.k(), b.t(), line * b.line(), n);
            } else if (mask != null) {
                rows.mask(b.k(), b.t(), line * b.line(), mask, b.right(line), rows.lanes(), n);
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
            rows.rows().put(flags, 0, equal, 0, width);
            flags[p] = 0;
            for (int at = line * b.line(); at < (line + 1) * b.line(); at += width) {
                rows.mask(b.k(), b.t(), at, equal, 0, rows.lanes(), width / rows.lanes());
            }
        }
    }

    /** Multiplies each pair of positions by a factor of the left one and one of the right one. */
    void weigh(A one, A other, SequenceBatch<A> b) {
        for (int line = 0; line < b.lines(); line++) {
            rows.weigh(b.k(), b.t(), line * b.line(), places(b), one, b.left(line), 0, other, b.right(line), rows.lanes());
        }
    }

    /** Subtracts from K of a line a number times what each right position has. */
    void less(double number, A other, SequenceBatch<A> b, int line) {
        A product = scratch(b.line());
        System.arraycopy(other, b.right(line), product, 0, b.line());
        rows.rows().scale(product, 0, places(b), -number);
        rows.rows().accumulate(product, 0, b.k(), line * b.line(), places(b));
    }

    /** What stands at a place. */
    double value(A values, int at) {
        rows.rows().get(values, at, one, 0, 1);
        return one[0];
    }

    /** {@code G₁ K G₂ᵀ} with matrices of each example, transposed, where it stands or into another batch. */
    void matrices(A one, A other, SequenceBatch<A> b, SequenceBatch<A> after) {
        both(one, other, b.k(), b, after.k(), after);
        if (tangents()) {
            both(one, other, b.t(), b, after.t(), after);
        }
    }

    private void both(A one, A other, A values, SequenceBatch<A> b, A to, SequenceBatch<A> after) {
        int positions = b.positions();
        int width = b.width();
        int square = positions * after.width();
        Rows<A> each = rows.rows();
        A half = scratch(after.positions() * b.line());
        for (int e = 0; e < b.lefts(); e++) {
            each.multiply(one, b.left(e, square), 1, after.width(), values, e * positions * b.line(), b.line(), positions, half, 0,
                    b.line(), after.positions(), places(b));
            for (int j = 0; j < b.rights(); j++) {
                each.multiply(half, j * width, b.line(), 1, other, b.right(e, j) * square, after.width(), positions, to,
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
            scratch = rows.rows().room(size);
            room = size;
        }
        return scratch;
    }

    /** An array that another batch has left, or a new one. */
    A array(int size) {
        return spare.array(size);
    }

    /** Takes back an array that {@link #array} has given. */
    void release(A array, int size) {
        spare.release(array, size);
    }

    /** Takes back the arrays of a batch. */
    void release(SequenceBatch<A> b) {
        release(b.k(), b.size());
        if (tangents()) {
            release(b.t(), b.size());
        }
    }

    /** The same values in other arrays. */
    SequenceBatch<A> copy(SequenceBatch<A> b) {
        SequenceBatch<A> made = apart(b, b.level());
        rows.copy(b.k(), b.t(), 0, made.k(), made.t(), 0, b.size());
        return made;
    }

    /** Other arrays, for the values of a level. */
    SequenceBatch<A> apart(SequenceBatch<A> b, int level) {
        SequenceBatch<A> same = b.with(b.k(), b.t(), level);
        return b.with(array(same.size()), tangents() ? array(same.size()) : b.t(), level);
    }
}
