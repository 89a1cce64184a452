package org.ntk4j.grammar;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.ntk4j.base.Failure;

/** Collects the mistakes of a document, so that they are reported together. */
public final class Mistakes {

    private record Mistake(Place place, String text) {
    }

    /** A value, or the name of a key, is shown to this length. */
    private static final int MOST_SHOWN = 60;
    /** What a name may be is compared with to this length: longer ones are near to nothing. */
    private static final int LONGEST_NAME = 100;
    /** A mistake repeats no long value in full, wherever it comes from. */
    private static final int LONGEST_TEXT = 2000;

    private final List<Mistake> found = new ArrayList<>();
    private final List<String> elsewhere = new ArrayList<>();

    /** A value for a message: of a long one the beginning. */
    public static String shortened(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
    }

    /** One more mistake: where, and what is wrong and allowed. */
    public void add(Place place, String text) {
        found.add(new Mistake(place, text.length() <= LONGEST_TEXT ? text
                : text.substring(0, LONGEST_TEXT / 2) + " … " + text.substring(text.length() - LONGEST_TEXT / 2)));
    }

    /** What was wrong in another file that the document names; its lines come after those of the document. */
    public void add(Failure inOtherFile) {
        elsewhere.addAll(inOtherFile.lines());
    }

    /** True if there is none so far. */
    public boolean isEmpty() {
        return found.isEmpty() && elsewhere.isEmpty();
    }

    /** One line each, {@code file:line:column: what}, in the order of the document, none twice. */
    public List<String> lines() {
        Stream<String> own = found.stream()
                .sorted(Comparator.comparing((Mistake m) -> m.place.line()).thenComparing(m -> m.place.column()))
                .map(m -> m.place + ": " + m.text);
        return Stream.concat(own, elsewhere.stream())
                .distinct()
                .toList();
    }

    /**
     * Does nothing if there is no mistake.
     *
     * @throws Failure with all of them otherwise
     */
    public void check() {
        if (!isEmpty()) {
            throw Failure.input(lines());
        }
    }

    /** Of the names that are allowed, the nearest to what was written, if any is near. */
    public static Optional<String> nearest(String written, Collection<String> allowed) {
        if (written.length() > LONGEST_NAME) {
            return Optional.empty();
        }
        String low = written.toLowerCase(java.util.Locale.ROOT);
        return allowed.stream()
                .min(Comparator.comparingInt(name -> distance(low, name.toLowerCase(java.util.Locale.ROOT))))
                .filter(name -> distance(low, name.toLowerCase(java.util.Locale.ROOT)) 
                        <= Math.min(written.length() - 1, Math.max(1, name.length() / 3)));
    }

    /** {@code ; did you mean 'width'? allowed: width, depth}. */
    public static String suggestion(String written, Collection<String> allowed) {
        return nearest(written, allowed).map(name -> "; did you mean '" + name + "'?").orElse(";")
                + " allowed: " + String.join(", ", allowed);
    }

    /** The number of letters to insert, remove or replace, or neighbours to exchange. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
