package org.ntk4j.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.ntk4j.base.Failure;

/**
 * A file that says how far a work has come whose results are in files beside it.
 *
 * @param file the file
 * @param key  one line that tells the work from others that may have left something there
 */
public record CountFile(Path file, String key) {

    /** How many parts are done; 0 where there is no such file, or that of another work. */
    public int read() {
        try {
            List<String> lines = WholeFile.read(file).orElse("").lines().toList();
            boolean mine = lines.size() == 2 && lines.get(0).equals(key) && lines.get(1).matches("[1-9]\\d{0,8}");
            return mine ? Integer.parseInt(lines.get(1)) : 0;
        } catch (IOException e) {
            throw Failure.run(file.getParent() + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Says that so many parts are done. */
    public void write(int count) {
        try {
            WholeFile.write(file, key + "\n" + count + "\n");
        } catch (IOException e) {
            throw Failure.run(file.getParent() + ": cannot be written (" + e.getMessage() + ")", e);
        }
    }
}
