package org.ntk4j.report;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Sha256;
import org.ntk4j.files.WholeFile;

/** The cells of a sweep that are finished, one file each, named by a hash of the key: one damaged digit must not be believed. */
final class CellStore {

    private static final int NAME_LENGTH = 24;
    private static final int HASH_LENGTH = 64;

    private final Path folder;

    CellStore(Path folder) {
        this.folder = folder;
    }

    /**
     * What was stored; empty if the cell is not finished.
     *
     * @param note is told of a file that is damaged: its cell is to be computed again
     */
    Optional<String> finished(String key, Consumer<String> note) {
        Path file = file(key);
        try {
            if (Files.isDirectory(file)) {
                Path aside = file.resolveSibling(file.getFileName() + ".aside-" + System.nanoTime());
                Files.move(file, aside);
                note.accept(file + " is a folder where a finished cell should be: it is called " + aside.getFileName()
                        + " now, and the cell is computed again");
                return Optional.empty();
            }
            Optional<String> text = WholeFile.read(file);
            Optional<String> cell = text.flatMap(t -> stored(t, key));
            if (text.isPresent() && cell.isEmpty()) {
                note.accept(file + " is damaged: the cell is computed again");
            }
            return cell;
        } catch (CharacterCodingException e) {
            note.accept(file + " is damaged: the cell is computed again");
            return Optional.empty();
        } catch (IOException e) {
            throw Failure.run(file + ": cannot be read (" + WholeFile.reason(e) + ")", e);
        }
    }

    /** The first line is a checksum of the key and of the cell, which follows. */
    private static Optional<String> stored(String text, String key) {
        String head = hash(key, text.substring(Math.min(text.length(), HASH_LENGTH + 1)));
        return text.startsWith(head + "\n") ? Optional.of(text.substring(HASH_LENGTH + 1)) : Optional.empty();
    }

    void finish(String key, String json) {
        try {
            Files.createDirectories(folder);
            WholeFile.write(file(key), hash(key, json) + "\n" + json);
        } catch (IOException e) {
            throw Failure.run(file(key) + ": cannot be written (" + WholeFile.reason(e) + ")", e);
        }
    }

    /** Deletes the cells in a folder that was renamed. */
    void delete(Path where) {
        if (!Files.isDirectory(where)) {
            return;
        }
        try (Stream<Path> files = Files.list(where)) {
            List<Path> all = files.toList();
            all.forEach(WholeFile::deleteQuietly);
        } catch (IOException e) {
            return;
        }
        WholeFile.deleteQuietly(where);
    }

    private Path file(String key) {
        return folder.resolve(hash(key, "").substring(0, NAME_LENGTH) + ".json");
    }

    private static String hash(String key, String text) {
        MessageDigest digest = Sha256.begin();
        digest.update(key.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    }
}
