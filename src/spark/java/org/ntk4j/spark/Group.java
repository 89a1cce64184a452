package org.ntk4j.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.ntk4j.infinite.TileWork;
import org.ntk4j.infinite.tile.Tile;

/**
 * The tiles of one task, which go into one file.
 *
 * @param number of the file, counted from 1
 * @param bounds of each tile: rows from and to, columns from and to
 */
record Group(int number, int[][] bounds) implements Serializable {

    /** Lost with an executor at most, unless there were more tasks than Spark's driver can hold. */
    private static final double SECONDS = 20;
    private static final int MOST_TASKS = 100_000;
    private static final long MOST_BYTES = 8L << 20;
    /** So many tasks a core at least: the last ones end at about the same time. */
    private static final int TASKS_PER_CORE = 16;
    private static final double SECONDS_HELD = 300;
    private static final long MOST_HELD = 256L << 20;
    private static final int HELD_PER_CORE = 3;

    /** All tiles in groups for files, the heaviest first: those along the diagonal have half of the pairs. */
    static List<Group> of(List<Tile> tiles, TileWork job, int cores) {
        long bytes = 2L * Double.BYTES * job.tile() * job.tile();
        double wanted = Math.max(SECONDS / job.secondsPerTile(), (double) tiles.size() / MOST_TASKS);
        double most = Math.min(Math.min(wanted, (double) MOST_BYTES / bytes), (double) tiles.size() / ((long) TASKS_PER_CORE * cores));
        List<Group> groups = cut(tiles, (int) Math.max(1, most));
        boolean symmetric = job.x2().isEmpty();
        groups.sort(Comparator.comparingDouble((Group g) -> -g.pairs(symmetric)));
        return groups;
    }

    /** All tiles in groups that stay in memory: each product visits all of them, so that they are few. */
    static List<Group> held(List<Tile> tiles, TileWork job, int cores) {
        long bytes = (long) Double.BYTES * job.tile() * job.tile();
        double most = Math.min(Math.min(SECONDS_HELD / job.secondsPerTile(), (double) MOST_HELD / bytes),
                (double) tiles.size() / ((long) HELD_PER_CORE * cores));
        return cut(tiles, (int) Math.max(1, most));
    }

    private static List<Group> cut(List<Tile> tiles, int size) {
        List<Group> groups = new ArrayList<>();
        for (int from = 0; from < tiles.size(); from += size) {
            groups.add(new Group(groups.size() + 1, tiles.subList(from, Math.min(tiles.size(), from + size)).stream()
                    .map(t -> new int[] {t.i0(), t.i1(), t.j0(), t.j1()}).toArray(int[][]::new)));
        }
        return groups;
    }

    /** Its tiles. */
    List<Tile> tiles() {
        return Arrays.stream(bounds).map(b -> new Tile(b[0], b[1], b[2], b[3])).toList();
    }

    private double pairs(boolean symmetric) {
        return tiles().stream().mapToDouble(t -> symmetric && t.isDiagonal() ? t.size() / 2.0 : t.size()).sum();
    }
}
