package org.ntk4j.infinite.sequence;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Halt;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.gaussian.Series;
import org.ntk4j.infinite.sequence.SequencePath.Step;
import org.ntk4j.moment.AttentionKernel;
import org.ntk4j.moment.Block;
import org.ntk4j.moment.Covariance;
import org.ntk4j.moment.Ending;
import org.ntk4j.moment.Side;
import org.ntk4j.moment.Span;
import org.ntk4j.rows.Rows;
import org.ntk4j.rows.SeriesRows;
import org.ntk4j.rows.Terms;

/**
 * Takes K and Θ of pairs of positions through the steps, in place. A line is a position of a left sentence; on it stand all positions of
 * some right sentences, or, where each sentence meets itself, its own. Belongs to one thread.
 *
 * @param <A> the arrays of its numbers
 */
final class SequenceRun<A> {

    /** Variances outside of these leave room for no further layers. */
    private final double least;
    private final double most;
    /** Whether Θ is asked for; where it is not, it stays 0 and no step touches it. */
    private final boolean tangents;
    private final SequencePath path;
    private final Rows<A> rows;
    private Pairs pairs = new Pairs(0);
    private @Nullable SeriesRows<A> series;
    private A scratch;
    private int room;
    /** For the matrix of one example. */
    private double[] square = {};
    private final SequenceWindow<A> windows;
    /** Arrays that nothing needs any more, by their size. */
    private final Map<Integer, Deque<A>> spare = new HashMap<>();
    /** By the number of the attention: the same for all sentences of a tile. */
    private final Map<Integer, A> ofPositions = new HashMap<>();
    private double[] before = {};
    private boolean held = true;

    SequenceRun(SequencePath path, Rows<A> rows, boolean tangents, double least, double most) {
        this.tangents = tangents;
        this.path = path;
        this.rows = rows;
        this.windows = new SequenceWindow<>(rows, tangents);
        this.least = least;
        this.most = most;
        this.scratch = rows.room(0);
    }

    /** How many sentences are at work at once: as many as the cache holds with one of the other side. */
    int together() {
        int line = path.levels().stream().mapToInt(l -> l.positions() * l.width(rows.lanes())).max().orElseThrow();
        return Math.max(1, Sequences.CACHE / (Sequences.ARRAYS * (rows.isSingle() ? Float.BYTES : Double.BYTES) * line));
    }

    /**
     * Takes each sentence with itself through all steps and keeps what pairs need; false if a variance on the way is not held.
     *
     * @param k as {@link #array} gives it; not to be used any more
     * @param t the same
     */
    boolean own(SideFeatures<A> side, A k, A t) {
        before = new double[0];
        held = true;
        SequenceBatch<A> start = new SequenceBatch<>(k, t, 0, side, 0, side, 0, side.count(), true);
        SequenceBatch<A> end = through(path.steps(), start);
        for (int e = 0; e < side.count(); e++) {
            int from = e * end.positions() * end.width();
            double weight = weight(end, e, e);
            side.k()[e] = weight * sum(end.k(), from, end, 0);
            side.t()[e] = tangents ? weight * sum(end.t(), from, end, 0) : 0;
            held &= Double.isFinite(side.k()[e]) && Double.isFinite(side.t()[e]);
        }
        ended(end, start);
        return held;
    }

    /** K and Θ at the beginning, of a left example with right ones. */
    interface Start<A> {

        /**
         * Writes them, one line for each left position.
         *
         * @param i     the left example
         * @param j     the first right one
         * @param count how many right ones
         */
        void put(int i, int j, int count, A k, A t);
    }

