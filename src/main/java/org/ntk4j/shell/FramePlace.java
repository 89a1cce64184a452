package org.ntk4j.shell;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.Snippet.Kind;
import jdk.jshell.SourceCodeAnalysis;
import jdk.jshell.SourceCodeAnalysis.SnippetWrapper;

/**
 * Where the code of a statement that threw stands in the text that the user wrote.
 *
 * @param statements by what JShell made of them, the latest last
 */
record FramePlace(SourceCodeAnalysis analysis, Map<Snippet, Statement> statements) {

    /**
     * The place of a frame of a stack trace; empty if it is none of a statement. What was declared again may have kept the name of its
     * class.
     */
    Optional<Where> of(StackTraceElement frame) {
        if (!frame.getClassName().startsWith("REPL.")) {
            return Optional.empty();
        }
        List<Map.Entry<Snippet, Statement>> latestFirst = new ArrayList<>(statements.entrySet());
        Collections.reverse(latestFirst);
        return latestFirst.stream()
                .filter(entry -> entry.getKey().kind() != Kind.IMPORT && entry.getKey().kind() != Kind.ERRONEOUS)
                .flatMap(entry -> located(frame, analysis.wrapper(entry.getKey()), entry.getValue()).stream())
                .findFirst();
    }

    private static Optional<Where> located(StackTraceElement frame, SnippetWrapper wrapper, Statement statement) {
        if (!(frame.getClassName() + "$").startsWith(wrapper.fullClassName() + "$")) {
            return Optional.empty();
        }
        int offset = 0;
        Matcher lines = Pattern.compile("(?m)^[ \t]*(?=\\S)").matcher(statement.text());
        while (lines.find()) {
            int wrapped = wrapper.sourceToWrappedPosition(lines.end());
            if (wrapped >= 0 && wrapped <= wrapper.wrapped().length()
                    && 1 + wrapper.wrapped().substring(0, wrapped).chars().filter(c -> c == '\n').count() <= frame.getLineNumber()) {
                offset = lines.end();
            }
        }
        return Optional.of(new Where(statement, offset));
    }
}
