package org.ntk4j.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.ntk4j.infinite.TileJob;
import org.ntk4j.infinite.tile.Tile;

/**
 * The tiles of one task, which go into one file.
 *
 * @param number of the file, counted from 1
 * @param bounds of each tile: rows from and to, columns from and to
 */
record Group(int number, int[][] bounds) implements Serializable {

    /** Lost with an executor at most. */
    private static final double SECONDS = 20;
    private static final long MOST_BYTES = 8L << 20;
    /** So many tasks a core at least: the last ones end at about the same time. */
    private static final int TASKS_PER_CORE = 16;

    /** All tiles in groups, the heaviest first: those along the diagonal have half of the pairs. */
    static List<Group> of(List<Tile> tiles, TileJob job, int cores) {
        long bytes = 2L * Double.BYTES * job.tile() * job.tile();
        double most = Math.min(Math.min(SECONDS / job.secondsPerTile(), (double) MOST_BYTES / bytes),
                (double) tiles.size() / ((long) TASKS_PER_CORE * cores));
        int size = (int) Math.max(1, most);
        List<Group> groups = new ArrayList<>();
        for (int from = 0; from < tiles.size(); from += size) {
            groups.add(new Group(groups.size() + 1, tiles.subList(from, Math.min(tiles.size(), from + size)).stream()
                    .map(t -> new int[] {t.i0(), t.i1(), t.j0(), t.j1()}).toArray(int[][]::new)));
        }
        boolean symmetric = job.x2().isEmpty();
        groups.sort(Comparator.comparingDouble((Group g) -> -g.pairs(symmetric)));
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
