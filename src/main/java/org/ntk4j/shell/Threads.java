package org.ntk4j.shell;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.ntk4j.base.Failure;

/** What threads of the user's own code throw: nobody else would tell, and a script would end as if all were well. */
final class Threads {

    /** Between two tasks of a pool its threads seem idle. */
    private static final int LOOKS = 2;
    private static final long BETWEEN_LOOKS_MS = 20;

    private Threads() {
    }

    /**
     * Does something and listens meanwhile.
     *
     * @param session finds the places
     * @param thrown  is told, on the thread that throws
     */
    static void watched(Supplier<Session> session, Consumer<Failure> thrown, Runnable work) {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, exception) -> {
            List<String> lines = new ArrayList<>(session.get().told(exception));
            lines.set(0, lines.get(0) + " (in the thread " + thread.getName() + ")");
            thrown.accept(Failure.run(lines, exception));
        });
        try {
            work.run();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    /**
     * Waits, as Java does at the end of a program, for threads of the user's own code that are no daemons. Those of a pool that have
     * nothing to do are not waited for.
     *
     * @param known   threads that were there before the user's code
     * @param stopped whether Ctrl-C was pressed
     * @throws Failure with status 130 after Ctrl-C
     */
    static void await(Set<Thread> known, BooleanSupplier stopped) {
        int idle = 0;
        while (idle < LOOKS) {
            boolean busy = Thread.getAllStackTraces().entrySet().stream()
                    .anyMatch(t -> !t.getKey().isDaemon() && !known.contains(t.getKey()) && isBusy(t.getValue()));
            idle = busy ? 0 : idle + 1;
            if (stopped.getAsBoolean()) {
                throw Failure.cancelled("interrupted");
            }
            if (idle < LOOKS) {
                pause();
            }
        }
    }

    /** True if it runs the user's own code, or is only about to. */
    private static boolean isBusy(StackTraceElement[] stack) {
        return Arrays.stream(stack).anyMatch(frame -> frame.getClassName().startsWith("REPL."))
                || Arrays.stream(stack).allMatch(frame -> frame.getClassName().equals("java.lang.Thread"));
    }

    private static void pause() {
        try {
            Thread.sleep(BETWEEN_LOOKS_MS);
        } catch (InterruptedException e) {
            throw Failure.cancelled("interrupted");
        }
    }
}
