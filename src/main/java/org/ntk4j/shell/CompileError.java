package org.ntk4j.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import jdk.jshell.Diag;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Screen;

/** What the compiler has against a statement, in terms of the text that the user wrote. */
final class CompileError {

    private static final Pattern WRAPPER = Pattern.compile("(REPL\\.)?\\$JShell\\$\\w+\\.?");

    /** What the compiler cannot follow. */
    static final String TOO_DEEP = "this is too long or nested too deeply for the compiler; divide it into several statements";
    private static final int WIDEST = 160;
    /** An indentation and two ellipses. */
    private static final int AROUND = 8;

    private CompileError() {
    }

    /** What the compiler has against a statement: all of it, each with what may help. */
    static Failure of(Statement statement, List<Diag> errors, Hints hints) {
        if (errors.isEmpty()) {
            return at(new Where(statement, 0), "this does not compile");
        }
        List<List<String>> told = errors.stream()
                .map(error -> Stream.concat(of(statement, error).lines().stream(), hints.about(error)).toList()).distinct().toList();
        return Failure.input(told.stream().flatMap(List::stream).toList());
    }

    private static Failure of(Statement statement, Diag error) {
        long position = error.getPosition() == Diag.NOPOS ? error.getStartPosition() : error.getPosition();
        return at(new Where(statement, position == Diag.NOPOS ? 0 : (int) position), message(error.getMessage(Locale.ENGLISH)));
    }

    /** The input ended within the statement; the compiler may know of an error before that. */
    static Failure unfinished(Statement statement, Optional<Diag> error) {
        if (statement.text().startsWith("/*")) {
            return at(new Where(statement, 0), "this comment does not end");
        }
        return error.filter(e -> e.getPosition() != Diag.NOPOS && e.getPosition() < statement.text().length())
                .map(e -> of(statement, e))
                .orElseGet(() -> at(new Where(statement, 0),
                        "the input ends before this does: a bracket, a quote or the rest of it is missing"));
    }

    /** A name in a declaration that is declared nowhere: {@code method f(int)}, {@code variable x}, {@code class C}. */
    static Failure missing(Statement statement, String symbol) {
        Matcher place = Pattern.compile("(?<!\\w)" + Pattern.quote(name(symbol)) + "(?!\\w)").matcher(CodeOnly.of(statement.text()).code());
        return at(new Where(statement, place.find() ? place.start() : 0), List.of("cannot find symbol: " + symbol));
    }

    /** Something else is wrong at this place. */
    static Failure at(Where where, String message) {
        return at(where, List.of(message));
    }

    /** {@code f} of {@code method f(int)}. */
    static String name(String symbol) {
        return symbol.replaceFirst("^.*?\\s", "").replaceFirst("\\W.*", "");
    }

    private static Failure at(Where where, List<String> message) {
        Statement statement = where.statement();
        List<String> lines = new ArrayList<>(message);
        lines.set(0, where.column() + lines.get(0));
        String written = statement.lineAt(where.offset());
        int at = Math.min(written.length(), statement.place(where.offset()).column() - 1);
        // Of a long line, what is around the place.
        int widest = Screen.errColumns() > 0 ? Math.max(WIDEST / 4, Math.min(WIDEST, Screen.errColumns() - AROUND)) : WIDEST;
        int from = written.length() <= widest || at < widest / 2 ? 0 : at - widest / 2;
        int to = Math.min(written.length(), from + widest);
        lines.add("    " + (from > 0 ? "… " : "") + written.substring(from, to) + (to < written.length() ? " …" : ""));
        lines.add("    " + (from > 0 ? "  " : "") + written.substring(from, at).replaceAll("[^\t]", " ") + "^");
        return Failure.input(lines);
    }

    /** The symbol joins the first line; where it was looked for is told unless that is the snippet's own class. */
    private static List<String> message(String compiler) {
        List<String> lines = new ArrayList<>();
        for (String line : WRAPPER.matcher(compiler).replaceAll("").lines().toList()) {
            String detail = line.strip();
            if (detail.startsWith("symbol:")) {
                lines.set(0, lines.get(0) + ": " + value(detail));
            } else if (detail.startsWith("location:")) {
                if (!value(detail).equals("class")) {
                    lines.set(0, lines.get(0) + " (" + value(detail) + ")");
                }
            } else if (!detail.isEmpty()) {
                lines.add(line);
            }
        }
        return lines.isEmpty() ? List.of("this does not compile") : lines;
    }

    private static String value(String detail) {
        return detail.substring(detail.indexOf(':') + 1).strip().replaceAll("\\s+", " ");
    }
}
