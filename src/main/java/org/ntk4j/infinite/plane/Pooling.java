package org.ntk4j.infinite.plane;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.infinite.plane.path.PlanePath;
import org.ntk4j.infinite.plane.step.ImagePanel;
import org.ntk4j.infinite.plane.step.PlaneImage;
import org.ntk4j.infinite.plane.step.PlaneRun;
import org.ntk4j.infinite.plane.step.Pooled;
import org.ntk4j.moment.PlaneStep;
import org.ntk4j.rows.Rows;

/**
 * Takes an image and a panel's through a stage and pools their positions. What it adds up it adds up in the same order however many lanes
 * there are and wherever in the panel an image stands. Belongs to one thread.
 *
 * @param <A> the arrays of its numbers
 */
abstract sealed class Pooling<A> permits Pooling.NoPooling, PoolingByTwo, BlockPooling, WindowPooling {

    /** The most values that blocks are added up in; where they need more, windows take their place. */
    private static final long MOST_OF_BLOCKS = 64L << 20;

    final Rows<A> rows;
    final PlaneStages.Stage stage;
    final PlaneStep.Pool pool;
    final PlanePath path;
    final boolean tangents;
    final Room<A> room;
    private final PlaneStages planes;
    private final Kept<A> kept;

    /** What poolings one after the other work in. */
    static final class Room<A> {
        private final Rows<A> rows;
        A planeK;
        A planeT;
        A sumK;
        A sumT;
        A columnsK;
        A columnsT;
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