    /**
     * What is left of all pairs of a tile where the positions end; its sides, {@link #together} sentences and {@link #together} sentences,
     * are not to be used any more.
     *
     * @param right the same object as {@code left} where the tile lies along the diagonal
     */
    Covariance tile(List<SideFeatures<A>> left, List<SideFeatures<A>> right, Start<A> start) {
        Block self1 = own(left);
        Block self2 = left == right ? self1 : own(right);
        int columns = self2.pairs();
        double[] nngp = new double[Math.multiplyExact(self1.pairs(), columns)];
        double[] ntk = new double[nngp.length];
        int i = 0;
        for (SideFeatures<A> one : left) {
            for (int e = 0; e < one.count(); e++) {
                Halt.check();
                int j = 0;
                for (SideFeatures<A> others : right) {
                    int from = left == right ? Math.max(0, i - j) : 0;
                    int count = others.count() - from;
                    if (count > 0) {
                        int size = path.in().positions() * count * path.levels().get(0).width(rows.lanes());
                        A k = array(size);
                        A theta = array(size);
                        start.put(i, j + from, count, k, theta);
                        cross(one, e, others, from, count, k, theta, nngp, ntk, i * columns + j + from);
                    }
                    j += others.count();
                }
                i++;
            }
        }
        left.forEach(this::release);
        if (left != right) {
            right.forEach(this::release);
        }
        Side of1 = new Side(self1.pairs(), 1, null, null, null);
        return Covariance.merged(path.after(), new Block(nngp.length, columns, 1, Span.EQUAL, nngp, ntk), self1, self2, of1,
                left == right ? of1 : new Side(columns, 1, null, null, null), path.origin(), "network");
    }

    private static <A> Block own(List<SideFeatures<A>> side) {
        double[] k = side.stream().flatMapToDouble(some -> Arrays.stream(some.k())).toArray();
        return new Block(k.length, 0, 1, Span.EQUAL, k, side.stream().flatMapToDouble(some -> Arrays.stream(some.t())).toArray());
    }

    /** A left sentence with right ones: K into {@code toK} and Θ into {@code toT}, one number for each right sentence. */
    private void cross(SideFeatures<A> left, int i, SideFeatures<A> right, int from, int count, A k, A t, double[] toK,
            double[] toT, int to) {
        SequenceBatch<A> start = new SequenceBatch<>(k, t, 0, left, i, right, from, count, false);
        SequenceBatch<A> end = through(path.steps(), start);
        for (int j = 0; j < count; j++) {
            double weight = weight(end, i, from + j);
            toK[to + j] = weight * sum(end.k(), 0, end, j * end.width());
            toT[to + j] = tangents ? weight * sum(end.t(), 0, end, j * end.width()) : 0;
        }
        ended(end, start);
    }

    /** Takes back what is there at the end; where Θ is not asked for, its array is still that of the beginning. */
    private void ended(SequenceBatch<A> end, SequenceBatch<A> start) {
        release(end);
        if (!tangents) {
            release(start.t(), start.size());
        }
    }

    private double weight(SequenceBatch<A> end, int i, int j) {
        return switch (path.ending()) {
            case EQUAL_POSITIONS -> 1.0 / end.positions();
            case MEAN -> 1.0 / end.ground1().length(i) / end.ground2().length(j);
            case SUM, FIRST -> 1;
        };
    }

    /** Over all pairs of positions, or equal ones, or of the first alone, in an order that no lanes change. */
    private double sum(A values, int from, SequenceBatch<A> end, int column) {
        int positions = end.positions();
        double[] one = new double[positions];
        if (path.ending() == Ending.FIRST) {
            rows.get(values, from + column, one, 0, 1);
            return one[0];
        }
        double[] sums = new double[positions];
        double equal = 0;
        for (int p = 0; p < positions; p++) {
            rows.get(values, from + p * end.line() + column, one, 0, positions);
            equal += one[p];
            for (int q = 0; q < positions; q++) {
                sums[q] += one[q];
            }
        }
        return path.ending() == Ending.EQUAL_POSITIONS ? equal : Arrays.stream(sums).reduce(0, Double::sum);
    }

    private SequenceBatch<A> through(List<Step> steps, SequenceBatch<A> start) {
        SequenceBatch<A> b = start;
        for (Step step : steps) {
            if (step instanceof Step.Linear l) {
                linear(l.map(), b);
                if (l.map().bias() != 0 || l.map().biasT() != 0) {
                    mask(b);
                }
            } else if (step instanceof Step.Activate a) {
                activate(a, b);
            } else if (step instanceof Step.Normalize n) {
                normalize(n, b);
            } else if (step instanceof Step.Attend a) {
                attend(a, b);
            } else if (step instanceof Step.Slide slide) {
                SequenceBatch<A> after = empty(b, slide.to(), true);
                windows.slide(slide, b, after);
                b = moved(b, after);
            } else if (step instanceof Step.Pool pool) {
                SequenceBatch<A> after = empty(b, pool.to(), true);
                windows.pool(pool, b, after);
                b = moved(b, after);
            } else if (step instanceof Step.Map map) {
                b = map(map, b);
            } else if (!step.ways().isEmpty()) {
                b = ways(step, b);
            }
        }
        return b;
    }

