package org.ntk4j.reference;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.ntk4j.grammar.Mistakes;

/**
 * What somebody asks about, as words: a path of an experiment ({@code network.0.conv.filter}), the end of one ({@code until.maxSteps}), or
 * a name, after the word for its kind if one likes ({@code metric cka}).
 *
 * @param kind  the kind that was said, if one was
 * @param words the words of the path
 */
record Question(Optional<Kind> kind, List<String> words) {

    /** Reads what was typed. */
    static Question of(List<String> typed) {
        Optional<Kind> kind = typed.size() < 2 ? Optional.empty()
                : Arrays.stream(Kind.values()).filter(k -> isCalled(k, typed.get(0))).findFirst();
        List<String> rest = kind.isPresent() ? typed.subList(1, typed.size()) : typed;
        return new Question(kind, rest.stream().flatMap(text -> Arrays.stream(text.strip().split("\\."))).filter(w -> !w.isEmpty())
                .toList());
    }

    private static boolean isCalled(Kind kind, String word) {
        return word.equals(kind.word()) || word.equals(kind.word() + "s") || kind == Kind.FILE && word.startsWith("column");
    }

    /** The topics that are meant: those whose whole path it is, else those whose path ends so. */
    List<Topic> answers(Reference reference) {
        List<Topic> topics = reference.all().stream().filter(t -> kind.isEmpty() || t.kind() == kind.get()).toList();
        for (int from = 0; from < words.size() && words.subList(0, from).stream().allMatch(word -> isKnown(word, topics)); from++) {
            List<String> asked = words.subList(from, words.size());
            List<Topic> found = topics.stream().filter(t -> ends(segments(t), asked)).toList();
            List<Topic> whole = found.stream().filter(t -> segments(t).size() <= asked.size()).toList();
            if (!found.isEmpty()) {
                return whole.isEmpty() ? found : whole;
            }
        }
        return List.of();
    }

    /** Of all names the nearest to the last word. */
    Optional<String> nearest(Reference reference) {
        return words.isEmpty() ? Optional.empty()
                : Mistakes.nearest(words.get(words.size() - 1), reference.all().stream().map(Topic::name).distinct().toList());
    }

    private static boolean isKnown(String word, List<Topic> topics) {
        return isNumber(word) || topics.stream().anyMatch(t -> t.path().contains(word));
    }

    private static List<String> segments(Topic topic) {
        return Arrays.asList(topic.dotted().split("\\."));
    }

    /** Whether a path ends with what was asked; numbers are indices of lists, or what {@code I} stands for. */
    private static boolean ends(List<String> path, List<String> asked) {
        List<String> said = path.contains("I") ? asked : asked.stream().filter(w -> !isNumber(w) || path.contains(w)).toList();
        int before = path.size() - said.size();
        return !said.isEmpty() && before >= 0 && IntStream.range(0, said.size()).allMatch(i -> fits(path.get(before + i), said.get(i)));
    }

    private static boolean fits(String segment, String word) {
        return segment.equals(word) || segment.equals("I") && isNumber(word)
                || segment.endsWith("/LAYER") && word.startsWith(segment.substring(0, segment.indexOf('/') + 1));
    }

    private static boolean isNumber(String word) {
        return word.matches("\\d{1,9}");
    }
}
