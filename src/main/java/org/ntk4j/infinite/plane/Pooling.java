package org.ntk4j.infinite.plane;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
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
    private final PlaneStages planes;
    private final int node;
    private final int[][] sources;
    private final int[][] rowSources;
    private final boolean tangents;
    /** Whether all positions stay what they are. */
    private final boolean stays;
    /** Whether windows overlap: then left columns are summed up first, right rows last. */
    private final boolean overlaps;
    private final Room<A> room;
    private final Kept<A> kept;
    /** Where values go, and whether they are added to what is there. */
    @SuppressWarnings("NullAway.Init")
    private Pooled<A> pooled;
    private boolean adds;

    /** What poolings one after the other work in. */
    static final class Room<A> {
        private final Rows<A> rows;
        private A planeK;
        private A planeT;
        private A sumK;
        private A sumT;
        private A columnsK;
        private A columnsT;
        private int plane;
        private int sums;
        private int columns;

        Room(Rows<A> rows) {
            this.rows = rows;
            this.planeK = rows.room(0);
            this.planeT = planeK;
            this.sumK = planeK;
            this.sumT = planeK;
            this.columnsK = planeK;
            this.columnsT = planeK;
        }

        private void begin(int values, int ofSums, int ofColumns, boolean tangents) {
            if (values > plane) {
                planeK = rows.room(values);
                planeT = rows.room(values);
                plane = values;
            }
            if (ofColumns > columns) {
                columnsK = rows.room(ofColumns);
                columnsT = rows.room(ofColumns);
                columns = ofColumns;
            }
            if (ofSums > sums) {
                sumK = rows.room(ofSums);
                sumT = rows.room(ofSums);
                sums = ofSums;
                return;
            }
            rows.clear(sumK, 0, ofSums / rows.lanes());
            if (tangents) {
                rows.clear(sumT, 0, ofSums / rows.lanes());
            }
        }
    }

    /** Where values of a node are kept: of nodes that lie alike, and of which one is gone before the other comes. */
    static final class Kept<A> {
        private @Nullable Pooled<A> last;
    }

    /**
     * @param room     shared with other poolings
     * @param kept     where its values go if it is the first to come to its node
     * @param tangents whether Θ is asked for, or K alone
     */
    Pooling(Rows<A> rows, Room<A> room, Kept<A> kept, PlaneStages planes, PlaneStages.Stage stage, boolean tangents) {
        this.room = room;
        this.kept = kept;
        this.tangents = tangents;
        this.rows = rows;
        this.pool = Objects.requireNonNull(stage.pool());
        this.path = stage.path();
        this.planes = planes;
        this.node = stage.to();
        this.sources = sources(pool.columns());
        this.rowSources = sources(pool.rows());
        this.stays = pool.isNone();
        this.overlaps = overlaps(pool);
    }

    private static boolean overlaps(PlaneStep.Pool pool) {
        return Stream.of(pool.rows(), pool.columns()).flatMap(axis -> Arrays.stream(axis.targets())).anyMatch(to -> to.length > 1);
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

    /** Values that it works in for this many images in a panel, K and Θ together. */
    static long work(PlaneStep.Pool pool, PlanePath path, int images, int lanes) {
        long around = (long) images * path.lastPeriod();
        return pool.isNone() ? 0 : 2 * ((around + path.last().width() + lanes) * path.last().height() * path.last().width()
                + (around + lanes) * (sums(pool) + pool.columns().after()));
    }

    /** Rows of right columns that it sums up. */
    private static long sums(PlaneStep.Pool pool) {
        return (long) pool.rows().after() * (overlaps(pool) ? pool.rows().before() : pool.rows().after()) * pool.columns().after();
    }

    /**
     * Begins an image with a panel.
     *
     * @param sum what is added to; null: nothing has come yet
     */
    void begin(ImagePanel<A> panel, @Nullable Pooled<A> sum) {
        adds = sum != null;
        pooled = sum == null ? first(panel) : sum;
        if (!stays) {
            room.begin(path.last().height() * path.last().width() * planeLine(panel), (int) sums(pool) * sumLine(panel),
                    overlaps ? pool.columns().after() * sumLine(panel) : 0, tangents);
        }
    }

    /** Where values of a panel go, those of the one before it if it was as wide: of these each will have been written again. */
    private Pooled<A> first(ImagePanel<A> panel) {
        int height = pool.rows().after();
        int width = pool.columns().after();
        int images = panel.offsets().size();
        int line = planes.line(node, images, rows.lanes());
        Pooled<A> last = kept.last;
        if (last == null || last.line() != line) {
            int values = height * height * width * line;
            last = new Pooled<>(rows.room(values), rows.room(values), height, width, planes.period(node), line);
            kept.last = last;
        }
        return last;
    }

    /** Takes over the lanes that a run has computed. */
    void take(PlaneRun<A> run, ImagePanel<A> panel) {
        int line = planeLine(panel);
        if (!stays) {
            run.spread(room.planeK, room.planeT, (y, other) -> y * path.last().width() * line, line);
        } else if (adds) {
            run.addSpread(pooled.k(), pooled.t(), (y, other) -> pooled.at(y, other, 0), pooled.line());
        } else {
            run.spread(pooled.k(), pooled.t(), (y, other) -> pooled.at(y, other, 0), pooled.line());
        }
    }

    /** Adds what was taken over of a turn. */
    void add(PlaneRun<A> run, ImagePanel<A> panel) {
        int line = planeLine(panel);
        run.eachRow((y, other) -> {
            if (stays) {
                around(pooled.k(), pooled.t(), pooled.at(y, other, 0), pooled.line(), pooled.line(), panel.around());
                return;
            }
            around(room.planeK, room.planeT, y * path.last().width() * line, line, 0, panel.around());
            if (overlaps) {
                columns(y, line, sumLine(panel));
                for (int to : pool.rows().targets()[y]) {
                    addColumns((to * pool.rows().before() + other) * sources.length, sumLine(panel));
                }
                return;
            }
            for (int to : pool.rows().targets()[y]) {
                for (int toOther : pool.rows().targets()[other]) {
                    add(y, (to * pool.rows().after() + toOther) * pool.columns().after(), line, sumLine(panel));
                }
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

    private void add(int y, int to, int planeLine, int sumLine) {
        for (int x = 0; x < path.last().width(); x++) {
            for (int target : pool.columns().targets()[x]) {
                accumulate(room.planeK, room.planeT, (y * path.last().width() + x) * planeLine, room.sumK, room.sumT,
                        (to + target) * sumLine, sumLine);
            }
        }
    }

    private void accumulate(A fromK, A fromT, int from, A toK, A toT, int to, int sumLine) {
        rows.accumulate(fromK, from, toK, to, sumLine / rows.lanes());
        if (tangents) {
            rows.accumulate(fromT, from, toT, to, sumLine / rows.lanes());
        }
    }

    /** Puts right columns that have gone beyond the last one to the beginning, and the first ones, up to an end, behind the last. */
    private void around(A k, A t, int at, int line, int end, int around) {
        for (int x = 0; x < path.last().width(); x++) {
            around(k, at + x * line, x, end, around);
            if (tangents) {
                around(t, at + x * line, x, end, around);
            }
        }
    }

    private static <A> void around(A values, int at, int beyond, int end, int around) {
        System.arraycopy(values, at + around, values, at, beyond);
        for (int c = around; c < end; c += around) {
            System.arraycopy(values, at + c - around, values, at + c, Math.min(around, end - c));
        }
    }

    /** What all turns together give: right columns pooled, and weighed. */
    Pooled<A> end(ImagePanel<A> panel) {
        int height = stays ? 0 : pool.rows().after();
        int width = pool.columns().after();
        int sumLine = sumLine(panel);
        double[] before = new double[panel.around()];
        double[] after = new double[pooled.line()];
        for (int y = 0; y < height; y++) {
            for (int other = 0; other < height; other++) {
                for (int x = 0; x < width; x++) {
                    int row = (y * height + other) * width + x;
                    double weight = pool.rows().weights()[y] * pool.rows().weights()[other] * pool.columns().weights()[x];
                    if (overlaps) {
                        rows(y, other, x, sumLine);
                    }
                    int from = overlaps ? 0 : row * sumLine;
                    columns(overlaps ? room.columnsK : room.sumK, from, pooled.k(), row * pooled.line(), weight, panel, before, after);
                    if (tangents) {
                        columns(overlaps ? room.columnsT : room.sumT, from, pooled.t(), row * pooled.line(), weight, panel, before, after);
                    }
                }
            }
        }
        return pooled;
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

    private void columns(A from, int at, A to, int toAt, double weight, ImagePanel<A> panel, double[] before, double[] after) {
        int images = panel.offsets().size();
        int period = pooled.period();
        rows.get(from, at, before, 0, before.length);
        if (adds) {
            rows.get(to, toAt, after, 0, after.length);
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
        rows.put(after, 0, to, toAt, after.length);
    }
}