    private void linear(Rows.Affine map, SequenceBatch<A> b) {
        if (tangents) {
            rows.linear(b.k(), b.t(), 0, places(b), map);
        } else {
            rows.linear(b.k(), 0, places(b), map);
        }
    }

    private int places(SequenceBatch<A> b) {
        return b.lines() * b.line() / rows.lanes();
    }

    private void mask(SequenceBatch<A> b) {
        A mask = b.ground2().real();
        int n = b.line() / rows.lanes();
        for (int line = 0; line < b.lines(); line++) {
            if (!b.ground1().isReal(b.left(line))) {
                rows.clear(b.k(), line * b.line(), n);
                rows.clear(b.t(), line * b.line(), tangents ? n : 0);
            } else if (mask != null && !tangents) {
                rows.mask(b.k(), line * b.line(), mask, b.right(line), rows.lanes(), n);
            } else if (mask != null) {
                rows.mask(b.k(), b.t(), line * b.line(), mask, b.right(line), rows.lanes(), n);
            }
        }
    }

    private void activate(Step.Activate a, SequenceBatch<A> b) {
        Optional<Series> found = a.form() == null ? a.phi().series(rows.isSingle()) : Optional.empty();
        A ownK = b.k();
        A ownT = b.t();
        if (b.own()) {
            ownK = equal(b.k(), b);
            ownT = equalTangents(b);
            look(a, found, b, ownK, ownT);
        }
        SideFeatures.Look<A> one = b.side1().look(a.look());
        SideFeatures.Look<A> other = b.side2().look(a.look());
        int n = b.line() / rows.lanes();
        @Nullable A theta = tangents ? b.t() : null;
        for (int line = 0; line < b.lines(); line++) {
            int at = line * b.line();
            int l = b.left(line);
            int r = b.right(line);
            if (a.form() != null && !tangents) {
                rows.activate(a.form(), b.k(), at, n, one.q(), one.g(), l, 0, other.q(), other.g(), r, rows.lanes());
            } else if (a.form() != null) {
                rows.activate(a.form(), b.k(), b.t(), at, n, one.q(), one.g(), l, 0, other.q(), other.g(), other.rest(), r, rows.lanes());
            } else if (found.isPresent()) {
                series(b.line()).cross(a.phi(), found.get(), b.k(), theta, at, n, side(one, l, 0), side(other, r, rows.lanes()));
            } else {
                rows.expectations(a.phi(), room(b.line()), b.k(), theta, at, n, one.q(), l, 0, other.q(), r, rows.lanes());
            }
        }
        if (b.own()) {
            put(ownK, ownT, b);
        }
        if (a.form() == null) {
            mask(b);
        }
    }

    private static <A> SeriesRows.Side<A> side(SideFeatures.Look<A> look, int at, int step) {
        return new SeriesRows.Side<>(look.q(), look.g(), look.rest(), at, step, Objects.requireNonNull(look.terms()), at);
    }

    private Pairs room(int most) {
        if (pairs.q11.length < most) {
            pairs = new Pairs(most);
            series = null;
        }
        return pairs;
    }

    private SeriesRows<A> series(int most) {
        Pairs wide = room(most);
        SeriesRows<A> made = series == null ? new SeriesRows<>(rows, wide) : series;
        series = made;
        return made;
    }

