package org.ntk4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ntk4j.base.Failure;
import org.ntk4j.base.Monitor;
import org.ntk4j.base.Settings;
import org.ntk4j.files.Download;
import org.ntk4j.files.RemoteFile;
import org.ntk4j.grammar.Document;
import org.ntk4j.grammar.Mistakes;

/** Data from which nothing can be learnt, and files as they are found in the wild. */
class OddDataTest {

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();

    private Monitor monitor() {
        return new Monitor() {
            @Override
            public boolean cancelled() {
                return false;
            }

            @Override
            public void note(String line) {
                notes.add(line);
            }

            @Override
            public Task begin(String what, long total) {
                return Monitor.silent().begin(what, total);
            }
        };
    }

    private Settings settings() {
        return new Settings(folder, folder, java.util.Optional.empty(), Long.MAX_VALUE, 1);
    }

    private Dataset csv(String text) throws IOException {
        return Dataset.csv(Files.writeString(folder.resolve("x.csv"), text));
    }

    private static String rows(int count, java.util.function.IntFunction<String> row) {
        return IntStream.range(0, count).mapToObj(row).collect(Collectors.joining("\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            I,P        | unit     | normalize: unit makes the 16 different training inputs only two: they differ in nothing but their length
            I,2I,P     | unit     | normalize: unit makes the 16 different training inputs only two
            1I,1I,P    | unit     | normalize: unit makes the 16 different training inputs all equal
            0,0,P      | unit     | all 16 training inputs are zeros
            7,7,P      | standard | all 16 training inputs are the same
            """)
    void nothing_can_be_learnt(String row, String normalize, String message) throws IOException {
        Dataset data = csv(rows(20, i -> row.replace("1I", String.valueOf(i + 1)).replace("2I", String.valueOf(2 * (i - 9.5)))
                .replace("I", String.valueOf(i - 9.5)).replace("P", "p" + i % 2)))
                .normalize(normalize).test(4);
        assertThatThrownBy(() -> data.load(settings(), monitor())).isInstanceOf(Failure.class).hasMessageContaining(message);
    }

    @Test
    void what_is_odd_is_said() throws IOException {
        csv(rows(30, i -> (i % 3 == 0 ? "0,0" : i % 10 + "," + (i % 10) * 2) + "," + (i == 4 ? "rare" : "p" + i % 2))).normalize("none")
                .train(5).test(20).load(settings(), monitor());
        assertThat(String.join("\n", notes)).containsPattern("\\d of 5 training inputs (is|are) all zeros");
        notes.clear();
        csv(rows(40, i -> (i % 10 + 1) + "," + (i % 20 + 1) + "," + i % 2)).train(20).test(20).load(settings(), monitor());
        csv(rows(40, i -> i + "," + i * i + "," + (i < 39 ? i % 2 : 2))).normalize("standard").train(20).test(20)
                .load(settings(), monitor());
        assertThat(notes).anyMatch(n -> n.contains("class '2' has no training example: 1 of 20 test examples cannot be learnt"));
        notes.clear();
        csv("x,y\n" + rows(20, i -> i + "," + (1000 + i))).targetColumns("y").normalize("none").test(4).load(settings(), monitor());
        assertThat(notes).anyMatch(n -> n.contains("target y has the mean 10"));
        Dataset constant = csv("x,y\n" + rows(20, i -> i + ",3")).targetColumns("y").normalize("none").test(4);
        assertThatThrownBy(() -> constant.load(settings(), monitor()))
                .hasMessageContaining("the targets are the same in all 16 training rows (y is 3.0)");
    }

    @Test
    void ordinary_data_need_no_word() {
        for (Dataset data : List.of(Dataset.mnistSample().train(100), Dataset.phrases().train(100), Dataset.stripes())) {
            data.load(settings(), monitor());
        }
        assertThat(notes).isEmpty();
    }

    @Test
    void words_without_vectors_are_counted() throws IOException {
        Path texts = Files.writeString(folder.resolve("t.tsv"),
                rows(20, i -> (i % 2 == 0 ? "good film" : "bad film") + " aaa bbb ccc\t" + i % 2));
        Path english = Files.writeString(folder.resolve("en.txt"), "good 1e200 2e200\nbad -1e200 5e199\nfilm 1e199 3\n");
        Dataset data = Dataset.sentences(texts).vectors(english).test(4);
        Sample sample = data.load(settings(), monitor());
        assertThat(notes).singleElement().asString().contains("60 % of the words (60 of 100) have no vector, such as 'aaa', 'bbb', 'ccc'; "
                + "unknown: mean");
        assertThat(Arrays.stream(sample.train().inputs().values()).boxed()).as("large vectors are scaled")
                .allMatch(v -> v.isNaN() || Math.abs(v) < 100).anyMatch(v -> Math.abs(v) > 0.1);
        Path other = Files.writeString(folder.resolve("fr.txt"), "bon 1 2\nmauvais 2 1\n");
        assertThatThrownBy(() -> Dataset.sentences(texts).vectors(other).test(4).load(settings(), monitor())).isInstanceOf(Failure.class)
                .hasMessageContaining("none of the 100 words of").hasMessageContaining("has a vector there");
    }

    @Test
    void odd_lines_of_words_that_nobody_asks_for_do_no_harm() throws IOException {
        Path file = Files.writeString(folder.resolve("v.txt"),
                " 7 8 9\na 1 2 3\n. . . 4 5 6\nat name@domain.com 1 2 3\nshort 1\nlong 1 2 3 4\nbad x y z\nb 4 5 6\n");
        WordVectors vectors = WordVectors.read(file, Set.of("a", "b"));
        assertThat(vectors.size()).isEqualTo(3);
        assertThat(vectors.vectors()).containsOnlyKeys("a", "b");
        assertThat(WordVectors.size(file)).isEqualTo(3);
        assertThatThrownBy(() -> WordVectors.read(file, Set.of("short")))
                .hasMessageContaining("v.txt:5: the vector has 1 numbers; the first one has 3");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void a_grey_png_of_few_bits_is_grey(int bits) throws IOException {
        int levels = 1 << bits;
        byte[] ramp = new byte[levels];
        for (int i = 0; i < levels; i++) {
            ramp[i] = (byte) (i * 255 / (levels - 1));
        }
        for (String label : List.of("a", "b")) {
            Path each = Files.createDirectories(folder.resolve("images/" + label));
            for (int k = 0; k < 3; k++) {
                BufferedImage image = new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_BINARY,
                        new IndexColorModel(bits, levels, ramp, ramp, ramp));
                Random random = new Random(k);
                for (int i = 0; i < 16; i++) {
                    image.getRaster().setSample(i % 4, i / 4, 0, random.nextInt(levels));
                }
                ImageIO.write(image, "png", each.resolve(k + ".png").toFile());
            }
        }
        Path first = folder.resolve("images/a/0.png");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.readAllBytes(first)[25] == 0, "Java writes it as grey");
        Dataset data = Dataset.images(folder.resolve("images")).normalize("none").train(3).test(1);
        assertThat(data.shape()).hasToString("4×4×1");
        assertThat(Arrays.stream(data.train().inputs().values()).boxed())
                .allMatch(v -> Math.abs(v * (levels - 1) - Math.rint(v * (levels - 1))) < 0.02).contains(0.0, 1.0);
    }

    @Test
    void what_systems_leave_among_images_is_passed_over_and_other_files_are_refused_before_the_run() throws IOException {
        for (String label : List.of("a", "b")) {
            Path each = Files.createDirectories(folder.resolve("images/" + label));
            ImageIO.write(new BufferedImage(4, 4, BufferedImage.TYPE_BYTE_GRAY), "png", each.resolve("0.png").toFile());
            Files.writeString(each.resolve("desktop.ini"), "x");
            Files.writeString(each.resolve(".DS_Store"), "x");
        }
        Files.createDirectories(folder.resolve("images/__MACOSX/a"));
        assertThat(Dataset.images(folder.resolve("images")).classNames()).containsExactly("a", "b");
        Files.writeString(folder.resolve("images/a/notes.txt"), "x");
        Files.createDirectories(folder.resolve("images/b/inside"));
        Mistakes mistakes = new Mistakes();
        Dataset.read(Document.parse("{name: images, folder: '" + folder.resolve("images") + "'}", "e.yaml"), "data", mistakes);
        assertThat(mistakes.lines()).hasSize(2).anyMatch(m -> m.contains("notes.txt: this is no image"))
                .anyMatch(m -> m.contains("inside: this is a folder inside"));
    }

    @Test
    void mnist_is_found_under_the_names_that_it_has_elsewhere_and_compared_with_what_is_published() throws IOException {
        List<String> names = List.of("train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte",
                "t10k-labels.idx1-ubyte");
        Random random = new Random(1);
        Path raw = Files.createDirectories(folder.resolve("MNIST/raw"));
        for (int part = 0; part < 2; part++) {
            int[] labels = IntStream.range(0, part == 0 ? 60_000 : 10_000).map(i -> i % 10).toArray();
            byte[] pixels = new byte[labels.length * 784];
            random.nextBytes(pixels);
            Idx.write(new Idx.Images(labels.length, 28, 28, pixels), raw.resolve(names.get(2 * part)));
            Idx.write(labels, raw.resolve(names.get(2 * part + 1)));
        }
        Sample sample = Dataset.mnist().train(20).test(10).load(settings(), monitor());
        assertThat(sample.train().count()).isEqualTo(20);
        assertThat(notes).singleElement().asString().contains("mnist: ").contains("not what is published under that name");
        Files.writeString(raw.resolve(names.get(1)), "<!DOCTYPE html><html>404</html>");
        assertThatThrownBy(() -> Dataset.mnist().train(20).test(10).load(settings(), monitor()))
                .hasMessageContaining("this is a web page (HTML)");
    }

    @Test
    void a_failed_download_leaves_no_folder() {
        Download nowhere = new Download(List.of(URI.create("http://127.0.0.1:9/")), Duration.ofSeconds(2), Duration.ofSeconds(2));
        Path home = folder.resolve("data/mnist");
        assertThatThrownBy(() -> nowhere.fetch(List.of(new RemoteFile("x.gz", 5, "00")), home, monitor())).isInstanceOf(IOException.class);
        assertThat(folder.resolve("data")).doesNotExist();
        assertThat(folder).exists();
    }
}
