package org.ntk4j.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;

/** The right to write into a folder. The system takes it back when the process ends, however it ends. */
public final class FolderLock implements AutoCloseable {

    private static final String NAME = ".lock";
    private static final String HOLDER = ".lock.holder";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * The lock of a folder for results.
     *
     * @throws Failure saying who holds it, if another one does
     */
    public static FolderLock hold(Path folder) {
        try {
            return take(folder).orElseThrow(() -> Failure.run(folder + ": another run writes there" + holder(folder)
                    + "; wait for its end, or choose another folder with --out"));
        } catch (IOException e) {
            throw Failure.input(folder + ": results cannot be written there (" + WholeFile.reason(e)
                    + "); choose another folder with --out");
        }
    }

    /** The lock of a folder; empty if this process or another one has it. */
    public static Optional<FolderLock> take(Path folder) throws IOException {
        Path file = folder.resolve(NAME);
        while (true) {
            Object before = identity(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (channel.tryLock() == null) {
                    channel.close();
                    return Optional.empty();
                }
            } catch (OverlappingFileLockException e) {
                // This process has it already: the same answer as if another one had.
                channel.close();
                return Optional.empty();
            } catch (IOException e) {
                channel.close();
                throw e;
            }
            // The one before may have deleted the file between our opening and locking it: then the lock is worth nothing.
            if (before != null && before.equals(identity(file))) {
                WholeFile.write(folder.resolve(HOLDER), "process " + ProcessHandle.current().pid() + " on " + host() + " since "
                        + TIME.format(ZonedDateTime.now(ZoneId.systemDefault())));
                return Optional.of(new FolderLock(folder, channel));
            }
            channel.close();
        }
    }

    /** What tells a file from another one that has its name later; null if there is none. Never opens it: closing it would end the lock. */
    private static @Nullable Object identity(Path file) throws IOException {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? file : key;
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Who holds a folder, in brackets: {@code  (process 1234 on name since 2026-11-23 18:15:00)}; empty if that is not known. */
    public static String holder(Path folder) {
        try {
            return WholeFile.read(folder.resolve(HOLDER)).map(text -> " (" + text + ")").orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    /** Deletes what the lock has left in a folder that nobody needs to hold any more. */
    public static void clean(Path folder) {
        WholeFile.deleteQuietly(folder.resolve(HOLDER));
        WholeFile.deleteQuietly(folder.resolve(NAME));
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "this machine";
        }
    }

    /** Gives the folder back and leaves nothing in it. */
    public void release() {
        clean(folder);
        close();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
