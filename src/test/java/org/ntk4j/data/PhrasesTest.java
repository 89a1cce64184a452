package org.ntk4j.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.inference.Regression;
import org.ntk4j.kernel.Kernel;

class PhrasesTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void has_as_many_of_each_label_all_different_and_short_enough(int difficulty) {
        List<PhraseGrammar.Phrase> phrases = new Phrases(difficulty, 12, 8, Optional.empty()).phrases();
        assertThat(phrases).hasSize(20_000);
        assertThat(new HashSet<>(phrases)).hasSize(20_000);
        assertThat(phrases.stream().mapToInt(PhraseGrammar.Phrase::label).sum()).isEqualTo(10_000);
        assertThat(phrases.stream().mapToInt(p -> p.words().size()).max().orElseThrow()).isBetween(10, 12);
        assertThat(new Phrases(difficulty, 12, 8, Optional.empty()).phrases()).isEqualTo(phrases);
    }

    /** Without its order a sentence does not tell its label: of what it is made of, each is as frequent with either label. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void says_nothing_by_its_words_alone(int difficulty) {
        Map<Map<String, Integer>, int[]> bags = new HashMap<>();
        for (PhraseGrammar.Phrase phrase : new Phrases(difficulty, 12, 8, Optional.empty()).phrases()) {
            Map<String, Integer> bag = new HashMap<>();
            phrase.words().forEach(word -> bag.merge(kind(word), 1, Integer::sum));
            bags.computeIfAbsent(bag, b -> new int[2])[phrase.label()]++;
        }
        bags.forEach((bag, counts) -> {
            double total = counts[0] + counts[1];
            assertThat(Math.abs(counts[0] - counts[1])).as(bag.toString()).isLessThan((int) (4.5 * Math.sqrt(total)) + 1);
        });
        assertThat(bags).hasSizeGreaterThan(difficulty == 1 ? 2 : 5);
    }

    private static String kind(String word) {
        return PhraseGrammar.GOOD.contains(word) ? "good" : PhraseGrammar.BAD.contains(word) ? "bad" : PhraseGrammar.ADVERBS.contains(word)
                ? "adverb"
                : PhraseGrammar.SINGULAR.contains(word) ? "one" : PhraseGrammar.PLURAL.contains(word) ? "many" : word;
    }

    @Test
    void its_label_follows_from_the_rules() {
        for (int difficulty = 1; difficulty <= 3; difficulty++) {
            for (PhraseGrammar.Phrase phrase : new Phrases(difficulty, 12, 8, Optional.empty()).phrases().subList(0, 2000)) {
                assertThat(difficulty < 3 ? byOrder(phrase.words()) : byAgreement(phrase.words())).as(phrase.toString())
                        .isEqualTo(phrase.label());
            }
        }
    }

    private static int byOrder(List<String> words) {
        int though = words.indexOf("though");
        if (though > 0) {
            return says(words.subList(0, though));
        }
        int second = words.lastIndexOf("the");
        return says(words.subList(second, words.size()));
    }

    private static int byAgreement(List<String> words) {
        int but = words.indexOf("but");
        boolean plural = words.get(words.size() - 1).equals("matter");
        List<String> first = words.subList(0, but);
        return says(first.contains(plural ? "are" : "is") ? first : words.subList(but, words.size()));
    }

    private static int says(List<String> clause) {
        boolean good = clause.stream().anyMatch(PhraseGrammar.GOOD::contains);
        return good != clause.contains("not") ? PhraseGrammar.POSITIVE : PhraseGrammar.NEGATIVE;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void a_linear_model_on_mean_vectors_stays_near_chance(int difficulty) {
        Dataset data = Dataset.phrases().difficulty(difficulty).train(500).test(1000);
        double[][] train = means(data.train().inputs());
        double[][] test = means(data.test().inputs());
        double[][] predicted = Regression.of(Kernel.of(product(train, train))).ridge(1e-3).fit(data.train().targets())
                .predict(Kernel.of(product(test, train)));
        // 1,000 test examples: a standard deviation is 0.016.
        assertThat(data.test().accuracy(predicted)).isBetween(0.43, 0.57);
    }

    private static double[][] means(Inputs inputs) {
        int channels = inputs.shape().channels();
        double[][] means = new double[inputs.count()][channels + 1];
        for (int i = 0; i < means.length; i++) {
            double[] row = inputs.row(i);
            int real = 0;
            for (int p = 0; p < row.length / channels && !Double.isNaN(row[p * channels]); p++) {
                real++;
                for (int c = 0; c < channels; c++) {
                    means[i][c] += row[p * channels + c];
                }
            }
            for (int c = 0; c < channels; c++) {
                means[i][c] /= real;
            }
            means[i][channels] = 1;
        }
        return means;
    }

    private static double[][] product(double[][] a, double[][] b) {
        double[][] k = new double[a.length][b.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b.length; j++) {
                for (int c = 0; c < a[i].length; c++) {
                    k[i][j] += a[i][c] * b[j][c];
                }
            }
        }
        return k;
    }

    @Test
    void takes_words_alike_for_alike() {
        Set<String> all = new HashSet<>(PhraseGrammar.GOOD);
        all.addAll(PhraseGrammar.BAD);
        all.addAll(PhraseGrammar.SINGULAR);
        all.addAll(PhraseGrammar.PLURAL);
        all.addAll(PhraseGrammar.ADVERBS);
        all.addAll(PhraseGrammar.FUNCTION);
        assertThat(all).as("no word of two kinds").hasSize(46);
    }
}
