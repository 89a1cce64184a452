package org.ntk4j.infinite.tile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.ntk4j.base.Failure;

/**
 * The files of a checkpoint as other machines fill them: which tiles are there, and under which number a machine may leave which ones.
 * Every job has a million numbers of its own, so that what a machine of an earlier one still writes falls on none of these.
 *
 * @param folder where the files are
 * @param grid   of the kernel
 * @param there  the numbers of the tiles that are there, in the order of the grid
 * @param last   the number after which files are new
 */
public record TileShelf(Path folder, Grid grid, BitSet there, long last) {

    /** The text that tells one kernel's folder from another's. */
    public static final String FINGERPRINT = "fingerprint.txt";
    private static final String MANIFEST = "manifest.csv";
    private static final long NUMBERS = 1_000_000;

    /** What a checkpoint has; damaged files are named to the user and deleted. */
    static TileShelf of(Checkpoint checkpoint, Grid grid) {
        BitSet there = new BitSet();
        List<Tile> found = new ArrayList<>();
        checkpoint.load(values -> {
            long index = grid.index(values.tile());
            if (index >= 0) {
                there.set(Math.toIntExact(index));
                found.add(values.tile());
            }
            return index >= 0;
        });
        long last = (checkpoint.lastNumber() + NUMBERS - 1) / NUMBERS * NUMBERS;
        TileShelf shelf = new TileShelf(checkpoint.folder(), grid, there, last);
        shelf.list("file,row,column,rows,columns,checksum,seconds\n"
                + String.join("", found.stream().map(t -> "," + place(t) + ",,\n").toList()), false);
        return shelf;
    }

    /** Tiles that are not there, in the order of the grid. */
    public List<Tile> missing() {
        List<Tile> missing = new ArrayList<>();
        int index = 0;
        for (Iterator<Tile> tiles = grid.iterator(); tiles.hasNext(); index++) {
            Tile t = tiles.next();
            if (!there.get(index)) {
                missing.add(t);
            }
        }
        return missing;
    }

    /** The name of the {@code n}th new file, counted from 1. */
    public static String file(long last, int n) {
        return String.format(Locale.ROOT, "%06d.tiles", last + n);
    }

    /**
     * Writes a file of tiles of less than 2 GiB together, under a name that no other attempt has, and renames it when it is on the disk.
     *
     * @param attempt letters, digits and {@code -}
     * @return the checksum of its bytes
     */
    public static long write(Path file, List<TileValues> tiles, String attempt) throws IOException {
        return TileFile.write(file, tiles, "." + attempt);
    }

    /**
     * Adds lines to {@code manifest.csv}, for a reader: tiles, in which file, what each took.
     *
     * @param seconds of each
     */
    public void wrote(String file, List<Tile> tiles, long checksum, double[] seconds) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < seconds.length; i++) {
            lines.append(String.format(Locale.ROOT, "%s,%s,%08x,%.3f%n", file, place(tiles.get(i)), checksum, seconds[i]));
        }
        list(lines.toString(), true);
    }

    private static String place(Tile t) {
        return t.i0() + "," + t.j0() + "," + t.rows() + "," + t.columns();
    }

    private void list(String text, boolean more) {
        try {
            if (more) {
                Files.writeString(folder.resolve(MANIFEST), text, StandardCharsets.UTF_8, StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } else {
                Files.writeString(folder.resolve(MANIFEST), text);
            }
        } catch (IOException e) {
            throw Failure.run(folder.resolve(MANIFEST) + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }
}
