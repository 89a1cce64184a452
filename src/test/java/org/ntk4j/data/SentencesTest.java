package org.ntk4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Document;
import org.ntk4j.grammar.Mistakes;

class SentencesTest {

    private static final String VECTORS = "the 1 0\nfilm 0 1\ndo 2 0\nn't 0 2\nco 3 0\ngood -1 -1\n, 0.5 0.5\n";

    @TempDir
    private Path folder;

    private Path vectors;

    @BeforeEach
    void vectors() throws IOException {
        vectors = Files.writeString(folder.resolve("v.txt"), VECTORS);
    }

    private Dataset sentences(String rows) throws IOException {
        return Dataset.sentences(Files.writeString(folder.resolve("s.tsv"), rows)).vectors(vectors).positions(4).normalize("none");
    }

    @Test
    void makes_words_of_a_text() {
        assertThat(Tokens.of("Don\u2019t, \u201cthe co-writer\u201d's 1.5 films!"))
                .containsExactly("don't", ",", "\"", "the", "co-writer", "\"", "'", "s", "1.5", "films", "!");
        Set<String> known = Set.of("do", "n't", "co", "film", "'s");
        assertThat(Tokens.known("don't", known::contains)).containsExactly("do", "n't");
        assertThat(Tokens.known("film's", known::contains)).containsExactly("film", "'s");
        assertThat(Tokens.known("co-writer", known::contains)).containsExactly("co");
        assertThat(Tokens.known("writer", known::contains)).isEmpty();
    }

