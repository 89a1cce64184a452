package org.ntk4j.shell;

import java.io.PrintStream;
import java.util.Optional;
import java.util.function.Supplier;
import org.jline.reader.UserInterruptException;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Screen;

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
        Threads.watched(session, this::tell, () -> talk(reader));
        out.flush();
        return status;
    }

    private void talk(StatementReader reader) {
        boolean more = true;
        while (more) {
            try {
                Optional<Piece> piece = reader.next();
                more = piece.isPresent() && answer(piece.get());
                if (interrupt.requested()) {
                    reader.stopped();
                }
            } catch (UserInterruptException e) {
                reader.forget();
            } catch (Failure failure) {
                tell(failure);
                if (failure.status() == Failure.CANCELLED) {
                    reader.stopped();
                }
            }
        }
    }

    /** Also of what a thread of the user's threw meanwhile. */
    private synchronized void tell(Failure failure) {
        out.flush();
        failure.lines().forEach(line -> err.println(told(line)));
        err.flush();
        thrown = failure.getCause() == null ? thrown : Optional.of(failure);
        status = status == 0 ? failure.status() : status;
    }

    private boolean answer(Piece piece) {
        interrupt.clear();
        if (piece instanceof Command command) {
            return commands.run(command, thrown);
        }
        StatementResult outcome = session.get().run((Statement) piece, later -> true);
        outcome.shown().ifPresent(value -> out.println(Screen.wrapped(value, Screen.outColumns())));
        if (!outcome.waiting().isEmpty()) {
            err.println(told("declared; it can run once there is: " + String.join(", ", outcome.waiting())));
        }
        out.flush();
        return true;
    }

    private static String told(String line) {
        return Screen.wrapped(line, Screen.errColumns());
    }
}
