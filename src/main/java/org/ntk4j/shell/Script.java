package org.ntk4j.shell;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ntk4j.base.Failure;

/** A file that runs in a session, statement after statement, up to the first error. */
final class Script {

    private Script() {
    }

    /**
     * Runs a file and prints the values of its expressions.
     *
     * @throws Failure the first error
     */
    static void run(Path file, Session session, PrintStream out) {
        String text = ScriptFile.read(file);
        StatementReader reader = new StatementReader(Lines.of(text), file.toString(), session::analysis);
        Optional<Piece> piece = reader.next();
        while (piece.isPresent()) {
            if (piece.get() instanceof Command command) {
                throw Failure.input(command.place() + ": " + command.name()
                        + " is a command of the shell and has no place in a script; a script is Java alone, and ends where its file ends");
            }
            Statement statement = (Statement) piece.get();
            int end = statement.lineOf(statement.text().length());
            session.run(statement, name -> appears(name, text, end - 1)).shown().ifPresent(out::println);
            piece = reader.next();
        }
        session.checkResolved(file.toString());
    }

    private static boolean appears(String name, String text, int afterLines) {
        String rest = Masked.of(text).code().lines().skip(afterLines).collect(Collectors.joining("\n"));
        return Pattern.compile("(?<!\\w)" + Pattern.quote(name) + "(?!\\w)").matcher(rest).find();
    }
}