    /** K and Θ at equal positions become what they are behind the activation; what pairs need of the variances is kept. */
    private void look(Step.Activate a, Optional<Series> found, SequenceBatch<A> b, A k, A t) {
        int values = b.count() * b.width();
        check(k, values);
        A q = rows.room(values);
        A g = rows.room(values);
        A rest = rows.room(values);
        Terms<A> terms = null;
        Nonlinearity phi = a.phi();
        if (a.form() != null) {
            rows.own(a.form(), k, t, 0, values / rows.lanes(), q, g, rest, 0);
        } else if (found.isPresent()) {
            Terms.Planes<A> planes = new Terms.Planes<>(rows, values);
            series(values).own(phi, found.get(), k, t, 0, values / rows.lanes(), q, g, rest, planes, 0);
            terms = Terms.of(rows, planes.count(), planes.isWhole(), 1, values,
                    (y, m, to, at) -> System.arraycopy(planes.plane(m), 0, to, at, values));
        } else {
            rows.ownExpectations(phi, room(values), k, t, 0, values / rows.lanes(), q, 0);
        }
        clear(b, g, rest, k, t);
        b.side1().looks().put(a.look(), new SideFeatures.Look<>(q, g, rest, terms));
    }

    private void normalize(Step.Normalize step, SequenceBatch<A> b) {
        if (b.own()) {
            int values = b.count() * b.width();
            A k = equal(b.k(), b);
            A t = equalTangents(b);
            check(k, values);
            A factor = rows.room(values);
            rows.ownWeigh(step.epsilon(), k, t, 0, values / rows.lanes(), factor, 0);
            clear(b, factor, k, t);
            b.side1().looks().put(step.look(), new SideFeatures.Look<>(factor, factor, factor, null));
            weigh(step.look(), b);
            put(k, t, b);
        } else {
            weigh(step.look(), b);
        }
    }

    private void weigh(int look, SequenceBatch<A> b) {
        A one = b.side1().look(look).g();
        A other = b.side2().look(look).g();
        for (int line = 0; line < b.lines(); line++) {
            int n = b.line() / rows.lanes();
            if (tangents) {
                rows.weigh(b.k(), b.t(), line * b.line(), n, one, b.left(line), 0, other, b.right(line), rows.lanes());
            } else {
                rows.weigh(b.k(), line * b.line(), n, one, b.left(line), 0, other, b.right(line), rows.lanes());
            }
        }
    }

    /** 0 where no position is. */
    @SafeVarargs
    private void clear(SequenceBatch<A> b, A... features) {
        A zero = rows.room(1);
        for (int i = 0; i < b.count() * b.width(); i++) {
            if (!b.ground1().isReal(i)) {
                for (A feature : features) {
                    System.arraycopy(zero, 0, feature, i, 1);
                }
            }
        }
    }

    /** Variances that float64, or float32, does not hold, or that have vanished since the last look. */
    private void check(A variances, int values) {
        double[] now = new double[values];
        rows.get(variances, 0, now, 0, values);
        for (int i = 0; i < values; i++) {
            held &= now[i] == 0 ? before.length == 0 || before[i] == 0 : now[i] >= least && now[i] <= most;
        }
        before = now;
    }

    /** From here on variances that are now there may not vanish. */
    private void seen(SequenceBatch<A> b) {
        if (b.own()) {
            before = new double[b.count() * b.width()];
            rows.get(equal(b.k(), b), 0, before, 0, before.length);
        }
    }

    /** The values at equal positions. */
    private A equal(A from, SequenceBatch<A> b) {
        A made = rows.room(b.count() * b.width());
        for (int line = 0; line < b.lines(); line++) {
            System.arraycopy(from, line * b.width() + line % b.positions(), made, b.left(line), 1);
        }
        return made;
    }

    /** Θ at equal positions; zeros where it is not asked for, since its array may then hold fewer positions than there are by now. */
    private A equalTangents(SequenceBatch<A> b) {
        return tangents ? equal(b.t(), b) : rows.room(b.count() * b.width());
    }

    private void put(A equalK, A equalT, SequenceBatch<A> b) {
        put(b, equalK, b.k());
        if (tangents) {
            put(b, equalT, b.t());
        }
    }

    private void put(SequenceBatch<A> b, A equal, A to) {
        for (int line = 0; line < b.lines(); line++) {
            System.arraycopy(equal, b.left(line), to, line * b.width() + line % b.positions(), 1);
        }
    }

