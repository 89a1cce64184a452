package org.ntk4j.shell;

/**
 * A character of a statement: how messages say where something is.
 *
 * @param statement the statement
 * @param offset    from the first character of its text
 */
record Where(Statement statement, int offset) {

    /** {@code file.jsh:3:7: }, or at a terminal {@code line 2: } where the statement has several. */
    String column() {
        return statement.origin().isEmpty() ? terminal() : statement.place(offset) + ": ";
    }

    /** {@code file.jsh:3: }, or at a terminal {@code line 2: } where the statement has several. */
    String line() {
        return statement.origin().isEmpty() ? terminal() : fileLine() + ": ";
    }

    /** {@code file.jsh:3}. */
    String fileLine() {
        return statement.origin() + ":" + statement.lineOf(offset);
    }

    private String terminal() {
        return statement.text().contains("\n") ? "line " + (statement.lineOf(offset) - statement.line() + 1) + ": " : "";
    }
}
