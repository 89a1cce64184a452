package org.ntk4j.infinite.sequence.step;

import org.ntk4j.rows.Rows;

/**
 * Equal positions of examples that meet themselves: their variances and Θ, and whether numbers hold these. Belongs to one thread.
 *
 * @param <A> the arrays of its numbers
 */
final class OwnVariances<A> {

    private final Rows<A> rows;
    /** Variances outside of these leave room for no further layers. */
    private final double least;
    private final double most;
    private double[] before = {};
    private boolean held = true;

    OwnVariances(Rows<A> rows, double least, double most) {
        this.rows = rows;
        this.least = least;
        this.most = most;
    }

    /** Variances and Θ at equal positions. */
    record Equal<A>(A k, A t) {
    }

    /** Forgets what was seen. */
    void begin() {
        before = new double[0];
        held = true;
    }

    /** Whether all variances were held. */
    boolean held() {
        return held;
    }

    /** Notes whether some more are held. */
    void hold(boolean more) {
        held &= more;
    }

    /** Notes variances that float64, or float32, does not hold, or that have vanished since the last look. */
    void check(A variances, SequenceBatch<A> b) {
        int values = b.count() * b.width();
        double[] now = new double[values];
        rows.get(variances, 0, now, 0, values);
        for (int i = 0; i < values; i++) {
            held &= now[i] == 0 ? before.length == 0 || before[i] == 0 : now[i] >= least && now[i] <= most;
        }
        before = now;
    }

    /** From here on variances that are now there may not vanish. */
    void seen(SequenceBatch<A> b) {
        if (b.own()) {
            before = new double[b.count() * b.width()];
            rows.get(equal(b.k(), b), 0, before, 0, before.length);
        }
    }

    /** What was seen last. */
    double[] seen() {
        return before;
    }

    /** Goes back to what was seen then. */
    void back(double[] then) {
        before = then;
    }

    /** The values at equal positions; Θ is 0 where it is not there. */
    Equal<A> of(SequenceBatch<A> b) {
        return new Equal<>(equal(b.k(), b), b.tangents() ? equal(b.t(), b) : rows.room(b.count() * b.width()));
    }

    private A equal(A from, SequenceBatch<A> b) {
        A made = rows.room(b.count() * b.width());
        for (int e = 0; e < b.lefts(); e++) {
            rows.pick(from, e * b.positions() * b.width(), b.width() + 1, made, e * b.width(), b.positions());
        }
        return made;
    }

    /** Puts values at equal positions. */
    void put(Equal<A> values, SequenceBatch<A> b) {
        put(values.k, b.k(), b);
        if (b.tangents()) {
            put(values.t, b.t(), b);
        }
    }

    private void put(A equal, A to, SequenceBatch<A> b) {
        for (int line = 0; line < b.lines(); line++) {
            System.arraycopy(equal, b.left(line), to, line * b.width() + line % b.positions(), 1);
        }
    }

    /** Divides what equal positions have with themselves. */
    void divide(double by, SequenceBatch<A> b) {
        if (b.own()) {
            Equal<A> own = of(b);
            int places = b.count() * b.width() / rows.lanes();
            rows.scale(own.k, 0, places, 1 / by);
            rows.scale(own.t, 0, places, 1 / by);
            put(own, b);
        }
    }

    /** 0 where no position is. */
    @SafeVarargs
    final void clear(SequenceBatch<A> b, A... features) {
        A zero = rows.room(1);
        for (int i = 0; i < b.count() * b.width(); i++) {
            if (!b.ground1().isReal(i)) {
                for (A feature : features) {
                    System.arraycopy(zero, 0, feature, i, 1);
                }
            }
        }
    }
}
