package org.ntk4j.shell;

import java.util.Optional;
import java.util.function.Supplier;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/** Tells the terminal whether Enter ends the input or begins its next line, and which word Tab completes. */
final class TerminalParser implements Parser {

    private final Supplier<Session> session;

    TerminalParser(Supplier<Session> session) {
        this.session = session;
    }

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
        if (context == ParseContext.COMPLETE) {
            return new Word(line, cursor, wordStart(line, cursor));
        }
        if (context != ParseContext.SECONDARY_PROMPT && !line.isBlank() && !finished(line)) {
            throw new EOFError(-1, -1, "the statement goes on");
        }
        return new Word(line, cursor, 0);
    }

    private boolean finished(String text) {
        StatementReader reader = new StatementReader(Lines.of(text), "", () -> session.get().analysis());
        Optional<Piece> piece = reader.next();
        while (piece.isPresent()) {
            if (piece.get() instanceof Statement statement && !statement.finished()) {
                return false;
            }
            piece = reader.next();
        }
        return true;
    }

    private static int wordStart(String line, int cursor) {
        boolean command = Completion.isCommand(line);
        int start = cursor;
        while (start > 0 && (command ? !Character.isWhitespace(line.charAt(start - 1))
                : Character.isJavaIdentifierPart(line.charAt(start - 1)))) {
            start--;
        }
        return start;
    }
}
