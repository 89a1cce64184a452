package org.ntk4j.infinite.strip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Halt;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.base.Failure;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.gaussian.Series;
import org.ntk4j.base.Precision;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.InputGram;
import org.ntk4j.infinite.tile.Offer;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.infinite.tile.TileValues;
import org.ntk4j.layer.Layer;
import org.ntk4j.layer.Serial;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.InnerProducts;
import org.ntk4j.rows.Rows;
import org.ntk4j.rows.SeriesRows;
import org.ntk4j.rows.Terms;
import org.ntk4j.shape.Shape;

/**
 * The engine for dense networks: where nothing but dense layers and activations follows the inputs' inner products, a strip of
 * pairs goes through all layers in place while it stays in the first-level cache. The variances along the way belong to one
 * example alone, and are computed once for all tiles. In float64 the same operations in the same order as layer by layer, so the same
 * values.
 *
 * @param <A> the arrays of its numbers
 */
public final class Strips<A> implements Engine {

    static final String NAME = "Strips";
    private static final String NAME_OF_K = "Strips of K alone";

    private static final int STRIP = 512;
    /** From 1 − ρ² below this on, a covariance in float64 leaves fewer than ten digits of Θ. */
    private static final double CLOSE = 1e-8;

    private final InputGram side1;
    private final InputGram side2;
    private final Rows<A> rows;
    private final InputGram.Vectors<A> vectors;
    private final List<Step> steps;
    /** Whether Θ is asked for; where it is not, no step touches it. */
    private final boolean tangents;
    private final @Nullable Own<A> own1;
    private final @Nullable Own<A> own2;
    /** Where float64 is asked for: pairs whose angle its covariance does not hold. */
    private final Optional<ClosePairs> close;
    /** Buffers that no thread uses: what would be made anew for each tile costs the memory more than the tile does. */
    private final Queue<Buffers<A>> free = new ConcurrentLinkedQueue<>();

    /** What a thread computes a tile in. */
    private record Buffers<A>(Rows<A> rows, A k, A t, int size) {
    }

    /** A step, the number of the variances that it looks at, and its name for messages. */
    record Step(Rows.@Nullable Affine map, @Nullable Nonlinearity phi, @Nullable Arc form, int look, String name) {
    }

    /** Each example with itself: the features before each activation, [activation][example], and both kernels at the end. */
    private record Own<A>(List<A> q, List<A> g, List<A> rest, List<Terms<A>> terms, double[] k, double[] t) {
    }

    private Strips(InputGram side1, InputGram side2, Rows<A> rows, InputGram.Vectors<A> vectors, List<Step> steps, boolean tangents,
            double least, double most) {
        this.tangents = tangents;
        this.side1 = side1;
        this.side2 = side2;
        this.rows = rows;
        this.vectors = vectors;
        this.steps = steps;
        this.own1 = own(vectors.side1(), least, most);
        this.close = rows.room(0) instanceof double[] ? ClosePairs.ofBends(side1, side2, steps) : Optional.empty();
        this.own2 = vectors.side2() == vectors.side1() ? own1 : own(vectors.side2(), least, most);
    }

    /** Present if nothing but dense layers and activations follows the inner products of the inputs. */
    public static Optional<Offer> offer(Serial network, Shape in) {
        Shape shape = InputGram.shape(network, in);
        return shape.isVector() ? steps(network.flat(), shape).map(steps -> new StripOffer(network, in, steps, true)) : Optional.empty();
    }

    /**
     * Empty where a variance on the way is not held: an engine that goes layer by layer names the layer, if it fails too.
     *
     * @param tangents whether Θ is asked for, or K alone
     */
    static Optional<Engine> of(List<Step> steps, Precision arithmetic, boolean tangents, InputGram side1, InputGram side2) {
        if (arithmetic == Precision.FLOAT32) {
            Optional<Engine> small = made(side1, side2, Rows.float32(), InputGram.vectors32(side1, side2), steps, tangents, 1e-15,
                    1e15);
            if (small.isPresent()) {
                return small;
            }
        }
        return made(side1, side2, Rows.float64(), InputGram.vectors64(side1, side2), steps, tangents, 1e-140, 1e140);
    }

    private static <A> Optional<Engine> made(InputGram side1, InputGram side2, Rows<A> rows, InputGram.Vectors<A> vectors,
            List<Step> steps, boolean tangents, double least, double most) {
        try {
            Strips<A> strips = new Strips<>(side1, side2, rows, vectors, steps, tangents, least, most);
            return strips.own1 == null || strips.own2 == null ? Optional.empty() : Optional.of(strips);
        } catch (Failure e) {
            return Optional.empty();
        }
    }

