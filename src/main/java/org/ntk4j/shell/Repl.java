package org.ntk4j.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.spi.SystemStream;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Screen;

/**
 * The shell. At a terminal it prompts, completes, keeps a history, and a line that begins with a dot goes on with what
 * the line before returned or declared. What is piped in is read as a script is, except that commands are allowed, a
 * name may be declared later, and an error does not end it.
 */
public final class Repl {

    /** What messages call the input that is no terminal. */
    static final String PIPE = "stdin";
    private static final int REMEMBERED = 5_000;

    private final Prelude prelude;
    private final Path history;
    private final Interrupt interrupt;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * A shell.
     *
     * @param prelude   what is imported before the first line
     * @param history   the file that keeps what was typed; its folder is made where it is missing
     * @param interrupt what Ctrl-C does during an evaluation
     * @param out       where values are printed
     * @param err       where errors are printed
     */
    public Repl(Prelude prelude, Path history, Interrupt interrupt, PrintStream out, PrintStream err) {
        this.prelude = prelude;
        this.history = history;
        this.interrupt = interrupt;
        this.out = out;
        this.err = err;
    }

    /**
     * Talks with the user at the terminal, or takes standard input as it is if that is none.
     *
     * @return the exit status: 0 at a terminal, as {@link #piped} otherwise
     * @throws Failure without a JDK
     */
    public int run() {
        Jdk.require();
        if (!isTerminal()) {
            return piped(new InputStreamReader(System.in, Charset.defaultCharset()));
        }
        InputStream before = System.in;
        try (Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build()) {
            System.setIn(new TerminalInput(before, interrupt));
            return interactive(terminal);
        } catch (IOException e) {
            throw Failure.run("the terminal cannot be used: " + e.getMessage(), e);
        } finally {
            System.setIn(before);
        }
    }

    /**
     * Takes statements and commands from a stream, without prompts.
     *
     * @return the exit status: that of the first error, 0 if there was none
     */
    public int piped(Reader input) {
        Jdk.require();
        try (Session session = new Session(prelude, interrupt)) {
            Commands commands = new Commands(() -> session, List::of, interrupt, out);
            return new Conversation(() -> session, commands, interrupt, out, err)
                    .run(new StatementReader(Lines.of(input), PIPE, session::analysis));
        }
    }

    /** Talks with the user at a terminal; always 0. */
    int interactive(Terminal terminal) {
        Supplier<Session> session = warmingUp();
        LineReader reader = reader(terminal, session);
        TabKey.bind(reader, session);
        Screen.resized(terminal.getWidth());
        terminal.handle(Signal.INT, signal -> interrupt.request());
        terminal.handle(Signal.WINCH, signal -> Screen.resized(terminal.getWidth()));
        Commands commands = new Commands(session, () -> StreamSupport.stream(reader.getHistory().spliterator(), false)
                .map(entry -> entry.line()).toList(), interrupt, out);
        out.println("ntk4j: /help for help, /exit to leave");
        out.flush();
        new Conversation(session, commands, interrupt, out, err)
                .run(new StatementReader(new TerminalLines(reader), "", () -> session.get().analysis()));
        return 0;
    }

    /** The compiler gets ready while the user types the first line. */
    private Supplier<Session> warmingUp() {
        CompletableFuture<Session> ready = CompletableFuture.supplyAsync(() -> new Session(prelude, interrupt), work -> {
            Thread thread = new Thread(work, "warming-up");
            thread.setDaemon(true);
            thread.start();
        });
        return () -> {
            try {
                return ready.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof Failure failure ? failure : e;
            }
        };
    }

    private LineReader reader(Terminal terminal, Supplier<Session> session) {
        LineReaderBuilder builder = LineReaderBuilder.builder()
                .appName("ntk4j")
                .terminal(terminal)
                .parser(new TerminalParser(session))
                .completer(new Completion(session))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.HISTORY_IGNORE_SPACE, false)
                .option(LineReader.Option.INSERT_TAB, true)
                .variable(LineReader.HISTORY_SIZE, REMEMBERED)
                .variable(LineReader.HISTORY_FILE_SIZE, REMEMBERED);
        try {
            Files.createDirectories(history.toAbsolutePath().getParent());
            return builder.variable(LineReader.HISTORY_FILE, history).build();
        } catch (IOException e) {
            err.println("the history is not kept: " + history + " cannot be written (" + e.getMessage() + ")");
            return builder.build();
        }
    }

    private static boolean isTerminal() {
        return TerminalBuilder.builder().getProviders(null, new IllegalStateException()).stream()
                .anyMatch(provider -> provider.isSystemStream(SystemStream.Input));
    }
}
