package org.ntk4j.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.Optional;

/** Where the lines come from: a file, a pipe, a terminal. */
interface Lines {

    /**
     * The next line, without its end; a terminal may give several lines at once, with line ends between them. Empty at
     * the end.
     *
     * @param continued true within a statement, false where a new one may begin
     */
    Optional<String> next(boolean continued);

    /** True if it is worth looking at the next line before the present statement is run; at a terminal only where it is there already. */
    boolean ahead();

    /** The lines of a text. */
    static Lines of(String text) {
        Iterator<String> lines = text.lines().iterator();
        return new Lines() {
            @Override
            public Optional<String> next(boolean continued) {
                return lines.hasNext() ? Optional.of(lines.next()) : Optional.empty();
            }

            @Override
            public boolean ahead() {
                return lines.hasNext();
            }
        };
    }

    /** Lines that are read when they are needed, to the end of the stream. */
    static Lines of(Reader stream) {
        BufferedReader reader = new BufferedReader(stream);
        return new Lines() {
            @Override
            public Optional<String> next(boolean continued) {
                try {
                    return Optional.ofNullable(reader.readLine());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public boolean ahead() {
                return true;
            }
        };
    }
}
