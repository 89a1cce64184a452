package org.ntk4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.ntk4j.data.Dataset.mnist;
import static org.ntk4j.data.Dataset.mnistSample;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.base.Failure;
import org.ntk4j.grammar.Document;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Place;
import org.ntk4j.shape.Shape;

class DatasetTest {

    private static Dataset read(String yaml, Mistakes mistakes) {
        Entry root = Document.parse(yaml, "f.yaml");
        return Dataset.read(((Entry.Mapping) root).fields().get("data").value(), "data", mistakes);
    }

    private static List<String> mistakes(String yaml) {
        Mistakes mistakes = new Mistakes();
        assertThat(read(yaml, mistakes)).isNotNull();
        return mistakes.lines();
    }

    @Test
    void the_sample_is_1000_and_100_digits_equally() {
        Dataset data = mnistSample();
        assertThat(data.trainCount()).isEqualTo(1000);
        assertThat(data.testCount()).isEqualTo(100);
        for (Split split : List.of(data.train(), data.test())) {
            int[] counts = new int[10];
            Arrays.stream(split.labels()).forEach(label -> counts[label]++);
            assertThat(counts).containsOnly(split.count() / 10);
            assertThat(split.indices()).doesNotHaveDuplicates();
            assertThat(split.inputs().shape()).isEqualTo(Shape.of(28, 28, 1));
        }
        assertThat(data.train().count()).isEqualTo(1000);
        assertThat(data.test().count()).isEqualTo(100);
        assertThat(data.load().classNames()).containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    }

    @Test
    void withers_change_one_thing_and_leave_the_old_one() {
        Dataset data = mnistSample();
        assertThat(data.train(30).test(20).seed(7).train().count()).isEqualTo(30);
        assertThat(data.trainCount()).isEqualTo(1000);
        assertThat(data.train(30).test(20).seed(7).normalize("none").targets("plain").classes(8, 3).toMap()).containsExactly(
                Map.entry("name", "mnist-sample"), Map.entry("train", 30), Map.entry("test", 20), Map.entry("seed", 7L),
                Map.entry("normalize", "none"), Map.entry("targets", "plain"), Map.entry("classes", List.of(8, 3)));
        assertThat(mnist().toMap()).containsExactly(
                Map.entry("name", "mnist"), Map.entry("train", 1000), Map.entry("test", 100), Map.entry("seed", 0L),
                Map.entry("normalize", "unit"), Map.entry("targets", "centred"), Map.entry("classes", "all"));
        assertThat(data.train(1000)).isEqualTo(data).hasSameHashCodeAs(data).isNotEqualTo(data.seed(1));
        assertThat(data).hasToString("mnist-sample: 1000 training and 100 test inputs of 28×28×1, 10 classes, seed 0");
    }

    @Test
    void the_same_definition_gives_the_same_examples() {
        Split one = mnistSample().train(40).train();
        Split two = mnistSample().train(40).train();
        assertThat(one.indices()).isEqualTo(two.indices());
        assertThat(one.inputs().values()).isEqualTo(two.inputs().values());
        assertThat(mnistSample().train(40).seed(1).train().indices()).isNotEqualTo(one.indices());
    }

    @Test
    void unit_inputs_have_mean_square_1() {
        Inputs inputs = mnistSample().train(20).train().inputs();
        for (int i = 0; i < inputs.count(); i++) {
            assertThat(Arrays.stream(inputs.row(i)).map(v -> v * v).sum()).isCloseTo(784, within(1e-9));
        }
        double[] zeros = Normalization.UNIT.fit(() -> null).apply(new double[5]);
        assertThat(zeros).containsOnly(0);
    }

    @Test
    void standard_inputs_have_the_mean_and_deviation_of_the_training_set() {
        Dataset data = mnistSample().train(50).test(20).normalize("standard");
        double[] train = data.train().inputs().values();
        double mean = Arrays.stream(train).average().getAsDouble();
        assertThat(mean).isCloseTo(0, within(1e-12));
        assertThat(Arrays.stream(train).map(v -> v * v).average().getAsDouble()).isCloseTo(1, within(1e-12));
        assertThat(Arrays.stream(data.test().inputs().values()).average().getAsDouble()).isNotCloseTo(0, within(1e-9));
        double[] raw = data.normalize("none").train().inputs().values();
        double rawMean = Arrays.stream(raw).average().getAsDouble();
        double deviation = Math.sqrt(Arrays.stream(raw).map(v -> (v - rawMean) * (v - rawMean)).average().getAsDouble());
        double[] test = data.normalize("none").test().inputs().values();
        assertThat(data.test().inputs().values()[300]).isCloseTo((test[300] - rawMean) / deviation, within(1e-12));
        assertThat(Normalization.STANDARD.fit(() -> Inputs.of(new double[][] {{3, 3}})).apply(new double[] {3, 4})).containsExactly(0, 1);
    }

