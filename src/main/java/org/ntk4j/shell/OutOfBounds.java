package org.ntk4j.shell;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Java throws for an index that an array, a list or a text does not have, in the words that ntk4j has for rows and columns.
 *
 * @param type    the exception's class, or one above it
 * @param message its whole message
 * @param words   what is said instead, with the message's groups as {@code $1}, {@code $2}, …
 */
record OutOfBounds(Class<? extends Throwable> type, Pattern message, String words) {

    private static final String INDEX = "[Ii]ndex (-?\\d+) out of bounds for length (\\d+)";
    private static final String RANGE = "Range \\[(-?\\d+), (-?\\d+)\\) out of bounds for length (\\d+)";
    private static final String SOME = "$1 to before $2 are not some of $3, counted from 0";
    private static final List<OutOfBounds> ALL = List.of(
            of(StringIndexOutOfBoundsException.class, INDEX, "there is no character $1 among $2, counted from 0"),
            // So JDK 17 says it of charAt.
            of(StringIndexOutOfBoundsException.class, "[Ss]tring index out of range: (-?\\d+)", "there is no character $1, counted from 0"),
            of(StringIndexOutOfBoundsException.class, "begin (-?\\d+), end (-?\\d+), length (\\d+)", "characters " + SOME),
            of(StringIndexOutOfBoundsException.class, RANGE, "characters " + SOME),
            of(IndexOutOfBoundsException.class, INDEX, "there is no element $1 among $2, counted from 0"),
            of(IndexOutOfBoundsException.class, RANGE, "elements " + SOME),
            of(NegativeArraySizeException.class, "(-\\d+)", "an array cannot have $1 elements"));

    private static OutOfBounds of(Class<? extends Throwable> type, String message, String words) {
        return new OutOfBounds(type, Pattern.compile(message), words);
    }

    /** The words for an exception of Java's own; empty for any other, and for one that says something else. */
    static Optional<String> words(Throwable thrown, String message) {
        for (OutOfBounds mistake : ALL) {
            Matcher matcher = mistake.message.matcher(message);
            if (mistake.type.isInstance(thrown) && thrown.getClass().getName().startsWith("java.") && matcher.matches()) {
                return Optional.of(matcher.replaceFirst(mistake.words));
            }
        }
        return Optional.empty();
    }
}
