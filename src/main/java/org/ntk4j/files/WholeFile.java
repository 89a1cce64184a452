package org.ntk4j.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.ntk4j.base.Failure;

/** Files that are there whole or not at all: written under another name in the same folder and renamed. */
public final class WholeFile {

    private WholeFile() {
    }

    /** Writes a text in UTF-8, replacing what was there. */
    public static void write(Path file, String text) throws IOException {
        Path aside = file.resolveSibling("." + file.getFileName() + ".writing");
        Files.writeString(aside, text, StandardCharsets.UTF_8);
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A text in UTF-8, if the file is there. */
    public static Optional<String> read(Path file) throws IOException {
        try {
            return Optional.of(Files.readString(file, StandardCharsets.UTF_8));
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Optional.empty();
        }
    }

    /** Whether it is a pipe, a socket or a device, which may never end, other than those that a shell hands over. */
    public static boolean isPipe(Path file) {
        Path whole = file.toAbsolutePath();
        boolean handed = whole.startsWith("/dev/fd") || whole.equals(Path.of("/dev/stdin")) || whole.equals(Path.of("/dev/null"));
        return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file) && !handed;
    }

    /**
     * Does nothing if a file can be read to its end.
     *
     * @throws Failure if it is a pipe, a socket or a device
     */
    public static void checkRegular(Path file) {
        if (isPipe(file)) {
            throw Failure.input(file + ": this is a pipe or a device, not a file");
        }
    }

    /** Deletes a file that does no harm where it stays. */
    public static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }

    /** Why, in words for a user. */
    public static String reason(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "no permission";
        }
        if (e instanceof FileAlreadyExistsException || e instanceof NotDirectoryException) {
            return ((FileSystemException) e).getFile() + " is a file, not a folder";
        }
        if (e instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        return String.valueOf(e.getMessage());
    }
}
