package org.ntk4j.infinite.tile;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;

/**
 * Finished tiles of one kernel on disk: {@code TILES/FINGERPRINT/000001.tiles} and on. A tile is written at once if it took long; smaller
 * ones gather until a second or a hundredth of the time so far is over, so that files stay few and a kill costs little. What has another
 * fingerprint has another folder and is left alone.
 */
public final class Checkpoint {

    private static final long BATCH_BYTES = 8L << 20;
    private static final long LEAST_WAIT = TimeUnit.SECONDS.toNanos(1);
    private static final int SHARE_OF_TIME = 100;
    private static final String TEXT = TileShelf.FINGERPRINT;
    private static final String TILES = ".tiles";

    private final Path folder;
    private final Monitor monitor;
    private final Object writing = new Object();
    private long began = System.nanoTime();
    private List<TileValues> batch = new ArrayList<>();
    private long batchBytes;
    private long added;
    private long lastWritten = began;
    private int next = 1;

    private Checkpoint(Path folder, Monitor monitor) {
        this.folder = folder;
        this.monitor = monitor;
    }

    /**
     * The tiles with this fingerprint; makes their folder if there are none.
     *
     * @param tiles  the folder of the folders of tiles
     * @param others whether the user is told of tiles of other kernels
     * @throws Failure if it cannot be written
     */
    static Checkpoint open(Path tiles, Fingerprint fingerprint, boolean others, Monitor monitor) {
        Path folder = tiles.resolve(fingerprint.name());
        try {
            boolean there = Files.isDirectory(folder);
            if (!there && others) {
                others(tiles, fingerprint).forEach(monitor::note);
            }
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(TEXT), fingerprint.text());
        } catch (IOException e) {
            throw Failure.input(folder + ": finished tiles cannot be written there (" + e.getMessage() + ")");
        }
        return new Checkpoint(folder, monitor);
    }

    /** Whether there are tiles with this fingerprint. */
    static boolean exists(Path tiles, Fingerprint fingerprint) {
        try {
            return files(tiles.resolve(fingerprint.name())).stream().anyMatch(p -> p.toString().endsWith(TILES));
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> others(Path tiles, Fingerprint fingerprint) throws IOException {
        List<String> notes = new ArrayList<>();
        for (Path other : list(tiles)) {
            if (Files.isRegularFile(other.resolve(TEXT))) {
                List<String> lines = Files.readAllLines(other.resolve(TEXT), StandardCharsets.UTF_8);
                List<String> changed = fingerprint.lines().stream().filter(l -> !lines.contains(l)).map(l -> l.split(":")[0]).toList();
                notes.add(other + ": the tiles there are of another kernel (what changed: " + String.join(", ", changed)
                        + "); they stay, and this one starts anew");
            }
        }
        return notes;
    }

    private static List<Path> files(Path folder) throws IOException {
        return numbered(folder).stream().filter(Files::isRegularFile).toList();
    }

    /** Also what is no file: its number is taken. */
    private static List<Path> numbered(Path folder) throws IOException {
        return list(folder).stream()
                .filter(p -> p.getFileName().toString().matches("\\.?[0-9]{6,9}\\.tiles((\\.[0-9a-z-]+)?\\.writing)?")).toList();
    }

    /** Where the tiles are. */
    Path folder() {
        return folder;
    }

    /**
     * Reads the tiles that are there. A damaged file is named to the user and deleted: its tiles are computed again.
     *
     * @param take takes a tile over; false if it is not one of this kernel
     */
    void load(Predicate<TileValues> take) {
        try {
            for (Path any : numbered(folder)) {
                next = Math.max(next, Integer.parseInt(any.getFileName().toString().replaceAll("^\\.|\\.tiles.*", "")) + 1);
                if (Files.isDirectory(any)) {
                    monitor.note(any + " is a folder where finished tiles should be: it stays as it is");
                }
            }
            for (Path file : files(folder)) {
                if (file.getFileName().toString().endsWith(".writing")) {
                    Files.delete(file);
                    continue;
                }
                Optional<List<TileValues>> tiles = TileFile.read(file);
                if (tiles.isEmpty() || !tiles.get().stream().allMatch(take)) {
                    monitor.note(file + " is damaged: its tiles are computed again, all others are kept");
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw Failure.run(folder + ": the finished tiles cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** The largest number of a file that was there when it was loaded. */
    synchronized long lastNumber() {
        return next - 1L;
    }

    /**
     * The tile size of what is there of a kernel that differs in nothing else; 0 if there is none. Of several the one with the most files.
     *
     * @param tiles the folder of the folders of tiles
     */
    static int sizeThere(Path tiles, Fingerprint fingerprint) {
        int size = 0;
        int most = 0;
        try {
            for (Path other : list(tiles)) {
                int files = (int) files(other).stream().filter(p -> p.toString().endsWith(TILES)).count();
                if (files > most && Files.isRegularFile(other.resolve(TEXT))) {
                    int there = fingerprint.sizeIn(Files.readAllLines(other.resolve(TEXT), StandardCharsets.UTF_8));
                    most = there > 0 ? files : most;
                    size = there > 0 ? there : size;
                }
            }
        } catch (IOException e) {
            return 0;
        }
        return size;
    }

    /** When the work began, if that was before this was opened: tells tiles that took long, which are written at once. */
    synchronized void workedSince(long nanoTime) {
        began = nanoTime;
    }

    /**
     * Keeps a finished tile, now or with the next ones.
     *
     * @throws Failure if the disk does not take it
     */
    void add(TileValues tile) {
        List<TileValues> ripe;
        synchronized (this) {
            batch.add(tile);
            batchBytes += TileFile.bytes(tile.tile());
            added++;
            long now = System.nanoTime();
            long wait = Math.max(LEAST_WAIT, (now - began) / SHARE_OF_TIME);
            boolean slow = (now - began) / added > wait / 2;
            ripe = slow || batchBytes >= BATCH_BYTES || now - lastWritten >= wait ? taken(now) : List.of();
        }
        write(ripe);
    }

    /** Writes what has gathered. */
    void flush() {
        List<TileValues> rest;
        synchronized (this) {
            rest = taken(System.nanoTime());
        }
        write(rest);
    }

    private List<TileValues> taken(long now) {
        List<TileValues> ripe = batch;
        batch = new ArrayList<>();
        batchBytes = 0;
        lastWritten = now;
        return ripe;
    }

    private void write(List<TileValues> tiles) {
        if (tiles.isEmpty()) {
            return;
        }
        synchronized (writing) {
            Path file = folder.resolve(String.format(Locale.ROOT, "%06d", next) + TILES);
            try {
                TileFile.write(file, tiles);
                next++;
            } catch (IOException e) {
                throw Failure.run(file + ": cannot be written (" + e.getMessage()
                        + "); the tiles before it are kept, the same command goes on from there", e);
            }
        }
    }

    /** Deletes the tiles of a kernel, which are needed no more, and the folder above if it is empty then. */
    static void delete(Path folder) {
        try {
            // A folder among them is none of ours.
            for (Path file : list(folder).stream().filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
            deleteEmpty(folder);
            deleteEmpty(folder.getParent());
        } catch (IOException e) {
            throw Failure.run(folder + ": cannot be deleted (" + e.getMessage() + ")", e);
        }
    }

    /** Deletes a folder if there is nothing in it. */
    static void deleteEmpty(@Nullable Path folder) {
        try {
            if (folder != null && Files.isDirectory(folder) && list(folder).isEmpty()) {
                Files.delete(folder);
            }
        } catch (IOException e) {
            // Somebody else has begun to write into it: then it is not empty.
            return;
        }
    }

    /** Deletes the tiles of all kernels. */
    static void deleteAll(Path tiles) {
        try {
            list(tiles).stream().filter(Files::isDirectory).forEach(Checkpoint::delete);
        } catch (IOException e) {
            throw Failure.run(tiles + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }
}
