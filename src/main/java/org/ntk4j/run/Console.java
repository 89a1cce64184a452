package org.ntk4j.run;

import java.io.PrintStream;
import java.util.List;
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

    /** How wide a table may be. */
    static final int WIDTH = 100;

    Console {
        command = List.copyOf(command);
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
