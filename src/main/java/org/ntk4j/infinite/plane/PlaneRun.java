package org.ntk4j.infinite.plane;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Halt;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.Rows;

/**
 * Takes pairs of positions through the layers, many of one kind side by side. Two ways to lay them out:
 *
 * <p><em>offsets</em>, for one image with a {@link ImagePanel} of others: a row of places is a row of the left image, and lane j of place x
 * holds its column x with column x + S j of the panel's row, from some column on and around the panel, at rows whose difference is the same
 * all over the plane; S are the strides that are still to come. A convolution moves both positions alike, so it stays in its lane; between
 * the images of a panel stand zeros, as many as the windows reach beyond a border.
 *
 * <p><em>images</em>, for equal positions only: a place is a position, a lane one of several right images. Several left images go row by
 * row beside each other, so that what is known of the right ones is near for all of them.
 *
 * <p>Where no position stands, in the gaps and where windows have cut an image, the values are 0 after each step. Belongs to one thread;
 * its buffers are used again.
 *
 * @param <A> the arrays of its numbers
 */
final class PlaneRun<A> {

    private final Rows<A> rows;
    private final PlanePath path;
    private final PlanePasses passes;
    private final boolean words;
    /** Whether Θ is asked for; where it is not, its planes stay 0 and no step touches them. */
    private final boolean tangents;
    private final int lanes;
    private final int stride;
    private final int first;
    private final Pairs pairs;
    private final PlaneActivation<A> activation;
    /** One row more, of zeros: what stands above and below an image. */
    private final int zeros;
    private final Map<Column, A> inside = new HashMap<>();
    /** Whether a column lies in an image, or the gap behind it, of even number; and of odd. */
    private final List<A> parity;
    private final A sums;
    private final List<OfLeft<A>> all;

    /** Those of all that are at work. */
    private List<OfLeft<A>> active;
    private boolean offsets;
    private int turn;
    private int lane;
    /** Set before anything is asked of it. */
    @SuppressWarnings("NullAway.Init")
    private PlaneImage<A> right;
    private int h;
    private int w;
    private int down;
    private int across;

    /** Where the right columns of the lanes lie in images of a width: with strides to come the lanes of each place begin elsewhere. */
    private record Column(int across, int width, int lane) {
    }

    /** A left image, and its planes of K and of Θ. */
    private static final class OfLeft<A> {
        private @Nullable PlaneImage<A> image;
        private final A[] k;
        private final A[] t;

        OfLeft(A[] k, A[] t) {
            this.k = k;
            this.t = t;
        }
    }

    /**
     * @param words    whether what the planes begin with are indices of words, of which equal ones give 1
     * @param tangents whether Θ is asked for, or K alone
     * @param together how many left images there may be at once
     */
    PlaneRun(Rows<A> rows, PlanePath path, boolean words, boolean tangents, int together) {
        this.tangents = tangents;
        this.rows = rows;
        this.path = path;
        this.passes = PlanePasses.of(path, tangents);
        this.words = words;
        this.lanes = rows.lanes();
        this.first = path.before() * lanes;
        this.stride = (path.before() + path.width() + path.after()) * lanes;
        this.zeros = path.height() * stride;
        this.pairs = new Pairs(Math.max(4, path.width()) * lanes);
        this.activation = new PlaneActivation<>(rows, pairs, tangents);
        this.parity = List.of(parity(0), parity(1));
        this.sums = rows.room(4 * lanes);
        A nothing = rows.room(tangents ? 0 : zeros + stride);
        this.all = IntStream.range(0, together).mapToObj(i -> new OfLeft<>(planes(null), planes(tangents ? null : nothing))).toList();
        this.active = all;
    }

    /** As many planes as the passes need, each with room of its own or all of them this one. */
    private A[] planes(@Nullable A one) {
        A[] planes = rows.arrays(passes.planes());
        for (int i = 0; i < planes.length; i++) {
            planes[i] = one == null ? rows.room(zeros + stride) : one;
        }
        return planes;
    }

