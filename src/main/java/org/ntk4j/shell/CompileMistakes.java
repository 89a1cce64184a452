package org.ntk4j.shell;

import java.util.ArrayList;
import java.util.Comparator;
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

    private static final Pattern PLACE = Pattern.compile(".*?:(\\d+):\\d+: .*", Pattern.DOTALL);

    private record Mistake(int line, List<String> lines) {
    }

    private final List<Mistake> found = new ArrayList<>();
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
                add(e.lines());
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
                add(e.lines());
            }
        }
    }

    void add(Failure mistake) {
        add(mistake.lines());
    }

    void add(String line) {
        add(List.of(line));
    }

    private void add(List<String> lines) {
        Matcher place = PLACE.matcher(lines.get(0));
        found.add(new Mistake(place.matches() ? Integer.parseInt(place.group(1)) : Integer.MAX_VALUE, lines));
    }

    private boolean follows(String message) {
        Matcher symbol = SYMBOL.matcher(message.replaceFirst("^[^ ]*:\\d+:\\d+: ", ""));
        return symbol.matches() && lost.contains(symbol.group(1));
    }

    boolean any() {
        return !found.isEmpty();
    }

    /** All of them in the order of the file: a name that is missing is known to be so only at its end. */
    Failure failure() {
        List<String> lines = found.stream().sorted(Comparator.comparingInt(Mistake::line)).flatMap(m -> m.lines.stream()).toList();
        return Failure.input(lines.size() <= MOST_LINES ? lines : lines.subList(0, MOST_LINES));
    }
}
