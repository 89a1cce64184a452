package org.ntk4j.shell;

import org.ntk4j.grammar.Place;

/**
 * A command of the shell, such as {@code /open file.jsh}.
 *
 * @param name     with its slash
 * @param argument the rest of the line, without blanks around it
 * @param place    where its slash is
 */
record Command(String name, String argument, Place place) implements Piece {
}
