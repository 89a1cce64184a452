package org.ntk4j.shell;

import java.io.IOException;
import java.io.InputStream;
import org.ntk4j.base.Failure;

/** Standard input of the user's own code at a terminal: it is looked at again and again, so that a wait for it ends with Ctrl-C. */
final class TerminalInput extends InputStream {

    private static final long BETWEEN_LOOKS_MS = 20;

    private final InputStream terminal;
    private final Interrupt interrupt;

    TerminalInput(InputStream terminal, Interrupt interrupt) {
        this.terminal = terminal;
        this.interrupt = interrupt;
    }

    /**
     * The next byte.
     *
     * @throws Failure with status 130 after Ctrl-C
     */
    @Override
    public int read() throws IOException {
        await();
        return terminal.read();
    }

    /** What is there: whoever reads waits for no more than a line. */
    @Override
    public int read(byte[] into, int from, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        await();
        return terminal.read(into, from, Math.min(count, Math.max(1, terminal.available())));
    }

    @Override
    public int available() throws IOException {
        return terminal.available();
    }

    private void await() throws IOException {
        while (terminal.available() == 0) {
            if (interrupt.requested()) {
                throw Failure.cancelled("interrupted");
            }
            try {
                Thread.sleep(BETWEEN_LOOKS_MS);
            } catch (InterruptedException e) {
                throw Failure.cancelled("interrupted");
            }
        }
    }
}