    private void attend(Step.Attend step, SequenceBatch<A> b) {
        AttentionKernel kernel = step.kernel();
        if (b.own()) {
            b.side1().turned().put(step.number(), turned(kernel, b));
        }
        if (kernel.valuePositions() && kernel.ofPositions() != 0) {
            linear(new Rows.Affine(kernel.ofInput(), 0, 0, kernel.ofInput(), 0), b);
            addPositions(ofPositions.computeIfAbsent(step.number(), number -> ofPositions(kernel, b.positions(), b.width())), b);
        }
        A one = b.side1().matrices(step.number());
        A other = b.side2().matrices(step.number());
        both(one, other, b.k(), b, b.k(), b);
        if (tangents) {
            both(one, other, b.t(), b, b.t(), b);
        }
        double scale = kernel.outValue() * kernel.outValue();
        linear(new Rows.Affine(scale, kernel.bias(), 2 * scale, scale, kernel.bias()), b);
        mask(b);
    }

    /** The covariance of the positions, with its weight, one row for each. */
    private A ofPositions(AttentionKernel kernel, int positions, int width) {
        A r = rows.room(positions * width);
        for (int p = 0; p < positions; p++) {
            double[] row = new double[positions];
            for (int q = 0; q < positions; q++) {
                row[q] = kernel.ofPositions() * kernel.r()[p * positions + q];
            }
            rows.put(row, 0, r, p * width, positions);
        }
        return r;
    }

    private void addPositions(A r, SequenceBatch<A> b) {
        int width = b.width();
        for (int line = 0; line < b.lines(); line++) {
            for (int at = line * b.line(); at < (line + 1) * b.line(); at += width) {
                rows.accumulate(r, line % b.positions() * width, b.k(), at, width / rows.lanes());
                rows.accumulate(r, line % b.positions() * width, b.t(), at, tangents ? width / rows.lanes() : 0);
            }
        }
        mask(b);
    }

    /** Into arrays of their own where the number of positions changes. */
    private SequenceBatch<A> map(Step.Map step, SequenceBatch<A> b) {
        if (b.own()) {
            int size = b.positions() * b.side1().ground(step.to()).width();
            SideFeatures.Matrices<A> made = new SideFeatures.Matrices<>(array(b.count() * size), b.count() * size);
            b.side1().turn(step.matrix(), step.from(), step.to(), made.values(), square(size));
            b.side1().turned().put(step.number(), made);
        }
        SequenceBatch<A> after = empty(b, step.to(), step.to() != b.level());
        A one = b.side1().matrices(step.number());
        A other = b.side2().matrices(step.number());
        both(one, other, b.k(), b, after.k(), after);
        if (tangents) {
            both(one, other, b.t(), b, after.t(), after);
        }
        return moved(b, after);
    }

    /**
     * Where the values of another level go.
     *
     * @param apart whether into other arrays
     */
    private SequenceBatch<A> empty(SequenceBatch<A> b, int level, boolean apart) {
        SequenceBatch<A> same = b.with(b.k(), b.t(), level);
        return apart ? b.with(array(same.size()), tangents ? array(same.size()) : b.t(), level) : same;
    }

    /** What is in other arrays, or at another level. */
    private SequenceBatch<A> moved(SequenceBatch<A> before, SequenceBatch<A> after) {
        mask(after);
        seen(after);
        if (before.k() != after.k()) {
            release(before);
        }
        return after;
    }

    /** An array that another batch has left, or a new one. */
    A array(int size) {
        Deque<A> left = spare.get(size);
        A made = left == null ? null : left.poll();
        return made == null ? rows.room(size) : made;
    }

    /** Takes back the arrays of a batch. */
    private void release(SequenceBatch<A> b) {
        release(b.k(), b.size());
        if (tangents) {
            release(b.t(), b.size());
        }
    }

    /** Takes back an array that {@link #array} has given. */
    void release(A array, int size) {
        spare.computeIfAbsent(size, s -> new ArrayDeque<>()).push(array);
    }

    /** Takes back the matrices of sentences that no pair needs any more. */
    void release(SideFeatures<A> side) {
        side.turned().values().forEach(made -> release(made.values(), made.size()));
        side.turned().clear();
    }

