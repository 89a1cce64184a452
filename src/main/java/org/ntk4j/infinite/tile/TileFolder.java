package org.ntk4j.infinite.tile;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Monitor;
import org.ntk4j.files.FolderLock;
import org.ntk4j.kernel.KernelFile;

/**
 * Where kernels leave on disk what must not be lost: finished tiles, until the kernel is saved, and kernels too large for the memory. Only
 * one process at a time may use a folder.
 */
public final class TileFolder {

    private final Path folder;
    private final boolean always;
    private final boolean resuming;
    private final boolean shared;
    private final boolean own;
    private final Set<Path> used;
    private @Nullable Path held;
    private @Nullable FolderLock lock;

    private TileFolder(Path folder, boolean always, boolean resuming, boolean shared, boolean own, Set<Path> used) {
        this.folder = folder;
        this.always = always;
        this.resuming = resuming;
        this.shared = shared;
        this.own = own;
        this.used = used;
    }

    /** Every finished tile is kept, in {@code FOLDER/tiles}. */
    public static TileFolder always(Path folder) {
        return new TileFolder(folder, true, false, false, false, new LinkedHashSet<>());
    }

    /** Finished tiles are kept if the kernel is expected to take more than a minute. */
    public static TileFolder whenLong(Path folder) {
        return new TileFolder(folder, false, false, false, false, new LinkedHashSet<>());
    }

    /**
     * For one kernel that nobody has given a folder: {@code FOLDER/FINGERPRINT}, the same for the same kernel, made and locked when the
     * first file is to be written; {@link #release} it at the end. Tiles are kept if the kernel is expected to take more than a minute.
     */
    public static TileFolder within(Path folder) {
        return new TileFolder(folder, false, false, true, true, new LinkedHashSet<>());
    }

    /** This folder where the user expects tiles to be there: says so if there are none. */
    public TileFolder resuming() {
        return new TileFolder(folder, always, true, shared, own, used);
    }

    /** This folder for several kernels at a time: tiles of another one are not worth a message. */
    public TileFolder shared() {
        return new TileFolder(folder, always, resuming, true, own, used);
    }

    /** Deletes the tiles of all kernels that were computed with this folder: they are saved elsewhere. */
    public void saved() {
        used.forEach(Checkpoint::delete);
        used.clear();
    }

    /** Deletes all tiles that are there, of whichever kernel. */
    public void clear() {
        Checkpoint.deleteAll(folder.resolve("tiles"));
        used.clear();
    }

    /** Gives a folder back that was locked here; one with nothing in it is deleted. */
    public void release() {
        if (lock != null) {
            lock.release();
            lock = null;
            if (held != null) {
                Checkpoint.deleteEmpty(held);
            }
            Checkpoint.deleteEmpty(folder);
        }
    }

    /**
     * Where a kernel goes that the memory does not hold.
     *
     * @param bytes what there must be room for on the disk
     */
    public Path file(String name, Supplier<Fingerprint> fingerprint, long bytes) {
        Path path = at(fingerprint);
        KernelFile.prepare(path, bytes);
        return path.resolve(name);
    }

    /**
     * The tile size of finished tiles of this kernel, which those that are still missing must have too: it depends on the machine that
     * began; 0 if there are none.
     */
    public int sizeThere(Supplier<Fingerprint> fingerprint) {
        return !own && Files.isDirectory(folder.resolve("tiles")) ? Checkpoint.sizeThere(folder.resolve("tiles"), fingerprint.get()) : 0;
    }

    /** Whether there are tiles of this kernel. */
    public boolean hasTiles(Supplier<Fingerprint> fingerprint) {
        return Files.isDirectory(folder) && Checkpoint.exists(path(fingerprint).resolve("tiles"), fingerprint.get());
    }

    /** The tiles as other machines fill them. */
    public TileShelf shelf(Supplier<Fingerprint> fingerprint, Grid grid, Monitor monitor) {
        return TileShelf.of(open(fingerprint, monitor), grid);
    }

    /** The tiles from the beginning, where they are wanted or are there already. */
    public Optional<Checkpoint> atBeginning(Supplier<Fingerprint> fingerprint, Monitor monitor) {
        // A fingerprint reads all inputs: not where nothing can be there.
        boolean there = hasTiles(fingerprint);
        if (resuming && !there) {
            monitor.note("nothing to resume: " + folder.resolve("tiles") + " has no tiles of this kernel; starting from the beginning");
        }
        return always || there ? Optional.of(open(fingerprint, monitor)) : Optional.empty();
    }

    public Checkpoint open(Supplier<Fingerprint> fingerprint, Monitor monitor) {
        Checkpoint checkpoint = Checkpoint.open(at(fingerprint).resolve("tiles"), fingerprint.get(), !shared, monitor);
        used.add(checkpoint.folder());
        return checkpoint;
    }

    private Path path(Supplier<Fingerprint> fingerprint) {
        return own ? folder.resolve(fingerprint.get().name()) : folder;
    }

    private Path at(Supplier<Fingerprint> fingerprint) {
        Path path = path(fingerprint);
        if (own && lock == null) {
            KernelFile.prepare(path, 0);
            held = path;
            lock = FolderLock.hold(path);
        }
        return path;
    }
}
