package org.ntk4j.shell;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.function.Supplier;

/**
 * Calls Java's compiler so that its own faults, such as a stack that is too small, are one exception and no page of its trace on standard
 * error.
 */
final class Compiler {

    /** The compiler could not follow. */
    static final class Overwhelmed extends RuntimeException {

        private static final long serialVersionUID = 1;

        Overwhelmed(Throwable cause) {
            super(cause);
        }
    }

    private Compiler() {
    }

    /**
     * What the compiler says.
     *
     * @throws Overwhelmed where it fails itself
     */
    static <T> T ask(Supplier<T> question) {
        PrintStream err = System.err;
        Thread asking = Thread.currentThread();
        System.setErr(new PrintStream(OutputStream.nullOutputStream()) {
            @Override
            public void write(byte[] bytes, int from, int count) {
                if (Thread.currentThread() != asking && err != null) {
                    err.write(bytes, from, count);
                }
            }

            @Override
            public void flush() {
                if (err != null) {
                    err.flush();
                }
            }
        });
        try {
            return question.get();
        } catch (StackOverflowError | InternalError | AssertionError e) {
            throw new Overwhelmed(e);
        } finally {
            System.setErr(err);
        }
    }
}
