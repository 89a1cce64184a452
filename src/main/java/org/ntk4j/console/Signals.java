package org.ntk4j.console;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Signals of the system, for which Java has no API but {@code sun.misc}. No compiler lets its warning on that be switched off, so this
 * stands alone and is left out where warnings are errors.
 */
final class Signals {

    private static final long PATIENCE_SECONDS = 1;

    private Signals() {
    }

    /** Runs this, on a thread of its own, whenever the process gets the signal of this name: {@code INT}, {@code TERM}. */
    static void hear(String name, Runnable work) {
        Signal.handle(new Signal(name), signal -> work.run());
    }

    /**
     * Ends the process by the signal of this name, as the system would. Java's own way to end at once lets native libraries clean up what
     * their threads are still working with, and crashes, or never comes to an end: where it is all that is left, as the signal was ignored
     * when the process began, another process sees to that.
     */
    static void die(String name, int status) {
        try {
            Signal.handle(new Signal(name), SignalHandler.SIG_DFL);
            long process = ProcessHandle.current().pid();
            // Java itself raises only signals that it hears.
            new ProcessBuilder("kill", "-s", name, String.valueOf(process)).start().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            Thread.sleep(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            new ProcessBuilder("sh", "-c", "sleep " + PATIENCE_SECONDS + "; kill -s KILL " + process).start();
        } catch (IOException | InterruptedException | IllegalArgumentException e) {
            // No such program, or no such signal: what is left is Java's way.
        } finally {
            Runtime.getRuntime().halt(status);
        }
    }
}
