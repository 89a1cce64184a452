package org.ntk4j.base;

/**
 * Where long work of one thread finds out whether it has to end: between rows, layers and planes of a tile. Whoever gave the thread its
 * work asks by {@link Thread#interrupt}.
 */
public final class Halt {

    private Halt() {
    }

    /**
     * Goes on unless this thread is to end its work.
     *
     * @throws Failure with status 130 if so
     */
    public static void check() {
        if (Thread.currentThread().isInterrupted()) {
            throw Failure.cancelled("stopped");
        }
    }
}
