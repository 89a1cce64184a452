package org.ntk4j.infinite.plane;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.infinite.plane.step.ImagePanel;
import org.ntk4j.infinite.plane.step.PlaneImage;
import org.ntk4j.infinite.plane.step.PlaneRun;
import org.ntk4j.infinite.plane.step.Pooled;
import org.ntk4j.moment.PlaneStep;

/**
 * Pooling by blocks of one size, where no position goes into two. Lanes by lanes, all turns one after the other: the planes of the last
 * ones are kept, so that rows of a block are added up while they are near; at the end come the columns.
 *
 * <p>A block of positions a of the left image and b of the right one is added up as {@code Σ (a, a) + Σ_{a < b} ((a, b) + (b, a))}. So a
 * pair and the one with left and right exchanged have the same bits, and of an image with itself half of the turns are enough.
 */
final class BlockPooling<A> extends Pooling<A> {

    private final int[][] rowSources;
    private final int[][] columnSources;
    /** How far rows of a block lie apart at most. */
    private final int lead;
    /** Columns of a block. */
    private final int size;
    private final double weight;
    /** The planes that are kept of K and of Θ. */
    private final A[] keptK;
    private final A[] keptT;
    /** By the turn, counted in their order, after which all is there: the pairs of pooled rows. */
    private final List<List<int[]>> ready;
    /** By the number of images in a panel: where the pooled values of two rows stand among all sums. */
    private final Map<Integer, int[]> places = new HashMap<>();

    BlockPooling(Given<A> given) {
        super(given);
        this.rowSources = sources(pool.rows());
        this.columnSources = sources(pool.columns());
        this.lead = lead(pool);
        this.size = size(columnSources);
        this.weight = weight(pool);
        int planes = planes(pool, path);
        this.keptK = rows.arrays(planes);
        this.keptT = rows.arrays(planes);
        this.ready = ready();
    }

    /** Whether all positions go into one, or none, and each pooled one is made of as many that lie side by side, or of none. */
    static boolean fits(PlaneStep.Axis axis) {
        int most = size(sources(axis));
        return Arrays.stream(axis.targets()).allMatch(to -> to.length <= 1)
                && Arrays.stream(axis.weights()).allMatch(weight -> weight == axis.weights()[0])
                && Arrays.stream(sources(axis)).allMatch(s -> s.length == 0 || s.length == most && s[most - 1] - s[0] == most - 1);
    }

    private static int size(int[][] sources) {
        return Arrays.stream(sources).mapToInt(s -> s.length).max().orElse(0);
    }

    /** What each value of a block of two images counts: the weights of its rows and columns on both sides. */
    static double weight(PlaneStep.Pool pool) {
        return pool.rows().weights()[0] * pool.rows().weights()[0] * (pool.columns().weights()[0] * pool.columns().weights()[0]);
    }

    private static int lead(PlaneStep.Pool pool) {
        return Math.max(0, size(sources(pool.rows())) - 1);
    }

    /** The planes that are kept: those of the first turns, which come around again, and of the last ones. */
    static int planes(PlaneStep.Pool pool, PlanePath path) {
        return Math.min(path.turns(), 4 * lead(pool) + 1);
    }

    static long work(PlaneStep.Pool pool, PlanePath path, int images, int lanes) {
        long line = line(path, size(sources(pool.columns())), images * path.lastPeriod(), lanes);
        long pairs = (long) pool.rows().after() * pool.rows().after();
        return 2 * (pairs * path.last().width() * line + 2 * line * pool.columns().after() + (long) path.width() * lanes);
    }

    private static int line(PlanePath path, int size, int around, int lanes) {
        return around + path.last().width() + Math.max(lanes, 2 * size);
    }

    private int position(int apart) {
        return Math.floorMod(apart + lead, path.turns());
    }

    /** Where the plane of a turn is kept. */
    private int slot(int position) {
        return keptK.length == path.turns() || position < 2 * lead ? position : 2 * lead + (position - 2 * lead) % (2 * lead + 1);
    }

    private List<List<int[]>> ready() {
        List<List<int[]>> pairs = IntStream.range(0, path.turns()).<List<int[]>>mapToObj(p -> new ArrayList<>()).toList();
        for (int y = 0; y < rowSources.length; y++) {
            for (int other = 0; other < rowSources.length; other++) {
                int last = 0;
                boolean isNeeded = true;
                for (int one : rowSources[y]) {
                    for (int with : rowSources[other]) {
                        last = Math.max(last, position(with - one));
                        isNeeded &= isTurnNeeded(Math.floorMod(with - one, path.turns()));
                    }
                }
                if (isNeeded) {
                    pairs.get(last).add(new int[] {y, other});
                }
            }
        }
        return pairs;
    }

