package org.ntk4j.run;

import java.io.PrintStream;
import java.util.List;
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
}