    private A parity(int odd) {
        double[] columns = new double[ImagePanel.MOST * path.lastPeriod() + path.last().width() + lanes];
        Arrays.setAll(columns, c -> c / path.lastPeriod() % 2 == odd ? 1 : 0);
        return rounded(columns);
    }

    private A rounded(double[] values) {
        A made = rows.room(values.length);
        rows.put(values, 0, made, 0, values.length);
        return made;
    }

    /**
     * All pairs of positions whose rows differ by {@code rowsApart} and whose columns by {@code columnsApart} and more, both around the
     * panel, in strides.
     */
    void offsets(PlaneImage<A> one, ImagePanel<A> panel, int rowsApart, int columnsApart) {
        begin(one, panel.at(rows, columnsApart), true, rowsApart, columnsApart);
        Pooled<A> source = panel.source();
        if (source == null) {
            multiply();
        } else {
            source.put(this, path);
        }
        passes();
    }

    /** Equal positions of each of several images with others. */
    void images(List<PlaneImage<A>> ones, PlaneImage<A> several) {
        begin(ones.get(0), several, false, 0, 0);
        active = all.subList(0, ones.size());
        for (int i = 0; i < ones.size(); i++) {
            active.get(i).image = ones.get(i);
        }
        multiply();
        passes();
    }

    /** Equal positions of several images, each with itself. */
    void own(PlaneImage<A> several) {
        begin(null, several, false, 0, 0);
        multiply();
        passes();
    }

    /**
     * Equal positions of one image, or of each with itself, with several, where K and Θ at the beginning are given,
     * {@code [position][lane]}.
     */
    void images(@Nullable PlaneImage<A> one, PlaneImage<A> several, double[] startK, double[] startT) {
        begin(one, several, false, 0, 0);
        OfLeft<A> only = active.get(0);
        for (int y = 0; y < h; y++) {
            rows.put(startK, y * w * lanes, only.k[0], at(y), w * lanes);
            if (tangents) {
                rows.put(startT, y * w * lanes, only.t[0], at(y), w * lanes);
            }
        }
        passes();
    }

    private void begin(@Nullable PlaneImage<A> one, PlaneImage<A> other, boolean isOfOffsets, int rowsApart, int columnsApart) {
        active = all.subList(0, 1);
        all.get(0).image = one;
        right = other;
        offsets = isOfOffsets;
        turn = rowsApart;
        lane = columnsApart;
        h = path.height();
        w = path.width();
        down = 1;
        across = 1;
    }

    private void multiply() {
        for (int y = 0; y < h; y++) {
            int other = partner(y);
            for (OfLeft<A> one : active) {
                if (other >= 0) {
                    multiply(one.image, one.k[0], one.t[0], y, other);
                }
            }
        }
    }

    private void multiply(@Nullable PlaneImage<A> left, A k, A t, int y, int other) {
        for (int c = 0; c < path.channels(); c++) {
            if (words) {
                equal(left, k, y, other);
            } else if (left == null) {
                rows.squares(right.channels().get(c), right.input().at(y), k, at(y), w, c == 0);
            } else {
                rows.products(left.channels().get(c), left.input().at(y), right.channels().get(c), right.input().at(other),
                        right.input().step(), k, at(y), w, c == 0);
            }
        }
        if (path.channels() > 1) {
            rows.scale(k, at(y), w, 1.0 / path.channels());
        }
        if (tangents) {
            rows.clear(t, at(y), w);
        }
        if (words) {
            cut(left, k, t, y, other);
        }
    }

    /** 1 for the same word, else 0. */
    private void equal(@Nullable PlaneImage<A> left, A k, int y, int other) {
        double[] line = new double[w * lanes];
        double[] one = new double[1];
        double[] many = new double[lanes];
        for (int x = 0; x < w; x++) {
            rows.get(right.channels().get(0), right.input().at(other) + x * right.input().step(), many, 0, lanes);
            if (left != null) {
                rows.get(left.channels().get(0), left.input().at(y) + x, one, 0, 1);
            }
            for (int j = 0; j < lanes; j++) {
                line[x * lanes + j] = left == null || one[0] == many[j] ? 1 : 0;
            }
        }
        rows.put(line, 0, k, at(y), w * lanes);
    }

