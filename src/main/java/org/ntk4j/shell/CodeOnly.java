package org.ntk4j.shell;

/**
 * Java text whose comments are blanks, so that every character keeps its place and what is left is code. Knows strings,
 * character literals and text blocks, in which nothing is a comment.
 */
final class CodeOnly {

    private final String code;
    private final boolean open;

    private CodeOnly(String code, boolean open) {
        this.code = code;
        this.open = open;
    }

    static CodeOnly of(String text) {
        StringBuilder code = new StringBuilder(text);
        int i = 0;
        boolean open = false;
        while (i < text.length()) {
            int end;
            if (text.startsWith("//", i)) {
                end = endOf(text, "\n", i + 2);
                blank(code, i, end);
            } else if (text.startsWith("/*", i)) {
                int close = text.indexOf("*/", i + 2);
                open = close < 0;
                end = open ? text.length() : close + 2;
                blank(code, i, end);
            } else if (text.startsWith("\"\"\"", i)) {
                end = afterLiteral(text, i + 3, "\"\"\"", true);
            } else if (text.charAt(i) == '"' || text.charAt(i) == '\'') {
                end = afterLiteral(text, i + 1, text.substring(i, i + 1), false);
            } else {
                end = i + 1;
            }
            i = end;
        }
        return new CodeOnly(code.toString(), open);
    }

    private static int endOf(String text, String mark, int from) {
        int at = text.indexOf(mark, from);
        return at < 0 ? text.length() : at;
    }

    private static int afterLiteral(String text, int from, String quote, boolean lines) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.startsWith(quote, i)) {
                return i + quote.length();
            } else if (text.charAt(i) == '\n' && !lines) {
                return i;
            }
        }
        return text.length();
    }

    private static void blank(StringBuilder code, int from, int to) {
        for (int i = from; i < to; i++) {
            if (code.charAt(i) != '\n') {
                code.setCharAt(i, ' ');
            }
        }
    }

    /** The text with blanks for comments. */
    String code() {
        return code;
    }

    /** True if the text ends within a block comment. */
    boolean open() {
        return open;
    }

    /**
     * The place of the first character at or after {@code from} that is neither blank nor comment; the length of the text if there is none.
     */
    int start(int from) {
        int i = from;
        while (i < code.length() && Character.isWhitespace(code.charAt(i))) {
            i++;
        }
        return i;
    }

    /** The place after the last character before {@code to} that is neither blank nor comment; 0 if there is none. */
    int end(int to) {
        int i = to;
        while (i > 0 && Character.isWhitespace(code.charAt(i - 1))) {
            i--;
        }
        return i;
    }
}
