package org.ntk4j.data;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.grammar.Options;
import org.ntk4j.shape.Shape;
import org.ntk4j.table.Labelling;

/**
 * Generated sentences whose label depends on word order, negation and agreement, and never on which words there are:
 * {@link PhraseGrammar}. There are 10,000 different ones of each label, always the same for a difficulty; the seed of the data
 * draws from them. A word's vector is the sum of standard normal vectors: one of its own, one of its kind, and for an adjective
 * plus or minus one for what it says; so that what is learnt of a word carries over to its like, as with vectors of real words.
 *
 * @param difficulty 1: word order, 2: and negation, 3: negation and agreement
 * @param positions  the length of a sequence, what is missing is padding
 * @param channels   the size of a word's vector
 * @param words      {@code vectors} or {@code indices}; empty: vectors, unless the network asks for indices
 */
record Phrases(int difficulty, int positions, int channels, Optional<String> words) implements Undivided {

    static final List<String> WORDS = List.of("vectors", "indices");

    private static final int EACH = 10_000;
    private static final long SEED = 20_161;
    private static final int USUAL_DIFFICULTY = 2;
    private static final int USUAL_CHANNELS = 32;

    /** Reads {@code difficulty (2), positions (12), channels (32), words (vectors)}. */
    static Optional<Source> read(Options options) {
        return Optional.of(new Phrases(options.integer("difficulty", USUAL_DIFFICULTY, 1, 3),
                options.integer("positions", PhraseGrammar.LONGEST, PhraseGrammar.LONGEST, 10_000),
                options.integer("channels", USUAL_CHANNELS, 1, 10_000), words(options)));
    }

    /** What stands at each position. */
    static Optional<String> words(Options options) {
        return options.entry("words").map(e -> options.choice("words", "vectors", WORDS.toArray(String[]::new)));
    }

    private boolean indices() {
        return words.filter("indices"::equals).isPresent();
    }

    /** In the order of their indices. */
    private static List<String> dictionary() {
        return Stream.of(PhraseGrammar.GOOD, PhraseGrammar.BAD, PhraseGrammar.SINGULAR, PhraseGrammar.PLURAL, PhraseGrammar.ADVERBS,
                PhraseGrammar.FUNCTION).flatMap(List::stream).toList();
    }

    @Override
    public OptionalInt vocabulary() {
        return indices() ? OptionalInt.of(dictionary().size()) : OptionalInt.empty();
    }

    @Override
    public Optional<Source> inWords() {
        return words.isPresent() ? Optional.empty() : Optional.of(new Phrases(difficulty, positions, channels, Optional.of("indices")));
    }

    @Override
    public String name() {
        return "phrases";
    }

    @Override
    public Shape shape() {
        return Shape.of(positions, indices() ? 1 : channels);
    }

    @Override
    public List<String> classNames() {
        return Labelling.SIDES;
    }

    @Override
    public int[] counts() {
        return new int[] {EACH, EACH};
    }

    @Override
    public boolean padded() {
        return true;
    }

    @Override
    public Map<String, Object> options() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("difficulty", difficulty);
        map.put("positions", positions);
        map.put("channels", channels);
        map.put("words", words.orElse("vectors"));
        return map;
    }

    /** All sentences, in their order: the labels take turns. */
    List<PhraseGrammar.Phrase> phrases() {
        PhraseGrammar grammar = new PhraseGrammar(difficulty, SEED + difficulty);
        List<PhraseGrammar.Phrase> phrases = new ArrayList<>();
        Set<List<String>> seen = new HashSet<>();
        while (phrases.size() < 2 * EACH) {
            PhraseGrammar.Phrase phrase = grammar.next(phrases.size() % 2);
            if (seen.add(phrase.words())) {
                phrases.add(phrase);
            }
        }
        return phrases;
    }

    @Override
    public Examples examples(Settings settings, Monitor monitor) {
        Map<String, double[]> vectors = indices() ? LabelledSequences.indices(dictionary()) : vectors();
        List<PhraseGrammar.Phrase> phrases = phrases();
        List<double[][]> sequences = new ArrayList<>();
        for (PhraseGrammar.Phrase phrase : phrases) {
            sequences.add(phrase.words().stream().map(vectors::get).toArray(double[][]::new));
        }
        return new LabelledSequences(sequences, phrases.stream().mapToInt(PhraseGrammar.Phrase::label).toArray(), positions,
                indices() ? 1 : channels);
    }

    @Override
    public List<String> texts(Part part, int[] indices) {
        List<PhraseGrammar.Phrase> all = phrases();
        return java.util.Arrays.stream(indices).mapToObj(i -> String.join(" ", all.get(i).words())).toList();
    }

    private Map<String, double[]> vectors() {
        Random random = new Random(SEED);
        double[] nothing = new double[channels];
        double[] says = normal(random);
        double[] adjective = normal(random);
        Map<String, double[]> vectors = new HashMap<>();
        add(vectors, PhraseGrammar.GOOD, adjective, says, 1, random);
        add(vectors, PhraseGrammar.BAD, adjective, says, -1, random);
        add(vectors, PhraseGrammar.SINGULAR, normal(random), nothing, 0, random);
        add(vectors, PhraseGrammar.PLURAL, normal(random), nothing, 0, random);
        add(vectors, PhraseGrammar.ADVERBS, normal(random), nothing, 0, random);
        add(vectors, PhraseGrammar.FUNCTION, nothing, nothing, 0, random);
        return vectors;
    }

    private void add(Map<String, double[]> vectors, List<String> words, double[] kind, double[] says, int sign, Random random) {
        for (String word : words) {
            double[] vector = normal(random);
            for (int i = 0; i < channels; i++) {
                vector[i] += kind[i] + sign * says[i];
            }
            vectors.put(word, vector);
        }
    }

    private double[] normal(Random random) {
        return DoubleStream.generate(random::nextGaussian).limit(channels).toArray();
    }
}
