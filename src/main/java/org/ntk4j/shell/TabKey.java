package org.ntk4j.shell;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jline.reader.LineReader;
import org.jline.reader.Widget;
import org.ntk4j.base.Screen;

/**
 * What Tab does: behind an opening bracket or a comma it tells the signatures of the call and what fits there, once more what the call
 * does; elsewhere it completes.
 */
final class TabKey implements Widget {

    private static final int MOST_ARGUMENTS = 60;

    private final LineReader reader;
    private final Supplier<Session> session;
    private final Widget completes;
    private String told = "";

    private TabKey(LineReader reader, Supplier<Session> session) {
        this.reader = reader;
        this.session = session;
        completes = Objects.requireNonNull(reader.getWidgets().get(LineReader.EXPAND_OR_COMPLETE));
    }

    /** Gives a reader this key. */
    static void bind(LineReader reader, Supplier<Session> session) {
        reader.getWidgets().put(LineReader.EXPAND_OR_COMPLETE, new TabKey(reader, session));
    }

    @Override
    public boolean apply() {
        String text = reader.getBuffer().upToCursor();
        if (Completion.isCommand(text) || !isArgument(text)) {
            return completes.apply();
        }
        Signatures signatures = new Signatures(session.get());
        String code = Completion.whole(text, session.get());
        boolean again = text.equals(told);
        List<String> lines = again ? signatures.documented(code) : signatures.of(code);
        if (lines.isEmpty()) {
            return true;
        }
        told = again ? "" : text;
        String said = String.join(System.lineSeparator(), lines) + (again ? "" : fitting(code));
        reader.printAbove(Screen.wrapped(said, reader.getTerminal().getWidth()));
        return true;
    }

    /** True where an argument begins. */
    private static boolean isArgument(String text) {
        String before = text.stripTrailing();
        return before.endsWith("(") || before.endsWith(",");
    }

    private String fitting(String code) {
        List<String> names = new TabChoice(session.get()).arguments(code);
        return names.isEmpty() || names.size() > MOST_ARGUMENTS ? ""
                : System.lineSeparator() + "  takes: " + String.join(" ", names);
    }
}
