package org.ntk4j.infinite.plane;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntBinaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Halt;
import org.ntk4j.gaussian.Nonlinearity;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.infinite.plane.path.PlanePasses;
import org.ntk4j.infinite.plane.path.PlanePath;
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
 * <p><em>images</em>, for equal positions only: a place is a position, a lane one of several right images.
 *
 * <p>Where no position stands, in the gaps and where windows have cut an image, the values are 0 after each step. Belongs to one thread;
 * its buffers are used again.
 *
 * @param <A> the arrays of its numbers
 */
final class PlaneRun<A> {

    /** Planes that a window with zeros beyond the border needs beside others where images lie without a gap. */
    static final int SIDES = 3;

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
    /** Of images that lie without a gap, where lanes are in those of even and of odd number. */
    private final Map<Column, List<A>> sides = new HashMap<>();
    /** Planes of either, and one for what comes of them; none until a window needs them. */
    private List<A> sideK = List.of();
    private List<A> sideT = List.of();
    /** Whether a column lies in an image, or the gap behind it, of even number; and of odd. */
    private final List<A> parity;
    private final A sums;
    private final A[] k;
    private final A[] t;

    private @Nullable PlaneImage<A> left;
    private boolean offsets;
    private int turn;
    private int lane;
    /** Set before anything is asked of it. */
    @SuppressWarnings("NullAway.Init")
    private PlaneImage<A> right;
    private int h;
    private int w;
    private int across;
    /** How far below a row the one lies that it meets, and after how many rows they come around. */
    private int shift;
    private int around;

    /** Where the right columns of the lanes lie in images of a width: with strides to come the lanes of each place begin elsewhere. */
    private record Column(int across, int width, int lane) {
    }

