package org.ntk4j.data;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ntk4j.base.Failure;
import org.ntk4j.files.FileMistakes;
import org.ntk4j.files.TextLines;
import org.ntk4j.files.TextNumber;

/**
 * Vectors of words in GloVe's text format: {@code word v1 … vN}, single spaces between, also compressed with gzip. A first line of
 * two whole numbers (their number and size, as word2vec writes it) is passed over; of a word that stands there twice the first
 * counts. A word may contain spaces where what comes before the last N fields is no number.
 *
 * @param size    how many numbers each has
 * @param vectors of the words asked for that are there
 * @param mean    of all vectors that were read for {@code vectors}; zeros where there is none
 */
record WordVectors(int size, Map<String, double[]> vectors, double[] mean) {

    /**
     * The size of the vectors, from the first line.
     *
     * @throws Failure if it is none of word vectors
     */
    static int size(Path file) {
        FileMistakes mistakes = new FileMistakes(file);
        try (TextLines lines = TextLines.open(mistakes)) {
            String first = lines.next();
            mistakes.check();
            String line = first != null && isHead(first) ? lines.next() : first;
            return size(file, line, lines.number());
        }
    }

    /**
     * Reads the vectors of some words. The number of fields and the numbers are checked of the words asked for only: large files
     * have odd lines.
     *
     * @throws Failure with the first ten mistakes and their number
     */
    static WordVectors read(Path file, Set<String> words) {
        FileMistakes mistakes = new FileMistakes(file);
        Map<String, double[]> vectors = new HashMap<>();
        int size;
        try (TextLines lines = TextLines.open(mistakes)) {
            String line = lines.next();
            line = line != null && isHead(line) ? lines.next() : line;
            size = size(file, line, lines.number());
            for (; line != null; line = lines.next()) {
                String trimmed = line.stripTrailing();
                if (trimmed.isEmpty()) {
                    continue;
                }
                int start = start(trimmed, size);
                int spaces = start < 0 ? 0 : count(trimmed.substring(0, start));
                if (start < 0 || spaces > 0 && TextNumber.finite(trimmed.substring(trimmed.lastIndexOf(' ', start - 1) + 1, start))
                        .isPresent()) {
                    // An odd line matters where it is that of a word that is asked for.
                    String word = trimmed.substring(0, Math.max(0, trimmed.indexOf(' ')));
                    if (words.contains(word) && !vectors.containsKey(word)) {
                        mistakes.add(lines.number(), "the vector has " + count(trimmed) + " numbers; the first one has " + size);
                    }
                    continue;
                }
                String word = trimmed.substring(0, start);
                if (words.contains(word) && !vectors.containsKey(word)) {
                    vectors.put(word, vector(trimmed.substring(start + 1), size, lines.number(), mistakes));
                }
            }
        }
        mistakes.check();
        double[] mean = new double[size];
        // In a fixed order, so that the sum is the same every time.
        vectors.keySet().stream().sorted().map(vectors::get).forEach(v -> {
            for (int i = 0; i < size; i++) {
                mean[i] += v[i] / vectors.size();
            }
        });
        return new WordVectors(size, vectors, mean);
    }

    private static boolean isHead(String line) {
        return line.strip().matches("\\d{1,10} \\d{1,6}");
    }

    private static int size(Path file, @Nullable String line, int number) {
        int size = line == null ? 0 : Math.min(count(line.stripTrailing()), numbersAtEnd(line.stripTrailing()));
        if (line == null || size < 1 || TextNumber.finite(line.stripTrailing().substring(line.stripTrailing().lastIndexOf(' ') + 1))
                .isEmpty()) {
            throw Failure.input(file + ":" + Math.max(1, number)
                    + ": a word and the numbers of its vector are needed, with single spaces between them; here is "
                    + TextNumber.shown(line == null ? "" : line));
        }
        return size;
    }

    /** This many fields at the end are numbers: a word may have blanks in it. */
    private static int numbersAtEnd(String line) {
        String[] fields = line.split(" ", -1);
        int numbers = 0;
        while (numbers < fields.length && TextNumber.finite(fields[fields.length - 1 - numbers]).isPresent()) {
            numbers++;
        }
        return numbers;
    }

    /** Where the last {@code size} fields begin: the index of the space before them; −1 where there are fewer. */
    private static int start(String line, int size) {
        int at = line.length();
        for (int i = 0; i < size && at > 0; i++) {
            at = line.lastIndexOf(' ', at - 1);
        }
        return at <= 0 ? -1 : at;
    }

    private static int count(String line) {
        return (int) line.chars().filter(c -> c == ' ').count();
    }

    private static double[] vector(String numbers, int size, int line, FileMistakes mistakes) {
        double[] vector = new double[size];
        int at = 0;
        for (int i = 0; i < size; i++) {
            int end = numbers.indexOf(' ', at);
            String text = numbers.substring(at, end < 0 ? numbers.length() : end);
            OptionalDouble value = TextNumber.finite(text);
            if (value.isEmpty()) {
                mistakes.add(line, i + 2, TextNumber.shown(text) + " is not a finite number");
                return vector;
            }
            vector[i] = value.getAsDouble();
            at = end + 1;
        }
        return vector;
    }
}
