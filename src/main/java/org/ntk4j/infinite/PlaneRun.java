package org.ntk4j.infinite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes pairs of positions through the layers, many of one kind side by side. Two ways to lay them out:
 *
 * <p><em>offsets</em>, for one pair of images: a row of places is a row of the left image, and lane j of place x holds the pair of columns
 * x and (x + j) mod width, at rows whose difference is the same all over the plane. A convolution moves both positions alike, so it stays in its lane;
 * the lanes that leave the right image on one side and come back on the other are cut by masks.
 *
 * <p><em>images</em>, for equal positions only: a place is a position, a lane one of several right images.
 *
 * <p>Belongs to one thread; its buffers are used again.
 *
 * @param <A> the arrays of its numbers
 */
final class PlaneRun<A> {

    private final Rows<A> rows;
    private final PlanePath path;
    private final int lanes;
    private final int stride;
    private final int first;
    private final Pairs pairs;
    private final boolean[] done;
    private final A sumsK;
    private final A sumsT;
    private final List<A> spare = new ArrayList<>();
    private final int zeros;
    /** Masks by the window's columns, its left ones, and the width it sees: whether both positions lie inside. */
    private final Map<List<Integer>, A> masks = new HashMap<>();

    private A k;
    private A t;
    private A halfK;
    private A halfT;

    private boolean offsets;
    private int turn;
    private int lane;
    private Image<A> left;
    private Image<A> right;
    private int h;
    private int w;

    /**
     * What is known of an image, or of several side by side in lanes: its channels and the features of its variances before each step that
     * looks at them.
     *
     * @param line values from one row to the next
     * @param step values from one place to the next
     */
    record Image<A>(List<A> channels, List<A> q, List<A> g, int line, int step) {
    }

    PlaneRun(Rows<A> rows, PlanePath path) {
        this.rows = rows;
        this.path = path;
        this.lanes = rows.lanes();
        this.first = path.before() * lanes;
        this.stride = (path.before() + path.width() + path.after()) * lanes;
        int size = path.height() * stride;
        this.zeros = size;
        this.k = rows.room(size);
        this.t = rows.room(size);
        this.halfK = rows.room(size + stride);
        this.halfT = rows.room(size + stride);
        this.pairs = new Pairs(Math.max(2, path.width()) * lanes);
        this.done = new boolean[path.height()];
        this.sumsK = rows.room(lanes);
        this.sumsT = rows.room(lanes);
    }

    /** How long a row of an image must be for lanes that begin anywhere in it. */
    static int line(int width, int lanes) {
        return width + (width + lanes - 1) / lanes * lanes;
    }

    /** All pairs of positions whose rows differ by {@code turn} and whose columns by {@code lane} and more, both around the image. */
    void offsets(Image<A> one, Image<A> other, int rowsApart, int columnsApart) {
        offsets = true;
        turn = rowsApart;
        lane = columnsApart;
        run(one, other);
    }

    /** Equal positions of one image with several. */
    void images(Image<A> one, Image<A> several) {
        offsets = false;
        turn = 0;
        lane = 0;
        run(one, several);
    }

    /** Equal positions of several images with themselves; writes their features. */
    void own(Image<A> several) {
        offsets = false;
        turn = 0;
        lane = 0;
        run(null, several);
    }

    private void run(Image<A> one, Image<A> other) {
        left = one;
        right = other;
        h = path.height();
        w = path.width();
        start();
        steps(path.steps());
    }

    private void start() {
        for (int y = 0; y < h; y++) {
            int other = partner(y, h);
            for (int c = 0; c < path.channels(); c++) {
                if (left == null) {
                    rows.squares(right.channels.get(c), y * right.line, k, at(y), w, c == 0);
                } else {
                    rows.products(left.channels.get(c), y * left.line, right.channels.get(c), other * right.line + lane, right.step, k, at(y), w, c == 0);
                }
            }
            if (path.channels() > 1) {
                rows.scale(k, at(y), w, 1.0 / path.channels());
            }
            System.arraycopy(halfK, zeros, t, at(y), w * lanes);
            clear(y, w);
        }
    }

    /** The row of the right image that meets this one; −1 if it is outside. */
    int partner(int y, int height) {
        int other = y + turn;
        other = other < height ? other : other - path.height();
        return other >= 0 && other < height ? other : -1;
    }

    private int at(int y) {
        return y * stride + first;
    }

    /** Zeros on both sides of a row. */
    private void clear(int y, int width) {
        int behind = stride - first - width * lanes;
        System.arraycopy(halfK, zeros, k, y * stride, first);
        System.arraycopy(halfK, zeros, k, at(y) + width * lanes, behind);
        System.arraycopy(halfK, zeros, t, y * stride, first);
        System.arraycopy(halfK, zeros, t, at(y) + width * lanes, behind);
    }

