package org.ntk4j.rows;

import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * The coefficients of a {@link org.ntk4j.gaussian.Series} at many variances: plane n holds the n-th of each, laid out like the variances. Planes that nobody wrote to are 0 and not there.
 *
 * @param <A> the arrays of its numbers
 */
public final class Terms<A> {

    private final Rows<A> rows;
    private final int size;
    private A[] planes;
    private int count;
    private boolean whole = true;

    /** No planes yet, each for so many values. */
    public Terms(Rows<A> rows, int size) {
        this.rows = rows;
        this.size = size;
        this.planes = rows.arrays(0);
    }

    /** Planes made of these, each by itself. */
    public Terms<A> each(int valuesInPlane, UnaryOperator<A> map) {
        Terms<A> made = new Terms<>(rows, valuesInPlane);
        made.whole = whole;
        made.planes = rows.arrays(count);
        made.count = count;
        for (int n = 0; n < count; n++) {
            made.planes[n] = map.apply(planes[n]);
        }
        return made;
    }

    /** The n-th plane; zeros if there is none. */
    public A plane(int n) {
        return n < count ? planes[n] : rows.room(size);
    }

    A[] planes() {
        return planes;
    }

    /** How many planes there are. */
    public int count() {
        return count;
    }

    /** Whether the series is exact for every correlation at all these variances. */
    public boolean isWhole() {
        return whole;
    }

    /** The same, said of this and others together. */
    public void whole(boolean all) {
        whole = all;
    }

    void write(int at, double[] values, int used, double limit) {
        whole &= limit >= 1;
        if (used > count) {
            planes = Arrays.copyOf(planes, Math.max(used, count));
            for (int n = count; n < used; n++) {
                planes[n] = rows.room(size);
            }
            count = used;
        }
        for (int n = 0; n < used; n++) {
            rows.put(values, n, planes[n], at, 1);
        }
    }
}
