package org.ntk4j.shell;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Screen;

/** A file that runs in a session, statement after statement, up to the first error. */
final class Script {

    private Script() {
    }

    /**
     * Compiles a file to its end, then runs it and prints the values of its bare expressions: those that no semicolon ends.
     *
     * @throws Failure everything that does not compile, before anything has run; else the first error
     */
    static void run(Path file, Session session, Interrupt interrupt, PrintStream out) {
        List<CompiledStatement> script = compile(file, session);
        List<String> threads = Collections.synchronizedList(new ArrayList<>());
        Set<Thread> known = Thread.getAllStackTraces().keySet();
        Threads.watched(() -> session, failure -> threads.addAll(failure.lines()), () -> {
            run(script, session, interrupt, out);
            Threads.await(known, interrupt::requested);
        });
        if (!threads.isEmpty()) {
            throw Failure.run(List.copyOf(threads), null);
        }
    }

    private static void run(List<CompiledStatement> script, Session session, Interrupt interrupt, PrintStream out) {
        for (int i = 0; i < script.size(); i++) {
            try {
                if (interrupt.requested()) {
                    throw Failure.cancelled("interrupted");
                }
                StatementResult outcome = session.run(script.get(i));
                if (!script.get(i).statement().text().endsWith(";")) {
                    outcome.shown().ifPresent(value -> out.println(Screen.wrapped(value, Screen.outColumns())));
                }
            } catch (Failure e) {
                // What did not run has no values: a shell must not find its names.
                script.subList(i + 1, script.size()).forEach(rest -> session.forget(rest.statement()));
                throw e;
            }
        }
    }

    private static List<CompiledStatement> compile(Path file, Session session) {
        String text = ScriptFile.read(file);
        StatementReader reader = new StatementReader(Lines.of(text), file.toString(), session::analysis);
        List<CompiledStatement> script = new ArrayList<>();
        CompileMistakes mistakes = new CompileMistakes();
        Optional<Piece> piece = next(reader, mistakes);
        while (piece.isPresent()) {
            if (piece.get() instanceof Command command) {
                mistakes.add(command.place() + ": " + command.name()
                        + " is a command of the shell and has no place in a script; a script is Java alone, and ends where its file ends");
            } else {
                Statement statement = (Statement) piece.get();
                int end = statement.lineOf(statement.text().length());
                mistakes.collect(statement, () -> script.add(session.compile(statement, name -> appears(name, text, end - 1))));
            }
            piece = next(reader, mistakes);
        }
        mistakes.collect(() -> session.checkResolved(file.toString()));
        if (mistakes.any()) {
            script.forEach(compiled -> session.forget(compiled.statement()));
            throw mistakes.failure();
        }
        return script;
    }

    private static Optional<Piece> next(StatementReader reader, CompileMistakes mistakes) {
        while (true) {
            try {
                return reader.next();
            } catch (Failure e) {
                mistakes.add(e);
            }
        }
    }

    private static boolean appears(String name, String text, int afterLines) {
        String rest = CodeOnly.of(text).code().lines().skip(afterLines).collect(Collectors.joining("\n"));
        return Pattern.compile("(?<!\\w)" + Pattern.quote(name) + "(?!\\w)").matcher(rest).find();
    }
}
