package org.ntk4j.infinite.plane;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Halt;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.gaussian.Series;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.Rows;
import org.ntk4j.rows.SeriesRows;
import org.ntk4j.rows.Terms;

/**
 * Takes pairs of positions through the layers, many of one kind side by side. Two ways to lay them out:
 *
 * <p><em>offsets</em>, for one image with a {@link ImagePanel} of others: a row of places is a row of the left image, and lane j of place x
 * holds its column x with column x + S j of the panel's row, from some column on and around the panel, at rows whose difference is the same
 * all over the plane; S are the strides that are still to come. A convolution moves both positions alike, so it stays in its lane; between
 * the images of a panel stand zeros, as many as the windows reach beyond a border.
 *
 * <p><em>images</em>, for equal positions only: a place is a position, a lane one of several right images.
 *
 * <p>Where no position stands, in the gaps and where windows have cut an image, the values are 0 after each step. Belongs to one thread;
 * its buffers are used again.
 *
 * @param <A> the arrays of its numbers
 */
final class PlaneRun<A> {

    private final Rows<A> rows;
    private final PlanePath path;
    private final boolean words;
    /** Whether Θ is asked for; where it is not, its planes stay 0 and no step touches them. */
    private final boolean tangents;
    private final int lanes;
    private final int stride;
    private final int first;
    private final Pairs pairs;
    private final SeriesRows<A> series;
    /** One row more, of zeros: what stands above and below an image. */
    private final int zeros;
    private final List<A> spare = new ArrayList<>();
    private final Map<Column, A> inside = new HashMap<>();
    /** Whether a column lies in an image, or the gap behind it, of even number; and of odd. */
    private final List<A> parity;
    private final A sums;

    private A k;
    private A t;
    private boolean offsets;
    private int turn;
    private int lane;
    private @Nullable Image<A> left;
    /** Set before anything is asked of it. */
    @SuppressWarnings("NullAway.Init")
    private Image<A> right;
    private int h;
    private int w;
    private int down;
    private int across;

    /** Where the right columns of the lanes lie in images of a width: with strides to come the lanes of each place begin elsewhere. */
    private record Column(int across, int width, int lane) {
    }

    /** How the rows and places of an array lie: values from one row to the next, from one place to the next, and before the first. */
    record Layout(int line, int step, int begin) {

        int at(int row) {
            return row * line + begin;
        }
    }

    /**
     * What is known of an image, or of several in lanes or side by side: its channels and the features of its variances before each step
     * that looks at them.
     *
     * @param real   1 where a position is and 0 where padding is, laid out as the channels are; null: there is no padding
     * @param rest   the slopes where a variance is 0; of a series the largest correlations
     * @param terms  the coefficients of series; none where the step is no series
     * @param written where the coefficients of images in lanes are written
     * @param input  how the channels lie
     * @param layout how the features of each step lie
     */
    record Image<A>(List<A> channels, @Nullable A real, List<A> q, List<A> g, List<A> rest, List<Terms<A>> terms,
            List<Terms.Planes<A>> written, Layout input, List<Layout> layout) {

        /** All arrays laid out alike, whatever is left of the image. */
        Image(List<A> channels, @Nullable A real, List<A> q, List<A> g, List<A> rest, List<Terms<A>> terms,
                List<Terms.Planes<A>> written, Layout layout) {
            this(channels, real, q, g, rest, terms, written, layout, Collections.nCopies(q.size(), layout));
        }

        private SeriesRows.Side<A> side(int look, int row) {
            Layout lies = layout.get(look);
            return new SeriesRows.Side<>(q.get(look), g.get(look), rest.get(look), lies.at(row), lies.step, terms.get(look),
                    terms.get(look).at(row, 0) + lies.begin);
        }
    }

