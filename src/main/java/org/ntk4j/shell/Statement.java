package org.ntk4j.shell;

import org.ntk4j.grammar.Place;

/**
 * One statement, expression or declaration, as it was written.
 *
 * @param text     as written, from its first character to its last, over one or more lines
 * @param source   what is compiled: the text, with a semicolon where the user left it out
 * @param origin   the file, {@code stdin}, or empty at a terminal
 * @param line     the line of its first character, from 1
 * @param before   what stands before it on that line
 * @param finished false if the input ended within it
 */
record Statement(String text, String source, String origin, int line, String before, boolean finished) implements Piece {

    /** The place of a character of {@link #source}. */
    Place place(int offset) {
        int at = Math.max(0, Math.min(offset, text.length()));
        int start = text.lastIndexOf('\n', at - 1) + 1;
        return new Place(origin, lineOf(at), at - start + 1 + (start == 0 ? before.length() : 0));
    }

    /** The line of a character of {@link #source}. */
    int lineOf(int offset) {
        return line + (int) text.substring(0, Math.max(0, Math.min(offset, text.length()))).chars().filter(c -> c == '\n').count();
    }

    /** The whole line, as written, on which a character of {@link #source} stands; of what follows the statement on it, nothing. */
    String lineAt(int offset) {
        int at = Math.max(0, Math.min(offset, text.length()));
        int start = text.lastIndexOf('\n', at - 1) + 1;
        int end = text.indexOf('\n', at);
        return (start == 0 ? before : "") + text.substring(start, end < 0 ? text.length() : end);
    }

    /** True if a next line that begins with a dot would have gone on with it. */
    boolean chains() {
        return finished && !text.endsWith(";");
    }
}
