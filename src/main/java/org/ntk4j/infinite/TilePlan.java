package org.ntk4j.infinite;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.ntk4j.base.Monitor;
import org.ntk4j.files.Table;
import org.ntk4j.infinite.tile.Engine;
import org.ntk4j.infinite.tile.Grid;
import org.ntk4j.infinite.tile.Tile;
import org.ntk4j.kernel.Blas;

/**
 * What the tiles of a kernel are going to take, on any number of cores: a tile is timed here, on one core.
 *
 * @param grid    of the kernel
 * @param seconds that a whole tile took
 * @param memory  bytes that an executor of four cores needs at least
 * @param inputs  bytes of the inputs, which go to each executor
 */
public record TilePlan(Grid grid, double seconds, long memory, long inputs) {

    private static final List<Integer> CORES = List.of(1, 64, 256, 1000);
    private static final int AT_ONCE = 4;
    private static final long LONG_ENOUGH = TimeUnit.SECONDS.toNanos(8);
    private static final int MOST_TIMES = 100;
    private static final double GIGA = 1e9;
    private static final double SECONDS_OF_HOUR = 3600;

    /** Times a tile of a job: again and again for some seconds, until Java has compiled what it needs, and the fastest counts. */
    public static TilePlan of(TileJob job, Monitor monitor) {
        Grid grid = job.grid();
        Tile tile = new Tile(0, Math.min(job.tile(), grid.rows()), Math.max(0, grid.columns() - job.tile()), grid.columns());
        if (grid.symmetric() && tile.j0() < tile.i1()) {
            // Too few inputs for a whole tile off the diagonal: the kernel is this one.
            tile = new Tile(0, tile.i1(), 0, tile.i1());
        }
        double best = Double.MAX_VALUE;
        // What else this machine does is not to count.
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Blas.setThreads(1);
        try (Engine engine = job.engine(); Monitor.Task task = monitor.begin("timing a tile", 0)) {
            long began = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < MOST_TIMES && (i < 2 || threads.getCurrentThreadCpuTime() - began < LONG_ENOUGH)
                    && !monitor.cancelled(); i++) {
                long start = threads.getCurrentThreadCpuTime();
                engine.tile(tile);
                best = Math.min(best, 1e-9 * (threads.getCurrentThreadCpuTime() - start));
                task.done(i + 1);
            }
        }
        double whole = (double) job.tile() * job.tile() / pairs(tile, grid);
        long inputs = (long) Double.BYTES * (job.x1().values().length + job.x2().map(x -> x.values().length).orElse(0));
        return new TilePlan(grid, best * whole, MemoryNeed.least(job, AT_ONCE), inputs);
    }

    private static double pairs(Tile t, Grid grid) {
        return grid.symmetric() && t.isDiagonal() ? t.size() / 2.0 + t.rows() / 2.0 : t.size();
    }

    /** Hours of one core for all tiles. */
    public double coreHours() {
        double pairs = grid.symmetric() ? (double) grid.rows() * (grid.rows() + 1.0) / 2 : (double) grid.rows() * grid.columns();
        return pairs / ((double) grid.side() * grid.side()) * seconds / SECONDS_OF_HOUR;
    }

    /** Bytes of all tiles, both kernels. */
    public double bytes() {
        double pairs = grid.symmetric() ? (double) grid.rows() * (grid.rows() + grid.side()) / 2 : (double) grid.rows() * grid.columns();
        return 2 * Double.BYTES * pairs;
    }

    /**
     * In words and a table.
     *
     * @param cores of the cluster that is meant; 0 if that is not known
     * @param price of a core for an hour
     * @param where tiles go
     */
    public String text(int cores, OptionalDouble price, String where) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "K_∞ and Θ_∞, %d × %d: %,d tiles of %d × %d%n", grid.rows(),
                grid.columns(), grid.count(), grid.side(), grid.side()));
        text.append(String.format(Locale.ROOT, "a tile takes %.3g s on one core of this machine, all of them %.3g core-hours%n", seconds,
                coreHours()));
        text.append(String.format(Locale.ROOT, "finished tiles take %.3g GB; with --spark they go to %s%n"
                + "%.3g GB of inputs go to each executor%n", bytes() / GIGA, where, inputs / GIGA));
        text.append(String.format(Locale.ROOT, "an executor of %d cores needs at least %d MiB of memory%n%n", AT_ONCE, (memory >> 20) + 1));
        List<Integer> all = cores > 0 && !CORES.contains(cores)
                ? Stream.concat(CORES.stream(), Stream.of(cores)).sorted().toList() : CORES;
        // More cores than tiles have nothing to do.
        List<List<Object>> rows = all.stream().map(n -> {
            double hours = Math.max(coreHours() / Math.min(n, grid.count()), seconds / SECONDS_OF_HOUR);
            List<Object> row = new ArrayList<>(List.of(n, String.format(Locale.ROOT, "%.3g", hours)));
            price.ifPresent(p -> row.add(String.format(Locale.ROOT, "%.2f", hours * n * p)));
            return row;
        }).toList();
        return text + new Table(price.isPresent() ? List.of("cores", "hours", "dollars") : List.of("cores", "hours"), rows).text(80);
    }
}
