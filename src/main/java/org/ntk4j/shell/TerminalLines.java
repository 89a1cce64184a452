package org.ntk4j.shell;

import java.io.IOException;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;

/** The lines that a user types. */
final class TerminalLines implements Lines {

    private static final String PROMPT = "ntk> ";
    private static final String CONTINUED = "...> ";
    /** Long enough for the next line of what was pasted, too short to be noticed. */
    private static final long PATIENCE_MS = 25;

    private final LineReader reader;

    TerminalLines(LineReader reader) {
        this.reader = reader;
        reader.setVariable(LineReader.SECONDARY_PROMPT_PATTERN, CONTINUED);
    }

    /**
     * What was typed up to an Enter that ends a statement.
     *
     * @throws UserInterruptException after Ctrl-C, which clears the line
     */
    @Override
    public Optional<String> next(boolean continued) {
        try {
            return Optional.of(reader.readLine(continued ? CONTINUED : PROMPT));
        } catch (EndOfFileException e) {
            return Optional.empty();
        }
    }

    /** In any other mode than the raw one a terminal waits for a whole line. */
    @Override
    public boolean ahead() {
        Terminal terminal = reader.getTerminal();
        Attributes usual = terminal.enterRawMode();
        try {
            return terminal.reader().peek(PATIENCE_MS) >= 0;
        } catch (IOException e) {
            return false;
        } finally {
            terminal.setAttributes(usual);
        }
    }
}
