package org.ntk4j.data;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Sentences of two clauses that say opposite things, of which one counts; the label is what that one says. So the words of a
 * sentence never tell its label: what the two clauses say can be exchanged, with the same words and the other label, and both
 * sentences are equally likely. Which clause counts is a matter of
 * <ul>
 * <li>difficulty 1, word order: {@code though the film is dull the cast is superb}, positive; {@code the film is dull though the
 * cast is superb}, negative: the clause after {@code though} does not count;
 * <li>difficulty 2, also negation: {@code the film is not dull though the cast is not very superb}, positive: each clause may be
 * negated, and still the two say opposite things;
 * <li>difficulty 3, agreement instead of {@code though}: {@code the film is not dull but actors are awful it matters}, positive: one
 * clause is in the singular, one in the plural, and the one counts with which the last words agree.
 * </ul>
 * Adverbs, which change nothing, move the other words about.
 */
final class PhraseGrammar {

    /** The longest sentence, in words. */
    static final int LONGEST = 12;
    /** What a sentence says, and a label. */
    static final int NEGATIVE = 0;
    static final int POSITIVE = 1;

    static final List<String> GOOD = List.of("superb", "moving", "funny", "clever", "honest", "lovely", "brilliant", "gripping");
    static final List<String> BAD = List.of("dull", "awful", "clumsy", "shallow", "boring", "messy", "tedious", "ugly");
    static final List<String> SINGULAR = List.of("film", "cast", "story", "script", "music", "ending", "acting", "plot");
    static final List<String> PLURAL = List.of("actors", "songs", "jokes", "scenes", "dialogues", "pictures", "costumes", "effects");
    static final List<String> ADVERBS = List.of("very", "really", "quite", "rather");
    static final List<String> FUNCTION = List.of("the", "is", "are", "not", "though", "but", "it", "they", "matters", "matter");

    private final int difficulty;
    private final Random random;

    PhraseGrammar(int difficulty, long seed) {
        this.difficulty = difficulty;
        this.random = new Random(seed);
    }

    /** A sentence and what it says. */
    record Phrase(List<String> words, int label) {
    }

    /** A sentence with this label. */
    Phrase next(int label) {
        boolean pluralCounts = random.nextBoolean();
        int spare = LONGEST - longest();
        List<String> counting = clause(label, difficulty == 3 && pluralCounts, spare);
        List<String> other = clause(1 - label, difficulty == 3 && !pluralCounts, spare - adverbs(counting));
        boolean countingFirst = random.nextBoolean();
        List<String> words = new ArrayList<>();
        if (difficulty < 3) {
            if (countingFirst) {
                words.addAll(counting);
                words.add("though");
                words.addAll(other);
            } else {
                words.add("though");
                words.addAll(other);
                words.addAll(counting);
            }
        } else {
            words.addAll(countingFirst ? counting : other);
            words.add("but");
            words.addAll(countingFirst ? other : counting);
            words.addAll(pluralCounts ? List.of("they", "matter") : List.of("it", "matters"));
        }
        return new Phrase(words, label);
    }

    /** Without adverbs. */
    private int longest() {
        return difficulty == 1 ? 9 : difficulty == 2 ? 11 : 12;
    }

    private static int adverbs(List<String> clause) {
        return (int) clause.stream().filter(ADVERBS::contains).count();
    }

    private List<String> clause(int says, boolean plural, int spare) {
        boolean negated = difficulty > 1 && random.nextBoolean();
        List<String> words = new ArrayList<>();
        if (!plural) {
            words.add("the");
        }
        words.add(one(plural ? PLURAL : SINGULAR));
        words.add(plural ? "are" : "is");
        if (negated) {
            words.add("not");
        }
        if (spare > 0 && random.nextInt(3) == 0) {
            words.add(one(ADVERBS));
        }
        words.add(one((says == POSITIVE) != negated ? GOOD : BAD));
        return words;
    }

    private String one(List<String> words) {
        return words.get(random.nextInt(words.size()));
    }
}
