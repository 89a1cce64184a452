package org.ntk4j.console;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.IntSupplier;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.ntk4j.base.Duration;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Screen;

/**
 * Progress on standard error: on a terminal one line that is rewritten in place, elsewhere a line every ten seconds; nothing
 * for work of less than two seconds. Hears Ctrl-C: the first asks the work to end at its next step, a second ends the process.
 */
public final class ConsoleMonitor implements Monitor {

    private static final long QUIET = TimeUnit.SECONDS.toNanos(2);
    private static final long BETWEEN_LINES = TimeUnit.SECONDS.toNanos(10);
    private static final long BETWEEN_FRAMES = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long BETWEEN_TICKS_MS = 500;
    private static final long GRACE_MS = 10_000;
    /** 128 and the number of the signal, as shells count. */
    private static final int TERMINATED = 143;
    private static final String ERASE = "\r\u001b[K";

    private final PrintStream err;
    private final IntSupplier columns;
    private final LongSupplier nanos;
    private final List<Work> works = new ArrayList<>();
    private volatile boolean cancelled;
    private boolean lineShown;
    private boolean everShown;
    private long lastShown;

    /**
     * A monitor that hears no signals.
     *
     * @param err     where it writes
     * @param columns the width of the terminal; empty if it is none
     * @param nanos   the clock, in nanoseconds
     */
    public ConsoleMonitor(PrintStream err, OptionalInt columns, LongSupplier nanos) {
        this(err, () -> columns.orElse(0), nanos);
    }

    /** With a terminal whose width may change; 0 if it is none. */
    private ConsoleMonitor(PrintStream err, IntSupplier columns, LongSupplier nanos) {
        this.err = err;
        this.columns = columns;
        this.nanos = nanos;
    }

    /** The monitor of this process: one for all, since there is one standard error and one Ctrl-C. */
    public static ConsoleMonitor ofProcess() {
        return OfProcess.MONITOR;
    }

    private static final class OfProcess {
        // The launcher says how wide the terminal of standard error is; Java cannot find out.
        static final ConsoleMonitor MONITOR = hearing(GRACE_MS);
    }

    /** A monitor of this process; after TERM the work has so many milliseconds to end. */
    static ConsoleMonitor hearing(long grace) {
        ConsoleMonitor monitor = new ConsoleMonitor(System.err, Screen::errColumns, System::nanoTime);
        monitor.hear(grace);
        return monitor;
    }

    private void hear(long grace) {
        // A first tile or step may take long; that something goes on is seen before it is done.
        Thread ticking = new Thread(this::tick, "progress");
        ticking.setDaemon(true);
        ticking.start();
        Signals.hear("INT", this::heard);
        Signals.hear("TERM", () -> {
            // Whoever asks like this does not wait for ever: not for a step that takes minutes either.
            Thread end = new Thread(() -> endAfter(grace), "term");
            end.setDaemon(true);
            end.start();
            heard();
        });
    }

    private void tick() {
        try {
            while (true) {
                Thread.sleep(BETWEEN_TICKS_MS);
                synchronized (this) {
                    show();
                }
            }
        } catch (InterruptedException e) {
            return;
        }
    }

    /** In another program than this one Ctrl-C ends it, unless something of ours is at work that it may want to catch. */
    private void heard() {
        if (!Boolean.getBoolean("ntk.launched") && isIdle()) {
            Runtime.getRuntime().exit(Failure.CANCELLED);
        }
        cancel();
    }

    private synchronized boolean isIdle() {
        return works.isEmpty();
    }

    private static void endAfter(long grace) {
        try {
            Thread.sleep(grace);
        } catch (InterruptedException e) {
            return;
        }
        Signals.die("TERM", TERMINATED);
    }

    /** What Ctrl-C does: the first asks the work to end, a second ends the process at once with status 130. */
    public void cancel() {
        if (cancelled) {
            Signals.die("INT", Failure.CANCELLED);
        }
        cancelled = true;
        note("stopping at the next step, what is there is kept (Ctrl-C again ends at once)");
    }

