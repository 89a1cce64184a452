package org.ntk4j.infinite.tile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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

    /** The text that tells this kernel from others. */
    public String fingerprint() {
        try {
            return Files.readString(folder.resolve(FINGERPRINT));
        } catch (IOException e) {
            throw Failure.run(folder + ": the finished tiles cannot be read (" + e.getMessage() + ")", e);
        }
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
     * Writes the bytes of such a file to where no {@link Path} leads.
     *
     * @return their checksum
     */
    public static long write(OutputStream out, List<TileValues> tiles) throws IOException {
        return TileFile.write(Channels.newChannel(out), tiles);
    }

    /** The number after which files of a job are new that leaves them elsewhere: not those of this folder, nor those that are there. */
    public static long lastBeyond(List<String> files) {
        long most = files.stream().filter(TileShelf::isFile).mapToLong(f -> Long.parseLong(f.substring(0, f.indexOf('.')))).max().orElse(0);
        return (most / NUMBERS + 1) * NUMBERS;
    }

    /** Whether a file of this name has tiles. */
    public static boolean isFile(String name) {
        return name.matches("[0-9]{6,9}\\.tiles");
    }

    /** Whether a file of this name and length is here. */
    public boolean has(String file, long bytes) throws IOException {
        Path path = folder.resolve(file);
        return Files.isRegularFile(path) && Files.size(path) == bytes;
    }

    /**
     * Takes in a file that came from elsewhere, with what then is there.
     *
     * @return false if it is damaged: then it is not kept
     */
    public boolean takeIn(String file, InputStream bytes) throws IOException {
        Path aside = folder.resolve("." + file + ".fetched.writing");
        Files.copy(bytes, aside, StandardCopyOption.REPLACE_EXISTING);
        Optional<List<TileValues>> tiles = TileFile.read(aside);
        if (tiles.isEmpty() || tiles.get().stream().anyMatch(t -> grid.index(t.tile()) < 0)) {
            Files.delete(aside);
            return false;
        }
        Files.move(aside, folder.resolve(file), StandardCopyOption.ATOMIC_MOVE);
        synchronized (there) {
            tiles.get().forEach(t -> there.set(Math.toIntExact(grid.index(t.tile()))));
        }
        return true;
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
