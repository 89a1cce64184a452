package org.ntk4j.infinite.strip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.gaussian.Series;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.rows.InnerProducts;
import org.ntk4j.rows.Rows;
import org.ntk4j.rows.SeriesRows;
import org.ntk4j.rows.Terms;

/**
 * What the examples of one side have with themselves: both kernels at the end, and what pairs of them need on the way. Computed once for
 * all tiles.
 *
 * @param <A> the arrays of its numbers
 */
final class StripSide<A> {

    /** Arrays of a look, those of a series aside. */
    static final int ARRAYS = 3;

    /**
     * What a step that looks at variances needs, by example.
     *
     * @param q     variances; of a normalization the means over the channels, null where they are 0
     * @param g     {@link org.ntk4j.gaussian.Arc#inverseRoot} of the variances; of a normalization its factors
     * @param rest  the slope where a variance is 0, or the limit of a series
     * @param terms the coefficients of a series; null where there is none
     */
    record Look<A>(@Nullable A q, A g, A rest, @Nullable Terms<A> terms) {
    }

    private final Rows<A> rows;
    private final int count;
    private final int places;
    private final double least;
    private final double most;
    private final List<Look<A>> looks = new ArrayList<>();
    private final Pairs pairs;
    private final SeriesRows<A> series;
    private final double[] k;
    private final double[] t;

    /** What there is on the way: K and Θ, the variances that were seen last, and the means over the channels; null: 0. */
    private static final class State<A> {

        private final Strip<A> strip;
        private double[] seen;
        private @Nullable Supplier<double[]> means;

        State(Strip<A> strip, double[] seen, @Nullable Supplier<double[]> means) {
            this.strip = strip;
            this.seen = seen;
            this.means = means;
        }
    }

    private StripSide(Rows<A> rows, int count, double least, double most) {
        this.rows = rows;
        this.count = count;
        // Rows of a tile read whole places, beyond the last example too.
        this.places = count / rows.lanes() + 2;
        this.least = least;
        this.most = most;
        this.pairs = new Pairs(places * rows.lanes());
        this.series = new SeriesRows<>(rows, pairs);
        this.k = new double[count];
        this.t = new double[count];
    }

    /** Null if a variance on the way is not held, or vanishes. */
    static <A> @Nullable StripSide<A> of(Rows<A> rows, InnerProducts<A> vectors, InputGram inputs, List<StripStep> steps, double least,
            double most) {
        int count = inputs.count();
        StripSide<A> side = new StripSide<>(rows, count, least, most);
        Strip<A> strip = side.strip();
        System.arraycopy(vectors.variances(), 0, strip.k(), 0, count);
        double[] squares = side.values(strip.k());
        // Only an example whose variance is 0 is looked at once more.
        Arrays.setAll(squares, i -> squares[i] == 0 ? Arrays.stream(inputs.example(i)).map(v -> v * v).sum() : squares[i]);
        return side.ended(steps, new State<>(strip, squares, () -> inputs.side(0, count).meanOrZero()));
    }

    /**
     * Of examples that other layers have been through.
     *
     * @param k     K of each with itself
     * @param t     Θ of each with itself
     * @param means the means over the channels
     */
    static <A> @Nullable StripSide<A> of(Rows<A> rows, double[] k, double[] t, Supplier<double[]> means, List<StripStep> steps,
            double least, double most) {
        StripSide<A> side = new StripSide<>(rows, k.length, least, most);
        Strip<A> strip = side.strip();
        rows.put(k, 0, strip.k(), 0, k.length);
        rows.put(t, 0, strip.t(), 0, k.length);
        return side.ended(steps, new State<>(strip, k, means));
    }

    private @Nullable StripSide<A> ended(List<StripStep> steps, State<A> state) {
        if (vanished(state) || !through(steps, state) || !held(state)) {
            return null;
        }
        rows.get(state.strip.k(), 0, k, 0, count);
        rows.get(state.strip.t(), 0, t, 0, count);
        return Arrays.stream(t).allMatch(Double::isFinite) ? this : null;
    }

    private Strip<A> strip() {
        return new Strip<>(rows, room(), room(), 0, places, true);
    }

    /** By their number, in the order of the steps. */
    Look<A> look(int number) {
        return looks.get(number);
    }

    /** K of each example with itself, at the end. */
    double[] k() {
        return k;
    }

    /** Θ of each example with itself, at the end. */
    double[] t() {
        return t;
    }

    private A room() {
        return rows.room(places * rows.lanes());
    }

    private double[] values(A from) {
        double[] values = new double[count];
        rows.get(from, 0, values, 0, count);
        return values;
    }

    /** Whether a variance is 0 that was not. */
    private boolean vanished(State<A> state) {
        double[] now = values(state.strip.k());
        for (int i = 0; i < count; i++) {
            if (now[i] == 0 && state.seen[i] != 0) {
                return true;
            }
        }
        state.seen = now;
        return false;
    }

    /** Whether the variances leave room for further layers. */
    private boolean held(State<A> state) {
        return !vanished(state) && Arrays.stream(state.seen).allMatch(q -> q == 0 || q >= least && q <= most);
    }

