package org.ntk4j.infinite.plane.step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntBinaryOperator;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Halt;
import org.ntk4j.gaussian.Pairs;
import org.ntk4j.infinite.plane.path.PlanePasses;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.rows.KernelRows;
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
public final class PlaneRun<A> {

    /** Planes that a window with zeros beyond the border needs beside others where images lie without a gap. */
    public static final int SIDES = CutOffWindow.SIDES;

    private final Rows<A> rows;
    private final PlanePath path;
    private final PlanePasses passes;
    private final KernelPlanes<A> planes;
    private final PlaneMasks<A> masks;
    private final PlaneStart<A> start;
    private final PlaneWindow<A> windows;
    private final PlaneWork<A> works;
    private final PlaneSums<A> sums;
    private final boolean isFlowing;

    /** Set before anything is asked of it. */
    @SuppressWarnings("NullAway.Init")
    private Meeting<A> images;
    @SuppressWarnings("NullAway.Init")
    private RowPairs pairs;

    /**
     * @param words    whether what the planes begin with are indices of words, of which equal ones give 1
     * @param tangents whether Θ is asked for, or K alone: then its planes stay 0 and no step touches them
     */
    public PlaneRun(Rows<A> rows, PlanePath path, boolean words, boolean tangents) {
        this.rows = rows;
        this.path = path;
        this.passes = PlanePasses.of(path, tangents);
        this.planes = new KernelPlanes<>(new KernelRows<>(rows, tangents), path, passes.planes());
        this.masks = new PlaneMasks<>(planes, path);
        this.start = new PlaneStart<>(planes, words);
        this.windows = new PlaneWindow<>(planes, path, masks);
        this.works = new PlaneWork<>(planes, masks, new PlaneActivation<>(planes.rows(), new Pairs(Math.max(4, path.width())
                * rows.lanes())));
        this.sums = new PlaneSums<>(planes, path, passes.result());
        this.isFlowing = !path.wraps() && passes.isFlowing(new PlanePath.Size(path.height(), path.width()));
    }

    /**
     * All pairs of positions whose rows differ by {@code rowsApart} and whose columns by {@code columnsApart} and more, both around the
     * panel, in strides.
     */
    public void offsets(PlaneImage<A> one, ImagePanel<A> panel, int rowsApart, int columnsApart) {
        begin(new Meeting<>(one, panel.at(rows, columnsApart), true, rowsApart, columnsApart, panel.itself() ? panel.around() : 0));
        Pooled<A> source = panel.source();
        int strides = path.across();
        int w = pairs.w();
        PlanePasses.Window first = source == null && passes.leavesBeginning() ? passes.passes().get(0).window() : null;
        boolean ignores = first != null && windows.ignoresTangents(first, images, RowPairs.of(path, passes.passes().get(0).size(), 1, 1,
                rowsApart));
        passes(source == null ? start.multiply(images, pairs, masks, !ignores)
                : (y, other) -> start.take(y, w, source.k(), source.t(), source.at(y, other, 0) + strides * columnsApart,
                        source.line() + 1, strides), ignores);
    }

    /** Equal positions of one image, or of one in each lane, or of each with itself, with several. */
    public void images(@Nullable PlaneImage<A> one, PlaneImage<A> several) {
        begin(Meeting.ofEqual(one, several));
        passes(start.multiply(images, pairs, masks, true), false);
    }

    /**
     * Equal positions of one image, or of each with itself, with several, where K and Θ at the beginning are given,
     * {@code [position][lane]}.
     */
    public void images(@Nullable PlaneImage<A> one, PlaneImage<A> several, double[] startK, double[] startT) {
        begin(Meeting.ofEqual(one, several));
        start.put(pairs, startK, startT);
        passes((y, other) -> { }, false);
    }

    private void begin(Meeting<A> meeting) {
        images = meeting;
        pairs = RowPairs.of(path, new PlanePath.Size(path.height(), path.width()), 1, 1, meeting.turn());
    }

    /** @param ignores whether the first window does not look at Θ */
    private void passes(OfRow beginning, boolean ignores) {
        Halt.check();
        if (isFlowing) {
            flow(beginning, ignores);
            return;
        }
        pairs.each(beginning);
        boolean isFirst = true;
        for (PlanePasses.Pass pass : passes.passes()) {
            Halt.check();
            List<OfRow> all = ready(pass, ignores && isFirst);
            isFirst = false;
            // Not by RowPairs.each: a row takes so little time that one call more would be some percent of it.
            for (int y = 0; y < pairs.h(); y++) {
                row(all, y);
            }
        }
    }

