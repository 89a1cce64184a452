package org.ntk4j.shell;

import java.util.List;
import java.util.function.Supplier;
import org.jline.builtins.Completers;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** What Tab offers: names that fit at this place, commands, and files for {@code /open}. */
final class Completion implements Completer {

    private final Supplier<Session> session;
    private final Completer files = new Completers.FileNameCompleter();

    Completion(Supplier<Session> session) {
        this.session = session;
    }

    /** True if a line is a command, or on its way to be one. */
    static boolean isCommand(String line) {
        String text = line.stripLeading();
        return text.startsWith("/") && !text.startsWith("//") && !text.startsWith("/*");
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        String text = line.line().substring(0, line.cursor());
        if (!isCommand(text)) {
            names(text, line.cursor() - line.wordCursor(), candidates);
        } else if (text.strip().indexOf(' ') < 0 && !text.endsWith(" ")) {
            Commands.names().forEach(name -> candidates.add(new Candidate(name)));
        } else if (text.stripLeading().startsWith("/open ")) {
            files.complete(reader, line, candidates);
        }
    }

    /** A line that begins with a dot is completed as the rest of the expression that it goes on with. */
    static String whole(String text, Session session) {
        String code = text.stripLeading();
        return (StatementReader.CHAIN.matcher(code).lookingAt() ? session.chainName().orElse("") : "") + code;
    }

    private void names(String text, int wordStart, List<Candidate> candidates) {
        Session known = session.get();
        String code = whole(text, known);
        int shift = code.length() - text.length();
        int[] anchor = new int[1];
        new TabChoice(known).names(code, anchor).forEach(value -> {
            int at = anchor[0] - shift;
            if (at >= 0 && at <= wordStart && value.length() > wordStart - at) {
                candidates.add(candidate(value.substring(wordStart - at)));
            } else if (at > wordStart && at <= text.length()) {
                candidates.add(candidate(text.substring(wordStart, at) + value));
            }
        });
    }

    private static Candidate candidate(String value) {
        return new Candidate(value, value, null, null, null, null, false);
    }
}
