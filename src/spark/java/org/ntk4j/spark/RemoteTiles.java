package org.ntk4j.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.infinite.tile.TileShelf;

/**
 * The tiles of one kernel in a folder that Hadoop's file systems reach, as the process sees them that reads them in the end: it takes them
 * over into its own folder, so that whoever goes on needs no cluster.
 */
final class RemoteTiles {

    /** A store far away answers many questions at once as fast as one. */
    private static final int AT_ONCE = 8;

    private final String uri;
    private final RemoteFiles files;

    private RemoteTiles(String uri, RemoteFiles files) {
        this.uri = uri;
        this.files = files;
    }

    /**
     * The folder of a kernel.
     *
     * @param tiles the folder of the folders of kernels, a URI
     * @throws Failure if it cannot be written
     */
    static RemoteTiles open(String tiles, TileShelf shelf, String fingerprint) {
        String uri = tiles.replaceFirst("/+$", "") + "/" + shelf.folder().getFileName();
        try {
            RemoteFiles files = RemoteFiles.of(uri);
            files.make();
            if (!files.list().containsKey(TileShelf.FINGERPRINT)) {
                files.write(TileShelf.FINGERPRINT, "first", out -> {
                    out.write(fingerprint.getBytes(StandardCharsets.UTF_8));
                    return 0;
                });
            }
            return new RemoteTiles(uri, files);
        } catch (IOException e) {
            throw Failure.input("--tiles " + uri + ": tiles cannot be written there (" + words(e) + ")");
        }
    }

    private static String words(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString())
                .replaceFirst("; For more details see:.*", "");
    }

    /** Where executors write. */
    Destination destination() {
        return new Destination.RemoteFolder(uri);
    }

    /** The number after which files are new. */
    long last() {
        try {
            return TileShelf.lastBeyond(List.copyOf(files.list().keySet()));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Takes over what is there and not here; a damaged file is deleted, its tiles are computed again. */
    void fetch(TileShelf shelf, Monitor monitor) {
        ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (Map.Entry<String, Long> file : files.list().entrySet()) {
                if (TileShelf.isFile(file.getKey()) && !shelf.has(file.getKey(), file.getValue())) {
                    all.add(pool.submit(() -> one(file.getKey(), shelf, monitor)));
                }
            }
            if (all.isEmpty()) {
                return;
            }
            try (Monitor.Task task = monitor.begin("files of tiles from " + uri, all.size())) {
                for (int i = 0; i < all.size(); i++) {
                    if (monitor.cancelled()) {
                        throw Failure.cancelled("stopped while reading the tiles in " + uri
                                + "; they are kept there, the same command goes on from there");
                    }
                    all.get(i).get();
                    task.done(i + 1);
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UncheckedIOException io ? unreadable(Objects.requireNonNull(io.getCause()))
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.cancelled("stopped while reading the tiles in " + uri);
        } finally {
            pool.shutdownNow();
        }
    }

    private void one(String file, TileShelf shelf, Monitor monitor) {
        try (InputStream in = files.open(file)) {
            if (!shelf.takeIn(file, in)) {
                monitor.note(uri + "/" + file + " is damaged: its tiles are computed again, all others are kept");
                files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes all of it: the tiles are here. */
    void delete() {
        try {
            files.deleteAll();
        } catch (IOException e) {
            throw Failure.run("--tiles " + uri + ": cannot be deleted (" + words(e) + ")", e);
        }
    }

    private Failure unreadable(IOException e) {
        return Failure.run("--tiles " + uri + ": the finished tiles cannot be read (" + words(e) + ")", e);
    }

    @Override
    public String toString() {
        return uri;
    }
}
