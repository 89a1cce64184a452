package org.ntk4j.infinite.plane;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.ntk4j.gaussian.Arc;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.Rows;

/**
 * Takes pairs of positions through the layers, many of one kind side by side. Two ways to lay them out:
 *
 * <p><em>offsets</em>, for one image with a {@link Panel} of others: a row of places is a row of the left image, and lane j of place x holds its column x with column x + j of
 * the panel's row, from some column on and around the panel, at rows whose difference is the same all over the plane. A convolution moves both positions alike,
 * so it stays in its lane; between the images of a panel stand zeros, as many as the windows reach beyond a border.
 *
 * <p><em>images</em>, for equal positions only: a place is a position, a lane one of several right images.
 *
 * <p>Where no position stands, in the gaps and where windows have cut an image, the values are 0 after each step. Belongs to one thread; its buffers are used again.
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
    /** One row more, of zeros: what stands above and below an image. */
    private final int zeros;
    private final List<A> spare = new ArrayList<>();
    /** By the width: whether a column of a panel lies in an image. */
    private final Map<Integer, A> inside = new HashMap<>();
    /** Whether a column lies in an image, or the gap behind it, of even number; and of odd. */
    private final List<A> parity;
    private final A sums;

    private A k;
    private A t;
    private boolean offsets;
    private int turn;
    private int lane;
    private Image<A> left;
    private Image<A> right;
    private int h;
    private int w;

    /**
     * What is known of an image, or of several in lanes or side by side: its channels and the features of its variances before each step that
     * looks at them.
     *
     * @param rest the slopes where a variance is 0
     * @param line values from one row to the next
     * @param step values from one place to the next
     */
    record Image<A>(List<A> channels, List<A> q, List<A> g, List<A> rest, int line, int step) {
    }

    PlaneRun(Rows<A> rows, PlanePath path) {
        this.rows = rows;
        this.path = path;
        this.lanes = rows.lanes();
        this.first = path.before() * lanes;
        this.stride = (path.before() + path.width() + path.after()) * lanes;
        this.zeros = path.height() * stride;
        this.k = room();
        this.t = room();
        this.pairs = new Pairs(Math.max(4, path.width()) * lanes);
        this.parity = List.of(mask(c -> c / path.period() % 2 == 0), mask(c -> c / path.period() % 2 == 1));
        this.sums = rows.room(4 * lanes);
    }

    private A room() {
        return rows.room(zeros + stride);
    }

    private A mask(IntPredicate is) {
        double[] all = new double[Panel.line(path, Panel.MOST, lanes)];
        Arrays.setAll(all, c -> is.test(c) ? 1 : 0);
        A made = rows.room(all.length);
        rows.put(all, 0, made, 0, all.length);
        return made;
    }

    /** All pairs of positions whose rows differ by {@code rowsApart} and whose columns by {@code columnsApart} and more, both around the panel. */
    void offsets(Image<A> one, Panel<A> panel, int rowsApart, int columnsApart) {
        offsets = true;
        turn = rowsApart;
        lane = columnsApart;
        run(one, panel.images());
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
        images(null, several);
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
            rows.clear(t, at(y), w);
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

    /** Zeros behind a row. */
    private void clear(int y, int width) {
        int places = path.width() + path.after() - width;
        rows.clear(k, at(y) + width * lanes, places);
        rows.clear(t, at(y) + width * lanes, places);
    }

    private void steps(List<PlanePath.Step> steps) {
        for (int i = 0; i < steps.size(); i++) {
            PlanePath.Step step = steps.get(i);
            if (step.does() instanceof PlaneStep.Linear l && l.area() > 1) {
                boolean both = i + 1 < steps.size() && steps.get(i + 1).does() instanceof PlaneStep.Activate;
                window(l, both ? steps.get(++i) : null);
            } else if (step.does() instanceof PlaneStep.Linear l) {
                linear(l);
            } else if (step.does() instanceof PlaneStep.Activate a) {
                eachRow((y, other) -> activate(a, step.look(), y, other));
            } else if (step.does() instanceof PlaneStep.Normalize n) {
                eachRow((y, other) -> normalize(n, step.look(), y, other));
            } else if (step.does() instanceof PlaneStep.Sum) {
                sum(step);
            }
        }
    }

    private interface OfRow {
        void take(int y, int other);
    }

    private void eachRow(OfRow does) {
        for (int y = 0; y < h; y++) {
            int other = partner(y, h);
            if (other >= 0) {
                does.take(y, other);
            }
        }
    }

    private void linear(PlaneStep.Linear l) {
        Rows.Affine map = l.affine();
        eachRow((y, other) -> {
            rows.linear(k, t, at(y), w, map);
            if (map.bias() != 0 || map.biasT() != 0) {
                cut(y);
            }
        });
    }

    /** A window, row by row, and the activation behind it where there is one, while the row is near. */
    private void window(PlaneStep.Linear l, PlanePath.Step then) {
        Rows.Affine map = l.affine();
        boolean wraps = l.border() == PlaneStep.Border.WRAP;
        boolean shrinks = l.border() == PlaneStep.Border.NONE;
        int oldH = h;
        A fromK = k;
        A fromT = t;
        for (int y = 0; y < h && wraps; y++) {
            around(l, y);
        }
        k = spare();
        t = spare();
        h = shrinks ? h - l.rows() + 1 : h;
        w = shrinks ? w - l.columns() + 1 : w;
        int[] sources = new int[l.rows()];
        eachRow((y, other) -> {
            for (int o = 0; o < sources.length; o++) {
                int source = y + o - l.top();
                int partner = other + o - l.top();
                source = wraps ? Math.floorMod(source, oldH) : source;
                boolean there = wraps || source >= 0 && source < oldH && partner >= 0 && partner < oldH;
                sources[o] = (there ? at(source) : zeros + first) - l.left() * lanes;
            }
            rows.window(fromK, fromT, sources, l.columns(), k, t, at(y), w, map);
            if (then != null) {
                activate((PlaneStep.Activate) then.does(), then.look(), y, other);
            } else {
                cut(y);
            }
            if (w < path.width()) {
                clear(y, w);
            }
        });
        spare.add(fromK);
        spare.add(fromT);
    }

    /** Puts the other end of a row on both sides of it. */
    private void around(PlaneStep.Linear l, int y) {
        for (A a : List.of(k, t)) {
            for (int b = 1; b <= l.left(); b++) {
                System.arraycopy(a, at(y) + Math.floorMod(-b, w) * lanes, a, at(y) - b * lanes, lanes);
            }
            for (int b = 0; b < l.columns() - 1 - l.left(); b++) {
                System.arraycopy(a, at(y) + b % w * lanes, a, at(y) + (w + b) * lanes, lanes);
            }
        }
    }

    /** Zeros where a lane's right column lies in no image. */
    private void cut(int y) {
        if (offsets && w < path.period()) {
            int width = w;
            rows.mask(k, t, at(y), inside.computeIfAbsent(w, key -> mask(c -> c % path.period() < width)), lane, w);
        }
    }

    private void activate(PlaneStep.Activate a, int look, int y, int other) {
        Arc form = a.phi().arc().orElse(null);
        int of1 = left == null ? 0 : y * left.line;
        int of2 = other * right.line + lane;
        A q2 = right.q.get(look);
        A g2 = right.g.get(look);
        A rest = right.rest.get(look);
        if (form == null && left == null) {
            rows.ownExpectations(a.phi(), pairs, k, t, at(y), w, q2, of2);
        } else if (form == null) {
            rows.expectations(a.phi(), pairs, k, t, at(y), w, left.q.get(look), of1, 1, q2, of2, right.step);
            cut(y);
        } else if (left == null) {
            rows.own(form, k, t, at(y), w, q2, g2, rest, of2);
        } else {
            rows.activate(form, k, t, at(y), w, left.q.get(look), left.g.get(look), of1, 1, q2, g2, rest, of2, right.step);
        }
    }

    private void normalize(PlaneStep.Normalize n, int look, int y, int other) {
        if (left == null) {
            System.arraycopy(k, at(y), right.q.get(look), other * right.line, w * lanes);
            rows.ownWeigh(n.epsilon(), k, t, at(y), w, right.g.get(look), other * right.line);
        } else {
            rows.weigh(k, t, at(y), w, left.g.get(look), y * left.line, right.g.get(look), other * right.line + lane, right.step);
        }
    }

    private void sum(PlanePath.Step step) {
        A startK = copy(k);
        A startT = copy(t);
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
        eachRow((y, other) -> {
            rows.add(throughK, k, at(y), w);
            rows.add(throughT, t, at(y), w);
        });
        spare.add(throughK);
        spare.add(throughT);
    }

    private A spare() {
        return spare.isEmpty() ? room() : spare.remove(spare.size() - 1);
    }

    private A copy(A like) {
        A copy = spare();
        System.arraycopy(like, 0, copy, 0, zeros + stride);
        return copy;
    }

    /** Adds the positions of each offset of the plane to the sums of the panel's images: in the same order for an offset and for its opposite. */
    void sums(Panel<A> panel) {
        for (int around = 0; around < 2; around++) {
            double[] total = new double[4 * lanes];
            double[] row = pairs.work;
            int apart = turn - around * path.height();
            for (int y = 0; y < h; y++) {
                if (partner(y, h) >= 0 && partner(y, h) - y == apart) {
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

    /** Hands a panel of one image over, place by place. */
    void hand(WindowPool pool) {
        int line = w * lanes;
        double[] rowK = pairs.q11;
        double[] rowT = pairs.q22;
        int used = Math.min(lanes, path.period() - lane);
        eachRow((y, other) -> {
            rows.get(k, at(y), rowK, 0, line);
            rows.get(t, at(y), rowT, 0, line);
            for (int x = 0; x < w; x++) {
                int column = (x + lane) % path.period();
                int before = Math.min(used, path.period() - column);
                if (column < w) {
                    pool.take(y, x, column, rowK, rowT, x * lanes, Math.min(before, w - column));
                }
                if (before < used) {
                    pool.take(y, x, 0, rowK, rowT, x * lanes + before, Math.min(used - before, w));
                }
            }
        });
    }

    /** After all lanes of a turn were handed over. */
    void add(WindowPool pool) {
        eachRow(pool::add);
    }

    /** The sums over equal positions, lane by lane. */
    void equal(double[] sumK, double[] sumT) {
        Arrays.fill(sumK, 0, lanes, 0);
        Arrays.fill(sumT, 0, lanes, 0);
        for (int y = 0; y < h; y++) {
            add(k, y, sumK);
            add(t, y, sumT);
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
