package org.ntk4j.run;

import java.io.PrintStream;
import java.util.List;
import org.ntk4j.base.Screen;
import org.ntk4j.shell.Interrupt;
import org.ntk4j.console.ConsoleMonitor;

/**
 * Where a verb reads and writes.
 *
 * @param out     for results
 * @param err     for messages
 * @param monitor for progress and Ctrl-C; it writes to {@code err}
 * @param command the command line, as it was given: {@code ntk, run, study.yaml}
 */
record Console(PrintStream out, PrintStream err, ConsoleMonitor monitor, List<String> command) {

    Console {
        command = List.copyOf(command);
    }

    /** Prints a result; where that is a terminal no line is longer than it is wide. */
    void print(String text) {
        out.println(Screen.wrapped(text, Screen.outColumns()));
    }

    /** Ctrl-C as scripts and the shell hear it. */
    Interrupt interrupt() {
        return new Interrupt() {
            @Override
            public void clear() {
                monitor.reset();
            }

            @Override
            public void request() {
                monitor.cancel();
            }

            @Override
            public boolean requested() {
                return monitor.cancelled();
            }
        };
    }
}
