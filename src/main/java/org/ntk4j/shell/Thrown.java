package org.ntk4j.shell;

import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;

/** What a statement threw, in terms of the text that the user wrote: the line, the message, its causes. */
final class Thrown {

    private static final Pattern WRAPPER = Pattern.compile("REPL\\.\\$JShell\\$\\w+[$.]?");
    private static final int MOST_CALLERS = 5;
    private static final int MOST_CAUSES = 20;

    private Thrown() {
    }

    /**
     * The exception as a failure that has it as its cause. A {@link Failure} is told by its own lines; one that says
     * Ctrl-C, at any depth, stays one.
     *
     * @param statement the statement that was run
     * @param locate    finds the place of a frame, empty if it is none of the user's
     */
    static Failure of(Throwable thrown, Statement statement, Function<StackTraceElement, Optional<Where>> locate) {
        List<Throwable> chain = chain(thrown);
        Optional<Failure> cancelled = chain.stream()
                .filter(t -> t instanceof Failure f && f.status() == Failure.CANCELLED).map(Failure.class::cast).findFirst();
        if (cancelled.isPresent()) {
            return cancelled.get();
        }
        List<Where> frames = chain.stream().map(t -> frames(t, locate)).filter(found -> !found.isEmpty()).findFirst().orElse(List.of());
        Where where = frames.isEmpty() ? new Where(statement, 0) : frames.get(0);
        List<String> lines = new ArrayList<>();
        if (thrown instanceof Failure failure) {
            lines.addAll(failure.lines());
        } else {
            lines.add(describe(thrown));
            chain.stream().skip(1).forEach(cause -> lines.add("  caused by " + describe(cause)));
        }
        lines.set(0, where.line() + lines.get(0));
        frames.stream().skip(1).filter(frame -> !frame.statement().origin().isEmpty()).map(Where::fileLine)
                .filter(line -> !line.equals(where.fileLine())).distinct().limit(MOST_CALLERS)
                .forEach(line -> lines.add("  called from " + line));
        return Failure.run(lines, thrown);
    }

    /** True if it is how waiting ends after Ctrl-C. */
    static boolean isInterruption(Throwable thrown) {
        return chain(thrown).stream().anyMatch(t -> t instanceof InterruptedException || t instanceof ClosedByInterruptException
                || t instanceof InterruptedIOException
                || t instanceof Failure f && f.status() == Failure.CANCELLED);
    }

    private static List<Where> frames(Throwable thrown, Function<StackTraceElement, Optional<Where>> locate) {
        return Arrays.stream(stackTrace(thrown)).distinct().map(locate).flatMap(Optional::stream).toList();
    }

    private static List<Throwable> chain(Throwable thrown) {
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Throwable> chain = new ArrayList<>();
        for (Throwable t = thrown; t != null && seen.add(t) && chain.size() < MOST_CAUSES; t = cause(t)) {
            chain.add(t);
        }
        return chain;
    }

    /** May be the user's own code, as the message may. */
    private static @Nullable Throwable cause(Throwable thrown) {
        try {
            return thrown.getCause();
        } catch (RuntimeException | Error e) {
            return null;
        }
    }

    private static StackTraceElement[] stackTrace(Throwable thrown) {
        try {
            return Objects.requireNonNullElse(thrown.getStackTrace(), new StackTraceElement[0]);
        } catch (RuntimeException | Error e) {
            return new StackTraceElement[0];
        }
    }

    private static String describe(Throwable thrown) {
        String type = withoutWrapper(thrown.getClass().getName());
        String message = message(thrown);
        String words = message == null ? "" : withoutWrapper(message);
        // What happened within ntk4j is no mistake of the user's, and is told as Java tells it.
        Optional<String> plain = inOwnCode(stackTrace(thrown)) ? OutOfBounds.words(thrown, words) : Optional.empty();
        return plain.orElse(message == null ? type : type + ": " + words);
    }

    /** True if, leaving Java aside, it was thrown by what the user wrote. */
    private static boolean inOwnCode(StackTraceElement[] trace) {
        return Arrays.stream(trace).map(StackTraceElement::getClassName).filter(c -> !c.startsWith("java.") && !c.startsWith("jdk."))
                .findFirst().filter(c -> !c.startsWith("org.ntk4j.")).isPresent();
    }

    /** Its message may be the user's own code, and throw. */
    private static @Nullable String message(Throwable thrown) {
        try {
            return thrown.getMessage();
        } catch (RuntimeException | Error e) {
            return "its message cannot be told: getMessage() throws " + e.getClass().getName();
        }
    }

    /** A text without the classes that JShell puts around the user's own. */
    static String withoutWrapper(String text) {
        return WRAPPER.matcher(text).replaceAll("");
    }
}
