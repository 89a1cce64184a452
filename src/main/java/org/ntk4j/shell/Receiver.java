package org.ntk4j.shell;

import java.util.Optional;

/**
 * The expression before a dot, as far as it can be told from its text: {@code net.depth(2)} of {@code var y = net.depth(2).wi}.
 *
 * @param text all of it
 * @param root the name that it begins with: a variable, or a class
 * @param call the first method that is called, in {@code mlp().depth(2)} and {@code Experiment.mlp()} {@code mlp}; empty if there is none
 */
record Receiver(String text, String root, String call) {

    /** What stands before the last dot of a text; empty if none does. */
    static Optional<Receiver> of(String text) {
        int dot = text.length();
        while (dot > 0 && Character.isJavaIdentifierPart(text.charAt(dot - 1))) {
            dot--;
        }
        if (dot == 0 || text.charAt(dot - 1) != '.') {
            return Optional.empty();
        }
        int start = dot;
        while (start > 0 && text.charAt(start - 1) == '.') {
            start = link(text, start - 1);
            if (start < 0) {
                return Optional.empty();
            }
        }
        String expression = text.substring(start, dot - 1).strip();
        String root = word(expression, 0);
        int call = expression.indexOf('(');
        int name = call < 0 ? 0 : expression.lastIndexOf('.', call) + 1;
        return root.isEmpty() ? Optional.empty()
                : Optional.of(new Receiver(expression, root, call < 0 ? "" : expression.substring(name, call).strip()));
    }

    /** Where the link of a chain begins that ends at a place: a name, perhaps with brackets, after a dot; -1 if there is none. */
    private static int link(String text, int end) {
        int at = blanks(text, end);
        while (at > 0 && (text.charAt(at - 1) == ')' || text.charAt(at - 1) == ']')) {
            at = opening(text, at - 1);
            if (at < 0) {
                return -1;
            }
            at = blanks(text, at);
        }
        int name = at;
        while (name > 0 && Character.isJavaIdentifierPart(text.charAt(name - 1))) {
            name--;
        }
        if (name == at) {
            return -1;
        }
        int before = blanks(text, name);
        return before > 0 && text.charAt(before - 1) == '.' ? before : name;
    }

    private static int blanks(String text, int end) {
        int at = end;
        while (at > 0 && Character.isWhitespace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static int opening(String text, int closing) {
        int depth = 0;
        for (int i = closing; i >= 0; i--) {
            char c = text.charAt(i);
            depth += c == ')' || c == ']' ? 1 : c == '(' || c == '[' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return -1;
    }

    private static String word(String text, int from) {
        int end = from;
        while (end < text.length() && Character.isJavaIdentifierPart(text.charAt(end))) {
            end++;
        }
        return text.substring(from, end);
    }
}