    private void steps(List<PlanePath.Step> steps) {
        for (PlanePath.Step step : steps) {
            if (step.does() instanceof PlaneStep.Linear l) {
                linear(l);
            } else if (step.does() instanceof PlaneStep.Activate a) {
                activate(a, step.look());
            } else if (step.does() instanceof PlaneStep.Normalize n) {
                normalize(n, step.look());
            } else if (step.does() instanceof PlaneStep.Sum) {
                sum(step);
            }
        }
    }

    private void linear(PlaneStep.Linear l) {
        Rows.Affine map = Rows.Affine.of(l);
        boolean shrinks = l.border() == PlaneStep.Border.NONE;
        int newH = shrinks ? h - l.rows() + 1 : h;
        int newW = shrinks ? w - l.columns() + 1 : w;
        if (l.area() > 1) {
            window(l, map, newH, newW);
        } else {
            for (int y = 0; y < h; y++) {
                if (partner(y, h) >= 0) {
                    rows.linear(k, t, at(y), w, map);
                }
            }
        }
        if (offsets && newW < path.width()) {
            // Lanes whose right column is cut off: nothing may grow there.
            A inside = masks(1, 0, newW);
            for (int y = 0; y < newH; y++) {
                rows.mask(k, at(y), inside, lane, newW);
                rows.mask(t, at(y), inside, lane, newW);
            }
        }
        for (int y = 0; y < newH && newW < w; y++) {
            clear(y, newW);
        }
        h = newH;
        w = newW;
    }

    private void window(PlaneStep.Linear l, Rows.Affine map, int newH, int newW) {
        boolean wraps = l.border() == PlaneStep.Border.WRAP;
        A cut = offsets && !wraps && l.columns() > 1 ? masks(l.columns(), l.left(), w) : null;
        int[] sources = new int[l.rows()];
        Arrays.fill(done, false);
        for (int y = 0; y < newH; y++) {
            int other = partner(y, newH);
            if (other < 0) {
                continue;
            }
            for (int o = 0; o < sources.length; o++) {
                int source = y + o - l.top();
                int partner = other + o - l.top();
                source = wraps ? Math.floorMod(source, h) : source;
                boolean inside = wraps || source >= 0 && source < h && partner >= 0 && partner < h;
                sources[o] = inside ? at(source) : zeros;
                if (inside && !done[source]) {
                    across(l, source, cut, newW, wraps);
                    done[source] = true;
                }
            }
            rows.down(halfK, halfT, sources, k, t, at(y), newW, map);
        }
    }

    private void across(PlaneStep.Linear l, int y, A cut, int newW, boolean wraps) {
        int from = at(y) - l.left() * lanes;
        int masked = line(path.width(), lanes);
        for (A a : wraps ? List.of(k, t) : List.<A>of()) {
            for (int b = 1; b <= l.left(); b++) {
                System.arraycopy(a, at(y) + Math.floorMod(-b, w) * lanes, a, at(y) - b * lanes, lanes);
            }
            for (int b = 0; b < l.columns() - 1 - l.left(); b++) {
                System.arraycopy(a, at(y) + b % w * lanes, a, at(y) + (w + b) * lanes, lanes);
            }
        }
        rows.across(k, t, from, cut, lane, masked, l.columns(), halfK, halfT, at(y), newW);
        if (wraps) {
            clear(y, w);
        }
    }

    /** For each tap, whether a right column and the one that the tap looks at lie within a width. */
    private A masks(int taps, int before, int width) {
        return masks.computeIfAbsent(List.of(taps, before, width), key -> {
            int line = line(path.width(), lanes);
            double[] all = new double[taps * line];
            for (int tap = 0; tap < taps; tap++) {
                for (int c = 0; c < line; c++) {
                    int column = c % path.width();
                    int source = column + tap - before;
                    all[tap * line + c] = column < width && source >= 0 && source < width ? 1 : 0;
                }
            }
            A made = rows.room(all.length);
            rows.put(all, 0, made, 0, all.length);
            return made;
        });
    }

    private void activate(PlaneStep.Activate a, int look) {
        Arc form = a.phi().arc().orElse(null);
        for (int y = 0; y < h; y++) {
            int other = partner(y, h);
            if (other < 0) {
                continue;
            }
            int of1 = left == null ? 0 : y * left.line;
            int of2 = other * right.line + lane;
            A q2 = right.q.get(look);
            A g2 = right.g.get(look);
            if (left == null && form == null) {
                rows.ownExpectations(a.phi(), pairs, k, t, at(y), w, q2, of2);
            } else if (left == null) {
                rows.own(form, k, t, at(y), w, q2, g2, of2);
            } else if (form == null) {
                rows.expectations(a.phi(), pairs, k, t, at(y), w, left.q.get(look), of1, 1, q2, of2, right.step);
            } else {
                rows.activate(form, k, t, at(y), w, left.q.get(look), left.g.get(look), of1, 1, q2, g2, of2, right.step);
            }
        }
    }

    private void normalize(PlaneStep.Normalize n, int look) {
        for (int y = 0; y < h; y++) {
            int other = partner(y, h);
            if (other >= 0 && left == null) {
                System.arraycopy(k, at(y), right.q.get(look), other * right.line, w * lanes);
                rows.ownWeigh(n.epsilon(), k, t, at(y), w, right.g.get(look), other * right.line);
            } else if (other >= 0) {
                rows.weigh(k, t, at(y), w, left.g.get(look), y * left.line, right.g.get(look), other * right.line + lane, right.step);
            }
        }
    }

