package org.ntk4j.shell;

import java.util.List;
import java.util.Optional;

/**
 * A statement that is compiled and has not run yet.
 *
 * @param calls   what is to be called, in order
 * @param isValue whether the last call gives a value that is shown
 * @param target  what a next line that begins with a dot goes on with
 * @param waiting names that a declaration uses and that are not declared yet, such as {@code method f(int)}
 * @param lacking where a declaration made earlier still waits for a name: it cannot be used yet
 */
record CompiledStatement(Statement statement, List<SnippetControl.Call> calls, boolean isValue, Optional<Target> target,
        List<String> waiting,
        List<Lacking> lacking) {

    /**
     * What a chain goes on with.
     *
     * @param name  a variable
     * @param taker what then takes the result: {@code q}, {@code var q}; empty: nothing does
     */
    record Target(String name, String taker) {
    }

    /**
     * A declaration that waits for a name.
     *
     * @param declared what it declares
     * @param at       its statement
     * @param symbol   what is missing, such as {@code method f(int)}
     */
    record Lacking(String declared, Statement at, String symbol) {
    }
}