    /** Forgets a Ctrl-C that was answered, as the shell does before its next line. */
    public void reset() {
        cancelled = false;
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    @Override
    public synchronized void note(String line) {
        erase();
        err.println(Screen.wrapped(Visible.text(line), columns.getAsInt()));
        err.flush();
    }

    @Override
    public synchronized Task begin(String what, long total) {
        Work work = new Work(what, total, nanos.getAsLong());
        if (works.isEmpty()) {
            everShown = false;
        }
        works.add(work);
        show();
        return work;
    }

    private void show() {
        long now = nanos.getAsLong();
        if (works.isEmpty() || now - works.get(0).began < QUIET) {
            return;
        }
        if (everShown && now - lastShown < (columns.getAsInt() > 0 ? BETWEEN_FRAMES : BETWEEN_LINES)) {
            return;
        }
        everShown = true;
        lastShown = now;
        StringBuilder line = new StringBuilder();
        for (Work work : works.subList(0, works.size() - 1)) {
            line.append(work.brief()).append(" · ");
        }
        line.append(works.get(works.size() - 1).full(now));
        if (columns.getAsInt() > 0) {
            // One column stays free: a line that fills the terminal would wrap and could not be rewritten.
            int room = Math.max(10, columns.getAsInt() - 1);
            err.print(ERASE + (line.length() > room ? line.substring(0, room - 1) + "…" : line));
            lineShown = true;
        } else {
            err.println(line);
        }
        err.flush();
    }

    private void erase() {
        if (lineShown) {
            err.print(ERASE);
            lineShown = false;
        }
    }

    private final class Work implements Task {

        private final String what;
        private final long total;
        private final long began;
        private long units;
        private String state = "";
        private boolean closed;

        Work(String what, long total, long began) {
            this.what = what;
            this.total = total;
            this.began = began;
        }

        @Override
        public void done(long count) {
            done(count, "");
        }

        @Override
        public void done(long count, String now) {
            synchronized (ConsoleMonitor.this) {
                units = count;
                state = now;
                if (!closed) {
                    show();
                }
            }
        }

        @Override
        public void close() {
            synchronized (ConsoleMonitor.this) {
                if (closed) {
                    return;
                }
                closed = true;
                works.remove(this);
                erase();
                long took = nanos.getAsLong() - began;
                if (took >= (columns.getAsInt() > 0 ? QUIET : BETWEEN_LINES)) {
                    err.println(Screen.wrapped(what + ": " + amount() + (state.isEmpty() ? "" : ", " + state) + ", " + Duration.text(took),
                            columns.getAsInt()));
                    err.flush();
                    lastShown = nanos.getAsLong();
                }
            }
        }

        private String amount() {
            return total > 0 && units != total ? units + " of " + total : units > 0 ? String.valueOf(units) : "done";
        }

        String brief() {
            return what + (total > 0 ? " " + units + " of " + total : "");
        }

        String full(long now) {
            StringBuilder text = new StringBuilder(what);
            double seconds = (now - began) * 1e-9;
            if (total > 0) {
                text.append(' ').append(Math.min(100, 100 * units / total)).append(" %");
            }
            if (units == 0 && now - began >= QUIET) {
                text.append(", ").append(Duration.text(now - began)).append(" so far");
            }
            if (units > 0 && seconds > 0) {
                double rate = units / seconds;
                text.append(", ").append(rate >= 10 ? String.valueOf(Math.round(rate)) : String.format(java.util.Locale.ROOT, "%.2g", rate))
                        .append("/s");
                if (total > units) {
                    text.append(", at most ").append(Duration.text((long) ((total - units) / rate * 1e9))).append(" left");
                }
            }
            return text + (state.isEmpty() ? "" : ", " + state);
        }
    }
}
