package org.ntk4j.infinite;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.ntk4j.Monitor;

/**
 * Where kernels leave on disk what must not be lost: finished tiles, until the kernel is saved, and kernels too large for the memory. Only one
 * process at a time may use a folder.
 */
public final class TileFolder {

    private final Path folder;
    private final boolean always;
    private final boolean resuming;
    private final boolean shared;
    private final Set<Path> used = new LinkedHashSet<>();

    private TileFolder(Path folder, boolean always, boolean resuming, boolean shared) {
        this.folder = folder;
        this.always = always;
        this.resuming = resuming;
        this.shared = shared;
    }

    /** Every finished tile is kept, in {@code FOLDER/tiles}. */
    public static TileFolder always(Path folder) {
        return new TileFolder(folder, true, false, false);
    }

    /** Finished tiles are kept if the kernel is expected to take more than a minute. */
    public static TileFolder whenLong(Path folder) {
        return new TileFolder(folder, false, false, false);
    }

    /** The same where the user expects tiles to be there: says so if there are none. */
    public TileFolder resuming() {
        return new TileFolder(folder, always, true, shared);
    }

    /** The same for several kernels at a time: tiles of another one are nothing to speak of. */
    public TileFolder shared() {
        return new TileFolder(folder, always, resuming, true);
    }

    /** Deletes the tiles of all kernels that were computed with this folder: they are saved elsewhere. */
    public void saved() {
        used.forEach(Checkpoint::delete);
        used.clear();
    }

    /** Deletes all tiles that are there, of whichever kernel. */
    public void clear() {
        Checkpoint.deleteAll(tiles());
        used.clear();
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    /** The tiles from the beginning, where they are wanted or are there already. */
    Optional<Checkpoint> atBeginning(Fingerprint fingerprint, Monitor monitor) {
        boolean there = Checkpoint.exists(tiles(), fingerprint);
        if (resuming && !there) {
            monitor.note("nothing to resume: " + tiles() + " has no tiles of this kernel; starting from the beginning");
        }
        return always || there ? Optional.of(open(fingerprint, monitor)) : Optional.empty();
    }

    Checkpoint open(Fingerprint fingerprint, Monitor monitor) {
        Checkpoint checkpoint = Checkpoint.open(tiles(), fingerprint, !shared, monitor);
        used.add(checkpoint.folder());
        return checkpoint;
    }

    private Path tiles() {
        return folder.resolve("tiles");
    }
}
