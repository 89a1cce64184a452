package org.ntk4j.files;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ntk4j.base.Failure;

/** The mistakes of a file, reported together: the first ten and their number. */
public final class FileMistakes {

    private static final int MOST_REPORTED = 10;

    private final Path file;
    private final List<String> lines = new ArrayList<>();
    private long count;

    public FileMistakes(Path file) {
        this.file = file;
    }

    /** The file they are in. */
    public Path file() {
        return file;
    }

    /** One in a line and a field (both from 1). */
    public void add(int line, int field, String text) {
        note(file + ":" + line + ":" + field + ": " + text);
    }

    /** One in a line (from 1). */
    public void add(int line, String text) {
        note(file + ":" + line + ": " + text);
    }

    /** One in another file below this folder. */
    public void add(Path inside, String text) {
        note(inside + ": " + text);
    }

    private void note(String line) {
        if (count++ < MOST_REPORTED) {
            lines.add(line);
        }
    }

    /**
     * Does nothing if there is none.
     *
     * @throws Failure with the first ten and, if there are more, their number
     */
    public void check() {
        if (count == 0) {
            return;
        }
        List<String> all = new ArrayList<>(lines);
        if (count > lines.size()) {
            all.add(file + ": " + count + " mistakes in all, the first " + MOST_REPORTED + " are above");
        }
        throw Failure.input(all);
    }
}
