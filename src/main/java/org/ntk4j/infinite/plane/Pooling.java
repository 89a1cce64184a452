package org.ntk4j.infinite.plane;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.Rows;

/**
 * Pools the positions of an image and of a panel's. Planes arrive turn by turn; what they hold is laid out by left position and right
 * column first, so that additions run along right columns side by side: always in the same order, however many lanes there are and wherever
 * in the panel an image stands. Belongs to one thread.
 *
 * @param <A> the arrays of its numbers
 */
final class Pooling<A> {

    private final Rows<A> rows;
    private final PlaneStep.Pool pool;
    private final PlanePath path;
    private final @Nullable PlanePath next;
    private final int[][] sources;
    private final boolean tangents;
    /** Room, made when it is first needed. */
    @SuppressWarnings("NullAway.Init")
    private A planeK;
    /** Room, made when it is first needed. */
    @SuppressWarnings("NullAway.Init")
    private A planeT;
    /** Room, made when it is first needed. */
    @SuppressWarnings("NullAway.Init")
    private A sumK;
    /** Room, made when it is first needed. */
    @SuppressWarnings("NullAway.Init")
    private A sumT;
    private int size;

    /**
     * @param next     what begins behind it; null if nothing does
     * @param tangents whether Θ is asked for, or K alone
     */
    Pooling(Rows<A> rows, PlaneStep.Pool pool, PlanePath path, @Nullable PlanePath next, boolean tangents) {
        this.tangents = tangents;
        this.rows = rows;
        this.pool = pool;
        this.path = path;
        this.next = next;
        this.sources = sources(pool.columns());
    }

    private static int[][] sources(PlaneStep.Axis axis) {
        int[] counts = new int[axis.after()];
        for (int[] to : axis.targets()) {
            for (int p : to) {
                counts[p]++;
            }
        }
        int[][] sources = Arrays.stream(counts).mapToObj(int[]::new).toArray(int[][]::new);
        int[] at = new int[axis.after()];
        for (int p = 0; p < axis.before(); p++) {
            for (int to : axis.targets()[p]) {
                sources[to][at[to]++] = p;
            }
        }
        return sources;
    }

    private int planeLine(ImagePanel<A> panel) {
        return panel.around() + path.last().width() + rows.lanes();
    }

    private int sumLine(ImagePanel<A> panel) {
        return (panel.around() + rows.lanes() - 1) / rows.lanes() * rows.lanes();
    }

    /** Values of the buffers for this many images in a panel, K and Θ together. */
    static long values(PlaneStep.Pool pool, PlanePath path, int images, int lanes) {
        long around = (long) images * path.lastPeriod();
        long pooled = (long) pool.rows().after() * pool.rows().after() * pool.columns().after();
        long behind = (long) (images + 1) * (pool.columns().after() + 8) + 2L * lanes;
        return 2 * ((around + path.last().width() + lanes) * path.last().height() * path.last().width() + (around + lanes) * pooled
                + behind * pooled);
    }

    /** Begins an image with a panel. */
    void begin(ImagePanel<A> panel) {
        int plane = path.last().height() * path.last().width() * planeLine(panel);
        int sums = pool.rows().after() * pool.rows().after() * pool.columns().after() * sumLine(panel);
        if (plane + sums > size || planeK == null) {
            planeK = rows.room(plane);
            planeT = rows.room(plane);
            sumK = rows.room(sums);
            sumT = rows.room(sums);
            size = plane + sums;
        } else {
            rows.clear(sumK, 0, sums / rows.lanes());
            if (tangents) {
                rows.clear(sumT, 0, sums / rows.lanes());
            }
        }
    }

    /** Takes over the lanes that a run has computed. */
    void take(PlaneRun<A> run, ImagePanel<A> panel) {
        run.spread(planeK, planeT, planeLine(panel));
    }

    /** Adds what was taken over of a turn. */
    void add(PlaneRun<A> run, ImagePanel<A> panel) {
        int line = planeLine(panel);
        int width = path.last().width();
        int around = panel.around();
        run.eachRow((y, other) -> {
            for (int x = 1; x < width; x++) {
                int at = (y * width + x) * line;
                System.arraycopy(planeK, at + around, planeK, at, x);
                if (tangents) {
                    System.arraycopy(planeT, at + around, planeT, at, x);
                }
            }
            for (int to : pool.rows().targets()[y]) {
                for (int toOther : pool.rows().targets()[other]) {
                    add(y, (to * pool.rows().after() + toOther) * pool.columns().after(), line, sumLine(panel));
                }
            }
        });
    }

    private void add(int y, int to, int planeLine, int sumLine) {
        int places = sumLine / rows.lanes();
        for (int x = 0; x < path.last().width(); x++) {
            int from = (y * path.last().width() + x) * planeLine;
            for (int target : pool.columns().targets()[x]) {
                rows.accumulate(planeK, from, sumK, (to + target) * sumLine, places);
                if (tangents) {
                    rows.accumulate(planeT, from, sumT, (to + target) * sumLine, places);
                }
            }
        }
    }

    /** What all turns together give: right columns pooled, and weighed. */
    Pooled<A> end(ImagePanel<A> panel) {
        int height = pool.rows().after();
        int width = pool.columns().after();
        int images = panel.offsets().size();
        int period = next == null ? width : next.period();
        int line = next == null ? images * width : ImagePanel.line(next, images, rows.lanes());
        A k = rows.room(height * height * width * line);
        A t = rows.room(height * height * width * line);
        int sumLine = sumLine(panel);
        double[] before = new double[panel.around()];
        double[] after = new double[line];
        for (int y = 0; y < height; y++) {
            for (int other = 0; other < height; other++) {
                for (int x = 0; x < width; x++) {
                    int row = (y * height + other) * width + x;
                    double weight = pool.rows().weights()[y] * pool.rows().weights()[other] * pool.columns().weights()[x];
                    columns(sumK, row * sumLine, k, row * line, weight, images, period, before, after);
                    if (tangents) {
                        columns(sumT, row * sumLine, t, row * line, weight, images, period, before, after);
                    }
                }
            }
        }
        return new Pooled<>(k, t, height, width, period, line);
    }

    private void columns(A from, int at, A to, int toAt, double weight, int images, int period, double[] before, double[] after) {
        rows.get(from, at, before, 0, before.length);
        for (int image = 0; image < images; image++) {
            int begin = image * path.lastPeriod();
            for (int x = 0; x < sources.length; x++) {
                double sum = 0;
                for (int source : sources[x]) {
                    sum += before[begin + source];
                }
                after[image * period + x] = sum * (weight * pool.columns().weights()[x]);
            }
        }
        int around = images * period;
        for (int c = around; c < after.length; c++) {
            after[c] = after[c - around];
        }
        rows.put(after, 0, to, toAt, after.length);
    }
}
