package org.ntk4j.shell;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.ntk4j.base.Failure;

/** A script as text. */
final class ScriptFile {

    private ScriptFile() {
    }

    /**
     * Reads a script in UTF-8; a first line that begins with {@code #!} becomes an empty one.
     *
     * @throws Failure if it is missing, a folder, not readable or no text
     */
    static String read(Path file) {
        try {
            if (Files.isDirectory(file)) {
                throw Failure.input(file + ": this is a folder, not a script");
            }
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
            String plain = text.startsWith("\uFEFF") ? text.substring(1) : text;
            return plain.startsWith("#!") ? plain.replaceFirst("^[^\\r\\n]*", "") : plain;
        } catch (NoSuchFileException e) {
            throw Failure.input(file + ": there is no such file");
        } catch (CharacterCodingException e) {
            throw Failure.input(file + ": this is not text in UTF-8");
        } catch (IOException e) {
            throw Failure.input(file + ": cannot be read (" + e.getMessage() + ")");
        }
    }
}
