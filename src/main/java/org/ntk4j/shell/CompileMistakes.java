package org.ntk4j.shell;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ntk4j.base.Failure;

/**
 * What does not compile in a script. A name whose own declaration does not compile is missing in what follows: that is not told again.
 */
final class CompileMistakes {

    private static final Pattern SYMBOL = Pattern.compile("cannot find symbol: \\w+ (\\w+).*");
    /** What a statement declares that is not compiled: a class, or a variable or method after its type. */
    private static final Pattern DECLARED = Pattern.compile(
            "(?:[\\w@]+\\s+)*?(?:class|record|interface|enum)\\s+(\\w+)|(?:final\\s+|static\\s+|public\\s+|private\\s+)*"
                    + "[\\w.]+(?:\\s*<[^=;(]*>)?(?:\\s*\\[\\s*])*\\s+(\\w+)\\s*[=;(]");
    private static final int MOST_LINES = 120;

    private final List<String> lines = new ArrayList<>();
    private final Set<String> lost = new HashSet<>();

    /** Does something with a statement that may fail because it does not compile. */
    void collect(Statement statement, Runnable work) {
        try {
            work.run();
        } catch (Failure e) {
            if (e.status() != Failure.INPUT) {
                throw e;
            }
            if (!follows(e.lines().get(0))) {
                lines.addAll(e.lines());
            }
            Matcher declared = DECLARED.matcher(CodeOnly.of(statement.text()).code());
            if (declared.lookingAt()) {
                lost.add(declared.group(1) == null ? declared.group(2) : declared.group(1));
            }
        }
    }

    /** Collects mistakes in what is no single statement. */
    void collect(Runnable work) {
        try {
            work.run();
        } catch (Failure e) {
            if (!follows(e.lines().get(0))) {
                lines.addAll(e.lines());
            }
        }
    }

    void add(Failure mistake) {
        lines.addAll(mistake.lines());
    }

    void add(String line) {
        lines.add(line);
    }

    private boolean follows(String message) {
        Matcher symbol = SYMBOL.matcher(message.replaceFirst("^[^ ]*:\\d+:\\d+: ", ""));
        return symbol.matches() && lost.contains(symbol.group(1));
    }

    boolean any() {
        return !lines.isEmpty();
    }

    Failure failure() {
        return Failure.input(lines.size() <= MOST_LINES ? lines : lines.subList(0, MOST_LINES));
    }
}
