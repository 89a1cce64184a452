package org.ntk4j.shell;

/** What the reader hands out: a statement of Java, or a command of the shell. */
sealed interface Piece permits Statement, Command {
}
