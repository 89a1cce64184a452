package org.ntk4j.rows;

import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.gaussian.Series;

/**
 * Activations whose expectations are a {@link Series}, for rows of pairs: in vector instructions, and by the activation itself for single
 * pairs whose correlation is too near ±1 for the series. Belongs to one thread.
 *
 * @param <A> the arrays of its numbers
 */
public final class SeriesRows<A> {

    private final Rows<A> rows;
    private final Pairs pairs;
    private final double[] coefficients;
    private double[][] buffers = new double[7][0];
    private int[] places = {};
    private A oldK;
    private A oldT;
    private int room;

    /** @param pairs for single pairs, as many as a row has values */
    public SeriesRows(Rows<A> rows, Pairs pairs) {
        this.rows = rows;
        this.pairs = pairs;
        this.coefficients = new double[1 << 11];
        this.oldK = rows.room(0);
        this.oldT = rows.room(0);
    }

    /**
     * What belongs to one side: variances, inverse deviations, the largest correlation that the series is exact for, coefficients.
     *
     * @param at    the first value
     * @param step  values from one place to the next
     * @param first the first of the coefficients
     */
    public record Side<A>(A q, A g, A limit, int at, int step, Terms<A> terms, int first) {
    }

    /** Each value with itself: K is the variance. Writes what belongs to it. */
    public void own(Nonlinearity phi, Series series, A k, A t, int at, int n, A q, A g, A limit, Terms.Planes<A> terms, int to) {
        int values = n * rows.lanes();
        double[] variances = buffer(0, values);
        double[] inverse = buffer(1, values);
        double[] limits = buffer(2, values);
        rows.get(k, at, variances, 0, values);
        for (int i = 0; i < values; i++) {
            limits[i] = series.limit(variances[i]);
            int used = limits[i] == 0 ? 0 : series.write(variances[i], coefficients);
            terms.write(to + i, coefficients, used, limits[i]);
            inverse[i] = variances[i] == 0 ? 0 : 1 / Math.sqrt(variances[i]);
        }
        rows.put(variances, 0, q, to, values);
        rows.put(inverse, 0, g, to, values);
        rows.put(limits, 0, limit, to, values);
        keep(k, t, at, n, terms.isWhole());
        rows.ownSeries(series.powers(), k, t, at, n, g, terms.all(), to);
        if (!terms.isWhole()) {
            int exact = 0;
            for (int i = 0; i < values; i++) {
                if (limits[i] < 1) {
                    place(exact++, i, variances[i], variances[i], variances[i]);
                }
            }
            exactly(phi, exact, k, t, at);
        }
    }

    /**
     * One example with others.
     *
     * @param t Θ; null where K alone is asked for
     */
    public void cross(Nonlinearity phi, Series series, A k, @Nullable A t, int at, int n, Side<A> left, Side<A> right) {
        boolean whole = left.terms.whole() && right.terms.whole();
        keep(k, t, at, n, whole);
        rows.series(series.powers(), k, t, at, n, left.g, left.at, left.terms, left.first, left.step, right.g, right.at, right.terms,
                right.first, right.step);
        if (!whole) {
            exactly(phi, flagged(n, left, right), k, t, at);
        }
    }

    private int flagged(int n, Side<A> left, Side<A> right) {
        int lanes = rows.lanes();
        double[] ofLeft = buffer(3, 3);
        double[] q = buffer(4, lanes);
        double[] g = buffer(5, lanes);
        double[] limits = buffer(6, lanes);
        double[] values = buffer(0, n * lanes);
        rows.get(oldK, 0, values, 0, n * lanes);
        int exact = 0;
        for (int x = 0; x < n; x++) {
            rows.get(left.q, left.at + x * left.step, ofLeft, 0, 1);
            rows.get(left.g, left.at + x * left.step, ofLeft, 1, 1);
            rows.get(left.limit, left.at + x * left.step, ofLeft, 2, 1);
            rows.get(right.q, right.at + x * right.step, q, 0, lanes);
            rows.get(right.g, right.at + x * right.step, g, 0, lanes);
            rows.get(right.limit, right.at + x * right.step, limits, 0, lanes);
            for (int j = 0; j < lanes; j++) {
                int i = x * lanes + j;
                double limit = Math.min(limits[j], ofLeft[2]);
                // Where no position stands there is no variance.
                if (limit < 1 && q[j] > 0 && ofLeft[0] > 0 && (limit == 0 || Math.abs(values[i] * g[j] * ofLeft[1]) > limit)) {
                    place(exact++, i, ofLeft[0], q[j], values[i]);
                }
            }
        }
        return exact;
    }

    private void place(int number, int i, double q11, double q22, double q12) {
        if (places.length < pairs.q11.length) {
            places = new int[pairs.q11.length];
        }
        places[number] = i;
        pairs.q11[number] = q11;
        pairs.q22[number] = q22;
        pairs.q12[number] = q12;
        pairs.scale1[number] = Pairs.scale(q11);
        pairs.scale2[number] = Pairs.scale(q22);
    }

    private void exactly(Nonlinearity phi, int count, A k, @Nullable A t, int at) {
        pairs.n = count;
        phi.expectations(pairs);
        double[] one = buffer(3, 3);
        for (int i = 0; i < count; i++) {
            rows.put(pairs.value, i, k, at + places[i], 1);
            if (t != null) {
                rows.get(oldT, places[i], one, 0, 1);
                one[0] *= pairs.slope[i];
                rows.put(one, 0, t, at + places[i], 1);
            }
        }
    }

    private void keep(A k, @Nullable A t, int at, int n, boolean whole) {
        int values = n * rows.lanes();
        if (whole) {
            return;
        }
        if (room < values) {
            oldK = rows.room(values);
            oldT = rows.room(values);
            room = values;
        }
        System.arraycopy(k, at, oldK, 0, values);
        if (t != null) {
            System.arraycopy(t, at, oldT, 0, values);
        }
    }

    private double[] buffer(int which, int size) {
        if (buffers[which].length < size) {
            buffers[which] = new double[size];
        }
        return buffers[which];
    }
}
