package org.ntk4j.shell;

import java.util.List;
import java.util.Optional;

/**
 * What came of a statement.
 *
 * @param shown   the value of an expression, as text to print; empty for statements, declarations and assignments
 * @param waiting names that a declaration uses and that are not declared yet, such as {@code method f(int)}
 */
record StatementResult(Optional<String> shown, List<String> waiting) {
}
