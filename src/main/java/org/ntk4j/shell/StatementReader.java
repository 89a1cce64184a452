package org.ntk4j.shell;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.SourceCodeAnalysis.Completeness;
import org.ntk4j.grammar.Place;

/**
 * Cuts lines into statements. Lines are added until JShell finds the statement complete; then the next line that is
 * neither blank nor comment is looked at, because it may go on: with a dot (but {@code .5} is a number), with an
 * operator, with {@code else}, {@code catch} or {@code finally}. A semicolon ends a chain. A slash divides, unless a command of the shell
 * follows.
 */
final class StatementReader {

    /** The rest of a chain. What begins with a dot and a digit is a number. */
    static final Pattern CHAIN = Pattern.compile("\\.(?!\\d)");
    /** A line that begins like this can be no statement of its own. A {@code <} before a name may be a generic method. */
    private static final Pattern GOES_ON = Pattern.compile(
            "\\.(?!\\d).*|[*%&|^?:=>,)\\[\\];].*|!=.*|<[\\s=<].*|\\+(?!\\+).*|-(?!-).*|instanceof\\b.*", Pattern.DOTALL);
    private static final Pattern DIVIDES = Pattern.compile("/(?![/*]).*", Pattern.DOTALL);
    private static final Pattern COMMAND = Pattern.compile("/[A-Za-z].*", Pattern.DOTALL);
    private static final Pattern CLAUSE = Pattern.compile("(else|catch|finally)\\b.*", Pattern.DOTALL);
    private static final Pattern MAY_HAVE_ELSE = Pattern.compile("(\\w+\\s*:\\s*)?(if|for|while)\\b.*", Pattern.DOTALL);
    private static final Pattern ONLY_ANNOTATIONS = Pattern.compile("(@[\\w.]+\\s*(\\([^()]*\\))?\\s*)+");

    private record Analysis(Completeness state, String source, String remaining) {
    }

    private final Lines lines;
    private final String origin;
    private final Supplier<SourceCodeAnalysis> analysis;
    /** Lines that were read and not yet handed out, each with its end. */
    private String buffer = "";
    private int line = 1;
    private String before = "";

    StatementReader(Lines lines, String origin, Supplier<SourceCodeAnalysis> analysis) {
        this.lines = lines;
        this.origin = origin;
        this.analysis = analysis;
    }

    /** The next statement or command; empty at the end of the input. */
    Optional<Piece> next() {
        int start = significant(0, false);
        if (start < 0) {
            return Optional.empty();
        }
        advance(start);
        if (buffer.startsWith("/*")) {
            return Optional.of(cut(buffer.length(), buffer, false));
        }
        return Optional.of(buffer.charAt(0) == '/' ? command() : statement());
    }

    /** Forgets what was read and not yet run, so that the next line begins afresh. */
    void forget() {
        advance(buffer.length());
    }

    /** After Ctrl-C: the rest of what was typed or pasted at a terminal together with what was stopped is not wanted either. */
    void stopped() {
        if (origin.isEmpty()) {
            forget();
        }
    }

    private Command command() {
        int end = buffer.indexOf('\n');
        String[] words = buffer.substring(0, end).strip().split("\\s+", 2);
        Command command = new Command(words[0], words.length > 1 ? words[1] : "", new Place(origin, line, before.length() + 1));
        advance(end);
        return command;
    }

    private Statement statement() {
        int end = buffer.indexOf('\n');
        while (true) {
            String text = buffer.substring(0, end);
            Analysis info;
            try {
                info = analyze(text);
            } catch (Compiler.Overwhelmed e) {
                // Too deep for the compiler, which will say so.
                return cut(end, text, true);
            }
            if (isOpen(info, text)) {
                if (end + 1 == buffer.length() && !read(true)) {
                    return cut(CodeOnly.of(text).end(text.length()), text, false);
                }
                end = buffer.indexOf('\n', end + 1);
                continue;
            }
            boolean moreOnTheLine = info.state.isComplete() && !info.remaining.isBlank();
            CodeOnly masked = CodeOnly.of(text);
            int consumed = moreOnTheLine ? text.length() - info.remaining.length() : text.length();
            if (moreOnTheLine && masked.start(consumed) < text.length()) {
                return cut(masked.end(consumed), info.source, true);
            }
            int last = masked.end(consumed);
            int next = mayGoOn(masked.code(), last) ? significant(end, true) : -1;
            if (next < 0 || !goesOn(masked.code().charAt(last - 1), buffer.substring(next))) {
                return cut(last, info.source, true);
            }
            end = buffer.indexOf('\n', next);
        }
    }

    /** A text that begins with a dot is taken as the rest of an expression. */
    private Analysis analyze(String text) {
        boolean rest = CHAIN.matcher(text).lookingAt();
        CompletionInfo info = Compiler.ask(() -> analysis.get().analyzeCompletion(rest ? "x" + text : text));
        String source = info.source() == null ? text : info.source().substring(rest ? 1 : 0);
        return new Analysis(info.completeness(), source, info.remaining());
    }

    private static boolean isOpen(Analysis info, String text) {
        return info.state == Completeness.DEFINITELY_INCOMPLETE
                || info.state == Completeness.CONSIDERED_INCOMPLETE
                || text.startsWith("@") && ONLY_ANNOTATIONS.matcher(CodeOnly.of(text).code().strip()).matches();
    }

    private static boolean mayGoOn(String code, int last) {
        return code.charAt(last - 1) != ';' || MAY_HAVE_ELSE.matcher(code).matches();
    }

    private boolean goesOn(char last, String next) {
        return CLAUSE.matcher(next).matches() || last != ';'
                && (GOES_ON.matcher(next).matches() || DIVIDES.matcher(next).matches() && !isCommand(next));
    }

    /** In the shell whatever looks like one; in a script, where none has a place, only those that there are. */
    private boolean isCommand(String next) {
        boolean shell = origin.isEmpty() || origin.equals(Repl.PIPE);
        return shell ? COMMAND.matcher(next).matches() : Commands.names()
                .contains(next.lines().findFirst().orElse("").strip().split("\\s")[0]);
    }

    private Statement cut(int length, String source, boolean finished) {
        Statement statement = new Statement(buffer.substring(0, length), source, origin, line, before, finished);
        advance(length);
        return statement;
    }

    /** The place in the buffer of the next character that is neither blank nor comment, reading as far as needed; -1 if there is none. */
    private int significant(int from, boolean lookingAhead) {
        while (true) {
            CodeOnly masked = CodeOnly.of(buffer.substring(from));
            int at = from + masked.start(0);
            if (at < buffer.length()) {
                return at;
            }
            if (lookingAhead && !lines.ahead() || !read(lookingAhead || masked.open())) {
                return masked.open() && !lookingAhead ? buffer.lastIndexOf("/*") : -1;
            }
        }
    }

    private boolean read(boolean continued) {
        Optional<String> more = lines.next(continued);
        more.ifPresent(text -> buffer += text + "\n");
        return more.isPresent();
    }

    private void advance(int length) {
        String gone = buffer.substring(0, length);
        int lineStart = gone.lastIndexOf('\n') + 1;
        before = lineStart == 0 ? before + gone : gone.substring(lineStart);
        line += (int) gone.chars().filter(c -> c == '\n').count();
        buffer = buffer.substring(length);
    }
}