    /**
     * @param words    whether what the planes begin with are indices of words, of which equal ones give 1
     * @param tangents whether Θ is asked for, or K alone
     */
    PlaneRun(Rows<A> rows, PlanePath path, boolean words, boolean tangents) {
        this.tangents = tangents;
        this.rows = rows;
        this.path = path;
        this.words = words;
        this.lanes = rows.lanes();
        this.first = path.before() * lanes;
        this.stride = (path.before() + path.width() + path.after()) * lanes;
        this.zeros = path.height() * stride;
        this.k = room();
        this.t = room();
        this.pairs = new Pairs(Math.max(4, path.width()) * lanes);
        this.series = new SeriesRows<>(rows, pairs);
        this.parity = List.of(parity(0), parity(1));
        this.sums = rows.room(4 * lanes);
    }

    private A room() {
        return rows.room(zeros + stride);
    }

    private A parity(int odd) {
        double[] all = new double[ImagePanel.MOST * path.lastPeriod() + path.last().width() + lanes];
        Arrays.setAll(all, c -> c / path.lastPeriod() % 2 == odd ? 1 : 0);
        return rounded(all);
    }

    private A rounded(double[] all) {
        A made = rows.room(all.length);
        rows.put(all, 0, made, 0, all.length);
        return made;
    }

    /**
     * All pairs of positions whose rows differ by {@code rowsApart} and whose columns by {@code columnsApart} and more, both around the
     * panel, in strides.
     */
    void offsets(Image<A> one, ImagePanel<A> panel, int rowsApart, int columnsApart) {
        offsets = true;
        turn = rowsApart;
        lane = columnsApart;
        begin(one, panel.at(rows, columnsApart));
        Pooled<A> source = panel.source();
        if (source == null) {
            multiply();
        } else {
            source.put(this, path);
        }
        steps(path.steps());
    }

    /** Equal positions of one image with several. */
    void images(@Nullable Image<A> one, Image<A> several) {
        offsets = false;
        turn = 0;
        lane = 0;
        begin(one, several);
        multiply();
        steps(path.steps());
    }

    /**
     * Equal positions of several images with a group, each run one of them: step by step side by side, so that what is known of the group
     * is read from memory once for all of them.
     */
    static <A> void images(List<PlaneRun<A>> runs, List<Image<A>> ones, Image<A> several) {
        List<PlanePath.Step> steps = runs.get(0).path.steps();
        for (int r = 0; r < ones.size(); r++) {
            PlaneRun<A> run = runs.get(r);
            run.offsets = false;
            run.turn = 0;
            run.lane = 0;
            run.begin(ones.get(r), several);
            run.multiply();
        }
        int at = 0;
        while (at < steps.size()) {
            int next = at;
            for (int r = 0; r < ones.size(); r++) {
                next = runs.get(r).step(steps, at);
            }
            at = next;
        }
    }

    /** Equal positions of one image with several, where K and Θ at the beginning are given, {@code [position][lane]}. */
    void images(@Nullable Image<A> one, Image<A> several, double[] startK, double[] startT) {
        offsets = false;
        turn = 0;
        lane = 0;
        begin(one, several);
        for (int y = 0; y < h; y++) {
            rows.put(startK, y * w * lanes, k, at(y), w * lanes);
            if (tangents) {
                rows.put(startT, y * w * lanes, t, at(y), w * lanes);
            }
        }
        steps(path.steps());
    }

    private void begin(@Nullable Image<A> one, Image<A> other) {
        left = one;
        right = other;
        h = path.height();
        w = path.width();
        down = 1;
        across = 1;
    }

    private void multiply() {
        for (int y = 0; y < h; y++) {
            int other = partner(y);
            if (other < 0) {
                continue;
            }
            for (int c = 0; c < path.channels(); c++) {
                if (words) {
                    equal(y, other);
                } else if (left == null) {
                    rows.squares(right.channels.get(c), right.input.at(y), k, at(y), w, c == 0);
                } else {
                    rows.products(left.channels.get(c), left.input.at(y), right.channels.get(c), right.input.at(other), right.input.step(),
                            k, at(y), w, c == 0);
                }
            }
            if (path.channels() > 1) {
                rows.scale(k, at(y), w, 1.0 / path.channels());
            }
            if (tangents) {
                rows.clear(t, at(y), w);
            }
            if (words) {
                cut(y, other);
            }
        }
    }