    /** Each pass a row behind the one before it, of which it needs no more: what it reads is still near. */
    private void flow(OfRow beginning, boolean ignores) {
        List<List<OfRow>> all = new ArrayList<>(List.of(List.of(beginning)));
        for (PlanePasses.Pass pass : passes.passes()) {
            all.add(ready(pass, ignores && all.size() == 1));
        }
        for (int step = 0; step < pairs.h() + all.size() - 1; step++) {
            for (int pass = Math.max(0, step - pairs.h() + 1); pass < Math.min(all.size(), step + 1); pass++) {
                row(all.get(pass), step - pass);
            }
        }
    }

    private void row(List<OfRow> all, int y) {
        int other = pairs.partner(y);
        for (int i = 0; i < all.size() && other >= 0; i++) {
            all.get(i).take(y, other);
        }
    }

    private List<OfRow> ready(PlanePasses.Pass pass, boolean ignores) {
        RowPairs now = RowPairs.of(path, pass.size(), pass.down(), pass.across(), images.turn());
        pairs = now;
        PlanePasses.Window window = pass.window();
        List<OfRow> all = new ArrayList<>();
        if (window != null) {
            all.add(windows.of(window, images, now, !pass.isCutAtOnce() || images.right().real() != null, ignores,
                    !isFlowing));
        }
        pass.work().forEach(work -> all.add(works.of(work, images, now)));
        return all;
    }

    /** Every row that meets another. */
    public void eachRow(OfRow does) {
        pairs.each(does);
    }

    /** Where a row stands in its plane. */
    public int at(int y) {
        return planes.at(y);
    }

    /** The plane of K that all has come to. */
    public A k() {
        return planes.k(passes.result());
    }

    /** The plane of Θ. */
    public A t() {
        return planes.t(passes.result());
    }

    /** Hands the planes that all has come to over, for others, or for none yet. */
    public void exchange(A[] otherK, A[] otherT, int which) {
        planes.exchange(passes.result(), otherK, otherT, which);
    }

    /** Adds the positions of each offset of the plane to the sums of the panel's images. */
    public void sums(ImagePanel<A> panel) {
        sums.add(path, images, pairs, panel);
    }

    /**
     * Copies K and Θ of each row that meets another to where right columns lie side by side: lane j of place x goes to column x + j, and
     * further for each place.
     */
    public void spread(A toK, A toT, IntBinaryOperator place, int line) {
        spread(planes.k(passes.result()), toK, place, line, rows::spread);
        if (planes.rows().tangents()) {
            spread(planes.t(passes.result()), toT, place, line, rows::spread);
        }
    }

    /** The same, added to what is there. */
    public void addSpread(A toK, A toT, IntBinaryOperator place, int line) {
        spread(planes.k(passes.result()), toK, place, line, rows::addSpread);
        if (planes.rows().tangents()) {
            spread(planes.t(passes.result()), toT, place, line, rows::addSpread);
        }
    }

    /** {@link Rows#spread} or {@link Rows#addSpread}. */
    private interface Spread<A> {
        void put(A from, int at, A to, int toAt, int step, int n);
    }

    private void spread(A from, A to, IntBinaryOperator place, int line, Spread<A> spread) {
        pairs.each((y, other) -> spread.put(from, at(y), to, place.applyAsInt(y, other) + images.lane(), line + 1, pairs.w()));
    }

    /** K, then Θ, as {@code [position][lane]}. */
    public double[][] values() {
        int line = pairs.w() * rows.lanes();
        double[][] values = new double[2][pairs.h() * line];
        for (int y = 0; y < pairs.h(); y++) {
            rows.get(planes.k(passes.result()), at(y), values[0], y * line, line);
            rows.get(planes.t(passes.result()), at(y), values[1], y * line, line);
        }
        return values;
    }

    /** K and Θ of the first position with itself, lane by lane. */
    public void first(double[] k, double[] t) {
        rows.get(planes.k(passes.result()), at(0), k, 0, rows.lanes());
        rows.get(planes.t(passes.result()), at(0), t, 0, rows.lanes());
    }

    /** The sums over equal positions, lane by lane. */
    public void equal(double[] sumK, double[] sumT) {
        Arrays.fill(sumK, 0, rows.lanes(), 0);
        Arrays.fill(sumT, 0, rows.lanes(), 0);
        sums.equal(pairs, sumK, sumT);
    }
}
