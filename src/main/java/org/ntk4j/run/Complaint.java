package org.ntk4j.run;

import java.io.PrintStream;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.ntk4j.console.Visible;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Screen;
import org.ntk4j.grammar.Mistakes;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What the user is told when something went wrong, and the exit status that goes with it. */
final class Complaint {

    private static final Pattern PLACED = Pattern.compile("[^\\s:][^:]*:\\d+(:\\d+)?: .*", Pattern.DOTALL);

    private static final int MOST_CAUSES = 20;

    private Complaint() {
    }

    /** Prints what went wrong, a line a mistake, without a trace unless {@code NTK_TRACE=1}; the exit status. */
    static int report(Throwable problem, PrintStream err) {
        boolean trace = "1".equals(System.getenv("NTK_TRACE"));
        int status = Failure.RUN;
        if (problem instanceof Failure failure) {
            failure.lines().stream().flatMap(String::lines).map(Visible::text)
                    .forEach(line -> err.println(Screen.wrapped(prefix(line) + line, Screen.errColumns())));
            status = failure.status();
        } else if (problem instanceof OutOfMemoryError) {
            err.println("ntk: Java ran out of memory (" + problem.getMessage()
                    + "); give a smaller --memory, fewer inputs or a narrower network");
        } else if (outOfFiles(problem)) {
            err.println("ntk: no more files may be opened at once (ulimit -n): allow more, such as ulimit -n 1024");
        } else {
            err.println("ntk: unexpected: " + firstLine(problem) + " (this is a bug of ntk4j; the trace is "
                    + (trace ? "below" : "shown by NTK_TRACE=1") + ")");
        }
        if (trace) {
            problem.printStackTrace(err);
        }
        err.flush();
        return status;
    }

    /** A line that begins with its place says itself where it comes from; one that is indented belongs to the one before. */
    private static String prefix(String line) {
        return line.startsWith(" ") || PLACED.matcher(line).matches() ? "" : "ntk: ";
    }

    private static boolean outOfFiles(Throwable problem) {
        return Stream.iterate(problem, Objects::nonNull, Throwable::getCause).limit(MOST_CAUSES)
                .anyMatch(t -> String.valueOf(t.getMessage()).contains("Too many open files"));
    }

    private static String firstLine(Throwable problem) {
        return problem.toString().lines().findFirst().orElse("").replaceFirst("^java\\.\\w+\\.", "");
    }

    /** What is wrong with the command line, with the nearest name. */
    static String aboutOptions(ParameterException e) {
        CommandLine verb = e.getCommandLine();
        boolean top = verb.getParent() == null;
        String help = verb.getCommandSpec().qualifiedName(" ") + " --help";
        if (e instanceof UnmatchedArgumentException unmatched && !unmatched.getUnmatched().isEmpty()) {
            String word = unmatched.getUnmatched().get(0);
            List<String> options = verb.getCommandSpec().options().stream().map(o -> o.longestName()).toList();
            if (top && word.startsWith("-")) {
                boolean later = verb.getSubcommands().values().stream()
                        .anyMatch(v -> v.getCommandSpec().findOption(word.replaceFirst("=.*", "")) != null);
                return later ? "the option '" + word + "' stands after the verb: ntk VERB … " + word
                        : "there is no option '" + word + "'" + Mistakes.suggestion(word, options) + "; options of a verb stand after it";
            }
            if (top) {
                return "there is no verb '" + word + "'" + Mistakes.suggestion(word, verb.getSubcommands().keySet());
            }
            if (word.startsWith("-")) {
                String name = word.replaceFirst("=.*", "");
                return "there is no option '" + name + "'" + Mistakes.suggestion(name, options)
                        + "; see " + help;
            }
            return "'" + word + "' is one argument too many; see " + help;
        }
        String text = Objects.requireNonNullElse(e.getMessage(), "").lines().findFirst().orElse("");
        return (text.isEmpty() ? "the command line is wrong" : Character.toLowerCase(text.charAt(0)) + text.substring(1)) + "; see " + help;
    }
}
