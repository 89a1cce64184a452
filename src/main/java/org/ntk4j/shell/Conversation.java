package org.ntk4j.shell;

import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Supplier;
import org.jline.reader.UserInterruptException;
import org.ntk4j.base.Failure;

/** Reads, evaluates and prints until the input ends or the user leaves. An error is told and does not end it. */
final class Conversation {

    private final Supplier<Session> session;
    private final Commands commands;
    private final Interrupt interrupt;
    private final PrintStream out;
    private final PrintStream err;
    private Optional<Failure> thrown = Optional.empty();
    private int status;

    Conversation(Supplier<Session> session, Commands commands, Interrupt interrupt, PrintStream out, PrintStream err) {
        this.session = session;
        this.commands = commands;
        this.interrupt = interrupt;
        this.out = out;
        this.err = err;
    }

    /** Returns the status of the first error, 0 if there was none. */
    int run(StatementReader reader) {
        boolean more = true;
        while (more) {
            try {
                Optional<Piece> piece = reader.next();
                more = piece.isPresent() && answer(piece.get());
            } catch (UserInterruptException e) {
                reader.forget();
            } catch (Failure failure) {
                out.flush();
                failure.lines().forEach(err::println);
                err.flush();
                thrown = failure.getCause() == null ? thrown : Optional.of(failure);
                status = status == 0 ? failure.status() : status;
            }
        }
        out.flush();
        return status;
    }

    private boolean answer(Piece piece) {
        interrupt.clear();
        if (piece instanceof Command command) {
            return commands.run(command, thrown);
        }
        Outcome outcome = session.get().run((Statement) piece, later -> true);
        outcome.shown().ifPresent(out::println);
        if (!outcome.waiting().isEmpty()) {
            err.println("declared; it can run once there is: " + String.join(", ", outcome.waiting()));
        }
        out.flush();
        return true;
    }
}
