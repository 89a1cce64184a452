package org.ntk4j.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.base.Failure;
import org.ntk4j.files.Npy;
import org.ntk4j.grammar.Document;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;

class CsvTableTest {

    @TempDir
    private Path folder;

    private Dataset csv(String text) {
        return Dataset.csv(write("x.csv", text));
    }

    private Path write(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String rows(int count) {
        return IntStream.range(0, count).mapToObj(i -> i + "," + 2 * i + "," + i % 2).collect(Collectors.joining("\n"));
    }

    @Test
    void draws_training_and_test_examples_from_one_file_without_overlap() {
        Dataset data = csv(rows(30)).normalize("none").test(6);
        assertThat(data.trainCount()).isEqualTo(24);
        assertThat(csv(rows(30)).testCount()).as("a fifth").isEqualTo(5);
        int[] train = data.train().indices();
        int[] test = data.test().indices();
        assertThat(IntStream.concat(Arrays.stream(train), Arrays.stream(test)).sorted().toArray())
                .isEqualTo(IntStream.range(0, 30).toArray());
        assertThat(data.train().inputs().row(3)).containsExactly(train[3], 2 * train[3]);
        assertThat(data.train().labels()[3]).isEqualTo(train[3] % 2);
        assertThat(data.train(10).test().indices()).as("the test examples do not depend on the number of the others").isEqualTo(test);
        assertThat(data.seed(1).test().indices()).isNotEqualTo(test);
        assertThatThrownBy(() -> data.train(25).load()).isInstanceOf(Failure.class)
                .hasMessage("25 training examples of csv were asked for; there are 24");
    }

    @Test
    void finds_the_label_by_number_and_by_name_with_quotes_around() {
        Dataset data = csv("\uFEFFkind,\"a, b\",c\r\n\"the \"\"x\"\"\",1,2\r\ny,3,4\r\ny,5,6\r\n").label("kind").normalize("none").train(2)
                .test(1);
        assertThat(data.classNames()).containsExactly("the \"x\"", "y");
        assertThat(data.inputs(2).shape().size()).isEqualTo(2);
        assertThat(csv("2,0,0\n10,1,1\n2,1,3").label(1).classNames()).as("numbers by size").containsExactly("2", "10");
    }

    @Test
    void has_a_shape_and_padding() {
        Dataset data = csv("1,2,nan,nan,0\n1,2,3,4,1\n5,6,nan,nan,0").shape(2, 2).train(2).test(1);
        assertThat(data.shape().toString()).isEqualTo("2×2");
        double[] padded = Arrays.stream(data.load().train().inputs().values()).toArray();
        for (int i = 0; i < 2; i++) {
            double[] input = Arrays.copyOfRange(padded, 4 * i, 4 * i + 4);
            double square = Arrays.stream(input).filter(v -> !Double.isNaN(v)).map(v -> v * v).sum();
            assertThat(square).as("norm √(size of the real positions)")
                    .isCloseTo(Arrays.stream(input).filter(v -> !Double.isNaN(v)).count(),
                    org.assertj.core.data.Offset.offset(1e-12));
        }
    }

    @Test
    void standard_leaves_padding_out_of_account() {
        double[] values = Normalization.STANDARD.fit(() -> Inputs.of(new double[] {1, 3, Double.NaN, Double.NaN}, 1,
                org.ntk4j.shape.Shape.of(2, 2))).apply(new double[] {1, Double.NaN});
        assertThat(values[0]).isEqualTo(-1);
        assertThat(values[1]).isNaN();
    }

    @Test
    void makes_two_classes_of_ratings_and_drops_the_undecided() {
        Dataset data = csv("1,-2\n2,0.5\n3,0.1\n4,3\n5,-0.1\n6,-1").threshold(0).drop(-0.2, 0.2).normalize("none").train(2).test(2);
        assertThat(data.classNames()).containsExactly("negative", "positive");
        assertThat(IntStream.concat(Arrays.stream(data.train().indices()), Arrays.stream(data.test().indices())).sorted().toArray())
                .as("indices are rows of the file").containsExactly(0, 1, 3, 5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1,2,a;3,b | x.csv:2: the row has 2 columns; 3, as in the first row, are needed",
        "1,x,a;2,3,b | x.csv:1:2: 'x' is not a finite number",
        "1,1e999,a;2,3,b | '1e999' is not a finite number",
        "1,2,;2,3,b | x.csv:1:3: the label is nothing; a class is needed",
        "1,2,a;2,3,a | the column of the label has the one value 'a'; at least two classes are needed",
        "1,\"2,a;2,3,b | x.csv:1:2: the quotes of this field are never closed",
        "1,\"2\"3,a;2,3,b | after the closing quotes a comma is needed, not '3,a'",
        "a;b | there is no column beside the label",
    })
    void names_file_line_and_column(String rows, String message) {
        assertThatThrownBy(() -> csv(rows.replace(';', '\n')).shape()).isInstanceOfSatisfying(Failure.class, f -> {
            assertThat(f.status()).isEqualTo(Failure.INPUT);
            assertThat(f.getMessage()).contains(message).contains(folder.resolve("x.csv").toString());
        });
    }

    @Test
    void reports_the_first_ten_mistakes_and_their_number() {
        String rows = "1,a\n" + "x,b\n".repeat(30);
        assertThatThrownBy(() -> csv(rows).shape()).isInstanceOfSatisfying(Failure.class, f -> {
            assertThat(f.lines()).hasSize(11).last().asString().endsWith("30 mistakes in all, the first 10 are above");
            assertThat(f.lines().get(9)).contains("x.csv:11:1:");
        });
    }

    @Test
    void names_what_is_not_utf_8() throws IOException {
        Path file = folder.resolve("x.csv");
        Files.write(file, "1,a\n2,caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Dataset.csv(file).shape()).isInstanceOf(Failure.class)
                .hasMessage(file + ":2: this is not text in UTF-8; save the file as UTF-8");
        Files.write(file, "1,a\n".getBytes(StandardCharsets.UTF_16));
        assertThatThrownBy(() -> Dataset.csv(file).shape()).isInstanceOf(Failure.class)
                .hasMessageContaining("x.csv:1: this is text in UTF-16");
    }

    @Test
    void reads_from_yaml_beside_its_file_and_writes_itself_back() {
        write("x.csv", "a,b,kind\n1,2,u\n3,4,v\n5,6,v\n");
        write("e.yaml", "{name: csv, file: x.csv, label: kind, train: 2, test: 1, normalize: none}");
        Mistakes mistakes = new Mistakes();
        Dataset data = Dataset.read(Document.read(folder.resolve("e.yaml")), "data", mistakes);
        assertThat(mistakes.lines()).isEmpty();
        assertThat(data.train().count()).isEqualTo(2);
        Dataset again = Dataset.read(Entry.of(data.toMap(), org.ntk4j.grammar.Place.of("java")), "data", mistakes);
        assertThat(mistakes.lines()).isEmpty();
        assertThat(again).isEqualTo(data);
    }

    @Test
    void says_what_a_data_set_has_no_option_for() {
        assertThatThrownBy(() -> Dataset.mnist().positions(3)).isInstanceOf(Failure.class)
                .hasMessageContaining("mnist: there is no option 'positions'; it has no options");
        assertThatThrownBy(() -> Dataset.phrases().positions(3)).isInstanceOf(Failure.class).hasMessageContaining("from 12");
    }

    /** Whatever is in a file, reading ends with data or with a message that names the file. */
    @Test
    void survives_any_bytes() throws IOException {
        Random random = new Random(7);
        List<String> parts = List.of("1", "-2.5", ",", "\n", "\r\n", "\"", "a", "nan", "\t", "é", "\u0000", " ", "1e400", "\uFEFF");
        for (int i = 0; i < 600; i++) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            int count = random.nextInt(60);
            for (int j = 0; j < count; j++) {
                String part = parts.get(random.nextInt(random.nextInt(parts.size()) + 1));
                bytes.write(random.nextInt(100) == 0 ? new byte[] {(byte) random.nextInt()} : part.getBytes(StandardCharsets.UTF_8));
            }
            Path file = folder.resolve("fuzz" + (i % 2 == 0 ? ".csv" : ".tsv"));
            Files.write(file, bytes.toByteArray());
            try {
                Dataset data = Dataset.csv(file).train(1).test(1);
                assertThat(data.load().train().inputs().count()).isEqualTo(1);
            } catch (Failure f) {
                assertThat(f.status()).isEqualTo(Failure.INPUT);
                assertThat(f.lines()).hasSizeLessThanOrEqualTo(11)
                        .allMatch(line -> line.contains("fuzz") || line.contains("were asked for"));
            }
        }
    }

    private static List<String> problems(Path file, String options) {
        Mistakes mistakes = new Mistakes();
        try {
            Dataset data = Dataset.read(Document.parse("{name: csv, file: '" + file + "'" + options + "}", "f.yaml"), "data", mistakes);
            if (mistakes.isEmpty()) {
                data.load();
            }
            return mistakes.lines();
        } catch (Failure e) {
            return e.lines();
        }
    }

    @Test
    void one_and_one_point_zero_are_one_class() {
        Dataset data = csv("5,1\n6,1.0\n7,2\n8,2.00\n9,1e0\n10,02").normalize("none").train(4).test(2);
        assertThat(data.classNames()).containsExactly("1", "02", "2");
        assertThat(csv("5,1\n6,1.0\n7,0.5\n8,0.50\n9,1e0").classNames()).containsExactly("0.5", "1");
    }

    @Test
    void classes_are_labels_as_they_stand_in_the_file() {
        Path file = write("x.csv", IntStream.range(0, 30).mapToObj(i -> i + "," + (i % 3 + 1)).collect(Collectors.joining("\n")));
        Dataset data = Dataset.csv(file).normalize("none").classes(1, 2).test(4);
        assertThat(data.classNames()).containsExactly("1", "2");
        Split train = data.train();
        for (int i = 0; i < train.count(); i++) {
            assertThat(train.labels()[i]).isEqualTo((int) train.inputs().row(i)[0] % 3);
        }
        assertThat(problems(file, ", classes: [0, 1]")).singleElement().asString().contains("'0' is no label of csv", "allowed: 1, 2, 3");
        assertThat(problems(write("y.csv", "1,cat\n2,dog\n3,cow\n4,cat\n5,dog\n"), ", classes: [cat, dgo]")).singleElement().asString()
                .contains("'dgo' is no label of csv; did you mean 'dog'? allowed: cat, cow, dog");
    }

    @Test
    void a_header_is_recognised_and_its_nameless_column_left_out() {
        Path frame = write("frame.csv", ",a,b,kind\n0,1.5,2,x\n1,3,4,y\n2,5,6,x\n3,7,8,y\n");
        Dataset data = Dataset.csv(frame).normalize("none").train(3).test(1);
        assertThat(data.shape()).hasToString("2");
        assertThat(data.classNames()).containsExactly("x", "y");
        assertThat(data.toMap()).containsEntry("header", true)
                .containsEntry("columns", java.util.Map.of("label", "last", "drop", List.of(1)));
        assertThat(data.dropColumns("a").shape()).as("only this one is dropped").hasToString("2");
        assertThat(data.dropColumns(1, "b").shape()).hasToString("1");
        assertThat(problems(frame, ", columns: {drop: [c]}")).singleElement().asString().contains("the header has no column 'c'");
        assertThat(problems(write("z.csv", "1,2,x\n1,b,y\n"), "")).singleElement().asString()
                .contains("z.csv:2:2: 'b' is not a finite number");
        assertThat(problems(write("h.csv", "a,2,x\n1,2,y\n3,4,x"), "")).singleElement().asString()
                .contains("h.csv:1:1: 'a' is not a finite number", "header: true");
        assertThat(problems(write("l.csv", "0,1,label\n1,2,7\n3,4,8\n5,6,7"), "")).singleElement().asString()
                .contains("l.csv:1:3: the label is 'label'", "header: true");
    }

    @Test
    void columns_are_chosen() {
        Path file = write("x.csv", "id,a,b,kind,c\n17,1,2,x,3\n18,4,5,y,6\n19,7,8,x,9\n");
        Mistakes mistakes = new Mistakes();
        Dataset data = Dataset.read(Document.parse("{name: csv, file: '" + file
                + "', columns: {label: kind, inputs: [c, a]}, normalize: none, train: 2, test: 1}", "f.yaml"), "data",
                mistakes);
        assertThat(mistakes.lines()).isEmpty();
        Split train = data.train();
        assertThat(train.inputs().row(0)).containsExactly(3.0 * train.indices()[0] + 3, 3.0 * train.indices()[0] + 1);
        assertThat(problems(file, ", columns: {label: kind, inputs: [kind]}")).singleElement().asString()
                .contains("column kind cannot be an input and of the label at once");
        assertThat(problems(write("twice.csv", "x,y,x\n1,2,a\n3,4,b"), ", columns: {label: x}")).singleElement().asString()
                .endsWith("twice.csv:1: the header has 'x' more than once, as columns 1 and 3; give the number of the column");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            x.csv | 1;2;x\\n3;4;y\\n5;6;x         | , separator: ';'
            x.csv | 1 2 x\\n3  4 y\\n 5 6 x       | , separator: space
            x.csv | 1,2,x,\\n3,4,y,\\n5,6,x,      | ''
            x.csv | a,b,c\\n1,2,x,\\n3,4,y\\n5,6,x | ''
            x.tsv | 1\\t2\\tx\\n3\\t4\\ty\\n5\\t6\\tx | ''
            x.csv | 1,0;2;x\\n3,00;4;y\\n5;6;x   | , decimal: ','
            x.txt | 1,2,x\\n3,4,y\\n5,6,x         | , separator: ','
            x.csv | 1:2:x\\n3:4:y\\n5:6:x         | , separator: ':'
            """)
    void reads_what_others_write(String name, String text, String options) {
        Path file = write(name, text.replace("\\n", "\n").replace("\\t", "\t"));
        Mistakes mistakes = new Mistakes();
        Dataset data = Dataset.read(Document.parse("{name: csv, file: '" + file + "'" + options + ", normalize: none, train: 2, test: 1}",
                "f.yaml"), "data", mistakes);
        assertThat(mistakes.lines()).isEmpty();
        assertThat(data.classNames()).containsExactly("x", "y");
        double[] all = IntStream.concat(Arrays.stream(data.train().indices()), Arrays.stream(data.test().indices()))
                .mapToDouble(i -> 2 * i + 1).toArray();
        assertThat(DoubleStreams.first(data)).containsExactly(all);
    }

    /** The first value of each input. */
    private static final class DoubleStreams {
        static double[] first(Dataset data) {
            return java.util.stream.Stream.of(data.train(), data.test())
                    .flatMapToDouble(s -> IntStream.range(0, s.count()).mapToDouble(i -> s.inputs().row(i)[0])).toArray();
        }
    }

    @Test
    void the_separator_is_named_where_it_is_another() {
        assertThat(problems(write("x.csv", "1;2;x\n3;4;y"), "")).singleElement().asString().contains("separator: ';'");
        assertThat(problems(write("x.csv", "1 2 x\n3 4 y"), "")).singleElement().asString().contains("separator: space");
        assertThat(problems(write("x.csv", "1\t2\tx\n3\t4\ty"), ", columns: {label: 3}")).singleElement().asString()
                .contains("separator: tab");
        assertThat(problems(write("x.csv", "1;2,5;x\n3;4,5;y"), ", separator: ';'")).first().asString().contains("decimal: ','");
        assertThat(problems(write("x.csv", "# of 2020\n1,2,x\n3,4,y"), "")).singleElement().asString()
                .endsWith("the row in line 2 has 3 columns: is the first one a comment or a title?");
        assertThat(problems(write("x.csv", "1.001,5;2;x\n3,5;4;y"), ", decimal: ','")).first().asString()
                .endsWith("'1.001,5' is not a finite number; if the first row has the names of the columns: header: true");
        assertThat(problems(write("x.csv", "1,2,x\n\"3\n4\",4,y"), "")).first().asString().contains("'3\\n4' is not a finite number");
        assertThat(problems(write("x.csv", "1,5 2,5 x\n3,5 4,5 y"), "")).first().asString().contains("'5 2' is not", "separator: space");
        assertThat(problems(write("x.tsv", "1 2\tx\n3 4\ty"), "")).first().asString()
                .endsWith("'3 4' is not a finite number; columns stand between tabs here, separator: space changes that");
        assertThat(problems(write("x.csv", "1,2,x\n3,4,y,\n"), "")).singleElement().asString().contains("it ends with a separator");
        assertThat(problems(write("x.csv", "1,x\n2,y"), ", separator: ab")).singleElement().asString()
                .contains("'ab' cannot separate columns");
    }

    @Test
    void targets_are_real_values_of_some_columns() {
        Path file = write("x.csv", "x,y,z\n" + IntStream.range(0, 20).mapToObj(i -> i + "," + 3 * i + "," + -i / 2.0)
                .collect(Collectors.joining("\n")));
        Dataset data = Dataset.csv(file).targetColumns("z", 2).normalize("none").train(12).test(5);
        assertThat(data.hasClasses()).isFalse();
        assertThat(data.classCount()).isEqualTo(2);
        assertThat(data.classNames()).containsExactly("z", "y");
        assertThat(data.shape()).hasToString("1");
        assertThat(data.toMap()).containsEntry("targets", java.util.Map.of("columns", List.of("z", 2))).doesNotContainKey("classes");
        for (Split split : List.of(data.train(), data.test())) {
            assertThat(split.labels()).isEmpty();
            for (int i = 0; i < split.count(); i++) {
                double x = split.inputs().row(i)[0];
                assertThat(split.targets()[i]).containsExactly(0 - x / 2, 3 * x);
            }
        }
        assertThat(data.train().accuracy(data.train().targets())).isNaN();
        assertThat(data.toString()).contains("12 training and 5 test inputs", "targets z, y");
        assertThat(data.seed(1).train().indices()).isNotEqualTo(data.train().indices());
        assertThat(problems(file, ", targets: {columns: [w]}")).singleElement().asString().contains("the header has no column 'w'");
        assertThat(problems(file, ", targets: {columns: [y]}, classes: [1, 2]")).singleElement().asString()
                .contains("the targets are real values");
        assertThat(problems(file, ", targets: {columns: [y]}, columns: {label: x}")).singleElement().asString()
                .contains("there is a column of labels as well");
        assertThat(problems(write("t.csv", "1,a\n2,b"), ", targets: {columns: [2]}")).first().asString()
                .contains("t.csv:1:2: 'a' is not a finite number");
    }

    @Test
    void a_matrix_of_numpy_is_a_table() {
        Path file = folder.resolve("x.npy");
        Npy.write(file, new double[] {1, 2, 0.25, 3, 4, 0.5, 5, 6, 0.75, 7, 8, 1}, 4, 3);
        Dataset data = Dataset.csv(file).targetColumns(3).normalize("none").train(3).test(1);
        Split train = data.train();
        assertThat(train.targets()[0]).containsExactly((train.inputs().row(0)[0] + 1) / 8);
        Npy.write(file, new double[] {1, 2, 0, 3, 4, 1, 5, 6, 0, 7, 8, 1}, 4, 3);
        assertThat(Dataset.csv(file).classNames()).containsExactly("0", "1");
        Npy.write(file, new double[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 2);
        assertThat(problems(file, "")).singleElement().asString().contains("an array of [2, 2, 2] is no table");
    }
}
