package org.ntk4j.shell;

import java.io.PrintStream;
import java.nio.file.Path;
import org.ntk4j.base.Failure;

/**
 * Runs scripts: Java statements without a class around them, compiled to the end of the file before the first one runs. The value of a
 * bare expression, one that no semicolon ends, is printed (an array by its shape, range and first row); declarations, assignments,
 * {@code void} calls and calls that return a {@link PrintStream}, such as {@code System.out.printf}, print nothing of their own. A chain
 * goes on with a next line that begins with a dot, past blank lines and comments, unless a semicolon ended it.
 */
public final class ScriptRunner {

    private final Prelude prelude;
    private final Interrupt interrupt;
    private final PrintStream out;

    /**
     * A runner.
     *
     * @param prelude   what scripts find imported
     * @param interrupt what Ctrl-C has asked for
     * @param out       where values of expressions are printed
     */
    public ScriptRunner(Prelude prelude, Interrupt interrupt, PrintStream out) {
        this.prelude = prelude;
        this.interrupt = interrupt;
        this.out = out;
    }

    /**
     * Runs a script on the caller's thread, in this process.
     *
     * @throws Failure with status 1 if it threw ({@code file.jsh:12: }, message, causes; the exception itself is the
     *     cause), 2 if the file is missing, does not compile or has a {@code /command}, 130 after Ctrl-C; 1 without a JDK
     */
    public void run(Path file) {
        Jdk.require();
        ScriptFile.read(file);
        try (Session session = new Session(prelude, interrupt)) {
            Script.run(file, session, interrupt, out);
        } finally {
            out.flush();
        }
    }
}