    static Optional<List<Step>> steps(Serial network, Shape in) {
        List<Step> steps = new ArrayList<>();
        Shape shape = in;
        int looks = 0;
        boolean gaussian = false;
        for (int i = 0; i < network.layers().size(); i++) {
            Layer layer = network.layers().get(i);
            String name = "network." + i + "." + layer.name();
            PlaneStep step = layer.ending().isPresent() ? new PlaneStep.Pass() : layer.plane(shape).orElse(null);
            if (step instanceof PlaneStep.Linear l && l.area() == 1) {
                steps.add(new Step(l.affine(), null, null, -1, name));
                gaussian = true;
            } else if (step instanceof PlaneStep.Activate a && gaussian) {
                steps.add(new Step(null, a.phi(), a.phi().arc().orElse(null), looks++, name));
                gaussian = false;
            } else if (!(step instanceof PlaneStep.Pass)) {
                return Optional.empty();
            }
            shape = layer.outputShape(shape);
        }
        return Optional.of(steps);
    }

    /** Null if a variance on the way is not held, or vanishes. */
    private @Nullable Own<A> own(InnerProducts<A> side, double least, double most) {
        int lanes = rows.lanes();
        int n = side.count();
        int places = n / lanes + 2;
        A k = rows.room(places * lanes);
        A t = rows.room(places * lanes);
        System.arraycopy(side.variances(), 0, k, 0, n);
        Own<A> own = new Own<>(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new double[n], new double[n]);
        Pairs many = new Pairs(places * lanes);
        SeriesRows<A> series = new SeriesRows<>(rows, many);
        Pairs pairs = new Pairs(lanes);
        double[] before = new double[n];
        for (Step step : steps) {
            if (step.map != null) {
                rows.linear(k, t, 0, places, step.map);
                continue;
            }
            A q = rows.room(places * lanes);
            A g = rows.room(places * lanes);
            own.q.add(q);
            own.g.add(g);
            A rest = rows.room(places * lanes);
            own.rest.add(rest);
            Terms.Planes<A> planes = new Terms.Planes<>(rows, places * lanes);
            Optional<Series> found = series(step);
            if (found.isPresent()) {
                series.own(Objects.requireNonNull(step.phi), found.get(), k, t, 0, places, q, g, rest, planes, 0);
            }
            own.terms.add(Terms.of(rows, planes.count(), planes.isWhole(), 1, places * lanes,
                    (y, m, to, at) -> System.arraycopy(planes.plane(m), 0, to, at, places * lanes)));
            for (int x = 0; x < places && found.isEmpty(); x++) {
                Arc form = step.form;
                if (form != null) {
                    rows.own(form, k, t, x * lanes, 1, q, g, rest, x * lanes);
                } else {
                    rows.ownExpectations(Objects.requireNonNull(step.phi), pairs, k, t, x * lanes, 1, q, x * lanes);
                }
            }
            rows.get(q, 0, own.k, 0, n);
            if (!held(before, own.k, step.look > 0, least, most)) {
                return null;
            }
            System.arraycopy(own.k, 0, before, 0, n);
        }
        rows.get(k, 0, own.k, 0, n);
        rows.get(t, 0, own.t, 0, n);
        return held(before, own.k, !own.q.isEmpty(), least, most) && Arrays.stream(own.t).allMatch(Double::isFinite) ? own : null;
    }

