package org.ntk4j.infinite.sequence;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.gaussian.Series;
import org.ntk4j.infinite.sequence.SequencePath.Step;
import org.ntk4j.moment.AttentionKernel;
import org.ntk4j.moment.Ending;
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
    private final int positions;
    private final int width;
    private Pairs pairs = new Pairs(0);
    private @Nullable SeriesRows<A> series;
    private A scratch;
    private int room;
    /** By the number of the attention: the same for all sentences of a tile. */
    private final Map<Integer, A> ofPositions = new HashMap<>();
    private double[] before = {};
    private boolean held = true;

    SequenceRun(SequencePath path, Rows<A> rows, boolean tangents, double least, double most) {
        this.tangents = tangents;
        this.path = path;
        this.rows = rows;
        this.positions = path.in().positions();
        this.width = width(path, rows);
        this.least = least;
        this.most = most;
        this.scratch = rows.room(0);
    }

    /** Values that a sentence takes on a line: its positions, in whole places. */
    static int width(SequencePath path, Rows<?> rows) {
        return (path.in().positions() + rows.lanes() - 1) / rows.lanes() * rows.lanes();
    }

    /**
     * Pairs at work.
     *
     * @param lines how many lines
     * @param line  values on a line
     * @param first the left sentence; where each meets itself, the first of them
     * @param from  the first right sentence
     * @param own   whether each meets itself
     */
    private record Batch<A>(A k, A t, int lines, int line, SideFeatures<A> left, int first, SideFeatures<A> right, int from, boolean own) {

        Batch<A> with(A otherK, A otherT) {
            return new Batch<>(otherK, otherT, lines, line, left, first, right, from, own);
        }
    }

    /** Takes each sentence with itself through all steps and keeps what pairs need; false if a variance on the way is not held. */
    boolean own(SideFeatures<A> side, A k, A t) {
        before = new double[side.count() * width];
        held = true;
        Batch<A> batch = new Batch<>(k, t, side.count() * positions, width, side, 0, side, 0, true);
        through(path.steps(), batch);
        for (int e = 0; e < side.count(); e++) {
            int from = e * positions * width;
            double weight = weight(side, e, side, e);
            side.k()[e] = weight * sum(k, from, width, 0);
            side.t()[e] = weight * sum(t, from, width, 0);
            held &= Double.isFinite(side.k()[e]) && Double.isFinite(side.t()[e]);
        }
        return held;
    }

    /** A left sentence with right ones: K into {@code toK} and Θ into {@code toT}, one number for each right sentence. */
    void cross(SideFeatures<A> left, int i, SideFeatures<A> right, int from, int count, A k, A t, double[] toK, double[] toT, int to) {
        Batch<A> batch = new Batch<>(k, t, positions, count * width, left, i, right, from, false);
        through(path.steps(), batch);
        for (int j = 0; j < count; j++) {
            double weight = weight(left, i, right, from + j);
            toK[to + j] = weight * sum(k, 0, batch.line, j * width);
            toT[to + j] = tangents ? weight * sum(t, 0, batch.line, j * width) : 0;
        }
    }

    private double weight(SideFeatures<A> left, int i, SideFeatures<A> right, int j) {
        return switch (path.ending()) {
            case EQUAL_POSITIONS -> 1.0 / positions;
            case MEAN -> 1.0 / left.length(i) / right.length(j);
            case SUM, FIRST -> 1;
        };
    }

    /** Over all pairs of positions, or equal ones, or of the first alone, in an order that no lanes change. */
    private double sum(A values, int from, int line, int column) {
        double[] one = new double[positions];
        if (path.ending() == Ending.FIRST) {
            rows.get(values, from + column, one, 0, 1);
            return one[0];
        }
        double[] sums = new double[positions];
        double equal = 0;
        for (int p = 0; p < positions; p++) {
            rows.get(values, from + p * line + column, one, 0, positions);
            equal += one[p];
            for (int q = 0; q < positions; q++) {
                sums[q] += one[q];
            }
        }
        return path.ending() == Ending.EQUAL_POSITIONS ? equal : Arrays.stream(sums).reduce(0, Double::sum);
    }

    private void through(List<Step> steps, Batch<A> b) {
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
            } else if (!step.ways().isEmpty()) {
                ways(step, b);
            }
        }
    }

    private void linear(Rows.Affine map, Batch<A> b) {
        if (tangents) {
            rows.linear(b.k, b.t, 0, places(b), map);
        } else {
            rows.linear(b.k, 0, places(b), map);
        }
    }

    private int places(Batch<A> b) {
        return b.lines * b.line / rows.lanes();
    }

    private int left(Batch<A> b, int line) {
        return b.own ? line / positions * width + line % positions : b.first * width + line;
    }

    private int right(Batch<A> b, int line) {
        return b.own ? line / positions * width : b.from * width;
    }

    private void mask(Batch<A> b) {
        A mask = b.right.real();
        int n = b.line / rows.lanes();
        for (int line = 0; line < b.lines; line++) {
            if (!b.left.isReal(left(b, line))) {
                rows.clear(b.k, line * b.line, n);
                rows.clear(b.t, line * b.line, tangents ? n : 0);
            } else if (mask != null && !tangents) {
                rows.mask(b.k, line * b.line, mask, right(b, line), rows.lanes(), n);
            } else if (mask != null) {
                rows.mask(b.k, b.t, line * b.line, mask, right(b, line), rows.lanes(), n);
            }
        }
    }

    private void activate(Step.Activate a, Batch<A> b) {
        Optional<Series> found = a.form() == null ? a.phi().series(rows.isSingle()) : Optional.empty();
        A ownK = b.k;
        A ownT = b.t;
        if (b.own) {
            ownK = equal(b.k, b);
            ownT = equal(b.t, b);
            look(a, found, b.left, ownK, ownT);
        }
        SideFeatures.Look<A> one = b.left.looks().get(a.look());
        SideFeatures.Look<A> other = b.right.looks().get(a.look());
        int n = b.line / rows.lanes();
        @Nullable A theta = tangents ? b.t : null;
        for (int line = 0; line < b.lines; line++) {
            int at = line * b.line;
            int l = left(b, line);
            int r = right(b, line);
            if (a.form() != null && !tangents) {
                rows.activate(a.form(), b.k, at, n, one.q(), one.g(), l, 0, other.q(), other.g(), r, rows.lanes());
            } else if (a.form() != null) {
                rows.activate(a.form(), b.k, b.t, at, n, one.q(), one.g(), l, 0, other.q(), other.g(), other.rest(), r, rows.lanes());
            } else if (found.isPresent()) {
                series(b.line).cross(a.phi(), found.get(), b.k, theta, at, n, side(one, l, 0), side(other, r, rows.lanes()));
            } else {
                rows.expectations(a.phi(), room(b.line), b.k, theta, at, n, one.q(), l, 0, other.q(), r, rows.lanes());
            }
        }
        if (b.own) {
            put(ownK, b.k, b);
            put(ownT, b.t, b);
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
    private void look(Step.Activate a, Optional<Series> found, SideFeatures<A> side, A k, A t) {
        int values = side.count() * width;
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
        clear(side, g, rest, k, t);
        side.looks().add(new SideFeatures.Look<>(q, g, rest, terms));
    }

    private void normalize(Step.Normalize step, Batch<A> b) {
        if (b.own) {
            int values = b.left.count() * width;
            A k = equal(b.k, b);
            A t = equal(b.t, b);
            check(k, values);
            A factor = rows.room(values);
            rows.ownWeigh(step.epsilon(), k, t, 0, values / rows.lanes(), factor, 0);
            clear(b.left, factor, k, t);
            b.left.looks().add(new SideFeatures.Look<>(factor, factor, factor, null));
            weigh(step.look(), b);
            put(k, b.k, b);
            put(t, b.t, b);
        } else {
            weigh(step.look(), b);
        }
    }

    private void weigh(int look, Batch<A> b) {
        A one = b.left.looks().get(look).g();
        A other = b.right.looks().get(look).g();
        for (int line = 0; line < b.lines; line++) {
            int n = b.line / rows.lanes();
            if (tangents) {
                rows.weigh(b.k, b.t, line * b.line, n, one, left(b, line), 0, other, right(b, line), rows.lanes());
            } else {
                rows.weigh(b.k, line * b.line, n, one, left(b, line), 0, other, right(b, line), rows.lanes());
            }
        }
    }

    /** 0 where no position is. */
    @SafeVarargs
    private void clear(SideFeatures<A> side, A... features) {
        A zero = rows.room(1);
        for (int i = 0; i < side.count() * width; i++) {
            if (!side.isReal(i)) {
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
            held &= now[i] == 0 ? before[i] == 0 : now[i] >= least && now[i] <= most;
        }
        before = now;
    }

    /** The values at equal positions. */
    private A equal(A from, Batch<A> b) {
        A made = rows.room(b.left.count() * width);
        for (int line = 0; line < b.lines; line++) {
            System.arraycopy(from, line * width + line % positions, made, left(b, line), 1);
        }
        return made;
    }

    private void put(A equal, A to, Batch<A> b) {
        for (int line = 0; line < b.lines; line++) {
            System.arraycopy(equal, left(b, line), to, line * width + line % positions, 1);
        }
    }

    private void attend(Step.Attend step, Batch<A> b) {
        AttentionKernel kernel = step.kernel();
        if (b.own) {
            b.left.turned().add(turned(kernel, b));
        }
        if (kernel.valuePositions() && kernel.ofPositions() != 0) {
            linear(new Rows.Affine(kernel.ofInput(), 0, 0, kernel.ofInput(), 0), b);
            addPositions(ofPositions.computeIfAbsent(step.number(), number -> ofPositions(kernel)), b);
        }
        A one = b.left.turned().get(step.number());
        A other = b.right.turned().get(step.number());
        both(one, other, b.k, b);
        if (tangents) {
            both(one, other, b.t, b);
        }
        double scale = kernel.outValue() * kernel.outValue();
        linear(new Rows.Affine(scale, kernel.bias(), 2 * scale, scale, kernel.bias()), b);
        mask(b);
    }

    /** The covariance of the positions, with its weight, one row for each. */
    private A ofPositions(AttentionKernel kernel) {
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

    private void addPositions(A r, Batch<A> b) {
        for (int line = 0; line < b.lines; line++) {
            for (int at = line * b.line; at < (line + 1) * b.line; at += width) {
                rows.accumulate(r, line % positions * width, b.k, at, width / rows.lanes());
                rows.accumulate(r, line % positions * width, b.t, at, tangents ? width / rows.lanes() : 0);
            }
        }
        mask(b);
    }

    /** {@code G₁ K G₂ᵀ}, in place. */
    private void both(A one, A other, A values, Batch<A> b) {
        int square = positions * width;
        int n = b.line / rows.lanes();
        A half = scratch(b.lines * b.line);
        for (int line = 0; line < b.lines; line += positions) {
            int left = (b.own ? line / positions : b.first) * square;
            rows.multiply(one, left, 1, width, values, line * b.line, b.line, positions, half, line * b.line, b.line, positions, n);
            for (int j = 0; j < b.line / width; j++) {
                int at = line * b.line + j * width;
                int right = (b.own ? line / positions : b.from + j) * square;
                rows.multiply(half, at, b.line, 1, other, right, width, positions, values, at, b.line, positions, width / rows.lanes());
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

    /** Gᵀ of each sentence. */
    private A turned(AttentionKernel kernel, Batch<A> b) {
        A made = rows.room(b.lines * width);
        double[] own = new double[positions * positions];
        double[] real = new double[positions];
        for (int e = 0; e < b.left.count(); e++) {
            for (int p = 0; p < positions; p++) {
                rows.get(b.k, (e * positions + p) * width, own, p * positions, positions);
                real[p] = b.left.isReal(e * width + p) ? 1 : 0;
            }
            double[] turned = kernel.example(own, real).turned();
            for (int p = 0; p < positions; p++) {
                rows.put(turned, p * positions, made, (e * positions + p) * width, positions);
            }
        }
        return made;
    }

    /** Added, or multiplied. */
    private void ways(Step sum, Batch<A> b) {
        int size = b.lines * b.line;
        Batch<A> start = b.with(copy(b.k, size), tangents ? copy(b.t, size) : b.t);
        for (int w = 0; w < sum.ways().size(); w++) {
            if (w == 0) {
                through(sum.ways().get(w), b);
                continue;
            }
            Batch<A> way = w == sum.ways().size() - 1 ? start : b.with(copy(start.k, size), tangents ? copy(start.t, size) : b.t);
            through(sum.ways().get(w), way);
            if (sum instanceof Step.Product) {
                multiply(way, b);
            } else {
                rows.accumulate(way.k, 0, b.k, 0, places(b));
                rows.accumulate(way.t, 0, b.t, 0, tangents ? places(b) : 0);
            }
        }
    }

    /** {@code Θ' = Θ K₂ + K Θ₂}, {@code K' = K K₂}; the other one's Θ is changed on the way. */
    private void multiply(Batch<A> way, Batch<A> b) {
        if (tangents) {
            rows.mask(way.t, 0, b.k, 0, rows.lanes(), places(b));
            rows.mask(b.k, b.t, 0, way.k, 0, rows.lanes(), places(b));
            rows.accumulate(way.t, 0, b.t, 0, places(b));
        } else {
            rows.mask(b.k, 0, way.k, 0, rows.lanes(), places(b));
        }
    }

    private A copy(A values, int size) {
        A made = rows.room(size);
        System.arraycopy(values, 0, made, 0, size);
        return made;
    }
}
