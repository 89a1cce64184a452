package org.ntk4j.rows;

import org.ntk4j.gaussian.Arc;

/**
 * What {@link Rows} does to K and Θ alike. Where Θ is not asked for, K alone: then nothing looks at an array of Θ, whatever it is.
 *
 * @param rows     what does it
 * @param tangents whether Θ is asked for, or K alone
 * @param <A>      the arrays of the numbers
 */
public record KernelRows<A>(Rows<A> rows, boolean tangents) {

    public int lanes() {
        return rows.lanes();
    }

    /** Sets places to 0. */
    public void clear(A k, A t, int at, int n) {
        rows.clear(k, at, n);
        if (tangents) {
            rows.clear(t, at, n);
        }
    }

    /** Copies this many values. */
    public void copy(A fromK, A fromT, int from, A toK, A toT, int to, int values) {
        System.arraycopy(fromK, from, toK, to, values);
        if (tangents) {
            System.arraycopy(fromT, from, toT, to, values);
        }
    }

    /** Adds a row to another that stands where it does. */
    public void add(A fromK, A fromT, A toK, A toT, int at, int n) {
        rows.add(fromK, toK, at, n);
        if (tangents) {
            rows.add(fromT, toT, at, n);
        }
    }

    /** Adds a row to another. */
    public void accumulate(A fromK, A fromT, int from, A toK, A toT, int to, int n) {
        rows.accumulate(fromK, from, toK, to, n);
        if (tangents) {
            rows.accumulate(fromT, from, toT, to, n);
        }
    }

    /** Adds what a row is behind a linear map without a bias to another. */
    public void accumulate(A fromK, A fromT, int from, A toK, A toT, int to, int n, Rows.Affine map) {
        if (tangents) {
            rows.accumulate(fromK, fromT, from, toK, toT, to, n, map);
        } else {
            rows.accumulate(fromK, from, toK, to, n, map);
        }
    }

    /** {@code Θ' = Θ K₂ + K Θ₂}, {@code K' = K K₂}, where both stand at the same place; the other one's Θ is changed on the way. */
    public void multiply(A otherK, A otherT, A k, A t, int at, int n) {
        if (tangents) {
            rows.mask(otherT, at, k, at, lanes(), n);
            rows.mask(k, t, at, otherK, at, lanes(), n);
            rows.add(otherT, t, at, n);
        } else {
            rows.mask(k, at, otherK, at, lanes(), n);
        }
    }

    /** {@link Rows#linear}. */
    public void linear(A k, A t, int at, int n, Rows.Affine map) {
        if (tangents) {
            rows.linear(k, t, at, n, map);
        } else {
            rows.linear(k, at, n, map);
        }
    }

    /** Multiplies by a number. */
    public void scale(A k, A t, int at, int n, double factor) {
        rows.scale(k, at, n, factor);
        if (tangents) {
            rows.scale(t, at, n, factor);
        }
    }

    /** {@link Rows#window}. */
    public void window(A k, A t, int[] sources, int taps, int step, A toK, A toT, int at, int n, Rows.Affine map) {
        if (tangents) {
            rows.window(k, t, sources, taps, step, toK, toT, at, n, map);
        } else {
            rows.window(k, sources, taps, step, toK, at, n, map);
        }
    }

    /**
     * {@link Rows#touching}.
     *
     * @param first whether Θ is 0 before it, and is not looked at
     */
    public void touching(A k, A t, int[] sources, A toK, A toT, int at, int n, Rows.Affine map, A masks, int maskAt, boolean first) {
        if (tangents && first) {
            rows.touchingFirst(k, sources, toK, toT, at, n, map, masks, maskAt);
        } else if (tangents) {
            rows.touching(k, t, sources, toK, toT, at, n, map, masks, maskAt);
        } else {
            rows.touching(k, sources, toK, at, n, map, masks, maskAt);
        }
    }

    /** {@link Rows#laneActivate}. */
    public void laneActivate(Arc form, A k, A t, int at, int n, A q1, A g1, int leftAt, int leftStep, A q2, A g2, A rest, int rightAt,
            int rightStep) {
        if (tangents) {
            rows.laneActivate(form, k, t, at, n, q1, g1, leftAt, leftStep, q2, g2, rest, rightAt, rightStep);
        } else {
            rows.laneActivate(form, k, at, n, q1, g1, leftAt, leftStep, q2, g2, rightAt, rightStep);
        }
    }

    /** {@link Rows#activate}. */
    public void activate(Arc form, A k, A t, int at, int n, A q1, A g1, int leftAt, int leftStep, A q2, A g2, A rest, int rightAt,
            int rightStep) {
        if (tangents) {
            rows.activate(form, k, t, at, n, q1, g1, leftAt, leftStep, q2, g2, rest, rightAt, rightStep);
        } else {
            rows.activate(form, k, at, n, q1, g1, leftAt, leftStep, q2, g2, rightAt, rightStep);
        }
    }

    /** Multiplies by the factors of both sides. */
    public void weigh(A k, A t, int at, int n, A f1, int leftAt, int leftStep, A f2, int rightAt, int rightStep) {
        weigh(k, t, at, k, t, at, n, f1, leftAt, leftStep, f2, rightAt, rightStep);
    }

    /** The same, to another place. */
    public void weigh(A k, A t, int at, A toK, A toT, int to, int n, A f1, int leftAt, int leftStep, A f2, int rightAt, int rightStep) {
        if (tangents) {
            rows.weigh(k, t, at, toK, toT, to, n, f1, leftAt, leftStep, f2, rightAt, rightStep);
        } else {
            rows.weigh(k, at, toK, to, n, f1, leftAt, leftStep, f2, rightAt, rightStep);
        }
    }

    /** Multiplies each value of examples that meet themselves by the square of its factor: with the bits of {@link #weigh}. */
    public void weighOwn(A k, A t, int at, int n, A factors, int from) {
        A squares = rows.room(n * lanes());
        System.arraycopy(factors, from, squares, 0, n * lanes());
        rows.mask(squares, 0, factors, from, lanes(), n);
        mask(k, t, at, squares, 0, lanes(), n);
    }

    /** Multiplies by masks of 0 and 1, or by other numbers. */
    public void mask(A k, A t, int at, A masks, int maskAt, int maskStep, int n) {
        if (tangents) {
            rows.mask(k, t, at, masks, maskAt, maskStep, n);
        } else {
            rows.mask(k, at, masks, maskAt, maskStep, n);
        }
    }
}
