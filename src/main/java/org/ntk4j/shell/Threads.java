package org.ntk4j.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.ntk4j.base.Failure;

/** What threads of the user's own code throw: nobody else would tell, and a script would end as if all were well. */
final class Threads {

    private Threads() {
    }

    /**
     * Does something and listens meanwhile.
     *
     * @param session finds the places
     * @param thrown  is told, on the thread that throws
     */
    static void watched(Session session, Consumer<Failure> thrown, Runnable work) {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, exception) -> {
            List<String> lines = new ArrayList<>(session.told(exception));
            lines.set(0, lines.get(0) + " (in the thread " + thread.getName() + ")");
            thrown.accept(Failure.run(lines, exception));
        });
        try {
            work.run();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }
}
