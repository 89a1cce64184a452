package org.ntk4j.shell;

import java.lang.Thread.State;
import java.lang.invoke.MethodHandles;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.ntk4j.base.Failure;

/**
 * Ends the user's own code after Ctrl-C: {@link #check} stands in every loop and at the beginning of every method of it (see
 * {@link Stoppable}), and what waits or sleeps is woken. What this program computes ends itself.
 */
public final class Stop {

    private static final long BETWEEN_LOOKS_MS = 50;
    private static final Set<State> WAITING = EnumSet.of(State.WAITING, State.TIMED_WAITING, State.BLOCKED);

    private final BooleanSupplier asked;
    private volatile boolean woke;

    Stop(BooleanSupplier asked) {
        this.asked = asked;
    }

    /** The constant in the user's classes: that of the session which loaded them. */
    public static Stop of(MethodHandles.Lookup caller, String name, Class<?> type) {
        return SnippetLoader.stopOf(caller.lookupClass().getClassLoader());
    }

    /**
     * Goes on unless the user has asked for the end.
     *
     * @throws Failure with status 130 if so
     */
    public void check() {
        if (asked.getAsBoolean()) {
            throw Failure.cancelled("interrupted");
        }
    }

    boolean asked() {
        return asked.getAsBoolean();
    }

    /** Whether what was last watched had to be woken: then whatever it threw comes from that. */
    boolean woke() {
        return woke;
    }

    /** Runs something on this thread that is woken, wherever the user's own code waits, once the end is asked for. */
    void watched(Runnable work) {
        woke = false;
        Thread worker = Thread.currentThread();
        Thread watch = new Thread(() -> watch(worker), "ctrl-c");
        watch.setDaemon(true);
        watch.start();
        try {
            work.run();
        } finally {
            watch.interrupt();
            join(watch);
            // It may have been woken when it had just ended.
            Thread.interrupted();
        }
    }

    private void watch(Thread worker) {
        try {
            while (true) {
                Thread.sleep(BETWEEN_LOOKS_MS);
                if (asked() && WAITING.contains(worker.getState()) && isUsers(worker.getStackTrace())) {
                    woke = true;
                    worker.interrupt();
                }
            }
        } catch (InterruptedException e) {
            return;
        }
    }

    /** True if the user's own code waits, not something that this program does for it: that must not be disturbed while it writes. */
    private static boolean isUsers(StackTraceElement[] stack) {
        for (StackTraceElement frame : stack) {
            String type = frame.getClassName();
            if (type.startsWith("REPL.")) {
                return true;
            }
            if (type.startsWith("org.ntk4j.") || type.startsWith("org.tensorflow.")) {
                return false;
            }
        }
        return false;
    }

    private static void join(Thread watch) {
        boolean interrupted = false;
        while (watch.isAlive()) {
            try {
                watch.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