    /** Takes rows of K and Θ over where the planes begin: places that lie {@code step} apart. */
    void start(int y, A fromK, A fromT, int from, int step, int between) {
        OfLeft<A> only = active.get(0);
        rows.take(fromK, from, step, between, only.k[0], at(y), w);
        if (tangents) {
            rows.take(fromT, from, step, between, only.t[0], at(y), w);
        }
    }

    /** The row of the right image that meets this one; −1 if it is outside. */
    private int partner(int y) {
        int around = path.turns() * path.down() / down;
        int other = y + turn * path.down() / down;
        other = other < h ? other : other - around;
        return other >= 0 && other < h ? other : -1;
    }

    /** What is done with a row and the one that it meets. */
    interface OfRow {
        void take(int y, int other);
    }

    /** Every row that meets another. */
    void eachRow(OfRow does) {
        for (int y = 0; y < h; y++) {
            int other = partner(y);
            if (other >= 0) {
                does.take(y, other);
            }
        }
    }

    int lane() {
        return lane;
    }

    private int at(int y) {
        return y * stride + first;
    }

    private void passes() {
        for (PlanePasses.Pass pass : passes.passes()) {
            Halt.check();
            h = pass.size().height();
            w = pass.size().width();
            down = pass.down();
            across = pass.across();
            PlanePasses.Window window = pass.window();
            int[] sources = new int[window == null ? 0 : window.map().rows()];
            if (window != null && window.map().border() == PlaneStep.Border.WRAP) {
                around(window);
            }
            for (int y = 0; y < h; y++) {
                int other = partner(y);
                if (other >= 0 && window != null) {
                    window(window, sources, y, other, pass.isCutAtOnce());
                }
                for (int i = 0; i < pass.work().size() && other >= 0; i++) {
                    work(pass.work().get(i), y, other);
                }
            }
        }
    }

    private void window(PlanePasses.Window window, int[] sources, int y, int other, boolean isCutAtOnce) {
        PlaneStep.Linear l = window.map();
        Rows.Affine map = l.affine();
        boolean wraps = l.border() == PlaneStep.Border.WRAP;
        for (int o = 0; o < sources.length; o++) {
            int source = y * l.down() + o - l.top();
            int partner = other * l.down() + o - l.top();
            source = wraps ? Math.floorMod(source, window.before()) : source;
            boolean there = wraps || source >= 0 && source < window.before() && partner >= 0 && partner < window.before();
            sources[o] = (there ? at(source) : zeros + first) - l.left() * lanes;
        }
        for (OfLeft<A> one : active) {
            A k = one.k[window.to()];
            A t = one.t[window.to()];
            if (tangents) {
                rows.window(one.k[window.from()], one.t[window.from()], sources, l.columns(), l.across(), k, t, at(y), w, map);
            } else {
                rows.window(one.k[window.from()], sources, l.columns(), l.across(), k, at(y), w, map);
            }
            if (!isCutAtOnce || right.real() != null) {
                cut(one.image, k, t, y, other);
            }
            clear(k, t, y);
        }
    }

    /** Puts the other end of each row on both sides of it. */
    private void around(PlanePasses.Window window) {
        PlaneStep.Linear l = window.map();
        int width = path.width() / (across / l.across());
        for (OfLeft<A> one : active) {
            for (A a : tangents ? List.of(one.k[window.from()], one.t[window.from()]) : List.of(one.k[window.from()])) {
                for (int y = 0; y < window.before(); y++) {
                    for (int b = 1; b <= l.left(); b++) {
                        System.arraycopy(a, at(y) + Math.floorMod(-b, width) * lanes, a, at(y) - b * lanes, lanes);
                    }
                    for (int b = 0; b < l.columns() - 1 - l.left(); b++) {
                        System.arraycopy(a, at(y) + b % width * lanes, a, at(y) + (width + b) * lanes, lanes);
                    }
                }
            }
        }
    }

