package org.ntk4j.base;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the user is told when something cannot be done: one line a mistake, in the user's words, and the exit status of
 * the program. It is the only exception that the command line prints without a trace.
 */
public final class Failure extends RuntimeException {

    /** Exit status of a run that failed. */
    public static final int RUN = 1;
    /** Exit status where the input was wrong. */
    public static final int INPUT = 2;
    /** Exit status after Ctrl-C. */
    public static final int CANCELLED = 130;

    private final int status;
    private final transient List<String> lines;

    private Failure(int status, List<String> lines, @Nullable Throwable cause) {
        super(String.join(System.lineSeparator(), lines), cause);
        this.status = status;
        this.lines = List.copyOf(lines);
    }

    /** The input was wrong: a file, an option, an argument. */
    public static Failure input(String line) {
        return new Failure(INPUT, List.of(line), null);
    }

    /** The input was wrong in several places, one line each. */
    public static Failure input(List<String> lines) {
        return new Failure(INPUT, lines, null);
    }

    /** The input was right and the work failed all the same. */
    public static Failure run(String line) {
        return new Failure(RUN, List.of(line), null);
    }

    /** The work failed because of another exception, which stays attached. */
    public static Failure run(String line, Throwable cause) {
        return new Failure(RUN, List.of(line), cause);
    }

    /** The work failed because of another exception, told in several lines. */
    public static Failure run(List<String> lines, @Nullable Throwable cause) {
        return new Failure(RUN, lines, cause);
    }

    /** The user pressed Ctrl-C. */
    public static Failure cancelled(String line) {
        return new Failure(CANCELLED, List.of(line), null);
    }

    /** All lines; never null. */
    @Override
    public String getMessage() {
        return Objects.requireNonNullElse(super.getMessage(), "");
    }

    /** The exit status: {@link #RUN}, {@link #INPUT} or {@link #CANCELLED}. */
    public int status() {
        return status;
    }

    /** One line a mistake. */
    public List<String> lines() {
        return lines;
    }
}
