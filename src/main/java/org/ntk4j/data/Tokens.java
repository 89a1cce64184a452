package org.ntk4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Splits a text into words as GloVe's vectors know them: lower case; a word is a run of letters and digits, in which apostrophes,
 * hyphens, full stops and commas may stand between two of them ({@code don't}, {@code co-writer}, {@code 1.5}, {@code u.s}); every
 * other sign is a word of its own; typographic quotes count as straight ones. A word without a vector is tried in pieces:
 * {@code do n't} and {@code film 's}, then what stands between its signs ({@code co writer}), of which those without a vector are
 * left out. Where no piece has one, the word is unknown.
 */
final class Tokens {

    private static final Pattern WORD =
            Pattern.compile("[\\p{L}\\p{N}\\p{M}]+(?:['.,-][\\p{L}\\p{N}\\p{M}]+)*|[^\\s\\p{L}\\p{N}\\p{M}\\p{C}]",
            Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern SIGNS = Pattern.compile("[^\\p{L}\\p{N}\\p{M}]+");

    private Tokens() {
    }

    /** The words of a text, in order. */
    static List<String> of(String text) {
        String plain = text.toLowerCase(Locale.ROOT).replace('\u2019', '\'').replace('\u2018', '\'').replace('\u201c', '"')
                .replace('\u201d', '"');
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(plain);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }

    /** Every piece in which a word may have to be looked up, itself included. */
    static List<String> candidates(String word) {
        List<String> all = new ArrayList<>(List.of(word));
        all.addAll(contraction(word));
        all.addAll(pieces(word));
        return all;
    }

    /** The pieces that have vectors; the word itself where it has one, none where it is unknown. */
    static List<String> known(String word, Predicate<String> vector) {
        if (vector.test(word)) {
            return List.of(word);
        }
        List<String> two = contraction(word);
        if (!two.isEmpty() && two.stream().allMatch(vector)) {
            return two;
        }
        return pieces(word).stream().filter(vector).toList();
    }

    private static List<String> contraction(String word) {
        int split = word.endsWith("n't") ? word.length() - 3 : word.lastIndexOf('\'');
        return split <= 0 ? List.of() : List.of(word.substring(0, split), word.substring(split));
    }

    private static List<String> pieces(String word) {
        return SIGNS.splitAsStream(word).filter(piece -> !piece.isEmpty() && !piece.equals(word)).toList();
    }
}