    /** {@code G₁ K G₂ᵀ}, where it stands or into another array. */
    private void both(A one, A other, A values, SequenceBatch<A> b, A to, SequenceBatch<A> after) {
        int positions = b.positions();
        int width = b.width();
        int square = positions * after.width();
        A half = scratch(after.positions() * b.line());
        for (int e = 0; e < b.lefts(); e++) {
            rows.multiply(one, b.left(e, square), 1, after.width(), values, e * positions * b.line(), b.line(), positions, half, 0,
                    b.line(), after.positions(), b.line() / rows.lanes());
            for (int j = 0; j < b.rights(); j++) {
                rows.multiply(half, j * width, b.line(), 1, other, b.right(e, j) * square, after.width(), positions, to,
                        e * after.positions() * after.line() + j * after.width(), after.line(), after.positions(),
                        after.width() / rows.lanes());
            }
        }
    }

    private A scratch(int size) {
        if (room < size) {
            scratch = rows.room(size);
            room = size;
        }
        return scratch;
    }

    /** Gᵀ of each example. */
    private SideFeatures.Matrices<A> turned(AttentionKernel kernel, SequenceBatch<A> b) {
        int positions = b.positions();
        int width = b.width();
        int size = b.lines() * width;
        A made = array(size);
        if (width > positions) {
            rows.clear(made, 0, size / rows.lanes());
        }
        double[] own = square(positions * positions);
        double[] real = new double[positions];
        for (int e = 0; e < b.count(); e++) {
            for (int p = 0; p < positions; p++) {
                rows.get(b.k(), (e * positions + p) * width, own, p * positions, positions);
                real[p] = b.ground1().isReal(e * width + p) ? 1 : 0;
            }
            kernel.toTurned(own, real);
            for (int p = 0; p < positions; p++) {
                rows.put(own, p * positions, made, (e * positions + p) * width, positions);
            }
        }
        return new SideFeatures.Matrices<>(made, size);
    }

    private double[] square(int size) {
        if (square.length < size) {
            square = new double[size];
        }
        return square;
    }

    /** Added, or multiplied. */
    private SequenceBatch<A> ways(Step step, SequenceBatch<A> b) {
        double[] weights = step instanceof Step.Sum sum ? sum.weights() : new double[0];
        int to = step instanceof Step.Sum sum ? sum.to() : ((Step.Product) step).to();
        SequenceBatch<A> start = b.with(copy(b, b.k()), tangents ? copy(b, b.t()) : b.t(), b.level());
        SequenceBatch<A> sum = b;
        double[] first = before;
        for (int w = 0; w < step.ways().size(); w++) {
            SequenceBatch<A> way = w == 0 ? b : w == step.ways().size() - 1 ? start
                    : b.with(copy(b, start.k()), tangents ? copy(b, start.t()) : b.t(), b.level());
            before = first;
            way = through(step.ways().get(w), way);
            if (weights.length > 0 && weights[w] != 1) {
                linear(new Rows.Affine(weights[w], 0, 0, weights[w], 0), way);
            }
            if (w == 0) {
                sum = way;
            } else if (weights.length == 0) {
                multiply(way, sum);
            } else {
                rows.accumulate(way.k(), 0, sum.k(), 0, places(sum));
                rows.accumulate(way.t(), 0, sum.t(), 0, tangents ? places(sum) : 0);
            }
            if (w > 0) {
                release(way);
            }
        }
        sum = sum.with(sum.k(), sum.t(), to);
        seen(sum);
        return sum;
    }

    /** {@code Θ' = Θ K₂ + K Θ₂}, {@code K' = K K₂}; the other one's Θ is changed on the way. */
    private void multiply(SequenceBatch<A> way, SequenceBatch<A> b) {
        if (tangents) {
            rows.mask(way.t(), 0, b.k(), 0, rows.lanes(), places(b));
            rows.mask(b.k(), b.t(), 0, way.k(), 0, rows.lanes(), places(b));
            rows.accumulate(way.t(), 0, b.t(), 0, places(b));
        } else {
            rows.mask(b.k(), 0, way.k(), 0, rows.lanes(), places(b));
        }
    }

    private A copy(SequenceBatch<A> b, A values) {
        int size = b.size();
        A made = array(size);
        System.arraycopy(values, 0, made, 0, size);
        return made;
    }
}
