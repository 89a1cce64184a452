package org.ntk4j.shell;

import java.util.List;
import org.jline.reader.CompletingParsedLine;

/**
 * The word at the cursor: what completion replaces.
 *
 * @param line   all that was typed, over several lines if need be
 * @param cursor where the cursor is
 * @param start  where the word begins
 */
record Word(String line, int cursor, int start) implements CompletingParsedLine {

    @Override
    public String word() {
        return line.substring(start, cursor);
    }

    @Override
    public int wordCursor() {
        return cursor - start;
    }

    @Override
    public int wordIndex() {
        return 0;
    }

    @Override
    public List<String> words() {
        return List.of(word());
    }

    /** Nothing is escaped: names of Java need it not, and {@code /open} takes the rest of its line. */
    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
        return candidate;
    }

    @Override
    public int rawWordCursor() {
        return wordCursor();
    }

    @Override
    public int rawWordLength() {
        return word().length();
    }
}
