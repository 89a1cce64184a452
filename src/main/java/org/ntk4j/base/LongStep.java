package org.ntk4j.base;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Work in one call of a library, which neither says how far it is nor can be stopped: meanwhile it is told how long it is expected to take,
 * and Ctrl-C gives up waiting for it.
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
     * @param work    must not change what others see: after Ctrl-C nobody waits for its end
     * @throws Failure after Ctrl-C
     */
    public static <T> T run(Monitor monitor, String what, double seconds, Supplier<T> work) {
        if (seconds < SHORT_SECONDS) {
            return work.get();
        }
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(work.get());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        }, "step");
        thread.setDaemon(true);
        try (Monitor.Task task = monitor.begin(what, 0)) {
            long began = System.nanoTime();
            thread.start();
            while (true) {
                try {
                    return result.get(BETWEEN_LOOKS_MS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException e) {
                    double left = seconds * NANOS - (System.nanoTime() - began);
                    task.done(0, left > 0 ? "about " + Duration.text((long) left) + " left" : "longer than expected");
                }
                if (monitor.cancelled()) {
                    throw Failure.cancelled("stopped during: " + what);
                }
            }
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof RuntimeException known) {
                throw known;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new CompletionException(cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.cancelled("stopped during: " + what);
        }
    }
}