    /**
     * @param words    whether what the planes begin with are indices of words, of which equal ones give 1
     * @param tangents whether Θ is asked for, or K alone
     */
    PlaneRun(Rows<A> rows, PlanePath path, boolean words, boolean tangents) {
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
        this.k = rows.arrays(passes.planes());
        this.t = rows.arrays(passes.planes());
        A none = rows.room(tangents ? 0 : zeros + stride);
        for (int i = 0; i < passes.planes(); i++) {
            k[i] = rows.room(zeros + stride);
            t[i] = tangents ? rows.room(zeros + stride) : none;
        }
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

    /** Equal positions of one image, or of each with itself, with several. */
    void images(@Nullable PlaneImage<A> one, PlaneImage<A> several) {
        begin(one, several, false, 0, 0);
        multiply();
        passes();
    }

    /**
     * Equal positions of one image, or of each with itself, with several, where K and Θ at the beginning are given,
     * {@code [position][lane]}.
     */
    void images(@Nullable PlaneImage<A> one, PlaneImage<A> several, double[] startK, double[] startT) {
        begin(one, several, false, 0, 0);
        for (int y = 0; y < h; y++) {
            rows.put(startK, y * w * lanes, k[0], at(y), w * lanes);
            if (tangents) {
                rows.put(startT, y * w * lanes, t[0], at(y), w * lanes);
            }
        }
        passes();
    }

    private void begin(@Nullable PlaneImage<A> one, PlaneImage<A> other, boolean isOfOffsets, int rowsApart, int columnsApart) {
        left = one;
        right = other;
        offsets = isOfOffsets;
        turn = rowsApart;
        lane = columnsApart;
        at(new PlanePath.Size(path.height(), path.width()), 1, 1);
    }

    /** From here on with planes of this size, after such strides. */
    private void at(PlanePath.Size size, int down, int over) {
        h = size.height();
        w = size.width();
        across = over;
        shift = turn * path.down() / down;
        around = path.turns() * path.down() / down;
    }

    private void multiply() {
        A[] ofLeft = left == null ? rows.arrays(0) : left.channels().toArray(rows.arrays(0));
        A[] ofRight = right.channels().toArray(rows.arrays(0));
        eachRow((y, other) -> {
            if (words) {
                equal(y, other);
            } else if (left == null) {
                for (int c = 0; c < ofRight.length; c++) {
                    rows.squares(ofRight[c], right.input().at(y), k[0], at(y), w, c == 0);
                }
                rows.scale(k[0], at(y), w, 1.0 / ofRight.length);
            } else {
                rows.inputs(ofLeft, left.input().at(y), ofRight, right.input().at(other), right.input().step(), k[0], at(y), w,
                        1.0 / ofRight.length);
            }
            if (tangents) {
                rows.clear(t[0], at(y), w);
            }
            if (words) {
                cut(0, y, other);
            }
        });
    }

    /** 1 for the same word, else 0. */
    private void equal(int y, int other) {
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
        rows.put(line, 0, k[0], at(y), w * lanes);
    }

    /** Takes rows of K and Θ over where the planes begin: places that lie {@code step} apart. */
    void start(int y, A fromK, A fromT, int from, int step, int between) {
        rows.take(fromK, from, step, between, k[0], at(y), w);
        if (tangents) {
            rows.take(fromT, from, step, between, t[0], at(y), w);
        }
    }

    /** The row of the right image that meets this one; −1 if it is outside. */
    private int partner(int y) {
        int other = y + shift;
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

    /** Where a row stands in its plane. */
    int at(int y) {
        return y * stride + first;
    }

    /** Hands the planes that all has come to over, for others, or for none yet. */
    void exchange(A[] otherK, A[] otherT, int which) {
        int result = passes.result();
        A ofK = k[result];
        k[result] = otherK[which] == null ? rows.room(zeros + stride) : otherK[which];
        otherK[which] = ofK;
        if (tangents) {
            A ofT = t[result];
            t[result] = otherT[which] == null ? rows.room(zeros + stride) : otherT[which];
            otherT[which] = ofT;
        }
    }

    private void passes() {
        for (PlanePasses.Pass pass : passes.passes()) {
            Halt.check();
            at(pass.size(), pass.down(), pass.across());
            PlanePasses.Window window = pass.window();
            int first = window == null ? 0 : 1;
            OfRow[] all = new OfRow[first + pass.work().size()];
            if (window != null) {
                all[0] = window(window, !pass.isCutAtOnce() || right.real() != null);
            }
            for (int i = first; i < all.length; i++) {
                all[i] = work(pass.work().get(i - first));
            }
            // Not by eachRow: a row takes so little time that one call more would be some percent of it.
            for (int y = 0; y < h; y++) {
                int other = partner(y);
                for (int i = 0; i < all.length && other >= 0; i++) {
                    all[i].take(y, other);
                }
            }
        }
    }

    private OfRow window(PlanePasses.Window window, boolean cuts) {
        PlaneStep.Linear l = window.map();
        Rows.Affine map = l.affine();
        int before = window.before();
        int[] sources = new int[l.rows()];
        boolean wraps = l.border() == PlaneStep.Border.WRAP;
        if (wraps) {
            around(window);
        } else if (path.wraps()) {
            if (offsets && path.isCutOff(l, across / l.across(), window.wide())) {
                return cutOff(window);
            }
            clearAround(window);
        }
        return (y, other) -> {
            for (int o = 0; o < sources.length; o++) {
                int source = y * l.down() + o - l.top();
                int partner = other * l.down() + o - l.top();
                source = wraps ? Math.floorMod(source, before) : source;
                boolean there = wraps || source >= 0 && source < before && partner >= 0 && partner < before;
                sources[o] = (there ? at(source) : zeros + first) - l.left() * lanes;
            }
            if (tangents) {
                rows.window(k[window.from()], t[window.from()], sources, l.columns(), l.across(), k[window.to()], t[window.to()], at(y), w,
                        map);
            } else {
                rows.window(k[window.from()], sources, l.columns(), l.across(), k[window.to()], at(y), w, map);
            }
            if (cuts) {
                cut(window.to(), y, other);
            }
            clear(window.to(), y);
        };
    }

    /**
     * A window with zeros beyond the border of images that lie without a gap: where lanes are in one image, and where they are in the next
     * one, apart.
     */
    private OfRow cutOff(PlanePasses.Window window) {
        PlaneStep.Linear l = window.map();
        if (sideK.isEmpty()) {
            sideK = sides();
            sideT = tangents ? sides() : sideK;
        }
        int before = across / l.across();
        for (int side = 0; side < 2; side++) {
            for (int y = 0; y < window.before(); y++) {
                only(side, before, window.wide(), k[window.from()], t[window.from()], sideK.get(side), sideT.get(side), at(y));
            }
        }
        int[] sources = new int[l.rows()];
        return (y, other) -> {
            for (int o = 0; o < sources.length; o++) {
                int source = y * l.down() + o - l.top();
                int partner = other * l.down() + o - l.top();
                boolean there = source >= 0 && source < window.before() && partner >= 0 && partner < window.before();
                sources[o] = (there ? at(source) : zeros + first) - l.left() * lanes;
            }
            int at = at(y);
            A sumK = k[window.to()];
            A sumT = t[window.to()];
            one(window, sources, 0, sumK, sumT, at);
            one(window, sources, 1, sideK.get(2), sideT.get(2), at);
            rows.add(sideK.get(2), sumK, at, w);
            if (tangents) {
                rows.add(sideT.get(2), sumT, at, w);
            }
            cut(window.to(), y, other);
            clear(window.to(), y);
        };
    }

    private List<A> sides() {
        return IntStream.range(0, SIDES).mapToObj(i -> rows.room(zeros + stride)).toList();
    }

    private void one(PlanePasses.Window window, int[] sources, int side, A toK, A toT, int at) {
        PlaneStep.Linear l = window.map();
        if (tangents) {
            rows.window(sideK.get(side), sideT.get(side), sources, l.columns(), l.across(), toK, toT, at, w, l.affine());
        } else {
            rows.window(sideK.get(side), sources, l.columns(), l.across(), toK, at, w, l.affine());
        }
        only(side, across, w, toK, toT, toK, toT, at);
    }

    /** A row with zeros where lanes are not in images of even, or of odd, number, and behind it. */
    private void only(int side, int strides, int width, A fromK, A fromT, A toK, A toT, int at) {
        int still = path.across() / strides;
        A mask = sides.computeIfAbsent(new Column(strides, width, still == 1 ? 0 : lane), c -> List.of(side(c, 0), side(c, 1))).get(side);
        System.arraycopy(fromK, at, toK, at, width * lanes);
        rows.clear(toK, at + width * lanes, path.width() + path.after() - width);
        if (tangents) {
            System.arraycopy(fromT, at, toT, at, width * lanes);
            rows.clear(toT, at + width * lanes, path.width() + path.after() - width);
            rows.mask(toK, toT, at, mask, still == 1 ? lane : 0, still == 1 ? 1 : lanes, width);
        } else {
            rows.mask(toK, at, mask, still == 1 ? lane : 0, still == 1 ? 1 : lanes, width);
        }
    }

    private A side(Column column, int odd) {
        int period = path.period() / column.across;
        int strides = path.across() / column.across;
        double[] columns = new double[strides == 1 ? ImagePanel.MOST * period + column.width + lanes : column.width * lanes];
        Arrays.setAll(columns, i -> (strides == 1 ? i : i / lanes + strides * (column.lane + i % lanes)) / period % 2 == odd ? 1 : 0);
        return rounded(columns);
    }

    /** Zeros on both sides of each row, where another window may have put the other end. */
    private void clearAround(PlanePasses.Window window) {
        PlaneStep.Linear l = window.map();
        int behind = l.columns() - 1 - l.left();
        for (A a : tangents ? List.of(k[window.from()], t[window.from()]) : List.of(k[window.from()])) {
            for (int y = 0; y < window.before(); y++) {
                rows.clear(a, at(y) - l.left() * lanes, l.left());
                rows.clear(a, at(y) + window.wide() * lanes, Math.max(0, behind));
            }
        }
    }

    /** Puts the other end of each row on both sides of it. */
    private void around(PlanePasses.Window window) {
        PlaneStep.Linear l = window.map();
        int width = path.width() / (across / l.across());
        for (A a : tangents ? List.of(k[window.from()], t[window.from()]) : List.of(k[window.from()])) {
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

    private OfRow work(PlanePasses.Work work) {
        if (work instanceof PlanePasses.Activate a) {
            return activate(a);
        } else if (work instanceof PlanePasses.Add add) {
            return (y, other) -> {
                rows.add(k[add.from()], k[add.to()], at(y), w);
                if (tangents) {
                    rows.add(t[add.from()], t[add.to()], at(y), w);
                }
            };
        } else if (work instanceof PlanePasses.Multiply m) {
            return (y, other) -> multiply(m.from(), m.to(), y);
        } else if (work instanceof PlanePasses.Scale s) {
            return scale(s);
        } else if (work instanceof PlanePasses.Normalize n) {
            return normalize(n);
        }
        PlanePasses.Copy c = (PlanePasses.Copy) work;
        return (y, other) -> copy(c.from(), c.to(), y);
    }

    private OfRow activate(PlanePasses.Activate a) {
        PlaneImage<A> one = left;
        A toK = k[a.to()];
        A toT = t[a.to()];
        Nonlinearity phi = a.does().phi();
        boolean isClosed = phi.arc().isPresent();
        PlaneActivation.Closed<A> closed = isClosed && one != null ? activation.closed(phi, a.look(), one, right) : null;
        return (y, other) -> {
            if (a.from() != a.to()) {
                copy(a.from(), a.to(), y);
            }
            if (one == null) {
                activation.own(phi, a.look(), toK, toT, at(y), w, right, other);
            } else if (closed != null) {
                closed.row(toK, toT, at(y), w, y, other);
            } else if (activation.cross(phi, a.look(), toK, toT, at(y), w, one, y, right, other)) {
                cut(a.to(), y);
            }
            if (right.real() != null && !isClosed) {
                cut(a.to(), y, other);
            }
        };
    }

    private void copy(int from, int to, int y) {
        System.arraycopy(k[from], at(y), k[to], at(y), w * lanes);
        if (tangents) {
            System.arraycopy(t[from], at(y), t[to], at(y), w * lanes);
        }
        clear(to, y);
    }

    /** {@code Θ' = Θ K₂ + K Θ₂}, {@code K' = K K₂}. */
    private void multiply(int from, int to, int y) {
        int at = at(y);
        if (tangents) {
            rows.mask(t[from], at, k[to], at, lanes, w);
            rows.mask(k[to], t[to], at, k[from], at, lanes, w);
            rows.add(t[from], t[to], at, w);
        } else {
            rows.mask(k[to], at, k[from], at, lanes, w);
        }
    }

    private OfRow scale(PlanePasses.Scale s) {
        Rows.Affine map = s.map().affine();
        return (y, other) -> {
            if (tangents) {
                rows.linear(k[s.plane()], t[s.plane()], at(y), w, map);
            } else {
                rows.linear(k[s.plane()], at(y), w, map);
            }
            if (map.bias() != 0 || map.biasT() != 0) {
                cut(s.plane(), y, other);
            }
        };
    }

    private OfRow normalize(PlanePasses.Normalize n) {
        PlaneImage<A> one = left;
        PlaneImage.Layout layout = right.layout().get(n.look());
        A factors = right.g().get(n.look());
        return (y, other) -> {
            if (one == null) {
                System.arraycopy(k[n.plane()], at(y), right.q().get(n.look()), layout.at(other), w * lanes);
                rows.ownWeigh(n.does().epsilon(), k[n.plane()], t[n.plane()], at(y), w, factors, layout.at(other));
            } else {
                weigh(n.plane(), y, one.g().get(n.look()), one.layout().get(n.look()).at(y), factors, layout.at(other), layout.step());
            }
        };
    }

    /** Zeros behind a row that has become shorter. */
    private void clear(int plane, int y) {
        if (w < path.width()) {
            int places = path.width() + path.after() - w;
            rows.clear(k[plane], at(y) + w * lanes, places);
            if (tangents) {
                rows.clear(t[plane], at(y) + w * lanes, places);
            }
        }
    }

    /** Zeros where one of the positions is padding, and where a lane's right column lies in no image. */
    private void cut(int plane, int y, int other) {
        A mask = right.real();
        PlaneImage<A> one = left;
        if (mask == null) {
            cut(plane, y);
        } else if (one == null) {
            mask(plane, y, mask, right.input().at(other), right.input().step());
        } else {
            weigh(plane, y, Objects.requireNonNull(one.real()), one.input().at(y), mask, right.input().at(other), right.input().step());
        }
    }

    /** Zeros where a lane's right column lies in no image. */
    private void cut(int plane, int y) {
        if (!offsets || w == path.period() / across) {
            return;
        }
        int strides = path.across() / across;
        A mask = inside.computeIfAbsent(new Column(across, w, strides == 1 ? 0 : lane), this::mask);
        mask(plane, y, mask, strides == 1 ? lane : 0, strides == 1 ? 1 : lanes);
    }

    private void mask(int plane, int y, A mask, int from, int step) {
        if (tangents) {
            rows.mask(k[plane], t[plane], at(y), mask, from, step, w);
        } else {
            rows.mask(k[plane], at(y), mask, from, step, w);
        }
    }

    private void weigh(int plane, int y, A ofLeft, int from1, A ofRight, int from2, int step) {
        if (tangents) {
            rows.weigh(k[plane], t[plane], at(y), w, ofLeft, from1, 1, ofRight, from2, step);
        } else {
            rows.weigh(k[plane], at(y), w, ofLeft, from1, 1, ofRight, from2, step);
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
        for (int around = 0; around < 2; around++) {
            double[] total = new double[4 * lanes];
            double[] row = pairs.work;
            int apart = turn - around * path.turns();
            for (int y = 0; y < h; y++) {
                if (partner(y) >= 0 && partner(y) - y == apart) {
                    rows.sums(resultK(), resultT(), at(y), parity.get(0), parity.get(1), lane, w, sums);
                    rows.get(sums, 0, row, 0, 4 * lanes);
                    for (int i = 0; i < 4 * lanes; i++) {
                        total[i] += row[i];
                    }
                }
            }
            panel.add(apart, lane, lanes, total);
        }
    }

    private A resultK() {
        return k[passes.result()];
    }

    private A resultT() {
        return t[passes.result()];
    }

    /**
     * Copies K and Θ of each row that meets another to where right columns lie side by side: lane j of place x goes to column x + j, and
     * further for each place.
     */
    void spread(A toK, A toT, IntBinaryOperator place, int line) {
        eachRow((y, other) -> {
            int to = place.applyAsInt(y, other) + lane;
            rows.spread(resultK(), at(y), toK, to, line + 1, w);
            if (tangents) {
                rows.spread(resultT(), at(y), toT, to, line + 1, w);
            }
        });
    }

    /** The same, added to what is there. */
    void addSpread(A toK, A toT, IntBinaryOperator place, int line) {
        eachRow((y, other) -> {
            int to = place.applyAsInt(y, other) + lane;
            rows.addSpread(resultK(), at(y), toK, to, line + 1, w);
            if (tangents) {
                rows.addSpread(resultT(), at(y), toT, to, line + 1, w);
            }
        });
    }

    /** K, then Θ, as {@code [position][lane]}. */
    double[][] values() {
        double[][] values = new double[2][h * w * lanes];
        for (int y = 0; y < h; y++) {
            rows.get(resultK(), at(y), values[0], y * w * lanes, w * lanes);
            rows.get(resultT(), at(y), values[1], y * w * lanes, w * lanes);
        }
        return values;
    }

    /** The sums over equal positions, lane by lane. */
    void equal(double[] sumK, double[] sumT) {
        Arrays.fill(sumK, 0, lanes, 0);
        Arrays.fill(sumT, 0, lanes, 0);
        for (int y = 0; y < h; y++) {
            add(resultK(), y, sumK);
            if (tangents) {
                add(resultT(), y, sumT);
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