    /** 1 for the same word, else 0. */
    private void equal(int y, int other) {
        double[] line = new double[w * lanes];
        double[] one = new double[1];
        double[] many = new double[lanes];
        for (int x = 0; x < w; x++) {
            rows.get(right.channels.get(0), right.input.at(other) + x * right.input.step(), many, 0, lanes);
            if (left != null) {
                rows.get(left.channels.get(0), left.input.at(y) + x, one, 0, 1);
            }
            for (int j = 0; j < lanes; j++) {
                line[x * lanes + j] = left == null || one[0] == many[j] ? 1 : 0;
            }
        }
        rows.put(line, 0, k, at(y), w * lanes);
    }

    /** Takes rows of K and Θ over where the planes begin: places that lie {@code step} apart. */
    void start(int y, A fromK, A fromT, int from, int step, int between) {
        rows.take(fromK, from, step, between, k, at(y), w);
        if (tangents) {
            rows.take(fromT, from, step, between, t, at(y), w);
        }
    }

    /** The row of the right image that meets this one; −1 if it is outside. */
    int partner(int y) {
        int around = path.turns() * path.down() / down;
        int other = y + turn * path.down() / down;
        other = other < h ? other : other - around;
        return other >= 0 && other < h ? other : -1;
    }

    int height() {
        return h;
    }

    int lane() {
        return lane;
    }

    private int at(int y) {
        return y * stride + first;
    }

    /** Zeros behind a row. */
    private void clear(int y, int width) {
        int places = path.width() + path.after() - width;
        rows.clear(k, at(y) + width * lanes, places);
        if (tangents) {
            rows.clear(t, at(y) + width * lanes, places);
        }
    }

    private void steps(List<PlanePath.Step> steps) {
        int at = 0;
        while (at < steps.size()) {
            at = step(steps, at);
        }
    }

