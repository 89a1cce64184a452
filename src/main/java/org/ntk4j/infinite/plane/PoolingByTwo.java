package org.ntk4j.infinite.plane;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.infinite.plane.step.ImagePanel;
import org.ntk4j.infinite.plane.step.PlaneImage;
import org.ntk4j.infinite.plane.step.PlaneRun;
import org.ntk4j.infinite.plane.step.Pooled;
import org.ntk4j.moment.PlaneStep;

/**
 * Pooling by blocks of 2 × 2 that lie side by side, added up in the order of {@link BlockPooling}. Rows of blocks that lie T blocks apart
 * are made of rows 2T − 1, 2T and 2T + 1 apart: one after the other, all columns of each, so that what is added up to blocks then is
 * still near. Of the offsets between columns the even ones begin a block, so half of them are kept, with half of the left columns.
 */
final class PoolingByTwo<A> extends Pooling<A> {

    /** What is kept of a left column: sums, and what is to their right and to their left. */
    private static final int LINES = 3;

    private final int[][] rowSources;
    private final int[][] columnSources;
    private final double weight;
    /** Of each block the sum of the rows 2T apart. */
    private final A equalK;
    private final A equalT;
    /** For all lanes, the second row of each block with the one above what it meets: 2T − 1 apart. */
    private final A aboveK;
    private final A aboveT;
    /** For all lanes, the first row of each block with the one that comes around last. */
    private final A lastK;
    private final A lastT;
    /** How many blocks rows go around. */
    private final int around;

    PoolingByTwo(Given<A> given) {
        super(given);
        this.rowSources = sources(pool.rows());
        this.columnSources = sources(pool.columns());
        this.weight = BlockPooling.weight(pool);
        int all = sums() * blocks(given.planes().beside() * path.lastPeriod(), rows.lanes());
        this.equalK = rows.room(sums());
        this.aboveK = rows.room(all);
        this.lastK = rows.room(all);
        this.equalT = tangents ? rows.room(sums()) : equalK;
        this.aboveT = tangents ? rows.room(all) : aboveK;
        this.lastT = tangents ? rows.room(all) : lastK;
        this.around = path.turns() / 2;
    }

    private int sums() {
        return rowSources.length * row();
    }

    /** How many times lanes begin. */
    private static int blocks(int around, int lanes) {
        return (around + lanes - 1) / lanes;
    }

    private int row() {
        return 2 * columnSources.length * rows.lanes();
    }

    /** Whether positions are pooled so, and images lie an even number of rows and of columns apart. */
    static boolean fits(PlaneStep.Pool pool, PlanePath path, int lanes) {
        return lanes % 2 == 0 && path.lastPeriod() % 2 == 0 && path.turns() % 2 == 0 && isByTwo(pool);
    }

    /** Whether each pooled position is made of 2 × 2. */
    static boolean isByTwo(PlaneStep.Pool pool) {
        return isByTwo(pool.rows()) && isByTwo(pool.columns());
    }

    private static boolean isByTwo(PlaneStep.Axis axis) {
        int[][] sources = sources(axis);
        return BlockPooling.fits(axis) && IntStream.range(0, sources.length).allMatch(p -> sources[p].length == 2
                && sources[p][0] == sources[0][0] + 2 * p);
    }

    /** Planes as large as what is kept of sums of rows, half of one each. */
    static int planes(PlanePath path, int images, int lanes) {
        return 1 + blocks(images * path.lastPeriod(), lanes);
    }

    static long work(PlaneStep.Pool pool, PlanePath path, int images, int lanes) {
        long line = line(images * path.lastPeriod(), lanes);
        long columns = pool.columns().after();
        return 2 * (LINES * columns * pool.rows().after() * line + columns * sumLine(images * path.lastPeriod() / 2, lanes)
                + columns + 2 * columns * (columns + line));
    }

    /** Sums of a left column: as many as lanes once more behind the last one, and lanes that are overwritten. */
    private static int sumLine(int half, int lanes) {
        return half + 2 * lanes;
    }

    /** Half of the offsets; before them room for the one that comes around, behind them for lanes that are overwritten. */
    private static int line(int around, int lanes) {
        return 1 + around / 2 + lanes;
    }

    private int at(int y, int x, int line) {
        return (y * columnSources.length + x) * LINES * line + 1;
    }

    @Override
    Pooled<A> pooled(PlaneRun<A> run, PlaneImage<A> left, ImagePanel<A> panel, @Nullable Pooled<A> sum, boolean itself) {
        Pooled<A> pooled = sum == null ? first(panel) : sum;
        int line = line(panel.around(), rows.lanes());
        room.begin(at(rowSources.length, 0, line) + rows.lanes(), columnSources.length * sumLine(panel.around() / 2, rows.lanes()),
                pooled.width() * pooled.line() + rows.lanes(), tangents);
        int count = itself ? Math.min(around, around / 2 + 1) : around;
        int[] lanes = IntStream.iterate(0, lane -> lane < panel.around(), lane -> lane + rows.lanes()).filter(this::isLaneNeeded).toArray();
        for (int lane : isTurnNeeded(path.turns() - 1) ? lanes : new int[0]) {
            run.offsets(left, panel, path.turns() - 1, lane);
            keep(run, 0, lane, lastK, lastT);
            keep(run, 1, lane, aboveK, aboveT);
        }
        for (int apart = 0; apart < count; apart++) {
            for (int lane : lanes) {
                rows(run, left, panel, lane, apart, line);
            }
            for (int y = 0; y < rowSources.length && isNeeded(apart); y++) {
                int other = (y + apart) % around;
                if (other < rowSources.length) {
                    int at = pooled.at(y, other, 0);
                    columns(panel, room.planeK, at(y, 0, line), line, pooled, pooled.k(), at, sum != null);
                    if (tangents) {
                        columns(panel, room.planeT, at(y, 0, line), line, pooled, pooled.t(), at, sum != null);
                    }
                }
            }
        }
        int[] exchanged = itself ? pooled.exchanged() : new int[0];
        for (int apart = count; apart < around; apart++) {
            for (int y = 0; y < rowSources.length && isNeeded(apart); y++) {
                int other = (y + apart) % around;
                if (other < rowSources.length) {
                    pooled.mirror(rows, other, y, exchanged, tangents);
                }
            }
        }
        return pooled;
    }