    @Test
    void cuts_and_pads_and_knows_unknown_words() throws IOException {
        String rows = "The film, good co-film x\ty\r\nfilm xyzzy\tn\r\nfilm\tn\r\n";
        Dataset data = sentences(rows).train(2).test(1);
        assertThat(data.shape().toString()).isEqualTo("4×2");
        assertThat(data.classNames()).containsExactly("n", "y");
        Pool pool = load(rows, "mean");
        double[] input = new double[8];
        pool.train().copy(0, input, 0);
        assertThat(input).as("the film , good").containsExactly(1, 0, 0, 1, 0.5, 0.5, -1, -1);
        pool.train().copy(1, input, 0);
        double[] mean = {(1 + 0 + 3 - 1 + 0.5) / 5, (1 - 1 + 0.5) / 5};
        assertThat(input).as("film, the mean of the known words of the file, padding").startsWith(0.0, 1.0)
                .endsWith(Double.NaN, Double.NaN);
        assertThat(input[2]).isCloseTo(mean[0], org.assertj.core.data.Offset.offset(1e-12));
        assertThat(input[3]).isCloseTo(mean[1], org.assertj.core.data.Offset.offset(1e-12));
        load(rows, "zero").train().copy(1, input, 0);
        assertThat(input).containsExactly(0, 1, 0, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        load(rows, "skip").train().copy(1, input, 0);
        assertThat(input).containsExactly(0, 1, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        assertThatThrownBy(() -> load("film\ty\nxyzzy\tn\n", "skip")).isInstanceOf(Failure.class)
                .hasMessageContaining("s.tsv:2: none of the words has a vector");
    }

    private Pool load(String rows, String unknown) throws IOException {
        Files.writeString(folder.resolve("s.tsv"), rows);
        Mistakes mistakes = new Mistakes();
        String yaml = "{file: '" + folder.resolve("s.tsv") + "', vectors: '" + vectors + "', positions: 4, unknown: " + unknown + "}";
        Source source = Sentences.read(org.ntk4j.grammar.Options.of(Document.parse(yaml, folder.resolve("e.yaml").toString()), "",
                mistakes)).orElseThrow();
        assertThat(mistakes.lines()).isEmpty();
        return source.load(org.ntk4j.base.Settings.ofProcess(), org.ntk4j.base.Monitor.silent());
    }

    @Test
    void reads_the_same_from_gzip_and_passes_a_head_over() throws IOException {
        Path zipped = folder.resolve("v.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            out.write(("7 2\n" + VECTORS).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(WordVectors.size(zipped)).isEqualTo(2);
        assertThat(WordVectors.read(zipped, Set.of("film", "good")).vectors()).containsOnlyKeys("film", "good");
        Files.writeString(vectors, "at name 1 2\n. . . 3 4\n");
        assertThat(WordVectors.size(vectors)).as("numbers at the end of the first line").isEqualTo(2);
        Files.writeString(vectors, "a 1 2\n. . . 3 4\na 5 6\n");
        assertThat(WordVectors.read(vectors, Set.of(". . .", "a")).vectors())
                .hasEntrySatisfying(". . .", v -> assertThat(v).containsExactly(3, 4))
                .hasEntrySatisfying("a", v -> assertThat(v).as("the first counts").containsExactly(1, 2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "the 1 2;film 1;c 1 2 3 | v.txt:2: the vector has 1 numbers; the first one has 2",
        "the 1 2;b 1;film 1 2 3 | v.txt:3: the vector has 3 numbers; the first one has 2",
        "film 1 x;the 1 2 | a word and the numbers of its vector are needed",
        "the 1 2;film 1 x | v.txt:2:3: 'x' is not a finite number",
        "the | v.txt:1: a word and the numbers of its vector are needed",
    })
    void names_the_line_of_a_bad_vector(String lines, String message) throws IOException {
        Dataset data = sentences("film\ty\nthe\tn\n").train(1).test(1);
        Files.writeString(vectors, lines.replace(';', '\n'));
        assertThatThrownBy(data::load).isInstanceOfSatisfying(Failure.class, f -> {
            assertThat(f.status()).isEqualTo(Failure.INPUT);
            assertThat(f.getMessage()).contains(message).contains(folder.toString());
        });
    }

    @Test
    void names_the_lines_of_bad_rows() throws IOException {
        assertThatThrownBy(() -> sentences("film\t1\nfilm\nfilm\tx\n\u2028\t2\n").threshold(0).load())
                .isInstanceOfSatisfying(Failure.class, f -> {
            assertThat(f.lines()).hasSize(3);
            assertThat(f.lines().get(0)).endsWith("s.tsv:2: the row has 1 column; 2, as in the first row, are needed");
            assertThat(f.lines().get(1)).endsWith("s.tsv:3:2: the label is 'x'; a number is needed");
            assertThat(f.lines().get(2)).endsWith("s.tsv:4:1: the text has no words");
        });
        assertThatThrownBy(() -> Dataset.sentences(folder.resolve("s.tsv")).shape()).isInstanceOf(Failure.class)
                .hasMessageContaining("'vectors' is missing");
        String ratings = "film\t0.1\n".repeat(3);
        for (int i = 0; i < 30; i++) {
            ratings += "film\t" + i / 7.0 + "\n";
        }
        String all = ratings;
        assertThatThrownBy(() -> sentences(all).classNames()).isInstanceOf(Failure.class)
                .hasMessageContaining("which look like ratings; with label: {threshold: 0}");
    }

    @Test
    void finds_files_beside_the_yaml_then_in_the_data_folder() throws IOException {
        Path yaml = Files.writeString(folder.resolve("e.yaml"),
                "{name: sentences, file: s.tsv, vectors: v.txt, columns: {text: text, label: rating},"
                + " label: {threshold: 2}, drop: {label: {between: [2, 2]}}, positions: 3, train: 2, test: 1}");
        String rows = "rating\ttext\n1\tfilm\n2\tgood\n3\tthe film\n4\tfilm\n";
        String before = System.getProperty("ntk.data", "");
        try {
            System.setProperty("ntk.data", folder.resolve("data").toString());
            Files.createDirectories(folder.resolve("data/sentences"));
            Files.writeString(folder.resolve("data/sentences/s.tsv"), rows);
            Mistakes mistakes = new Mistakes();
            Dataset data = Dataset.read(Document.read(yaml), "data", mistakes);
            assertThat(mistakes.lines()).isEmpty();
            assertThat(data.toMap()).containsEntry("file", folder.resolve("data/sentences/s.tsv").toString()).containsEntry("positions", 3);
            assertThat(data.train().count() + data.test().count()).isEqualTo(3);
            Files.writeString(folder.resolve("s.tsv"), "rating\tTEXT\n1\tfilm\n");
            Dataset.read(Document.read(yaml), "data", mistakes);
            assertThat(mistakes.lines()).singleElement().asString()
                    .endsWith("s.tsv:1: the header has no column 'text'; did you mean 'TEXT'? allowed: rating, TEXT");
        } finally {
            System.setProperty("ntk.data", before);
        }
    }

    @Test
    void survives_any_text_and_any_vectors() throws IOException {
        Random random = new Random(11);
        List<String> parts = List.of("film", " ", "1", "\t", "\n", "-0.5", "the", "'", "n't", "\u0000", "1e999", "nan", "\u2028");
        for (int i = 0; i < 400; i++) {
            Files.writeString(vectors, i % 3 == 0 ? VECTORS : noise(random, parts));
            try {
                Sample sample = sentences(i % 3 == 1 ? "film\t1\nthe film\t0\nnot\t1\n" : noise(random, parts)).train(1).test(1).load();
                assertThat(sample.train().inputs().values()[0]).isFinite();
            } catch (Failure f) {
                assertThat(f.status()).isEqualTo(Failure.INPUT);
                assertThat(f.lines()).hasSizeLessThanOrEqualTo(11)
                        .allMatch(line -> line.contains(folder.toString()) || line.contains("were asked for"));
            }
        }
    }

    private static String noise(Random random, List<String> parts) {
        StringBuilder text = new StringBuilder();
        for (int j = random.nextInt(80); j > 0; j--) {
            text.append(parts.get(random.nextInt(random.nextInt(parts.size()) + 1)));
        }
        return text.toString();
    }
}