    private void work(PlanePasses.Work work, int y, int other) {
        for (OfLeft<A> one : active) {
            if (work instanceof PlanePasses.Activate a) {
                activate(a, one, y, other);
            } else if (work instanceof PlanePasses.Add add) {
                rows.add(one.k[add.from()], one.k[add.to()], at(y), w);
                if (tangents) {
                    rows.add(one.t[add.from()], one.t[add.to()], at(y), w);
                }
            } else if (work instanceof PlanePasses.Copy c) {
                copy(one, c.from(), c.to(), y);
            } else if (work instanceof PlanePasses.Scale s) {
                scale(s, one, y, other);
            } else if (work instanceof PlanePasses.Normalize n) {
                normalize(n, one, y, other);
            }
        }
    }

    private void activate(PlanePasses.Activate a, OfLeft<A> one, int y, int other) {
        PlaneImage<A> left = one.image;
        if (a.from() != a.to()) {
            copy(one, a.from(), a.to(), y);
        }
        A k = one.k[a.to()];
        A t = one.t[a.to()];
        if (left == null) {
            activation.own(a.does().phi(), a.look(), k, t, at(y), w, right, other);
        } else if (activation.cross(a.does().phi(), a.look(), k, t, at(y), w, left, y, right, other)) {
            cut(k, t, y);
        }
        if (right.real() != null && a.does().phi().arc().isEmpty()) {
            cut(left, k, t, y, other);
        }
    }

    private void copy(OfLeft<A> one, int from, int to, int y) {
        System.arraycopy(one.k[from], at(y), one.k[to], at(y), w * lanes);
        if (tangents) {
            System.arraycopy(one.t[from], at(y), one.t[to], at(y), w * lanes);
        }
        clear(one.k[to], one.t[to], y);
    }

    private void scale(PlanePasses.Scale s, OfLeft<A> one, int y, int other) {
        Rows.Affine map = s.map().affine();
        if (tangents) {
            rows.linear(one.k[s.plane()], one.t[s.plane()], at(y), w, map);
        } else {
            rows.linear(one.k[s.plane()], at(y), w, map);
        }
        if (map.bias() != 0 || map.biasT() != 0) {
            cut(one.image, one.k[s.plane()], one.t[s.plane()], y, other);
        }
    }

    private void normalize(PlanePasses.Normalize n, OfLeft<A> one, int y, int other) {
        PlaneImage<A> left = one.image;
        PlaneImage.Layout layout = right.layout().get(n.look());
        A k = one.k[n.plane()];
        A t = one.t[n.plane()];
        if (left == null) {
            System.arraycopy(k, at(y), right.q().get(n.look()), layout.at(other), w * lanes);
            rows.ownWeigh(n.does().epsilon(), k, t, at(y), w, right.g().get(n.look()), layout.at(other));
        } else {
            weigh(k, t, y, left.g().get(n.look()), left.layout().get(n.look()).at(y), right.g().get(n.look()), layout.at(other),
                    layout.step());
        }
    }

    /** Zeros behind a row that has become shorter. */
    private void clear(A k, A t, int y) {
        if (w < path.width()) {
            int places = path.width() + path.after() - w;
            rows.clear(k, at(y) + w * lanes, places);
            if (tangents) {
                rows.clear(t, at(y) + w * lanes, places);
            }
        }
    }

    /** Zeros where one of the positions is padding, and where a lane's right column lies in no image. */
    private void cut(@Nullable PlaneImage<A> left, A k, A t, int y, int other) {
        A mask = right.real();
        if (mask == null) {
            cut(k, t, y);
        } else if (left == null) {
            mask(k, t, y, mask, right.input().at(other), right.input().step());
        } else {
            weigh(k, t, y, Objects.requireNonNull(left.real()), left.input().at(y), mask, right.input().at(other), right.input().step());
        }
    }

