package org.ntk4j.report;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ntk4j.base.Failure;
import org.ntk4j.files.WholeFile;

/** The cells of a sweep that are finished, one file each, named by a hash of the key. */
final class Cells {

    private final Path folder;

    Cells(Path folder) {
        this.folder = folder;
    }

    /** What was stored; empty if the cell is not finished or its file is damaged. */
    Optional<String> finished(String key) {
        try {
            return WholeFile.read(file(key)).map(JsonParser::parseString)
                    .filter(JsonElement::isJsonObject).map(JsonElement::getAsJsonObject)
                    .filter(cell -> cell.has("key") && cell.get("key").isJsonPrimitive() && cell.get("key").getAsString().equals(key) && cell.has("cell"))
                    .map(cell -> cell.get("cell").getAsString());
        } catch (JsonParseException | IllegalStateException | UnsupportedOperationException e) {
            // A damaged file: the cell is computed again.
            return Optional.empty();
        } catch (IOException e) {
            throw Failure.run(file(key) + ": cannot be read (" + WholeFile.reason(e) + ")", e);
        }
    }

    void finish(String key, String json) {
        JsonObject cell = new JsonObject();
        cell.addProperty("key", key);
        // As a text, so that what is read back is what was stored, to the last digit.
        cell.addProperty("cell", json);
        try {
            Files.createDirectories(folder);
            WholeFile.write(file(key), cell.toString());
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
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return folder.resolve(HexFormat.of().formatHex(hash, 0, 12) + ".json");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
