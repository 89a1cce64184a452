package org.ntk4j.infinite.plane;

import org.jspecify.annotations.Nullable;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.infinite.plane.step.ImagePanel;
import org.ntk4j.infinite.plane.step.PlaneImage;
import org.ntk4j.infinite.plane.step.PlaneRun;
import org.ntk4j.infinite.plane.step.Pooled;
import org.ntk4j.moment.PlaneStep;

/**
 * Pooling over any windows. Planes arrive turn by turn; what they hold is laid out by left position and right column first, so that
 * additions run along right columns side by side. Left columns are summed up first, right rows last.
 */
final class WindowPooling<A> extends Pooling<A> {

    private final int[][] sources;
    private final int[][] rowSources;

    WindowPooling(Given<A> given) {
        super(given);
        this.sources = sources(pool.columns());
        this.rowSources = sources(pool.rows());
    }

    private int sumLine(ImagePanel<A> panel) {
        return (panel.around() + rows.lanes() - 1) / rows.lanes() * rows.lanes();
    }

    static long work(PlaneStep.Pool pool, PlanePath path, int images, int lanes) {
        long around = (long) images * path.lastPeriod();
        return 2 * ((around + path.last().width() + lanes) * path.last().height() * path.last().width()
                + (around + lanes) * (sums(pool) + pool.columns().after()));
    }

    /** Rows of right columns that it sums up. */
    private static long sums(PlaneStep.Pool pool) {
        return (long) pool.rows().after() * pool.rows().before() * pool.columns().after();
    }

    @Override
    Pooled<A> pooled(PlaneRun<A> run, PlaneImage<A> left, ImagePanel<A> panel, @Nullable Pooled<A> sum, boolean itself) {
        Pooled<A> pooled = sum == null ? first(panel) : sum;
        int line = planeLine(panel);
        room.begin(path.last().height() * path.last().width() * line, (int) sums(pool) * sumLine(panel),
                pool.columns().after() * sumLine(panel), tangents);
        for (int turn = 0; turn < path.turns(); turn++) {
            if (!isTurnNeeded(turn)) {
                continue;
            }
            for (int lane = 0; lane < panel.around(); lane += rows.lanes()) {
                if (isLaneNeeded(lane)) {
                    run.offsets(left, panel, turn, lane);
                    run.spread(room.planeK, room.planeT, (y, other) -> y * path.last().width() * line, line);
                }
            }
            add(run, panel);
        }
        end(panel, pooled, sum != null);
        return pooled;
    }

    /** Adds what was taken over of a turn. */
    private void add(PlaneRun<A> run, ImagePanel<A> panel) {
        int line = planeLine(panel);
        run.eachRow((y, other) -> {
            for (int x = 0; x < path.last().width(); x++) {
                int at = (y * path.last().width() + x) * line;
                around(room.planeK, at, x, 0, panel.around());
                if (tangents) {
                    around(room.planeT, at, x, 0, panel.around());
                }
            }
            columns(y, line, sumLine(panel));
            for (int to : pool.rows().targets()[y]) {
                addColumns((to * pool.rows().before() + other) * sources.length, sumLine(panel));
            }
        });
    }

    /** Sums up the left columns of a row where each goes into several. */
    private void columns(int y, int planeLine, int sumLine) {
        rows.clear(room.columnsK, 0, sources.length * sumLine / rows.lanes());
        if (tangents) {
            rows.clear(room.columnsT, 0, sources.length * sumLine / rows.lanes());
        }
        for (int to = 0; to < sources.length; to++) {
            for (int x : sources[to]) {
                accumulate(room.planeK, room.planeT, (y * path.last().width() + x) * planeLine, room.columnsK, room.columnsT, to * sumLine,
                        sumLine);
            }
        }
    }

    private void addColumns(int to, int sumLine) {
        accumulate(room.columnsK, room.columnsT, 0, room.sumK, room.sumT, to * sumLine, sources.length * sumLine);
    }

    private void accumulate(A fromK, A fromT, int from, A toK, A toT, int to, int sumLine) {
        rows.accumulate(fromK, from, toK, to, sumLine / rows.lanes());
        if (tangents) {
            rows.accumulate(fromT, from, toT, to, sumLine / rows.lanes());
        }
    }

    /** What all turns together give: right rows and right columns pooled, and weighed. */
    private void end(ImagePanel<A> panel, Pooled<A> pooled, boolean adds) {
        int height = pool.rows().after();
        int width = pool.columns().after();
        double[] before = new double[panel.around()];
        double[] after = new double[pooled.line()];
        for (int y = 0; y < height; y++) {
            for (int other = 0; other < height; other++) {
                for (int x = 0; x < width; x++) {
                    double weight = pool.rows().weights()[y] * pool.rows().weights()[other] * pool.columns().weights()[x];
                    rows(y, other, x, sumLine(panel));
                    columns(room.columnsK, pooled.k(), pooled.at(y, other, x), weight, pooled, adds, before, after);
                    if (tangents) {
                        columns(room.columnsT, pooled.t(), pooled.at(y, other, x), weight, pooled, adds, before, after);
                    }
                }
            }
        }
    }

    /** Sums up the right rows that go into a pooled one, of a left column. */
    private void rows(int y, int other, int x, int sumLine) {
        rows.clear(room.columnsK, 0, sumLine / rows.lanes());
        rows.clear(room.columnsT, 0, tangents ? sumLine / rows.lanes() : 0);
        for (int source : rowSources[other]) {
            accumulate(room.sumK, room.sumT, ((y * pool.rows().before() + source) * sources.length + x) * sumLine, room.columnsK,
                    room.columnsT, 0, sumLine);
        }
    }

    private void columns(A from, A to, int at, double weight, Pooled<A> pooled, boolean adds, double[] before, double[] after) {
        int images = before.length / path.lastPeriod();
        int period = pooled.period();
        rows.get(from, 0, before, 0, before.length);
        if (adds) {
            rows.get(to, at, after, 0, after.length);
        }
        for (int image = 0; image < images; image++) {
            int begin = image * path.lastPeriod();
            for (int x = 0; x < sources.length; x++) {
                double sum = 0;
                for (int source : sources[x]) {
                    sum += before[begin + source];
                }
                double value = sum * (weight * pool.columns().weights()[x]);
                after[image * period + x] = adds ? after[image * period + x] + value : value;
            }
        }
        int around = images * period;
        for (int c = around; c < after.length; c++) {
            after[c] = after[c - around];
        }
        rows.put(after, 0, to, at, after.length);
    }
}