        void begin(int values, int ofSums, int ofColumns, boolean tangents) {
            if (values > plane) {
                planeK = rows.room(values);
                planeT = tangents ? rows.room(values) : planeK;
                plane = values;
            }
            if (ofColumns > columns) {
                columnsK = rows.room(ofColumns);
                columnsT = tangents ? rows.room(ofColumns) : columnsK;
                columns = ofColumns;
            }
            if (ofSums > sums) {
                sumK = rows.room(ofSums);
                sumT = tangents ? rows.room(ofSums) : sumK;
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
        private int room;
    }

    /** What poolings of a stage share. */
    record Given<A>(Rows<A> rows, Room<A> room, Kept<A> kept, PlaneStages planes, PlaneStages.Stage stage, boolean tangents) {
    }

    Pooling(Given<A> given) {
        this.rows = given.rows;
        this.stage = given.stage;
        this.pool = Objects.requireNonNull(stage.pool());
        this.path = stage.path();
        this.tangents = given.tangents;
        this.room = given.room;
        this.planes = given.planes;
        this.kept = given.kept;
    }

    /**
     * The pooling of a stage.
     *
     * @param room     shared with other poolings
     * @param kept     where its values go if it is the first to come to its node
     * @param tangents whether Θ is asked for, or K alone
     */
    static <A> Pooling<A> of(Rows<A> rows, Room<A> room, Kept<A> kept, PlaneStages planes, PlaneStages.Stage stage, boolean tangents) {
        Given<A> given = new Given<>(rows, room, kept, planes, stage, tangents);
        PlaneStep.Pool pool = Objects.requireNonNull(stage.pool());
        return pool.isNone() ? new NoPooling<>(given) : PoolingByTwo.fits(pool, stage.path(), rows.lanes())
                ? new PoolingByTwo<>(given) : isOfBlocks(pool, stage.path()) ? new BlockPooling<>(given) : new WindowPooling<>(given);
    }

    private static boolean isOfBlocks(PlaneStep.Pool pool, PlanePath path) {
        return BlockPooling.fits(pool.rows()) && BlockPooling.fits(pool.columns())
                && BlockPooling.work(pool, path, 1, PlaneStages.MOST_LANES) <= MOST_OF_BLOCKS;
    }

    /** The positions that go into each pooled one. */
    static int[][] sources(PlaneStep.Axis axis) {
        int[][] sources = new int[axis.after()][0];
        for (int p = 0; p < axis.before(); p++) {
            for (int to : axis.targets()[p]) {
                sources[to] = Arrays.copyOf(sources[to], sources[to].length + 1);
                sources[to][sources[to].length - 1] = p;
            }
        }
        return sources;
    }

    /** Values that it works in for this many images in a panel, K and Θ together. */
    static long work(PlaneStep.Pool pool, PlanePath path, int images, int lanes) {
        return pool.isNone() ? 0 : PoolingByTwo.fits(pool, path, lanes) ? PoolingByTwo.work(pool, path, images, lanes)
                : isOfBlocks(pool, path) ? BlockPooling.work(pool, path, images, lanes)
                : WindowPooling.work(pool, path, images, lanes);
    }

    /** How many planes it keeps besides those of the run for this many images in a panel. */
    static int planes(PlaneStages.Stage stage, int images, int lanes) {
        PlaneStep.Pool pool = stage.pool();
        if (pool == null || pool.isNone()) {
            return 0;
        }
        return PoolingByTwo.fits(pool, stage.path(), PlaneStages.MOST_LANES) ? PoolingByTwo.planes(stage.path(), images, lanes)
                : isOfBlocks(pool, stage.path()) ? BlockPooling.planes(pool, stage.path()) : 0;
    }

    /**
     * Takes an image and a panel's through the stage.
     *
     * @param sum    what is added to; null: nothing has come yet
     * @param itself whether the panel is that image: then half of the planes are enough where opposite offsets give the same bits
     */
    abstract Pooled<A> pooled(PlaneRun<A> run, PlaneImage<A> left, ImagePanel<A> panel, @Nullable Pooled<A> sum, boolean itself);

    final boolean isTurnNeeded(int turn) {
        return turn <= stage.rows() || path.turns() - turn <= stage.rows();
    }

    final boolean isLaneNeeded(int lane) {
        int period = path.lastPeriod();
        return IntStream.range(lane, lane + rows.lanes())
                .anyMatch(c -> c % period <= stage.columns() || period - c % period <= stage.columns());
    }

    /** How long the lines of a panel are before the pooling. */
    final int planeLine(ImagePanel<A> panel) {
        return panel.around() + path.last().width() + rows.lanes();
    }

    /** Where values of a panel go, those of the one before it if it was as wide: of these each will have been written again. */
    final Pooled<A> first(ImagePanel<A> panel) {
        int line = planes.line(stage.to(), panel.offsets().size(), rows.lanes());
        Pooled<A> last = kept.last;
        if (last == null || last.line() != line) {
            int values = pool.rows().after() * pool.rows().after() * pool.columns().after() * line + rows.lanes();
            last = last != null && values <= kept.room ? cleared(last, values, line) : pooled(values, line);
            kept.room = Math.max(values, kept.room);
            kept.last = last;
        }
        return last;
    }

    private Pooled<A> pooled(int values, int line) {
        A k = rows.room(values);
        return new Pooled<>(k, tangents ? rows.room(values) : k, pool.rows().after(), pool.columns().after(), planes.period(stage.to()),
                line);
    }

    /** Its arrays for lines of another length: garbage of their size would outlive what it was for. */
    private Pooled<A> cleared(Pooled<A> last, int values, int line) {
        int places = (values + rows.lanes() - 1) / rows.lanes();
        int whole = Math.min(places * rows.lanes(), kept.room / rows.lanes() * rows.lanes());
        A zero = rows.room(rows.lanes());
        for (A array : tangents ? List.of(last.k(), last.t()) : List.of(last.k())) {
            rows.clear(array, 0, whole / rows.lanes());
            System.arraycopy(zero, 0, array, whole, Math.max(0, values - whole));
        }
        return new Pooled<>(last.k(), last.t(), last.height(), last.width(), last.period(), line);
    }

    /** Puts right columns that have gone beyond the last one to the beginning, and the first ones, up to an end, behind the last. */
    static <A> void around(A values, int at, int beyond, int end, int around) {
        System.arraycopy(values, at + around, values, at, beyond);
        for (int c = around; c < end; c += around) {
            System.arraycopy(values, at + c - around, values, at + c, Math.min(around, end - c));
        }
    }

    /** Keeps all positions for a node to which several stages go. */
    static final class NoPooling<A> extends Pooling<A> {

        NoPooling(Given<A> given) {
            super(given);
        }

        @Override
        Pooled<A> pooled(PlaneRun<A> run, PlaneImage<A> left, ImagePanel<A> panel, @Nullable Pooled<A> sum, boolean itself) {
            Pooled<A> pooled = sum == null ? first(panel) : sum;
            int turns = itself ? path.turns() / 2 + 1 : path.turns();
            for (int turn = 0; turn < turns; turn++) {
                for (int lane = 0; lane < panel.around() && isTurnNeeded(turn); lane += rows.lanes()) {
                    if (isLaneNeeded(lane)) {
                        run.offsets(left, panel, turn, lane);
                        if (sum == null) {
                            run.spread(pooled.k(), pooled.t(), (y, other) -> pooled.at(y, other, 0), pooled.line());
                        } else {
                            run.addSpread(pooled.k(), pooled.t(), (y, other) -> pooled.at(y, other, 0), pooled.line());
                        }
                    }
                }
            }
            int[] exchanged = itself ? pooled.exchanged() : new int[0];
            for (int y = 0; y < pooled.height(); y++) {
                for (int other = 0; other < pooled.height(); other++) {
                    int turn = Math.floorMod(other - y, path.turns());
                    if (turn >= turns) {
                        continue;
                    }
                    for (int x = 0; x < pooled.width() && isTurnNeeded(turn); x++) {
                        around(pooled.k(), pooled.at(y, other, x), x, pooled.line(), panel.around());
                        if (tangents) {
                            around(pooled.t(), pooled.at(y, other, x), x, pooled.line(), panel.around());
                        }
                    }
                    if (turn > 0 && path.turns() - turn >= turns) {
                        pooled.mirror(rows, y, other, exchanged, tangents);
                    }
                }
            }
            return pooled;
        }
    }
}
