package org.ntk4j.grammar;

/**
 * Where something was written.
 *
 * @param source the file as the user named it, or the option of the command line
 * @param line   the line, from 1; 0 if there are no lines
 * @param column the column, from 1; 0 if there are no lines
 */
public record Place(String source, int line, int column) {

    /** A place without lines: an option of the command line, or a value given in Java. */
    public static Place of(String source) {
        return new Place(source, 0, 0);
    }

    /** {@code file.yaml:3:7}, or the source alone. */
    @Override
    public String toString() {
        return line == 0 ? source : source + ":" + line + ":" + column;
    }
}