    private static boolean held(double[] before, double[] now, boolean compare, double least, double most) {
        for (int i = 0; i < now.length; i++) {
            if (now[i] != 0 && !(now[i] >= least && now[i] <= most) || compare && now[i] == 0 && before[i] != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public TileValues tile(Tile t) {
        double[][] both = tile(t.i0(), t.i1(), t.j0(), t.j1());
        TileValues values = new TileValues(t, both[0], both[1]);
        if (side1 != side2 || !t.isDiagonal()) {
            return values;
        }
        for (int i = 0; i < t.rows(); i++) {
            values.nngp()[i * (t.columns() + 1)] = Objects.requireNonNull(own1).k[t.i0() + i];
            values.ntk()[i * (t.columns() + 1)] = !tangents ? 0 : Objects.requireNonNull(own1).t[t.i0() + i];
        }
        return values.mirrored();
    }

    private double[][] tile(int i0, int i1, int j0, int j1) {
        int lanes = this.rows.lanes();
        int width = j1 - j0;
        int places = (width + lanes - 1) / lanes;
        int line = places * lanes;
        Buffers<A> buffers = buffers((i1 - i0) * line);
        Rows<A> rows = buffers.rows;
        A k = buffers.k;
        A t = buffers.t;
        vectors.side1().products(rows, i0, i1, vectors.side2(), j0, j1, k, line);
        int rowsOfStrip = Math.max(1, STRIP / line);
        Pairs pairs = new Pairs(line);
        double[][] both = new double[2][(i1 - i0) * width];
        for (int row = i0; row < i1; row += rowsOfStrip) {
            Halt.check();
            int last = Math.min(i1, row + rowsOfStrip);
            int from = (row - i0) * line;
            rows.clear(t, from, (last - row) * places);
            for (Step step : steps) {
                if (step.map != null && tangents) {
                    rows.linear(k, t, from, (last - row) * places, step.map);
                } else if (step.map != null) {
                    rows.linear(k, from, (last - row) * places, step.map);
                } else {
                    for (int i = row; i < last; i++) {
                        activate(rows, step, pairs, k, t, (i - i0) * line, places, i, j0);
                    }
                }
            }
            for (int i = row; i < last; i++) {
                rows.get(k, (i - i0) * line, both[0], (i - i0) * width, width);
                rows.get(t, (i - i0) * line, both[1], (i - i0) * width, tangents ? width : 0);
            }
        }
        free.add(buffers);
        close.ifPresent(pairs64 -> mend(pairs64, i0, i1, j0, j1, both));
        return both;
    }

    private Optional<Series> series(Step step) {
        return step.form == null ? Objects.requireNonNull(step.phi).series(rows.isSingle()) : Optional.empty();
    }

    private static <A> SeriesRows.Side<A> side(Own<A> own, Step step, int at, int stride) {
        return new SeriesRows.Side<>(own.q.get(step.look), own.g.get(step.look), own.rest.get(step.look), at, stride,
                own.terms.get(step.look), at);
    }

    /** Nearly parallel pairs once more, with their distance carried along. */
    private void mend(ClosePairs pairs, int i0, int i1, int j0, int j1, double[][] both) {
        double[] left = Objects.requireNonNull(own1).k;
        double[] right = Objects.requireNonNull(own2).k;
        for (int i = i0; i < i1; i++) {
            if (!near(both[0], (i - i0) * (j1 - j0), left[i] * (1 - CLOSE), right, j0, j1)) {
                continue;
            }
            for (int j = j0; j < j1; j++) {
                int at = (i - i0) * (j1 - j0) + j - j0;
                double k = both[0][at];
                double product = left[i] * right[j];
                // Equal inputs have their variance already, to the last digit.
                if (k > 0 && k * k > product * (1 - CLOSE) && !(k == left[i] && k == right[j])) {
                    pairs.pair(i, j).ifPresent(pair -> {
                        both[0][at] = pair.nngp();
                        both[1][at] = tangents ? pair.ntk() : 0;
                    });
                }
            }
        }
    }

    /** Whether a row has a pair that may be close: a loop without branches, since hardly any row has. */
    private static boolean near(double[] k, int at, double left, double[] right, int j0, int j1) {
        double most = Double.NEGATIVE_INFINITY;
        for (int j = j0; j < j1; j++) {
            double value = k[at + j - j0];
            most = Math.max(most, value * value - left * right[j]);
        }
        return most > 0;
    }

    private Buffers<A> buffers(int size) {
        Buffers<A> found = free.poll();
        if (found != null && found.size >= size) {
            return found;
        }
        Rows<A> own = rows.another();
        return new Buffers<>(own, own.room(size), own.room(size), size);
    }

    private void activate(Rows<A> rows, Step step, Pairs pairs, A k, A t, int at, int places, int i, int j0) {
        Own<A> one = Objects.requireNonNull(own1);
        Own<A> other = Objects.requireNonNull(own2);
        A q1 = one.q.get(step.look);
        A q2 = other.q.get(step.look);
        if (step.form != null && !tangents) {
            rows.activate(step.form, k, at, places, q1, one.g.get(step.look), i, 0, q2, other.g.get(step.look), j0, rows.lanes());
            return;
        }
        if (step.form != null) {
            rows.activate(step.form, k, t, at, places, q1, one.g.get(step.look), i, 0, q2, other.g.get(step.look),
                    other.rest.get(step.look), j0, rows.lanes());
            return;
        }
        try {
            Optional<Series> found = series(step);
            if (found.isPresent()) {
                new SeriesRows<>(rows, pairs).cross(Objects.requireNonNull(step.phi), found.get(), k, t, at, places, side(own1, step, i, 0),
                        side(own2, step, j0, rows.lanes()));
                return;
            }
            rows.expectations(Objects.requireNonNull(step.phi), pairs, k, t, at, places, q1, i, 0, q2, j0, rows.lanes());
        } catch (Failure e) {
            throw Failure.run(step.name + ": " + e.getMessage());
        }
    }

    @Override
    public String name() {
        return tangents ? NAME : NAME_OF_K;
    }

    @Override
    public void close() {
        InputGram.close(side1, side2);
    }
}