    @Test
    void inputs_as_they_are_lie_between_0_and_1() {
        double[] values = mnistSample().train(20).normalize("none").train().inputs().values();
        assertThat(Arrays.stream(values).min().getAsDouble()).isEqualTo(0);
        assertThat(Arrays.stream(values).max().getAsDouble()).isEqualTo(1);
    }

    @Test
    void targets_are_one_hot_centred_or_plain() {
        Split centred = mnistSample().train(10).train();
        Split plain = mnistSample().train(10).targets("plain").train();
        for (int i = 0; i < 10; i++) {
            for (int c = 0; c < 10; c++) {
                assertThat(plain.targets()[i][c]).isEqualTo(c == plain.labels()[i] ? 1 : 0);
                assertThat(centred.targets()[i][c]).isEqualTo(c == plain.labels()[i] ? 0.9 : -0.1);
            }
        }
    }

    @Test
    void classes_are_renumbered_by_position() {
        Dataset data = mnistSample().classes(8, 3);
        assertThat(data.trainCount()).isEqualTo(200);
        assertThat(data.classCount()).isEqualTo(2);
        assertThat(data.classNames()).containsExactly("8", "3");
        assertThat(data.train().targets()[0]).hasSize(2);
        int[] original = Idx.labels(resource("train-labels-idx1-ubyte.gz"), "x", 10);
        for (int i = 0; i < 200; i++) {
            assertThat(original[data.train().indices()[i]]).isEqualTo(data.train().labels()[i] == 0 ? 8 : 3);
        }
        assertThat(data.classes()).isEqualTo(mnistSample());
    }

