package org.ntk4j.run;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
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

    private static final int LONGEST_LINE = 20_000;

    Console {
        command = List.copyOf(command);
    }

    /** A text from a file as a terminal may show it: control signs by their number, a very long line cut. */
    static String visible(String text) {
        StringBuilder visible = new StringBuilder();
        for (String line : text.split("\\n", -1)) {
            visible.append(visible.length() == 0 ? "" : "\n");
            String shown = line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
            shown.codePoints().forEach(sign -> {
                if (Character.isISOControl(sign) && sign != '\t' && sign != '\r') {
                    visible.append(String.format(Locale.ROOT, "\\x%02x", sign));
                } else {
                    visible.appendCodePoint(sign);
                }
            });
        }
        return visible.toString();
    }
}