    /** Takes a step, and the activation behind it where they go together; gives the number of the next one. */
    private int step(List<PlanePath.Step> steps, int at) {
        Halt.check();
        PlanePath.Step step = steps.get(at);
        if (step.does() instanceof PlaneStep.Linear l && !l.isPointwise()) {
            boolean both = at + 1 < steps.size() && steps.get(at + 1).does() instanceof PlaneStep.Activate;
            window(l, both ? steps.get(at + 1) : null);
            return both ? at + 2 : at + 1;
        } else if (step.does() instanceof PlaneStep.Linear l) {
            linear(l);
        } else if (step.does() instanceof PlaneStep.Activate a) {
            eachRow((y, other) -> activate(a, step.look(), y, other));
        } else if (step.does() instanceof PlaneStep.Normalize n) {
            eachRow((y, other) -> normalize(n, step.look(), y, other));
        } else if (step.does() instanceof PlaneStep.Sum) {
            sum(step);
        }
        return at + 1;
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

    private void linear(PlaneStep.Linear l) {
        Rows.Affine map = l.affine();
        eachRow((y, other) -> {
            if (tangents) {
                rows.linear(k, t, at(y), w, map);
            } else {
                rows.linear(k, at(y), w, map);
            }
            if (map.bias() != 0 || map.biasT() != 0) {
                cut(y, other);
            }
        });
    }

    /** A window, row by row, and the activation behind it where there is one, while the row is near. */
    private void window(PlaneStep.Linear l, PlanePath.@Nullable Step then) {
        Rows.Affine map = l.affine();
        boolean wraps = l.border() == PlaneStep.Border.WRAP;
        int oldH = h;
        A fromK = k;
        A fromT = t;
        for (int y = 0; y < h && wraps; y++) {
            around(l, y);
        }
        k = spare();
        t = tangents ? spare() : t;
        h = l.rowsAfter(h);
        w = l.columnsAfter(w);
        down *= l.down();
        across *= l.across();
        int[] sources = new int[l.rows()];
        eachRow((y, other) -> {
            for (int o = 0; o < sources.length; o++) {
                int source = y * l.down() + o - l.top();
                int partner = other * l.down() + o - l.top();
                source = wraps ? Math.floorMod(source, oldH) : source;
                boolean there = wraps || source >= 0 && source < oldH && partner >= 0 && partner < oldH;
                sources[o] = (there ? at(source) : zeros + first) - l.left() * lanes;
            }
            if (tangents) {
                rows.window(fromK, fromT, sources, l.columns(), l.across(), k, t, at(y), w, map);
            } else {
                rows.window(fromK, sources, l.columns(), l.across(), k, at(y), w, map);
            }
            if (then == null || right.real != null) {
                cut(y, other);
            }
            if (then != null) {
                activate((PlaneStep.Activate) then.does(), then.look(), y, other);
            }
            if (w < path.width()) {
                clear(y, w);
            }
        });
        spare.add(fromK);
        if (tangents) {
            spare.add(fromT);
        }
    }

    /** Puts the other end of a row on both sides of it. */
    private void around(PlaneStep.Linear l, int y) {
        for (A a : tangents ? List.of(k, t) : List.of(k)) {
            for (int b = 1; b <= l.left(); b++) {
                System.arraycopy(a, at(y) + Math.floorMod(-b, w) * lanes, a, at(y) - b * lanes, lanes);
            }
            for (int b = 0; b < l.columns() - 1 - l.left(); b++) {
                System.arraycopy(a, at(y) + b % w * lanes, a, at(y) + (w + b) * lanes, lanes);
            }
        }
    }

    /** Zeros where one of the positions is padding, and where a lane's right column lies in no image. */
    private void cut(int y, int other) {
        A mask = right.real;
        if (mask == null) {
            cut(y);
        } else if (left == null) {
            mask(y, mask, right.input.at(other), right.input.step());
        } else {
            weigh(y, Objects.requireNonNull(left.real), left.input.at(y), mask, right.input.at(other), right.input.step());
        }
    }

    /** Zeros where a lane's right column lies in no image. */
    private void cut(int y) {
        if (!offsets || w == path.period() / across) {
            return;
        }
        int strides = path.across() / across;
        A mask = inside.computeIfAbsent(new Column(across, w, strides == 1 ? 0 : lane), this::mask);
        mask(y, mask, strides == 1 ? lane : 0, strides == 1 ? 1 : lanes);
    }

    private void mask(int y, A mask, int from, int step) {
        if (tangents) {
            rows.mask(k, t, at(y), mask, from, step, w);
        } else {
            rows.mask(k, at(y), mask, from, step, w);
        }
    }

    private void weigh(int y, A ofLeft, int from1, A ofRight, int from2, int step) {
        if (tangents) {
            rows.weigh(k, t, at(y), w, ofLeft, from1, 1, ofRight, from2, step);
        } else {
            rows.weigh(k, at(y), w, ofLeft, from1, 1, ofRight, from2, step);
        }
    }

    private A mask(Column column) {
        int period = path.period() / column.across;
        int strides = path.across() / column.across;
        double[] all = new double[strides == 1 ? ImagePanel.MOST * period + column.width + lanes : column.width * lanes];
        Arrays.setAll(all, i -> (strides == 1 ? i : i / lanes + strides * (column.lane + i % lanes)) % period < column.width ? 1 : 0);
        return rounded(all);
    }

    private void activate(PlaneStep.Activate a, int look, int y, int other) {
        take(a, look, y, other);
        if (right.real != null && a.phi().arc().isEmpty()) {
            cut(y, other);
        }
    }

    private void take(PlaneStep.Activate a, int look, int y, int other) {
        Arc form = a.phi().arc().orElse(null);
        Optional<Series> found = form == null ? a.phi().series(rows.isSingle()) : Optional.empty();
        if (found.isPresent() && left == null) {
            series.own(a.phi(), found.get(), k, t, at(y), w, right.q.get(look), right.g.get(look), right.rest.get(look),
                    right.written.get(look), right.layout.get(look).at(other));
            return;
        }
        if (found.isPresent()) {
            series.cross(a.phi(), found.get(), k, t, at(y), w, Objects.requireNonNull(left).side(look, y), right.side(look, other));
            return;
        }
        Layout layout = right.layout.get(look);
        int of2 = layout.at(other);
        A q2 = right.q.get(look);
        A g2 = right.g.get(look);
        A rest = right.rest.get(look);
        if (form == null && left == null) {
            rows.ownExpectations(a.phi(), pairs, k, t, at(y), w, q2, of2);
        } else if (form != null && left == null) {
            rows.own(form, k, t, at(y), w, q2, g2, rest, of2);
        } else if (left != null) {
            int of1 = left.layout.get(look).at(y);
            if (form == null) {
                rows.expectations(a.phi(), pairs, k, t, at(y), w, left.q.get(look), of1, 1, q2, of2, layout.step);
                cut(y);
            } else if (!tangents) {
                rows.activate(form, k, at(y), w, left.q.get(look), left.g.get(look), of1, 1, q2, g2, of2, layout.step);
            } else {
                rows.activate(form, k, t, at(y), w, left.q.get(look), left.g.get(look), of1, 1, q2, g2, rest, of2, layout.step);
            }
        }
    }

    private void normalize(PlaneStep.Normalize n, int look, int y, int other) {
        Layout layout = right.layout.get(look);
        if (left == null) {
            System.arraycopy(k, at(y), right.q.get(look), layout.at(other), w * lanes);
            rows.ownWeigh(n.epsilon(), k, t, at(y), w, right.g.get(look), layout.at(other));
        } else {
            weigh(y, left.g.get(look), left.layout.get(look).at(y), right.g.get(look), layout.at(other), layout.step);
        }
    }

    private void sum(PlanePath.Step step) {
        int startH = h;
        int startW = w;
        int startDown = down;
        int startAcross = across;
        A startK = k;
        A startT = t;
        A sumK = null;
        A sumT = null;
        for (int way = 0; way < step.ways().size(); way++) {
            boolean last = way == step.ways().size() - 1;
            k = last ? startK : copy(startK);
            t = last || !tangents ? startT : copy(startT);
            h = startH;
            w = startW;
            down = startDown;
            across = startAcross;
            steps(step.ways().get(way));
            if (sumK != null && sumT != null) {
                A throughK = sumK;
                A throughT = sumT;
                eachRow((y, other) -> {
                    rows.add(throughK, k, at(y), w);
                    if (tangents) {
                        rows.add(throughT, t, at(y), w);
                    }
                });
                spare.add(sumK);
                if (tangents) {
                    spare.add(sumT);
                }
            }
            sumK = k;
            sumT = t;
        }
    }

    private A spare() {
        return spare.isEmpty() ? room() : spare.remove(spare.size() - 1);
    }

    private A copy(A like) {
        A copy = spare();
        System.arraycopy(like, 0, copy, 0, zeros + stride);
        return copy;
    }

    /**
     * Adds the positions of each offset of the plane to the sums of the panel's images: in the same order for an offset and for its
     * opposite.
     */
    void sums(ImagePanel<A> panel) {
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

    /**
     * Copies K and Θ of each row that meets another into planes of right columns: lane j of place x goes to column x + j, and further for
     * each place and row.
     */
    void spread(A toK, A toT, int line) {
        eachRow((y, other) -> {
            int to = y * w * line + lane;
            rows.spread(k, at(y), toK, to, line + 1, w);
            if (tangents) {
                rows.spread(t, at(y), toT, to, line + 1, w);
            }
        });
    }

    /** K, then Θ, as {@code [position][lane]}. */
    double[][] values() {
        double[][] values = new double[2][h * w * lanes];
        for (int y = 0; y < h; y++) {
            rows.get(k, at(y), values[0], y * w * lanes, w * lanes);
            rows.get(t, at(y), values[1], y * w * lanes, w * lanes);
        }
        return values;
    }

    /** The sums over equal positions, lane by lane. */
    void equal(double[] sumK, double[] sumT) {
        Arrays.fill(sumK, 0, lanes, 0);
        Arrays.fill(sumT, 0, lanes, 0);
        for (int y = 0; y < h; y++) {
            add(k, y, sumK);
            if (tangents) {
                add(t, y, sumT);
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