    private static byte[] resource(String name) {
        try (InputStream in = Dataset.class.getResourceAsStream("mnist-sample/" + name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_few_inputs_are_a_part_of_the_training_set() {
        Dataset data = mnistSample().train(100).normalize("standard");
        Inputs few = data.inputs(15);
        assertThat(few).hasToString("15 inputs of 28×28×1");
        List<double[]> train = IntStream.range(0, 100).mapToObj(data.train().inputs()::row).toList();
        for (int i = 0; i < 15; i++) {
            double[] row = few.row(i);
            assertThat(train).anyMatch(other -> Arrays.equals(other, row));
        }
        assertThat(mnistSample().train(50).train().inputs().values()).isEqualTo(mnistSample().inputs(50).values());
    }

    @Test
    void accuracy_counts_the_largest_and_of_equal_ones_the_first() {
        Split split = mnistSample().classes(0, 1).train(4).train();
        double[][] right = Targets.PLAIN.of(split.labels(), 2);
        assertThat(split.accuracy(right)).isEqualTo(1);
        assertThat(split.accuracy(new double[4][2])).isEqualTo(0.5);
        assertThatThrownBy(() -> split.accuracy(new double[3][2])).isInstanceOf(Failure.class).hasMessageContaining("3 rows")
                .hasMessageContaining("4 examples");
        assertThatThrownBy(() -> split.accuracy(new double[4][3])).isInstanceOf(Failure.class).hasMessageContaining("row 0 has 3");
        right[2][1] = Double.NaN;
        assertThatThrownBy(() -> split.accuracy(right)).isInstanceOf(Failure.class).hasMessageContaining("example 2");
    }

    @Test
    void refuses_in_java_what_it_refuses_in_yaml() {
        assertThatThrownBy(() -> mnistSample().train(1001)).isInstanceOf(Failure.class)
                .hasMessage("1001 training examples of mnist-sample were asked for; there are 1000");
        assertThatThrownBy(() -> mnistSample().classes(1, 2).test(21)).isInstanceOf(Failure.class).hasMessageContaining("there are 20");
        assertThatThrownBy(() -> mnistSample().inputs(1001)).isInstanceOf(Failure.class).hasMessageContaining("there are 1000");
        assertThatThrownBy(() -> mnist().train(0)).isInstanceOf(Failure.class).hasMessageContaining("at least 1");
        assertThatThrownBy(() -> mnist().normalize("units")).isInstanceOf(Failure.class).hasMessageContaining("did you mean 'unit'");
        assertThatThrownBy(() -> mnist().targets("onehot")).isInstanceOf(Failure.class).hasMessageContaining("centred, plain");
        assertThatThrownBy(() -> mnist().classes(10, 1)).isInstanceOf(Failure.class).hasMessageContaining("no label 10");
        assertThatThrownBy(() -> mnist().classes(1, 1)).isInstanceOf(Failure.class).hasMessageContaining("each once");
    }

    @Test
    void reads_a_map_a_bare_name_and_what_it_wrote() {
        Mistakes none = new Mistakes();
        assertThat(read("data: {name: mnist, train: 500, test: 50, seed: 3, normalize: standard, targets: plain, classes: [4, 9]}", none))
                .isEqualTo(mnist().train(500).test(50).seed(3).normalize("standard").targets("plain").classes(4, 9));
        assertThat(read("data: mnist", none)).isEqualTo(mnist());
        assertThat(read("data: {classes: all}", none)).isEqualTo(mnistSample());
        for (Dataset data : List.of(mnist(), mnistSample().classes(8, 3).seed(-5_000_000_000L))) {
            assertThat(read(Document.write(Map.of("data", data.toMap())), none)).isEqualTo(data);
            assertThat(Dataset.read(Entry.of(data, Place.of("java")), "data", none)).isSameAs(data);
        }
        assertThat(none.lines()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "data: mnst | f.yaml:1:7: data.name: 'mnst' is not a data set; did you mean 'mnist'?",
        "data: {name: cifar10, what: 3} | there is no option 'what'",
        "data: {name: phrases, difficulty: 4} | f.yaml:1:35: data.difficulty: '4' is not a whole number from 1 to 3",
        "data: {name: phrases, train: 20000} | data.train: 20000 training examples of phrases were asked for; there are 19900",
        "data: {name: csv} | f.yaml:1:7: data: 'file' is missing",
        "data: {name: sentences, file: none.tsv, vectors: none.txt} | none.txt: there is no such file; looked for ",
        "data: [mnist] | data: a map of options is needed",
        "data: {train: 1001} | f.yaml:1:15: data.train: 1001 training examples of mnist-sample were asked for; there are 1000",
        "data: {name: mnist, test: 10001} | there are 10000",
        "data: {test: 30, classes: [1, 2]} | with labels [1, 2] were asked for; there are 20",
        "data: {train: 0} | data.train: '0' is not a whole number from 1",
        "data: {trian: 10} | there is no option 'trian'; did you mean 'train'?",
        "data: {normalize: unity} | did you mean 'unit'?",
        "data: {targets: one} | allowed: centred, plain",
        "data: {seed: x} | data.seed: 'x' is not a whole number",
        "data: {classes: [1, 10]} | '10' is no label of mnist-sample; allowed: 0 to 9",
        "data: {classes: [1, 1]} | at least two labels are needed, each once",
        "data: {classes: [1]} | at least two labels",
        "data: {classes: some} | allowed: all, or a list of labels from 0 to 9",
        "data: {name: [a]} | a text is needed",
    })
    void says_where_what_is_wrong(String yaml, String message) {
        assertThat(mistakes(yaml)).singleElement().asString().contains(message);
    }

    @Test
    void reports_several_mistakes_together() {
        assertThat(mistakes("data: {name: mnist, train: many, seed: 1.5, colour: red}")).hasSize(3);
    }

    @Test
    void a_bare_name_becomes_a_map_to_change_a_key_in() {
        Entry changed = Entry.with(Dataset.asMap(Document.parse("mnist", "f")), "train", Document.parse("5", "--set"));
        assertThat(Dataset.read(changed, "data", new Mistakes())).isEqualTo(mnist().train(5));
    }

    @Test
    void lists_the_data_sets(@TempDir Path folder) {
        assertThat(Catalogue.list(folder)).extracting(Catalogue.Line::name).startsWith("mnist-sample", "mnist").hasSize(10);
        assertThat(Catalogue.list(folder)).extracting(Catalogue.Line::state).containsExactly(
                "ready", "to be downloaded", "to be downloaded", "to be downloaded", "from a file", "from a file", "from a file", "ready",
                        "ready", "ready");
    }
}
