package org.ntk4j.base;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Work in one call of a library, which neither says how far it is nor can be stopped: meanwhile it is told how long it is expected to take.
 * After Ctrl-C its end is waited for, since it may use what its caller closes.
 */
public final class LongStep {

    /** Below this nothing needs to be told. */
    private static final double SHORT_SECONDS = 1;
    private static final long BETWEEN_LOOKS_MS = 100;
    private static final double NANOS = 1e9;

    private LongStep() {
    }

    /**
     * Does the work, on a thread of its own where it takes long.
     *
     * @param what    what it is, in a few words
     * @param seconds how long it is expected to take
     * @throws Failure after Ctrl-C, once the work is done
     */
    public static <T> T run(Monitor monitor, String what, double seconds, Supplier<T> work) {
        if (seconds < SHORT_SECONDS) {
            return work.get();
        }
        FutureTask<T> result = new FutureTask<>(work::get);
        Thread thread = new Thread(result, "step");
        thread.setDaemon(true);
        boolean interrupted = false;
        try (Monitor.Task task = monitor.begin(what, 0)) {
            long began = System.nanoTime();
            thread.start();
            while (thread.isAlive()) {
                try {
                    thread.join(BETWEEN_LOOKS_MS);
                    task.done(0, Duration.left(seconds * NANOS - (System.nanoTime() - began)));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (interrupted || monitor.cancelled()) {
            throw Failure.cancelled("stopped after: " + what);
        }
        return value(result);
    }

    private static <T> T value(FutureTask<T> done) {
        try {
            return done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException known) {
                throw known;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new CompletionException(e.getCause());
        } catch (InterruptedException e) {
            throw new IllegalStateException("what is done is not waited for", e);
        }
    }
}