    @Override
    Pooled<A> pooled(PlaneRun<A> run, PlaneImage<A> left, ImagePanel<A> panel, @Nullable Pooled<A> sum, boolean itself) {
        Pooled<A> pooled = sum == null ? first(panel) : sum;
        int width = path.last().width();
        int line = line(path, size, panel.around(), rows.lanes());
        int block = width * line;
        int values = pooled.width() * pooled.line();
        room.begin(rowSources.length * rowSources.length * block + line,
                columnSources.length * (panel.around() + rows.lanes()) + rows.lanes(),
                Math.max(values + rows.lanes(), path.width() * rows.lanes()), tangents);
        int count = itself ? Math.min(path.turns(), path.turns() / 2 + 2 * lead + 1) : path.turns();
        for (int lane = 0; lane < panel.around(); lane += rows.lanes()) {
            for (int position = 0; position < count && isLaneNeeded(lane); position++) {
                int turn = Math.floorMod(position - lead, path.turns());
                if (isTurnNeeded(turn)) {
                    run.offsets(left, panel, turn, lane);
                    run.exchange(keptK, keptT, slot(position));
                }
                for (int[] pair : ready.get(position)) {
                    int to = (pair[0] * rowSources.length + pair[1]) * block + lane;
                    rows(run, pair[0], pair[1], keptK, room.columnsK);
                    rows.spread(room.columnsK, 0, room.planeK, to, line + 1, width);
                    if (tangents) {
                        rows(run, pair[0], pair[1], keptT, room.columnsT);
                        rows.spread(room.columnsT, 0, room.planeT, to, line + 1, width);
                    }
                }
            }
        }
        int sums = (panel.around() + rows.lanes() - 1) / rows.lanes() * rows.lanes();
        int[] from = places.computeIfAbsent(panel.offsets().size(), images -> places(pooled, images, sums));
        int[] begins = begins(line);
        for (int position = 0; position < count; position++) {
            for (int[] pair : ready.get(position)) {
                int at = (pair[0] * rowSources.length + pair[1]) * block;
                columns(room.planeK, at, begins, line, panel.around(), from, pooled.k(), pooled.at(pair[0], pair[1], 0), sum != null);
                if (tangents) {
                    columns(room.planeT, at, begins, line, panel.around(), from, pooled.t(), pooled.at(pair[0], pair[1], 0), sum != null);
                }
            }
        }
        int[] exchanged = itself ? pooled.exchanged() : from;
        for (int position = count; position < path.turns(); position++) {
            for (int[] pair : ready.get(position)) {
                pooled.mirror(rows, pair[1], pair[0], exchanged, tangents);
            }
        }
        return pooled;
    }

    /** Adds up the rows of a block. */
    private void rows(PlaneRun<A> run, int y, int other, A[] kept, A to) {
        int[] one = rowSources[y];
        int[] with = rowSources[other];
        int width = path.last().width();
        if (one.length == 0 || with.length == 0) {
            rows.clear(to, 0, width);
            return;
        }
        System.arraycopy(kept[slot(position(with[0] - one[0]))], run.at(one[0]), to, 0, width * rows.lanes());
        for (int a = 1; a < one.length; a++) {
            rows.accumulate(kept[slot(position(with[a] - one[a]))], run.at(one[a]), to, 0, width);
        }
        for (int a = 0; a < one.length; a++) {
            for (int b = a + 1; b < one.length; b++) {
                rows.accumulate(kept[slot(position(with[b] - one[a]))], run.at(one[a]), kept[slot(position(with[a] - one[b]))],
                        run.at(one[b]), to, 0, width);
            }
        }
    }

    /** Where the first right column of each left block stands, that of a block that begins behind all columns of the left one. */
    private int[] begins(int line) {
        return Arrays.stream(columnSources).mapToInt(s -> s.length == 0 ? 0 : s[0] * (line + 1) + size - 1).toArray();
    }

    /** Where a pooled left column with one of the panel's stands: right columns before those come around behind the others. */
    private int[] places(Pooled<A> pooled, int images, int sums) {
        int[] from = new int[pooled.width() * pooled.line()];
        for (int i = 0; i < from.length; i++) {
            int x = i / pooled.line();
            int column = i % pooled.line() % (images * pooled.period());
            int other = column % pooled.period();
            boolean isThere = other < columnSources.length && columnSources[other].length > 0 && columnSources[x].length > 0;
            from[i] = isThere ? x * sums + Math.floorMod(column / pooled.period() * path.lastPeriod() + columnSources[other][0]
                    - columnSources[x][0] - size + 1, images * path.lastPeriod()) : columnSources.length * sums;
        }
        return from;
    }

    /** Adds up the columns of a block of rows, whatever right column they begin at, and takes those that are asked for. */
    private void columns(A all, int at, int[] begins, int line, int around, int[] from, A to, int toAt, boolean adds) {
        int lanes = rows.lanes();
        int across = (around + lanes - 1) / lanes;
        for (int x = 0; x < path.last().width() && across * lanes < around + 2 * (size - 1); x++) {
            System.arraycopy(all, at + x * (line + 1), all, at + x * (line + 1) + around, 2 * (size - 1));
        }
        rows.blocks(all, at, begins, size, line, room.sumK, across);
        rows.clear(room.sumK, begins.length * across * lanes, 1);
        rows.pick(room.sumK, 0, from, room.columnsK, 0, from.length);
        int places = (from.length + lanes - 1) / lanes;
        rows.scale(room.columnsK, 0, places, weight);
        if (adds) {
            rows.accumulate(room.columnsK, 0, to, toAt, places);
        } else {
            System.arraycopy(room.columnsK, 0, to, toAt, from.length);
        }
    }
}