    /** Zeros where a lane's right column lies in no image. */
    private void cut(A k, A t, int y) {
        if (!offsets || w == path.period() / across) {
            return;
        }
        int strides = path.across() / across;
        A mask = inside.computeIfAbsent(new Column(across, w, strides == 1 ? 0 : lane), this::mask);
        mask(k, t, y, mask, strides == 1 ? lane : 0, strides == 1 ? 1 : lanes);
    }

    private void mask(A k, A t, int y, A mask, int from, int step) {
        if (tangents) {
            rows.mask(k, t, at(y), mask, from, step, w);
        } else {
            rows.mask(k, at(y), mask, from, step, w);
        }
    }

    private void weigh(A k, A t, int y, A ofLeft, int from1, A ofRight, int from2, int step) {
        if (tangents) {
            rows.weigh(k, t, at(y), w, ofLeft, from1, 1, ofRight, from2, step);
        } else {
            rows.weigh(k, at(y), w, ofLeft, from1, 1, ofRight, from2, step);
        }
    }

    private A mask(Column column) {
        int period = path.period() / column.across;
        int strides = path.across() / column.across;
        double[] columns = new double[strides == 1 ? ImagePanel.MOST * period + column.width + lanes : column.width * lanes];
        Arrays.setAll(columns, i -> (strides == 1 ? i : i / lanes + strides * (column.lane + i % lanes)) % period < column.width ? 1 : 0);
        return rounded(columns);
    }

    /**
     * Adds the positions of each offset of the plane to the sums of the panel's images: in the same order for an offset and for its
     * opposite.
     */
    void sums(ImagePanel<A> panel) {
        A k = resultK(0);
        A t = resultT(0);
        for (int around = 0; around < 2; around++) {
            double[] total = new double[4 * lanes];
            double[] row = pairs.work;
            int apart = turn - around * path.turns();
            for (int y = 0; y < h; y++) {
                if (partner(y) >= 0 && partner(y) - y == apart) {
                    rows.sums(k, t, at(y), parity.get(0), parity.get(1), lane, w, sums);
                    rows.get(sums, 0, row, 0, 4 * lanes);
                    for (int i = 0; i < 4 * lanes; i++) {
                        total[i] += row[i];
                    }
                }
            }
            panel.add(apart, lane, lanes, total);
        }
    }

    private A resultK(int which) {
        return all.get(which).k[passes.result()];
    }

    private A resultT(int which) {
        return all.get(which).t[passes.result()];
    }

    /**
     * Copies K and Θ of each row that meets another into planes of right columns: lane j of place x goes to column x + j, and further for
     * each place and row.
     */
    void spread(A toK, A toT, int line) {
        eachRow((y, other) -> {
            int to = y * w * line + lane;
            rows.spread(resultK(0), at(y), toK, to, line + 1, w);
            if (tangents) {
                rows.spread(resultT(0), at(y), toT, to, line + 1, w);
            }
        });
    }

    /** K, then Θ, as {@code [position][lane]}. */
    double[][] values() {
        double[][] values = new double[2][h * w * lanes];
        for (int y = 0; y < h; y++) {
            rows.get(resultK(0), at(y), values[0], y * w * lanes, w * lanes);
            rows.get(resultT(0), at(y), values[1], y * w * lanes, w * lanes);
        }
        return values;
    }

    /** The sums over equal positions of the left image of a number, lane by lane. */
    void equal(int which, double[] sumK, double[] sumT) {
        Arrays.fill(sumK, 0, lanes, 0);
        Arrays.fill(sumT, 0, lanes, 0);
        for (int y = 0; y < h; y++) {
            add(resultK(which), y, sumK);
            if (tangents) {
                add(resultT(which), y, sumT);
            }
        }
    }

    private void add(A from, int y, double[] to) {
        double[] row = pairs.work;
        rows.sum(from, at(y), w, sums);
        rows.get(sums, 0, row, 0, lanes);
        for (int j = 0; j < lanes; j++) {
            to[j] += row[j];
        }
    }
}