    private void sum(PlanePath.Step step) {
        A startK = take(k);
        A startT = take(t);
        int startH = h;
        int startW = w;
        steps(step.through());
        A throughK = k;
        A throughT = t;
        k = startK;
        t = startT;
        h = startH;
        w = startW;
        steps(step.around());
        for (int y = 0; y < h; y++) {
            rows.add(throughK, k, at(y), w);
            rows.add(throughT, t, at(y), w);
        }
        spare.add(throughK);
        spare.add(throughT);
    }

    private A take(A like) {
        int size = path.height() * stride;
        A copy = spare.isEmpty() ? rows.room(size) : spare.remove(spare.size() - 1);
        System.arraycopy(like, 0, copy, 0, size);
        return copy;
    }

    /** Where the sums of offsets go: K and Θ at {@code [rows apart + height − 1][columns apart + width − 1]}. */
    record Offsets(int height, int width, double[] k, double[] t) {

        Offsets(int height, int width) {
            this(height, width, new double[(2 * height - 1) * (2 * width - 1)], new double[(2 * height - 1) * (2 * width - 1)]);
        }

        int at(int dy, int dx) {
            return (dy + height - 1) * (2 * width - 1) + dx + width - 1;
        }
    }

    /** Sums the positions of each offset of the plane, row by row, the rows in float64: in the same order for an offset and for its opposite. */
    void sums(Offsets to) {
        int width = path.width();
        List<A> segments = List.of(segment(false, w), segment(true, w));
        for (int y = 0; y < h; y++) {
            int other = partner(y, h);
            if (other < 0) {
                continue;
            }
            for (int wrapped = 0; wrapped < 2; wrapped++) {
                A segment = segments.get(wrapped);
                rows.sum(k, at(y), segment, lane, w, sumsK);
                rows.sum(t, at(y), segment, lane, w, sumsT);
                double[] both = pairs.work;
                rows.get(sumsK, 0, both, 0, lanes);
                rows.get(sumsT, 0, both, lanes, lanes);
                for (int j = 0; j < lanes && lane + j < width; j++) {
                    int dx = lane + j - (wrapped == 1 ? width : 0);
                    if (Math.abs(dx) < w) {
                        int at = to.at(other - y, dx);
                        to.k[at] += both[j];
                        to.t[at] += both[lanes + j];
                    }
                }
            }
        }
    }

    /** Whether a lane is before, or behind, the place where it comes back on the other side. */
    private A segment(boolean wrapped, int width) {
        return masks.computeIfAbsent(List.of(wrapped ? 1 : 0, width), key -> {
            int line = line(path.width(), lanes);
            double[] all = new double[line];
            int from = wrapped ? path.width() : 0;
            Arrays.fill(all, from, Math.min(line, from + width), 1);
            A made = rows.room(line);
            rows.put(all, 0, made, 0, line);
            return made;
        });
    }

    /** Hands the plane over, place by place: the lanes are right columns, which come back on the other side. */
    void hand(WindowPool pool) {
        int line = w * lanes;
        double[] rowK = pairs.q11;
        double[] rowT = pairs.q22;
        int used = Math.min(lanes, path.width() - lane);
        for (int y = 0; y < h; y++) {
            if (partner(y, h) < 0) {
                continue;
            }
            rows.get(k, at(y), rowK, 0, line);
            rows.get(t, at(y), rowT, 0, line);
            for (int x = 0; x < w; x++) {
                int column = (x + lane) % path.width();
                int before = Math.min(used, path.width() - column);
                if (column < w) {
                    pool.take(y, x, column, rowK, rowT, x * lanes, Math.min(before, w - column));
                }
                if (before < used) {
                    pool.take(y, x, 0, rowK, rowT, x * lanes + before, Math.min(used - before, w));
                }
            }
        }
    }

    /** After all lanes of a turn were handed over. */
    void add(WindowPool pool) {
        for (int y = 0; y < h; y++) {
            int other = partner(y, h);
            if (other >= 0) {
                pool.add(y, other);
            }
        }
    }

    /** The sums over equal positions, lane by lane. */
    void equal(double[] sumK, double[] sumT) {
        Arrays.fill(sumK, 0, lanes, 0);
        Arrays.fill(sumT, 0, lanes, 0);
        double[] both = pairs.work;
        for (int y = 0; y < h; y++) {
            rows.sum(k, at(y), null, 0, w, sumsK);
            rows.sum(t, at(y), null, 0, w, sumsT);
            rows.get(sumsK, 0, both, 0, lanes);
            for (int j = 0; j < lanes; j++) {
                sumK[j] += both[j];
            }
            rows.get(sumsT, 0, both, 0, lanes);
            for (int j = 0; j < lanes; j++) {
                sumT[j] += both[j];
            }
        }
    }
}
