package org.ntk4j.infinite.strip;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.gaussian.Series;
import org.ntk4j.rows.Rows;
import org.ntk4j.rows.SeriesRows;

/**
 * Takes rows of a tile through all steps, in place. Belongs to one thread.
 *
 * @param <A> the arrays of its numbers
 */
final class StripRun<A> {

    private final Rows<A> rows;
    private final StripSide<A> left;
    private final StripSide<A> right;
    private final int size;
    private final Pairs pairs;
    private final SeriesRows<A> series;
    /** Arrays for other ways, none of them in use. */
    private final Deque<A> free = new ArrayDeque<>();
    private final double[] minus;
    private final A leftMeans;
    private int row;
    private int column;
    /** Places of a row. */
    private int n;
    private int looks;

    /** @param size the most values that go through at once */
    StripRun(Rows<A> rows, StripSide<A> left, StripSide<A> right, int size) {
        this.rows = rows;
        this.left = left;
        this.right = right;
        this.size = size;
        this.pairs = new Pairs(size);
        this.series = new SeriesRows<>(rows, pairs);
        this.minus = new double[size / rows.lanes()];
        this.leftMeans = rows.room(minus.length);
    }

    int size() {
        return size;
    }

    Rows<A> rows() {
        return rows;
    }

    /**
     * Takes pairs through.
     *
     * @param i      the left example of the first row
     * @param j      the first right example of each row
     * @param ofARow places of a row
     */
    void through(List<StripStep> steps, Strip<A> strip, int i, int j, int ofARow) {
        row = i;
        column = j;
        n = ofARow;
        looks = 0;
        through(steps, strip);
    }

    private void through(List<StripStep> steps, Strip<A> s) {
        Rows.@Nullable Affine map = null;
        for (StripStep step : steps) {
            // A linear map waits for an activation behind it that takes it along; in float64 one loop takes a quarter more time than two.
            if (map != null && !(step instanceof StripStep.Activate a && a.form() != null && s.tangents() && rows.isSingle())) {
                s.linear(map);
                map = null;
            }
            if (step instanceof StripStep.Linear l) {
                map = l.map();
            } else if (step instanceof StripStep.Activate a) {
                activate(a, map, s, looks++);
                map = null;
            } else if (step instanceof StripStep.Normalize) {
                normalize(s, looks++);
            } else if (step instanceof StripStep.Sum sum) {
                ways(sum.ways(), sum.weights(), s);
            } else if (step instanceof StripStep.Product product) {
                ways(product.ways(), new double[0], s);
            }
        }
        if (map != null) {
            s.linear(map);
        }
    }

    /** Added with weights, or multiplied if there are none. The last way may use up the beginning. */
    private void ways(List<List<StripStep>> ways, double[] weights, Strip<A> s) {
        Strip<A> start = s.copy(room(), room());
        for (int w = 0; w < ways.size(); w++) {
            boolean first = w == 0;
            boolean last = w == ways.size() - 1;
            Strip<A> way = first ? s : last ? start : start.copy(room(), room());
            through(ways.get(w), way);
            if (weights.length > 0) {
                way.scale(weights[w]);
            }
            if (!first && weights.length > 0) {
                s.add(way);
            } else if (!first) {
                s.multiply(way);
            }
            if (!first && !last) {
                free.push(way.k());
                free.push(way.t());
            }
        }
        free.push(start.k());
        free.push(start.t());
    }

    private A room() {
        return free.isEmpty() ? rows.room(size) : free.pop();
    }

    /** @param map a linear map to be taken first; null: none */
    private void activate(StripStep.Activate a, Rows.@Nullable Affine map, Strip<A> s, int number) {
        StripSide.Look<A> one = left.look(number);
        StripSide.Look<A> other = right.look(number);
        A q1 = Objects.requireNonNull(one.q());
        A q2 = Objects.requireNonNull(other.q());
        Optional<Series> found = a.series(rows);
        for (int r = 0; r < s.places() / n; r++) {
            int at = s.at() + r * n * rows.lanes();
            int i = row + r;
            if (a.form() != null && map != null) {
                rows.activate(map, a.form(), s.k(), s.t(), at, n, q1, one.g(), i, 0, q2, other.g(), other.rest(), column, rows.lanes());
            } else if (a.form() != null && s.tangents()) {
                rows.activate(a.form(), s.k(), s.t(), at, n, q1, one.g(), i, 0, q2, other.g(), other.rest(), column, rows.lanes());
            } else if (a.form() != null) {
                rows.activate(a.form(), s.k(), at, n, q1, one.g(), i, 0, q2, other.g(), column, rows.lanes());
            } else {
                expectations(a, found, s, at, i, one, other);
            }
        }
    }

    /** Without a closed form. */
    private void expectations(StripStep.Activate a, Optional<Series> found, Strip<A> s, int at, int i, StripSide.Look<A> one,
            StripSide.Look<A> other) {
        try {
            @Nullable A theta = s.tangents() ? s.t() : null;
            if (found.isPresent()) {
                series.cross(a.phi(), found.get(), s.k(), theta, at, n, side(one, i, 0), side(other, column, rows.lanes()));
            } else {
                A q1 = Objects.requireNonNull(one.q());
                A q2 = Objects.requireNonNull(other.q());
                rows.expectations(a.phi(), pairs, s.k(), theta, at, n, q1, i, 0, q2, column, rows.lanes());
            }
        } catch (Failure e) {
            throw Failure.run(a.where() + ": " + e.getMessage());
        }
    }

    private static <A> SeriesRows.Side<A> side(StripSide.Look<A> look, int at, int step) {
        return new SeriesRows.Side<>(Objects.requireNonNull(look.q()), look.g(), look.rest(), at, step,
                Objects.requireNonNull(look.terms()), at);
    }

    /** {@code K' = (K − m m') f f'}, {@code Θ' = Θ f f'}. */
    private void normalize(Strip<A> s, int number) {
        StripSide.Look<A> one = left.look(number);
        StripSide.Look<A> other = right.look(number);
        for (int r = 0; r < s.places() / n; r++) {
            int at = s.at() + r * n * rows.lanes();
            int i = row + r;
            if (one.q() != null && other.q() != null) {
                rows.get(one.q(), i, minus, 0, 1);
                Arrays.fill(minus, 0, n, -minus[0]);
                rows.put(minus, 0, leftMeans, 0, n);
                rows.products(leftMeans, 0, other.q(), column, rows.lanes(), s.k(), at, n);
            }
            if (s.tangents()) {
                rows.weigh(s.k(), s.t(), at, s.k(), s.t(), at, n, one.g(), i, 0, other.g(), column, rows.lanes());
            } else {
                rows.weigh(s.k(), at, s.k(), at, n, one.g(), i, 0, other.g(), column, rows.lanes());
            }
        }
    }
}