    /** Whether the variances were held everywhere. */
    private boolean through(List<StripStep> steps, State<A> state) {
        return steps.stream().allMatch(step -> through(step, state));
    }

    private boolean through(StripStep step, State<A> state) {
        if (step instanceof StripStep.Linear l) {
            state.strip.linear(l.map());
            state.means = null;
            return held(state);
        }
        if (step instanceof StripStep.Sum s) {
            return sum(s, state);
        }
        if (step instanceof StripStep.Product p) {
            return product(p, state);
        }
        if (!held(state)) {
            return false;
        }
        if (step instanceof StripStep.Activate a) {
            activate(a, state);
        } else if (step instanceof StripStep.Normalize n) {
            normalize(n, state);
        } else if (step instanceof StripStep.Drop d) {
            divide(state.strip.k(), d.keep());
            divide(state.strip.t(), d.keep());
        }
        return true;
    }

    private void activate(StripStep.Activate a, State<A> state) {
        A k0 = state.strip.k();
        A t0 = state.strip.t();
        A q = room();
        A g = room();
        A rest = room();
        Terms<A> terms = null;
        Optional<Series> found = a.series(rows);
        if (a.form() != null) {
            rows.own(a.form(), k0, t0, 0, places, q, g, rest, 0);
        } else if (found.isPresent()) {
            Terms.Planes<A> planes = new Terms.Planes<>(rows, places * rows.lanes());
            series.own(a.phi(), found.get(), k0, t0, 0, places, q, g, rest, planes, 0);
            terms = Terms.of(rows, planes.count(), planes.isWhole(), 1, places * rows.lanes(),
                    (y, m, to, at) -> System.arraycopy(planes.plane(m), 0, to, at, places * rows.lanes()));
        } else {
            rows.ownExpectations(a.phi(), pairs, k0, t0, 0, places, q, 0);
        }
        looks.add(new Look<>(q, g, rest, terms));
        // Taken only where a normalization asks for them.
        state.means = () -> Arrays.stream(values(q)).map(a.phi()::mean).toArray();
    }

    /** {@code K' = (K − m²)/(ε + K − m²)}, with m the mean over the channels. */
    private void normalize(StripStep.Normalize n, State<A> state) {
        A k0 = state.strip.k();
        A m = null;
        if (state.means != null) {
            m = room();
            rows.put(state.means.get(), 0, m, 0, count);
            double[] mean = values(m);
            double[] variance = values(k0);
            for (int i = 0; i < count; i++) {
                variance[i] = Math.max(0, Math.fma(-mean[i], mean[i], variance[i]));
            }
            rows.put(variance, 0, k0, 0, count);
        }
        A factor = room();
        rows.ownWeigh(n.epsilon(), k0, state.strip.t(), 0, places, factor, 0);
        looks.add(new Look<>(m, factor, factor, null));
        state.means = null;
        state.seen = values(k0);
    }

    private void divide(A values, double by) {
        rows.put(Arrays.stream(values(values)).map(v -> v / by).toArray(), 0, values, 0, count);
    }

    private boolean sum(StripStep.Sum s, State<A> state) {
        List<State<A>> ends = new ArrayList<>();
        if (!ways(s.ways(), state, ends)) {
            return false;
        }
        rows.clear(state.strip.k(), 0, places);
        rows.clear(state.strip.t(), 0, places);
        for (int w = 0; w < ends.size(); w++) {
            ends.get(w).strip.scale(s.weights()[w]);
            state.strip.add(ends.get(w).strip);
        }
        state.seen = values(state.strip.k());
        state.means = () -> {
            double[] sum = new double[count];
            for (int w = 0; w < ends.size(); w++) {
                double[] means = means(ends.get(w));
                for (int i = 0; i < count; i++) {
                    sum[i] += s.weights()[w] * means[i];
                }
            }
            return sum;
        };
        return true;
    }

    private boolean product(StripStep.Product p, State<A> state) {
        List<State<A>> ends = new ArrayList<>();
        if (!ways(p.ways(), state, ends)) {
            return false;
        }
        ends.get(0).strip.copy(state.strip.k(), state.strip.t());
        ends.stream().skip(1).forEach(end -> state.strip.multiply(end.strip));
        state.seen = values(state.strip.k());
        state.means = () -> {
            double[] product = means(ends.get(0)).clone();
            for (State<A> end : ends.subList(1, ends.size())) {
                double[] means = means(end);
                for (int i = 0; i < count; i++) {
                    product[i] *= means[i];
                }
            }
            return product;
        };
        return true;
    }

    private double[] means(State<A> state) {
        return state.means == null ? new double[count] : state.means.get();
    }

    /** Where each of the ways ends that begin here. */
    private boolean ways(List<List<StripStep>> ways, State<A> start, List<State<A>> ends) {
        for (List<StripStep> way : ways) {
            ends.add(new State<>(start.strip.copy(room(), room()), start.seen, start.means));
            if (!through(way, ends.get(ends.size() - 1))) {
                return false;
            }
        }
        return true;
    }
}