    /** Whether rows of blocks this far apart are asked for. */
    private boolean isNeeded(int apart) {
        return isTurnNeeded(Math.floorMod(2 * apart - 1, path.turns())) && isTurnNeeded(2 * apart) && isTurnNeeded(2 * apart + 1);
    }

    /** Of lanes that begin at a column, the rows of blocks that lie so far apart are added up. */
    private void rows(PlaneRun<A> run, PlaneImage<A> left, ImagePanel<A> panel, int lane, int apart, int line) {
        if (isNeeded(apart)) {
            run.offsets(left, panel, 2 * apart, lane);
            equal(run, run.k(), equalK);
            if (tangents) {
                equal(run, run.t(), equalT);
            }
        }
        boolean isLast = apart == around - 1;
        if (!isLast && isTurnNeeded(2 * apart + 1)) {
            run.offsets(left, panel, 2 * apart + 1, lane);
        }
        if (isNeeded(apart)) {
            rows(run, apart, equalK, isLast ? lastK : run.k(), isLast, aboveK, room.planeK, lane, line);
            if (tangents) {
                rows(run, apart, equalT, isLast ? lastT : run.t(), isLast, aboveT, room.planeT, lane, line);
            }
        }
        if (!isLast && isTurnNeeded(2 * apart + 1)) {
            keep(run, 1, lane, aboveK, aboveT);
        }
    }

    /** Keeps the first row of each block, or the second. */
    private void keep(PlaneRun<A> run, int which, int lane, A toK, A toT) {
        int from = columnSources[0][0] * rows.lanes();
        for (int y = 0; y < rowSources.length; y++) {
            int at = run.at(rowSources[y][which]) + from;
            System.arraycopy(run.k(), at, toK, kept(lane, y), row());
            if (tangents) {
                System.arraycopy(run.t(), at, toT, kept(lane, y), row());
            }
        }
    }

    /** Where a row of lanes that begin at a column is kept. */
    private int kept(int lane, int y) {
        return lane / rows.lanes() * sums() + y * row();
    }

    private void equal(PlaneRun<A> run, A plane, A to) {
        int from = columnSources[0][0] * rows.lanes();
        for (int y = 0; y < rowSources.length; y++) {
            rows.plus(plane, run.at(rowSources[y][0]) + from, plane, run.at(rowSources[y][1]) + from, to, y * row(),
                    2 * columnSources.length);
        }
    }

    private void rows(PlaneRun<A> run, int apart, A equal, A below, boolean isKept, A above, A to, int lane, int line) {
        int from = columnSources[0][0] * rows.lanes();
        for (int y = 0; y < rowSources.length; y++) {
            int other = (y + apart) % around;
            if (other < rowSources.length) {
                int belowAt = isKept ? kept(lane, y) : run.at(rowSources[y][0]) + from;
                rows.halved(equal, y * row(), below, belowAt, above, kept(lane, y), to, at(y, 0, line) + lane / 2, line,
                        columnSources.length);
            }
        }
    }

    /** Adds up the columns of blocks, whatever right column they begin at, and takes those that are asked for. */
    private void columns(ImagePanel<A> panel, A all, int from, int line, Pooled<A> pooled, A to, int at, boolean adds) {
        int half = panel.around() / 2;
        A target = adds ? room.columnsK : to;
        int start = adds ? 0 : at;
        int sumLine = sumLine(half, rows.lanes());
        rows.joined(all, from, line, half, room.sumK, sumLine, columnSources.length, weight);
        if (pooled.period() * panel.offsets().size() == half && pooled.period() == columnSources.length) {
            rows.turned(room.sumK, sumLine, half, target, start, pooled.line(), pooled.line(), columnSources.length);
        } else {
            for (int x = 0; x < columnSources.length; x++) {
                row(panel, x, x * sumLine, half, pooled, target, start + x * pooled.line());
            }
        }
        if (adds) {
            rows.accumulate(target, 0, to, at, (pooled.width() * pooled.line() + rows.lanes() - 1) / rows.lanes());
        }
    }

    /** The sums of a left column with the columns of each image, where gaps lie between these: from where its offsets begin, around. */
    private void row(ImagePanel<A> panel, int x, int sums, int half, Pooled<A> pooled, A to, int at) {
        int images = panel.offsets().size();
        int width = columnSources.length;
        for (int image = 0; image < images; image++) {
            int from = Math.floorMod(image * (path.lastPeriod() / 2) - x, half);
            int first = Math.min(width, half - from);
            int begin = at + image * pooled.period();
            System.arraycopy(room.sumK, sums + from, to, begin, first);
            if (first < width) {
                System.arraycopy(room.sumK, sums, to, begin + first, width - first);
            }
        }
        int end = images * pooled.period();
        for (int c = end; c < pooled.line(); c += end) {
            System.arraycopy(to, at, to, at + c, Math.min(end, pooled.line() - c));
        }
    }
}
